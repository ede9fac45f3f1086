"""The explained gradients of a convolution: both readings replay to the same, true numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import conv2d, trace_conv2d
from engine.conv2d_backward import conv2d_backward
from engine.conv2d_backward_trace import trace_conv2d_backward

READINGS = ["scatter", "gather"]
GRADIENTS = ("grad_x", "grad_weight", "grad_bias")


@st.composite
def settings_of_traces(draw):
    return {"flip": draw(st.booleans()), "divisor": draw(st.sampled_from([1, 9, -2.5]))}


def upstream(layer):
    maps = conv2d(layer.x, layer.weight, **layer.options).shape
    return np.random.default_rng(5).normal(size=maps)


def numeric_gradient(loss, array):
    """Differences over a whole unit: exact, since the loss is linear in each argument."""
    slopes = np.zeros_like(array)
    for cell in np.ndindex(array.shape):
        ahead, behind = array.copy(), array.copy()
        ahead[cell] += 0.5
        behind[cell] -= 0.5
        slopes[cell] = loss(ahead) - loss(behind)
    return slopes


@pytest.mark.parametrize("reading", READINGS)
@settings(deadline=None, max_examples=12)
@given(data=st.data(), more=settings_of_traces())
def test_replay_gives_the_fast_operation_for_every_option(
    reading, data, more, layers, assert_replays
):
    layer = data.draw(layers())
    grad = upstream(layer)
    trace = trace_conv2d_backward(
        grad, layer.x, layer.weight, **layer.options, **more, reading=reading
    )

    replayed = trace.replay()

    turn = (..., slice(None, None, -1), slice(None, None, -1)) if more["flip"] else ...
    fast = conv2d_backward(grad, layer.x, layer.weight[turn], **layer.options)
    expected = (fast.input / more["divisor"], fast.weight[turn] / more["divisor"], fast.bias)
    for name, gradient in zip(GRADIENTS, expected, strict=True):
        np.testing.assert_allclose(replayed[name], gradient, rtol=1e-9, atol=1e-12)
    assert_replays(trace)


@pytest.mark.parametrize("reading", READINGS)
@settings(deadline=None, max_examples=6)
@given(data=st.data(), more=settings_of_traces())
def test_replay_gives_numeric_gradients_of_the_forward_trace(reading, data, more, layers):
    layer = data.draw(layers().filter(lambda layer: layer.x.size + layer.weight.size < 150))
    bias, grad = np.zeros(len(layer.weight)), upstream(layer)

    def loss(x=layer.x, weight=layer.weight, bias=bias):
        y = trace_conv2d(x, weight, bias, **layer.options, **more).tensors["y"].values
        return (grad * y).sum()

    trace = trace_conv2d_backward(
        grad, layer.x, layer.weight, **layer.options, **more, reading=reading
    )

    replayed = trace.replay()

    expected = (
        numeric_gradient(lambda x: loss(x=x), layer.x),
        numeric_gradient(lambda weight: loss(weight=weight), layer.weight),
        numeric_gradient(lambda bias: loss(bias=bias), bias),
    )
    for name, gradient in zip(GRADIENTS, expected, strict=True):
        np.testing.assert_allclose(replayed[name], gradient, rtol=1e-9, atol=1e-10)


@settings(deadline=None, max_examples=12)
@given(data=st.data(), more=settings_of_traces())
def test_both_readings_hold_the_same_numbers(data, more, layers):
    layer = data.draw(layers())
    scatter, gather = (
        trace_conv2d_backward(
            upstream(layer), layer.x, layer.weight, **layer.options, **more, reading=reading
        )
        for reading in READINGS
    )

    assert set(gather.tensors) - {"spread"} == set(scatter.tensors)
    for name, tensor in scatter.tensors.items():
        np.testing.assert_array_equal(gather.tensors[name].values, tensor.values)


@pytest.mark.parametrize("reading", READINGS)
@settings(deadline=None, max_examples=6)
@given(data=st.data())
def test_a_step_is_the_same_whenever_it_is_asked_for(reading, data, layers):
    layer = data.draw(layers())
    given_arrays = (upstream(layer), layer.x, layer.weight)
    trace = trace_conv2d_backward(*given_arrays, **layer.options, reading=reading)
    order = data.draw(st.lists(st.integers(0, len(trace) - 1), min_size=1, max_size=20))

    picked = [trace[n] for n in order]

    alone = trace_conv2d_backward(*given_arrays, **layer.options, reading=reading)
    assert picked == [alone[n] for n in order]


def test_scattered_gradients_advance_together_as_the_window_walked(rng):
    x, weight = rng.normal(size=(2, 4, 5, 7)), rng.normal(size=(6, 2, 2, 3))
    options = {"groups": 2, "stride": (1, 2)}
    forward = trace_conv2d(x, weight, **options)
    grad = rng.normal(size=forward.tensors["y"].shape)

    trace = trace_conv2d_backward(grad, x, weight, **options)

    steps = list(trace)
    assert [step.phase for step in steps] == [0, 1, 2] * len(forward)
    assert [step.bind["g"] for step in steps[::3]] == [step.bind["y"] for step in forward]
    assert [step.bind["grad_x"] for step in steps[::3]] == [step.bind["x"] for step in forward]
    assert [step.bind["grad_weight"] for step in steps[1::3]] == [s.bind["w"] for s in forward]


def test_one_position_gives_each_factor_the_other_times_the_gradient():
    x, weight = np.array([[[[2.0, 3.0], [5.0, 7.0]]]]), np.array([[[[11.0], [13.0]]]])

    steps = trace_conv2d_backward(np.array([[[[10.0, -1.0]]]]), x, weight)[:3]

    assert [step.results for step in steps] == [(110.0, 130.0), (20.0, 50.0), (10.0,)]


def test_gathered_cell_asks_the_spread_gradient_under_the_flipped_filter():
    x, weight = np.ones((1, 1, 1, 5)), np.array([[[[1.0, 10.0, 100.0]]]])
    grad = np.array([[[[2.0, 3.0]]]])

    trace = trace_conv2d_backward(grad, x, weight, stride=(1, 2), reading="gather")

    np.testing.assert_array_equal(
        trace.tensors["spread"].values, [[[[0.0, 0.0, 2.0, 0.0, 3.0, 0.0, 0.0]]]]
    )
    assert trace.phases[0].title == "Put S − 1 zeros between"
    assert trace.step(1, 2).bind["w"][3] == (2, 3, -1)
    assert [trace.step(1, n).results[0] for n in range(5)] == [2.0, 20.0, 203.0, 30.0, 300.0]


def test_with_stride_1_the_upstream_gradient_is_only_padded(rng):
    x, weight = rng.normal(size=(1, 1, 5, 7)), rng.normal(size=(1, 1, 3, 2))

    trace = trace_conv2d_backward(rng.normal(size=(1, 1, 3, 6)), x, weight, reading="gather")

    spread = trace.tensors["spread"]
    assert (spread.shape, spread.extends, spread.offset) == ((1, 1, 7, 8), "grad_y", (0, 0, 2, 1))
    assert trace.phases[0].setup


def test_a_single_tap_needs_no_zeros_at_all(rng):
    x, weight, grad = (rng.normal(size=s) for s in ((1, 2, 3, 5), (3, 2, 1, 1), (1, 3, 3, 5)))

    trace = trace_conv2d_backward(grad, x, weight, reading="gather")

    assert "spread" not in trace.tensors
    assert trace.phases[0].reads == {"w": "weight", "g": "grad_y"}


@pytest.mark.parametrize("reading", READINGS)
def test_no_gradient_reaches_the_cells_that_are_left_over(rng, reading):
    x, weight = rng.normal(size=(1, 1, 6, 8)), rng.normal(size=(1, 1, 3, 3))
    grad = rng.normal(size=(1, 1, 2, 2))

    found = trace_conv2d_backward(grad, x, weight, stride=(2, 3), reading=reading).replay()

    assert (found["grad_x"][0, 0, 5] == 0).all()
    assert (found["grad_x"][0, 0, :, 6:] == 0).all()
    assert (found["grad_x"][0, 0, :5, :6] != 0).all()


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize(
    ("mode", "blocks", "gradient"),
    [
        pytest.param("zeros", 1, [3.0, 5.0, 7.0], id="zeros have no source"),
        pytest.param("replicate", 3, [5.0, 5.0, 18.0], id="copies of the edges"),
        pytest.param("reflect", 3, [3.0, 18.0, 7.0], id="mirrored cells"),
        pytest.param("circular", 3, [14.0, 5.0, 9.0], id="cells of the opposite side"),
    ],
)
def test_gradient_of_the_border_is_added_to_the_cells_it_copied(reading, mode, blocks, gradient):
    x, weight = np.array([[[[1.0, 2.0, 4.0]]]]), np.ones((1, 1, 1, 1))
    grad = np.array([[[[2.0, 3.0, 5.0, 7.0, 11.0]]]])

    trace = trace_conv2d_backward(
        grad, x, weight, padding=(0, 1), padding_mode=mode, reading=reading
    )

    fold = next(phase for phase in trace.phases if phase.writes == "grad_x")
    assert (fold.steps, fold.adds) == (blocks, True)
    np.testing.assert_array_equal(trace.replay()["grad_x"], [[[gradient]]])


def test_flipped_filter_is_scattered_backwards_and_gathered_as_it_is(rng):
    x, weight, grad = (rng.normal(size=s) for s in ((1, 1, 5, 4), (1, 1, 3, 2), (1, 1, 3, 3)))

    scatter, gather = (
        trace_conv2d_backward(grad, x, weight, flip=True, reading=reading) for reading in READINGS
    )

    assert scatter[0].bind["w"][2:] == ((2, 3, -1), (1, 2, -1))
    assert gather.step(1, 0).bind["w"][2:] == ((0, 3, 1), (0, 2, 1))
    assert gather.phases[1].title == "Correlate with the filter as it is"


def test_partial_sums_of_a_gathered_cell_are_those_of_the_filters():
    x, weight = np.ones((1, 1, 1, 2)), np.array([2.0, 3.0, 5.0, 7.0]).reshape(2, 1, 1, 2)
    grad = np.array([10.0, 100.0]).reshape(1, 2, 1, 1)

    step = trace_conv2d_backward(grad, x, weight, reading="gather").step(1, 0)

    assert step.terms == (0.0, 20.0, 0.0, 500.0)
    assert step.partial == (0.0, 20.0, 0.0, 500.0)
    assert step.running == (0.0, 20.0, 20.0, 520.0)


def test_trace_keeps_its_own_copy_of_the_arguments(rng):
    x, weight, grad = (rng.normal(size=s) for s in ((1, 1, 5, 7), (1, 1, 3, 3), (1, 1, 3, 5)))
    trace = trace_conv2d_backward(grad, x, weight)
    before = trace[:3]

    x[...] = weight[...] = grad[...] = 0

    assert trace[:3] == before
