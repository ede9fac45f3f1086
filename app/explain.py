"""From a checked request to the bytes of its reply, and from a refusal to its ways out."""

from __future__ import annotations

from typing import Any

import orjson

from app.catalogue import OPERATIONS
from app.fields import Strict
from app.problem import Refused
from app.remedies import offers
from app.schemas import Convolution
from app.settings import Settings
from app.wire import encode, encode_step
from engine.errors import EngineError
from engine.trace import Trace


def explained(op: str, request: Strict, settings: Settings) -> bytes:
    """Explain a request as JSON."""
    return orjson.dumps(encode(OPERATIONS[op].explain(request), settings))


def located(op: str, request: Strict, at: int | list[int]) -> bytes:
    """Explain one step, given by its number or by the output cell it writes, as JSON.

    Raises
    ------
    Refused
        If there is no such step or cell.
    """
    trace = OPERATIONS[op].explain(request).trace
    return orjson.dumps(encode_step(trace, *_find(trace, at)))


def _find(trace: Trace, at: int | list[int]) -> tuple[int, int]:
    index = len(trace.phases) - 1
    phase = trace.phases[index]
    if isinstance(at, int):
        if not 0 <= at < phase.steps:
            last = phase.steps - 1
            raise Refused(
                422, f"at: there is no step {at}; use a number from 0 to {last}", field="at"
            )
        return index, at
    shape = trace.tensors[phase.writes].shape
    cell = [0] * (len(shape) - len(at)) + at
    inside = len(at) <= len(shape) and all(n < size for n, size in zip(cell, shape, strict=True))
    if not at or not inside:
        sizes = "×".join(map(str, shape)) or "a single number"
        raise Refused(
            422, f"at: there is no cell {at} in an output of {sizes}; count from 0", field="at"
        )
    try:
        return index, phase.turn_writing(tuple(cell))
    except LookupError:
        raise Refused(
            422, f"at: no step writes the cell {at}, it keeps its first value", field="at"
        ) from None


def refusal(request: Strict, error: EngineError) -> Refused:
    """Hand on what the engine refuses, with the ways out that a page can offer."""
    ways = [(remedy.label, remedy.changes) for remedy in error.remedies]
    offered: list[dict[str, Any]] = []
    if isinstance(request, Convolution):
        offered = offers(request, ways)
    elif OPERATIONS[getattr(request, "op", "conv2d")].explore:
        offered = offers(request, ways, healed=_output_of)
    return Refused(422, str(error), field=error.parameter, remedies=offered)


def _output_of(request: Any) -> tuple[int, ...] | None:
    """Give the rows and columns of the output, or None if the request is refused as well."""
    try:
        trace = OPERATIONS[request.op].explain(request).trace
    except EngineError:
        return None
    return trace.tensors[trace.phases[-1].writes].shape[-2:]
