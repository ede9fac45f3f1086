"""Batch norm told in the four lines of its algorithm."""

from __future__ import annotations

from engine.arrays import Array, require_floating
from engine.batch_norm import BatchNorm, batch_norm
from engine.batch_norm_graph import Batch, float64
from engine.phases import Phase
from engine.trace import Trace

FORWARD = r"<y> = <gamma> \cdot \frac{<x> - <mu>}{\sqrt{<sigma2> + \varepsilon}} + <beta>"


def trace_batch_norm(x: Array, gamma: Array, beta: Array, *, eps: float = 1e-5) -> Trace:
    """Explain batch norm: what `batch_norm` computes, one activation at a time.

    Parameters
    ----------
    x, gamma, beta, eps
        As for `batch_norm`; the trace works in float64.

    Returns
    -------
    Trace
        The tensors x, mu, sigma2, xhat, gamma, beta and y; a phase for each line of the
        algorithm. The statistics take one step a channel, xhat and y one step a cell.

    Raises
    ------
    ShapeError, ParameterError
        As `batch_norm`.

    Notes
    -----
    With m cells in a channel:

    1. ``mu = (1/m) * sum of x[i]``
    2. ``sigma2 = (1/m) * sum of (x[i] - mu)^2``
    3. ``xhat[i] = (x[i] - mu) / sqrt(sigma2 + eps)``
    4. ``y[i] = gamma * xhat[i] + beta``

    References
    ----------
    Lecture, "Batch normalisation, forward".

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[1.0], [2.0], [4.0], [7.0]])
    >>> trace = trace_batch_norm(x, np.array([1.0]), np.array([0.0]))
    >>> trace[0].running
    (1.0, 3.0, 7.0, 14.0, 3.5)
    >>> trace[1].terms, trace[1].results
    ((6.25, 2.25, 0.25, 12.25), (5.25,))
    """
    forward = forward_of(x, gamma, beta, eps)
    values = forward_values(forward, float64(beta))
    batch = Batch(x.shape)
    return batch.trace("batch_norm", values, forward_phases(batch, forward.eps), FORWARD)


def forward_of(x: Array, gamma: Array, beta: Array, eps: float) -> BatchNorm:
    """Check the types of the arguments as they came, then normalise copies in float64."""
    require_floating(x=x, gamma=gamma, beta=beta)
    return batch_norm(float64(x), float64(gamma), float64(beta), eps=eps)


def forward_values(forward: BatchNorm, beta: Array) -> dict[str, Array]:
    """Name the values of the lecture's graph, in the order of the algorithm."""
    return {
        "x": forward.x,
        "mu": forward.mean,
        "sigma2": forward.var,
        "xhat": forward.x_hat,
        "gamma": forward.gamma,
        "beta": beta,
        "y": forward.y,
    }


def forward_phases(batch: Batch, eps: float) -> list[Phase]:
    """Make the four lines of the algorithm."""
    normalise = batch.phase(
        "Normalise",
        "<xhat> =",
        r"\frac{<x> - <mu>}{\sqrt{<sigma2> + \varepsilon}}",
        lambda x, mu, sigma2: (x - mu) / (sigma2 + eps) ** 0.5,
    )
    return [mean_phase(batch), variance_phase(batch), normalise, scale_and_shift_phase(batch)]


def mean_phase(batch: Batch) -> Phase:
    """Make the first line."""
    return batch.phase(
        "Mean of the batch", r"<mu> = \frac{1}{m} \sum", "<x>", lambda x: x, combine="mean"
    )


def variance_phase(batch: Batch) -> Phase:
    """Make the second line: the mean of the squared deviations, divided by m."""
    return batch.phase(
        "Variance of the batch",
        r"<sigma2> = \frac{1}{m} \sum",
        "(<x> - <mu>)^2",
        lambda x, mu: (x - mu) * (x - mu),
        combine="mean",
    )


def scale_and_shift_phase(batch: Batch) -> Phase:
    """Make the last line."""
    return batch.phase(
        "Scale and shift",
        "<y> =",
        r"<gamma> \cdot <xhat> + <beta>",
        lambda gamma, xhat, beta: gamma * xhat + beta,
    )
