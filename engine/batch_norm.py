"""Batch normalisation: in training, at inference, and the running statistics between the two."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from engine.arrays import Array
from engine.batch_norm_checks import (
    require_batch,
    require_eps,
    require_momentum,
    require_variance,
)
from engine.channelwise import Doubles, Moments, affine, moments
from engine.errors import ParameterError, ShapeError


@dataclass(frozen=True, eq=False)
class BatchNorm:
    """A normalised batch, its statistics, and what the way back needs.

    Attributes
    ----------
    y : array of the shape of `x`
        ``gamma * x_hat + beta``.
    mean, var : (C,) array
        Statistics of the batch, the variance divided by m; in the type of `x`.
    x : array
        The input. To save memory this is the caller's array where that is contiguous: who changes
        it in place changes `x_hat` and the gradients.
    gamma : (C,) array
        The scale.
    eps : float
        What was added to the variance.
    moments : Moments
        The statistics in float64, and m. The way back starts from these: a mean that was rounded
        to float32 would cost it digits.
    """

    y: Array
    mean: Array
    var: Array
    x: Array = field(repr=False)
    gamma: Array = field(repr=False)
    eps: float
    moments: Moments = field(repr=False)

    @cached_property
    def x_hat(self) -> Array:
        """The normalised input, of the shape of `x`; computed when first asked for, then kept."""
        scale = self.inverse_deviation
        return _normalise(self.x, self.moments.mean, scale, np.zeros_like(scale))

    @cached_property
    def inverse_deviation(self) -> Doubles:
        """One over the root of variance plus eps, of shape (C,), in float64."""
        return inverse_root(self.moments.var, self.eps)


def batch_norm(x: Array, gamma: Array, beta: Array, *, eps: float = 1e-5) -> BatchNorm:
    """Normalise each channel by the mean and variance of the batch, then scale and shift it.

    Parameters
    ----------
    x : (N, C), (N, C, L) or (N, C, H, W) array
        The batch; float32 or float64, as the other arrays.
    gamma, beta : (C,) array
        Scale and shift of each feature or channel.
    eps : float
        Added to the variance inside the root; above 0.

    Returns
    -------
    BatchNorm
        `y` and `x_hat` of the shape of `x`, `mean` and `var` of shape (C,).

    Raises
    ------
    ShapeError
        If the shapes do not go together, or a channel has no value.
    ParameterError
        If `eps` is not a positive number, or an array is of the wrong type.

    Notes
    -----
    With m values in a channel, over all axes but C:

    - ``mu = sum of x / m``
    - ``sigma2 = sum of (x - mu)**2 / m``, the biased variance
    - ``x_hat = (x - mu) / sqrt(sigma2 + eps)``
    - ``y = gamma * x_hat + beta``

    The sums run in float64, for float32 arrays too. A single value, or a constant channel, has
    ``x_hat = 0`` and ``y = beta``.

    References
    ----------
    Ioffe, Szegedy: Batch normalization (2015), algorithm 1.

    Examples
    --------
    >>> x = np.array([[1.0], [2.0], [4.0], [7.0]])
    >>> forward = batch_norm(x, np.array([1.0]), np.array([0.0]))
    >>> forward.mean, forward.var
    (array([3.5]), array([5.25]))
    >>> forward.y.round(4).ravel()
    array([-1.0911, -0.6547,  0.2182,  1.5275])
    """
    dtype = require_batch(x, gamma=gamma, beta=beta)
    eps = require_eps(eps)
    values = np.ascontiguousarray(x, dtype)
    batch = moments(as_channels(values))
    scale = gamma * inverse_root(batch.var, eps)
    return BatchNorm(
        y=_normalise(values, batch.mean, scale, beta.astype(np.float64)),
        mean=batch.mean.astype(dtype),
        var=batch.var.astype(dtype),
        x=values,
        gamma=gamma.astype(dtype),
        eps=eps,
        moments=batch,
    )


def batch_norm_inference(
    x: Array,
    gamma: Array,
    beta: Array,
    running_mean: Array,
    running_var: Array,
    *,
    eps: float = 1e-5,
) -> Array:
    """Normalise by statistics that were gathered in training, not by those of the batch.

    Parameters
    ----------
    x : (N, C), (N, C, L) or (N, C, H, W) array
        The batch; float32 or float64, as the other arrays.
    gamma, beta : (C,) array
        Scale and shift of each feature or channel.
    running_mean, running_var : (C,) array
        Mean and variance of each, as `update_running_stats` gathers them.
    eps : float
        Added to the variance inside the root; above 0.

    Returns
    -------
    array of the shape of `x`
        ``gamma * (x - running_mean) / sqrt(running_var + eps) + beta``.

    Raises
    ------
    ShapeError
        If the shapes do not go together.
    ParameterError
        If a variance is negative, `eps` is not a positive number, or an array is of the wrong type.

    Examples
    --------
    >>> mean, var = np.array([3.0]), np.array([4.0])
    >>> gamma, beta = np.array([10.0]), np.array([1.0])
    >>> batch_norm_inference(np.array([[5.0]]), gamma, beta, mean, var, eps=1e-12)
    array([[11.]])
    """
    statistics = {"running_mean": running_mean, "running_var": running_var}
    dtype = require_batch(x, gamma=gamma, beta=beta, **statistics)
    require_variance("running_var", running_var)
    scale = gamma * inverse_root(running_var.astype(np.float64), require_eps(eps))
    values = np.ascontiguousarray(x, dtype)
    return _normalise(values, running_mean.astype(np.float64), scale, beta.astype(np.float64))


def update_running_stats(
    running_mean: Array, running_var: Array, forward: BatchNorm, *, momentum: float = 0.1
) -> tuple[Array, Array]:
    """Move the running statistics towards those of a batch.

    Parameters
    ----------
    running_mean, running_var : (C,) array
        What earlier batches left; at first commonly zeros and ones. Of the type of the batch.
    forward : BatchNorm
        What `batch_norm` gave for the batch.
    momentum : float
        Weight of the batch, from 0 to 1. (Optimisers call the weight of the past so.)

    Returns
    -------
    mean, var : (C,) array
        ``(1 - momentum) * running + momentum * batch``.

    Raises
    ------
    ShapeError
        If the shapes do not go together, or the batch has one value a channel.
    ParameterError
        If `momentum` is not a number from 0 to 1, or an array is of the wrong type.

    Notes
    -----
    The variance that is gathered is the unbiased one, ``sigma2 * m / (m - 1)``, though the batch
    itself was normalised by the biased one.

    Examples
    --------
    >>> one = np.array([1.0])
    >>> forward = batch_norm(np.array([[1.0], [3.0]]), one, one)
    >>> update_running_stats(0 * one, one, forward, momentum=0.5)
    (array([1.]), array([1.5]))
    """
    batch = require_forward(forward).moments
    dtype = require_batch(forward.x, running_mean=running_mean, running_var=running_var)
    require_variance("running_var", running_var)
    weight = require_momentum(momentum)
    if batch.count == 1:
        raise ShapeError(
            "forward: one value a channel has no unbiased variance, which divides by m - 1 = 0; "
            "use a batch of at least 2 values a channel",
            parameter="forward",
        )
    unbiased = batch.var * (batch.count / (batch.count - 1))
    mean, var = (
        (1 - weight) * running.astype(np.float64) + weight * new
        for running, new in ((running_mean, batch.mean), (running_var, unbiased))
    )
    return mean.astype(dtype), var.astype(dtype)


def require_forward(forward: BatchNorm) -> BatchNorm:
    """Check that an argument is what `batch_norm` gave."""
    if not hasattr(forward, "moments"):
        raise ParameterError(
            f"forward: expected the result of batch_norm, got {type(forward).__name__}; "
            "use forward = batch_norm(x, gamma, beta)",
            parameter="forward",
        )
    return forward


def as_channels(values: Array) -> Array:
    """View a contiguous batch as (N, C, S), with S cells a channel."""
    return values.reshape(*values.shape[:2], -1)


def inverse_root(var: Doubles, eps: float) -> Doubles:
    """One over the standard deviation, with eps inside the root."""
    inverse: Doubles = 1 / np.sqrt(var + eps)
    return inverse


def _normalise(x: Array, mean: Doubles, scale: Doubles, shift: Doubles) -> Array:
    y = np.empty_like(x)
    affine(as_channels(x), mean, scale, shift, out=as_channels(y))
    return y
