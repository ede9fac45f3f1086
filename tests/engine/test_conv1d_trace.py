"""The explained convolution of signals: it replays to the fast one, and is 2-D with one row."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import ParameterError, ShapeError, trace_conv2d
from engine.conv1d import conv1d, conv1d_backward
from engine.conv1d_trace import trace_conv1d, trace_conv1d_backward
from engine.conv2d_backward_trace import trace_conv2d_backward

READINGS = ["scatter", "gather"]
MORE = st.fixed_dictionaries({"flip": st.booleans(), "divisor": st.sampled_from([1, 9, -2.5])})


@st.composite
def signals(draw, layers):
    """Take one row of a random 2-D layer, and its options for the columns."""
    layer = draw(layers())
    options = layer.options | {
        name: value[1] if isinstance(value := layer.options[name], tuple) else value
        for name in ("stride", "padding", "dilation")
    }
    return replace(layer, x=layer.x[:, :, 0], weight=layer.weight[:, :, 0], options=options)


def turned(weight, more):
    return weight[:, :, ::-1] if more["flip"] else weight


@settings(deadline=None, max_examples=30)
@given(data=st.data(), more=MORE)
def test_replay_gives_the_fast_operation_for_every_option(data, more, layers, assert_replays):
    layer = data.draw(signals(layers))
    trace = trace_conv1d(layer.x, layer.weight, layer.bias, **layer.options, **more)

    replayed = trace.replay()["y"]

    bias = 0 if layer.bias is None else layer.bias[:, None]
    y = conv1d(layer.x, turned(layer.weight, more), **layer.options) / more["divisor"] + bias
    np.testing.assert_allclose(replayed, y, rtol=1e-9, atol=1e-12)
    assert_replays(trace)


@pytest.mark.parametrize("reading", READINGS)
@settings(deadline=None, max_examples=20)
@given(data=st.data(), more=MORE)
def test_replay_gives_the_fast_gradients_for_every_option(
    reading, data, more, layers, assert_replays
):
    layer = data.draw(signals(layers))
    weight = turned(layer.weight, more)
    maps = conv1d(layer.x, weight, **layer.options).shape
    grad = np.random.default_rng(3).normal(size=maps)
    trace = trace_conv1d_backward(
        grad, layer.x, layer.weight, **layer.options, **more, reading=reading
    )

    replayed = trace.replay()

    fast = conv1d_backward(grad, layer.x, weight, **layer.options)
    scaled = (fast.input / more["divisor"], turned(fast.weight, more) / more["divisor"], fast.bias)
    for name, gradient in zip(("grad_x", "grad_weight", "grad_bias"), scaled, strict=True):
        np.testing.assert_allclose(replayed[name], gradient, rtol=1e-9, atol=1e-12)
    assert_replays(trace)


OPTIONS = [
    pytest.param({}, id="plain"),
    pytest.param({"stride": 2, "dilation": 2, "flip": True}, id="stride, dilation, flipped"),
    pytest.param({"padding": 3, "divisor": 3}, id="zeros around, an average"),
    pytest.param({"padding": 2, "padding_mode": "reflect"}, id="mirrored"),
]


@pytest.mark.parametrize("options", OPTIONS)
def test_steps_are_those_of_a_picture_with_one_row(rng, options):
    x, weight, bias = (rng.normal(size=s) for s in ((2, 3, 11), (5, 3, 4), (5,)))
    flat = options | ({"padding": (0, options["padding"])} if "padding" in options else {})

    trace = trace_conv1d(x, weight, bias, **options)

    picture = trace_conv2d(x[:, :, None], weight[:, :, None], bias, **flat)
    assert [step.running for step in trace] == [step.running for step in picture]


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("options", OPTIONS)
def test_steps_of_gradients_are_those_of_a_picture_with_one_row(rng, options, reading):
    x, weight = rng.normal(size=(2, 3, 11)), rng.normal(size=(5, 3, 4))
    flat = options | ({"padding": (0, options["padding"])} if "padding" in options else {})
    grad = rng.normal(size=trace_conv1d(x, weight, **options).tensors["y"].shape)

    trace = trace_conv1d_backward(grad, x, weight, **options, reading=reading)

    picture = trace_conv2d_backward(
        grad[:, :, None], x[:, :, None], weight[:, :, None], **flat, reading=reading
    )
    assert [step.terms for step in trace] == [step.terms for step in picture]


def test_window_of_a_signal_can_be_checked_by_hand():
    x, weight = np.array([[[1.0, 2.0, 4.0, 8.0, 16.0]]]), np.array([[[1.0, 10.0]]])

    trace = trace_conv1d(x, weight, np.array([0.5]), stride=2, dilation=2, divisor=4)

    assert trace[1].bind["x"] == ((0, 1, 1), (0, 1, 1), (2, 2, 2))
    assert trace[1].running == (4.0, 164.0, 41.0, 41.5)


def test_signals_have_positions_instead_of_rows_and_columns(rng):
    x, weight, grad = (rng.normal(size=s) for s in ((1, 2, 7), (3, 2, 3), (1, 3, 5)))

    trace = trace_conv1d_backward(grad, x, weight, reading="gather")

    assert [tensor.axes for tensor in trace.tensors.values()] == [
        ("image", "channel", "position"),
        ("filter", "channel", "position"),
        *[("image", "map", "position")] * 2,
        ("image", "channel", "position"),
        ("filter", "channel", "position"),
        ("filter",),
    ]


@pytest.mark.parametrize(
    ("options", "formula"),
    [
        pytest.param(
            {},
            r"\sym{y}{y_i} = \sum_{u} \sym{w}{w_u} \cdot \sym{x}{x_{i + u}}",
            id="cross-correlation",
        ),
        pytest.param(
            {"flip": True, "stride": 2, "padding": 1, "dilation": 3, "divisor": 3},
            r"\sym{y}{y_i} = \frac{1}{3} \sum_{u} "
            r"\sym{w}{w_u} \cdot \sym{x}{\tilde{x}_{Si - du}}",
            id="convolution with every setting",
        ),
    ],
)
def test_formula_has_one_index_and_the_settings_that_matter(rng, options, formula):
    trace = trace_conv1d(rng.normal(size=(1, 1, 11)), rng.normal(size=(1, 1, 3)), **options)

    assert trace.phases[-1].formula == formula


def test_border_of_a_signal_names_its_ends(rng):
    x, weight = rng.normal(size=(1, 1, 7)), rng.normal(size=(1, 1, 3))

    trace = trace_conv1d(x, weight, padding=(1, 2), padding_mode="circular")

    assert trace.phases[0].steps == 3
    assert trace.phases[0].formula == (
        r"\sym{padded}{\tilde{x}_{i}} = \sym{x}{x_{(i - P_{\text{left}}) \bmod L_1}}"
    )


def test_what_the_fast_operation_refuses_is_refused_in_the_same_words():
    x, weight = np.ones((1, 1, 3)), np.ones((1, 1, 5))

    with pytest.raises(ShapeError) as fast:
        conv1d(x, weight)
    with pytest.raises(ShapeError) as trace:
        trace_conv1d(x, weight)

    assert str(trace.value) == str(fast.value)


def test_what_only_traces_take_is_checked_too():
    grad, x, weight = np.ones((1, 1, 2)), np.ones((1, 1, 3)), np.ones((1, 1, 2))

    with pytest.raises(ParameterError, match="divisor: a sum cannot be divided by 0"):
        trace_conv1d(x, weight, divisor=0)
    with pytest.raises(ParameterError, match="reading: 'both' is unknown"):
        trace_conv1d_backward(grad, x, weight, reading="both")
    with pytest.raises(ShapeError, match=r"grad_output: shape \(1, 1, 2\) is not the shape"):
        trace_conv1d_backward(grad, x, weight, padding=1)
