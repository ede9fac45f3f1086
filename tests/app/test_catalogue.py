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
from app.math import mathml, mathml_slots, symbols
from engine import conv2d, kernels

MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


@st.composite
def inputs(draw, least=(1, 1), channels=None):
    return {
        "preset": draw(st.sampled_from(["integers", "edges", "ramp", "digit", "random"])),
        "seed": draw(st.integers(0, 99)),
        "height": max(least[0], draw(st.integers(1, 8))),
        "width": max(least[1], draw(st.integers(1, 8))),
        "channels": draw(st.integers(1, 3)) if channels is None else channels,
    }


def paddings(most, *, words=()):
    cells = st.integers(0, most)
    forms = cells | st.tuples(cells, cells) | st.tuples(cells, cells, cells, cells)
    return forms | st.sampled_from(words) if words else forms


@st.composite
def convolutions(draw):
    groups, depth, filters = (draw(st.integers(1, 2)) for _ in range(3))
    preset = draw(st.sampled_from(["integers", "random", *kernels]))
    frame = kernels[preset].taps.shape if preset in kernels else (1, 1)
    taps = [draw(st.integers(least, least + 2)) for least in frame]
    stride, dilation = (draw(st.tuples(*[st.integers(1, 3)] * 2)) for _ in range(2))
    # Large enough for the filter without padding, and for two mirrored cells.
    least = [max(3, d * (f - 1) + 1) for d, f in zip(dilation, taps, strict=True)]
    sign = [draw(st.sampled_from(["on", "off"])) for _ in range(groups * filters)]
    edits = [[k, float(k) - 0.5] for k, chosen in enumerate(sign) if chosen == "on"]
    return {
        "op": "conv2d",
        "x": draw(inputs(least, groups * depth)),
        "weight": {
            "preset": preset,
            "height": taps[0],
            "width": taps[1],
            "filters": groups * filters,
        },
        "stride": stride,
        "dilation": dilation,
        "padding": draw(paddings(2, words=["valid"] if stride != (1, 1) else ["valid", "same"])),
        "padding_mode": draw(st.sampled_from(["zeros", "replicate"])),
        "groups": groups,
        "bias": draw(st.sampled_from([False, {"on": True, "edits": edits}])),
        "flip": draw(st.booleans()),
    }


@st.composite
def mirrored_convolutions(draw):
    body = draw(convolutions())
    padding = draw(paddings(2))
    return body | {
        "padding": padding,
        "padding_mode": draw(st.sampled_from(["reflect", "circular"])),
    }


@st.composite
def borders(draw):
    mode = draw(st.sampled_from(list(MODES)))
    x = draw(inputs())
    most = min(x["height"], x["width"]) - (mode == "reflect")
    wide = most if mode in ("reflect", "circular") else 16
    return {"op": "padding", "x": x, "padding": draw(paddings(wide)), "padding_mode": mode}


@st.composite
def sizes(draw):
    taps, dilation = draw(st.integers(1, 12)), draw(st.integers(1, 4))
    room = draw(st.integers(0, 99_000))
    return {
        "op": "output_size",
        "size": dilation * (taps - 1) + 1 + room,
        "filter": taps,
        "stride": draw(st.integers(1, 100)),
        "padding": draw(st.integers(0, 50) | st.tuples(st.integers(0, 50), st.integers(0, 50))),
        "dilation": dilation,
        "axis": draw(st.sampled_from(["row", "column"])),
    }


BODIES = {
    "conv2d": convolutions() | mirrored_convolutions(),
    "padding": borders(),
    "output_size": sizes(),
}


def convolved(request):
    x = request.x.array()
    taps, divisor = request.weight.array(x.shape[1] // request.groups)
    y = conv2d(
        x,
        taps[:, :, ::-1, ::-1] if request.flip else taps,
        stride=request.stride,
        padding=request.padding,
        dilation=request.dilation,
        groups=request.groups,
        padding_mode=request.padding_mode,
    )
    bias = request.bias.array(len(taps)) if request.bias.on else np.zeros(len(taps))
    return {"y": y / divisor + bias[:, None, None]}


def bordered(request):
    sides = ((0, 0), (0, 0), *request.padding)
    return {"padded": np.pad(request.x.array(), sides, mode=MODES[request.padding_mode])}


def counted(request):
    room = request.size + sum(request.padding) - (request.dilation * (request.filter - 1) + 1)
    return {"W2" if request.axis == "column" else "H2": room // request.stride + 1}


FAST = {"conv2d": convolved, "padding": bordered, "output_size": counted}
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
