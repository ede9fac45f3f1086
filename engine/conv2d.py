"""Convolution of image volumes, as neural networks compute it: without turning the filter."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from engine.arrays import Array, require_floating
from engine.bias import require_bias
from engine.geometry import Geometry, check_geometry
from engine.strategies import correlate
from engine.window import Padding, PaddingMode, Shape, Size

_Kind = tuple[np.dtype[Any], Shape]
_Settings = tuple[object, object, object, object, object]
_Checked = tuple[np.dtype[np.floating[Any]], Geometry]

_PLAIN = frozenset({int, str})


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
    settings = (stride, padding, dilation, groups, padding_mode)
    dtype, geometry = _checked(x, weight, bias, settings)
    y = np.empty((len(x), len(weight), *geometry.output), dtype=dtype)
    filters = weight.astype(dtype, copy=False)
    correlate(x, filters, geometry, padding_mode, out=y, bias=bias)
    return y


def check_conv2d(
    x: Array,
    weight: Array,
    bias: Array | None,
    *,
    stride: object,
    padding: object,
    dilation: object,
    groups: object,
    padding_mode: object,
) -> _Checked:
    """Check everything that `conv2d` is given.

    Parameters
    ----------
    x, weight, bias
        The arrays.
    stride, padding, dilation, groups, padding_mode
        The settings.

    Returns
    -------
    dtype, Geometry
        The type of the result, and the settings in full.

    Raises
    ------
    ShapeError, ParameterError
        As `conv2d`.
    """
    return _checked(x, weight, bias, (stride, padding, dilation, groups, padding_mode))


def _checked(x: Array, weight: Array, bias: Array | None, settings: _Settings) -> _Checked:
    """Check what was not found good before: for a small picture that takes longest.

    Only types and shapes matter to the checks, never the numbers.
    """
    known = type(x) is type(weight) is np.ndarray and (bias is None or type(bias) is np.ndarray)
    if not (known and _is_plain(settings)):
        return _check(x, weight, bias, settings)
    kind = None if bias is None else (bias.dtype, bias.shape)
    return _check_kinds((x.dtype, x.shape), (weight.dtype, weight.shape), kind, settings)


def _is_plain(settings: tuple[object, ...]) -> bool:
    """Say whether what equals the settings is as good: True == 1 == 1.0, but only 1 is a stride."""
    kinds = set(map(type, settings))
    return kinds <= _PLAIN or (
        kinds <= {*_PLAIN, tuple} and all(_is_plain(s) for s in settings if isinstance(s, tuple))
    )


@lru_cache(maxsize=256)
def _check_kinds(x: _Kind, weight: _Kind, bias: _Kind | None, settings: _Settings) -> _Checked:
    return _check(_blank(x), _blank(weight), None if bias is None else _blank(bias), settings)


def _blank(kind: _Kind) -> Array:
    """Make an array for the checks; it takes no memory, whatever its shape."""
    dtype, shape = kind
    return np.broadcast_to(np.empty((), dtype), shape)


def _check(x: Array, weight: Array, bias: Array | None, settings: _Settings) -> _Checked:
    stride, padding, dilation, groups, padding_mode = settings
    dtype = require_floating(x=x, weight=weight, bias=bias)
    geometry = check_geometry(
        x.shape,
        weight.shape,
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=groups,
        padding_mode=padding_mode,
    )
    require_bias(bias, len(weight), "filter")
    return dtype, geometry
