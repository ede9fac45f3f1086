"""The gradients of a convolution against its definition, numeric gradients, torch's numbers."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import conv2d
from engine.conv2d_backward import conv2d_backward
from engine.gradcheck import gradcheck

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "conv2d_backward.json").read_text())
MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}
NAMES = ("input", "weight", "bias")


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def sources(size, taps, options):
    """Number the cell of the input that each padded cell copies, row by row; -1 is none."""
    padding = options["padding"]
    if isinstance(padding, str):
        spans = [d * (f - 1) for d, f in zip(pair(options["dilation"]), taps, strict=True)]
        padding = tuple((s // 2, s - s // 2) if padding == "same" else (0, 0) for s in spans)
    numbers = np.arange(size[0] * size[1]).reshape(size)
    mode = options["padding_mode"]
    fill = {"constant_values": -1} if mode == "zeros" else {}
    return np.pad(numbers, [pair(p) for p in pair(padding)], mode=MODES[mode], **fill)


def reference(grad_output, x, weight, options):
    """The same gradients from the definition: every tap of every window, cell by cell."""
    groups, (sh, sw), (dh, dw) = (
        options["groups"],
        pair(options["stride"]),
        pair(options["dilation"]),
    )
    cells = sources(x.shape[2:], weight.shape[2:], options)
    (images, maps, rows, columns), (_, depth, height, width) = grad_output.shape, weight.shape
    grad = grad_output.reshape(images, groups, maps // groups, rows, columns)
    filters = weight.reshape(groups, maps // groups, depth, height, width)
    # One cell more than the input has: what -1 points at.
    flat = np.zeros((images, groups, depth, x[0, 0].size + 1))
    flat[..., :-1] = x.reshape(images, groups, depth, -1)
    dx, dweight = np.zeros_like(flat), np.zeros_like(filters)
    for u, v in itertools.product(range(height), range(width)):
        seen = cells[dh * u :: sh, dw * v :: sw][:rows, :columns]
        dweight[..., u, v] = np.einsum("ngkij,ngcij->gkc", grad, flat[..., seen])
        sent = np.einsum("ngkij,gkc->ngcij", grad, filters[..., u, v])
        np.add.at(dx, (..., seen), sent)
    return dx[..., :-1].reshape(x.shape), dweight.reshape(weight.shape), grad_output.sum((0, 2, 3))


def with_grad(layer, numbers=None):
    """A random gradient for the output of a layer."""
    y = conv2d(layer.x, layer.weight, **layer.options)
    return (numbers or np.random.default_rng(5)).normal(size=y.shape).astype(y.dtype)


@settings(deadline=None, max_examples=120)
@given(data=st.data())
def test_every_option_agrees_with_the_definition(data, layers):
    layer = data.draw(layers())
    grad_output = with_grad(layer)

    gradients = conv2d_backward(grad_output, layer.x, layer.weight, **layer.options)

    expected = reference(grad_output, layer.x, layer.weight, layer.options)
    for name, values in zip(NAMES, expected, strict=True):
        np.testing.assert_allclose(getattr(gradients, name), values, rtol=1e-9, atol=1e-11)


@settings(deadline=None, max_examples=80)
@given(data=st.data())
def test_gradients_are_the_adjoint_of_the_convolution(data, layers):
    layer = data.draw(layers())
    numbers = np.random.default_rng(7)
    grad = with_grad(layer, numbers)
    x, weight = numbers.normal(size=layer.x.shape), numbers.normal(size=layer.weight.shape)

    gradients = conv2d_backward(grad, layer.x, layer.weight, **layer.options)

    other_input = conv2d(x, layer.weight, **layer.options)
    other_filters = conv2d(layer.x, weight, **layer.options)
    assert (gradients.input * x).sum() == pytest.approx((grad * other_input).sum(), abs=1e-8)
    assert (gradients.weight * weight).sum() == pytest.approx(
        (grad * other_filters).sum(), abs=1e-8
    )


@pytest.mark.parametrize("case", [pytest.param(c, id=c["id"]) for c in GOLDEN])
def test_whole_numbers_give_exactly_what_torch_gives(case):
    arrays = [np.array(case[name], dtype=float) for name in ("grad_output", "x", "weight")]

    gradients = conv2d_backward(*arrays, **case["options"])

    for name in NAMES:
        np.testing.assert_array_equal(getattr(gradients, name), case["gradients"][name])


@pytest.mark.parametrize("mode", list(MODES))
@pytest.mark.parametrize("name", NAMES)
def test_gradients_match_numeric_ones(rng, mode, name):
    arrays = {"input": rng.normal(size=(2, 4, 5, 7)), "weight": rng.normal(size=(6, 2, 2, 3))}
    arrays["bias"] = rng.normal(size=6)
    options = {"stride": (2, 1), "padding": ((1, 0), (2, 3)), "dilation": (1, 2), "groups": 2}
    options["padding_mode"] = mode
    grad = rng.normal(size=conv2d(*arrays.values(), **options).shape)

    gradients = conv2d_backward(grad, arrays["input"], arrays["weight"], **options)

    def loss(array):
        return (conv2d(*(arrays | {name: array}).values(), **options) * grad).sum()

    check = gradcheck(loss, getattr(gradients, name), arrays[name])
    assert check.relative_error < 1e-7


def test_numbers_of_overlapping_windows_can_be_checked_by_hand():
    x = np.array([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]])
    weight = np.array([[[[1.0, 10.0], [0.0, -1.0]]]])

    gradients = conv2d_backward(np.array([[[[2.0, 3.0]]]]), x, weight)

    np.testing.assert_array_equal(gradients.input, [[[[2.0, 23.0, 30.0], [0.0, -2.0, -3.0]]]])
    np.testing.assert_array_equal(gradients.weight, [[[[8.0, 13.0], [23.0, 28.0]]]])
    np.testing.assert_array_equal(gradients.bias, [5.0])


def test_rows_and_columns_that_no_window_reaches_get_no_gradient(rng):
    x, weight = rng.normal(size=(1, 2, 9, 8)), rng.normal(size=(3, 2, 2, 3))

    gradients = conv2d_backward(rng.normal(size=(1, 3, 3, 2)), x, weight, stride=(3, 4))

    visited = np.zeros((9, 8), dtype=bool)
    visited[np.ix_([0, 1, 3, 4, 6, 7], [0, 1, 2, 4, 5, 6])] = True
    np.testing.assert_array_equal(gradients.input[0, 1] != 0, visited)


def test_stride_beyond_the_input_leaves_one_window_to_send_gradients_to(rng):
    x, weight, grad = (rng.normal(size=s) for s in ((1, 2, 5, 7), (3, 2, 2, 4), (1, 3, 1, 1)))

    gradients = conv2d_backward(grad, x, weight, stride=10**30)

    inside = conv2d_backward(grad, x[:, :, :2, :4], weight)
    np.testing.assert_allclose(gradients.input[:, :, :2, :4], inside.input, rtol=1e-12)
    np.testing.assert_allclose(gradients.weight, inside.weight, rtol=1e-12)
    assert gradients.input.nonzero()[2].max() == 1


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        pytest.param("zeros", [3, 4, 5], id="zeros have no source"),
        pytest.param("reflect", [3 + 7, 4 + 2 + 6, 5 + 1], id="mirrored cells"),
        pytest.param("replicate", [3 + 2 + 1, 4, 5 + 6 + 7], id="the edges"),
        pytest.param("circular", [3 + 6, 4 + 1 + 7, 5 + 2], id="the opposite side"),
    ],
)
def test_gradients_of_the_border_add_up_in_the_cells_it_copied(mode, expected):
    upstream = np.arange(1.0, 8.0).reshape(1, 1, 1, 7)

    gradients = conv2d_backward(
        upstream, np.zeros((1, 1, 1, 3)), np.ones((1, 1, 1, 1)), padding=(0, 2), padding_mode=mode
    )

    np.testing.assert_array_equal(gradients.input, [[[expected]]])


def test_corner_of_a_replicated_border_collects_from_all_its_copies():
    upstream = np.arange(1.0, 17.0).reshape(1, 1, 4, 4)

    gradients = conv2d_backward(
        upstream,
        np.zeros((1, 1, 2, 2)),
        np.ones((1, 1, 1, 1)),
        padding=1,
        padding_mode="replicate",
    )

    corner = 1.0 + 2 + 5 + 6
    np.testing.assert_array_equal(
        gradients.input, [[[[corner, corner + 8], [corner + 32, corner + 40]]]]
    )


def test_bias_is_given_even_where_the_layer_had_none(rng):
    grad, x, weight = (rng.normal(size=s) for s in ((2, 3, 4, 5), (2, 1, 6, 7), (3, 1, 3, 3)))

    gradients = conv2d_backward(grad, x, weight)

    np.testing.assert_allclose(gradients.bias, [grad[:, k].sum() for k in range(3)], rtol=1e-12)


def test_gradient_of_the_filters_adds_up_over_the_images(rng):
    grad, x, weight = (rng.normal(size=s) for s in ((3, 5, 4, 2), (3, 2, 6, 7), (5, 2, 3, 6)))

    whole = conv2d_backward(grad, x, weight)

    each = [conv2d_backward(grad[n : n + 1], x[n : n + 1], weight) for n in range(3)]
    np.testing.assert_allclose(whole.weight, sum(one.weight for one in each), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(whole.input, np.concatenate([one.input for one in each]), rtol=1e-9)


def test_gradient_stays_within_the_group_of_its_map(rng):
    x, weight = rng.normal(size=(1, 4, 5, 7)), rng.normal(size=(6, 2, 3, 3))
    grad = np.zeros((1, 6, 3, 5))
    grad[:, 3:] = rng.normal(size=(1, 3, 3, 5))

    gradients = conv2d_backward(grad, x, weight, groups=2)

    assert not gradients.input[:, :2].any()
    assert not gradients.weight[:3].any()
    assert gradients.input[:, 2:].all()


@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_float32_stays_float32_and_close_to_float64(data, layers):
    layer = data.draw(layers(dtype=np.float32))
    arrays = with_grad(layer), layer.x, layer.weight

    narrow = conv2d_backward(*arrays, **layer.options)

    wide = conv2d_backward(*(a.astype(float) for a in arrays), **layer.options)
    for name in NAMES:
        assert getattr(narrow, name).dtype == np.float32
        # Sums of some hundred float32 products of normal numbers.
        np.testing.assert_allclose(getattr(narrow, name), getattr(wide, name), rtol=1e-4, atol=3e-4)


LARGE = [
    pytest.param((2, 3, 61, 47), (5, 3, 11, 7), {"stride": 4}, id="a first layer"),
    pytest.param((2, 16, 29, 31), (8, 16, 3, 3), {"padding": 1}, id="a middle layer"),
    pytest.param((1, 6, 43, 37), (4, 3, 5, 3), {"stride": (2, 3), "groups": 2}, id="groups"),
    pytest.param((2, 12, 23, 41), (12, 1, 3, 3), {"padding": 1, "groups": 12}, id="depthwise"),
    pytest.param((1, 5, 37, 53), (7, 5, 3, 3), {"dilation": (2, 5), "padding": 3}, id="dilated"),
    pytest.param((1, 8, 40, 61), (3, 8, 1, 1), {"stride": 2}, id="one tap, skipping"),
]


@pytest.mark.parametrize(("size", "taps", "options"), LARGE)
def test_large_layers_agree_with_the_definition(rng, size, taps, options):
    x, weight = rng.normal(size=size), rng.normal(size=taps)
    options = {
        "stride": 1,
        "padding": 0,
        "dilation": 1,
        "groups": 1,
        "padding_mode": "zeros",
    } | options
    grad = rng.normal(size=conv2d(x, weight, **options).shape)

    gradients = conv2d_backward(grad, x, weight, **options)

    for name, values in zip(NAMES, reference(grad, x, weight, options), strict=True):
        np.testing.assert_allclose(getattr(gradients, name), values, rtol=1e-9, atol=1e-10)
