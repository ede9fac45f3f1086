"""The arrays that the engine takes: their type, and the checks at its edge."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import ParameterError, ShapeError

Array = npt.NDArray[np.floating[Any]]

_ACCEPTED = (np.dtype(np.float32), np.dtype(np.float64))


def require_floating(**arrays: object) -> np.dtype[np.floating[Any]]:
    """Check that all arrays are float32, or all float64.

    Parameters
    ----------
    **arrays : array or None
        The arguments under their own names, the one that sets the type first; None is skipped
        for `bias`, the one optional array.

    Returns
    -------
    dtype
        The common type, in the byte order of this machine.

    Raises
    ------
    ParameterError
        If one is no array, or of another type, or of a type unlike the first.
    """
    first: tuple[str, np.dtype[Any]] | None = None
    for name, array in arrays.items():
        if array is None and name == "bias":
            continue
        dtype = _floating(name, array)
        if first is None:
            first = name, dtype
        elif dtype != first[1]:
            raise ParameterError(
                f"{name}: {dtype} does not go with {first[0]}, which is {first[1]}; "
                f"convert one of them, e.g. with {name}.astype(np.{first[1]})",
                parameter=name,
            )
    assert first is not None, "callers name at least one required array"
    return first[1]


def _floating(name: str, array: object) -> np.dtype[Any]:
    if not isinstance(array, np.ndarray):
        raise ParameterError(
            f"{name}: expected a NumPy array, got {type(array).__name__}; "
            f"convert it with np.array({name}, dtype=np.float64)",
            parameter=name,
        )
    dtype: np.dtype[Any] = array.dtype.newbyteorder("=")
    if dtype not in _ACCEPTED:
        raise ParameterError(
            f"{name}: numbers of type {dtype} are not accepted, only float32 and float64; "
            f"convert them with {name}.astype(np.float64)",
            parameter=name,
        )
    return dtype


def require_shape(name: str, shape: tuple[int, ...], axes: tuple[str, ...]) -> None:
    """Check that a shape has the named axes and at least one cell.

    Parameters
    ----------
    name : str
        The argument, for the message.
    shape : tuple of int
        Its shape.
    axes : tuple of str
        The letters of its axes, e.g. ``("N", "C", "H", "W")``.

    Raises
    ------
    ShapeError
        If the number of axes differs, or one of them is empty.
    """
    if len(shape) != len(axes):
        way_out = (
            "add axes of length 1, e.g. with np.expand_dims"
            if len(shape) < len(axes)
            else "take a part of it, or merge axes with reshape"
        )
        raise ShapeError(
            f"{name}: expected the axes ({', '.join(axes)}), got shape {shape}; {way_out}",
            parameter=name,
        )
    empty = [axis for axis, length in zip(axes, shape, strict=True) if length < 1]
    if empty:
        raise ShapeError(
            f"{name}: shape {shape} has nothing along {empty[0]}; "
            f"every axis of ({', '.join(axes)}) needs a length of at least 1",
            parameter=name,
        )


def require_same_shape(name: str, array: Array, shape: tuple[int, ...]) -> None:
    """Check that a gradient has the shape of what it is the gradient of.

    Parameters
    ----------
    name : str
        The argument, for the message.
    array : array
        What the caller passed.
    shape : tuple of int
        The shape that it must have.

    Raises
    ------
    ShapeError
        If its shape is another.
    """
    if array.shape != shape:
        raise ShapeError(
            f"{name}: shape {array.shape} is not the shape {shape} of the output; "
            "use one gradient for each output cell",
            parameter=name,
        )
