"""What is true of every trace, whatever it tells. A new trace is one more line of `traced.py`."""

from __future__ import annotations

import re
from itertools import accumulate

import numpy as np
import pytest

from engine.boxes import cells, range_of
from tests.engine.traced import TRACES


@pytest.fixture(scope="module", params=TRACES.values(), ids=TRACES.keys())
def make(request):
    """Build the same trace again and again."""

    def build():
        numbers = np.random.default_rng(31)
        return request.param(lambda *shape: numbers.normal(size=shape))

    return build


@pytest.fixture(scope="module")
def trace(make):
    return make()


def symbols(latex):
    return re.findall(r"\\sym\{([A-Za-z][A-Za-z0-9_]*)\}", latex)


def where(box):
    return np.ix_(*(range_of(*part) for part in box)) if box else ()


def stepwise(trace):
    """Give each step with its phase and with all tensors as they are before it."""
    written = {phase.writes for phase in trace.phases}
    state = {
        name: np.full(t.shape, np.nan if t.fill is None else t.fill)
        if name in written
        else t.values
        for name, t in trace.tensors.items()
    }
    for step in trace:
        phase = trace.phases[step.phase]
        yield step, phase, state
        box = step.bind[phase.writes]
        results = np.reshape(step.results, tuple(count for _, count, _ in box))
        if phase.adds:
            np.add.at(state[phase.writes], where(box), results)
        else:
            state[phase.writes][where(box)] = results


def binds_its_symbols_to_boxes_inside_their_tensors(trace, phase, step, state):
    tensors = {**phase.reads, phase.writes: phase.writes}
    return set(step.bind) == set(tensors) and all(
        0 <= min(along) <= max(along) < length
        for symbol, box in step.bind.items()
        for part, length in zip(box, trace.tensors[tensors[symbol]].shape, strict=True)
        for along in [range_of(*part)]
    )


def has_boxes_of_one_cell_or_of_the_common_number(trace, phase, step, state):
    return (
        {len(cells(step.bind[symbol])) for symbol in phase.factors} <= {1, len(step.terms)}
        and {len(cells(step.bind[symbol])) for symbol in phase.extra} <= {1}
        and len(cells(step.bind[phase.writes])) == len(step.results)
    )


def shows_sums_that_add_up_again_to_within_their_rounding(trace, phase, step, state):
    """Add, or take the larger, term by term; then divide; then add what is added once."""
    if phase.combine == "each":
        return (step.running, step.results) == ((), step.terms)
    if phase.combine == "max":
        shown = tuple(accumulate(step.terms, max))
        pick = step.terms.index(shown[-1])
        return (step.running, step.results, step.pick) == (shown, shown[-1:], pick)
    shown = list(accumulate(step.terms))
    divisor = len(step.terms) if phase.combine == "mean" else phase.divisor
    shown += [shown[-1] / divisor] if divisor != 1 else []
    for symbol in phase.extra:
        shown.append(shown[-1] + trace.read(phase.reads[symbol], step.bind[symbol])[0])
    sizes = np.abs([*step.terms, *step.running]).sum()
    again = np.allclose(step.running, shown, rtol=0, atol=1e-15 * sizes)
    return again and step.results == step.running[-1:]


def makes_no_number_of_rounding(trace, phase, step, state):
    """Hold sums that are not 0 against their terms, which are within 1e-16 of themselves."""
    if phase.combine not in ("sum", "mean"):
        return True
    sums = np.abs([total for total in (*step.running, *step.partial) if total])
    return np.all(sums > 2e-16 * np.abs(step.terms).max() / max(phase.divisor, len(step.terms)))


def starts_partial_sums_again_with_every_subtotal(trace, phase, step, state):
    """Split the terms along the axis of the subtotals: the outermost that they run along."""
    if phase.subtotals is None:
        return step.partial == ()
    symbol = phase.factors[0]
    axis = trace.tensors[phase.reads[symbol]].axes.index(phase.subtotals)
    *outer, parts = [count for _, count, _ in step.bind[symbol][: axis + 1]]
    sums = np.cumsum(np.reshape(step.terms, (parts, -1)), axis=1).ravel()
    same = np.allclose(step.partial, sums if parts > 1 else [], rtol=1e-12, atol=1e-15)
    return set(outer) <= {1} and same


