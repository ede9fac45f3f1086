"""Ways out of a setting that cannot be, or leaves cells over, as changes of a page's query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from app.controls import values_of
from app.schemas import Conv2dRequest
from engine.errors import EngineError
from engine.shapes import conv2d_output_shape

Request = TypeVar("Request", bound=Conv2dRequest)
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
    sides = request.sides() if changes.keys() & _SIDES.keys() else ()
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


def output_shape(request: Conv2dRequest) -> tuple[int, int, int]:
    """Give (K, H2, W2), or refuse as the engine does."""
    x, weight = request.x, request.weight
    shape = conv2d_output_shape(
        (1, 1, x.height, x.width),
        (weight.filters, 1, weight.height, weight.width),
        stride=request.stride,
        padding=request.sides(),
        dilation=request.dilation,
    )
    return shape[1:]


def offers(request: Conv2dRequest, ways: Iterable[tuple[str, Changes]]) -> list[dict[str, Any]]:
    """List the ways out that lead somewhere: a label, the size they give, what to set.

    Each has "label", "changes" (the engine's parameters), "result" (the output's size) and
    "set" (the query keys of the page that change).
    """
    before = values_of(request)
    found: dict[str, dict[str, Any]] = {}
    for label, changes in ways:
        other = changed(request, changes)
        if other is None:
            continue
        try:
            _, height, width = output_shape(other)
        except EngineError:
            continue
        after = values_of(other)
        found.setdefault(
            label,
            {
                "label": label,
                "changes": dict(changes),
                "result": f"{height}×{width} output",
                "set": {key: text for key, text in after.items() if text != before[key]},
            },
        )
    return [offer for offer in found.values() if offer["set"]]
