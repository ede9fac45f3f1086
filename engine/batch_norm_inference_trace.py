"""Batch norm after training: running statistics, how they move, and how they are used."""

from __future__ import annotations

import math

import numpy as np

from engine.arrays import Array, require_floating
from engine.batch_norm import batch_norm, batch_norm_inference, update_running_stats
from engine.batch_norm_graph import Batch, float64
from engine.batch_norm_trace import mean_phase, scale_and_shift_phase, variance_phase
from engine.trace import Trace


def trace_batch_norm_inference(
    x: Array,
    gamma: Array,
    beta: Array,
    running_mean: Array,
    running_var: Array,
    *,
    eps: float = 1e-5,
) -> Trace:
    """Explain batch norm at inference: no cell depends on the others any more.

    Parameters
    ----------
    x, gamma, beta, running_mean, running_var, eps
        As for `batch_norm_inference`; the trace works in float64.

    Returns
    -------
    Trace
        The tensors x, running_mean, running_var, xhat, gamma, beta and y; a phase that
        normalises and one that scales and shifts, one step a cell.

    Raises
    ------
    ShapeError, ParameterError
        As `batch_norm_inference`.

    Notes
    -----
    ``y[i] = gamma * (x[i] - running_mean) / sqrt(running_var + eps) + beta``

    Examples
    --------
    >>> one = np.array([1.0])
    >>> trace = trace_batch_norm_inference(np.array([[7.0]]), one, one, 3 * one, 4 * one, eps=1e-9)
    >>> round(trace[1].results[0], 6)
    3.0
    """
    require_floating(
        x=x, gamma=gamma, beta=beta, running_mean=running_mean, running_var=running_var
    )
    given = {
        "x": float64(x),
        "running_mean": float64(running_mean),
        "running_var": float64(running_var),
        "gamma": float64(gamma),
        "beta": float64(beta),
    }
    y = batch_norm_inference(**given, eps=eps)
    batch, eps = Batch(x.shape), float(eps)
    deviation = given["x"] - batch.beside_cells(given["running_mean"])
    root = np.sqrt(batch.beside_cells(given["running_var"]) + eps)
    phases = [
        batch.phase(
            "Normalise with the running statistics",
            "<xhat> =",
            r"\frac{<x> - <running_mean>}{\sqrt{<running_var> + \varepsilon}}",
            lambda x, running_mean, running_var: (x - running_mean) / math.sqrt(running_var + eps),
        ),
        scale_and_shift_phase(batch),
    ]
    return batch.trace(
        "batch_norm_inference",
        given | {"xhat": deviation / root, "y": y},
        phases,
        r"<y> = <gamma> \cdot "
        r"\frac{<x> - <running_mean>}{\sqrt{<running_var> + \varepsilon}} + <beta>",
    )


def trace_running_stats(
    running_mean: Array, running_var: Array, x: Array, *, momentum: float = 0.1
) -> Trace:
    """Explain how the running statistics move towards those of a batch.

    Parameters
    ----------
    running_mean, running_var : (C,) array
        The statistics so far.
    x : (N, C), (N, C, L) or (N, C, H, W) array
        The batch, with at least two cells a channel.
    momentum : float
        How far they move, as for `update_running_stats`.

    Returns
    -------
    Trace
        The tensors x, mu, sigma2, unbiased, running_mean, running_var, new_mean and new_var;
        one step a channel.

    Raises
    ------
    ShapeError, ParameterError
        As `batch_norm` and `update_running_stats`.

    Notes
    -----
    ``new_mean = (1 - momentum) * running_mean + momentum * mu``; the variance likewise, but with
    the unbiased one, ``m / (m - 1) * sigma2``, though the batch itself was normalised by sigma2.

    Examples
    --------
    >>> x = np.array([[1.0], [3.0]])
    >>> trace = trace_running_stats(np.array([0.0]), np.array([1.0]), x, momentum=0.5)
    >>> [step.results for step in trace]
    [(2.0,), (1.0,), (2.0,), (1.0,), (1.5,)]
    """
    require_floating(x=x, running_mean=running_mean, running_var=running_var)
    given = {"running_mean": float64(running_mean), "running_var": float64(running_var)}
    one_a_channel = np.ones(x.shape[1:2])
    forward = batch_norm(float64(x), one_a_channel, one_a_channel)
    new_mean, new_var = update_running_stats(**given, forward=forward, momentum=momentum)
    batch, momentum = Batch(x.shape), float(momentum)
    correction = batch.m / (batch.m - 1)
    phases = [
        mean_phase(batch),
        variance_phase(batch),
        batch.phase(
            "Correct the bias of the variance",
            "<unbiased> =",
            r"\frac{m}{m - 1} \cdot <sigma2>",
            lambda sigma2: correction * sigma2,
        ),
        batch.phase(
            "Move the running mean",
            "<new_mean> =",
            r"(1 - \alpha) \cdot <running_mean> + \alpha \cdot <mu>",
            lambda running_mean, mu: (1 - momentum) * running_mean + momentum * mu,
        ),
        batch.phase(
            "Move the running variance",
            "<new_var> =",
            r"(1 - \alpha) \cdot <running_var> + \alpha \cdot <unbiased>",
            lambda running_var, unbiased: (1 - momentum) * running_var + momentum * unbiased,
        ),
    ]
    values = {"x": forward.x, "mu": forward.mean, "sigma2": forward.var}
    values |= {"unbiased": correction * forward.var} | given
    return batch.trace(
        "running_stats", values | {"new_mean": new_mean, "new_var": new_var}, phases, ""
    )
