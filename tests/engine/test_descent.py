"""Gradient descent: what a literal loop gives, and that it finds the kernel that was hidden."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import conv2d, conv2d_backward, kernels
from engine.descent import descend, safe_rate
from engine.errors import ParameterError, ShapeError
from engine.presets import filter_bank, input_volume

SOBEL = kernels["sobel_x"].taps.astype(np.float64)[None, None]


def by_hand(x, weight, bias, target, rate, steps, options, learn_bias=True):
    """Take the steps literally, with the formula of the lecture."""
    losses, filters = [], []
    for _ in range(steps + 1):
        error = conv2d(x, weight, bias, **options) - target
        losses.append(0.5 * (error * error).sum())
        filters.append(weight)
        slope = conv2d_backward(error, x, weight, **options)
        weight = weight - rate * slope.weight
        if bias is not None and learn_bias:
            bias = bias - rate * slope.bias
    return losses, filters


def curvature(x, shape, bias, options):
    """The largest eigenvalue of the curvature, of the matrix written out number by number."""
    ones = np.eye(int(np.prod(shape))).reshape(-1, *shape)
    columns = [conv2d(x, one, **options).ravel() for one in ones]
    if bias:
        maps = conv2d(x, ones[0], **options)
        columns += [
            np.broadcast_to(one[:, None, None], maps.shape).ravel() for one in np.eye(shape[0])
        ]
    return np.linalg.norm(np.column_stack(columns), 2) ** 2


@settings(deadline=None, max_examples=40)
@given(data=st.data(), learn_bias=st.booleans())
def test_every_step_is_that_of_a_literal_loop(data, layers, learn_bias):
    layer = data.draw(layers())
    y = conv2d(layer.x, layer.weight, layer.bias, **layer.options)
    target = np.cos(np.arange(y.size)).reshape(y.shape)
    rate = min(1.0, safe_rate(layer.x, layer.weight, **layer.options))

    found = descend(
        layer.x, layer.weight, layer.bias, target,
        rate=rate, steps=3, learn_bias=learn_bias, **layer.options,
    )  # fmt: skip

    given_ = (layer.x, layer.weight, layer.bias, target, rate, 3, layer.options, learn_bias)
    losses, filters = by_hand(*given_)
    np.testing.assert_allclose(found.losses, losses, rtol=1e-9)
    np.testing.assert_allclose(found.weight, filters, rtol=1e-9, atol=1e-12)
    assert not found.diverged


@settings(deadline=None, max_examples=40)
@given(data=st.data(), bias=st.booleans())
def test_safe_rate_is_one_over_the_largest_curvature(data, layers, bias):
    layer = data.draw(layers())

    rate = safe_rate(layer.x, layer.weight, learn_bias=bias, **layer.options)

    largest = curvature(layer.x, layer.weight.shape, bias, layer.options)
    # Power iteration comes from below, slowly where two directions are about as steep.
    assert 1 / largest * (1 - 1e-9) <= rate < 1.2 / largest


@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_loss_never_grows_with_the_safe_rate(data, layers):
    layer = data.draw(layers())
    y = conv2d(layer.x, layer.weight, layer.bias, **layer.options)
    rate = min(
        10.0,
        safe_rate(layer.x, layer.weight, learn_bias=layer.bias is not None, **layer.options),
    )

    found = descend(layer.x, layer.weight, layer.bias, 0 * y, rate=rate, steps=20, **layer.options)

    assert all(np.diff(found.losses) <= 1e-9 * found.losses[0])


@pytest.mark.parametrize("preset", ["integers", "random"])
@pytest.mark.parametrize("start", ["zeros", "integers"])
@pytest.mark.parametrize("seed", range(5))
def test_hidden_sobel_is_found_within_200_steps(preset, start, seed):
    x = input_volume(preset, (1, 7, 7), seed)[None]
    weight = np.zeros(SOBEL.shape) if start == "zeros" else filter_bank(start, SOBEL.shape)[0]

    found = descend(x, weight, None, conv2d(x, SOBEL), rate=safe_rate(x, weight), steps=200)

    np.testing.assert_allclose(found.weight[-1], SOBEL, atol=1e-3)
    assert found.losses[-1] < 1e-5


def test_bias_is_learned_beside_the_filter():
    x, bias = input_volume("random", (1, 7, 7), 3)[None], np.array([0.0])
    rate = safe_rate(x, SOBEL, learn_bias=True)

    found = descend(x, 0 * SOBEL, bias, conv2d(x, SOBEL, bias + 2.5), rate=rate, steps=200)

    np.testing.assert_allclose(found.bias[-1], [2.5], atol=1e-3)
    np.testing.assert_allclose(found.weight[-1], SOBEL, atol=1e-3)


def test_bias_that_does_not_learn_stays():
    x = input_volume("random", (1, 5, 5))[None]

    found = descend(
        x, SOBEL, np.array([2.0]), np.ones((1, 1, 3, 3)), rate=0.01, steps=4, learn_bias=False
    )

    np.testing.assert_array_equal(found.bias, np.full((5, 1), 2.0))


def test_rate_that_is_too_large_ends_the_descent_with_finite_numbers():
    x = input_volume("integers", (1, 7, 7))[None]

    found = descend(x, SOBEL, None, np.zeros((1, 1, 5, 5)), rate=1.0, steps=200)

    assert found.diverged
    assert 1 < len(found.losses) == len(found.weight) < 200
    assert max(found.losses) <= 1e12


def test_huge_loss_at_the_start_is_no_divergence():
    x = 1e6 * input_volume("random", (1, 7, 7))[None]
    rate = safe_rate(x, SOBEL)

    found = descend(x, SOBEL, None, np.zeros((1, 1, 5, 5)), rate=rate, steps=3)

    assert found.losses[0] > 1e12
    assert not found.diverged


def test_flat_loss_has_no_largest_rate():
    assert safe_rate(np.zeros((1, 1, 5, 5)), SOBEL) == np.inf


def test_arguments_stay_as_they_are_and_the_type_is_kept():
    x, weight = np.ones((1, 1, 4, 5), np.float32), np.ones((1, 1, 2, 3), np.float32)

    found = descend(x, weight, None, np.zeros((1, 1, 3, 3), np.float32), rate=0.01, steps=2)

    assert found.weight.dtype == np.float32
    assert (weight == 1).all()
    assert found.losses[0] == 0.5 * 9 * 36


@pytest.mark.parametrize(
    ("change", "error", "sentence"),
    [
        pytest.param(
            {"rate": 0},
            ParameterError,
            "rate: 0 is out of range, it must be above 0 and finite; use a small one, such as 0.01",
            id="no rate",
        ),
        pytest.param(
            {"rate": np.nan},
            ParameterError,
            "rate: nan is out of range, it must be above 0 and finite; "
            "use a small one, such as 0.01",
            id="rate that is no number",
        ),
        pytest.param(
            {"rate": "fast"},
            ParameterError,
            "rate: 'fast' is not a number; use a small one, such as 0.01",
            id="rate in words",
        ),
        pytest.param(
            {"target": np.zeros((1, 1, 2, 2))},
            ShapeError,
            "target: shape (1, 1, 2, 2) is not the shape (1, 1, 3, 3) of y; "
            "use one wanted number for each output cell",
            id="target of another shape",
        ),
    ],
)
def test_what_cannot_be_is_refused(change, error, sentence):
    arguments = {"target": np.zeros((1, 1, 3, 3)), "rate": 0.1, "steps": 2} | change

    with pytest.raises(error) as refusal:
        descend(np.zeros((1, 1, 5, 5)), SOBEL, None, **arguments)

    assert str(refusal.value) == sentence


def test_steps_below_0_are_refused():
    x = np.zeros((1, 1, 5, 5))

    with pytest.raises(ParameterError, match="steps: "):
        descend(x, SOBEL, None, np.zeros((1, 1, 3, 3)), rate=0.1, steps=-1)
