"""Where the windows of a pooling lie: one axis at a time, since each is clipped by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from engine.arrays import require_shape
from engine.errors import ParameterError, Remedy, ShapeError
from engine.window import Pair, Shape, effective_extent, normalise_pair

POOLED_AXES = ("N", "C", "H", "W")


@dataclass(frozen=True)
class WindowAxis:
    """The windows of a pooling along the rows, or along the columns.

    Attributes
    ----------
    size : int
        Cells of the input.
    kernel, stride, padding, dilation : int
        Cells of a window, from one window to the next, added on each side, and from one cell of
        a window to the next.
    ceil_mode : bool
        Whether a last window may hang over the padded input.

    Examples
    --------
    >>> axis = WindowAxis(size=6, kernel=3, stride=2, padding=1, dilation=1, ceil_mode=True)
    >>> [axis.seen(window) for window in range(axis.windows)]
    [(0, 2, 1), (1, 3, 1), (3, 3, 1), (5, 1, 1)]
    """

    size: int
    kernel: int
    stride: int
    padding: int
    dilation: int
    ceil_mode: bool

    @property
    def extent(self) -> int:
        """Cells that a window spans, its holes included."""
        return effective_extent(self.kernel, self.dilation)

    @property
    def slack(self) -> int:
        """How far a last window may hang over the padded input."""
        return self.stride - 1 if self.ceil_mode else 0

    @property
    def windows(self) -> int:
        """Number of windows; below 1 where none fits."""
        padded = self.size + 2 * self.padding
        windows = (padded - self.extent + self.slack) // self.stride + 1
        # A last window must start on the input or on the padding before it.
        beyond = (windows - 1) * self.stride >= self.size + self.padding
        return windows - 1 if self.ceil_mode and beyond else windows

    def seen(self, window: int, *, padded: bool = False) -> tuple[int, int, int]:
        """Give the cells of one window that lie in the input, or in the padded input.

        Parameters
        ----------
        window : int
            Which one.
        padded : bool
            Whether the cells of the padding count, and cells are numbered from the first of them.

        Returns
        -------
        (int, int, int)
            The first cell, how many they are, and from one to the next.
        """
        first = window * self.stride - (0 if padded else self.padding)
        size = self.size + (2 * self.padding if padded else 0)
        before = max(0, -(first // self.dilation))
        behind = min(self.kernel, (size - 1 - first) // self.dilation + 1)
        return first + before * self.dilation, max(0, behind - before), self.dilation

    def counts(self, *, padded: bool = False) -> list[int]:
        """Count the cells that each window sees."""
        return [self.seen(window, padded=padded)[1] for window in range(self.windows)]

    def overhangs(self, *, padded: bool = False) -> bool:
        """Tell whether a window leaves the input, or the padded input; an outermost one does."""
        outermost = (0, self.windows - 1)
        return any(self.seen(window, padded=padded)[1] < self.kernel for window in outermost)

    def taps(self) -> Iterator[tuple[slice, slice]]:
        """Pair, for each place in a window, the windows that have a cell there with these cells.

        Yields
        ------
        slice, slice
            Of the windows and of the cells of the input. Places that lie in the padding for
            every window are left out, so that a vast window costs no more than the input.
        """
        last = (self.windows - 1) * self.stride - self.padding
        nearest = max(0, -(last // self.dilation))
        farthest = min(self.kernel - 1, (self.size - 1 + self.padding) // self.dilation)
        for tap in range(nearest, farthest + 1):
            shift = tap * self.dilation - self.padding
            first = max(0, -(shift // self.stride))
            count = min(self.windows, (self.size - 1 - shift) // self.stride + 1) - first
            if count > 0:
                start = first * self.stride + shift
                stop = start + (count - 1) * self.stride + 1
                yield slice(first, first + count), slice(start, stop, self.stride)


Windows = tuple[WindowAxis, WindowAxis]


def check_windows(
    shape: Shape,
    kernel_size: object,
    *,
    stride: object,
    padding: object,
    dilation: object = 1,
    ceil_mode: object,
) -> Windows:
    """Check all settings of a pooling against the shape of its input.

    Parameters
    ----------
    shape : (N, C, H, W)
        Shape of `x`.
    kernel_size, stride, padding, dilation, ceil_mode
        As for `max_pool2d`.

    Returns
    -------
    WindowAxis, WindowAxis
        The windows along rows and along columns.

    Raises
    ------
    ShapeError
        If `x` does not have four axes, or no window fits.
    ParameterError
        If a setting is out of its range.
    """
    require_shape("x", shape, POOLED_AXES)
    kernel = normalise_pair(kernel_size, "kernel_size")
    strides = kernel if stride is None else normalise_pair(stride, "stride")
    cells = normalise_pair(padding, "padding", least=0)
    dilations = normalise_pair(dilation, "dilation")
    hangs = require_flag("ceil_mode", ceil_mode)
    rows, columns = (
        WindowAxis(
            size=shape[2 + axis],
            kernel=kernel[axis],
            stride=strides[axis],
            padding=cells[axis],
            dilation=dilations[axis],
            ceil_mode=hangs,
        )
        for axis in (0, 1)
    )
    _check_padding(rows, columns)
    if min(rows.windows, columns.windows) < 1:
        raise _no_window(rows, columns)
    return rows, columns


def require_flag(parameter: str, value: object) -> bool:
    """Check a switch.

    Parameters
    ----------
    parameter : str
        Its name, for the message.
    value : bool
        What the caller passed.

    Returns
    -------
    bool

    Raises
    ------
    ParameterError
        If it is neither True nor False.
    """
    if not isinstance(value, bool | np.bool):
        raise ParameterError(
            f"{parameter}: {value!r} is neither True nor False; use one of them",
            parameter=parameter,
        )
    return bool(value)


def _check_padding(rows: WindowAxis, columns: WindowAxis) -> None:
    least = min(rows.kernel, columns.kernel) // 2
    for name, axis in (("row", rows), ("column", columns)):
        most = axis.kernel // 2
        if axis.padding > most:
            raise ParameterError(
                f"padding: {axis.padding} is more than half of a window of {axis.kernel} {name}"
                f"{'s' if axis.kernel > 1 else ''}; use at most {most}, or a larger window",
                parameter="padding",
                remedies=[Remedy(f"P = {least}", {"padding": least})],
            )


def _no_window(rows: WindowAxis, columns: WindowAxis) -> ShapeError:
    ways = [
        (text, remedy)
        for text, remedy in _ways_out(rows, columns)
        if all(_fits(axis, remedy) for axis in (rows, columns))
    ]
    kernel, extent = (rows.kernel, columns.kernel), (rows.extent, columns.extent)
    spans = (
        f" with dilation {_times((rows.dilation, columns.dilation), one=True)} "
        f"spans {_times(extent)} and"
        if extent != kernel
        else ""
    )
    padded = rows.size + 2 * rows.padding, columns.size + 2 * columns.padding
    texts = [text for text, _ in ways if text]
    either = f"{', '.join(texts)} or " if texts else ""
    return ShapeError(
        f"kernel_size: a {_times(kernel)} window{spans} does not fit into the padded input of "
        f"{_times(padded)}; use {either}a smaller window",
        parameter="kernel_size",
        remedies=[remedy for _, remedy in ways],
    )


def _ways_out(rows: WindowAxis, columns: WindowAxis) -> list[tuple[str, Remedy]]:
    """List single changes that may make a window fit, with what the message calls them."""
    axes = (rows, columns)
    rooms = [axis.size + 2 * axis.padding for axis in axes]
    padding = max(-((axis.size + axis.slack - axis.extent) // 2) for axis in axes)
    dilation = min(
        (room - 1) // (axis.kernel - 1)
        for axis, room in zip(axes, rooms, strict=True)
        if axis.kernel > 1
    )
    kernel = min((room - 1) // axis.dilation + 1 for axis, room in zip(axes, rooms, strict=True))
    return [
        (f"padding >= {padding}", Remedy(f"P = {padding}", {"padding": padding})),
        (f"dilation {dilation}", Remedy(f"D = {dilation}", {"dilation": dilation})),
        ("ceil_mode=True", Remedy("round up", {"ceil_mode": True})),
        ("", Remedy(f"F = {kernel}", {"kernel_size": kernel})),
    ]


def _fits(axis: WindowAxis, remedy: Remedy) -> bool:
    changed = replace(
        axis,
        kernel=int(remedy.changes.get("kernel_size", axis.kernel)),
        padding=int(remedy.changes.get("padding", axis.padding)),
        dilation=int(remedy.changes.get("dilation", axis.dilation)),
        ceil_mode=bool(remedy.changes.get("ceil_mode", axis.ceil_mode)),
    )
    sound = changed.padding <= changed.kernel // 2 and changed.dilation >= 1
    return sound and changed.windows >= 1


def _times(pair: Pair, *, one: bool = False) -> str:
    return str(pair[0]) if one and pair[0] == pair[1] else f"{pair[0]}x{pair[1]}"
