"""The rows and columns at the end that a stride never reaches, and settings that reach them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from engine.errors import Remedy, ShapeError
from engine.geometry import check_shapes
from engine.window import (
    Padding,
    Pair,
    Shape,
    Size,
    effective_extent,
    normalise_int,
    normalise_pair,
)

Axis = Literal["row", "column"]

_LETTERS = {"row": "H", "column": "W"}
_LENGTHS = {"row": "height", "column": "width"}
_SIDES = {"row": "bottom", "column": "right"}


@dataclass(frozen=True)
class Leftover:
    """The rows and columns that no window visits because the size is rounded down.

    Attributes
    ----------
    padded_rows, padded_columns : range
        Their indices in the padded input.
    rows, columns : range
        Their indices in the input itself; empty if only padding is left over.
    """

    padded_rows: range
    padded_columns: range
    rows: range
    columns: range

    def __bool__(self) -> bool:
        return bool(self.padded_rows or self.padded_columns)


def leftover(
    input_shape: Shape,
    weight_shape: Shape,
    *,
    stride: Size = 1,
    padding: Padding = 0,
    dilation: Size = 1,
) -> Leftover:
    """Find the rows and columns behind the last window.

    Parameters
    ----------
    input_shape : (N, C, H, W)
        Shape of the input.
    weight_shape : (K, C/groups, Fh, Fw)
        Shape of the filters.
    stride, padding, dilation
        As for `conv2d`.

    Returns
    -------
    Leftover
        Nothing where the stride divides. (Cells between windows, which a stride above the
        filter's extent steps over, are not the floor's doing and not listed.)

    Raises
    ------
    ShapeError, ParameterError
        As `conv2d`.

    Examples
    --------
    >>> rest = leftover((1, 1, 8, 7), (1, 1, 3, 3), stride=2)
    >>> list(rest.rows), list(rest.columns)
    ([7], [])
    """
    geometry = check_shapes(
        input_shape, weight_shape, stride=stride, padding=padding, dilation=dilation
    )
    padded, own = [], []
    for axis in (0, 1):
        size, before = geometry.padded[axis], geometry.padding[axis][0]
        visited = (geometry.output[axis] - 1) * geometry.stride[axis] + geometry.extent[axis]
        padded.append(_range(visited, size))
        own.append(_range(max(visited - before, 0), geometry.input[axis]))
    return Leftover(padded[0], padded[1], own[0], own[1])


def _range(start: int, stop: int) -> range:
    return range(start, stop) if start < stop else range(0)


@dataclass(frozen=True)
class AxisGeometry:
    """The checked settings of a window that slides along one axis.

    Attributes
    ----------
    size, filter : int
        Cells of the input and taps of the filter.
    stride, dilation : int
        Cells from one window, or tap, to the next.
    padding : (int, int)
        Cells added before and after.
    """

    size: int
    filter: int
    stride: int
    dilation: int
    padding: Pair

    @property
    def extent(self) -> int:
        """Cells that the filter spans."""
        return effective_extent(self.filter, self.dilation)

    @property
    def room(self) -> int:
        """Cells by which the window can move: the padded size less the extent."""
        return self.size + sum(self.padding) - self.extent

    @property
    def rest(self) -> int:
        """Cells left over at the end."""
        return self.room % self.stride


def check_axis(
    size: int,
    filter: int,
    *,
    stride: int = 1,
    padding: Pair = (0, 0),
    dilation: int = 1,
    axis: Axis = "column",
) -> AxisGeometry:
    """Check the settings of a window along one axis.

    Parameters
    ----------
    size, filter, stride, padding, dilation, axis
        As for `fits`.

    Returns
    -------
    AxisGeometry

    Raises
    ------
    ShapeError
        If the filter does not fit.
    ParameterError
        If a setting is out of its range.
    """
    before, after = normalise_pair(padding, "padding", least=0)
    along = AxisGeometry(
        size=normalise_int(size, "size", least=1),
        filter=normalise_int(filter, "filter", least=1),
        stride=normalise_int(stride, "stride", least=1),
        dilation=normalise_int(dilation, "dilation", least=1),
        padding=(before, after),
    )
    if along.room < 0:
        padded, length = size + before + after, _LENGTHS[axis]
        enough, smaller = -(-(along.extent - size) // 2), (padded - 1) // along.dilation + 1
        spans = "" if along.dilation == 1 else f", which spans {along.extent},"
        raise ShapeError(
            f"filter: a filter of {filter}{spans} does not fit into the padded {length} of "
            f"{padded}; use padding >= {enough} or a smaller filter",
            parameter="filter",
            remedies=[
                Remedy(f"P = {enough}", {"padding": enough}),
                Remedy(f"F = {smaller}", {f"filter_{length}": smaller}),
            ],
        )
    return along


def fits(
    size: int,
    filter: int,
    *,
    stride: int = 1,
    padding: Pair = (0, 0),
    dilation: int = 1,
    axis: Axis = "column",
) -> tuple[Remedy, ...]:
    """List the nearest settings with which the stride divides, each changing one thing.

    Parameters
    ----------
    size : int
        Cells of the input along the axis: W1, or H1 for rows.
    filter : int
        Taps of the filter along the axis: F.
    stride, dilation : int
        S and the distance of taps.
    padding : (int, int)
        Cells added before and after.
    axis : {"column", "row"}
        Whether columns are counted (a width) or rows (a height).

    Returns
    -------
    tuple of Remedy
        Strides, symmetric paddings, padding on one side and input sizes, the nearest below and
        above where there are such. Empty if the stride divides already.

    Raises
    ------
    ShapeError
        If the filter does not fit at all.
    ParameterError
        If a setting is out of its range.

    Examples
    --------
    >>> [remedy.label for remedy in fits(8, 3, stride=2)]
    ['S = 1', 'S = 5', 'P right = 1', 'W1 = 7', 'W1 = 9']
    """
    along = check_axis(size, filter, stride=stride, padding=padding, dilation=dilation, axis=axis)
    if along.rest == 0:
        return ()
    before, after = along.padding
    strides = _nearest(along.stride, range(1, along.room + 1), lambda s: along.room % s == 0)
    paddings = _nearest(
        (before + after) // 2,
        range(before + after + along.stride + 1),
        lambda p: along.extent <= size + 2 * p and (size + 2 * p - along.extent) % stride == 0,
    )
    letter, length, side = _LETTERS[axis], _LENGTHS[axis], _SIDES[axis]
    one_side = (after - along.rest, after - along.rest + stride)
    sizes = (size - along.rest, size - along.rest + stride)
    return (
        *(Remedy(f"S = {s}", {"stride": s}) for s in strides),
        *(Remedy(f"P = {p}", {"padding": p}) for p in paddings),
        *(Remedy(f"P {side} = {p}", {f"padding_{side}": p}) for p in one_side if p >= 0),
        *(Remedy(f"{letter}1 = {n}", {f"input_{length}": n}) for n in sizes if n >= 1),
    )


def _nearest(value: int, allowed: range, divides: Callable[[int], bool]) -> list[int]:
    below = range(min(value, allowed.stop - 1), allowed.start - 1, -1)
    above = range(max(value + 1, allowed.start), allowed.stop)
    found = (next(filter(divides, side), None) for side in (below, above))
    return [number for number in found if number is not None]
