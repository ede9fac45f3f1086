"""Every gradient of batch norm beside the slope that is found by moving its node."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from engine.dependence import dependence
from engine.phases import Values
from engine.ridders import slope
from engine.trace import Trace

_EPS = sys.float_info.epsilon
AGREES = 1e-6
# Of the scale on which the loss bends; rounding shows at steps below it, bends above it.
_STEP = 1 / 8
# How many roundings a difference of two losses may have.
_ROUNDINGS = 64
# Rounding of x, relative to the root: above the first, digits are lost; above the second, all.
_COARSE, _LOST = 1e-9, 1e-3


@dataclass(frozen=True)
class NodeCheck:
    """The gradient of one node, and its slopes.

    Attributes
    ----------
    analytic, numeric : tuple of float
        The gradient as the trace gives it, and the slopes; NaN where none can be found.
    relative_error : float
        The largest difference, relative to the largest entry of either; 0 where both are nothing
        but rounding.
    agrees : bool
        Whether that is below 1e-6.
    why : str, optional
        What limits the comparison.
    """

    analytic: tuple[float, ...]
    numeric: tuple[float, ...]
    relative_error: float
    agrees: bool
    why: str | None = None


def batch_norm_slopes(trace: Trace, *, eps: float) -> dict[str, NodeCheck]:
    """Check every gradient of a trace: move its node, and compute again what follows from it.

    Parameters
    ----------
    trace : Trace
        Of `trace_batch_norm_pass`.
    eps : float
        What was added to the variance.

    Returns
    -------
    dict of str to NodeCheck
        By the name of the node.

    Notes
    -----
    Batch norm bends on the scale of the root of sigma2 + eps in x and mu, and of sigma2 + eps
    itself in sigma2; the steps are a share of these. So a constant batch is checked within eps.

    Examples
    --------
    >>> import numpy as np
    >>> from engine.batch_norm_pass_trace import trace_batch_norm_pass
    >>> x, one = np.array([[1.0], [2.0], [4.0], [7.0]]), np.ones(1)
    >>> grad_output = np.array([[0.5], [-0.2], [0.1], [0.3]])
    >>> trace = trace_batch_norm_pass(x, one, 0 * one, grad_output=grad_output)
    >>> checks = batch_norm_slopes(trace, eps=1e-5)
    >>> list(checks), all(check.agrees for check in checks.values())
    (['y', 'beta', 'gamma', 'xhat', 'sigma2', 'mu', 'x'], True)
    """
    nodes = [str(t.gradient_of) for t in trace.tensors.values() if t.gradient_of]
    scales = _scales(trace, eps)
    # How coarse x is beside the root: its own rounding, seen from the normalised batch.
    coarse = _EPS * float(abs(trace.tensors["x"].values).max()) / scales["x"]
    size = _loss_size(trace)
    return {
        node: _check(
            trace, node, scales.get(node, 1.0), size, coarse if node in ("x", "mu") else 0.0
        )
        for node in nodes
    }


def _scales(trace: Trace, eps: float) -> Mapping[str, float]:
    """Give the length on which the loss bends along each node; elsewhere it is a parabola."""
    shifted = float(trace.tensors["sigma2"].values[0]) + eps
    root = math.sqrt(shifted)
    return {
        "x": root,
        "mu": root,
        "centred": root,
        "root": root,
        "sigma2": shifted,
        "squared": shifted,
        "shifted": shifted,
        "inverse": 1 / root,
    }


def _loss_size(trace: Trace) -> float:
    """Bound the terms of the loss, and of what they are made, where a node is moved."""
    y, gamma, behind = (abs(trace.tensors[name].values) for name in ("y", "gamma", "grad_y"))
    moves = max(1.0, float(gamma[0]))
    if "target" in trace.tensors:
        behind = behind + moves
        y = y + abs(trace.tensors["target"].values)
    return float((behind * (y + moves)).sum())


def _check(trace: Trace, node: str, scale: float, size: float, coarse: float) -> NodeCheck:
    analytic = trace.tensors[f"grad_{node}"].values
    if coarse > _LOST:
        nothing = (math.nan,) * analytic.size
        return NodeCheck(_listed(analytic), nothing, math.inf, False, _too_coarse(trace, scale))
    values = trace.tensors[node].values
    numeric = _slopes(trace, node, values, scale)
    rounding = _ROUNDINGS * size * (_EPS + coarse) / scale
    largest = max(map(abs, (*_listed(analytic), *numeric)))
    difference = max(abs(a - n) for a, n in zip(_listed(analytic), numeric, strict=True))
    # Where the gradient is 0, so is a slope that rounding alone could make.
    numeric = tuple(
        0.0 if not a and abs(n) <= rounding else n
        for a, n in zip(_listed(analytic), numeric, strict=True)
    )
    if largest <= rounding:
        why = "Both are zero but for rounding." if largest else None
        return NodeCheck(_listed(analytic), numeric, 0.0, True, why)
    error = difference / largest
    why = None
    if error >= AGREES:
        if coarse > _COARSE:
            why = _too_coarse(trace, scale)
        elif difference <= rounding:
            why = (
                "The gradient is so small beside the loss that rounding disturbs its slope by "
                f"{error:.0e} of itself; double precision allows no closer comparison."
            )
    return NodeCheck(_listed(analytic), numeric, error, error < AGREES, why)


def _slopes(trace: Trace, node: str, values: Values, scale: float) -> tuple[float, ...]:
    loss = dependence(trace, "loss", node)

    def along(index: int) -> float:
        def moved(value: float) -> float:
            there = values.copy()
            there.flat[index] = value
            return loss(there)

        return slope(moved, float(values.flat[index]), _STEP * scale).value

    return tuple(map(along, range(values.size)))


def _too_coarse(trace: Trace, root: float) -> str:
    largest = float(abs(trace.tensors["x"].values).max())
    return (
        f"x is stored to within {_EPS * largest / 2:.0e}, too coarse beside the root of "
        f"sigma2 + eps, which is {root:.0e}: use a larger eps, or smaller numbers."
    )


def _listed(values: Values) -> tuple[float, ...]:
    return tuple(values.ravel().tolist())
