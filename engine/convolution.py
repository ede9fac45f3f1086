"""Convolution as mathematics defines it: the kernel is turned, and sits on the cell of interest.

Both functions take plain signals and pictures and give the same size back; outside there are
zeros. They are `conv1d` and `conv2d` with the kernel reversed.
"""

from __future__ import annotations

import numpy as np

from engine.arrays import Array, require_floating, require_shape
from engine.conv1d import conv1d
from engine.conv2d import conv2d
from engine.window import Pair


def convolve1d(signal: Array, kernel: Array) -> Array:
    """Convolve a signal with a kernel that is centred on each cell.

    Parameters
    ----------
    signal : (L,) array
        Float32 or float64; zero outside.
    kernel : (K,) array
        Of the same type; odd or even, even longer than the signal.

    Returns
    -------
    (L,) array

    Raises
    ------
    ShapeError
        If an array has another number of axes, or is empty.
    ParameterError
        If an array is of the wrong type.

    Notes
    -----
    ``Y(i) = sum over a of X(i - a) * W(floor(K/2) + a)`` with a from ``-floor(K/2)`` to
    ``ceil(K/2) - 1``. For K = 2k + 1, with taps numbered from -k to k, that is
    ``Y(i) = sum over u of W(u) * X(i - u)``. The centre is the tap ``floor(K/2)``, counted from 0;
    for even K it lies right of the middle.

    References
    ----------
    Lecture, "What convolution is".

    Examples
    --------
    >>> convolve1d(np.array([0.0, 0.0, 1.0, 0.0]), np.array([1.0, 2.0, 3.0]))
    array([0., 1., 2., 3.])
    """
    require_floating(signal=signal, kernel=kernel)
    require_shape("signal", signal.shape, ("L",))
    require_shape("kernel", kernel.shape, ("K",))
    turned = kernel[np.newaxis, np.newaxis, ::-1]
    sides = zeros_around(len(kernel))
    y: Array = conv1d(signal[np.newaxis, np.newaxis], turned, padding=sides)[0, 0]
    return y


def convolve2d(image: Array, kernel: Array) -> Array:
    """Convolve a picture with a kernel that is centred on each pixel.

    Parameters
    ----------
    image : (H, W) array
        Float32 or float64; zero outside.
    kernel : (K1, K2) array
        Of the same type; odd or even along either axis.

    Returns
    -------
    (H, W) array

    Raises
    ------
    ShapeError
        If an array has another number of axes, or is empty.
    ParameterError
        If an array is of the wrong type.

    Notes
    -----
    ``Y(i, j) = sum over a, b of X(i - a, j - b) * W(floor(K1/2) + a, floor(K2/2) + b)`` with a from
    ``-floor(K1/2)`` to ``ceil(K1/2) - 1``, b likewise. For odd sizes, with taps numbered from -k to
    k, that is ``Y(i, j) = sum over u, v of W(u, v) * X(i - u, j - v)``. The centre is the tap
    ``(floor(K1/2), floor(K2/2))``, counted from 0; for even sizes it lies below and right of the
    middle.

    References
    ----------
    Lecture, "What convolution is".

    Examples
    --------
    >>> image = np.zeros((3, 3))
    >>> image[1, 1] = 1.0
    >>> convolve2d(image, np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([[1., 2., 0.],
           [3., 4., 0.],
           [0., 0., 0.]])
    """
    require_floating(image=image, kernel=kernel)
    require_shape("image", image.shape, ("H", "W"))
    require_shape("kernel", kernel.shape, ("K1", "K2"))
    turned = kernel[np.newaxis, np.newaxis, ::-1, ::-1]
    rows, columns = map(zeros_around, kernel.shape)
    y: Array = conv2d(image[np.newaxis, np.newaxis], turned, padding=(rows, columns))[0, 0]
    return y


def zeros_around(taps: int) -> Pair:
    """Count the zeros that a centred kernel reaches before and after a signal.

    Parameters
    ----------
    taps : int
        Of the kernel: K.

    Returns
    -------
    (int, int)
        ``ceil(K/2) - 1`` and ``floor(K/2)``: the turned kernel has its centre left of the middle
        where K is even.

    Examples
    --------
    >>> zeros_around(3), zeros_around(4)
    ((1, 1), (1, 2))
    """
    return (taps - 1) // 2, taps // 2
