"""Batch norm at inference and its running statistics: torch's numbers, and laws."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from engine.batch_norm import batch_norm, batch_norm_inference, update_running_stats

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "batch_norm.json").read_text())
BOTH = [pytest.param(np.float32, id="float32"), pytest.param(np.float64, id="float64")]


def batch(rng, shape, dtype=np.float64):
    """A random batch, its gamma and its beta."""
    return tuple(rng.normal(size=s).astype(dtype) for s in (shape, shape[1], shape[1]))


def statistics(rng, dtype=np.float64):
    """Running mean and variance of three channels."""
    return rng.normal(size=3).astype(dtype), rng.uniform(1, 2, size=3).astype(dtype)


@pytest.mark.parametrize("case", [pytest.param(c, id=c["id"]) for c in GOLDEN])
def test_inference_gives_what_torch_gives(case):
    names = ("x", "gamma", "beta", "running_mean", "running_var")

    y = batch_norm_inference(*(np.array(case[name]) for name in names), eps=case["eps"])

    np.testing.assert_allclose(y, case["inference"], rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("case", [pytest.param(c, id=c["id"]) for c in GOLDEN])
def test_running_statistics_move_as_those_of_torch(case):
    names = ("x", "gamma", "beta", "running_mean", "running_var")
    x, gamma, beta, mean, var = (np.array(case[name]) for name in names)

    updated = update_running_stats(mean, var, batch_norm(x, gamma, beta), momentum=case["momentum"])

    np.testing.assert_allclose(updated[0], case["new_running_mean"], rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(updated[1], case["new_running_var"], rtol=1e-12, atol=1e-13)


def test_inference_by_the_statistics_of_the_batch_is_training(rng):
    x, gamma, beta = batch(rng, (5, 3, 7))
    forward = batch_norm(x, gamma, beta, eps=0.1)

    y = batch_norm_inference(x, gamma, beta, forward.mean, forward.var, eps=0.1)

    np.testing.assert_allclose(y, forward.y, rtol=1e-14)


def test_inference_of_one_image_does_not_depend_on_the_others(rng):
    x, gamma, beta = batch(rng, (5, 3, 7))
    mean, var = statistics(rng)

    together = batch_norm_inference(x, gamma, beta, mean, var)

    alone = batch_norm_inference(x[3:4], gamma, beta, mean, var)
    np.testing.assert_array_equal(together[3:4], alone)


def test_running_statistics_with_momentum_one_are_those_of_the_last_batch(rng):
    x, gamma, beta = batch(rng, (5, 3, 7, 2))
    old = statistics(rng)

    mean, var = update_running_stats(*old, batch_norm(x, gamma, beta), momentum=1)

    np.testing.assert_allclose(mean, x.mean(axis=(0, 2, 3)), rtol=1e-12)
    # Unbiased: divided by m - 1.
    np.testing.assert_allclose(var, x.var(axis=(0, 2, 3), ddof=1), rtol=1e-12)


def test_running_statistics_can_be_checked_by_hand():
    x, one = np.array([[1.0], [3.0]]), np.array([1.0])

    mean, var = update_running_stats(0 * one, one, batch_norm(x, one, one))

    # A tenth of the way from 0 to the mean 2, and from 1 to the unbiased variance 2.
    np.testing.assert_allclose([mean[0], var[0]], [0.2, 1.1], rtol=1e-15)


def test_running_statistics_of_many_batches_approach_those_of_the_population(rng):
    mean, var = np.zeros(2), np.ones(2)
    for _ in range(400):
        x = rng.normal([3.0, -5.0], [2.0, 0.5], size=(32, 2))
        mean, var = update_running_stats(mean, var, batch_norm(x, np.ones(2), np.ones(2)))

    # The average of about 20 batches of 32 samples.
    np.testing.assert_allclose(mean, [3, -5], atol=0.3)
    np.testing.assert_allclose(var, [4, 0.25], rtol=0.2)


@pytest.mark.parametrize("dtype", BOTH)
def test_running_statistics_keep_the_type(rng, dtype):
    x, gamma, beta = batch(rng, (5, 3), dtype)

    mean, var = update_running_stats(beta, gamma**2, batch_norm(x, gamma, beta))

    assert (mean.dtype, var.dtype) == (dtype, dtype)


@pytest.mark.parametrize("dtype", BOTH)
def test_inference_keeps_the_type_and_digits_far_from_zero(rng, dtype):
    x, gamma, beta = batch(rng, (5, 3, 7), dtype)
    mean, var = statistics(rng, dtype)

    y = batch_norm_inference(x + dtype(1e4), gamma, beta, mean + dtype(1e4), var)

    assert y.dtype == dtype
    near = batch_norm_inference(*(a.astype(float) for a in (x, gamma, beta, mean, var)))
    # At 1e4, a float32 input is rounded to 5e-4.
    np.testing.assert_allclose(y, near, rtol=0, atol=5e-3 if dtype is np.float32 else 1e-10)


@pytest.mark.parametrize(
    "arrange",
    [
        pytest.param(lambda a: np.asfortranarray(a), id="column-major"),
        pytest.param(lambda a: np.repeat(a, 2, axis=-1)[..., ::2], id="every second cell"),
        pytest.param(lambda a: a[..., ::-1].copy()[..., ::-1], id="negative strides"),
        pytest.param(lambda a: a.astype(a.dtype.newbyteorder()), id="other byte order"),
    ],
)
def test_memory_layout_and_protection_from_writing_do_not_matter(rng, arrange):
    arrays = (*batch(rng, (2, 3, 5, 7)), *statistics(rng))
    arranged = [arrange(array) for array in arrays]
    before = [array.tobytes() for array in arranged]
    for array in arranged:
        array.flags.writeable = False

    y = batch_norm_inference(*arranged)
    updated = update_running_stats(*arranged[3:], batch_norm(*arranged[:3]), momentum=0.0)

    np.testing.assert_array_equal(y, batch_norm_inference(*arrays))
    np.testing.assert_array_equal(updated, arrays[3:])
    assert [array.tobytes() for array in arranged] == before
    assert not any(np.shares_memory(a, result) for a in arranged for result in (y, *updated))
