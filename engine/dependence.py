"""How one number of a trace follows from any tensor on the way to it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.boxes import Box, cells
from engine.phases import Phase, Values
from engine.trace import Trace

# The phase, and for each of its turns the places of its operands and of what it writes.
_Compiled = tuple[Phase, list[tuple[list[list[int]], list[int]]]]


def dependence(trace: Trace, of: str, on: str) -> Callable[[Values], float]:
    """Make the function that gives one number when a tensor is moved.

    Parameters
    ----------
    trace : Trace
        What is computed, with sums, means and single terms only.
    of : str
        A tensor of a single cell, written after `on`.
    on : str
        The tensor that is moved. The phases that write it are left out; those that read it, or
        anything that follows from it, are carried out again; all else is held.

    Returns
    -------
    callable
        Takes values of the shape of `on` and gives the number.

    Examples
    --------
    >>> from engine.batch_norm_pass_trace import trace_batch_norm_pass
    >>> x, one = np.array([[1.0], [3.0]]), np.ones(1)
    >>> trace = trace_batch_norm_pass(x, one, 0 * one, target=x)
    >>> loss = dependence(trace, "loss", "y")
    >>> float(loss(x)), float(loss(x + 1))
    (0.0, 1.0)
    """
    follows = {on}
    again: list[_Compiled] = []
    for phase in trace.phases:
        if phase.writes != on and not follows.isdisjoint(phase.reads.values()):
            follows.add(phase.writes)
            again.append(_compiled(trace, phase))
        if of in follows and phase.writes == of:
            break
    held = {name: tensor.values.ravel().tolist() for name, tensor in trace.tensors.items()}
    empty = {
        phase.writes: [trace.tensors[phase.writes].fill or 0.0] * len(held[phase.writes])
        for phase, _ in again
    }

    def number(moved: Values) -> float:
        state = held | {name: list(values) for name, values in empty.items()}
        state[on] = np.asarray(moved, dtype=np.float64).ravel().tolist()
        for phase, turns in again:
            _carry_out(phase, turns, state)
        return state[of][0]

    return number


def _compiled(trace: Trace, phase: Phase) -> _Compiled:
    """Look up where every step of a phase reads and writes, once for many times."""
    turns = []
    for turn in range(phase.steps):
        boxes = phase.boxes_at(turn)
        read = [_places(trace, phase.reads[symbol], boxes[symbol]) for symbol in phase.reads]
        count = max(map(len, read))
        turns.append(
            (
                [places * count if len(places) == 1 else places for places in read],
                _places(trace, phase.writes, boxes[phase.writes]),
            )
        )
    return phase, turns


def _places(trace: Trace, tensor: str, box: Box) -> list[int]:
    shape = trace.tensors[tensor].shape
    return [int(np.ravel_multi_index(cell, shape)) if cell else 0 for cell in cells(box)]


def _carry_out(
    phase: Phase, turns: list[tuple[list[list[int]], list[int]]], state: dict[str, list[float]]
) -> None:
    operands = [state[name] for name in phase.reads.values()]
    written = state[phase.writes]
    for read, write in turns:
        columns = [
            [values[at] for at in places] for values, places in zip(operands, read, strict=True)
        ]
        terms = [phase.evaluate(*numbers) for numbers in zip(*columns, strict=True)]
        results = terms if phase.combine == "each" else [_combined(phase, terms)]
        for at, result in zip(write, results, strict=True):
            written[at] = written[at] + result if phase.adds else result


def _combined(phase: Phase, terms: list[float]) -> float:
    return sum(terms) / (len(terms) if phase.combine == "mean" else phase.divisor)
