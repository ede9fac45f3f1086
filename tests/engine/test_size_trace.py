"""The output size told step by step, in the lecture's order and with its numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine import (
    ParameterError,
    ShapeError,
    conv2d_output_shape,
    conv_transpose2d,
    trace_output_size,
    trace_transposed_output_size,
)

SIDE = st.integers(0, 5)


@settings(deadline=None, max_examples=150)
@given(
    size=st.integers(1, 30),
    taps=st.integers(1, 7),
    stride=st.integers(1, 6),
    padding=st.tuples(SIDE, SIDE),
    dilation=st.integers(1, 3),
    axis=st.sampled_from(["row", "column"]),
)
def test_replay_arrives_at_the_size_that_is_computed(
    size, taps, stride, padding, dilation, axis, assert_replays
):
    assume(size + sum(padding) >= dilation * (taps - 1) + 1)
    options = {"stride": stride, "dilation": dilation}
    trace = trace_output_size(size, taps, padding=padding, axis=axis, **options)

    result = trace.replay()["W2" if axis == "column" else "H2"]

    shape = conv2d_output_shape(
        (1, 1, 31, size), (1, 1, 1, taps), padding=((0, 0), padding), **options
    )
    assert result == shape[3]
    assert_replays(trace)


@pytest.mark.parametrize(
    ("size", "taps", "options", "results"),
    [
        pytest.param(7, 3, {}, [4, 4, 4, 4, 5], id="the border costs F - 1"),
        pytest.param(7, 3, {"padding": (1, 1)}, [4, 6, 6, 6, 7], id="padding gives it back"),
        pytest.param(7, 3, {"stride": 2}, [4, 4, 2, 2, 3], id="a stride of 2"),
        pytest.param(8, 3, {"stride": 2}, [5, 5, 2.5, 2, 3], id="a stride that does not divide"),
        pytest.param(227, 11, {"stride": 4}, [216, 216, 54, 54, 55], id="the exercise"),
        pytest.param(7, 3, {"dilation": 2}, [5, 2, 2, 2, 2, 3], id="spread taps"),
        pytest.param(7, 3, {"padding": (0, 2)}, [4, 6, 6, 6, 7], id="padding on one side"),
    ],
)
def test_numbers_appear_in_the_order_of_the_lecture(size, taps, options, results):
    trace = trace_output_size(size, taps, **options)

    assert [step.results[0] for step in trace] == results


@pytest.mark.parametrize(
    ("size", "title"),
    [
        (7, "Round down: it divides, nothing is left over"),
        (9, "Round down: 2 columns are left over"),
        (8, "Round down: 1 column is left over"),
    ],
)
def test_floor_says_what_it_drops(size, title):
    assert title in [phase.title for phase in trace_output_size(size, 4, stride=3).phases]


def test_sizes_measure_the_tensors_they_count():
    tensors = trace_output_size(7, 3, axis="row").tensors

    assert {name: t.measures for name, t in tensors.items() if t.measures} == {
        "H1": ("x", "row"),
        "F": ("weight", "row"),
        "H2": ("y", "row"),
    }


def test_sides_are_named_only_where_they_differ():
    assert "P" in trace_output_size(7, 3, padding=(1, 1)).tensors
    assert {"P_left", "P_right"} <= set(trace_output_size(7, 3, padding=(0, 1)).tensors)
    assert {"P_top", "P_bottom"} <= set(trace_output_size(7, 3, padding=(0, 1), axis="row").tensors)


def test_last_formula_is_the_whole_formula():
    assert trace_output_size(7, 3).phases[-1].formula == (
        r"\sym{W2}{W_2} = "
        r"\sym{W_floor}{\left\lfloor \frac{W_1 - F + 2P}{S} \right\rfloor} + 1"
    )


def test_filter_larger_than_the_input_is_refused():
    with pytest.raises(ShapeError) as refusal:
        trace_output_size(5, 7)

    assert str(refusal.value) == (
        "filter: a filter of 7 does not fit into the padded width of 5; "
        "use padding >= 1 or a smaller filter"
    )


@settings(deadline=None, max_examples=150)
@given(
    size=st.integers(1, 9),
    taps=st.integers(1, 5),
    stride=st.integers(1, 4),
    padding=st.integers(0, 4),
    more=st.integers(0, 3),
    dilation=st.integers(1, 3),
    axis=st.sampled_from(["row", "column"]),
)
def test_transposed_size_is_that_of_the_output(
    size, taps, stride, padding, more, dilation, axis, assert_replays
):
    assume(more < max(stride, dilation))
    assume(stride * (size - 1) + dilation * (taps - 1) + 1 + more > 2 * padding)
    options = {"stride": stride, "padding": padding, "dilation": dilation, "output_padding": more}
    trace = trace_transposed_output_size(size, taps, **options, axis=axis)

    result = trace.replay()["W2" if axis == "column" else "H2"]

    both = {name: (value, value) for name, value in options.items()}
    y = conv_transpose2d(np.ones((1, 1, size, size)), np.ones((1, 1, taps, taps)), **both)
    assert result == y.shape[3]
    # It undoes what a convolution of the same settings does to a size.
    back = conv2d_output_shape(
        y.shape, (1, 1, taps, taps), stride=stride, padding=padding, dilation=dilation
    )
    assert back[3] == size + more // stride
    assert_replays(trace)


@pytest.mark.parametrize(
    ("options", "results"),
    [
        pytest.param({}, [4, 7], id="side by side"),
        pytest.param({"stride": 2}, [8, 11], id="two apart"),
        pytest.param({"stride": 2, "padding": 1}, [8, 11, 9], id="cut"),
        pytest.param({"stride": 2, "padding": 1, "output_padding": 1}, [8, 11, 9, 10], id="added"),
        pytest.param({"dilation": 2}, [4, 5, 9], id="spread taps"),
    ],
)
def test_transposed_size_is_built_up_from_its_stamps(options, results):
    trace = trace_transposed_output_size(5, 3, **options)

    steps = [step.results[0] for step in trace]
    cut = "padding" in options
    assert steps == (results if cut else [*results, results[-1]])


def test_padding_that_leaves_nothing_is_refused():
    with pytest.raises(ParameterError, match="padding: 2 takes 4 columns off an output that has 3"):
        trace_transposed_output_size(1, 3, padding=2)
