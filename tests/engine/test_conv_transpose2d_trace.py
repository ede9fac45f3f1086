"""The explained transposed convolution: zeros between, the flipped filter, and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import ParameterError, ShapeError, trace_conv2d
from engine.conv2d_backward_trace import trace_conv2d_backward
from engine.conv_transpose2d import conv_transpose2d, conv_transpose2d_backward
from engine.conv_transpose2d_trace import trace_conv_transpose2d, trace_conv_transpose2d_backward

GRADIENTS = ("grad_x", "grad_weight", "grad_bias")
PAIR = st.tuples(st.integers(1, 3), st.integers(1, 3))


@dataclass(frozen=True)
class Layer:
    """One transposed convolution: arrays, and all options by name."""

    x: Any
    weight: Any
    bias: Any
    options: dict[str, Any]


@st.composite
def transposed_layers(draw):
    stride, dilation, taps, size = (draw(PAIR) for _ in range(4))
    extra = tuple(
        draw(st.integers(0, max(steps) - 1)) for steps in zip(stride, dilation, strict=True)
    )
    whole = [
        (n - 1) * s + d * (f - 1) + 1 + e
        for n, s, d, f, e in zip(size, stride, dilation, taps, extra, strict=True)
    ]
    # Often more than d(F - 1), so that cells are cut off.
    padding = tuple(draw(st.integers(0, min(4, (cells - 1) // 2))) for cells in whole)
    groups, depth, maps, images = (draw(st.integers(1, 2)) for _ in range(4))
    numbers = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    bias = numbers.normal(size=groups * maps) if draw(st.booleans()) else None
    options = {"stride": stride, "padding": padding, "output_padding": extra}
    return Layer(
        numbers.normal(size=(images, groups * depth, *size)),
        numbers.normal(size=(groups * depth, maps, *taps)),
        bias,
        options | {"dilation": dilation, "groups": groups},
    )


def numeric_gradient(loss, array):
    """Differences over a whole unit: exact, since the loss is linear in each argument."""
    slopes = np.zeros_like(array)
    for cell in np.ndindex(array.shape):
        ahead, behind = array.copy(), array.copy()
        ahead[cell] += 0.5
        behind[cell] -= 0.5
        slopes[cell] = loss(ahead) - loss(behind)
    return slopes


@settings(deadline=None, max_examples=30)
@given(layer=transposed_layers())
def test_replay_gives_the_fast_operation_for_every_option(layer, assert_replays):
    trace = trace_conv_transpose2d(layer.x, layer.weight, layer.bias, **layer.options)

    replayed = trace.replay()["y"]

    y = conv_transpose2d(layer.x, layer.weight, layer.bias, **layer.options)
    np.testing.assert_allclose(replayed, y, rtol=1e-9, atol=1e-12)
    assert_replays(trace)


@settings(deadline=None, max_examples=25)
@given(layer=transposed_layers())
def test_replay_gives_the_fast_gradients_for_every_option(layer, assert_replays):
    y = conv_transpose2d(layer.x, layer.weight, **layer.options)
    grad = np.random.default_rng(3).normal(size=y.shape)
    trace = trace_conv_transpose2d_backward(grad, layer.x, layer.weight, **layer.options)

    replayed = trace.replay()

    fast = conv_transpose2d_backward(grad, layer.x, layer.weight, **layer.options)
    for name, gradient in zip(GRADIENTS, (fast.input, fast.weight, fast.bias), strict=True):
        np.testing.assert_allclose(replayed[name], gradient, rtol=1e-9, atol=1e-12)
    assert_replays(trace)


@settings(deadline=None, max_examples=10)
@given(layer=transposed_layers())
def test_replay_gives_numeric_gradients_of_the_forward_trace(layer):
    bias = np.zeros(layer.weight.shape[1] * layer.options["groups"])

    def replay(x=layer.x, weight=layer.weight, bias=bias):
        return trace_conv_transpose2d(x, weight, bias, **layer.options).tensors["y"].values

    grad = np.random.default_rng(3).normal(size=replay().shape)
    trace = trace_conv_transpose2d_backward(grad, layer.x, layer.weight, **layer.options)

    replayed = trace.replay()

    expected = (
        numeric_gradient(lambda x: (grad * replay(x=x)).sum(), layer.x),
        numeric_gradient(lambda weight: (grad * replay(weight=weight)).sum(), layer.weight),
        numeric_gradient(lambda bias: (grad * replay(bias=bias)).sum(), bias),
    )
    for name, gradient in zip(GRADIENTS, expected, strict=True):
        np.testing.assert_allclose(replayed[name], gradient, rtol=1e-9, atol=1e-10)


def test_it_takes_the_steps_that_gather_the_gradient_of_a_convolution(rng):
    x, weight, maps = (rng.normal(size=s) for s in ((2, 4, 7, 5), (6, 2, 3, 2), (2, 6, 3, 4)))
    options = {"stride": (2, 1), "groups": 2}

    trace = trace_conv_transpose2d(maps, weight, **options)

    gathered = trace_conv2d_backward(maps, x, weight, **options, reading="gather")
    steps = [step.terms for step in trace if step.phase == 1]
    assert steps == [step.terms for step in gathered if step.phase == 1]


def test_its_gradient_takes_the_steps_of_a_convolution(rng):
    x, weight, grad = (rng.normal(size=s) for s in ((2, 6, 3, 4), (6, 2, 3, 2), (2, 4, 5, 3)))
    options = {"stride": (2, 1), "padding": 1, "groups": 2}

    trace = trace_conv_transpose2d_backward(grad, x, weight, **options)

    forward = trace_conv2d(grad, weight, **options)
    steps = [step.running for step in trace if step.phase == 1]
    assert steps == [step.running for step in forward if step.phase == 1]


def test_zeros_between_can_be_seen_and_stamps_overlap_where_they_should():
    x, weight = np.array([[[[1.0, 2.0]]]]), np.array([[[[1.0, 10.0, 100.0]]]])

    trace = trace_conv_transpose2d(x, weight, np.array([0.5]), stride=(1, 2))

    np.testing.assert_array_equal(trace.tensors["spread"].values, [[[[0, 0, 1, 0, 2, 0, 0]]]])
    assert (trace.phases[0].title, trace.phases[0].setup) == ("Put S − 1 zeros between", True)
    assert trace.step(1, 2).running == (100.0, 100.0, 102.0, 102.5)


@pytest.mark.parametrize(
    ("options", "spread"),
    [
        pytest.param({}, [0, 0, 1, 0, 2, 0, 3, 0, 0], id="F - 1 zeros around"),
        pytest.param({"padding": (0, 1)}, [0, 1, 0, 2, 0, 3, 0], id="padding takes them away"),
        pytest.param({"padding": (0, 3)}, [0, 2, 0], id="more padding cuts cells off"),
        pytest.param(
            {"padding": (0, 1), "output_padding": (0, 1)},
            [0, 1, 0, 2, 0, 3, 0, 0],
            id="output padding adds zeros at one end",
        ),
        pytest.param(
            {"padding": (0, 3), "output_padding": (0, 1)},
            [0, 2, 0, 3],
            id="output padding saves a cell from the cut",
        ),
    ],
)
def test_border_of_the_spread_input_depends_on_padding(options, spread):
    x, weight = np.array([[[[1.0, 2.0, 3.0]]]]), np.ones((1, 1, 1, 3))

    trace = trace_conv_transpose2d(x, weight, stride=(1, 2), **options)

    np.testing.assert_array_equal(trace.tensors["spread"].values, [[[spread]]])


def test_cut_may_leave_nothing_but_the_zeros_between(assert_replays):
    x, weight = np.array([[[[3.0, 5.0]]]]), np.ones((1, 1, 1, 1))

    trace = trace_conv_transpose2d(x, weight, np.array([7.0]), stride=(1, 2), padding=(0, 1))

    assert [phase.writes for phase in trace.phases] == ["y"]
    np.testing.assert_array_equal(trace.replay()["y"], [[[[7.0]]]])
    assert_replays(trace)


def test_spread_input_says_where_each_cell_of_the_input_lies(rng):
    trace = trace_conv_transpose2d(
        rng.normal(size=(1, 2, 4, 5)), rng.normal(size=(2, 1, 3, 2)), stride=(2, 3), padding=(1, 0)
    )

    spread, x = trace.tensors["spread"], trace.tensors["x"].values
    assert (spread.extends, spread.offset, spread.spacing) == ("x", (0, 0, 1, 1), (1, 1, 2, 3))
    np.testing.assert_array_equal(spread.values[:, :, 1::2, 1::3][..., :4, :5], x)
    assert np.count_nonzero(spread.values) == x.size


def test_input_whose_cells_are_cut_off_is_not_extended(rng):
    x, weight = rng.normal(size=(1, 1, 3, 3)), rng.normal(size=(1, 1, 1, 1))

    trace = trace_conv_transpose2d(x, weight, stride=2, padding=1)

    spread = trace.tensors["spread"]
    assert (spread.extends, spread.offset, spread.spacing) == (None, (), ())


def test_with_stride_1_the_input_is_only_padded(rng):
    trace = trace_conv_transpose2d(rng.normal(size=(1, 1, 4, 5)), rng.normal(size=(1, 1, 3, 2)))

    spread = trace.tensors["spread"]
    assert (spread.extends, spread.offset, spread.spacing) == ("x", (0, 0, 2, 1), ())
    assert trace.phases[0].setup


def test_filters_belong_to_channels_and_their_depth_to_maps(rng):
    x, weight = rng.normal(size=(1, 4, 3, 3)), rng.normal(size=(4, 3, 2, 2))

    trace = trace_conv_transpose2d(x, weight, rng.normal(size=6), groups=2)

    assert trace.tensors["weight"].axes == ("channel", "filter", "row", "column")
    last = trace[len(trace) - 1]
    assert last.bind["w"][:2] == ((2, 2, 1), (2, 1, 1))
    assert (last.bind["b"], last.bind["y"][1]) == (((5, 1, 1),), (5, 1, 1))
    assert len(last.partial) == len(last.terms)


@pytest.mark.parametrize(
    ("phase", "formula"),
    [
        (
            0,
            r"\sym{spread}{\hat{x}_{c,Si + F - 1 - P,Sj + F - 1 - P}} = \sym{x}{x_{c,i,j}}",
        ),
        (
            1,
            r"\sym{y}{y_{k,i,j}} = \sum_{c} \sum_{u} \sum_{v} "
            r"\sym{w}{w_{c,k,F - 1 - u,F - 1 - v}} "
            r"\cdot \sym{x}{\hat{x}_{c,i + u,j + v}} + \sym{b}{b_k}",
        ),
    ],
)
def test_formula_shows_the_settings_that_matter(rng, phase, formula):
    x, weight = rng.normal(size=(1, 2, 3, 5)), rng.normal(size=(2, 3, 3, 3))

    trace = trace_conv_transpose2d(x, weight, rng.normal(size=3), stride=2, padding=1)

    assert trace.phases[phase].formula == formula


def test_formulas_of_the_gradients_speak_of_the_same_filters(rng):
    x, weight, grad = (rng.normal(size=s) for s in ((1, 2, 3, 5), (2, 3, 3, 3), (1, 3, 5, 9)))

    trace = trace_conv_transpose2d_backward(grad, x, weight, stride=2, padding=1)

    assert [phase.formula for phase in trace.phases[1:3]] == [
        r"\sym{grad_x}{\frac{\partial L}{\partial x_{c,i,j}}} = "
        r"\sum_{k} \sum_{u} \sum_{v} \sym{w}{w_{c,k,u,v}} "
        r"\cdot \sym{g}{\frac{\partial L}{\partial \tilde{y}_{k,Si + u,Sj + v}}}",
        r"\sym{grad_weight}{\frac{\partial L}{\partial w_{c,k,u,v}}} = \sum_{i} \sum_{j} "
        r"\sym{g}{\frac{\partial L}{\partial \tilde{y}_{k,Si + u,Sj + v}}} "
        r"\cdot \sym{x}{x_{c,i,j}}",
    ]


def test_what_the_fast_operation_refuses_is_refused_in_the_same_words():
    x, weight = np.ones((1, 2, 3, 3)), np.ones((2, 1, 3, 3))

    with pytest.raises(ParameterError) as fast:
        conv_transpose2d(x, weight, output_padding=1)
    with pytest.raises(ParameterError) as trace:
        trace_conv_transpose2d(x, weight, output_padding=1)
    with pytest.raises(ShapeError, match=r"grad_output: shape \(1, 2, 5, 5\) is not the shape"):
        trace_conv_transpose2d_backward(np.ones((1, 2, 5, 5)), x, weight)

    assert str(trace.value) == str(fast.value)
