"""A trace as compact JSON: each tensor once, boxes as rules, numbers in flat arrays.

What a reader of the wire can look up is never repeated: a step sends the results of its terms,
while the cells it reads and writes are found through its boxes.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from app.explanation import Explanation
from app.math import mathml, mathml_slots
from app.settings import Settings
from engine.carried_out import CarriedOut
from engine.phase_numbers import Numbers, PhaseNumbers, cells_written, gathered, phase_numbers
from engine.phases import Phase, Tensor, Values
from engine.rounding import Shares
from engine.trace import Trace

_WHOLE = 2**53
# So few numbers are written one by one sooner than an array is made of them.
_FEW = 24


def encode(explanation: Explanation, limits: Settings) -> dict[str, Any]:
    """Give an explanation as plain data, ready for orjson.

    Steps travel with their terms when the trace is playable; otherwise the page asks for single
    ones, and `reason` says why.
    """
    reason = not_playable(explanation.trace, limits)
    return {
        **encode_trace(explanation.trace, steps=reason is None),
        "reason": reason,
        "sizes": [encode_trace(trace, steps=True) for trace in explanation.sizes],
        "names": {name: plain_number(value) for name, value in explanation.names.items()},
        "counts": list(explanation.counts),
        "border": explanation.border,
        **({"table": explanation.table} if explanation.table else {}),
        **({"parts": explanation.parts} if explanation.parts else {}),
        **({"modes": _modes(explanation)} if explanation.modes else {}),
    }


def _modes(explanation: Explanation) -> dict[str, Any]:
    return {mode: encode_trace(trace, steps=True) for mode, trace in explanation.modes.items()}


def not_playable(trace: Trace, limits: Settings) -> str | None:
    """Say why a trace is too large to be played step by step, or None."""
    steps = sum(phase.steps for phase in trace.phases if not phase.setup)
    terms = sum(_terms(phase) for phase in trace.phases if not phase.setup)
    if steps > limits.play_steps:
        return (
            f"{steps:,} steps are too many to play (at most {limits.play_steps:,}): the output is "
            "shown finished. Point at a cell to trace it."
        )
    if terms > limits.play_terms:
        return (
            f"{terms:,} terms are too many to play (at most {limits.play_terms:,}): the output is "
            "shown finished. Point at a cell to trace it."
        )
    return None


def _terms(phase: Phase) -> int:
    """Count the terms of all steps; in a regular phase every step has as many."""

    def of_step(turn: int) -> int:
        boxes = phase.boxes_at(turn)
        return max(prod(count for _, count, _ in boxes[symbol]) for symbol in phase.factors)

    if phase.boxes:
        return sum(map(of_step, range(phase.steps)))
    return phase.steps * of_step(0)


def encode_trace(trace: Trace, *, steps: bool) -> dict[str, Any]:
    """Encode tensors and phases, with the numbers of every step if `steps`."""
    values = {name: tensor.values.ravel() for name, tensor in trace.tensors.items()}
    phases = []
    shares: dict[str, Shares] = {}
    for index, phase in enumerate(trace.phases):
        entry = _phase(phase)
        if steps and not phase.setup:
            made = phase_numbers(trace, index)
            entry["numbers"] = numbers(made, phase)
            if not isinstance(trace, CarriedOut):
                _write_results(trace.tensors[phase.writes], phase, made, values, shares)
        phases.append(entry)
    values |= {name: share.values for name, share in shares.items()}
    return {
        "op": trace.op,
        "formula": _both(trace.formula),
        "tensors": {name: _tensor(tensor, values[name]) for name, tensor in trace.tensors.items()},
        "phases": phases,
        "playable": steps,
    }


def _write_results(
    tensor: Tensor,
    phase: Phase,
    made: PhaseNumbers,
    values: dict[str, Values],
    shares: dict[str, Shares],
) -> None:
    """Let the tensor hold what its steps give: shown sums and cells agree to the last bit."""
    places = cells_written(phase, tensor)
    if phase.adds:
        shares.setdefault(tensor.name, Shares((tensor.values.size,))).add(
            places, np.asarray(made.results)
        )
        return
    values[tensor.name] = values[tensor.name].astype(np.float64)
    values[tensor.name][places] = made.results


def _tensor(tensor: Tensor, values: Values) -> dict[str, Any]:
    return {
        "label": tensor.label,
        "role": tensor.role,
        "axes": tensor.axes,
        "shape": tensor.shape,
        "values": plain(values),
        "fill": tensor.fill,
        "extends": tensor.extends,
        "offset": tensor.offset,
        "spacing": tensor.spacing,
        "gradientOf": tensor.gradient_of,
        "measures": tensor.measures,
    }


def _both(latex: str) -> dict[str, str] | None:
    """Typeset a formula twice: with its symbols, and with a slot for the number of each."""
    if not latex:
        return None
    return {
        "symbols": mathml(latex, display=True),
        "numbers": mathml_slots(latex, display=True),
    }


def _phase(phase: Phase) -> dict[str, Any]:
    loops = list(phase.loop)
    return {
        "title": phase.title,
        "formula": _both(phase.formula),
        "reads": dict(phase.reads),
        "writes": phase.writes,
        "combine": phase.combine,
        "divisor": plain_number(phase.divisor),
        "adds": phase.adds,
        "subtotals": phase.subtotals,
        "extra": phase.extra,
        "group": phase.group,
        "setup": phase.setup,
        "steps": phase.steps,
        "loops": list(phase.loop.items()),
        "bind": {
            symbol: [
                [part.start, part.count, part.step, [part.moves.get(loop, 0) for loop in loops]]
                for part in spans
            ]
            for symbol, spans in phase.bind.items()
        },
        "boxes": [dict(boxes) for boxes in phase.boxes],
    }


def numbers(made: PhaseNumbers, phase: Phase) -> dict[str, Any]:
    """Give the numbers of some steps of one phase as flat arrays."""
    # Elsewhere they are the terms one by one, or the last of the running sums.
    results = (phase.adds and phase.combine != "each") or phase.combine == "max"
    return {
        "terms": plain(made.terms),
        "running": plain(made.running),
        "partial": plain(made.partial),
        "results": plain(made.results) if results else [],
        "picks": made.picks if phase.combine == "max" else [],
        "cancels": made.cancels,
    }


def plain(values: Numbers) -> list[float] | list[int]:
    """Write whole numbers as integers where all are whole, and never a negative zero."""
    if len(values) <= _FEW:
        some = [float(value) for value in values]
        if all(value.is_integer() and abs(value) < _WHOLE for value in some):
            return [int(value) for value in some]
        return [value + 0.0 for value in some]
    numbers = np.asarray(values, dtype=np.float64)
    # Larger ones would not fit into the 64 bits that JSON's writer has for an integer.
    if ((np.abs(numbers) < _WHOLE) & (numbers == np.trunc(numbers))).all():
        numbers = numbers.astype(np.int64)
    written: list[float] = (numbers + 0).tolist()
    return written


def plain_number(value: float) -> float | int:
    """Write one number as `plain` does."""
    number = float(value)
    return int(number) if number.is_integer() and abs(number) < _WHOLE else number + 0.0


def encode_step(trace: Trace, phase: int, turn: int) -> dict[str, Any]:
    """Explain one step by itself: what each symbol stands for, the terms and their sums."""
    step = trace.step(phase, turn)
    rule = trace.phases[phase]
    return {
        "op": trace.op,
        "phase": phase,
        "turn": turn,
        "title": rule.title,
        "bind": dict(step.bind),
        "reads": dict(rule.reads),
        "writes": rule.writes,
        "divisor": plain_number(rule.divisor),
        "operands": {
            symbol: plain(trace.read(tensor, step.bind[symbol]))
            for symbol, tensor in rule.reads.items()
        },
        "numbers": numbers(gathered([step]), rule),
        "result": plain_number(step.results[0]) if len(step.results) == 1 else plain(step.results),
    }
