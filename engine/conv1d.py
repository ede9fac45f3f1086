"""Convolution of signals, as neural networks compute it, and its gradients.

A signal is a picture of one row: both functions hand a row of height 1 to the sums in
`strategies`.
"""

from __future__ import annotations

import numpy as np

from engine.arrays import Array, require_floating, require_same_shape
from engine.bias import gradient_of_bias, require_bias
from engine.conv2d_backward import ConvGradients
from engine.geometry_1d import check_geometry_1d
from engine.strategies import correlate, gradient_of_input, gradient_of_weight
from engine.window import Padding, PaddingMode, Size


def conv1d(
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
    """Cross-correlate a batch of signals with K filters.

    Parameters
    ----------
    x : (N, C, L) array
        Input signals of C channels, float32 or float64; the other arrays are of the same type.
    weight : (K, C/groups, F) array
        Filters; their depth is the depth of their group's part of `x`.
    bias : (K,) array, optional
        One bias per filter.
    stride : int or (int,)
        Step of the window, in cells; at least 1.
    padding : int, (p,), (left, right), ((left, right),), "valid" or "same"
        Cells added at the ends. "valid" is none. "same" keeps the length, which needs stride 1:
        ``dilation * (F - 1)`` cells in all, an odd one on the right.
    dilation : int or (int,)
        Cells from one tap of a filter to the next; at least 1.
    groups : int
        Parts into which the channels, and the filters, are split in order; filters of a part see
        the channels of that part only.
    padding_mode : {"zeros", "reflect", "replicate", "circular"}
        What the added cells hold. Reflect must be narrower than the input and does not repeat
        the edge, circular at most as wide as the input.

    Returns
    -------
    (N, K, L2) array
        The filtered signals, of the type of `x`:
        ``L2 = floor((L - (dilation * (F - 1) + 1) + left + right) / stride) + 1``.

    Raises
    ------
    ShapeError
        If the shapes do not go together or a filter does not fit into the padded input.
    ParameterError
        If a setting is out of its range or an array of the wrong type.

    Notes
    -----
    ``y[n, k, i] = b[k] + sum over c, u of w[k, c, u] * x[n, c, S*i + D*u - P]``

    References
    ----------
    Lecture, "From 1-D to 2-D to a volume".

    Examples
    --------
    >>> x = np.array([[[1.0, 2.0, 4.0, 8.0]]])
    >>> conv1d(x, np.array([[[-1.0, 1.0]]]))
    array([[[1., 2., 4.]]])
    """
    dtype = require_floating(x=x, weight=weight, bias=bias)
    geometry = check_geometry_1d(
        x.shape,
        weight.shape,
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=groups,
        padding_mode=padding_mode,
    )
    require_bias(bias, len(weight), "filter")
    y = np.empty((len(x), len(weight), geometry.output[1]), dtype=dtype)
    filters = _row(weight).astype(dtype, copy=False)
    correlate(_row(x), filters, geometry, padding_mode, out=_row(y))
    if bias is not None:
        y += bias[:, np.newaxis]
    return y


def conv1d_backward(
    grad_output: Array,
    x: Array,
    weight: Array,
    *,
    stride: Size = 1,
    padding: Padding = 0,
    dilation: Size = 1,
    groups: int = 1,
    padding_mode: PaddingMode = "zeros",
) -> ConvGradients:
    """Send the gradient of a loss back through `conv1d`.

    Parameters
    ----------
    grad_output : (N, K, L2) array
        Gradient of the loss by the output of `conv1d`; float32 or float64, as the other arrays.
    x : (N, C, L) array
        Input signals.
    weight : (K, C/groups, F) array
        Filters.
    stride, padding, dilation, groups, padding_mode
        As they were for `conv1d`.

    Returns
    -------
    ConvGradients
        `input` of the shape of `x`, `weight` of the shape of `weight`, `bias` of shape (K,).

    Raises
    ------
    ShapeError
        If the shapes do not go together.
    ParameterError
        If a setting is out of its range or an array of the wrong type.

    Notes
    -----
    With g the gradient of the output:

    - ``db[k] = sum over n, i of g[n, k, i]``
    - ``dw[k, c, u] = sum over n, i of g[n, k, i] * x[n, c, S*i + D*u - P]``
    - ``dx[n, c, S*i + D*u - P]`` gathers ``g[n, k, i] * w[k, c, u]`` of every window that saw the
      cell; what reached a copy in the border is added to the cell it copied.

    Examples
    --------
    >>> x, weight = np.array([[[1.0, 2.0, 3.0]]]), np.array([[[10.0, 20.0]]])
    >>> gradients = conv1d_backward(np.array([[[1.0, -1.0]]]), x, weight)
    >>> gradients.input, gradients.weight, gradients.bias
    (array([[[ 10.,  10., -20.]]]), array([[[-1., -1.]]]), array([0.]))
    """
    dtype = require_floating(grad_output=grad_output, x=x, weight=weight)
    geometry = check_geometry_1d(
        x.shape,
        weight.shape,
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=groups,
        padding_mode=padding_mode,
    )
    require_same_shape("grad_output", grad_output, (len(x), len(weight), geometry.output[1]))
    gradients = ConvGradients(
        input=np.empty(x.shape, dtype),
        weight=np.empty(weight.shape, dtype),
        bias=gradient_of_bias(grad_output, dtype),
    )
    grad, filters = _row(grad_output), _row(weight).astype(dtype, copy=False)
    gradient_of_input(grad, filters, geometry, padding_mode, out=_row(gradients.input))
    gradient_of_weight(grad, _row(x), geometry, padding_mode, out=_row(gradients.weight))
    return gradients


def _row(signals: Array) -> Array:
    """View signals as pictures of one row."""
    return signals[:, :, np.newaxis]
