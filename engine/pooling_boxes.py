"""The boxes of a pooling's traces: the window of each output cell, and how formulas index it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import overload

from engine.boxes import Box, Span, span
from engine.notation import factors, per_axis
from engine.pooling_geometry import Windows

VOLUME = ("image", "channel", "row", "column")

Cell = tuple[int, int, int, int]
Boxes = Mapping[str, Box]


class BoxesOfCells(Sequence[Boxes]):
    """The boxes of a phase with one step for each output cell, made when asked for.

    Parameters
    ----------
    shape : (N, C, H2, W2)
        Output cells, taken row by row.
    boxes_of : callable
        Gives the boxes of one output cell.

    Examples
    --------
    >>> boxes = BoxesOfCells((1, 2, 1, 3), lambda cell: {"y": tuple((at, 1, 1) for at in cell)})
    >>> len(boxes), boxes[4]
    (6, {'y': ((0, 1, 1), (1, 1, 1), (0, 1, 1), (1, 1, 1))})
    """

    def __init__(self, shape: Cell, boxes_of: Callable[[Cell], Boxes]) -> None:
        self._shape = shape
        self._boxes_of = boxes_of

    def __len__(self) -> int:
        return prod(self._shape)

    @overload
    def __getitem__(self, index: int) -> Boxes: ...
    @overload
    def __getitem__(self, index: slice) -> list[Boxes]: ...
    def __getitem__(self, index: int | slice) -> Boxes | list[Boxes]:
        if isinstance(index, slice):
            return [self[n] for n in range(*index.indices(len(self)))]
        _, channels, rows, columns = self._shape
        rest, column = divmod(range(len(self))[index], columns)
        rest, row = divmod(rest, rows)
        image, channel = divmod(rest, channels)
        return self._boxes_of((image, channel, row, column))


@dataclass(frozen=True, kw_only=True)
class Walk:
    """How windows move over a tensor: the `loop`, `bind` and `boxes` of a phase."""

    loop: Mapping[str, int] = field(default_factory=dict)
    bind: Mapping[str, Sequence[Span]] = field(default_factory=dict)
    boxes: Sequence[Boxes] = ()


def walk(
    shape: Cell,
    windows: Windows,
    *,
    window: str,
    cell: str,
    padded: bool = False,
    shared: bool = False,
    divisor: str = "",
) -> Walk:
    """Move regularly where every window lies inside, else clip each window to what is there.

    Parameters
    ----------
    shape : (N, C, H2, W2)
        Shape of the output.
    windows : WindowAxis, WindowAxis
        Along rows and along columns.
    window, cell : str
        The symbols of a window and of its output cell.
    padded : bool
        Whether windows lie on the padded input.
    shared : bool
        Whether the output cell is read once for each cell of its window.
    divisor : str
        The symbol of the window's entry in a table of all windows, where there is one; then some
        window is clipped.

    Returns
    -------
    Walk
    """
    if not any(axis.overhangs(padded=padded) for axis in windows):
        return _regular(shape, windows, window=window, cell=cell, shared=shared)
    rows, columns = windows

    def clipped(at: Cell) -> Boxes:
        image, channel, row, column = at
        seen = rows.seen(row, padded=padded), columns.seen(column, padded=padded)
        volume = (image, 1, 1), (channel, 1, 1)
        single = (row, 1, 1), (column, 1, 1)
        repeated = (row, seen[0][1], 0), (column, seen[1][1], 0)
        table = {divisor: single} if divisor else {}
        return {
            window: (*volume, *seen),
            cell: (*volume, *(repeated if shared else single)),
            **table,
        }

    return Walk(boxes=BoxesOfCells(shape, clipped))


def _regular(shape: Cell, windows: Windows, *, window: str, cell: str, shared: bool) -> Walk:
    rows, columns = windows
    volume = [span(image=1), span(channel=1)]
    over_rows = span(count=rows.kernel, step=rows.dilation, row=rows.stride)
    over_columns = span(count=columns.kernel, step=columns.dilation, column=columns.stride)
    single = [span(row=1), span(column=1)]
    repeated = [
        span(count=rows.kernel, step=0, row=1),
        span(count=columns.kernel, step=0, column=1),
    ]
    return Walk(
        loop=dict(zip(VOLUME, shape, strict=True)),
        bind={
            window: [*volume, over_rows, over_columns],
            cell: [*volume, *(repeated if shared else single)],
        },
    )


def indices(windows: Windows, *, padded: bool = False) -> list[str]:
    r"""Write which row and column of the input a window's cell (u, v) is.

    Parameters
    ----------
    windows : WindowAxis, WindowAxis
        Along rows and along columns.
    padded : bool
        Whether it is one of the padded input.

    Returns
    -------
    list of str
        ``["Si + u - P", "Sj + v - P"]``, as short as the settings allow.
    """
    padding = [axis.padding for axis in windows]
    before = [
        f" - {letter}" if cells and not padded else ""
        for letter, cells in zip(per_axis("P", padding), padding, strict=True)
    ]
    stride = factors("S", [axis.stride for axis in windows])
    dilation = factors("d", [axis.dilation for axis in windows])
    return [
        f"{stride[axis]}{'ij'[axis]} + {dilation[axis]}{'uv'[axis]}{before[axis]}"
        for axis in (0, 1)
    ]