def reads_only_what_was_given_or_is_finished(trace, phase, step, state):
    return all(
        np.allclose(state[name][at], trace.tensors[name].values[at], rtol=1e-9, atol=1e-12)
        for symbol, name in phase.reads.items()
        for at in [where(step.bind[symbol])]
    )


def writes_what_was_empty_unless_it_adds(trace, phase, step, state):
    target = state[phase.writes][where(step.bind[phase.writes])]
    blank = trace.tensors[phase.writes].fill
    return phase.adds or np.all(np.isnan(target) if blank is None else target == blank)


@pytest.mark.parametrize(
    "law",
    [
        binds_its_symbols_to_boxes_inside_their_tensors,
        has_boxes_of_one_cell_or_of_the_common_number,
        shows_sums_that_add_up_again_to_within_their_rounding,
        makes_no_number_of_rounding,
        starts_partial_sums_again_with_every_subtotal,
        reads_only_what_was_given_or_is_finished,
        writes_what_was_empty_unless_it_adds,
    ],
    ids=lambda law: law.__name__,
)
def test_every_step(law, trace):
    faults = [
        (phase.title, step.turn)
        for step, phase, state in stepwise(trace)
        if not law(trace, phase, step, state)
    ]

    assert faults == []


def test_steps_write_every_tensor_as_the_fast_operation_gave_it(trace, assert_replays):
    assert_replays(trace)


def test_a_step_alone_equals_the_step_in_order(make):
    steps, alone = list(make()), make()
    order = np.random.default_rng(7).permutation(len(steps)).tolist()

    assert [alone[n] for n in order] == [steps[n] for n in order]


def test_formulas_name_what_they_read_and_write(trace):
    named = [set(symbols(phase.formula)) for phase in trace.phases]

    assert named == [{*phase.reads, phase.writes} for phase in trace.phases]
    assert all(set(symbols(phase.term)) <= set(phase.factors) for phase in trace.phases)
    assert set(symbols(trace.formula)) <= set(trace.tensors)


def test_what_is_added_to_is_written_in_no_other_way_and_starts_at_zero(trace):
    added = {phase.writes for phase in trace.phases if phase.adds}

    assert added.isdisjoint(phase.writes for phase in trace.phases if not phase.adds)
    assert {trace.tensors[name].fill for name in added} <= {0.0}


def test_what_prepares_reads_only_what_was_given_or_prepared(trace):
    played = {phase.writes for phase in trace.phases if not phase.setup}
    reads = {tensor for phase in trace.phases if phase.setup for tensor in phase.reads.values()}

    assert played.isdisjoint(reads)


def test_phases_of_a_group_have_the_same_number_of_steps(trace):
    lengths = {(phase.group, phase.steps) for phase in trace.phases if phase.group}

    assert len(lengths) == len({group for group, _ in lengths})


def test_tensors_are_called_as_they_are_filed_and_extend_one_another(trace):
    assert [t.name for t in trace.tensors.values()] == list(trace.tensors)
    assert all(re.fullmatch("[A-Za-z][A-Za-z0-9_]*", name) for name in trace.tensors)
    assert {t.extends for t in trace.tensors.values()} <= {None, *trace.tensors}
    assert all(len(t.axes) == len(t.shape) for t in trace.tensors.values())


def test_the_step_that_a_cell_asks_for_writes_it(trace):
    lost = [
        (phase.title, cell)
        for n, phase in enumerate(trace.phases)
        for cell in cells(trace.step(n, phase.steps - 1).bind[phase.writes])
        if cell not in cells(trace.step(n, phase.turn_writing(cell)).bind[phase.writes])
    ]

    assert lost == []
