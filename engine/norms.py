"""Layer, instance and group normalisation: batch norm over other axes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Final

import numpy as np

from engine.arrays import Array
from engine.batch_norm import inverse_root
from engine.batch_norm_checks import require_batch, require_eps
from engine.channelwise import Doubles, affine, moments
from engine.errors import ParameterError, Remedy, ShapeError
from engine.window import normalise_int

# Along which axes each cell has statistics of its own: samples N, channels C, groups of them G.
STATISTICS: Final[Mapping[str, str]] = MappingProxyType(
    {"batch": "C", "layer": "N", "instance": "NC", "group": "NG"}
)


@dataclass(frozen=True, eq=False)
class SampleNorm:
    """Samples that were normalised each on its own, and their statistics.

    Attributes
    ----------
    y : array of the shape of `x`
        ``gamma * x_hat + beta``.
    mean, var : (N,), (N, C) or (N, groups) array
        Statistics of the cells that share them, the variance divided by their number; in the type
        of `x`.
    x : array
        The input. To save memory this is the caller's array where that is contiguous.
    eps : float
        What was added to the variance.
    exact_mean, inverse_deviation : (N, groups) array
        The mean, and one over the root of variance plus eps, in float64.
    """

    y: Array
    mean: Array
    var: Array
    x: Array = field(repr=False)
    eps: float
    exact_mean: Doubles = field(repr=False)
    inverse_deviation: Doubles = field(repr=False)

    @cached_property
    def x_hat(self) -> Array:
        """The normalised input, of the shape of `x`; computed when first asked for, then kept."""
        ones = np.ones(self.x.shape[1])
        return _scaled(self.x, self.exact_mean, self.inverse_deviation, ones, 0 * ones)


def layer_norm(x: Array, gamma: Array, beta: Array, *, eps: float = 1e-5) -> SampleNorm:
    """Normalise each sample by the mean and variance of all its channels, then scale and shift.

    Parameters
    ----------
    x : (N, C), (N, C, L) or (N, C, H, W) array
        The samples; float32 or float64, as the other arrays.
    gamma, beta : (C,) array
        Scale and shift of each channel.
    eps : float
        Added to the variance inside the root; above 0.

    Returns
    -------
    SampleNorm
        `y` and `x_hat` of the shape of `x`, `mean` and `var` of shape (N,).

    Raises
    ------
    ShapeError
        If the shapes do not go together, or a sample has no value.
    ParameterError
        If `eps` is not a positive number, or an array is of the wrong type.

    Notes
    -----
    The four lines of `batch_norm`, with the sums over every axis but N. Frameworks also keep one
    gamma and one beta a cell; here they are those of its channel, as in the other three.

    References
    ----------
    Ba, Kiros, Hinton: Layer normalization (2016).

    Examples
    --------
    >>> forward = layer_norm(np.array([[1.0, 3.0], [10.0, 30.0]]), np.ones(2), np.zeros(2))
    >>> forward.mean, forward.var
    (array([ 2., 20.]), array([  1., 100.]))
    """
    found = _normalise(x, gamma, beta, groups=1, eps=eps)
    return replace(found, mean=found.mean[:, 0], var=found.var[:, 0])


def instance_norm(x: Array, gamma: Array, beta: Array, *, eps: float = 1e-5) -> SampleNorm:
    """Normalise each channel of each sample by its own mean and variance, then scale and shift it.

    Parameters
    ----------
    x : (N, C, L) or (N, C, H, W) array
        The samples; float32 or float64, as the other arrays.
    gamma, beta : (C,) array
        Scale and shift of each channel.
    eps : float
        Added to the variance inside the root; above 0.

    Returns
    -------
    SampleNorm
        `y` and `x_hat` of the shape of `x`, `mean` and `var` of shape (N, C).

    Raises
    ------
    ShapeError
        If the shapes do not go together, or there is no axis to take the mean over.
    ParameterError
        If `eps` is not a positive number, or an array is of the wrong type.

    Notes
    -----
    The four lines of `batch_norm`, with the sums over the positions alone. A map of one cell has
    ``x_hat = 0`` and ``y = beta``.

    References
    ----------
    Ulyanov, Vedaldi, Lempitsky: Instance normalization (2016).

    Examples
    --------
    >>> forward = instance_norm(np.array([[[1.0, 3.0]], [[10.0, 30.0]]]), np.ones(1), np.zeros(1))
    >>> forward.mean
    array([[ 2.],
           [20.]])
    """
    require_batch(x, gamma=gamma, beta=beta)
    require_positions(x)
    return _normalise(x, gamma, beta, groups=x.shape[1], eps=eps)


def group_norm(
    x: Array, gamma: Array, beta: Array, *, groups: int, eps: float = 1e-5
) -> SampleNorm:
    """Normalise each group of channels of each sample by its mean and variance, scale and shift.

    Parameters
    ----------
    x : (N, C), (N, C, L) or (N, C, H, W) array
        The samples; float32 or float64, as the other arrays.
    gamma, beta : (C,) array
        Scale and shift of each channel.
    groups : int
        Into how many groups of neighbours the channels are split; it divides C.
    eps : float
        Added to the variance inside the root; above 0.

    Returns
    -------
    SampleNorm
        `y` and `x_hat` of the shape of `x`, `mean` and `var` of shape (N, groups).

    Raises
    ------
    ShapeError
        If the shapes do not go together, or a group has no value.
    ParameterError
        If `groups` does not divide the channels, `eps` is not a positive number, or an array is of
        the wrong type.

    Notes
    -----
    The four lines of `batch_norm`, with the sums over the positions and the channels of a group.
    One group is `layer_norm`, a group for each channel is `instance_norm`.

    References
    ----------
    Wu, He: Group normalization (2018), figure 2: the four of them as shaded cubes.

    Examples
    --------
    >>> x = np.array([[1.0, 3.0, 10.0, 30.0]])
    >>> group_norm(x, np.ones(4), np.zeros(4), groups=2).mean
    array([[ 2., 20.]])
    """
    return _normalise(x, gamma, beta, groups=groups, eps=eps)


def require_positions(x: Array) -> None:
    """Check that the channels of a sample have more than a place for one value.

    Parameters
    ----------
    x : array
        The samples.

    Raises
    ------
    ShapeError
        If it has the axes (N, C) alone.
    """
    if x.ndim == 2:
        raise ShapeError(
            f"x: shape {x.shape} has one value a channel and sample, and each would be its own "
            "mean; use maps (N, C, H, W), or another norm",
            parameter="x",
        )


def require_groups(groups: object, channels: int) -> int:
    """Check into how many groups channels are split.

    Parameters
    ----------
    groups : int
        What the caller passed.
    channels : int
        How many there are.

    Returns
    -------
    int

    Raises
    ------
    ParameterError
        If it is no integer of at least 1, or does not divide the channels.

    Examples
    --------
    >>> require_groups(2, 6)
    2
    """
    parts = normalise_int(groups, "groups", least=1)
    if channels % parts:
        fitting = [n for n in range(1, channels + 1) if channels % n == 0]
        raise ParameterError(
            f"groups: {parts} must divide the {channels} channels of x; "
            f"use {' or '.join(map(str, fitting))}",
            parameter="groups",
            remedies=[Remedy(f"groups = {n}", {"groups": n}) for n in fitting],
        )
    return parts


def _normalise(x: Array, gamma: Array, beta: Array, *, groups: object, eps: float) -> SampleNorm:
    dtype = require_batch(x, gamma=gamma, beta=beta)
    parts = require_groups(groups, x.shape[1])
    eps = require_eps(eps)
    values = np.ascontiguousarray(x, dtype)
    shape = (len(values), parts)
    # Cells that share a statistic lie side by side: they are a channel of a single image.
    found = moments(values.reshape(1, len(values) * parts, -1))
    mean, var = found.mean.reshape(shape), found.var.reshape(shape)
    inverse = inverse_root(var, eps)
    return SampleNorm(
        y=_scaled(values, mean, inverse, gamma.astype(np.float64), beta.astype(np.float64)),
        mean=mean.astype(dtype),
        var=var.astype(dtype),
        x=values,
        eps=eps,
        exact_mean=mean,
        inverse_deviation=inverse,
    )


def _scaled(x: Array, mean: Doubles, inverse: Doubles, gamma: Doubles, beta: Doubles) -> Array:
    """Scale and shift: each channel of each sample is one of a single image."""
    samples, channels = x.shape[:2]
    y = np.empty_like(x)
    of_group = channels // mean.shape[1]
    scale = np.repeat(inverse, of_group, axis=1) * gamma
    affine(
        x.reshape(1, samples * channels, -1),
        np.repeat(mean, of_group, axis=1).ravel(),
        scale.ravel(),
        np.tile(beta, samples),
        out=y.reshape(1, samples * channels, -1),
    )
    return y
