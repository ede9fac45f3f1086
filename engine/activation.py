"""ReLU: what is positive passes, what is negative becomes zero."""

from __future__ import annotations

import numpy as np

from engine.arrays import Array, require_floating, require_same_shape
from engine.gate import gated


def relu(x: Array) -> Array:
    """Replace every negative number by zero.

    Parameters
    ----------
    x : array
        Of any shape, float32 or float64.

    Returns
    -------
    array
        ``max(0, x)``, of the shape and type of `x`; NaN stays NaN.

    Raises
    ------
    ParameterError
        If the array is of the wrong type.

    Examples
    --------
    >>> relu(np.array([-2.0, 0.0, 3.0]))
    array([0., 0., 3.])
    """
    dtype = require_floating(x=x)
    y = np.empty(x.shape, dtype=dtype)
    np.maximum(x, 0, out=y)
    return y


def relu_backward(grad_output: Array, x: Array) -> Array:
    """Send the gradient of a loss back through `relu`.

    Parameters
    ----------
    grad_output : array
        Gradient of the loss by the output of `relu`, of the shape and type of `x`.
    x : array
        The input of `relu`.

    Returns
    -------
    array
        The gradient of `x`: that of the output where `x` is positive, 0 elsewhere. At 0, where
        ReLU has a kink, it is 0; where `x` is NaN, the gradient passes.

    Raises
    ------
    ShapeError
        If the shapes differ.
    ParameterError
        If an array is of the wrong type.

    Examples
    --------
    >>> relu_backward(np.array([5.0, 5.0, 5.0]), np.array([-2.0, 0.0, 3.0]))
    array([0., 0., 5.])
    """
    dtype = require_floating(grad_output=grad_output, x=x)
    require_same_shape("grad_output", grad_output, x.shape)
    return gated(grad_output.astype(dtype, copy=False), ~(x <= 0))
