"""What a stride leaves over, in words, and the settings nearby that leave nothing over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.remedies import Changes, changed, offers
from app.schemas import Convolution
from engine.border import Axis, AxisGeometry, Leftover, check_axis, fits, leftover
from engine.errors import ParameterError, Remedy, ShapeError

AXES: tuple[Axis, Axis] = ("column", "row")
MOST_OFFERS = 5

_ORDER = ("stride", "padding", "padding_right", "padding_bottom", "input_width", "input_height")


def along(request: Convolution, axis: Axis) -> AxisGeometry:
    """Give the checked settings along one axis, "column" or "row"."""
    length, at = ("width", 1) if axis == "column" else ("height", 0)
    return check_axis(
        getattr(request.x, length),
        getattr(request.weight, length),
        stride=request.stride[at],
        padding=request.sides()[at],
        dilation=request.dilation[at],
        axis=axis,
    )


def describe_border(request: Convolution) -> Mapping[str, Any] | None:
    """Say which rows and columns no window reaches, and which settings leave none over.

    Returns
    -------
    mapping or None
        "rows" and "columns" of the input, from 0; a "sentence" and its "detail"; "remedies".
        None where nothing is left over.
    """
    columns, rows = (along(request, axis) for axis in AXES)
    if not columns.rest and not rows.rest:
        return None
    rest = leftover(
        (1, 1, request.x.height, request.x.width),
        (1, 1, request.weight.height, request.weight.width),
        stride=request.stride,
        padding=request.sides(),
        dilation=request.dilation,
    )
    axis: Axis = "column" if columns.rest else "row"
    one = columns if columns.rest else rows
    return {
        "rows": list(rest.rows),
        "columns": list(rest.columns),
        "sentence": f"{one.room} does not divide by {one.stride}.",
        "detail": " ".join(_detail(axis, one, rest, request.x.height, request.x.width)),
        "remedies": offers(request, _ways_to_fit(request))[:MOST_OFFERS],
    }


def not_whole(request: Convolution) -> ParameterError:
    """Refuse what the lecture's formula gives no whole number for."""
    one = next(axis for axis in (along(request, name) for name in AXES) if axis.rest)
    sum_ = f"({one.size} − {one.extent} + {sum(one.padding)})/{one.stride}"
    return ParameterError(
        f"stride: {sum_} = {one.room / one.stride:.4g} is no whole number of moves, since "
        f"{one.room} does not divide by {one.stride}; choose another stride, padding or input "
        "size, or switch strict sizes off",
        parameter="stride",
        remedies=[
            Remedy("Take the floor", {"strict": False}),
            *(Remedy(label, changes) for label, changes in _ways_to_fit(request)),
        ][:MOST_OFFERS],
    )


def _detail(
    axis: Axis, one: AxisGeometry, rest: Leftover, height: int, width: int
) -> Iterator[str]:
    moves = one.room // one.stride
    left = f"1 {axis} is" if one.rest == 1 else f"{one.rest} {axis}s are"
    yield f"The floor keeps {moves} {'move' if moves == 1 else 'moves'}; {left} left over."
    never = height * width - (height - len(rest.rows)) * (width - len(rest.columns))
    if never:
        named = [
            _named(name, cells)
            for name, cells in (("column", rest.columns), ("row", rest.rows))
            if cells
        ]
        yield f"Never visited: {' and '.join(named)}, {never} of {height * width} input cells."
    else:
        yield "Only padding is left over: every input cell is visited."
    if one.stride % 2 == 0 and (one.size - one.extent) % 2:
        yield f"No equal padding helps: {one.size - one.extent} + 2P stays odd."


def _named(name: str, cells: range) -> str:
    if len(cells) == 1:
        return f"{name} {cells[0] + 1}"
    return f"{name}s {cells[0] + 1} to {cells[-1] + 1}"


def _ways_to_fit(request: Convolution) -> Iterator[tuple[str, Changes]]:
    """Offer changes after which nothing is left over, along columns and rows alike."""
    column, row = ([remedy.changes for remedy in _fits(request, axis)] for axis in AXES)
    together = [{**a, **b} for a in column for b in row if _go_together(request, a, b)]
    seen: list[Changes] = []
    for changes in sorted([*column, *row, *together], key=lambda c: _ORDER.index(next(iter(c)))):
        other = changed(request, changes)
        if other is not None and changes not in seen and not _leaves(other):
            seen.append(changes)
            yield _label(changes, other), changes


def _fits(request: Convolution, axis: Axis) -> tuple[Remedy, ...]:
    one = along(request, axis)
    return fits(
        one.size,
        one.filter,
        stride=one.stride,
        padding=one.padding,
        dilation=one.dilation,
        axis=axis,
    )


def _go_together(request: Convolution, column: Changes, row: Changes) -> bool:
    """Tell whether two changes are of one kind: both sides padded, both sizes grown or shrunk."""
    if _kind(column) != _kind(row) or column.keys() == row.keys():
        return False
    width, height = column.get("input_width", 0), row.get("input_height", 0)
    return (int(width) > request.x.width) == (int(height) > request.x.height)


def _kind(changes: Changes) -> str:
    return next(iter(changes)).split("_")[0]


def _leaves(request: Convolution) -> bool:
    try:
        return any(along(request, axis).rest for axis in AXES)
    except ShapeError:
        return True


def _label(changes: Changes, other: Convolution) -> str:
    if "stride" in changes:
        return f"S = {changes['stride']}"
    if "padding" in changes:
        return f"P = {changes['padding']}"
    if _kind(changes) == "input":
        return f"Input {other.x.height}×{other.x.width}"
    sides = [f"{name.removeprefix('padding_')} {cells}" for name, cells in changes.items()]
    return f"Pad {' and '.join(sides)}"
