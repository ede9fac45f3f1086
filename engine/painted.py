"""Inputs that are drawn: edges, ramps, checkerboards, digits; any of their cells by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.phases import Values

_Index = npt.NDArray[np.intp]

_DIGITS = (
    "01110 10001 10011 10101 11001 10001 01110",
    "00100 01100 00100 00100 00100 00100 01110",
    "01110 10001 00001 00010 00100 01000 11111",
    "11111 00010 00100 00010 00001 10001 01110",
    "00010 00110 01010 10010 11111 00010 00010",
    "11111 10000 11110 00001 00001 10001 01110",
    "00110 01000 10000 11110 10001 10001 01110",
    "11111 00001 00010 00100 01000 01000 01000",
    "01110 10001 10001 01110 10001 10001 01110",
    "01110 10001 10001 01111 00001 00010 01100",
)


def painted(name: str, sizes: Sequence[int], at: Sequence[npt.ArrayLike], seed: int) -> Values:
    """Draw some cells of a picture; the arguments are trusted.

    Parameters
    ----------
    name : str
        "edges", "ramp", "checker", "impulse" or "digit"; anything else is blank.
    sizes : (C, H, W)
        Channels, rows and columns of the whole.
    at : (channels, rows, columns)
        The indices that are wanted along each axis.
    seed : int
        Which digit.

    Returns
    -------
    (channels, rows, columns) array of float64
    """
    indices = [np.asarray(axis, dtype=np.intp) for axis in at]
    drawn = _drawn(name, sizes, indices, seed)
    return np.broadcast_to(drawn, [len(axis) for axis in indices]).astype(np.float64)


def _drawn(
    name: str, sizes: Sequence[int], indices: Sequence[_Index], seed: int
) -> npt.NDArray[Any]:
    _, height, width = sizes
    channel, row, column = np.ix_(*indices)
    match name:
        case "edges":
            inside = _middle_half(row, height) & _middle_half(column, width)
            return np.where(inside, 3 - channel % 3, 0)
        case "ramp":
            return np.where(channel % 2 == 0, column, row)
        case "checker":
            return (channel + row + column) % 2
        case "impulse":
            return np.where((row == height // 2) & (column == width // 2), 1, 0)
        case "digit":
            return _digit(seed % 10, (height, width), (row, column))
        case _:
            return np.zeros(1)


def _middle_half(index: _Index, size: int) -> npt.NDArray[np.bool]:
    margin = (size + 1) // 4
    return (index >= margin) & (index < size - margin)


def _digit(which: int, frame: tuple[int, int], at: tuple[_Index, _Index]) -> npt.NDArray[np.intp]:
    """Draw a digit in the middle, as many whole times larger than its dots as there is room."""
    dots = np.array([[int(dot) for dot in row] for row in _DIGITS[which].split()])
    larger = min(room // count for room, count in zip(frame, dots.shape, strict=True))
    # Of each axis the dot that a cell shows, and whether it shows one.
    shown, inside = [], []
    for index, room, count in zip(at, frame, dots.shape, strict=True):
        size = count * larger if larger else room
        place = index - (room - size) // 2
        inside.append((place >= 0) & (place < size))
        shown.append((place * count // size).clip(0, count - 1))
    return np.where(inside[0] & inside[1], dots[shown[0], shown[1]], 0)
