"""Convolution of image volumes, as neural networks compute it: without turning the filter."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.arrays import Array, require_floating, require_shape
from engine.errors import ShapeError
from engine.geometry import Geometry, check_geometry
from engine.strategies import correlate
from engine.window import Padding, PaddingMode, Size


def conv2d(
    x: Array,
    weight: Array,
    bias: Array | None = None,
    *,
    stride: Size = 1,
    padding: Padding = 0,
    dilation: Size = 1,
    groups: int = 1,
    padding_mode: PaddingMode = "zeros",
) -> Array:
    """Cross-correlate a batch of image volumes with K filters.

    Parameters
    ----------
    x : (N, C, H, W) array
        Input volumes, float32 or float64; the other arrays are of the same type.
    weight : (K, C/groups, Fh, Fw) array
        Filters; their depth is the depth of their group's part of `x`.
    bias : (K,) array, optional
        One bias per filter.
    stride : int or (int, int)
        Step of the window for rows and columns, in cells; at least 1.
    padding : int, (h, w), ((top, bottom), (left, right)), "valid" or "same"
        Cells added around the input. "valid" is none. "same" keeps the size, which needs stride
        1: ``dilation * (F - 1)`` cells in all, an odd one at the bottom or right.
    dilation : int or (int, int)
        Cells from one tap of a filter to the next, for rows and columns; at least 1.
    groups : int
        Parts into which the channels, and the filters, are split in order; filters of a part see
        the channels of that part only. ``groups=C`` is a depthwise convolution.
    padding_mode : {"zeros", "reflect", "replicate", "circular"}
        What the added cells hold. Reflect must be narrower than the input and does not repeat
        the edge, circular at most as wide as the input.

    Returns
    -------
    (N, K, H2, W2) array
        The feature maps, of the type of `x`:
        ``H2 = floor((H - (dilation * (Fh - 1) + 1) + top + bottom) / stride) + 1``, W2 likewise.

    Raises
    ------
    ShapeError
        If the shapes do not go together or a filter does not fit into the padded input.
    ParameterError
        If a setting is out of its range or an array of the wrong type.

    Notes
    -----
    ``y[n, k, i, j] = b[k] + sum over c, u, v of
    w[k, c, u, v] * x[n, c, S*i + D*u - P, S*j + D*v - P]``

    References
    ----------
    Lecture, "From 1-D to 2-D to a volume", "Padding", "Stride", "Depth of the output".

    Examples
    --------
    >>> x = np.arange(12.0).reshape(1, 1, 3, 4)
    >>> weight = np.array([[[[-1.0, 0.0], [0.0, 1.0]]]])
    >>> conv2d(x, weight)
    array([[[[5., 5., 5.],
             [5., 5., 5.]]]])
    """
    dtype, geometry = check_conv2d(
        x,
        weight,
        bias,
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=groups,
        padding_mode=padding_mode,
    )
    y = np.empty((len(x), len(weight), *geometry.output), dtype=dtype)
    filters = weight.astype(dtype, copy=False)
    correlate(x, filters, geometry, padding_mode, out=y)
    if bias is not None:
        y += bias[:, np.newaxis, np.newaxis]
    return y


def check_conv2d(
    x: Array, weight: Array, bias: Array | None, **settings: object
) -> tuple[np.dtype[np.floating[Any]], Geometry]:
    """Check everything that `conv2d` is given.

    Parameters
    ----------
    x, weight, bias
        The arrays.
    **settings
        Stride, padding, dilation, groups and padding_mode.

    Returns
    -------
    dtype, Geometry
        The type of the result, and the settings in full.

    Raises
    ------
    ShapeError, ParameterError
        As `conv2d`.
    """
    dtype = require_floating(x=x, weight=weight, bias=bias)
    geometry = check_geometry(x.shape, weight.shape, **settings)
    if bias is not None:
        require_shape("bias", bias.shape, ("K",))
        if len(bias) != len(weight):
            raise ShapeError(
                f"bias: shape {bias.shape} does not go with the {len(weight)} filters; "
                f"use one number a filter, shape ({len(weight)},)",
                parameter="bias",
            )
    return dtype, geometry
