"""Gradients of batch norm against torch, differences, the lecture, and the laws they obey."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.batch_norm import batch_norm
from engine.batch_norm_backward import batch_norm_backward

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "batch_norm.json").read_text())
BOTH = [pytest.param(np.float32, id="float32"), pytest.param(np.float64, id="float64")]
SHAPES = st.lists(st.integers(1, 4), min_size=1, max_size=3).map(lambda rest: (5, *rest))
NODES = ("x", "gamma", "beta", "x_hat", "var", "mean")


def column(values, x):
    """Give one number a channel the axes of x."""
    return np.asarray(values).reshape(-1, *[1] * (x.ndim - 2))


def over_channels(values):
    return values.sum(axis=(0, *range(2, values.ndim)))


def batch(rng, shape, dtype=np.float64):
    """A random batch, its gamma, its beta, and a gradient from behind."""
    sizes = (shape, shape[1], shape[1], shape)
    return tuple(rng.normal(size=size).astype(dtype) for size in sizes)


def numeric_gradient(fn, values, grad_output, step=1e-5):
    """The slope of ``sum(fn(values) * grad_output)`` in each direction, by central differences."""
    gradient = np.empty_like(values)
    for index in np.ndindex(values.shape):
        ahead, behind = values.copy(), values.copy()
        ahead[index] += step
        behind[index] -= step
        gradient[index] = ((fn(ahead) - fn(behind)) * grad_output).sum() / (2 * step)
    return gradient


@settings(deadline=None, max_examples=40)
@given(shape=SHAPES, eps=st.floats(0.01, 2), seed=st.integers(0, 2**32 - 1))
def test_gradients_of_the_arguments_match_differences(shape, eps, seed):
    x, gamma, beta, dy = batch(np.random.default_rng(seed), shape)

    gradients = batch_norm_backward(dy, batch_norm(x, gamma, beta, eps=eps))

    numeric = {
        "x": numeric_gradient(lambda v: batch_norm(v, gamma, beta, eps=eps).y, x, dy),
        "gamma": numeric_gradient(lambda v: batch_norm(x, v, beta, eps=eps).y, gamma, dy),
        "beta": numeric_gradient(lambda v: batch_norm(x, gamma, v, eps=eps).y, beta, dy),
    }
    for name, expected in numeric.items():
        np.testing.assert_allclose(getattr(gradients, name), expected, rtol=1e-5, atol=1e-6)


def test_gradients_of_the_nodes_between_match_differences(rng):
    x, gamma, beta, dy = batch(rng, (5, 3, 2))
    forward = batch_norm(x, gamma, beta, eps=0.1)

    gradients = batch_norm_backward(dy, forward)

    def from_statistics(mean, var):
        x_hat = (x - column(mean, x)) / np.sqrt(column(var, x) + 0.1)
        return column(gamma, x) * x_hat + column(beta, x)

    def from_mean(mean):
        return from_statistics(mean, ((x - column(mean, x)) ** 2).mean(axis=(0, 2)))

    numeric = {
        "x_hat": numeric_gradient(
            lambda v: column(gamma, x) * v + column(beta, x), forward.x_hat, dy
        ),
        "var": numeric_gradient(lambda v: from_statistics(forward.mean, v), forward.var, dy),
        "mean": numeric_gradient(from_mean, forward.mean, dy),
    }
    for name, expected in numeric.items():
        np.testing.assert_allclose(getattr(gradients, name), expected, rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize("case", [pytest.param(c, id=c["id"]) for c in GOLDEN])
def test_every_gradient_is_that_of_torch(case):
    x, gamma, beta, dy = (np.array(case[n]) for n in ("x", "gamma", "beta", "grad_output"))

    gradients = batch_norm_backward(dy, batch_norm(x, gamma, beta, eps=case["eps"]))

    for name in NODES:
        # A gradient that cancels, of two equal values and a small eps, keeps fewer digits.
        np.testing.assert_allclose(
            getattr(gradients, name), case[f"grad_{name}"], rtol=1e-9, atol=1e-11, err_msg=name
        )


def test_numbers_of_the_lecture():
    x, dy = np.array([[1.0], [2.0], [4.0], [7.0]]), np.array([[0.5], [-0.2], [0.1], [0.3]])

    gradients = batch_norm_backward(dy, batch_norm(x, np.array([1.0]), np.array([0.0])))

    expected = {
        "beta": [0.7],
        "gamma": [0.06547],
        "x_hat": dy,
        "var": [-0.00623],
        "mean": [-0.30550],
        "x": [[0.14963], [-0.15899], [-0.03429], [0.04364]],
    }
    for name, values in expected.items():
        np.testing.assert_allclose(getattr(gradients, name), values, rtol=0, atol=5e-6)


@pytest.mark.parametrize(("dtype", "zero"), [(np.float32, 2e-7), (np.float64, 1e-15)])
def test_second_term_of_the_gradient_of_the_mean_is_zero_but_for_rounding(rng, dtype, zero):
    x, gamma, beta, dy = batch(rng, (7, 3, 5, 2), dtype)
    forward = batch_norm(x, gamma, beta)

    gradients = batch_norm_backward(dy, forward)

    first = -gamma * over_channels(dy) / np.sqrt(forward.var + 1e-5)
    np.testing.assert_allclose(gradients.mean, first, rtol=8 * zero, atol=8 * zero)


def test_a_batch_of_two_leaves_next_to_no_gradient():
    x, dy = np.array([[1.0], [3.0]]), np.array([[0.5], [-0.2]])

    gradients = batch_norm_backward(dy, batch_norm(x, np.array([1.0]), np.array([0.0])))

    # Two values always become -1 and +1: only eps lets anything through.
    np.testing.assert_allclose(gradients.x, [[3.5e-6], [-3.5e-6]], rtol=1e-4)


@pytest.mark.parametrize("dtype", BOTH)
@pytest.mark.parametrize("shape", [(1, 3), (1, 3, 1), (1, 3, 1, 1)])
def test_single_value_a_channel_leaves_no_gradient_at_all(rng, shape, dtype):
    x, gamma, beta, dy = batch(rng, shape, dtype)

    gradients = batch_norm_backward(dy, batch_norm(x, gamma, beta))

    np.testing.assert_array_equal(gradients.x, np.zeros(shape))
    np.testing.assert_array_equal(gradients.gamma, 0)
    np.testing.assert_array_equal(gradients.beta, dy.ravel())


def test_constant_channel_passes_on_what_differs_from_the_mean_gradient(rng):
    _, gamma, beta, dy = batch(rng, (7, 3))

    gradients = batch_norm_backward(dy, batch_norm(np.full((7, 3), 0.1), gamma, beta, eps=0.25))

    np.testing.assert_allclose(gradients.x, gamma * (dy - dy.mean(axis=0)) / 0.5, rtol=1e-12)
    np.testing.assert_array_equal(gradients.gamma, 0)


@settings(deadline=None, max_examples=40)
@given(shape=SHAPES, eps=st.floats(1e-5, 2), seed=st.integers(0, 2**32 - 1))
def test_gradient_of_the_input_has_no_mean_and_all_but_none_along_x_hat(shape, eps, seed):
    x, gamma, beta, dy = batch(np.random.default_rng(seed), shape)
    forward = batch_norm(x, gamma, beta, eps=eps)

    gradients = batch_norm_backward(dy, forward)

    np.testing.assert_allclose(over_channels(gradients.x), 0, atol=1e-11)
    # A longer x is the same x_hat, were it not for eps.
    along = gradients.gamma * gamma * eps / (forward.var + eps) ** 1.5
    np.testing.assert_allclose(
        over_channels(gradients.x * forward.x_hat), along, rtol=1e-7, atol=1e-10
    )


def test_adding_the_same_to_the_whole_upstream_gradient_changes_only_that_of_beta(rng):
    x, gamma, beta, dy = batch(rng, (7, 3, 5))
    forward = batch_norm(x, gamma, beta)

    still, moved = (batch_norm_backward(g, forward) for g in (dy, dy + 2))

    np.testing.assert_allclose(moved.x, still.x, rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(moved.gamma, still.gamma, rtol=1e-10)
    np.testing.assert_allclose(moved.beta, still.beta + 2 * 35, rtol=1e-12)


def test_gradients_are_linear_in_the_upstream_gradient(rng):
    x, gamma, beta, a = batch(rng, (7, 3, 5))
    b, forward = rng.normal(size=x.shape), batch_norm(x, gamma, beta)

    both, first, second = (batch_norm_backward(g, forward) for g in (2 * a - b, a, b))

    np.testing.assert_allclose(both.x, 2 * first.x - second.x, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(both.var, 2 * first.var - second.var, rtol=1e-9, atol=1e-12)


def test_channels_do_not_feel_each_other(rng):
    x, gamma, beta, dy = batch(rng, (5, 3, 7))
    forward, changed = batch_norm(x, gamma, beta), dy.copy()
    changed[:, 1] *= 9

    before, after = (batch_norm_backward(g, forward).x for g in (dy, changed))

    np.testing.assert_array_equal(before[:, ::2], after[:, ::2])


def test_without_a_scale_nothing_reaches_the_input_but_gamma_still_learns(rng):
    x, gamma, beta, dy = batch(rng, (7, 3))

    gradients = batch_norm_backward(dy, batch_norm(x, 0 * gamma, beta))

    np.testing.assert_array_equal(gradients.x, 0)
    assert (gradients.gamma != 0).all()


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
@pytest.mark.parametrize(("dtype", "mean"), [(np.float64, 0), (np.float32, 0), (np.float32, 1e4)])
def test_large_batches_follow_the_closed_form_near_zero_and_far_from_it(rng, shape, dtype, mean):
    x, gamma, beta, dy = batch(rng, shape, dtype)
    x += dtype(mean)

    gradients = batch_norm_backward(dy, batch_norm(x, gamma, beta))

    wide = batch_norm(*(a.astype(float) for a in (x, gamma, beta)))
    x_hat, m, g = wide.x_hat, x.size // x.shape[1], dy.astype(float)
    along = column(over_channels(g * x_hat), x) * x_hat
    scale = column(gamma / np.sqrt(wide.var + 1e-5), x)
    expected = scale * (g - column(over_channels(g), x) / m - along / m)
    # The backward pass that starts from a mean in float32 is off by 1e-3 at 1e4.
    tolerance = 1e-12 if dtype is np.float64 else 5e-6
    np.testing.assert_allclose(gradients.x, expected, rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(
        gradients.gamma, over_channels(g * x_hat), rtol=tolerance, atol=tolerance * m**0.5
    )


@pytest.mark.parametrize("dtype", BOTH)
def test_type_is_that_of_the_batch(rng, dtype):
    x, gamma, beta, dy = batch(rng, (5, 3, 7), dtype)

    gradients = batch_norm_backward(dy, batch_norm(x, gamma, beta))

    assert {getattr(gradients, name).dtype for name in NODES} == {np.dtype(dtype)}


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
def test_layout_and_protection_from_writing_do_not_matter(rng, arrange, shape):
    *arrays, dy = batch(rng, shape)
    arranged = [arrange(array) for array in (*arrays, dy)]
    before = [array.tobytes() for array in arranged]
    for array in arranged:
        array.flags.writeable = False

    gradients = batch_norm_backward(arranged[-1], batch_norm(*arranged[:-1]))

    found = [getattr(gradients, name) for name in NODES]
    expected = batch_norm_backward(dy, batch_norm(*arrays))
    assert all((f == getattr(expected, n)).all() for f, n in zip(found, NODES, strict=True))
    assert [array.tobytes() for array in arranged] == before
    assert not any(np.shares_memory(a, f) or not f.flags.writeable for a in arranged for f in found)
