"""Laws that hold for every operation of the catalogue, whatever its settings."""

from __future__ import annotations

import re
from typing import get_args
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalogue import OPERATIONS
from app.controls import controls_of
from app.math import mathml, mathml_slots, symbols
from tests.app import drawn_centred, drawn_convolutions, drawn_norms, drawn_pooling

DRAWN = (drawn_convolutions, drawn_centred, drawn_pooling, drawn_norms)
BODIES = {op: bodies for kind in DRAWN for op, bodies in kind.BODIES.items()}
FAST = {op: fast for kind in DRAWN for op, fast in kind.FAST.items()}
every_operation = pytest.mark.parametrize("op", OPERATIONS)


def drawn(data, op):
    """Draw a request and explain it."""
    operation = OPERATIONS[op]
    request = operation.request.model_validate(data.draw(BODIES[op]))
    return request, operation.explain(request)


def root_of(markup):
    """Parse MathML, whose invisible operators are entities that only HTML knows."""
    return ElementTree.fromstring(re.sub(r"&[A-Z]\w+;", "", markup)).tag


def test_every_operation_is_held_to_the_laws():
    assert BODIES.keys() == FAST.keys() == OPERATIONS.keys()


@every_operation
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_steps_give_what_the_fast_operation_gives(op, data):
    request, explanation = drawn(data, op)

    replayed = explanation.trace.replay()

    for name, values in FAST[op](request).items():
        np.testing.assert_allclose(replayed[name], values, rtol=1e-9, atol=1e-9)


@every_operation
@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_steps_give_every_tensor_that_is_shown_finished(op, data):
    _, explanation = drawn(data, op)

    for trace in (explanation.trace, *explanation.sizes):
        replayed = trace.replay()
        for name, tensor in trace.tensors.items():
            np.testing.assert_allclose(replayed[name], tensor.values, rtol=1e-9, atol=1e-9)


@every_operation
@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_formula_names_exactly_what_its_phase_reads_and_writes(op, data):
    _, explanation = drawn(data, op)

    phases = [phase for trace in (explanation.trace, *explanation.sizes) for phase in trace.phases]

    assert [set(symbols(phase.formula)) for phase in phases] == [
        {*phase.reads, phase.writes} for phase in phases
    ]
    assert [set(symbols(phase.term)) for phase in phases] == [
        set(phase.factors) for phase in phases
    ]


@every_operation
@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_every_formula_can_be_typeset(op, data):
    _, explanation = drawn(data, op)

    for trace in (explanation.trace, *explanation.sizes):
        latex = [text for phase in trace.phases for text in (phase.formula, phase.term)]
        for text in filter(None, [*latex, trace.formula]):
            assert root_of(mathml(text)) == root_of(mathml_slots(text)) == "math"


@every_operation
@settings(deadline=None, max_examples=15)
@given(data=st.data())
def test_a_step_does_not_depend_on_the_steps_asked_before(op, data):
    request, explanation = drawn(data, op)
    last = len(explanation.trace) - 1
    order = data.draw(st.lists(st.integers(0, last), min_size=1, max_size=8))

    alone = [explanation.trace[n] for n in order]

    assert alone == [OPERATIONS[op].explain(request).trace[n] for n in order]


@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_sizes_told_beside_a_convolution_are_those_of_its_output(data):
    _, explanation = drawn(data, "conv2d")

    trace, names = explanation.trace, explanation.names
    columns, rows = explanation.sizes[0].replay(), explanation.sizes[-1].replay()
    filters, height, width = trace.tensors["y"].shape[1:]
    # One formula tells both sizes where rows are counted as columns are.
    assert (rows.get("H2", columns["W2"]), columns["W2"]) == (height, width)
    assert [names[name] for name in ("K", "H2", "W2")] == [filters, height, width]
    last = len(trace.phases) - 1
    assert names["multiplications"] == sum(len(s.terms) for s in trace if s.phase == last)


@every_operation
def test_operation_has_a_title_and_a_request_that_carries_its_id(op):
    operation = OPERATIONS[op]

    assert operation.id == op
    assert operation.title
    assert get_args(operation.request.model_fields["op"].annotation) == (op,)
    assert operation.request.model_fields["op"].is_required()


def test_titles_tell_operations_apart():
    titles = [operation.title for operation in OPERATIONS.values()]

    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("op", [op for op, row in OPERATIONS.items() if row.backward])
def test_gradients_are_asked_with_all_settings_of_the_forward_pass(op):
    forward, backward = (
        {control.key: control for control in controls_of(OPERATIONS[name].request)}
        for name in (op, OPERATIONS[op].backward)
    )

    assert forward.items() <= backward.items()
    assert {backward[key].section for key in backward.keys() - forward.keys()} == {"Gradient"}
