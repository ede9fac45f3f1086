"""Batch norm as one play: forward, the loss, and all the way back."""

from __future__ import annotations

from typing import Literal

import numpy as np

from engine.arrays import Array, require_floating
from engine.batch_norm_backward_trace import trace_batch_norm_backward
from engine.batch_norm_gates_trace import trace_batch_norm_gates
from engine.batch_norm_graph import Batch, float64
from engine.batch_norm_trace import trace_batch_norm
from engine.carried_out import CarriedOut
from engine.chain import chain
from engine.errors import ParameterError, ShapeError
from engine.loss import squared_error
from engine.loss_trace import WEIGHED, squared_error_phases
from engine.phases import Values
from engine.trace import Trace

_FORWARD = {"lecture": trace_batch_norm, "gates": trace_batch_norm_gates}


def trace_batch_norm_pass(
    x: Array,
    gamma: Array,
    beta: Array,
    *,
    grad_output: Array | None = None,
    target: Array | None = None,
    eps: float = 1e-5,
    graph: Literal["lecture", "gates"] = "lecture",
) -> CarriedOut:
    """Explain batch norm of one activation from the batch to the loss, and the way back.

    Parameters
    ----------
    x : (m, 1) array
        The batch; the trace works in float64.
    gamma, beta : (1,) array
        Scale and shift.
    grad_output : (m, 1) array, optional
        The gradient that arrives from behind: the loss is ``sum of y * grad_output``, in which
        it is held.
    target : (m, 1) array, optional
        What y should be, in its place: the loss is half the sum of the squared differences.
    eps : float
        Added to the variance inside the root; above 0.
    graph : {"lecture", "gates"}
        A node for each line of the algorithm, or for each elementary gate.

    Returns
    -------
    CarriedOut
        The phases of `trace_batch_norm`, one or two of the loss, and those of
        `trace_batch_norm_backward`, all of them played. Of shape (1,) are the statistics, scale,
        shift, loss and the gradients of these; of shape (m, 1) is everything else. Each number is
        rounded once, and 0 where terms cancel.

    Raises
    ------
    ShapeError, ParameterError
        As `batch_norm` and `batch_norm_backward`; for more features than one, for an unknown
        graph, and unless one of `grad_output` and `target` is given.

    Notes
    -----
    - given a gradient g: ``L = sum of y[i] * g[i]``, so that ``dL/dy[i] = g[i]``
    - given a target t: ``L = 1/2 * sum of (y[i] - t[i])**2``, so that ``dL/dy[i] = y[i] - t[i]``

    References
    ----------
    Lecture, "Batch normalisation, forward" and "backward".

    Examples
    --------
    >>> x, one = np.array([[1.0], [2.0], [4.0], [7.0]]), np.ones(1)
    >>> grad_output = np.array([[0.5], [-0.2], [0.1], [0.3]])
    >>> trace = trace_batch_norm_pass(x, one, 0 * one, grad_output=grad_output)
    >>> trace.tensors["grad_x"].values.round(4).ravel()
    array([ 0.1496, -0.159 , -0.0343,  0.0436])
    >>> [phase.writes for phase in trace.phases][:6]
    ['mu', 'sigma2', 'xhat', 'y', 'loss', 'grad_beta']
    """
    if graph not in _FORWARD:
        raise ParameterError(
            f'graph: {graph!r} is not known; use "lecture" or "gates"', parameter="graph"
        )
    if (grad_output is None) == (target is None):
        raise ParameterError(
            "grad_output: either the gradient of y, or a target that it comes from; give one",
            parameter="grad_output",
        )
    forward = _FORWARD[graph](x, gamma, beta, eps=eps)
    if x.shape[1:] != (1,):
        raise ShapeError(
            f"x: shape {x.shape} has more than one activation a sample, but the whole way is told "
            "of one; use shape (m, 1)",
            parameter="x",
        )
    if target is not None:
        loss = _trace_of_squares(forward, target)
        grad_output = loss.tensors["grad_y"].values
    else:
        assert grad_output is not None
        loss = _trace_of_products(forward, grad_output)
    back = trace_batch_norm_backward(
        grad_output, *map(float64, (x, gamma, beta)), eps=eps, graph=graph
    )
    whole = chain("batch_norm_pass", [forward, loss, back], formula=forward.formula)
    return CarriedOut(whole, constants=[eps])


def _trace_of_squares(forward: Trace, target: Array) -> Trace:
    """Compare y with a target."""
    y = forward.tensors["y"].values
    require_floating(target=target)
    loss = squared_error(y, float64(target))
    values = {
        "y": y,
        "target": float64(target),
        "loss": np.array([loss.value]),
        "grad_y": loss.gradient,
    }
    batch = Batch(y.shape)
    named = batch.trace("loss", values, [], "").tensors
    phases = squared_error_phases(named["y"], named["loss"], ("i",), r"\sum_{i=1}^{m} ")
    return Trace("loss", list(named.values()), phases)


def _trace_of_products(forward: Trace, grad_output: Array) -> Trace:
    """Give the loss whose gradient by y is the one given."""
    y = forward.tensors["y"].values
    require_floating(grad_output=grad_output)
    if grad_output.shape != y.shape:
        raise ShapeError(
            f"grad_output: shape {grad_output.shape} is not the shape {y.shape} of y; "
            "use one number for each sample",
            parameter="grad_output",
        )
    gradient: Values = float64(grad_output)
    values = {"y": y, "loss": np.array([(y * gradient).sum()]), "grad_y": gradient}
    weigh = Batch(y.shape).phase(
        WEIGHED,
        r"<loss> = \sum",
        r"<y> \cdot <grad_y>",
        lambda y, grad_y: y * grad_y,
        combine="sum",
    )
    return Batch(y.shape).trace("loss", values, [weigh], "")
