"""The mechanism, on traces so small that every number can be checked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.boxes import span
from engine.trace import Trace
from tests.engine.small_traces import phase, tensor, total

NAN = math.nan


def copies(size, **settings):
    """Trace the copying of so many entries, one a step."""
    rule = phase(loop={"at": size}, bind={"x": [span(at=1)], "y": [span(at=1)]}, **settings)
    values = np.arange(1.0, size + 1)
    return Trace("copy", [tensor("x", values), tensor("y", values)], [rule])


def paired(w, x):
    """List the terms 10 w + x of two boxes of one step."""
    rule = phase(
        lambda w, x: 10 * w + x,
        reads=("w", "x"),
        bind={"w": [span(count=len(w))], "x": [span(count=len(x))], "y": []},
    )
    trace = Trace("pair", [tensor("w", w), tensor("x", x), tensor("y", 0)], [rule])
    return trace[0].terms


def test_boxes_of_a_step_are_paired_cell_by_cell():
    assert paired([1, 2, 3], [4, 5, 6]) == (14.0, 25.0, 36.0)


def test_a_single_cell_is_repeated_beside_many():
    assert paired([7], [1, 2, 3]) == (71.0, 72.0, 73.0)
    assert paired([1, 2, 3], [7]) == (17.0, 27.0, 37.0)


def test_boxes_of_different_sizes_do_not_go_together():
    with pytest.raises(ValueError, match="zip"):
        paired([1, 2], [1, 2, 3])


def test_window_of_a_matrix_is_read_row_by_row_with_its_own_steps():
    x = tensor("x", np.arange(20).reshape(4, 5))
    rule = phase(bind={"x": [span(3, count=2, step=-2), span(count=3, step=2)], "y": []})

    step = Trace("window", [x, tensor("y", 0)], [rule])[0]

    assert step.terms == (15.0, 17.0, 19.0, 5.0, 7.0, 9.0)


@pytest.mark.parametrize(
    ("combine", "running", "result"),
    [
        pytest.param("sum", (3.0, 4.0, 8.0), 8.0, id="sum"),
        pytest.param("mean", (3.0, 4.0, 8.0, 8 / 3), 8 / 3, id="mean, divided at the end"),
        pytest.param("max", (3.0, 3.0, 4.0), 4.0, id="maximum so far"),
    ],
)
def test_terms_are_combined_in_the_order_shown(combine, running, result):
    step = total([3, 1, 4], combine=combine)[0]

    assert (step.terms, step.running, step.results) == ((3.0, 1.0, 4.0), running, (result,))


def test_each_term_goes_to_a_cell_of_its_own():
    rule = phase(
        lambda x: x * x, combine="each", bind={"x": [span(count=3)], "y": [span(2, count=3)]}
    )
    trace = Trace("square", [tensor("x", [1, 2, 3]), tensor("y", np.zeros(6))], [rule])

    assert trace[0].results == (1.0, 4.0, 9.0)
    np.testing.assert_array_equal(trace.replay()["y"], [NAN, NAN, 1, 4, 9, NAN])


def test_sum_is_divided_first_and_then_the_extra_terms_are_added():
    rule = phase(
        reads=("x", "b"),
        bind={"x": [span(count=2)], "b": [span(1)], "y": []},
        divisor=4,
        extra=("b",),
    )
    trace = Trace("blur", [tensor("x", [3, 5]), tensor("b", [9, 100]), tensor("y", 0)], [rule])

    step = trace[0]

    assert (step.terms, step.running) == ((3.0, 5.0), (3.0, 8.0, 2.0, 102.0))
    assert step.results == (102.0,)


def test_partial_sums_start_again_with_every_row():
    rule = phase(bind={"x": [span(count=2), span(count=3)], "y": []}, subtotals="row")
    trace = Trace("rows", [tensor("x", [[1, 2, 3], [4, 5, 6]]), tensor("y", 0)], [rule])

    step = trace[0]

    assert step.partial == (1.0, 3.0, 6.0, 4.0, 9.0, 15.0)
    assert step.running == (1.0, 3.0, 6.0, 10.0, 15.0, 21.0)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=12))
def test_shown_sums_add_up_again_to_the_last_bit_or_cancel(x):
    step = total(x)[0]

    added = [a + term for a, term in zip([0.0, *step.running], step.terms, strict=False)]
    rounding = 2e-15 * sum(map(abs, x))
    pairs = zip(added, step.running, strict=True)
    assert all(b == a or (b == 0 and abs(a) <= rounding) for a, b in pairs)
    assert step.results == (step.running[-1],)


@pytest.mark.parametrize(
    ("x", "pick", "running"),
    [
        pytest.param([1, 7, 7, 2], 1, (1, 7, 7, 7), id="the first of equal ones"),
        pytest.param([-3, -1, -2], 1, (-3, -1, -1), id="all negative"),
        pytest.param([1, NAN, 9], 1, (1, NAN, NAN), id="NaN wins"),
        pytest.param([NAN, 9, NAN], 0, (NAN, NAN, NAN), id="the first NaN wins"),
        pytest.param([-math.inf, -math.inf], 0, (-math.inf, -math.inf), id="padding alone"),
    ],
)
def test_maximum_says_which_term_decided(x, pick, running):
    step = total(x, combine="max")[0]

    assert step.pick == pick
    np.testing.assert_array_equal(step.running, running)
    np.testing.assert_array_equal(step.results, [x[pick]])


def test_no_step_makes_a_negative_zero():
    multiply = total([0.0, -0.0, 3.0], evaluate=lambda x: -0.0 * x)

    step = multiply[0]

    signs = [math.copysign(1, value) for value in (*step.terms, *step.running, *step.results)]
    assert signs == [1.0] * 7


def test_overlapping_windows_of_a_phase_that_adds_accumulate():
    spread = phase(
        lambda x, w: x * w,
        reads=("x", "w"),
        combine="each",
        adds=True,
        loop={"at": 3},
        bind={"x": [span(at=1)], "w": [span(count=2)], "y": [span(count=2, at=1)]},
    )
    tensors = [tensor("x", [1, 2, 3]), tensor("w", [10, 0.5]), tensor("y", np.zeros(4), fill=0)]

    replayed = Trace("scatter", tensors, [spread]).replay()

    np.testing.assert_array_equal(replayed["y"], [10, 20.5, 31, 1.5])


def test_two_routes_to_one_cell_add_up():
    once = phase(bind={"x": [span(0)], "y": []}, adds=True)
    again = phase(lambda x: 10 * x, bind={"x": [span(1)], "y": []}, adds=True)

    trace = Trace("chain", [tensor("x", [2, 3]), tensor("y", 32, fill=0)], [once, again])

    assert trace.replay()["y"] == 32


@pytest.mark.parametrize(
    ("groups", "order"),
    [
        pytest.param((None, None), [(0, 0), (0, 1), (1, 0), (1, 1)], id="one after the other"),
        pytest.param(("g", "g"), [(0, 0), (1, 0), (0, 1), (1, 1)], id="step by step together"),
        pytest.param(("g", "h"), [(0, 0), (0, 1), (1, 0), (1, 1)], id="two groups"),
    ],
)
def test_phases_of_a_group_advance_together(groups, order):
    bind = {"x": [span(at=1)], "y": [span(at=1)]}
    phases = [phase(loop={"at": 2}, bind=bind, group=group) for group in groups]
    trace = Trace("group", [tensor("x", [1, 2]), tensor("y", [1, 2])], phases)

    assert [(step.phase, step.turn) for step in trace] == order


def test_group_in_the_middle_leaves_the_others_in_their_place():
    bind = {"x": [span(at=1)], "y": [span(at=1)]}
    names = [None, "g", "g", None]
    phases = [phase(loop={"at": 2}, bind=bind, group=group) for group in names]
    trace = Trace("group", [tensor("x", [1, 2]), tensor("y", [1, 2])], phases)

    assert [step.phase for step in trace] == [0, 0, 1, 2, 1, 2, 3, 3]


def test_phase_that_prepares_is_a_step_like_any_other():
    trace = copies(3, setup=True)

    assert len(trace) == 3
    np.testing.assert_array_equal(trace.replay()["y"], [1, 2, 3])


@pytest.mark.parametrize(("fill", "rest"), [(None, NAN), (0.0, 0.0), (-7.5, -7.5)])
def test_cells_that_no_step_writes_keep_the_fill_or_stay_empty(fill, rest):
    rule = phase(bind={"x": [span(1)], "y": [span(2)]})
    y = tensor("y", np.zeros(4), fill=fill)

    replayed = Trace("one", [tensor("x", [5, 6]), y], [rule]).replay()

    np.testing.assert_array_equal(replayed["y"], [rest, rest, 6, rest])


def test_replay_changes_nothing_that_was_given():
    trace = copies(3)

    trace.replay()["y"][:] = 0

    np.testing.assert_array_equal(trace.tensors["y"].values, [1, 2, 3])


@pytest.mark.parametrize("index", [-1, -5, 0, 4])
def test_step_is_counted_from_either_end(index):
    trace = copies(5)

    assert trace[index].results == (list(range(1, 6))[index],)


@pytest.mark.parametrize("cut", [slice(1, 4), slice(None, None, -2), slice(-2, None), slice(9, 2)])
def test_slice_gives_the_steps_that_a_list_would(cut):
    trace = copies(5)

    assert trace[cut] == list(trace)[cut]


@pytest.mark.parametrize("index", [5, -6])
def test_step_outside_the_trace_is_an_index_error(index):
    with pytest.raises(IndexError, match=f"step {index} of a trace of 5 steps"):
        copies(5)[index]


@given(st.permutations(range(6)))
def test_a_step_alone_equals_the_step_in_order(order):
    def make():
        bind = {"x": [span(count=3, step=2), span(count=2, step=0, at=1)], "y": [span(at=1)]}
        x = tensor("x", np.sin(np.arange(30.0)).reshape(5, 6))
        return Trace("lazy", [x, tensor("y", np.zeros(6))], [phase(loop={"at": 6}, bind=bind)])

    steps, alone = list(make()), make()

    assert [alone[n] for n in order] == [steps[n] for n in order]


def test_steps_are_made_only_when_asked_for():
    seen = []
    trace = total([1, 2], evaluate=lambda x: seen.append(x) or x)

    made_before = list(seen)
    trace.step(0, 0)

    assert (made_before, seen) == ([], [1.0, 2.0])
