"""Layer, instance and group norm told in the four lines of batch norm: only the axes differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from engine.arrays import Array, require_floating
from engine.batch_norm import BatchNorm, batch_norm
from engine.batch_norm_graph import Batch, float64
from engine.batch_norm_trace import FORWARD, forward_phases
from engine.errors import ParameterError
from engine.norms import STATISTICS, SampleNorm, group_norm, instance_norm, layer_norm
from engine.trace import Trace

_FAST: Final[Mapping[str, Callable[..., BatchNorm | SampleNorm]]] = {
    "batch": batch_norm,
    "layer": layer_norm,
    "instance": instance_norm,
    "group": group_norm,
}
# What has a mean of its own.
_WHOLE = {"C": "channel", "N": "sample", "NC": "channel of each sample", "NG": "group"}


def trace_norm(
    x: Array,
    gamma: Array,
    beta: Array,
    *,
    kind: str = "batch",
    groups: int = 1,
    eps: float = 1e-5,
) -> Trace:
    """Explain batch, layer, instance or group norm, one activation at a time.

    Parameters
    ----------
    x, gamma, beta, eps
        As for `batch_norm`; the trace works in float64.
    kind : {"batch", "layer", "instance", "group"}
        Which cells share their statistics.
    groups : int
        Into how many groups the channels are split; the other kinds have none, and ignore it.

    Returns
    -------
    Trace
        The tensors x, mu, sigma2, xhat, gamma, beta and y; a phase for each line of the algorithm.
        The statistics have an axis for each along which they differ: "channel" in batch norm,
        "image" in layer norm, both in instance norm, "image" and "group" in group norm. They
        take one step each, xhat and y one step a cell.

    Raises
    ------
    ShapeError, ParameterError
        As `batch_norm`, `layer_norm`, `instance_norm` or `group_norm`.

    Notes
    -----
    With m cells that share a mean:

    1. ``mu = (1/m) * sum of x``
    2. ``sigma2 = (1/m) * sum of (x - mu)^2``
    3. ``xhat = (x - mu) / sqrt(sigma2 + eps)``
    4. ``y = gamma[c] * xhat + beta[c]``, gamma and beta always those of the channel

    References
    ----------
    Wu, He: Group normalization (2018), figure 2.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[1.0, 3.0], [10.0, 30.0]])
    >>> trace_norm(x, np.ones(2), np.zeros(2), kind="layer").tensors["mu"].values
    array([ 2., 20.])
    """
    if kind not in _FAST:
        raise ParameterError(
            f"kind: {kind!r} is none of the norms; use {', '.join(_FAST)}", parameter="kind"
        )
    require_floating(x=x, gamma=gamma, beta=beta)
    given = float64(x), float64(gamma), float64(beta)
    options = {"groups": groups} if kind == "group" else {}
    forward = _FAST[kind](*given, eps=eps, **options)
    values = {
        "x": given[0],
        "mu": forward.mean,
        "sigma2": forward.var,
        "xhat": forward.x_hat,
        "gamma": given[1],
        "beta": given[2],
        "y": forward.y,
    }
    batch = Batch(x.shape, STATISTICS[kind], **options)
    mean, variance, *rest = forward_phases(batch, forward.eps)
    of = f"of a {_WHOLE[batch.statistics]}"
    titled = [replace(mean, title=f"Mean {of}"), replace(variance, title=f"Variance {of}")]
    return batch.trace("norm", values, [*titled, *rest], FORWARD)
