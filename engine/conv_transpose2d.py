"""Transposed convolution, the way back through a convolution as a layer of its own.

What gathers one way scatters the other: the output is the gradient of a convolution's input, the
gradient of the input is that convolution, and the filters have the same gradient in both.
"""

from __future__ import annotations

import numpy as np

from engine.arrays import Array, require_floating, require_same_shape
from engine.bias import gradient_of_bias, require_bias
from engine.conv2d_backward import ConvGradients
from engine.geometry_transposed import check_transposed_geometry
from engine.strategies import correlate, gradient_of_input, gradient_of_weight
from engine.window import Size


def conv_transpose2d(
    x: Array,
    weight: Array,
    bias: Array | None = None,
    *,
    stride: Size = 1,
    padding: Size = 0,
    output_padding: Size = 0,
    dilation: Size = 1,
    groups: int = 1,
) -> Array:
    """Let every input cell stamp its filters, scaled by its value, onto a larger output.

    Parameters
    ----------
    x : (N, C_in, H, W) array
        Input volumes, float32 or float64; the other arrays are of the same type.
    weight : (C_in, C_out/groups, Fh, Fw) array
        For each channel of `x`, the stamps for the maps of its group.
    bias : (C_out,) array, optional
        One bias per map.
    stride : int or (int, int)
        Cells from one stamp to the next, for rows and columns; at least 1.
    padding : int or (h, w)
        Cells cut off on every side: those that the matching convolution would have added.
    output_padding : int or (h, w)
        Rows and columns added at the bottom and right, beyond the last stamp or saved from being
        cut; below the stride or the dilation of their axis. A convolution with stride S gives the
        same size for S sizes of its input: this says which one to return to.
    dilation : int or (int, int)
        Cells from one tap of a stamp to the next, for rows and columns; at least 1.
    groups : int
        Parts into which the channels of `x`, and the maps, are split in order.

    Returns
    -------
    (N, C_out, H2, W2) array
        The maps, of the type of `x`:
        ``H2 = (H - 1) * stride + dilation * (Fh - 1) + 1 - 2 * padding + output_padding``,
        W2 likewise.

    Raises
    ------
    ShapeError
        If the shapes do not go together.
    ParameterError
        If a setting is out of its range, the padding leaves no output, or an array is of the
        wrong type.

    Notes
    -----
    ``y[n, k, S*i + D*u - P, S*j + D*v - P]`` gathers ``x[n, c, i, j] * w[c, k, u, v]`` over all
    c, i, j, u, v that lead there; then the bias is added.

    References
    ----------
    Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", section 4.

    Examples
    --------
    >>> x, weight = np.array([[[[1.0, 2.0]]]]), np.array([[[[1.0, 10.0, 100.0]]]])
    >>> conv_transpose2d(x, weight, stride=(1, 2))
    array([[[[  1.,  10., 102.,  20., 200.]]]])
    """
    dtype = require_floating(x=x, weight=weight, bias=bias)
    geometry = check_transposed_geometry(
        x.shape,
        weight.shape,
        stride=stride,
        padding=padding,
        output_padding=output_padding,
        dilation=dilation,
        groups=groups,
    )
    maps = geometry.groups * weight.shape[1]
    require_bias(bias, maps, "map")
    y = np.empty((len(x), maps, *geometry.input), dtype=dtype)
    gradient_of_input(x, weight.astype(dtype, copy=False), geometry, "zeros", out=y)
    if bias is not None:
        y += bias[:, np.newaxis, np.newaxis]
    return y


def conv_transpose2d_backward(
    grad_output: Array,
    x: Array,
    weight: Array,
    *,
    stride: Size = 1,
    padding: Size = 0,
    output_padding: Size = 0,
    dilation: Size = 1,
    groups: int = 1,
) -> ConvGradients:
    """Send the gradient of a loss back through `conv_transpose2d`.

    Parameters
    ----------
    grad_output : (N, C_out, H2, W2) array
        Gradient of the loss by the output of `conv_transpose2d`; float32 or float64, as the other
        arrays.
    x : (N, C_in, H, W) array
        Input volumes.
    weight : (C_in, C_out/groups, Fh, Fw) array
        Filters.
    stride, padding, output_padding, dilation, groups
        As they were for `conv_transpose2d`.

    Returns
    -------
    ConvGradients
        `input` of the shape of `x`, `weight` of the shape of `weight`, `bias` of shape (C_out,).

    Raises
    ------
    ShapeError
        If the shapes do not go together.
    ParameterError
        If a setting is out of its range or an array of the wrong type.

    Notes
    -----
    With g the gradient of the output, zero outside of it:

    - ``db[k] = sum over n, i, j of g[n, k, i, j]``
    - ``dw[c, k, u, v] = sum over n, i, j of x[n, c, i, j] * g[n, k, S*i + D*u - P, S*j + D*v - P]``
    - ``dx[n, c, i, j] = sum over k, u, v of
      w[c, k, u, v] * g[n, k, S*i + D*u - P, S*j + D*v - P]``, a convolution

    Examples
    --------
    >>> x, weight = np.array([[[[1.0, 2.0]]]]), np.array([[[[10.0, 20.0]]]])
    >>> gradients = conv_transpose2d_backward(np.array([[[[1.0, 0.0, -1.0]]]]), x, weight)
    >>> gradients.input, gradients.weight, gradients.bias
    (array([[[[ 10., -20.]]]]), array([[[[ 1., -2.]]]]), array([0.]))
    """
    dtype = require_floating(grad_output=grad_output, x=x, weight=weight)
    geometry = check_transposed_geometry(
        x.shape,
        weight.shape,
        stride=stride,
        padding=padding,
        output_padding=output_padding,
        dilation=dilation,
        groups=groups,
    )
    maps = geometry.groups * weight.shape[1]
    require_same_shape("grad_output", grad_output, (len(x), maps, *geometry.input))
    gradients = ConvGradients(
        input=np.empty(x.shape, dtype),
        weight=np.empty(weight.shape, dtype),
        bias=gradient_of_bias(grad_output, dtype),
    )
    filters = weight.astype(dtype, copy=False)
    correlate(grad_output, filters, geometry, "zeros", out=gradients.input)
    gradient_of_weight(x, grad_output, geometry, "zeros", out=gradients.weight)
    return gradients
