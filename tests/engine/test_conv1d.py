"""The convolution of signals and its gradients: NumPy, torch's numbers, and laws."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import conv2d
from engine.conv1d import conv1d, conv1d_backward
from engine.conv2d_backward import conv2d_backward
from engine.gradcheck import gradcheck

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "conv1d.json").read_text())
CASES = [pytest.param(c, id=c["id"]) for c in GOLDEN]
MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}
NAMES = ("input", "weight", "bias")


@st.composite
def signals(draw, layers, **kind):
    """Take one row of a random 2-D layer, and its options for the columns."""
    layer = draw(layers(**kind))
    options = layer.options | {
        name: value[1] if isinstance(value := layer.options[name], tuple) else value
        for name in ("stride", "padding", "dilation")
    }
    if draw(st.booleans()) and not isinstance(options["padding"], str):
        options["padding"] = (options["padding"],)
    return replace(layer, x=layer.x[:, :, 0], weight=layer.weight[:, :, 0], options=options)


def ends_of(padding, taps, dilation):
    """The padding at each end, spelt out independently of the engine."""
    if isinstance(padding, str):
        total = dilation * (taps - 1) if padding == "same" else 0
        return total // 2, total - total // 2
    while isinstance(padding, tuple) and len(padding) == 1:
        padding = padding[0]
    return padding if isinstance(padding, tuple) else (padding, padding)


def reference(x, weight, bias, *, stride, padding, dilation, groups, padding_mode):
    """The same by NumPy: pad, spread the taps, correlate every pair, then skip."""
    ends = ends_of(padding, weight.shape[2], dilation)
    padded = np.pad(x, [(0, 0), (0, 0), ends], mode=MODES[padding_mode])
    spread = np.zeros((*weight.shape[:2], dilation * (weight.shape[2] - 1) + 1))
    spread[:, :, ::dilation] = weight
    depth, filters = weight.shape[1], len(weight) // groups
    maps = [
        [
            sum(
                np.correlate(signal[k // filters * depth + c], taps[c], "valid")[::stride]
                for c in range(depth)
            )
            for k, taps in enumerate(spread)
        ]
        for signal in padded
    ]
    return np.array(maps) + (0 if bias is None else bias[:, None])


def random_grad(layer, numbers):
    shape = conv1d(layer.x, layer.weight, **layer.options).shape
    return numbers.normal(size=shape).astype(layer.x.dtype)


@settings(deadline=None, max_examples=120)
@given(data=st.data())
def test_every_option_agrees_with_numpy(data, layers):
    layer = data.draw(signals(layers))

    y = conv1d(layer.x, layer.weight, layer.bias, **layer.options)

    expected = reference(layer.x, layer.weight, layer.bias, **layer.options)
    np.testing.assert_allclose(y, expected, rtol=1e-9, atol=1e-12)


@settings(deadline=None, max_examples=100)
@given(data=st.data())
def test_gradients_are_the_adjoint_of_the_convolution(data, layers):
    layer = data.draw(signals(layers))
    numbers = np.random.default_rng(7)
    grad = random_grad(layer, numbers)
    x, weight = numbers.normal(size=layer.x.shape), numbers.normal(size=layer.weight.shape)

    gradients = conv1d_backward(grad, layer.x, layer.weight, **layer.options)

    by_input = reference(x, layer.weight, None, **layer.options)
    by_filters = reference(layer.x, weight, None, **layer.options)
    assert (gradients.input * x).sum() == pytest.approx((grad * by_input).sum(), abs=1e-8)
    assert (gradients.weight * weight).sum() == pytest.approx((grad * by_filters).sum(), abs=1e-8)
    np.testing.assert_allclose(gradients.bias, grad.sum((0, 2)), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("case", CASES)
def test_whole_numbers_give_exactly_what_torch_gives(case):
    x, weight, bias = (np.array(case[name], dtype=float) for name in ("x", "weight", "bias"))

    y = conv1d(x, weight, bias, **case["options"])

    np.testing.assert_array_equal(y, case["y"])


@pytest.mark.parametrize("case", CASES)
def test_gradients_of_whole_numbers_are_exactly_those_of_torch(case):
    arrays = [np.array(case[name], dtype=float) for name in ("grad_output", "x", "weight")]

    gradients = conv1d_backward(*arrays, **case["options"])

    for name in NAMES:
        np.testing.assert_array_equal(getattr(gradients, name), case["gradients"][name])


@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_float32_stays_float32_and_close_to_float64(data, layers):
    layer = data.draw(signals(layers, dtype=np.float32))
    arrays = random_grad(layer, np.random.default_rng(3)), layer.x, layer.weight

    y = conv1d(layer.x, layer.weight, **layer.options)
    narrow = conv1d_backward(*arrays, **layer.options)

    wide = conv1d_backward(*(a.astype(float) for a in arrays), **layer.options)
    assert y.dtype == np.float32
    for name in NAMES:
        assert getattr(narrow, name).dtype == np.float32
        # Sums of some dozen float32 products of normal numbers.
        np.testing.assert_allclose(getattr(narrow, name), getattr(wide, name), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("mode", list(MODES))
@pytest.mark.parametrize("name", NAMES)
def test_gradients_match_numeric_ones(rng, mode, name):
    arrays = {"input": rng.normal(size=(2, 4, 7)), "weight": rng.normal(size=(6, 2, 3))}
    arrays["bias"] = rng.normal(size=6)
    options = {"stride": 2, "padding": (3, 1), "dilation": 2, "groups": 2, "padding_mode": mode}
    grad = rng.normal(size=conv1d(*arrays.values(), **options).shape)

    gradients = conv1d_backward(grad, arrays["input"], arrays["weight"], **options)

    def loss(array):
        return (conv1d(*(arrays | {name: array}).values(), **options) * grad).sum()

    check = gradcheck(loss, getattr(gradients, name), arrays[name])
    assert check.relative_error < 1e-7


@pytest.mark.parametrize("mode", list(MODES))
def test_signal_is_a_picture_of_one_row(rng, mode):
    x, weight, bias = rng.normal(size=(2, 3, 11)), rng.normal(size=(5, 3, 4)), rng.normal(size=5)

    y = conv1d(x, weight, bias, stride=2, padding=(1, 3), padding_mode=mode)

    flat = {"stride": (1, 2), "padding": ((0, 0), (1, 3)), "padding_mode": mode}
    as_picture = conv2d(x[:, :, None], weight[:, :, None], bias, **flat)
    np.testing.assert_allclose(y, as_picture[:, :, 0], rtol=1e-12)
    gradients = conv2d_backward(as_picture, x[:, :, None], weight[:, :, None], **flat)
    ours = conv1d_backward(y, x, weight, stride=2, padding=(1, 3), padding_mode=mode)
    np.testing.assert_allclose(ours.input, gradients.input[:, :, 0], rtol=1e-12)
    np.testing.assert_allclose(ours.weight, gradients.weight[:, :, 0], rtol=1e-12)


def test_numbers_of_a_window_can_be_checked_by_hand():
    x, weight = np.array([[[1.0, 2.0, 4.0, 8.0]]]), np.array([[[1.0, 0.0, -1.0]]])

    y = conv1d(x, weight, np.array([10.0]), padding=1)

    np.testing.assert_array_equal(y, [[[10 - 2, 10 + 1 - 4, 10 + 2 - 8, 10 + 4]]])


def test_filter_is_not_turned_unlike_in_mathematical_convolution(rng):
    x, weight = rng.normal(size=(1, 1, 11)), rng.normal(size=(1, 1, 4))

    y = conv1d(x, weight[:, :, ::-1])

    np.testing.assert_allclose(y[0, 0], np.convolve(x[0, 0], weight[0, 0], "valid"), rtol=1e-9)


def test_even_filter_under_same_reaches_further_to_the_right():
    y = conv1d(np.array([[[1.0, 2.0, 4.0, 8.0]]]), np.ones((1, 1, 2)), padding="same")

    np.testing.assert_array_equal(y, [[[3.0, 6.0, 12.0, 8.0]]])


def test_shifting_a_periodic_signal_shifts_the_output(rng):
    x, weight = rng.normal(size=(1, 2, 13)), rng.normal(size=(3, 2, 5))

    shifted = conv1d(np.roll(x, 4, 2), weight, padding="same", padding_mode="circular")

    still = conv1d(x, weight, padding="same", padding_mode="circular")
    np.testing.assert_allclose(shifted, np.roll(still, 4, 2), rtol=1e-9)


def test_cells_that_no_window_reaches_get_no_gradient(rng):
    x, weight = rng.normal(size=(2, 1, 9)), rng.normal(size=(3, 1, 2))

    gradients = conv1d_backward(rng.normal(size=(2, 3, 3)), x, weight, stride=3)

    assert (gradients.input[0, 0] != 0).tolist() == [True, True, False] * 3


def test_long_signals_with_many_channels_are_computed_without_a_seam(rng):
    x, weight = rng.normal(size=(2, 24, 4099)), rng.normal(size=(7, 24, 9))
    grad = rng.normal(size=(2, 7, 4099))
    options = {"stride": 1, "padding": 4, "dilation": 1, "groups": 1, "padding_mode": "zeros"}

    y, gradients = conv1d(x, weight, **options), conv1d_backward(grad, x, weight, **options)

    np.testing.assert_allclose(y, reference(x, weight, None, **options), rtol=1e-9, atol=1e-11)
    turned = weight.transpose(1, 0, 2)[:, :, ::-1]
    expected = reference(grad, turned, None, **options)
    np.testing.assert_allclose(gradients.input, expected, rtol=1e-9, atol=1e-11)
    padded = np.pad(x, ((0, 0), (0, 0), (4, 4)))
    lags = [np.einsum("nki,nci->kc", grad, padded[:, :, u : u + 4099]) for u in range(9)]
    np.testing.assert_allclose(gradients.weight, np.stack(lags, 2), rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize(
    ("forms", "same_as"),
    [
        pytest.param(
            {"stride": (2,), "dilation": [np.int64(3)]},
            {"stride": 2, "dilation": 3},
            id="tuples of one",
        ),
        pytest.param({"padding": (2,)}, {"padding": (2, 2)}, id="one number for both ends"),
        pytest.param({"padding": ((1, 2),)}, {"padding": (1, 2)}, id="a pair for the one axis"),
        pytest.param({"padding": [np.uint8(1), 2]}, {"padding": (1, 2)}, id="NumPy integers"),
        pytest.param({"padding": "valid"}, {}, id="valid"),
        pytest.param({"stride": 10**30}, {"stride": 11}, id="a stride beyond the signal"),
    ],
)
def test_settings_can_be_given_in_several_forms(rng, forms, same_as):
    x, weight = rng.normal(size=(1, 2, 11)), rng.normal(size=(3, 2, 4))

    y = conv1d(x, weight, **forms)

    np.testing.assert_array_equal(y, conv1d(x, weight, **same_as))
    gradients, plain = (conv1d_backward(y, x, weight, **options) for options in (forms, same_as))
    np.testing.assert_array_equal(gradients.input, plain.input)
