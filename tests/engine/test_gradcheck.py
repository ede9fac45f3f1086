"""The gradient checker: right about right gradients, wrong ones, and places without any."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from engine import ParameterError, ShapeError, conv2d
from engine.conv2d_backward import conv2d_backward
from engine.gradcheck import gradcheck

SEEDS = st.integers(0, 2**32 - 1)


def softplus(z):
    return np.logaddexp(0, z)


def net(rng, activation, slope, *, whole=False, bend=1.0):
    """Make a random net of one hidden layer: its loss, its gradient and a point."""
    hidden, out = rng.normal(size=(4, 5)), rng.normal(size=4)
    x = rng.integers(-3, 4, size=5).astype(float) if whole else rng.normal(size=5)

    def loss(x):
        return float(out @ activation(bend * hidden @ x))

    def gradient(x):
        return bend * hidden.T @ (out * slope(bend * hidden @ x))

    return loss, gradient, x


@settings(deadline=None, max_examples=60)
@given(
    seed=SEEDS,
    smooth=st.sampled_from([(softplus, expit), (np.sin, np.cos), (np.square, lambda z: 2 * z)]),
    bend=st.sampled_from([1e-3, 1.0, 30.0, 1e3, 1e5]),
    whole=st.booleans(),
)
def test_smooth_nets_agree_and_have_no_kink_however_strongly_they_bend(seed, smooth, bend, whole):
    loss, gradient, x = net(np.random.default_rng(seed), *smooth, bend=bend, whole=whole)

    check = gradcheck(loss, gradient, x)

    assert check.differentiable
    assert check.relative_error < 1e-5  # at 1e5 the sine turns within ten steps


@settings(deadline=None, max_examples=40)
@given(seed=SEEDS, scale=st.sampled_from([1e-150, 1e-9, 1e-3, 1.0, 1e4, 1e12]))
def test_numbers_of_any_size_are_compared_alike(seed, scale):
    rng = np.random.default_rng(seed)
    x, weight = scale * rng.normal(size=(2, 3)), rng.normal(size=(3, 4))
    g = rng.normal(size=(2, 4))

    check = gradcheck(lambda x: (g * (x @ weight) ** 2).sum(), 2 * (g * (x @ weight)) @ weight.T, x)

    assert check.differentiable
    assert check.relative_error < 5e-6


@settings(deadline=None, max_examples=40)
@given(seed=SEEDS)
def test_polynomials_agree(seed):
    rng = np.random.default_rng(seed)
    x, coefficients = rng.normal(size=7), rng.normal(size=6)
    polynomial = np.polynomial.Polynomial(coefficients)

    check = gradcheck(lambda x: polynomial(x).sum(), polynomial.deriv(), x)

    assert check.differentiable
    assert check.relative_error < 1e-7


@settings(deadline=None, max_examples=40)
@given(seed=SEEDS, offset=st.sampled_from([0.0, 1.0, 1000.0]))
def test_relu_has_a_kink_exactly_where_a_sum_is_zero(seed, offset):
    rng = np.random.default_rng(seed)
    x, hidden = rng.integers(-2, 3, size=5) + 0.0, rng.integers(-2, 3, size=(4, 5)) + 0.0
    out = rng.choice([-1, 1], size=4) * rng.uniform(0.1, 1, size=4) * [1, 1.01, 1.02, 1.03]

    check = gradcheck(
        lambda x: out @ np.maximum(hidden @ x, 0) + offset, hidden.T @ (out * (hidden @ x > 0)), x
    )

    expected = (hidden[hidden @ x == 0] != 0).any(axis=0)
    np.testing.assert_array_equal(check.kinks, expected)
    assert check.relative_error < 1e-6


@pytest.mark.parametrize(
    ("fn", "x", "kinks"),
    [
        pytest.param(np.abs, [0.0, 1.0, -2.0], [True, False, False], id="the tip of |x|"),
        pytest.param(lambda x: x.max(), [3.0, 1.0, 3.0], [True, False, True], id="a tie"),
        pytest.param(lambda x: x.max(), [3.0, 1.0, 2.0], [False] * 3, id="no tie"),
        pytest.param(lambda x: np.maximum(x, 0) ** 2, [0.0, 1.0], [False] * 2, id="a smooth start"),
        pytest.param(
            lambda x: 1e4 * x**2 + np.abs(x), [0.0, 1.0], [True, False], id="a kink in a bend"
        ),
        pytest.param(
            lambda x: 1000 * x + 0.01 * np.abs(x), [0.0], [True], id="a small kink in a steep slope"
        ),
        pytest.param(lambda x: 1e6 * x**2 - 1e9 * x**4, [0.0, 1e-3], [False] * 2, id="a bend only"),
    ],
)
def test_kinks_are_told_from_bends(fn, x, kinks):
    check = gradcheck(lambda x: fn(x).sum(), np.zeros(len(x)), np.array(x))

    assert check.kinks.tolist() == kinks
    assert check.differentiable is not any(kinks)


@pytest.mark.parametrize("distance", [1e-3, 2e-6, 1e-6, 2e-6 / 3, 5e-7, 3e-7, 1e-7, 1e-8])
def test_a_kink_beside_the_point_is_none_at_the_point(distance):
    x = np.array([distance, -distance])

    check = gradcheck(lambda x: (x * [3, 2] + 5 * np.abs(x)).sum(), np.array([8.0, -3.0]), x)

    assert check.differentiable
    assert check.relative_error < 1e-6


def test_at_a_kink_the_numeric_gradient_is_the_mean_of_both_sides_and_not_compared():
    x = np.array([0.0, 2.0])

    check = gradcheck(lambda x: (6 * np.maximum(x, 0)).sum(), np.array([100.0, 6.0]), x)

    np.testing.assert_allclose(check.numeric, [3, 6], rtol=1e-9)
    assert check.relative_error < 1e-9
    assert not check.differentiable


def test_gradients_of_a_convolution_agree(rng):
    x, weight = rng.integers(-3, 4, size=(2, 3, 5, 4)) + 0.0, rng.normal(size=(2, 3, 3, 2))
    options = {"stride": (2, 1), "padding": 1, "padding_mode": "reflect"}
    g = rng.normal(size=conv2d(x, weight, **options).shape)
    gradients = conv2d_backward(g, x, weight, **options)

    of_input = gradcheck(lambda x: (g * conv2d(x, weight, **options)).sum(), gradients.input, x)
    of_weight = gradcheck(lambda w: (g * conv2d(x, w, **options)).sum(), gradients.weight, weight)

    assert max(of_input.relative_error, of_weight.relative_error) < 1e-7
    assert of_input.differentiable


@pytest.mark.parametrize("fault", [1.0, 1e-2, 1e-4])
def test_relative_error_is_the_largest_difference_by_the_largest_entry(rng, fault):
    x = np.array([4.0, -1.0, 1e-5])
    wrong = 2 * x + np.array([0, 0, fault])

    check = gradcheck(lambda x: (x**2).sum(), wrong, x)

    np.testing.assert_allclose(check.relative_error, fault / 8, rtol=1e-3)


def test_gradient_that_cancels_is_not_blamed_for_rounding(rng):
    x = 1e4 + rng.normal(size=6)

    check = gradcheck(lambda x: ((x - x.mean()) / x.std()).sum(), np.zeros(6), x)

    assert check.relative_error < 1e-5


def test_constant_loss_has_a_gradient_of_zero():
    check = gradcheck(lambda x: 7.0, np.zeros((2, 3)), np.ones((2, 3)))

    assert (check.relative_error, check.differentiable) == (0.0, True)
    assert check.numeric.tolist() == [[0, 0, 0], [0, 0, 0]]


def test_float32_is_worked_in_float64_and_no_argument_is_modified():
    x = np.array([[1.0, 2.0], [3.0, 4.0]], dtype=">f4").T
    x.flags.writeable = False

    def doubled(x):
        x *= 2  # spoiling an argument harms nobody
        return (x**2).sum()

    def gradient(x):
        x *= 8
        return x.astype(np.float32)

    check = gradcheck(doubled, gradient, x)

    assert check.numeric.dtype == check.analytic.dtype == np.float64
    assert check.relative_error < 1e-9
    assert x.tolist() == [[1, 3], [2, 4]]


def test_four_values_an_entry_are_enough_where_the_loss_is_smooth():
    calls = []

    gradcheck(lambda x: calls.append(0) or (x**3).sum(), np.zeros(50), np.linspace(-2, 2, 50))

    assert len(calls) <= 10 + 4 * 50


def test_loss_that_jumps_passes_no_check():
    check = gradcheck(lambda x: np.where(x > 1, x + 1, x).sum(), np.ones(1), np.ones(1))

    assert check.relative_error > 0.9


def test_loss_by_chance_is_refused(rng):
    with pytest.raises(ParameterError, match="for the same x; let it depend on x alone"):
        gradcheck(lambda x: (x * rng.normal(size=2)).sum(), X, X)


def test_numbers_that_underflow_count_as_zero():
    x = np.array([-700.0])

    check = gradcheck(lambda x: np.exp(x).sum(), np.zeros(1), x)

    assert check.numeric[0] > 0
    assert check.relative_error < 1e-9


def test_a_single_number_is_checked_like_any_array():
    check = gradcheck(lambda x: x**3, np.array(12.0), np.array(2.0))

    assert check.kinks.shape == ()
    assert check.relative_error < 1e-9


X = np.array([1.0, 2.0])


FINITE = "choose an x around which every value is finite"
FLOAT = "which is not a float64 number; return the loss as a float"


@pytest.mark.parametrize(
    ("fn", "grad", "x", "sentence"),
    [
        (
            lambda x: x,
            X,
            X,
            "fn: gives an array of shape (2,), but a gradient is that of one number; "
            "add up its entries, e.g. with (fn(x) * grad_output).sum()",
        ),
        (lambda x: x.sum().astype("f4"), X, X, f"fn: gives np.float32(3.0), {FLOAT}"),
        (lambda x: None, X, X, f"fn: gives None, {FLOAT}"),
        (lambda x: np.nan, X, X, f"fn: gives nan at x or close to it; {FINITE}"),
        (
            lambda x: np.inf if x[1] > 2 else 1.0,
            X,
            X,
            f"fn: gives inf at x or close to it; {FINITE}",
        ),
        (
            np.sum,
            X[:1],
            X,
            "grad: shape (1,) is not the shape (2,) of x; use one number for each entry of x",
        ),
        (np.sum, lambda x: x * np.nan, X, "grad: holds nan or infinity; use finite numbers"),
        (np.sum, X, X + np.inf, "x: holds nan or infinity; use finite numbers"),
        (
            np.sum,
            X,
            np.array([1, 2]),
            "x: numbers of type int64 are not accepted, only float32 and float64; "
            "convert them with x.astype(np.float64)",
        ),
    ],
)
def test_what_has_no_gradient_to_check_is_refused(fn, grad, x, sentence):
    with pytest.raises((ShapeError, ParameterError)) as refusal:
        gradcheck(fn, grad, x)

    assert str(refusal.value) == sentence
    assert refusal.value.parameter == sentence.partition(":")[0]


@pytest.mark.parametrize(
    ("step", "fault"),
    [
        (0, "0 is out of range, it must be at least 1e-10 and finite"),
        (-1e-6, "-1e-06 is out of range, it must be at least 1e-10 and finite"),
        (np.nan, "nan is out of range, it must be at least 1e-10 and finite"),
        ("1e-6", "'1e-6' is not a number"),
    ],
)
def test_step_is_a_small_positive_number(step, fault):
    with pytest.raises(ParameterError) as refusal:
        gradcheck(np.sum, X, X, step=step)

    assert str(refusal.value) == f"step: {fault}; use a small one, such as 1e-6"
