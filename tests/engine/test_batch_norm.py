"""Batch norm forward against torch's numbers, the plain formulas, the lecture, and its own laws."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.batch_norm import batch_norm

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "batch_norm.json").read_text())
BOTH = [pytest.param(np.float32, id="float32"), pytest.param(np.float64, id="float64")]
SHAPES = st.lists(st.integers(1, 5), min_size=1, max_size=3).map(lambda rest: (7, *rest))


def column(values, x):
    """Give one number a channel the axes of x."""
    return np.asarray(values).reshape(-1, *[1] * (x.ndim - 2))


def reference(x, gamma, beta, eps=1e-5):
    """The four lines of the algorithm, in the longest floats there are."""
    axes = (0, *range(2, x.ndim))
    x = x.astype(np.longdouble)
    mean = x.mean(axis=axes)
    var = ((x - column(mean, x)) ** 2).mean(axis=axes)
    x_hat = (x - column(mean, x)) / np.sqrt(column(var, x) + eps)
    return {
        "mean": mean,
        "var": var,
        "x_hat": x_hat,
        "y": column(gamma, x) * x_hat + column(beta, x),
    }


def assert_close(forward, expected, **tolerance):
    for name, values in expected.items():
        np.testing.assert_allclose(getattr(forward, name), values, err_msg=name, **tolerance)


def batch(rng, shape, dtype=np.float64):
    """A random batch, its gamma and its beta."""
    return tuple(rng.normal(size=s).astype(dtype) for s in (shape, shape[1], shape[1]))


@settings(deadline=None, max_examples=60)
@given(shape=SHAPES, eps=st.floats(1e-8, 2), seed=st.integers(0, 2**32 - 1))
def test_any_batch_follows_the_four_lines_of_the_algorithm(shape, eps, seed):
    x, gamma, beta = batch(np.random.default_rng(seed), shape)

    forward = batch_norm(x, gamma, beta, eps=eps)

    assert_close(forward, reference(x, gamma, beta, eps), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("case", [pytest.param(c, id=c["id"]) for c in GOLDEN])
def test_training_gives_what_torch_gives(case):
    x, gamma, beta = (np.array(case[name]) for name in ("x", "gamma", "beta"))

    forward = batch_norm(x, gamma, beta, eps=case["eps"])

    expected = {name: case[name] for name in ("y", "mean", "var", "x_hat")}
    assert_close(forward, expected, rtol=1e-12, atol=1e-13)


def test_numbers_of_the_lecture():
    x = np.array([[1.0], [2.0], [4.0], [7.0]])

    forward = batch_norm(x, np.array([2.0]), np.array([10.0]))

    assert (forward.mean[0], forward.var[0]) == (3.5, 5.25)
    np.testing.assert_allclose(
        forward.x_hat[:, 0], [-1.09109, -0.65465, 0.21822, 1.52752], rtol=0, atol=5e-6
    )
    np.testing.assert_allclose(forward.y, 2 * forward.x_hat + 10, rtol=1e-15)


def test_eps_stands_inside_the_root():
    x, one = np.array([[-1.0], [1.0]]), np.array([1.0])

    # The variance is 1, so the root is that of 4.
    np.testing.assert_array_equal(batch_norm(x, one, 0 * one, eps=3).y, [[-0.5], [0.5]])


def test_two_values_become_minus_and_plus_one_whatever_they_are():
    x, one = np.array([[1.0, 5.0], [3.0, -700.0]]), np.array([1.0, 1.0])

    x_hat = batch_norm(x, one, one).x_hat

    np.testing.assert_allclose(x_hat, [[-1, 1], [1, -1]], rtol=0, atol=1e-5)
    assert x_hat[1, 0] == pytest.approx(0.999995, abs=1e-8)


def test_output_has_mean_beta_and_deviation_gamma(rng):
    x, gamma, beta = batch(rng, (5, 3, 7, 11))

    y = batch_norm(x, gamma, beta, eps=1e-12).y

    np.testing.assert_allclose(y.mean(axis=(0, 2, 3)), beta, rtol=1e-12)
    np.testing.assert_allclose(y.std(axis=(0, 2, 3)), abs(gamma), rtol=1e-10)


def test_scaling_and_shifting_the_input_changes_nothing_but_the_sign(rng):
    x, gamma, beta = batch(rng, (7, 3, 5))
    scale, shift = np.array([2.0, -3.0, 0.5]), np.array([10.0, -20.0, 1e3])

    # With eps well below the variance; a larger one would be felt.
    moved = batch_norm(column(scale, x) * x + column(shift, x), gamma, beta, eps=1e-14).x_hat

    still = batch_norm(x, gamma, beta, eps=1e-14).x_hat
    np.testing.assert_allclose(moved, column(np.sign(scale), x) * still, rtol=1e-9, atol=1e-11)


def test_gamma_and_beta_can_undo_the_normalisation(rng):
    x, gamma, beta = batch(rng, (7, 3, 5))
    forward = batch_norm(x, gamma, beta, eps=0.25)

    undone = batch_norm(x, np.sqrt(forward.var + 0.25), forward.mean, eps=0.25).y

    np.testing.assert_allclose(undone, x, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("dtype", BOTH)
@pytest.mark.parametrize("shape", [(13, 3), (5, 3, 7), (1, 3, 97, 101)])
def test_constant_channels_become_beta(rng, shape, dtype):
    _, gamma, beta = batch(rng, shape, dtype)
    x = np.broadcast_to(column(np.array([0.1, -1e5, 3e7], dtype), np.empty(shape)), shape)

    forward = batch_norm(x, gamma, beta)

    np.testing.assert_array_equal(forward.y, np.broadcast_to(column(beta, x), shape))
    np.testing.assert_array_equal(forward.var, 0)


@pytest.mark.parametrize("dtype", BOTH)
@pytest.mark.parametrize("shape", [(1, 3), (1, 3, 1), (1, 3, 1, 1)])
def test_single_value_a_channel_becomes_beta(rng, shape, dtype):
    x, gamma, beta = batch(rng, shape, dtype)

    forward = batch_norm(x, gamma, beta)

    np.testing.assert_array_equal(forward.y.ravel(), beta)
    np.testing.assert_array_equal(forward.mean, x.ravel())


def test_channels_do_not_feel_each_other(rng):
    x, gamma, beta = batch(rng, (5, 3, 7))
    changed = x.copy()
    changed[:, 1] *= 9

    before, after = (batch_norm(v, gamma, beta).y for v in (x, changed))

    np.testing.assert_array_equal(before[:, ::2], after[:, ::2])
    assert (before[:, 1] != after[:, 1]).any()


def test_every_value_of_a_channel_feels_every_other(rng):
    x, gamma, beta = batch(rng, (3, 1, 2, 5))
    changed = x.copy()
    changed[2, 0, 1, 4] += 1

    assert (batch_norm(x, gamma, beta).y != batch_norm(changed, gamma, beta).y).all()


@pytest.mark.parametrize("dtype", BOTH)
@pytest.mark.parametrize(
    "shape",
    [
        pytest.param((70_001, 1), id="one feature of many samples"),
        pytest.param((37, 3_001), id="many features"),
        pytest.param((3, 2, 20_011), id="rows longer than a tile"),
        pytest.param((7, 11, 59, 61), id="several channels a tile"),
        pytest.param((301, 5, 7, 9), id="several images a tile"),
    ],
)
def test_large_batches_are_computed_in_tiles_without_a_seam(rng, shape, dtype):
    x, gamma, beta = batch(rng, shape, dtype)
    x += np.linspace(0, 5, shape[0], dtype=dtype).reshape(-1, *[1] * (x.ndim - 1))

    forward = batch_norm(x, gamma, beta)

    tolerance = 1e-6 if dtype is np.float32 else 1e-12
    assert_close(forward, reference(x, gamma, beta), rtol=tolerance, atol=tolerance)


@settings(deadline=None, max_examples=40)
@given(shape=SHAPES, seed=st.integers(0, 2**32 - 1))
def test_float32_stays_float32_and_close_to_float64(shape, seed):
    x, gamma, beta = batch(np.random.default_rng(seed), shape, np.float32)

    forward = batch_norm(x, gamma, beta)

    assert {forward.y.dtype, forward.mean.dtype, forward.var.dtype} == {np.dtype(np.float32)}
    assert forward.x_hat.dtype == np.float32
    assert_close(forward, reference(x, gamma, beta), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("shape", [(256, 3), (2, 3, 1_009), (7, 3, 31, 29)])
def test_float32_far_from_zero_is_as_exact_as_near_it(rng, shape):
    x, gamma, beta = batch(rng, shape, np.float32)
    x += 1e4

    forward = batch_norm(x, gamma, beta)

    # Statistics that are rounded to float32 on the way are off by 4e-3.
    assert_close(forward, reference(x, gamma, beta), rtol=1e-6, atol=1e-6)


def test_float64_a_hundred_million_deviations_from_zero_keeps_its_digits(rng):
    x, gamma, beta = batch(rng, (7, 3, 101))
    x += 1e8

    # An input of 1e8 is itself rounded to 1.5e-8.
    assert_close(batch_norm(x, gamma, beta), reference(x, gamma, beta), rtol=1e-7, atol=1e-7)


def test_float32_numbers_whose_squares_overflow_are_normalised(rng):
    x, gamma, beta = batch(rng, (3, 2, 5, 7))

    y = batch_norm(*(a.astype(np.float32) for a in (1e17 * x, gamma, beta))).y

    np.testing.assert_allclose(y, batch_norm(x, gamma, beta, eps=1e-30).y, rtol=1e-5, atol=1e-6)


def test_an_outlier_at_the_very_start_does_no_harm(rng):
    x, gamma, beta = batch(rng, (3, 2, 47, 53), np.float32)
    x[0, :, 0, 0] = 1e5

    assert_close(batch_norm(x, gamma, beta), reference(x, gamma, beta), rtol=1e-5, atol=1e-6)


def test_nan_stays_in_its_channel(rng):
    x, gamma, beta = batch(rng, (5, 3))
    x[2, 1] = np.nan

    y = batch_norm(x, gamma, beta).y

    assert np.isnan(y[:, 1]).all()
    assert np.isfinite(y[:, ::2]).all()


@pytest.mark.parametrize(
    "arrange",
    [
        pytest.param(lambda a: np.asfortranarray(a), id="column-major"),
        pytest.param(lambda a: np.repeat(a, 2, axis=-1)[..., ::2], id="every second cell"),
        pytest.param(lambda a: a[..., ::-1].copy()[..., ::-1], id="negative strides"),
        pytest.param(lambda a: a.astype(a.dtype.newbyteorder()), id="other byte order"),
    ],
)
@pytest.mark.parametrize("shape", [(7, 5), (3, 5, 7), (2, 3, 5, 7)])
def test_memory_layout_does_not_matter(rng, arrange, shape):
    arrays = batch(rng, shape)

    forward = batch_norm(*map(arrange, arrays))

    expected = batch_norm(*arrays)
    np.testing.assert_array_equal(forward.y, expected.y)
    np.testing.assert_array_equal(forward.x_hat, expected.x_hat)
    assert forward.y.dtype.isnative
    assert forward.y.flags.c_contiguous


def test_read_only_arguments_are_accepted_and_stay_as_they_were(rng):
    arrays = batch(rng, (2, 3, 5, 7))
    before = [array.tobytes() for array in arrays]
    for array in arrays:
        array.flags.writeable = False

    forward = batch_norm(*arrays)

    assert [array.tobytes() for array in arrays] == before
    results = [forward.y, forward.mean, forward.var, forward.x_hat, forward.gamma]
    assert all(result.flags.writeable for result in results)
    assert not any(np.shares_memory(a, result) for a in arrays for result in results)


def test_normalised_input_is_computed_once_and_kept(rng):
    forward = batch_norm(*batch(rng, (5, 3)))

    assert forward.x_hat is forward.x_hat


def test_settings_of_numpy_are_as_they_were_before(rng):
    batch_norm(*batch(rng, (2, 3, 31, 29)))

    assert np.getbufsize() == 8192
