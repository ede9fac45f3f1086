"""The bias of a convolution, one number for each map, and its gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.arrays import Array, require_shape
from engine.errors import ShapeError


def require_bias(bias: Array | None, count: int, owner: str) -> None:
    """Check that there is one bias for each filter, or each map.

    Parameters
    ----------
    bias : array or None
        What the caller passed, of a type already checked; None is no bias.
    count : int
        How many there must be.
    owner : str
        What has one, for the message: "filter" or "map".

    Raises
    ------
    ShapeError
        If `bias` does not have one axis of that length.
    """
    if bias is None:
        return
    require_shape("bias", bias.shape, ("K",))
    if len(bias) != count:
        raise ShapeError(
            f"bias: shape {bias.shape} does not go with the {count} {owner}s; "
            f"use one number a {owner}, shape ({count},)",
            parameter="bias",
        )


def gradient_of_bias(grad: Array, dtype: np.dtype[np.floating[Any]]) -> Array:
    """Add up the gradient of each map: its bias went into every cell.

    Parameters
    ----------
    grad : (N, K, ...) array
        Gradient of the maps.
    dtype : dtype
        Type of the result.

    Returns
    -------
    (K,) array
        Added up in float64: thousands of numbers of both signs nearly cancel.

    Examples
    --------
    >>> gradient_of_bias(np.array([[[1.0, 2.0], [3.0, 4.0]]]), np.dtype(np.float64))
    array([3., 7.])
    """
    axes = (0, *range(2, grad.ndim))
    total: Array = grad.sum(axis=axes, dtype=np.float64)
    return total.astype(dtype, copy=False)
