"""Pooling: each window of a channel becomes one number, its largest or its average."""

from __future__ import annotations

import numpy as np

from engine.arrays import Array, require_floating
from engine.pooling_geometry import WindowAxis, Windows, check_windows, require_flag
from engine.window import Size


def max_pool2d(
    x: Array,
    kernel_size: Size,
    *,
    stride: Size | None = None,
    padding: Size = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
) -> Array:
    """Keep the largest cell of every window, channel by channel.

    Parameters
    ----------
    x : (N, C, H, W) array
        Input volumes, float32 or float64.
    kernel_size : int or (int, int)
        Rows and columns of a window, in cells; at least 1.
    stride : int or (int, int), optional
        Step of the window for rows and columns; without one, windows lie side by side
        (``stride = kernel_size``).
    padding : int or (int, int)
        Cells of minus infinity added above and below, left and right; at most half the window.
    dilation : int or (int, int)
        Cells from one cell of a window to the next; at least 1.
    ceil_mode : bool
        Whether a last window may hang over the edge where the stride leaves cells over. One that
        would start beyond the input and the padding before it is dropped.

    Returns
    -------
    (N, C, H2, W2) array
        ``H2 = floor((H + 2 * padding - (dilation * (F - 1) + 1)) / stride) + 1``, W2 likewise;
        `ceil_mode` rounds up instead.

    Raises
    ------
    ShapeError
        If `x` does not have four axes, or no window fits.
    ParameterError
        If a setting is out of its range or the array of the wrong type.

    Notes
    -----
    ``y[n, c, i, j] = max over u, v of x[n, c, S*i + D*u - P, S*j + D*v - P]``. A NaN in a window
    is its maximum. A window that lies in the padding alone, which takes a dilation, gives minus
    infinity.

    Examples
    --------
    >>> x = np.array([[[[1.0, 5.0, 2.0, 0.0], [3.0, 4.0, 8.0, 7.0]]]])
    >>> max_pool2d(x, 2)
    array([[[[5., 8.]]]])
    """
    dtype = require_floating(x=x)
    windows = check_windows(
        x.shape,
        kernel_size,
        stride=stride,
        padding=padding,
        dilation=dilation,
        ceil_mode=ceil_mode,
    )
    return _pool(np.maximum, x.astype(dtype, copy=False), windows, -np.inf)


def avg_pool2d(
    x: Array,
    kernel_size: Size,
    *,
    stride: Size | None = None,
    padding: Size = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Array:
    """Average the cells of every window, channel by channel.

    Parameters
    ----------
    x : (N, C, H, W) array
        Input volumes, float32 or float64.
    kernel_size : int or (int, int)
        Rows and columns of a window, in cells; at least 1.
    stride : int or (int, int), optional
        Step of the window for rows and columns; without one, windows lie side by side
        (``stride = kernel_size``).
    padding : int or (int, int)
        Zeros added above and below, left and right; at most half the window.
    ceil_mode : bool
        Whether a last window may hang over the edge where the stride leaves cells over. One that
        would start beyond the input and the padding before it is dropped.
    count_include_pad : bool
        Whether a sum is divided by the cells of its window that lie in the padded input, or only
        by those that lie in the input.

    Returns
    -------
    (N, C, H2, W2) array
        ``H2 = floor((H + 2 * padding - F) / stride) + 1``, W2 likewise; `ceil_mode` rounds up
        instead.

    Raises
    ------
    ShapeError
        If `x` does not have four axes, or no window fits.
    ParameterError
        If a setting is out of its range or the array of the wrong type.

    Notes
    -----
    ``y[n, c, i, j] = 1 / n[i, j] * sum over u, v of x[n, c, S*i + u - P, S*j + v - P]``

    Examples
    --------
    >>> x = np.array([[[[1.0, 5.0], [3.0, 7.0]]]])
    >>> avg_pool2d(x, 2)
    array([[[[4.]]]])
    >>> avg_pool2d(x, 2, padding=1)
    array([[[[0.25, 1.25],
             [0.75, 1.75]]]])
    >>> avg_pool2d(x, 2, padding=1, count_include_pad=False)
    array([[[[1., 5.],
             [3., 7.]]]])
    """
    dtype = require_floating(x=x)
    windows = check_windows(
        x.shape, kernel_size, stride=stride, padding=padding, ceil_mode=ceil_mode
    )
    divisors = window_cells(windows, count_include_pad=count_include_pad)
    y = _pool(np.add, x.astype(dtype, copy=False), windows, 0.0)
    y /= divisors.astype(dtype)
    return y


def window_cells(windows: Windows, *, count_include_pad: bool) -> Array:
    """Count the cells that the average of each window is divided by.

    Parameters
    ----------
    windows : WindowAxis, WindowAxis
        Along rows and along columns.
    count_include_pad : bool
        Whether cells of the padding count.

    Returns
    -------
    (H2, W2) array
        Float64.

    Raises
    ------
    ParameterError
        If `count_include_pad` is no bool.
    """
    padded = require_flag("count_include_pad", count_include_pad)
    rows, columns = (np.array(axis.counts(padded=padded), dtype=np.float64) for axis in windows)
    return np.multiply.outer(rows, columns)


def _pool(operation: np.ufunc, x: Array, windows: Windows, start: float) -> Array:
    """Combine the cells of every window, one image at a time so that it stays in the cache.

    The maximum, or the sum, of a rectangle is that of its columns' ones, so pooling is done along
    rows and then along columns: F + F passes instead of F * F.
    """
    rows, columns = windows
    y = np.empty((*x.shape[:2], rows.windows, columns.windows), dtype=x.dtype)
    for volume, maps in zip(x, y, strict=True):
        in_columns = combine(operation, volume, rows, 1, start)
        maps[...] = combine(operation, in_columns, columns, 2, start)
    return y


def combine(operation: np.ufunc, x: Array, along: WindowAxis, axis: int, start: float) -> Array:
    """Combine the cells of every window along one axis.

    Parameters
    ----------
    operation : ufunc
        ``np.maximum`` or ``np.add``.
    x : array
        Of any number of axes.
    along : WindowAxis
        Where windows lie along the axis.
    axis : int
        Which axis.
    start : float
        What a window without cells gives.

    Returns
    -------
    array
        A new one, with as many entries along the axis as there are windows.

    Notes
    -----
    A pass takes one place of the window and all windows at once, as two strided views.
    """
    y = np.empty((*x.shape[:axis], along.windows, *x.shape[axis + 1 :]), dtype=x.dtype)
    cells, results = x.swapaxes(0, axis), y.swapaxes(0, axis)
    # The place that most windows have in the input is copied: there is nothing to combine yet.
    places = sorted(along.taps(), key=lambda place: place[0].start - place[0].stop)
    where, at = places.pop(0) if places else (slice(0, 0), slice(0, 0))
    results[: where.start] = results[where.stop :] = start
    results[where] = cells[at]
    for where, at in places:
        operation(results[where], cells[at], out=results[where])
    return y
