"""Settings of a sliding window: pairs of integers, padding, and the extent of a filter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np

from engine.arrays import require_shape
from engine.errors import ParameterError, Remedy

Pair = tuple[int, int]
Sides = tuple[Pair, Pair]
Shape = tuple[int, ...]
Size = int | Sequence[int]
Padding = int | Sequence[int] | Sequence[Sequence[int]] | Literal["valid", "same"]
PaddingMode = Literal["zeros", "reflect", "replicate", "circular"]

PADDING_MODES: tuple[PaddingMode, ...] = get_args(PaddingMode)
NO_PADDING: Sides = ((0, 0), (0, 0))

# Settings that a single number can mend, by the letter that people know them by.
_LETTERS = {"stride": "S", "dilation": "D", "padding": "P", "groups": "groups"}


def normalise_int(value: object, parameter: str, *, least: int) -> int:
    """Check a whole number and give it as a Python int.

    Parameters
    ----------
    value : int or NumPy integer
        What the caller passed; a bool or a float is refused, even 2.0.
    parameter : str
        Its name, for the message.
    least : int
        The smallest value allowed.

    Returns
    -------
    int

    Raises
    ------
    ParameterError
        If it is no integer, or too small.

    Examples
    --------
    >>> normalise_int(np.int64(2), "stride", least=1)
    2
    """
    if isinstance(value, bool | np.bool) or not isinstance(value, int | np.integer):
        raise ParameterError(
            f"{parameter}: {_shown(value)} is not an integer; "
            f"use a whole number of at least {least}",
            parameter=parameter,
            remedies=_healed(parameter, least),
        )
    if value < least:
        raise ParameterError(
            f"{parameter}: {value} is too small, it must be at least {least}; use {least} or more",
            parameter=parameter,
            remedies=_healed(parameter, least),
        )
    return int(value)


def normalise_pair(value: object, parameter: str, *, least: int = 1) -> Pair:
    """Read one number, or one for the rows and one for the columns.

    Parameters
    ----------
    value : int or (int, int)
        What the caller passed.
    parameter : str
        Its name, for the message.
    least : int
        The smallest value allowed.

    Returns
    -------
    (int, int)
        For rows (along the height) and columns (along the width).

    Raises
    ------
    ParameterError
        If it is neither, or below `least`.

    Examples
    --------
    >>> normalise_pair(2, "stride"), normalise_pair((1, 3), "stride")
    ((2, 2), (1, 3))
    """
    if not isinstance(value, tuple | list):
        number = normalise_int(value, parameter, least=least)
        return number, number
    if len(value) != 2:
        raise ParameterError(
            f"{parameter}: {_shown(value)} has {len(value)} entries; "
            "use one integer, or a pair (rows, columns)",
            parameter=parameter,
            remedies=_healed(parameter, least),
        )
    rows, columns = value
    return (
        normalise_int(rows, parameter, least=least),
        normalise_int(columns, parameter, least=least),
    )


def normalise_shape(shape: Sequence[object], parameter: str, axes: tuple[str, ...]) -> Shape:
    """Check a shape that was given as numbers.

    Parameters
    ----------
    shape : tuple of int
        What the caller passed.
    parameter : str
        Its name, for the message.
    axes : tuple of str
        The letters of its axes.

    Returns
    -------
    tuple of int

    Raises
    ------
    ShapeError
        If the number of axes differs, or a size is below 1.
    ParameterError
        If a size is no integer.

    Examples
    --------
    >>> normalise_shape([2, np.int64(3)], "shape", ("H", "W"))
    (2, 3)
    """
    sizes = tuple(normalise_int(size, parameter, least=1) for size in shape)
    require_shape(parameter, sizes, axes)
    return sizes


def normalise_padding(
    padding: object, *, filter_size: Pair, stride: Pair = (1, 1), dilation: Pair = (1, 1)
) -> Sides:
    """Read any way of giving the padding as cells on each side.

    Parameters
    ----------
    padding : int, (h, w), ((top, bottom), (left, right)), "valid" or "same"
        One number for all sides, one for rows and one for columns, or one a side. "valid" is
        none; "same" keeps the size.
    filter_size : (int, int)
        Rows and columns of a filter, for "same".
    stride, dilation : (int, int)
        For rows and columns, for "same".

    Returns
    -------
    ((top, bottom), (left, right))
        Cells added on each side.

    Raises
    ------
    ParameterError
        If it is none of these, if a number is negative, or for "same" with a stride above 1.

    Notes
    -----
    "same" adds ``dilation * (F - 1)`` in all: half of it before, rounded down, the rest after.

    Examples
    --------
    >>> normalise_padding((1, 2), filter_size=(3, 3))
    ((1, 1), (2, 2))
    >>> normalise_padding("same", filter_size=(3, 4))
    ((1, 1), (1, 2))
    """
    if isinstance(padding, str):
        return _named_padding(padding, filter_size, stride, dilation)
    if isinstance(padding, tuple | list) and any(isinstance(p, tuple | list) for p in padding):
        if len(padding) != 2 or any(
            not isinstance(p, tuple | list) or len(p) != 2 for p in padding
        ):
            raise ParameterError(
                f"padding: {_shown(padding)} is not one pair for the rows and one for the "
                "columns; use ((top, bottom), (left, right))",
                parameter="padding",
            )
        top_bottom, left_right = (normalise_pair(p, "padding", least=0) for p in padding)
        return top_bottom, left_right
    rows, columns = normalise_pair(padding, "padding", least=0)
    return (rows, rows), (columns, columns)


def _named_padding(name: str, filter_size: Pair, stride: Pair, dilation: Pair) -> Sides:
    if name == "valid":
        return NO_PADDING
    if name != "same":
        raise ParameterError(
            f'padding: {_shown(name)} is unknown; use "valid", "same" or a number of cells',
            parameter="padding",
            remedies=[Remedy("P = 0", {"padding": 0}), Remedy("same", {"padding": "same"})]
            if stride == (1, 1)
            else [Remedy("P = 0", {"padding": 0})],
        )
    if stride != (1, 1):
        raise ParameterError(
            f'padding: "same" keeps the size, which needs stride 1, but the stride is '
            f"{stride[0]} for rows and {stride[1]} for columns; "
            "use stride 1 or give the padding in cells",
            parameter="padding",
            remedies=[Remedy("S = 1", {"stride": 1})],
        )
    totals = [d * (size - 1) for size, d in zip(filter_size, dilation, strict=True)]
    top_bottom, left_right = ((total // 2, total - total // 2) for total in totals)
    return top_bottom, left_right


def effective_extent(size: int, dilation: int = 1) -> int:
    """Count the cells that a filter spans along one axis, its holes included.

    Parameters
    ----------
    size : int
        Taps of the filter along the axis.
    dilation : int
        Cells from one tap to the next.

    Returns
    -------
    int
        ``dilation * (size - 1) + 1``.

    Examples
    --------
    >>> effective_extent(3), effective_extent(3, dilation=2)
    (3, 5)
    """
    return dilation * (size - 1) + 1


def _healed(parameter: str, value: int) -> list[Remedy]:
    if parameter not in _LETTERS:
        return []
    return [Remedy(f"{_LETTERS[parameter]} = {value}", {parameter: value})]


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
