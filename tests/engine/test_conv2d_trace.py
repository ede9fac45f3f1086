"""The explained convolution: it replays to the fast one, and tells the definition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import convolve2d

from engine import ParameterError, conv2d, trace_conv2d
from engine.presets import filter_bank, input_volume


@settings(deadline=None, max_examples=60)
@given(
    data=st.data(),
    flip=st.booleans(),
    divisor=st.sampled_from([1, 9, -2.5, 256.0]),
)
def test_replay_gives_the_fast_operation_for_every_option(
    data, flip, divisor, layers, assert_replays
):
    layer = data.draw(layers())
    trace = trace_conv2d(
        layer.x, layer.weight, layer.bias, **layer.options, flip=flip, divisor=divisor
    )

    replayed = trace.replay()["y"]

    weight = layer.weight[:, :, ::-1, ::-1] if flip else layer.weight
    bias = 0 if layer.bias is None else layer.bias[:, None, None]
    y = conv2d(layer.x, weight, **layer.options) / divisor + bias
    np.testing.assert_allclose(replayed, y, rtol=1e-9, atol=1e-12)
    assert_replays(trace)


@settings(deadline=None, max_examples=15)
@given(data=st.data())
def test_a_step_is_the_same_whenever_it_is_asked_for(data, layers):
    layer = data.draw(layers())
    trace = trace_conv2d(layer.x, layer.weight, layer.bias, **layer.options)
    order = data.draw(st.lists(st.integers(0, len(trace) - 1), min_size=1, max_size=20))

    picked = [trace[n] for n in order]

    assert picked == [
        trace_conv2d(layer.x, layer.weight, layer.bias, **layer.options)[n] for n in order
    ]


def test_one_cell_of_the_227_layer_is_the_dot_product_of_its_window():
    x = input_volume("integers", (3, 227, 227))[None]
    weight, _ = filter_bank("integers", (96, 3, 11, 11))
    trace = trace_conv2d(x, weight, stride=4)

    step = trace[(7 * 55 + 20) * 55 + 31]

    assert len(trace) == 96 * 55 * 55
    assert step.bind["y"] == ((0, 1, 1), (7, 1, 1), (20, 1, 1), (31, 1, 1))
    assert step.bind["x"] == ((0, 1, 1), (0, 3, 1), (80, 11, 1), (124, 11, 1))
    assert step.results == ((x[0, :, 80:91, 124:135] * weight[7]).sum(),)
    assert step.terms == tuple((x[0, :, 80:91, 124:135] * weight[7]).ravel())


def test_running_sums_add_up_to_the_result_and_channels_to_partial_sums():
    x = np.array([[[[1.0, 2.0]], [[3.0, 4.0]]]])
    weight = np.array([[[[5.0, 6.0]], [[7.0, 8.0]]]])

    step = trace_conv2d(x, weight, np.array([100.0]), divisor=2)[0]

    assert step.terms == (5.0, 12.0, 21.0, 32.0)
    assert step.running == (5.0, 17.0, 38.0, 70.0, 35.0, 135.0)
    assert step.partial == (5.0, 17.0, 21.0, 53.0)


def test_flipped_filter_is_read_backwards_and_gives_the_mathematical_convolution(rng):
    x, weight = rng.normal(size=(1, 1, 7, 5)), rng.normal(size=(1, 1, 3, 2))
    trace = trace_conv2d(x, weight, flip=True)

    assert trace[0].bind["w"][2:] == ((2, 3, -1), (1, 2, -1))
    expected = convolve2d(x[0, 0], weight[0, 0], "valid")
    np.testing.assert_allclose(trace.tensors["y"].values[0, 0], expected, rtol=1e-9)


def test_dilated_window_skips_cells(rng):
    x, weight = rng.normal(size=(1, 1, 7, 11)), rng.normal(size=(1, 1, 3, 2))

    step = trace_conv2d(x, weight, dilation=(2, 3), stride=(1, 2))[1]

    assert step.bind["x"][2:] == ((0, 3, 2), (2, 2, 3))


def test_filters_of_a_group_read_the_channels_of_their_group(rng):
    x, weight = rng.normal(size=(1, 4, 3, 3)), rng.normal(size=(6, 2, 3, 3))

    trace = trace_conv2d(x, weight, groups=2)

    assert [step.bind["x"][1] for step in trace] == [(0, 2, 1)] * 3 + [(2, 2, 1)] * 3
    assert [step.bind["w"][0][0] for step in trace] == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("mode", "blocks"),
    [("zeros", 1), ("reflect", 9), ("replicate", 9), ("circular", 9)],
)
def test_padding_is_set_up_in_at_most_nine_blocks(rng, mode, blocks):
    x, weight = rng.normal(size=(2, 3, 5, 7)), rng.normal(size=(2, 3, 3, 3))

    trace = trace_conv2d(x, weight, padding=((1, 2), (2, 1)), padding_mode=mode)

    assert [phase.steps for phase in trace.phases] == [blocks, 2 * 2 * 6 * 8]
    assert [phase.setup for phase in trace.phases] == [True, False]
    padded = trace.tensors["padded"]
    assert (padded.extends, padded.offset) == ("x", (0, 0, 1, 2))


def test_without_padding_windows_lie_on_the_input_itself(rng):
    x, weight = rng.normal(size=(1, 1, 5, 7)), rng.normal(size=(1, 1, 3, 3))

    trace = trace_conv2d(x, weight)

    assert list(trace.tensors) == ["x", "weight", "y"]
    assert trace.phases[0].reads == {"w": "weight", "x": "x"}


@pytest.mark.parametrize(
    ("shape", "options", "formula"),
    [
        pytest.param(
            (1, 1, 3, 3),
            {},
            r"\sym{y}{y_{i,j}} = \sum_{u} \sum_{v} \sym{w}{w_{u,v}} \cdot \sym{x}{x_{i + u,j + v}}",
            id="one channel, one filter",
        ),
        pytest.param(
            (1, 1, 3, 3),
            {"flip": True, "stride": 2, "dilation": 2},
            r"\sym{y}{y_{i,j}} = \sum_{u} \sum_{v} "
            r"\sym{w}{w_{u,v}} \cdot \sym{x}{x_{Si - du,Sj - dv}}",
            id="convolution with stride and dilation",
        ),
        pytest.param(
            (2, 2, 3, 3),
            {"groups": 2, "padding": 1, "divisor": 9, "stride": (1, 2)},
            r"\sym{y}{y_{k,i,j}} = \frac{1}{9} \sum_{c \in G(k)} \sum_{u} \sum_{v} "
            r"\sym{w}{w_{k,c,u,v}} \cdot \sym{x}{\tilde{x}_{c,i + u,S_W j + v}}",
            id="groups, padding, a divisor, strides that differ",
        ),
    ],
)
def test_formula_shows_the_settings_that_matter(rng, shape, options, formula):
    x = rng.normal(size=(1, shape[1] * options.get("groups", 1), 7, 7))

    trace = trace_conv2d(x, rng.normal(size=shape), **options)

    assert trace.phases[-1].formula == formula


def test_trace_keeps_its_own_copy_of_the_arguments(rng):
    x, weight = rng.normal(size=(1, 1, 5, 7)), rng.normal(size=(1, 1, 3, 3))
    trace = trace_conv2d(x, weight)
    before = trace[0]

    x[...] = weight[...] = 0

    assert trace[0] == before


@pytest.mark.parametrize(
    ("divisor", "sentence"),
    [
        (0, "divisor: a sum cannot be divided by 0; use 1 to leave the sum as it is"),
        (np.nan, "divisor: a sum cannot be divided by nan; use 1 to leave the sum as it is"),
        ("9", "divisor: '9' is not a number; use 1 to leave the sum as it is"),
    ],
)
def test_what_cannot_divide_is_refused(divisor, sentence):
    with pytest.raises(ParameterError) as refusal:
        trace_conv2d(np.ones((1, 1, 3, 3)), np.ones((1, 1, 3, 3)), divisor=divisor)

    assert str(refusal.value) == sentence
