"""The loss of a network that should give certain numbers, and its gradient."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.arrays import Array, require_floating
from engine.errors import ShapeError


@dataclass(frozen=True)
class SquaredError:
    """How far an output is from its target, and how that changes with the output.

    Attributes
    ----------
    value : float
        The loss.
    gradient : array of the shape of the output
        Its gradient by the output: where a backward pass begins.
    """

    value: float
    gradient: Array


def squared_error(y: Array, target: Array) -> SquaredError:
    """Compare an output with the numbers that it should have.

    Parameters
    ----------
    y : array
        What the network gives; float32 or float64, of any shape.
    target : array of the shape of `y`
        What it should give, of the same type.

    Returns
    -------
    SquaredError
        `value`, a float that is 0 where all numbers agree, and `gradient`, of the type of `y`.

    Raises
    ------
    ShapeError
        If the shapes differ.
    ParameterError
        If an array is of the wrong type.

    Notes
    -----
    - ``L = 1/2 * sum of (y - t)**2``: a sum, not a mean, added up in float64;
    - ``dL/dy = y - t``: the half is there for this.

    Examples
    --------
    >>> loss = squared_error(np.array([3.0, 1.0]), np.array([1.0, 2.0]))
    >>> loss.value, loss.gradient
    (2.5, array([ 2., -1.]))
    """
    dtype = require_floating(y=y, target=target)
    if target.shape != y.shape:
        raise ShapeError(
            f"target: shape {target.shape} is not the shape {y.shape} of y; "
            "use one wanted number for each output cell",
            parameter="target",
        )
    # What is too large for the type is infinite, and what is no number stays none.
    with np.errstate(over="ignore", invalid="ignore"):
        gradient = (y - target).astype(dtype, copy=False)
        value = float(np.square(gradient, dtype=np.float64).sum()) / 2
    return SquaredError(value=value, gradient=gradient)
