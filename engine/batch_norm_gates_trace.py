"""Batch norm in elementary gates, one operation a node, forward and backward.

The lecture's graph asks for the derivative of whole lines of the algorithm. Here every line is cut
into gates of one operation, so that each derivative is a rule from school; only two routes lead to
x then, and two to x - mu, where they part.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.arrays import Array
from engine.batch_norm import BatchNorm
from engine.batch_norm_backward import BatchNormGradients
from engine.batch_norm_graph import Batch, float64
from engine.batch_norm_trace import FORWARD, forward_of, mean_phase
from engine.phases import Phase
from engine.rounding import settled
from engine.trace import Trace


def trace_batch_norm_gates(x: Array, gamma: Array, beta: Array, *, eps: float = 1e-5) -> Trace:
    """Explain batch norm in elementary gates: subtract, square, average, root, invert, multiply.

    Parameters
    ----------
    x, gamma, beta, eps
        As for `batch_norm`; the trace works in float64.

    Returns
    -------
    Trace
        The tensors of `trace_batch_norm` and, between them, centred, squared, shifted, root,
        inverse and scaled; a phase for each gate.

    Raises
    ------
    ShapeError, ParameterError
        As `batch_norm`.

    Notes
    -----
    ``d = x - mu``, ``q = d^2``, ``v = sigma2 + eps``, ``s = sqrt(v)``, ``r = 1 / s``,
    ``xhat = d * r``, ``z = gamma * xhat``, ``y = z + beta``.

    References
    ----------
    Lecture, "Batch normalisation, forward", drawn with one operation a node.

    Examples
    --------
    >>> trace = trace_batch_norm_gates(
    ...     np.array([[1.0], [2.0], [4.0], [7.0]]), np.array([1.0]), np.array([0.0])
    ... )
    >>> trace.tensors["centred"].values.ravel()
    array([-2.5, -1.5,  0.5,  3.5])
    """
    forward = forward_of(x, gamma, beta, eps)
    values = gates_values(forward, float64(beta))
    batch = Batch(x.shape)
    return batch.trace("batch_norm_gates", values, gates_phases(batch, forward.eps), FORWARD)


def gates_values(forward: BatchNorm, beta: Array) -> dict[str, Array]:
    """Name the values of the graph of gates, in the order in which they are computed."""
    batch = Batch(forward.x.shape)
    centred = forward.x - batch.beside_cells(forward.mean)
    shifted = forward.var + forward.eps
    root = np.sqrt(shifted)
    return {
        "x": forward.x,
        "mu": forward.mean,
        "centred": centred,
        "squared": centred * centred,
        "sigma2": forward.var,
        "shifted": shifted,
        "root": root,
        "inverse": 1 / root,
        "xhat": forward.x_hat,
        "gamma": forward.gamma,
        "scaled": batch.beside_cells(forward.gamma) * forward.x_hat,
        "beta": beta,
        "y": forward.y,
    }


def gates_phases(batch: Batch, eps: float) -> list[Phase]:
    """Make one phase for each gate."""
    return [
        mean_phase(batch),
        batch.phase("Subtract the mean", "<centred> =", "<x> - <mu>", lambda x, mu: x - mu),
        batch.phase("Square", "<squared> =", "(<centred>)^2", lambda centred: centred * centred),
        batch.phase(
            "Mean of the squares",
            r"<sigma2> = \frac{1}{m} \sum",
            "<squared>",
            lambda squared: squared,
            combine="mean",
        ),
        batch.phase(
            "Add eps", "<shifted> =", r"<sigma2> + \varepsilon", lambda sigma2: sigma2 + eps
        ),
        batch.phase("Take the root", "<root> =", r"\sqrt{<shifted>}", lambda shifted: shifted**0.5),
        batch.phase("Invert", "<inverse> =", r"\frac{1}{<root>}", lambda root: 1 / root),
        batch.phase(
            "Multiply",
            "<xhat> =",
            r"<centred> \cdot <inverse>",
            lambda centred, inverse: centred * inverse,
        ),
        batch.phase(
            "Scale", "<scaled> =", r"<gamma> \cdot <xhat>", lambda gamma, xhat: gamma * xhat
        ),
        batch.phase("Shift", "<y> =", "<scaled> + <beta>", lambda scaled, beta: scaled + beta),
    ]


def gates_gradients(values: Mapping[str, Array], gradients: BatchNormGradients) -> dict[str, Array]:
    """Name the gradients of the graph of gates, in the order in which they are computed."""
    grad_y, grad_xhat, grad_sigma2 = gradients.grad_output, gradients.x_hat, gradients.var
    batch = Batch(grad_y.shape)
    centred, inverse = values["centred"], batch.beside_cells(values["inverse"])
    grad_inverse = grad_sigma2 * (-2 * values["shifted"] * values["root"])
    grad_squared = np.broadcast_to(batch.beside_cells(grad_sigma2) / batch.m, grad_y.shape)
    through_xhat, through_squared = grad_xhat * inverse, grad_squared * (2 * centred)
    sizes = abs(through_xhat) + abs(through_squared)
    return {
        "grad_y": grad_y,
        "grad_beta": gradients.beta,
        "grad_scaled": grad_y,
        "grad_gamma": gradients.gamma,
        "grad_xhat": grad_xhat,
        "grad_inverse": grad_inverse,
        "grad_centred": settled(through_xhat + through_squared, sizes, 2),
        "grad_root": -grad_inverse / values["shifted"],
        "grad_shifted": grad_sigma2,
        "grad_sigma2": grad_sigma2,
        "grad_squared": grad_squared,
        "grad_mu": gradients.mean,
        "grad_x": gradients.x,
    }


def gates_backward_phases(batch: Batch) -> list[Phase]:
    """Make one phase for each edge, walked in reverse; where two edges part, gradients add up."""
    return [*_back_to_the_factors(batch), *_back_to_the_squares(batch), *_back_to_the_input(batch)]


def _back_to_the_factors(batch: Batch) -> list[Phase]:
    """Go back through ``y = z + beta``, ``z = gamma * xhat`` and ``xhat = d * r``."""
    return [
        batch.phase(
            "Gradient of the shift",
            r"<grad_beta> = \sum",
            "<grad_y>",
            lambda grad_y: grad_y,
            combine="sum",
        ),
        batch.phase(
            "Gradient of the scaled input", "<grad_scaled> =", "<grad_y>", lambda grad_y: grad_y
        ),
        batch.phase(
            "Gradient of the scale",
            r"<grad_gamma> = \sum",
            r"<grad_scaled> \cdot <xhat>",
            lambda grad_scaled, xhat: grad_scaled * xhat,
            combine="sum",
        ),
        batch.phase(
            "Gradient of the normalised input",
            "<grad_xhat> =",
            r"<grad_scaled> \cdot <gamma>",
            lambda grad_scaled, gamma: grad_scaled * gamma,
        ),
        batch.phase(
            "Gradient of the inverse of the root",
            r"<grad_inverse> = \sum",
            r"<grad_xhat> \cdot <centred>",
            lambda grad_xhat, centred: grad_xhat * centred,
            combine="sum",
        ),
        batch.phase(
            "Gradient of the centred input, through the normalised input",
            r"<grad_centred> \mathrel{+}=",
            r"<grad_xhat> \cdot <inverse>",
            lambda grad_xhat, inverse: grad_xhat * inverse,
            adds=True,
        ),
    ]


def _back_to_the_squares(batch: Batch) -> list[Phase]:
    """Go back through ``r = 1 / s``, ``s = sqrt(v)``, ``v = sigma2 + eps`` and the mean."""
    return [
        batch.phase(
            "Gradient of the root",
            "<grad_root> =",
            r"<grad_inverse> \cdot \frac{-1}{<root>^2}",
            lambda grad_inverse, root: grad_inverse * (-1 / root**2),
        ),
        batch.phase(
            "Gradient of the variance plus eps",
            "<grad_shifted> =",
            r"<grad_root> \cdot \frac{1}{2 \sqrt{<shifted>}}",
            lambda grad_root, shifted: grad_root * (1 / (2 * shifted**0.5)),
        ),
        batch.phase(
            "Gradient of the variance",
            "<grad_sigma2> =",
            "<grad_shifted>",
            lambda grad_shifted: grad_shifted,
        ),
        batch.phase(
            "Gradient of the square",
            "<grad_squared> =",
            r"<grad_sigma2> \cdot \frac{1}{m}",
            lambda grad_sigma2: grad_sigma2 / batch.m,
        ),
    ]


def _back_to_the_input(batch: Batch) -> list[Phase]:
    """Go back through ``q = d^2`` and ``d = x - mu``, of which mu is made of x as well."""
    return [
        batch.phase(
            "Gradient of the centred input, through the square",
            r"<grad_centred> \mathrel{+}=",
            r"<grad_squared> \cdot 2 <centred>",
            lambda grad_squared, centred: grad_squared * (2 * centred),
            adds=True,
        ),
        batch.phase(
            "Gradient of the mean",
            r"<grad_mu> = \sum",
            "(-<grad_centred>)",
            lambda grad_centred: -grad_centred,
            combine="sum",
        ),
        batch.phase(
            "Gradient of the input, through the centred input",
            r"<grad_x> \mathrel{+}=",
            "<grad_centred>",
            lambda grad_centred: grad_centred,
            adds=True,
        ),
        batch.phase(
            "Gradient of the input, through the mean",
            r"<grad_x> \mathrel{+}=",
            r"<grad_mu> \cdot \frac{1}{m}",
            lambda grad_mu: grad_mu / batch.m,
            adds=True,
        ),
    ]
