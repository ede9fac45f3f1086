"""The gradients of a convolution: for its input, its filters and its bias."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.arrays import Array, require_floating, require_same_shape
from engine.bias import gradient_of_bias
from engine.geometry import check_geometry
from engine.strategies import gradient_of_input, gradient_of_weight
from engine.window import Padding, PaddingMode, Size


@dataclass(frozen=True)
class ConvGradients:
    """How much the loss changes with each argument of a convolution.

    Attributes
    ----------
    input : array of the shape of `x`
    weight : array of the shape of `weight`
    bias : (K,) array
        Always given; of use where there was a bias.
    """

    input: Array
    weight: Array
    bias: Array


def conv2d_backward(
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
    """Send the gradient of a loss back through `conv2d`.

    Parameters
    ----------
    grad_output : (N, K, H2, W2) array
        Gradient of the loss by the output of `conv2d`; float32 or float64, as the other arrays.
    x : (N, C, H, W) array
        Input volumes.
    weight : (K, C/groups, Fh, Fw) array
        Filters.
    stride, padding, dilation, groups, padding_mode
        As they were for `conv2d`.

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
    With g the gradient of the output, and only windows that exist:

    - ``db[k] = sum over n, i, j of g[n, k, i, j]``
    - ``dw[k, c, u, v] = sum over n, i, j of g[n, k, i, j] * x[n, c, S*i + D*u - P, S*j + D*v - P]``
    - ``dx[n, c, S*i + D*u - P, S*j + D*v - P]`` gathers ``g[n, k, i, j] * w[k, c, u, v]`` of every
      window that saw the cell; what reached a copy in the border is added to the cell it copied.

    Examples
    --------
    >>> x = np.array([[[[1.0, 2.0, 3.0]]]])
    >>> weight = np.array([[[[10.0, 20.0]]]])
    >>> gradients = conv2d_backward(np.array([[[[1.0, -1.0]]]]), x, weight)
    >>> gradients.input, gradients.weight, gradients.bias
    (array([[[[ 10.,  10., -20.]]]]), array([[[[-1., -1.]]]]), array([0.]))
    """
    dtype = require_floating(grad_output=grad_output, x=x, weight=weight)
    geometry = check_geometry(
        x.shape,
        weight.shape,
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=groups,
        padding_mode=padding_mode,
    )
    require_same_shape("grad_output", grad_output, (len(x), len(weight), *geometry.output))
    filters = weight.astype(dtype, copy=False)
    gradients = ConvGradients(
        input=np.empty(x.shape, dtype),
        weight=np.empty(weight.shape, dtype),
        bias=gradient_of_bias(grad_output, dtype),
    )
    gradient_of_input(grad_output, filters, geometry, padding_mode, out=gradients.input)
    gradient_of_weight(grad_output, x, geometry, padding_mode, out=gradients.weight)
    return gradients
