"""Ways out of a setting that cannot be, or leaves cells over, as changes of a page's query."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from math import prod
from typing import Any, TypeVar

from pydantic import ValidationError

from app.controls import values_of
from app.fields import Strict
from app.schemas import Convolution
from app.settings import LIMITS
from engine.errors import EngineError
from engine.geometry import Geometry, check_geometry

Request = TypeVar("Request", bound=Strict)
Changes = Mapping[str, int | str | bool]

_PATHS = {
    "input_width": ("x", "width"),
    "input_height": ("x", "height"),
    "filter_width": ("weight", "width"),
    "filter_height": ("weight", "height"),
}
_SIDES = {"padding_top": 0, "padding_bottom": 1, "padding_left": 2, "padding_right": 3}


def changed(request: Request, changes: Changes) -> Request | None:
    """Give the request with some of the engine's parameters changed, or None if it may not be."""
    body = request.model_dump()
    # Only where a side changes: a padding of "same" that cannot be has no sides.
    by_side = bool(changes.keys() & _SIDES.keys())
    sides = request.sides() if by_side and isinstance(request, Convolution) else ()
    flat = [cells for pair in sides for cells in pair]
    for name, value in changes.items():
        if name in _PATHS:
            tensor, size = _PATHS[name]
            body[tensor] = {**body[tensor], size: value, "values": None}
        elif name in _SIDES:
            flat[_SIDES[name]] = int(value)
            body["padding"] = flat
        else:
            body[name] = value
    try:
        return type(request).model_validate(body)
    except ValidationError:
        return None


def output_shape(request: Convolution) -> tuple[int, int, int]:
    """Give (K, H2, W2), or refuse as the engine does."""
    return (request.weight.filters, *_geometry(request).output)


def _geometry(request: Convolution) -> Geometry:
    x = request.x
    taps, _ = request.weight.array(max(1, x.channels // request.groups))
    return check_geometry(
        (1, x.channels, x.height, x.width),
        taps.shape,
        stride=request.stride,
        padding=request.padding,
        dilation=request.dilation,
        groups=request.groups,
        padding_mode=request.padding_mode,
    )


def _healed(request: Convolution) -> tuple[int, int] | None:
    """Give the rows and columns of the output, or None if something else is wrong."""
    try:
        geometry = _geometry(request)
    except EngineError:
        return None
    moves = zip(geometry.padded, geometry.extent, geometry.stride, strict=True)
    left_over = any((size - extent) % stride for size, extent, stride in moves)
    too_large = request.weight.filters * prod(geometry.output) > LIMITS.whole_cells
    return None if too_large or (request.strict and left_over) else geometry.output


def offers(
    request: Request,
    ways: Iterable[tuple[str, Changes]],
    healed: Callable[[Any], tuple[int, ...] | None] = _healed,
) -> list[dict[str, Any]]:
    """List the ways out after which nothing is wrong: a label, the size they give, what to set.

    `healed` gives the rows and columns of an output, or None where something is wrong. Each offer
    has "label", "changes" (the engine's parameters), "result" (the output's size) and "set" (the
    query keys of the page that change).
    """
    before = values_of(request)
    found: dict[str, dict[str, Any]] = {}
    for label, changes in ways:
        other = changed(request, changes)
        output = None if other is None else healed(other)
        if other is None or output is None:
            continue
        after = values_of(other)
        found.setdefault(
            label,
            {
                "label": label,
                "changes": dict(changes),
                "result": f"{output[0]}×{output[1]} output",
                "set": {key: text for key, text in after.items() if text != before[key]},
            },
        )
    return [offer for offer in found.values() if offer["set"]]
