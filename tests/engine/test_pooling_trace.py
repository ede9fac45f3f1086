"""The explained poolings: they replay to the fast ones, and tell which cells count."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.boxes import cells
from engine.errors import EngineError
from engine.pooling import avg_pool2d, max_pool2d
from engine.pooling_backward import avg_pool2d_backward, max_pool2d_backward
from engine.pooling_backward_trace import trace_avg_pool2d_backward, trace_max_pool2d_backward
from engine.pooling_trace import trace_avg_pool2d, trace_max_pool2d

OPERATIONS = {
    "max_pool2d": (max_pool2d, trace_max_pool2d),
    "avg_pool2d": (avg_pool2d, trace_avg_pool2d),
    "max_pool2d_backward": (max_pool2d_backward, trace_max_pool2d_backward),
    "avg_pool2d_backward": (avg_pool2d_backward, trace_avg_pool2d_backward),
}
# Few whole numbers, so that windows hold their maximum more than once.
PAIR = st.tuples(st.integers(1, 3), st.integers(1, 3))
SETTINGS = st.fixed_dictionaries(
    {
        "stride": st.none() | PAIR,
        "padding": st.integers(0, 1) | st.tuples(st.integers(0, 2), st.integers(0, 1)),
        "ceil_mode": st.booleans(),
    }
)


@st.composite
def told(draw, name):
    """Arguments and options of an operation, and what it gives for them."""
    options = draw(SETTINGS)
    if name.startswith("max"):
        options["dilation"] = draw(st.integers(1, 2) | PAIR)
    else:
        options["count_include_pad"] = draw(st.booleans())
    kernel = draw(st.tuples(st.integers(1, 4), st.integers(1, 3)))
    shape = draw(st.tuples(*[st.integers(1, 2)] * 2, st.integers(1, 7), st.integers(1, 6)))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    arguments = [rng.integers(-2, 3, shape) / 2, kernel]
    try:
        y = OPERATIONS[name.removesuffix("_backward")][0](*arguments, **options)
    except EngineError:
        assume(False)
    assume(np.isfinite(y).all())
    if name.endswith("backward"):
        arguments.insert(0, rng.normal(size=y.shape))
    return arguments, options


@pytest.mark.parametrize("name", OPERATIONS)
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_replay_gives_the_fast_operation_for_every_option(data, name, assert_replays):
    arguments, options = data.draw(told(name))
    fast, explained = OPERATIONS[name]

    trace = explained(*arguments, **options)

    assert trace.op == name
    assert_replays(trace)
    written = trace.tensors[trace.phases[-1].writes].values
    np.testing.assert_array_equal(written, fast(*arguments, **options))


@pytest.mark.parametrize("name", OPERATIONS)
@settings(deadline=None, max_examples=20)
@given(data=st.data())
def test_boxes_pair_cell_by_cell_and_never_leave_their_tensor(data, name):
    arguments, options = data.draw(told(name))

    trace = OPERATIONS[name][1](*arguments, **options)

    for step in trace:
        phase = trace.phases[step.phase]
        bound = {**phase.reads, phase.writes: phase.writes}
        assert step.bind.keys() == bound.keys()
        for symbol, box in step.bind.items():
            shape = trace.tensors[bound[symbol]].shape
            assert all(0 <= i < n for at in cells(box) for i, n in zip(at, shape, strict=True))
            assert len(cells(box)) in (1, len(step.terms))


@pytest.mark.parametrize("name", OPERATIONS)
@settings(deadline=None, max_examples=10)
@given(data=st.data())
def test_a_step_is_the_same_whenever_it_is_asked_for(data, name):
    arguments, options = data.draw(told(name))
    explained = OPERATIONS[name][1]
    trace, steps = explained(*arguments, **options), list(explained(*arguments, **options))
    order = data.draw(st.lists(st.integers(0, len(trace) - 1), min_size=1, max_size=9))

    assert [trace[n] for n in order] == [steps[n] for n in order]


@pytest.mark.parametrize("name", OPERATIONS)
@settings(deadline=None, max_examples=20)
@given(data=st.data())
def test_symbols_of_a_formula_are_what_its_phase_reads_and_writes(data, name):
    arguments, options = data.draw(told(name))

    trace = OPERATIONS[name][1](*arguments, **options)

    for phase in trace.phases:
        symbols = set(re.findall(r"\\sym\{(\w+)\}", phase.formula))
        assert symbols == {*phase.reads, phase.writes}
        assert set(re.findall(r"\\sym\{(\w+)\}", phase.term)) <= set(phase.reads)


@pytest.mark.parametrize("name", ["max_pool2d", "avg_pool2d", "avg_pool2d_backward"])
@pytest.mark.parametrize(
    ("options", "regular"),
    [
        pytest.param({}, True, id="side by side"),
        pytest.param({"stride": 2}, True, id="with a rest that no window sees"),
        pytest.param({"stride": 2, "ceil_mode": True}, False, id="hanging over the edge"),
        pytest.param({"stride": 1, "ceil_mode": True}, True, id="rounded up without need"),
    ],
)
def test_windows_move_regularly_where_none_hangs_over(rng, name, options, regular):
    x = rng.normal(size=(2, 3, 8, 10))
    y = avg_pool2d(x, 3, **options)
    given = [y, x] if name.endswith("backward") else [x]

    (phase,) = OPERATIONS[name][1](*given, 3, **options).phases

    assert bool(phase.bind) == regular
    assert bool(phase.boxes) != regular
    assert phase.steps == y.size


def test_order_is_image_channel_row_column(rng):
    x = rng.normal(size=(2, 3, 4, 6))

    for options in ({}, {"padding": 1}):
        trace = trace_max_pool2d(x, 2, **options)
        starts = [tuple(start for start, _, _ in step.bind["y"]) for step in trace]
        assert starts == list(np.ndindex(trace.tensors["y"].shape))


def test_one_cell_of_a_large_layer_is_explained_at_once(rng):
    x = rng.normal(size=(1, 96, 112, 112))
    trace = trace_max_pool2d(x, 3, stride=2, padding=1)

    step = trace[(7 * 56 + 20) * 56 + 0]

    assert step.bind["x"] == ((0, 1, 1), (7, 1, 1), (39, 3, 1), (0, 2, 1))
    assert step.results == (x[0, 7, 39:42, 0:2].max(),)


def test_maximum_names_the_first_cell_that_wins():
    x = np.array([[[[1.0, 7.0], [7.0, 2.0]]]])

    step = trace_max_pool2d(x, 2)[0]

    assert (step.terms, step.pick) == ((1.0, 7.0, 7.0, 2.0), 1)
    assert step.running == (1.0, 7.0, 7.0, 7.0)


def test_only_cells_of_the_input_compete():
    x = -np.arange(1.0, 10.0).reshape(1, 1, 3, 3)

    corner, edge, *_ = trace_max_pool2d(x, 3, stride=2, padding=1)

    assert corner.terms == (-1.0, -2.0, -4.0, -5.0)
    assert edge.bind["x"][2:] == ((0, 2, 1), (1, 2, 1))
    assert (edge.pick, edge.results) == (0, (-2.0,))


def test_dilated_window_that_hangs_over_starts_at_its_first_cell_in_the_input(rng):
    x = rng.normal(size=(1, 1, 7, 8))

    step = trace_max_pool2d(x, 3, stride=1, padding=1, dilation=(2, 3))[0]

    assert step.bind["x"][2:] == ((1, 2, 2), (2, 2, 3))


def test_zeros_around_are_shown_where_they_count():
    x = np.full((1, 1, 4, 4), 12.0)
    trace = trace_avg_pool2d(x, 2, padding=1)

    corner = trace[1]

    assert [phase.setup for phase in trace.phases] == [True, False]
    assert corner.terms == (0.0, 0.0, 0.0, 12.0)
    assert corner.running == (0.0, 0.0, 0.0, 12.0, 3.0)
    assert trace.tensors["padded"].extends == "x"


def test_average_over_the_input_alone_is_divided_by_the_cells_left():
    x = np.array([[[[1.0, 2.0, 4.0], [8.0, 16.0, 32.0]]]])
    trace = trace_avg_pool2d(x, 2, ceil_mode=True, count_include_pad=False)

    whole, cut = trace

    assert whole.running == (1.0, 3.0, 11.0, 27.0, 6.75)
    assert (cut.terms, cut.running) == ((4.0, 32.0), (4.0, 36.0, 18.0))
    assert list(trace.tensors) == ["x", "y"]


@pytest.mark.parametrize(
    ("name", "options", "formula"),
    [
        pytest.param(
            "max_pool2d",
            {"stride": 1},
            r"\sym{y}{y_{i,j}} = \max_{u,v} \, \sym{x}{x_{i + u,j + v}}",
            id="maximum, cell by cell",
        ),
        pytest.param(
            "max_pool2d",
            {"stride": (2, 1), "padding": (1, 0), "dilation": 2},
            r"\sym{y}{y_{i,j}} = \max_{u,v} \, \sym{x}{x_{S_H i + du - P_H,j + dv}}",
            id="maximum, with everything",
        ),
        pytest.param(
            "avg_pool2d",
            {"padding": 1},
            r"\sym{y}{y_{i,j}} = \frac{1}{4} \sum_{u} \sum_{v} "
            r"\sym{x}{\tilde{x}_{Si + u,Sj + v}}",
            id="average with zeros around",
        ),
        pytest.param(
            "avg_pool2d",
            {"padding": 1, "count_include_pad": False},
            r"\sym{y}{y_{i,j}} = \frac{1}{n_{i,j}} \sum_{u} \sum_{v} "
            r"\sym{x}{x_{Si + u - P,Sj + v - P}}",
            id="average of the cells there are",
        ),
        pytest.param(
            "max_pool2d_backward",
            {},
            r"\sym{grad_x}{\frac{\partial L}{\partial x_{p,q}}} \mathrel{+}= "
            r"\sym{g}{\frac{\partial L}{\partial y_{i,j}}} \; "
            r"\text{where } \sym{x}{x_{p,q}} \text{ is the largest of the window}",
            id="gradient of a maximum",
        ),
        pytest.param(
            "avg_pool2d_backward",
            {},
            r"\sym{grad_x}{\frac{\partial L}{\partial x_{Si + u,Sj + v}}} \mathrel{+}= "
            r"\frac{1}{4} \cdot \sym{g}{\frac{\partial L}{\partial y_{i,j}}}",
            id="gradient of an average",
        ),
    ],
)
def test_formula_shows_the_settings_that_matter(rng, name, options, formula):
    x = rng.normal(size=(1, 1, 6, 8))
    y = OPERATIONS[name.removesuffix("_backward")][0](x, 2, **options)
    given = [y, x] if name.endswith("backward") else [x]

    trace = OPERATIONS[name][1](*given, 2, **options)

    assert trace.phases[-1].formula == formula


def test_several_channels_have_an_index_of_their_own(rng):
    formula = trace_max_pool2d(rng.normal(size=(1, 3, 4, 4)), 2).phases[0].formula

    assert formula == r"\sym{y}{y_{c,i,j}} = \max_{u,v} \, \sym{x}{x_{c,Si + u,Sj + v}}"
