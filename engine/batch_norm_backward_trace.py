"""Batch norm backward: the chain rule on the graph, one phase for each route."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from engine.arrays import Array, require_floating
from engine.batch_norm import BatchNorm
from engine.batch_norm_backward import BatchNormGradients, batch_norm_backward
from engine.batch_norm_gates_trace import (
    gates_backward_phases,
    gates_gradients,
    gates_phases,
    gates_values,
)
from engine.batch_norm_graph import Batch, float64
from engine.batch_norm_trace import forward_of, forward_phases, forward_values
from engine.errors import ParameterError
from engine.phases import Phase
from engine.rounding import settled
from engine.trace import Trace

Graph = Literal["lecture", "gates", "closed"]
# Values by node, phases before the play, phases of the play, and the equation of the whole.
_Told = tuple[Mapping[str, Array], Sequence[Phase], Sequence[Phase], str]

_THROUGH_XHAT = r"<grad_xhat> \cdot \frac{1}{\sqrt{<sigma2> + \varepsilon}}"
_THROUGH_SIGMA2 = r"<grad_sigma2> \cdot \frac{2 (<x> - <mu>)}{m}"
_THROUGH_MU = r"<grad_mu> \cdot \frac{1}{m}"
_THREE_ROUTES = rf"<grad_x> = {_THROUGH_XHAT} + {_THROUGH_SIGMA2} + {_THROUGH_MU}"
_CLOSED = (
    r"\frac{<gamma>}{m \sqrt{<sigma2> + \varepsilon}} "
    r"\left( m <grad_y> - <grad_beta> - <xhat> \cdot <grad_gamma> \right)"
)


def trace_batch_norm_backward(
    grad_output: Array,
    x: Array,
    gamma: Array,
    beta: Array,
    *,
    eps: float = 1e-5,
    graph: Graph = "lecture",
) -> Trace:
    """Explain how a gradient of the loss goes back through batch norm.

    Parameters
    ----------
    grad_output : array of the shape of `x`
        Gradient of the loss by the output of `batch_norm`.
    x, gamma, beta, eps
        As for `batch_norm`; the trace works in float64.
    graph : {"lecture", "gates", "closed"}
        The lecture's graph with a node for each line of the algorithm; the finer one of
        `trace_batch_norm_gates`; or the result simplified by hand, which needs no graph.

    Returns
    -------
    Trace
        The tensors of the forward pass, filled before the play begins, and gradients: grad_y,
        then grad_beta, grad_gamma, grad_xhat, grad_sigma2, grad_mu and grad_x. Every edge of
        the graph is a phase; phases that meet in one tensor add up there. The closed form has
        grad_beta, grad_gamma and grad_x only.

    Raises
    ------
    ShapeError, ParameterError
        As `batch_norm` and `batch_norm_backward`, and for an unknown graph.

    Notes
    -----
    With g the gradient of the output, d the gradient of xhat and v = sigma2 + eps:

    1. ``dbeta = sum of g[i]``
    2. ``dgamma = sum of g[i] * xhat[i]``
    3. ``d[i] = g[i] * gamma``
    4. ``dsigma2 = sum of d[i] * (x[i] - mu) * (-1/2) * v^(-3/2)``
    5. ``dmu = sum of d[i] * (-1 / sqrt(v))  +  sum of dsigma2 * (-2 (x[i] - mu)) / m``
    6. ``dx[i] = d[i] / sqrt(v)  +  dsigma2 * 2 (x[i] - mu) / m  +  dmu / m``

    The second sum of line 5 is zero, for deviations from a mean cancel; it is a route of the
    graph all the same. Put together,
    ``dx[i] = gamma / (m sqrt(v)) * (m g[i] - dbeta - xhat[i] * dgamma)``.

    References
    ----------
    Lecture, "Batch normalisation, backward".

    Examples
    --------
    >>> import numpy as np
    >>> x, gamma, beta = np.array([[1.0], [3.0]]), np.array([2.0]), np.array([0.0])
    >>> grad_output = np.array([[0.5], [-0.25]])
    >>> trace = trace_batch_norm_backward(grad_output, x, gamma, beta)
    >>> [len([p for p in trace.phases if p.writes == name]) for name in ("grad_mu", "grad_x")]
    [2, 3]
    """
    if graph not in ("lecture", "gates", "closed"):
        raise ParameterError(
            f'graph: {graph!r} is not known; use "lecture", "gates" or "closed"',
            parameter="graph",
        )
    require_floating(x=x, gamma=gamma, beta=beta, grad_output=grad_output)
    forward = forward_of(x, gamma, beta, eps)
    gradients = _settled(batch_norm_backward(float64(grad_output), forward))
    told = {"lecture": _lecture, "gates": _gates, "closed": _closed}[graph]
    values, setup, phases, whole = told(forward, float64(beta), gradients)
    setup = [replace(phase, setup=True) for phase in setup]
    return Batch(x.shape).trace("batch_norm_backward", values, [*setup, *phases], whole)


def _settled(gradients: BatchNormGradients) -> BatchNormGradients:
    """Put 0 where terms cancel, of which the fast operation leaves what rounding does."""
    forward, grad_y = gradients.forward, gradients.grad_output
    batch = Batch(grad_y.shape)
    cells = tuple(axis for axis in range(grad_y.ndim) if axis != 1)

    def settled_sum(total: Array, terms: Array) -> Array:
        return settled(total, abs(terms).sum(axis=cells), batch.m)

    beta = settled_sum(gradients.beta, grad_y)
    gamma = settled_sum(gradients.gamma, grad_y * forward.x_hat)
    var = np.where(gamma == 0, 0.0, gradients.var)
    # Deviations from a mean add up to 0, so that the second route brings nothing.
    mean = -forward.gamma * forward.inverse_deviation * beta
    inverse, of_var, of_mean, mu = map(
        batch.beside_cells, (forward.inverse_deviation, var, mean / batch.m, forward.mean)
    )
    through_var = of_var * (2 * (forward.x - mu) / batch.m)
    sizes = abs(gradients.x_hat * inverse) + abs(through_var) + abs(of_mean)
    x = settled(gradients.x, sizes, 3)
    return replace(gradients, x=x, gamma=gamma, beta=beta, var=var, mean=mean)


def _lecture(forward: BatchNorm, beta: Array, gradients: BatchNormGradients) -> _Told:
    batch = Batch(forward.x.shape)
    values = forward_values(forward, beta) | {
        "grad_y": gradients.grad_output,
        "grad_beta": gradients.beta,
        "grad_gamma": gradients.gamma,
        "grad_xhat": gradients.x_hat,
        "grad_sigma2": gradients.var,
        "grad_mu": gradients.mean,
        "grad_x": gradients.x,
    }
    phases = [
        *_to_shift_and_scale(batch),
        *_to_the_statistics(batch, forward.eps),
        *_to_the_input(batch, forward.eps),
    ]
    return values, forward_phases(batch, forward.eps), phases, _THREE_ROUTES


def _gates(forward: BatchNorm, beta: Array, gradients: BatchNormGradients) -> _Told:
    batch = Batch(forward.x.shape)
    values = gates_values(forward, beta)
    return (
        values | gates_gradients(values, gradients),
        gates_phases(batch, forward.eps),
        gates_backward_phases(batch),
        r"<grad_x> = <grad_centred> + <grad_mu> \cdot \frac{1}{m}",
    )


def _closed(forward: BatchNorm, beta: Array, gradients: BatchNormGradients) -> _Told:
    batch = Batch(forward.x.shape)
    values = forward_values(forward, beta) | {
        "grad_y": gradients.grad_output,
        "grad_beta": gradients.beta,
        "grad_gamma": gradients.gamma,
        "grad_x": gradients.x,
    }
    return (
        values,
        forward_phases(batch, forward.eps),
        [*_to_shift_and_scale(batch), closed_form(batch, forward.eps)],
        f"<grad_x> = {_CLOSED}",
    )


def closed_form(batch: Batch, eps: float) -> Phase:
    """Make the phase that the three routes to the input simplify to."""
    m = batch.m
    return batch.phase(
        "Gradient of the input, all routes at once",
        "<grad_x> =",
        _CLOSED,
        lambda gamma, sigma2, grad_y, grad_beta, xhat, grad_gamma: (
            gamma / (m * (sigma2 + eps) ** 0.5) * (m * grad_y - grad_beta - xhat * grad_gamma)
        ),
    )


def _to_shift_and_scale(batch: Batch) -> list[Phase]:
    return [
        batch.phase(
            "Gradient of the shift",
            r"<grad_beta> = \sum",
            "<grad_y>",
            lambda grad_y: grad_y,
            combine="sum",
        ),
        batch.phase(
            "Gradient of the scale",
            r"<grad_gamma> = \sum",
            r"<grad_y> \cdot <xhat>",
            lambda grad_y, xhat: grad_y * xhat,
            combine="sum",
        ),
    ]


def _to_the_statistics(batch: Batch, eps: float) -> list[Phase]:
    return [
        batch.phase(
            "Gradient of the normalised input",
            "<grad_xhat> =",
            r"<grad_y> \cdot <gamma>",
            lambda grad_y, gamma: grad_y * gamma,
        ),
        batch.phase(
            "Gradient of the variance",
            r"<grad_sigma2> = \sum",
            r"<grad_xhat> \cdot (<x> - <mu>) \cdot "
            r"\left( -\frac{1}{2} \right) (<sigma2> + \varepsilon)^{-3/2}",
            lambda grad_xhat, x, mu, sigma2: (
                grad_xhat * (x - mu) * (-1 / 2) * (sigma2 + eps) ** -1.5
            ),
            combine="sum",
        ),
        batch.phase(
            "Gradient of the mean, through the normalised input",
            r"<grad_mu> \mathrel{+}= \sum",
            r"<grad_xhat> \cdot \frac{-1}{\sqrt{<sigma2> + \varepsilon}}",
            lambda grad_xhat, sigma2: grad_xhat * (-1 / (sigma2 + eps) ** 0.5),
            combine="sum",
            adds=True,
        ),
        # Zero but for rounding, whatever x is. It stays: it is an edge of the graph.
        batch.phase(
            "Gradient of the mean, through the variance",
            r"<grad_mu> \mathrel{+}= \sum",
            r"<grad_sigma2> \cdot \frac{-2 (<x> - <mu>)}{m}",
            lambda grad_sigma2, x, mu: grad_sigma2 * (-2 * (x - mu) / batch.m),
            combine="sum",
            adds=True,
            cancels=True,
        ),
    ]


def _to_the_input(batch: Batch, eps: float) -> list[Phase]:
    return [
        batch.phase(
            "Gradient of the input, through the normalised input",
            r"<grad_x> \mathrel{+}=",
            _THROUGH_XHAT,
            lambda grad_xhat, sigma2: grad_xhat * (1 / (sigma2 + eps) ** 0.5),
            adds=True,
        ),
        batch.phase(
            "Gradient of the input, through the variance",
            r"<grad_x> \mathrel{+}=",
            _THROUGH_SIGMA2,
            lambda grad_sigma2, x, mu: grad_sigma2 * (2 * (x - mu) / batch.m),
            adds=True,
        ),
        batch.phase(
            "Gradient of the input, through the mean",
            r"<grad_x> \mathrel{+}=",
            _THROUGH_MU,
            lambda grad_mu: grad_mu / batch.m,
            adds=True,
        ),
    ]
