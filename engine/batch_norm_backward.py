"""The gradients of batch normalisation, with the ones that the chain rule meets on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from engine.arrays import Array
from engine.batch_norm import BatchNorm, as_channels, require_forward
from engine.batch_norm_checks import require_gradient
from engine.channelwise import Doubles, affine_columns, gradient_sums, tiles, unbuffered


@dataclass(frozen=True, eq=False)
class BatchNormGradients:
    """How much the loss changes with each argument and each intermediate of batch norm.

    Attributes
    ----------
    x : array of the shape of `x`
        ``dL/dx``, by all three routes.
    gamma, beta : (C,) array
        ``dL/dgamma`` and ``dL/dbeta``.
    var : (C,) array
        ``dL/dsigma2``.
    mean : (C,) array
        ``dL/dmu``, with both terms. The second is zero but for rounding, as deviations from a mean
        add up to zero; it is computed and added all the same.
    grad_output : array of the shape of `x`
        The gradient that arrived; the caller's array where that is contiguous.
    forward : BatchNorm
        What the gradients are of.
    """

    x: Array
    gamma: Array
    beta: Array
    var: Array
    mean: Array
    grad_output: Array = field(repr=False)
    forward: BatchNorm = field(repr=False)

    @cached_property
    def x_hat(self) -> Array:
        """``dL/dx_hat``, of the shape of `x`; computed when first asked for, then kept."""
        gamma = self.forward.gamma[:, np.newaxis]
        return (as_channels(self.grad_output) * gamma).reshape(self.grad_output.shape)


def batch_norm_backward(grad_output: Array, forward: BatchNorm) -> BatchNormGradients:
    """Send the gradient of a loss back through `batch_norm`.

    Parameters
    ----------
    grad_output : array of the shape of `x`
        Gradient of the loss by `y`; float32 or float64, as `x`.
    forward : BatchNorm
        What `batch_norm` gave.

    Returns
    -------
    BatchNormGradients
        `x` and `x_hat` of the shape of `x`; `gamma`, `beta`, `var` and `mean` of shape (C,).

    Raises
    ------
    ShapeError
        If `grad_output` has another shape than `y`.
    ParameterError
        If it is of another type, or `forward` is not the result of `batch_norm`.

    Notes
    -----
    In the order of the lecture, g being the gradient of y, and each sum over the m values of a
    channel:

    - ``dL/dbeta = sum of g``
    - ``dL/dgamma = sum of g * x_hat``
    - ``dL/dx_hat = g * gamma``
    - ``dL/dsigma2 = sum of dL/dx_hat * (x - mu) * (-1/2) * (sigma2 + eps)**(-3/2)``
    - ``dL/dmu = sum of dL/dx_hat * -1 / sqrt(sigma2 + eps) + dL/dsigma2 * sum of -2 (x - mu) / m``
    - ``dL/dx = dL/dx_hat / sqrt(sigma2 + eps) + dL/dsigma2 * 2 (x - mu) / m + dL/dmu / m``

    All these sums are made of three: of g, of ``g * (x - mu)`` and of ``x - mu``. With them, the
    last line needs no intermediate of the size of x; its three routes fold into one. With d the
    mean of what is left of ``x - mu``, which is what the second term of dL/dmu takes off:

    ``dL/dx = gamma / sqrt(sigma2 + eps) * (g - mean of g + slope * (x - mu - d))``, where
    ``slope = -mean of g * (x - mu) / (sigma2 + eps)``

    References
    ----------
    Ioffe, Szegedy: Batch normalization (2015), section 3.

    Examples
    --------
    >>> from engine.batch_norm import batch_norm
    >>> x = np.array([[1.0], [2.0], [4.0], [7.0]])
    >>> grad_output = np.array([[0.5], [-0.2], [0.1], [0.3]])
    >>> forward = batch_norm(x, np.array([1.0]), np.array([0.0]))
    >>> batch_norm_backward(grad_output, forward).x.round(4).ravel()
    array([ 0.1496, -0.159 , -0.0343,  0.0436])
    """
    x, batch = require_forward(forward).x, forward.moments
    dtype = require_gradient(grad_output, x)
    grad = np.ascontiguousarray(grad_output, dtype)
    sum_g, sum_gd, sum_d = gradient_sums(as_channels(grad), as_channels(x), batch.mean)

    m, inverse = batch.count, forward.inverse_deviation
    scale = forward.gamma * inverse
    grad_var = forward.gamma * sum_gd * -0.5 * inverse**3
    grad_mean = -scale * sum_g + grad_var * -2 * sum_d / m
    return BatchNormGradients(
        x=_fold_routes(
            grad, x, scale, sum_g / m, slope=-(inverse**2) * sum_gd / m, mean=batch.mean + sum_d / m
        ),
        gamma=(sum_gd * inverse).astype(dtype),
        beta=sum_g.astype(dtype),
        var=grad_var.astype(dtype),
        mean=grad_mean.astype(dtype),
        grad_output=grad,
        forward=forward,
    )


def _fold_routes(
    grad: Array, x: Array, scale: Doubles, mean_grad: Doubles, *, slope: Doubles, mean: Doubles
) -> Array:
    grad_x = np.empty_like(x)
    gradients, values, out = as_channels(grad), as_channels(x), as_channels(grad_x)
    centres, slopes, shifts = affine_columns(mean, slope, -mean_grad, x.dtype)
    scales = scale.astype(x.dtype)[:, np.newaxis]
    with unbuffered(out.shape):
        for tile in tiles(out.shape):
            own, part = tile[1], out[tile]
            np.subtract(values[tile], centres[own], out=part)
            part *= slopes[own]
            part += shifts[own]
            part += gradients[tile]
            part *= scales[own]
    return grad_x
