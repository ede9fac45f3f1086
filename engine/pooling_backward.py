"""The gradients of pooling: to the cell that won, or in equal shares to all."""

from __future__ import annotations

import numpy as np

from engine.arrays import Array, require_floating, require_same_shape
from engine.gate import gated
from engine.pooling import combine, window_cells
from engine.pooling_geometry import WindowAxis, check_windows
from engine.window import Size


def max_pool2d_backward(
    grad_output: Array,
    x: Array,
    kernel_size: Size,
    *,
    stride: Size | None = None,
    padding: Size = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
) -> Array:
    """Send the gradient of a loss back through `max_pool2d`.

    Parameters
    ----------
    grad_output : (N, C, H2, W2) array
        Gradient of the loss by the output of `max_pool2d`; float32 or float64, as `x`.
    x : (N, C, H, W) array
        Input volumes.
    kernel_size, stride, padding, dilation, ceil_mode
        As they were for `max_pool2d`.

    Returns
    -------
    (N, C, H, W) array
        The gradient of `x`.

    Raises
    ------
    ShapeError
        If the shapes do not go together.
    ParameterError
        If a setting is out of its range or an array of the wrong type.

    Notes
    -----
    The whole gradient of a window goes to its largest cell: of equal ones to the first, row by
    row; to the first NaN where there is one. A cell adds up what it gets from its windows.

    The maximum of a window is the maximum, over its rows, of the row's maximum. So the gradient
    goes first to the row that won and then to the cell that won in it: each time along one axis,
    and the first in both is the first row by row.

    Examples
    --------
    >>> x = np.array([[[[1.0, 5.0, 5.0], [3.0, 4.0, 2.0]]]])
    >>> max_pool2d_backward(np.array([[[[0.5, -2.0]]]]), x, 2, stride=1)
    array([[[[ 0. , -1.5,  0. ],
             [ 0. ,  0. ,  0. ]]]])
    """
    dtype = require_floating(grad_output=grad_output, x=x)
    rows, columns = check_windows(
        x.shape,
        kernel_size,
        stride=stride,
        padding=padding,
        dilation=dilation,
        ceil_mode=ceil_mode,
    )
    require_same_shape("grad_output", grad_output, (*x.shape[:2], rows.windows, columns.windows))
    grad = np.empty(x.shape, dtype=dtype)
    images = (array.astype(dtype, copy=False) for array in (x, grad_output))
    for volume, upstream, result in zip(*images, grad, strict=True):
        in_rows = combine(np.maximum, volume, columns, 2, -np.inf)
        maxima = combine(np.maximum, in_rows, rows, 1, -np.inf)
        to_rows = _to_winners(upstream, maxima, in_rows, rows, 1)
        result[...] = _to_winners(to_rows, in_rows, volume, columns, 2)
    return grad


def avg_pool2d_backward(
    grad_output: Array,
    x: Array,
    kernel_size: Size,
    *,
    stride: Size | None = None,
    padding: Size = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Array:
    """Send the gradient of a loss back through `avg_pool2d`.

    Parameters
    ----------
    grad_output : (N, C, H2, W2) array
        Gradient of the loss by the output of `avg_pool2d`; float32 or float64, as `x`.
    x : (N, C, H, W) array
        Input volumes; only their shape matters.
    kernel_size, stride, padding, ceil_mode, count_include_pad
        As they were for `avg_pool2d`.

    Returns
    -------
    (N, C, H, W) array
        The gradient of `x`.

    Raises
    ------
    ShapeError
        If the shapes do not go together.
    ParameterError
        If a setting is out of its range or an array of the wrong type.

    Notes
    -----
    Every cell of a window gets the window's gradient divided by the divisor of its average; what
    falls on the padding is lost. A cell adds up what it gets from its windows.

    Examples
    --------
    >>> avg_pool2d_backward(np.array([[[[4.0, 8.0]]]]), np.zeros((1, 1, 2, 3)), 2, stride=1)
    array([[[[1., 3., 2.],
             [1., 3., 2.]]]])
    """
    dtype = require_floating(grad_output=grad_output, x=x)
    windows = check_windows(
        x.shape, kernel_size, stride=stride, padding=padding, ceil_mode=ceil_mode
    )
    divisors = window_cells(windows, count_include_pad=count_include_pad)
    require_same_shape("grad_output", grad_output, (*x.shape[:2], *divisors.shape))
    shares = np.divide(grad_output, divisors.astype(dtype), dtype=dtype)
    grad = np.empty(x.shape, dtype=dtype)
    for maps, volume in zip(shares, grad, strict=True):
        volume[...] = _spread(_spread(maps, windows[0], 1), windows[1], 2)
    return grad


def _to_winners(grad: Array, y: Array, x: Array, along: WindowAxis, axis: int) -> Array:
    """Send the gradient of every window along one axis to the first cell that is its maximum."""
    sent = np.zeros(x.shape, dtype=grad.dtype)
    searching = np.ones(y.shape, dtype=bool)
    gradients, maxima, cells, results, unfound = (
        array.swapaxes(0, axis) for array in (grad, y, x, sent, searching)
    )
    for where, at in along.taps():
        candidates = cells[at]
        won = (candidates == maxima[where]) | (candidates != candidates)
        won &= unfound[where]
        unfound[where] ^= won
        results[at] += gated(gradients[where], won)
    return sent


def _spread(grad: Array, along: WindowAxis, axis: int) -> Array:
    """Send the gradient of every window along one axis to all of its cells."""
    sent = np.zeros((*grad.shape[:axis], along.size, *grad.shape[axis + 1 :]), grad.dtype)
    gradients, results = grad.swapaxes(0, axis), sent.swapaxes(0, axis)
    for where, at in along.taps():
        results[at] += gradients[where]
    return sent
