"""Transposed convolution and its gradients: the definition, SciPy, torch's numbers, and laws."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import convolve2d

from engine import conv2d
from engine.conv_transpose2d import conv_transpose2d, conv_transpose2d_backward
from engine.gradcheck import gradcheck

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "conv_transpose2d.json").read_text())
CASES = [pytest.param(c, id=c["id"]) for c in GOLDEN]
NAMES = ("input", "weight", "bias")
SMALL = st.tuples(st.integers(1, 4), st.integers(1, 3))


@dataclass(frozen=True)
class Stamps:
    """One transposed convolution: arrays, and all options by name."""

    x: Any
    weight: Any
    bias: Any
    options: dict[str, Any]


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


@st.composite
def layers_transposed(draw, dtype=np.float64):
    stride, dilation = (draw(st.integers(1, 3) | SMALL) for _ in range(2))
    size, taps = draw(st.tuples(st.integers(1, 6), st.integers(1, 5))), draw(SMALL)
    most = [max(steps) - 1 for steps in zip(pair(stride), pair(dilation), strict=True)]
    extra = tuple(draw(st.integers(0, m)) for m in most)
    axes = zip(size, pair(stride), pair(dilation), taps, extra, strict=True)
    uncut = [(n - 1) * s + d * (f - 1) + 1 + e for n, s, d, f, e in axes]
    padding = tuple(draw(st.integers(0, min(4, (cells - 1) // 2))) for cells in uncut)
    groups, depth, maps = (draw(st.integers(1, 3)) for _ in range(3))
    numbers = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shapes = [(draw(st.integers(1, 2)), groups * depth, *size), (groups * depth, maps, *taps)]
    x, weight = (numbers.normal(size=shape).astype(dtype) for shape in shapes)
    bias = numbers.normal(size=groups * maps).astype(dtype) if draw(st.booleans()) else None
    options = {"stride": stride, "padding": padding, "output_padding": extra}
    return Stamps(x, weight, bias, options | {"dilation": dilation, "groups": groups})


def reference(x, weight, bias, *, stride, padding, output_padding, dilation, groups):
    """The definition: every input cell stamps its filters onto a canvas, which is then cut."""
    (sh, sw), (dh, dw), (ph, pw), (eh, ew) = map(pair, (stride, dilation, padding, output_padding))
    (images, channels, rows, columns), (_, maps, height, width) = x.shape, weight.shape
    spans = (rows - 1) * sh + dh * (height - 1) + 1, (columns - 1) * sw + dw * (width - 1) + 1
    canvas = np.zeros((images, groups * maps, spans[0] + eh, spans[1] + ew))
    for c, i, j in itertools.product(range(channels), range(rows), range(columns)):
        first = c * groups // channels * maps
        stamp = x[:, c, i, j, None, None, None] * weight[c]
        canvas[
            :,
            first : first + maps,
            i * sh : i * sh + dh * (height - 1) + 1 : dh,
            j * sw : j * sw + dw * (width - 1) + 1 : dw,
        ] += stamp
    y = canvas[:, :, ph : canvas.shape[2] - ph, pw : canvas.shape[3] - pw]
    return y + (0 if bias is None else bias[:, None, None])


@settings(deadline=None, max_examples=150)
@given(layer=layers_transposed())
def test_every_option_agrees_with_the_definition(layer):
    y = conv_transpose2d(layer.x, layer.weight, layer.bias, **layer.options)

    expected = reference(layer.x, layer.weight, layer.bias, **layer.options)
    np.testing.assert_allclose(y, expected, rtol=1e-9, atol=1e-12)


@settings(deadline=None, max_examples=100)
@given(layer=layers_transposed())
def test_gradients_are_the_adjoint_of_the_definition(layer):
    numbers = np.random.default_rng(7)
    grad = numbers.normal(size=conv_transpose2d(layer.x, layer.weight, **layer.options).shape)
    x, weight = numbers.normal(size=layer.x.shape), numbers.normal(size=layer.weight.shape)

    gradients = conv_transpose2d_backward(grad, layer.x, layer.weight, **layer.options)

    by_input = reference(x, layer.weight, None, **layer.options)
    by_filters = reference(layer.x, weight, None, **layer.options)
    assert (gradients.input * x).sum() == pytest.approx((grad * by_input).sum(), abs=1e-8)
    assert (gradients.weight * weight).sum() == pytest.approx((grad * by_filters).sum(), abs=1e-8)
    np.testing.assert_allclose(gradients.bias, grad.sum((0, 2, 3)), rtol=1e-9, atol=1e-11)


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_it_is_the_adjoint_of_the_convolution_that_leads_back(data, layers):
    layer = data.draw(layers())
    options = {name: layer.options[name] for name in ("stride", "dilation", "groups")}
    padding = data.draw(st.tuples(st.integers(0, 3), st.integers(0, 2)))
    maps = conv2d(layer.x, layer.weight, padding=padding, **options)
    back = np.random.default_rng(5).normal(size=maps.shape)
    sizes, steps = (layer.x.shape[2:], layer.weight.shape[2:]), pair(options["stride"])
    axes = zip(*sizes, padding, pair(options["dilation"]), steps, strict=True)
    left_over = tuple((n + 2 * p - d * (f - 1) - 1) % s for n, f, p, d, s in axes)

    y = conv_transpose2d(back, layer.weight, padding=padding, output_padding=left_over, **options)

    assert y.shape == layer.x.shape
    assert (maps * back).sum() == pytest.approx((layer.x * y).sum(), abs=1e-8)


@pytest.mark.parametrize("case", CASES)
def test_whole_numbers_give_exactly_what_torch_gives(case):
    x, weight, bias = (np.array(case[name], dtype=float) for name in ("x", "weight", "bias"))

    y = conv_transpose2d(x, weight, bias, **case["options"])

    np.testing.assert_array_equal(y, case["y"])


@pytest.mark.parametrize("case", CASES)
def test_gradients_of_whole_numbers_are_exactly_those_of_torch(case):
    arrays = [np.array(case[name], dtype=float) for name in ("grad_output", "x", "weight")]

    gradients = conv_transpose2d_backward(*arrays, **case["options"])

    for name in NAMES:
        np.testing.assert_array_equal(getattr(gradients, name), case["gradients"][name])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"stride": (2, 1), "padding": (0, 1), "groups": 2}, id="stride and groups"),
        pytest.param(
            {"stride": (1, 2), "output_padding": (2, 1), "dilation": (3, 1), "groups": 2},
            id="output padding beyond the stride",
        ),
    ],
)
def test_gradients_match_numeric_ones(rng, name, options):
    arrays = {"input": rng.normal(size=(2, 4, 3, 5)), "weight": rng.normal(size=(4, 3, 2, 3))}
    arrays["bias"] = rng.normal(size=6)
    grad = rng.normal(size=conv_transpose2d(*arrays.values(), **options).shape)

    gradients = conv_transpose2d_backward(grad, arrays["input"], arrays["weight"], **options)

    def loss(array):
        return (conv_transpose2d(*(arrays | {name: array}).values(), **options) * grad).sum()

    check = gradcheck(loss, getattr(gradients, name), arrays[name])
    assert check.relative_error < 1e-7


@settings(deadline=None, max_examples=40)
@given(layer=layers_transposed(dtype=np.float32))
def test_float32_stays_float32_and_close_to_float64(layer):
    y = conv_transpose2d(layer.x, layer.weight, layer.bias, **layer.options)
    gradients = conv_transpose2d_backward(y, layer.x, layer.weight, **layer.options)

    # Sums of up to 36 float32 products of normal numbers.
    expected = reference(layer.x, layer.weight, layer.bias, **layer.options)
    np.testing.assert_allclose(y, expected, rtol=1e-4, atol=1e-4)
    kinds = [y.dtype, *(getattr(gradients, name).dtype for name in NAMES)]
    assert kinds == [np.float32] * 4


def test_overlapping_stamps_add_up_and_can_be_checked_by_hand():
    x = np.array([[[[1.0, 2.0], [3.0, 4.0]]]])
    weight = np.array([[[[1.0, 10.0, 100.0]]]])

    y = conv_transpose2d(x, weight, np.array([0.5]), stride=2)

    rows = [[1, 10, 102, 20, 200], [0, 0, 0, 0, 0], [3, 30, 304, 40, 400]]
    np.testing.assert_array_equal(y, [[np.array(rows) + 0.5]])


def test_padding_cuts_what_output_padding_can_save_at_the_end(rng):
    x, weight = rng.normal(size=(1, 2, 3, 4)), rng.normal(size=(2, 3, 5, 4))

    whole = conv_transpose2d(x, weight, stride=(2, 3))
    cut = conv_transpose2d(x, weight, stride=(2, 3), padding=(1, 2), output_padding=(1, 2))

    np.testing.assert_allclose(cut, whole[:, :, 1:, 2:], rtol=1e-12)


def test_output_padding_beyond_the_last_stamp_holds_only_the_bias(rng):
    x, weight, bias = (
        rng.normal(size=(1, 2, 3, 4)),
        rng.normal(size=(2, 3, 2, 2)),
        rng.normal(size=3),
    )

    y = conv_transpose2d(x, weight, bias, stride=3, output_padding=(1, 2))

    assert y.shape == (1, 3, 9, 13)
    np.testing.assert_array_equal(y[0, :, 8], np.repeat(bias[:, None], 13, axis=1))
    np.testing.assert_array_equal(y[0, :, :, 11:], np.tile(bias[:, None, None], (9, 2)))


def test_with_stride_1_it_is_the_full_mathematical_convolution(rng):
    x, weight = rng.normal(size=(1, 1, 7, 5)), rng.normal(size=(1, 1, 3, 4))

    y = conv_transpose2d(x, weight)

    np.testing.assert_allclose(y[0, 0], convolve2d(x[0, 0], weight[0, 0], "full"), rtol=1e-9)


@pytest.mark.parametrize("left_over", [0, 1, 2])
def test_output_padding_says_which_of_several_sizes_to_return_to(rng, left_over):
    x, weight = rng.normal(size=(1, 1, 11 + left_over, 7)), rng.normal(size=(1, 1, 5, 4))

    small = conv2d(x, weight, stride=3)
    back = conv_transpose2d(small, weight, stride=3, output_padding=(left_over, 0))

    assert small.shape == (1, 1, 3, 2)
    assert back.shape == x.shape


def test_single_cell_stamps_its_filter_once_whatever_the_stride(rng):
    x, weight = np.full((1, 1, 1, 1), 2.0), rng.normal(size=(1, 3, 5, 4))

    y = conv_transpose2d(x, weight, stride=10**30)

    np.testing.assert_allclose(y, 2 * weight, rtol=1e-12)


def test_maps_of_a_group_come_from_its_channels_only(rng):
    x, weight = rng.normal(size=(1, 4, 3, 5)), rng.normal(size=(4, 3, 2, 2))
    changed = x.copy()
    changed[:, 2:] += 1

    before, after = (conv_transpose2d(v, weight, groups=2) for v in (x, changed))

    assert before.shape == (1, 6, 4, 6)
    np.testing.assert_array_equal(before[:, :3], after[:, :3])
    assert (before[:, 3:] != after[:, 3:]).all()


@pytest.mark.parametrize(
    ("size", "taps", "options"),
    [
        pytest.param((2, 16, 13, 17), (16, 8, 4, 4), {"stride": 2, "padding": 1}, id="doubling"),
        pytest.param((1, 6, 23, 19), (6, 5, 3, 5), {"stride": (3, 2), "groups": 2}, id="groups"),
        pytest.param((1, 5, 29, 31), (5, 3, 3, 3), {"dilation": 4, "padding": 4}, id="dilated"),
        pytest.param(
            (2, 7, 11, 13), (7, 1, 2, 3), {"stride": 5, "groups": 7}, id="depthwise, with gaps"
        ),
    ],
)
def test_large_layers_agree_with_the_definition(rng, size, taps, options):
    options = {"stride": 1, "padding": 0, "output_padding": 0, "dilation": 1, "groups": 1} | options
    x, weight = rng.normal(size=size), rng.normal(size=taps)

    y = conv_transpose2d(x, weight, **options)

    expected = reference(x, weight, None, **options)
    np.testing.assert_allclose(y, expected, rtol=1e-9, atol=1e-11)
