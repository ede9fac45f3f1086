"""Pooling told step by step: one window gives one output cell."""

from __future__ import annotations

from typing import Any

from engine.arrays import Array, require_floating
from engine.conv_operands import X_PADDED, X, Y
from engine.conv_tensors import float64
from engine.errors import ParameterError, Remedy
from engine.notation import share
from engine.padding import trace_padding
from engine.phases import Phase, Tensor, Values
from engine.pooling import avg_pool2d, max_pool2d
from engine.pooling_boxes import VOLUME, indices, walk
from engine.pooling_geometry import Windows, check_windows
from engine.trace import Trace
from engine.window import Size


def trace_max_pool2d(
    x: Array,
    kernel_size: Size,
    *,
    stride: Size | None = None,
    padding: Size = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
) -> Trace:
    """Explain max pooling: what `max_pool2d` computes, one window at a time.

    Parameters
    ----------
    x, kernel_size, stride, padding, dilation, ceil_mode
        As for `max_pool2d`; the trace works in float64.

    Returns
    -------
    Trace
        The tensors x and y, and a phase whose steps name the cell that wins (`pick`). Only cells
        of the input compete: a window that hangs over the edge is shown clipped.

    Raises
    ------
    ShapeError, ParameterError
        As `max_pool2d`, and where a dilated window has no cell in the input at all.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[[[1.0, 5.0], [3.0, 4.0]]]])
    >>> step = trace_max_pool2d(x, 2)[0]
    >>> step.terms, step.pick, step.results
    ((1.0, 5.0, 3.0, 4.0), 1, (5.0,))
    """
    require_floating(x=x)
    settings: dict[str, Any] = {
        "stride": stride,
        "padding": padding,
        "dilation": dilation,
        "ceil_mode": ceil_mode,
    }
    windows = check_windows(x.shape, kernel_size, **settings)
    require_cells(windows)
    volume = float64(x)
    y = float64(max_pool2d(volume, kernel_size, **settings))
    channel = "c" if x.shape[1] > 1 else ""
    term = X.at(channel, *indices(windows))
    clipped = any(axis.overhangs() for axis in windows)
    steps = walk(y.shape, windows, window=X.symbol, cell="y")
    phase = Phase(
        title="Keep the largest cell" + (" inside the input" if clipped else ""),
        formula=rf"{Y.at(channel, 'i', 'j')} = \max_{{u,v}} \, {term}",
        term=term,
        evaluate=lambda x: x,
        reads={X.symbol: "x"},
        writes="y",
        loop=steps.loop,
        bind=steps.bind,
        boxes=steps.boxes,
        combine="max",
    )
    return Trace("max_pool2d", [input_tensor(volume), _output(y)], [phase])


def trace_avg_pool2d(
    x: Array,
    kernel_size: Size,
    *,
    stride: Size | None = None,
    padding: Size = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Trace:
    """Explain average pooling: what `avg_pool2d` computes, one window at a time.

    Parameters
    ----------
    x, kernel_size, stride, padding, ceil_mode, count_include_pad
        As for `avg_pool2d`; the trace works in float64.

    Returns
    -------
    Trace
        The tensors x, y and, where its zeros count, padded; a phase that pads, and one that
        adds up and divides. A window that hangs over the edge is shown clipped, and its sum is
        divided by the cells that are left.

    Raises
    ------
    ShapeError, ParameterError
        As `avg_pool2d`.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[[[1.0, 5.0], [3.0, 4.0]]]])
    >>> step = trace_avg_pool2d(x, 2)[0]
    >>> step.running, step.results
    ((1.0, 6.0, 9.0, 13.0, 3.25), (3.25,))
    """
    require_floating(x=x)
    settings: dict[str, Any] = {"stride": stride, "padding": padding, "ceil_mode": ceil_mode}
    windows = check_windows(x.shape, kernel_size, **settings)
    volume = float64(x)
    y = float64(avg_pool2d(volume, kernel_size, **settings, count_include_pad=count_include_pad))
    tensors, phases = [input_tensor(volume)], []
    rows, columns = (axis.padding for axis in windows)
    padded = bool(count_include_pad) and rows + columns > 0
    if padded:
        surrounded, phase = trace_padding(volume, ((rows, rows), (columns, columns)), "zeros")
        tensors.append(surrounded)
        phases.append(phase)
    return Trace(
        "avg_pool2d",
        [*tensors, _output(y)],
        [*phases, _average(y, windows, padded=padded)],
    )


def _average(y: Values, windows: Windows, *, padded: bool) -> Phase:
    source = X_PADDED if padded else X
    channel = "c" if y.shape[1] > 1 else ""
    clipped = any(axis.overhangs(padded=padded) for axis in windows)
    cells = windows[0].kernel * windows[1].kernel
    part = r"\frac{1}{n_{i,j}} " if clipped else share(cells)
    term = source.at(channel, *indices(windows, padded=padded))
    steps = walk(y.shape, windows, window=source.symbol, cell="y", padded=padded)
    inside = f" of the cells inside the {'padded ' if padded else ''}input" if clipped else ""
    return Phase(
        title=f"Take the average{inside}",
        formula=rf"{Y.at(channel, 'i', 'j')} = {part}\sum_{{u}} \sum_{{v}} {term}",
        term=term,
        evaluate=lambda x: x,
        reads={source.symbol: source.tensor},
        writes="y",
        loop=steps.loop,
        bind=steps.bind,
        boxes=steps.boxes,
        combine="mean" if clipped else "sum",
        divisor=1.0 if clipped else float(cells),
    )


def require_cells(windows: Windows) -> None:
    """Check that every window has a cell of the input: holes may hide all of a small one.

    Parameters
    ----------
    windows : WindowAxis, WindowAxis
        Along rows and along columns.

    Raises
    ------
    ParameterError
        If all cells of a window lie in the padding.
    """
    for name, axis in zip(("row", "column"), windows, strict=True):
        if axis.dilation > 1 and axis.padding and 0 in axis.counts():
            raise ParameterError(
                f"dilation: with {axis.dilation}, a window has no {name} in the input, only in the "
                "padding, so there is no largest cell to show; use 1 or a larger input",
                parameter="dilation",
                remedies=[Remedy("D = 1", {"dilation": 1})],
            )


def input_tensor(volume: Values) -> Tensor:
    """Name the input of a pooling."""
    return Tensor(name="x", label="Input", role="input", axes=VOLUME, values=volume)


def _output(y: Values) -> Tensor:
    return Tensor(name="y", label="Output", role="output", axes=VOLUME, values=y)
