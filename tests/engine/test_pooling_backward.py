"""The gradients of pooling against numeric ones, torch's numbers, and laws of the chain rule."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.pooling import avg_pool2d, max_pool2d
from engine.pooling_backward import avg_pool2d_backward, max_pool2d_backward

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "pooling.json").read_text())
BACKWARD = {"max_pool2d": max_pool2d_backward, "avg_pool2d": avg_pool2d_backward}
PAIRS = [
    pytest.param(max_pool2d, max_pool2d_backward, id="max"),
    pytest.param(avg_pool2d, avg_pool2d_backward, id="average"),
]
OPTIONS = [
    pytest.param(2, {}, id="side by side"),
    pytest.param(3, {"stride": 1}, id="overlapping"),
    pytest.param(3, {"stride": 2, "padding": 1}, id="with a border"),
    pytest.param((3, 2), {"stride": (2, 3), "padding": (1, 0)}, id="rows unlike columns"),
    pytest.param(2, {"stride": (3, 4)}, id="cells that no window sees"),
    pytest.param(3, {"stride": 2, "ceil_mode": True}, id="a last window that hangs over"),
    pytest.param(4, {"stride": 3, "padding": 2, "ceil_mode": True}, id="over border and edge"),
]


def numeric_gradient(pool, x, grad_output, step=1e-6):
    """How the sum of all outputs, weighted by the gradient, changes with each cell: central."""
    gradient = np.empty_like(x)
    for place in np.ndindex(x.shape):
        around = []
        for sign in (1, -1):
            moved = x.copy()
            moved[place] += sign * step
            around.append((pool(moved) * grad_output).sum())
        gradient[place] = (around[0] - around[1]) / (2 * step)
    return gradient


@pytest.mark.parametrize(("pool", "backward"), PAIRS)
@pytest.mark.parametrize(("kernel", "options"), OPTIONS)
def test_gradient_is_the_numeric_one(rng, pool, backward, kernel, options):
    x = rng.permutation(2 * 3 * 5 * 7).reshape(2, 3, 5, 7) / 10  # distinct: away from any kink
    grad_output = rng.normal(size=pool(x, kernel, **options).shape)

    grad = backward(grad_output, x, kernel, **options)

    numeric = numeric_gradient(lambda v: pool(v, kernel, **options), x, grad_output)
    np.testing.assert_allclose(grad, numeric, rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize(
    ("pool", "backward", "options"),
    [
        pytest.param(max_pool2d, max_pool2d_backward, {"dilation": (2, 3)}, id="dilation"),
        pytest.param(
            avg_pool2d, avg_pool2d_backward, {"count_include_pad": False}, id="zeros not counted"
        ),
    ],
)
def test_gradient_under_the_options_of_one_pooling_is_the_numeric_one(rng, pool, backward, options):
    options = options | {"stride": 2, "padding": 1, "ceil_mode": True}
    x = rng.permutation(2 * 6 * 8).reshape(1, 2, 6, 8) / 10
    grad_output = rng.normal(size=pool(x, 3, **options).shape)

    grad = backward(grad_output, x, 3, **options)

    numeric = numeric_gradient(lambda v: pool(v, 3, **options), x, grad_output)
    np.testing.assert_allclose(grad, numeric, rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize("case", [pytest.param(c, id=c["id"]) for c in GOLDEN])
def test_whole_numbers_give_exactly_what_torch_gives(case):
    names = ("grad_output", "x", "grad_x")
    grad_output, x, expected = (np.array(case[name], dtype=float) for name in names)

    grad = BACKWARD[case["op"]](grad_output, x, case["kernel_size"], **case["options"])

    np.testing.assert_array_equal(grad, expected)


@pytest.mark.parametrize(("pool", "backward"), PAIRS)
@settings(deadline=None, max_examples=40)
@given(
    kernel=st.integers(2, 5),
    stride=st.none() | st.integers(1, 4),
    padding=st.integers(0, 1),
    ceil_mode=st.booleans(),
    size=st.tuples(st.integers(5, 9), st.integers(5, 8)),
    seed=st.integers(0, 2**32 - 1),
)
def test_input_times_its_gradient_is_output_times_the_upstream_gradient(
    pool, backward, size, kernel, seed, **options
):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(2, 3, *size))
    y = pool(x, kernel, **options)
    grad_output = rng.normal(size=y.shape)

    grad = backward(grad_output, x, kernel, **options)

    # Both poolings double their output when the input doubles (Euler's theorem).
    assert (grad * x).sum() == pytest.approx((grad_output * y).sum(), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    ("x", "winner"),
    [
        pytest.param([[1, 2, 2], [2, 0, 2]], (0, 1), id="the first of equal ones, row by row"),
        pytest.param([[0, 0, 0], [5, 0, 5]], (1, 0), id="the first of its row"),
        pytest.param([[0, 0, 5], [5, 0, 0]], (0, 2), id="an upper right before a lower left"),
        pytest.param([[7, 7, 7], [7, 7, 7]], (0, 0), id="all equal"),
        pytest.param([[-0.0, 0, 0], [0, 0, 0]], (0, 0), id="zeros of either sign are equal"),
        pytest.param([[9, np.nan, 9], [9, 9, 9]], (0, 1), id="NaN"),
        pytest.param([[9, 9, np.nan], [np.nan, 9, 9]], (0, 2), id="the first NaN"),
        pytest.param([[-np.inf] * 3] * 2, (0, 0), id="minus infinity everywhere"),
    ],
)
def test_whole_gradient_goes_to_the_first_largest_cell(x, winner):
    expected = np.zeros((2, 3))
    expected[winner] = -2.5

    grad = max_pool2d_backward(np.full((1, 1, 1, 1), -2.5), np.array([[x]], dtype=float), (2, 3))

    np.testing.assert_array_equal(grad, [[expected]])


def test_cell_that_wins_in_several_windows_adds_up_their_gradients():
    x = np.zeros((1, 1, 3, 3))
    x[0, 0, 1, 1] = 5

    grad = max_pool2d_backward(np.array([[[[1.0, 20.0], [300.0, 4000.0]]]]), x, 2, stride=1)

    np.testing.assert_array_equal(grad, x / 5 * 4321)


def test_among_equal_cells_the_border_never_wins(rng):
    x, grad_output = np.full((1, 1, 4, 4), -1e300), rng.normal(size=(1, 1, 3, 3))

    grad = max_pool2d_backward(grad_output, x, 2, padding=1)

    assert grad.sum() == pytest.approx(grad_output.sum())


def test_infinite_gradient_reaches_the_winner_and_leaves_zeros_elsewhere():
    x, grad_output = np.array([[[[1.0, 3.0, 2.0, 5.0]]]]), np.array([[[[np.inf, np.nan]]]])

    grad = max_pool2d_backward(grad_output, x, (1, 2))

    np.testing.assert_array_equal(grad, [[[[0, np.inf, 0, np.nan]]]])


def test_window_whose_cells_all_lie_in_the_padding_sends_its_gradient_nowhere():
    x, grad_output = np.ones((1, 1, 2, 3)), np.full((1, 1, 1, 3), 7.0)

    grad = max_pool2d_backward(grad_output, x, (2, 1), stride=1, padding=(1, 0), dilation=(3, 1))

    np.testing.assert_array_equal(grad, np.zeros((1, 1, 2, 3)))


def test_average_shares_equally_and_loses_what_falls_on_the_border():
    grad_output = np.array([[[[36.0, 72.0]]]])

    grad = avg_pool2d_backward(grad_output, np.zeros((1, 1, 2, 5)), 3, stride=2, padding=(1, 0))

    np.testing.assert_array_equal(grad, [[[[4, 4, 12, 8, 8]] * 2]])


def test_average_over_the_input_alone_loses_nothing(rng):
    options = {"padding": 1, "ceil_mode": True, "count_include_pad": False}
    x = np.zeros((2, 3, 7, 8))
    grad_output = rng.normal(size=avg_pool2d(x, 3, **options).shape)

    grad = avg_pool2d_backward(grad_output, x, 3, **options)

    np.testing.assert_allclose(grad.sum(axis=(2, 3)), grad_output.sum(axis=(2, 3)), rtol=1e-9)


@pytest.mark.parametrize(("pool", "backward"), PAIRS)
def test_float32_stays_float32_and_close_to_float64(rng, pool, backward):
    x = rng.normal(size=(2, 3, 11, 13)).astype(np.float32)
    options = {"stride": 2, "padding": 1, "ceil_mode": True}
    grad_output = rng.normal(size=pool(x, 3, **options).shape).astype(np.float32)

    grad = backward(grad_output, x, 3, **options)

    assert grad.dtype == np.float32
    wide = backward(grad_output.astype(float), x.astype(float), 3, **options)
    np.testing.assert_allclose(grad, wide, rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize(("pool", "backward"), PAIRS)
@pytest.mark.parametrize(
    "arrange",
    [
        pytest.param(lambda a: np.asfortranarray(a), id="column-major"),
        pytest.param(lambda a: np.repeat(a, 2, axis=-1)[..., ::2], id="every second cell"),
        pytest.param(lambda a: a[..., ::-1].copy()[..., ::-1], id="negative strides"),
        pytest.param(lambda a: a.astype(a.dtype.newbyteorder()), id="other byte order"),
    ],
)
def test_memory_layout_does_not_matter(rng, pool, backward, arrange):
    x = rng.normal(size=(2, 3, 7, 5))
    grad_output = rng.normal(size=pool(x, 3, stride=2, padding=1).shape)

    grad = backward(arrange(grad_output), arrange(x), 3, stride=2, padding=1)

    np.testing.assert_array_equal(grad, backward(grad_output, x, 3, stride=2, padding=1))
    assert grad.dtype.isnative


@pytest.mark.parametrize(("pool", "backward"), PAIRS)
def test_read_only_arguments_stay_as_they_were_and_are_not_handed_out(rng, pool, backward):
    arrays = grad_output, x = rng.normal(size=(2, 1, 2, 5, 7))
    before = [array.tobytes() for array in arrays]
    for array in arrays:
        array.flags.writeable = False

    grad = backward(grad_output, x, 1)

    np.testing.assert_array_equal(grad, grad_output)
    assert [array.tobytes() for array in arrays] == before
    assert grad.flags.writeable
    assert not any(np.shares_memory(grad, array) for array in arrays)
