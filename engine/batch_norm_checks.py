"""What batch normalisation refuses: arrays and numbers that do not go together."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.arrays import Array, require_floating, require_same_shape, require_shape
from engine.errors import ParameterError, ShapeError

_AXES = {2: ("N", "C"), 3: ("N", "C", "L"), 4: ("N", "C", "H", "W")}


def require_batch(x: Array, **of_channels: Array) -> np.dtype[np.floating[Any]]:
    """Check a batch, and the arrays that have one number for each of its channels.

    Parameters
    ----------
    x : (N, C), (N, C, L) or (N, C, H, W) array
        The batch.
    **of_channels : (C,) array
        The others under their own names.

    Returns
    -------
    dtype
        The common type, in the byte order of this machine.

    Raises
    ------
    ShapeError
        If the shapes do not go together, or one is empty.
    ParameterError
        If one is no array, or they are not all float32 or all float64.
    """
    _require_given(x, "x", "the batch")
    for name, array in of_channels.items():
        neutral = "np.zeros(C)" if name in ("beta", "running_mean") else "np.ones(C)"
        _require_given(array, name, f"{neutral} where there is none")
    dtype = require_floating(x=x, **of_channels)
    if x.ndim not in _AXES:
        way_out = (
            "add axes of length 1, e.g. with np.expand_dims"
            if x.ndim < 2
            else "merge axes with reshape"
        )
        raise ShapeError(
            f"x: expected the axes (N, C), (N, C, L) or (N, C, H, W), got shape {x.shape}; "
            f"{way_out}",
            parameter="x",
        )
    require_shape("x", x.shape, _AXES[x.ndim])
    for name, array in of_channels.items():
        _require_one_a_channel(name, array, x)
    return dtype


def _require_one_a_channel(name: str, array: Array, x: Array) -> None:
    require_shape(name, array.shape, ("C",))
    channels = x.shape[1]
    if len(array) != channels:
        thing = "feature" if x.ndim == 2 else "channel"
        raise ShapeError(
            f"{name}: shape {array.shape} does not go with the {channels} {thing}"
            f"{'s' * (channels > 1)} of x; use one number a {thing}, shape ({channels},)",
            parameter=name,
        )


def require_gradient(grad_output: Array, x: Array) -> np.dtype[np.floating[Any]]:
    """Check the gradient of an output that has the shape and the type of the input.

    Parameters
    ----------
    grad_output : array
        What the caller passed.
    x : array
        The batch.

    Returns
    -------
    dtype
        Of both.

    Raises
    ------
    ShapeError
        If the shapes differ.
    ParameterError
        If it is no array, or of another type.
    """
    _require_given(grad_output, "grad_output", "one gradient for each output cell")
    dtype = require_floating(x=x, grad_output=grad_output)
    require_same_shape("grad_output", grad_output, x.shape)
    return dtype


def _require_given(array: Array | None, name: str, way_out: str) -> None:
    if array is None:
        raise ParameterError(
            f"{name}: expected a NumPy array, got None; use {way_out}", parameter=name
        )


def require_variance(name: str, var: Array) -> None:
    """Check that no variance is negative.

    Parameters
    ----------
    name : str
        The argument, for the message.
    var : (C,) array
        Variances.

    Raises
    ------
    ParameterError
        If one is below zero.
    """
    if (var < 0).any():
        at = int(np.argmax(var < 0))
        raise ParameterError(
            f"{name}: {float(var[at])} for channel {at} is negative, which no variance is; "
            "use numbers of at least 0",
            parameter=name,
        )


def require_eps(eps: object) -> float:
    """Check what is added to a variance.

    Parameters
    ----------
    eps : float
        What the caller passed.

    Returns
    -------
    float

    Raises
    ------
    ParameterError
        If it is no number, or not above 0, or not finite.

    Examples
    --------
    >>> require_eps(1)
    1.0
    """
    number = _number("eps", eps, "use a small number above 0, e.g. 1e-5")
    if not 0 < number < np.inf:
        raise ParameterError(
            f"eps: {number} is not a finite number above 0, and a channel whose values are all "
            "equal would be divided by zero; use a small one, e.g. 1e-5",
            parameter="eps",
        )
    return number


def require_momentum(momentum: object) -> float:
    """Check the weight of a batch in running statistics.

    Parameters
    ----------
    momentum : float
        What the caller passed.

    Returns
    -------
    float

    Raises
    ------
    ParameterError
        If it is no number from 0 to 1.

    Examples
    --------
    >>> require_momentum(np.float32(0.5))
    0.5
    """
    number = _number("momentum", momentum, "use the weight of the batch, from 0 to 1, e.g. 0.1")
    if not 0 <= number <= 1:
        raise ParameterError(
            f"momentum: {number} is not from 0 to 1, as the weight of the batch must be; "
            "use e.g. 0.1",
            parameter="momentum",
        )
    return number


def _number(name: str, value: object, way_out: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        raise ParameterError(f"{name}: {value!r} is not a number; {way_out}", parameter=name)
    try:
        return float(value)
    except OverflowError:
        return float("inf")
