"""The numbers of all steps of a phase together, for whoever needs every one of them.

A step by itself is explained by `Trace.step`, which is the definition. Most phases move every box
by the same rule, so that all their steps can be read and added up with a few array operations, term
by term in the same order: the same floats to the last bit, many times sooner. A step whose sum may
be rounding is carried out by itself, as are those of all other phases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.carried_out import CarriedOut
from engine.phases import Phase, Step, Tensor, Values
from engine.rounding import may_be_rounding
from engine.trace import Outcome, Trace
from engine.walk import Walk

Truths = npt.NDArray[np.bool_]
Numbers = Sequence[float] | Values

# A few steps are carried out one by one sooner than arrays are made.
_FEW = 8


@dataclass(frozen=True)
class PhaseNumbers:
    """What the steps of a phase compute, one step after the other in flat arrays.

    Attributes
    ----------
    terms, running, partial, results : sequence or array of float
        As in `Step`.
    picks : sequence of int or None
        The term that wins in each step.
    cancels : sequence of int
        The steps whose sum is 0 though their terms are not.
    """

    terms: Numbers
    running: Numbers
    partial: Numbers
    results: Numbers
    picks: Sequence[int | None]
    cancels: Sequence[int]


def phase_numbers(trace: Trace, index: int) -> PhaseNumbers:
    """Carry out all steps of a phase.

    Parameters
    ----------
    trace : Trace
        The explanation of an operation.
    index : int
        Which of its phases.

    Returns
    -------
    PhaseNumbers
    """
    phase = trace.phases[index]
    if isinstance(trace, CarriedOut):
        return gathered(trace.outcomes(index))
    if phase.boxes or phase.cancels or phase.steps < _FEW:
        return gathered([trace.step(index, turn) for turn in range(phase.steps)])
    # As numbers of Python do, those of arrays overflow to infinity in silence here.
    with np.errstate(all="ignore"):
        return _at_once(trace, index)


def gathered(steps: Sequence[Step | Outcome]) -> PhaseNumbers:
    """Put the numbers of steps of one phase one after the other."""
    return PhaseNumbers(
        terms=list(chain.from_iterable(step.terms for step in steps)),
        running=list(chain.from_iterable(step.running for step in steps)),
        partial=list(chain.from_iterable(step.partial for step in steps)),
        results=list(chain.from_iterable(step.results for step in steps)),
        picks=[step.pick for step in steps],
        cancels=[turn for turn, step in enumerate(steps) if step.cancels],
    )


def cells_written(phase: Phase, tensor: Tensor) -> npt.NDArray[np.intp]:
    """List the cells that the steps of a phase write, by their place in the flattened tensor."""
    rows = Walk(phase).rows(phase.writes, tensor)
    return np.array(list(chain.from_iterable(rows)), dtype=np.intp)


def _at_once(trace: Trace, index: int) -> PhaseNumbers:
    phase = trace.phases[index]
    walk = Walk(phase)
    operands = [_read(trace, phase, symbol, walk) for symbol in phase.factors]
    shape = (phase.steps, max(values.shape[1] for values in operands))
    # The formula is for one term: it may be more than arithmetic, and arrays may round otherwise.
    columns = [np.broadcast_to(values, shape).ravel().tolist() for values in operands]
    flat = [phase.evaluate(*numbers) + 0.0 for numbers in zip(*columns, strict=True)]
    terms = np.array(flat, dtype=np.float64).reshape(shape)
    if phase.combine == "each":
        return PhaseNumbers(
            terms.ravel(), (), (), terms.ravel(), picks=[None] * phase.steps, cancels=[]
        )
    if phase.combine == "max":
        so_far = np.maximum.accumulate(terms, axis=1)
        picks = terms.argmax(axis=1).tolist()
        return PhaseNumbers(terms.ravel(), so_far.ravel(), (), so_far[:, -1], picks, cancels=[])
    return _added_up(trace, index, walk, terms)


def _read(trace: Trace, phase: Phase, symbol: str, walk: Walk) -> npt.NDArray[Any]:
    """Give the numbers of a symbol's box: one row for each step."""
    tensor = trace.tensors[phase.reads[symbol]]
    return tensor.values.ravel()[walk.cells(symbol, tensor)]


def _added_up(trace: Trace, index: int, walk: Walk, terms: Values) -> PhaseNumbers:
    phase = trace.phases[index]
    count = terms.shape[1]
    running, doubtful = _sums(terms)
    divisor = float(count) if phase.combine == "mean" else phase.divisor
    size = np.abs(terms).sum(axis=1) / divisor
    if divisor != 1.0:
        running = np.column_stack([running, running[:, -1] / divisor])
    for number, symbol in enumerate(phase.extra, 1):
        once = _read(trace, phase, symbol, walk)[:, 0]
        size = size + np.abs(once)
        total = running[:, -1] + once
        doubtful |= may_be_rounding(total, size, count + number)
        running = np.column_stack([running, total])
    partial, uncertain = _subtotals(trace, phase, terms)
    for turn in np.flatnonzero(doubtful | uncertain).tolist():
        step = trace.step(index, turn)
        running[turn] = step.running
        partial[turn] = step.partial
    results = running[:, -1]
    return PhaseNumbers(
        terms=terms.ravel(),
        running=running.ravel(),
        partial=partial.ravel(),
        results=results,
        picks=[None] * phase.steps,
        cancels=np.flatnonzero((results == 0) & terms.any(axis=1)).tolist(),
    )


def _sums(terms: Values) -> tuple[Values, Truths]:
    """Add up terms along the last axis, and tell which rows have sums that may be rounding."""
    sums: Values = np.add.accumulate(terms, axis=-1)
    size = np.abs(terms).sum(axis=-1, keepdims=True)
    doubtful: Truths = np.any(may_be_rounding(sums, size, terms.shape[-1]), axis=-1)
    return sums, doubtful


def _subtotals(trace: Trace, phase: Phase, terms: Values) -> tuple[Values, Truths]:
    """Add up the terms of each cell along the axis that has subtotals, if it has several."""
    steps = len(terms)
    parts = trace.parts_of(phase, 0)
    if parts == 1:
        return np.empty((steps, 0)), np.zeros(steps, dtype=np.bool_)
    sums, doubtful = _sums(terms.reshape(steps, parts, -1))
    uncertain: Truths = np.any(doubtful, axis=-1)
    return sums.reshape(steps, -1), uncertain
