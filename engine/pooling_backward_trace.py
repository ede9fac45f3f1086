"""The gradients of pooling told step by step: each output cell gives back to its window."""

from __future__ import annotations

from typing import Any

from engine.arrays import Array, require_floating
from engine.boxes import Box, range_of
from engine.conv_operands import GRAD_X, GRAD_Y, X
from engine.conv_tensors import float64
from engine.notation import ADDS, share
from engine.phases import Phase, Tensor, Values
from engine.pooling import window_cells
from engine.pooling_backward import avg_pool2d_backward, max_pool2d_backward
from engine.pooling_boxes import VOLUME, Boxes, BoxesOfCells, Cell, indices, walk
from engine.pooling_geometry import Windows, check_windows
from engine.pooling_trace import input_tensor, require_cells
from engine.trace import Trace
from engine.window import Size


def trace_max_pool2d_backward(
    grad_output: Array,
    x: Array,
    kernel_size: Size,
    *,
    stride: Size | None = None,
    padding: Size = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
) -> Trace:
    """Explain the gradient of max pooling: each output cell sends all to the cell that won.

    Parameters
    ----------
    grad_output, x, kernel_size, stride, padding, dilation, ceil_mode
        As for `max_pool2d_backward`; the trace works in float64.

    Returns
    -------
    Trace
        The tensors x, grad_y and grad_x, and a phase of one step for each output cell; which
        cell it reaches depends on the numbers of `x`.

    Raises
    ------
    ShapeError, ParameterError
        As `max_pool2d_backward`, and where a dilated window has no cell in the input at all.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[[[1.0, 5.0], [3.0, 4.0]]]])
    >>> trace_max_pool2d_backward(np.array([[[[0.5]]]]), x, 2)[0].bind["grad_x"]
    ((0, 1, 1), (0, 1, 1), (0, 1, 1), (1, 1, 1))
    """
    require_floating(grad_output=grad_output, x=x)
    settings: dict[str, Any] = {
        "stride": stride,
        "padding": padding,
        "dilation": dilation,
        "ceil_mode": ceil_mode,
    }
    windows = check_windows(x.shape, kernel_size, **settings)
    require_cells(windows)
    grad_y, volume = float64(grad_output), float64(x)
    grad_x = float64(max_pool2d_backward(grad_y, volume, kernel_size, **settings))
    channel = "c" if x.shape[1] > 1 else ""
    g, winner = GRAD_Y.at(channel, "i", "j"), (channel, "p", "q")

    def boxes_of(cell: Cell) -> Boxes:
        reached = _single((*cell[:2], *_winner(volume, windows, cell)))
        return {"g": _single(cell), "x": reached, "grad_x": reached}

    sent = rf"{g} \; \text{{where }} {X.at(*winner)} \text{{ is the largest of the window}}"
    phase = Phase(
        title="Send the gradient to the first largest cell",
        formula=f"{GRAD_X.at(*winner)} {ADDS} {sent}",
        term=sent,
        evaluate=lambda g, _: g,
        reads={"g": "grad_y", "x": "x"},
        writes="grad_x",
        boxes=BoxesOfCells(grad_y.shape, boxes_of),
        combine="each",
        adds=True,
    )
    return Trace("max_pool2d_backward", _tensors(volume, grad_y, grad_x), [phase])


def _single(cell: Cell) -> Box:
    return tuple((at, 1, 1) for at in cell)


def _winner(volume: Values, windows: Windows, cell: Cell) -> tuple[int, int]:
    """Find the cell of a window that is its maximum: the first NaN, else the first largest."""
    image, channel, row, column = cell
    places = [
        (at_row, at_column)
        for at_row in range_of(*windows[0].seen(row))
        for at_column in range_of(*windows[1].seen(column))
    ]
    best = places[0]
    for place in places[1:]:
        number, largest = volume[image, channel, *place], volume[image, channel, *best]
        if number > largest or (number != number and largest == largest):
            best = place
    return best


def trace_avg_pool2d_backward(
    grad_output: Array,
    x: Array,
    kernel_size: Size,
    *,
    stride: Size | None = None,
    padding: Size = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Trace:
    """Explain the gradient of average pooling: each output cell shares among its window.

    Parameters
    ----------
    grad_output, x, kernel_size, stride, padding, ceil_mode, count_include_pad
        As for `avg_pool2d_backward`; the trace works in float64.

    Returns
    -------
    Trace
        The tensors x, grad_y and grad_x, and a phase of one step for each output cell. Where the
        divisors of the averages differ, they are a tensor too: count.

    Raises
    ------
    ShapeError, ParameterError
        As `avg_pool2d_backward`.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[[[1.0, 5.0], [3.0, 4.0]]]])
    >>> trace_avg_pool2d_backward(np.array([[[[2.0]]]]), x, 2)[0].results
    (0.5, 0.5, 0.5, 0.5)
    """
    require_floating(grad_output=grad_output, x=x)
    settings: dict[str, Any] = {"stride": stride, "padding": padding, "ceil_mode": ceil_mode}
    windows = check_windows(x.shape, kernel_size, **settings)
    grad_y, volume = float64(grad_output), float64(x)
    settings["count_include_pad"] = count_include_pad
    grad_x = float64(avg_pool2d_backward(grad_y, volume, kernel_size, **settings))
    counts = window_cells(windows, count_include_pad=count_include_pad)
    differ = bool(counts.min() < counts.max())
    tensors = _tensors(volume, grad_y, grad_x)
    if differ:
        table = Tensor(
            name="count",
            label="Cells in the window",
            role="intermediate",
            axes=VOLUME[2:],
            values=float64(counts),
        )
        tensors.insert(2, table)
    phase = _share(grad_y.shape, windows, divisor=None if differ else float(counts[0, 0]))
    return Trace("avg_pool2d_backward", tensors, [phase])


def _share(shape: Cell, windows: Windows, *, divisor: float | None) -> Phase:
    """Divide by one number, or by the count of each window."""
    channel = "c" if shape[1] > 1 else ""
    g = GRAD_Y.at(channel, "i", "j")
    table = {"n": "count"} if divisor is None else {}
    if divisor is None:
        term = rf"{g} / \sym{{n}}{{n_{{i,j}}}}"
    else:
        term = rf"{share(divisor)}\cdot {g}" if divisor != 1 else g
    steps = walk(
        shape, windows, window="grad_x", cell="g", shared=True, divisor="n" if table else ""
    )
    return Phase(
        title="Share the gradient among the cells of the window",
        formula=f"{GRAD_X.at(channel, *indices(windows))} {ADDS} {term}",
        term=term,
        evaluate=lambda g, n=divisor: g / n,
        reads={"g": "grad_y", **table},
        writes="grad_x",
        loop=steps.loop,
        bind=steps.bind,
        boxes=steps.boxes,
        combine="each",
        adds=True,
    )


def _tensors(volume: Values, grad_y: Values, grad_x: Values) -> list[Tensor]:
    return [
        input_tensor(volume),
        Tensor(
            name="grad_y",
            label="Upstream gradient",
            role="gradient",
            axes=VOLUME,
            values=grad_y,
            gradient_of="y",
        ),
        Tensor(
            name="grad_x",
            label="Gradient of input",
            role="gradient",
            axes=VOLUME,
            values=grad_x,
            fill=0.0,
            gradient_of="x",
        ),
    ]
