"""Inputs, filters and biases with a name: the same numbers for the same name, size and seed.

Seeded numbers are hashed from the seed and the cell's own index, not drawn in a row: a volume
that grows keeps the cells that it had, and no version of NumPy can change what a link shows.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from engine.errors import ParameterError, Remedy, ShapeError
from engine.kernel_library import KERNELS, Kernel
from engine.phases import Values
from engine.window import normalise_int, normalise_shape

Volume = tuple[int, int, int]
Bank = tuple[int, int, int, int]

# Small numbers come up more often than large ones, so that sums stay short on the screen.
_INPUT_INTEGERS = np.repeat(np.arange(-3.0, 4.0), [1, 2, 3, 4, 3, 2, 1])
_FILTER_INTEGERS = np.repeat(np.arange(-2.0, 3.0), [1, 3, 2, 3, 1])
_TENTHS = np.arange(-20.0, 21.0) / 10
_BIASES = np.array([-2.0, -1.0, 1.0, 2.0])

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


@dataclass(frozen=True)
class Preset:
    """A named choice of numbers.

    Attributes
    ----------
    name : str
        What people call it.
    about : str
        What it holds, in one sentence.
    """

    name: str
    about: str


INPUTS: Final[Mapping[str, Preset]] = MappingProxyType(
    {
        "integers": Preset("Integers", "Whole numbers from -3 to 3, small ones more often."),
        "edges": Preset("Edges", "A bright rectangle on a dark ground, with four clean edges."),
        "ramp": Preset(
            "Ramp", "Brightness that grows evenly, along every other channel downwards."
        ),
        "checker": Preset("Checkerboard", "Zeros and ones in turn."),
        "digit": Preset("Digit", "A digit in five by seven dots; the seed chooses which."),
        "impulse": Preset("Impulse", "A single one in the middle: the output shows the filter."),
        "blank": Preset("Blank", "All zeros, to be filled by hand."),
        "random": Preset("Random", "Numbers from -2 to 2 with one decimal."),
    }
)
FILTERS: Final[Mapping[str, Preset | Kernel]] = MappingProxyType(
    {
        "integers": Preset("Integers", "Whole numbers from -2 to 2."),
        "random": Preset("Random", "Numbers from -2 to 2 with one decimal."),
        **KERNELS,
    }
)


def input_volume(name: str, shape: Volume = (1, 7, 7), seed: int = 0) -> Values:
    """Make the input volume of a preset.

    Parameters
    ----------
    name : str
        One of `INPUTS`.
    shape : (C, H, W)
        Channels, rows and columns.
    seed : int
        Which numbers, or which digit; at least 0.

    Returns
    -------
    (C, H, W) array of float64

    Raises
    ------
    ParameterError
        If the name is unknown, or the seed is negative.
    ShapeError
        If `shape` is not three sizes of at least 1.

    Examples
    --------
    >>> input_volume("impulse", (1, 3, 3))[0]
    array([[0., 0., 0.],
           [0., 1., 0.],
           [0., 0., 0.]])
    """
    _require_name(name, INPUTS)
    sizes = normalise_shape(shape, "shape", ("C", "H", "W"))
    seed = normalise_int(seed, "seed", least=0)
    numbers = {"integers": _INPUT_INTEGERS, "random": _TENTHS}.get(name)
    if numbers is not None:
        return _pick(numbers, sizes, seed)
    return np.broadcast_to(_painted(name, sizes, seed), sizes).astype(np.float64)


def filter_bank(name: str, shape: Bank = (1, 1, 3, 3), seed: int = 0) -> tuple[Values, float]:
    """Make the filters of a preset.

    Parameters
    ----------
    name : str
        One of `FILTERS`; the id of a named kernel, or "integers" or "random".
    shape : (K, C/groups, Fh, Fw)
        Filters, their depth, rows and columns.
    seed : int
        Which numbers; at least 0.

    Returns
    -------
    taps : (K, C/groups, Fh, Fw) array of float64
        A named kernel stands in the middle of its frame, alike in every channel; filter k is
        turned by k quarter turns, so that vertical edges are followed by horizontal ones.
    divisor : float
        Sums of products are to be divided by it.

    Raises
    ------
    ParameterError
        If the name is unknown, or the seed is negative.
    ShapeError
        If `shape` is not four sizes of at least 1, or a frame is smaller than the named kernel.

    Examples
    --------
    >>> taps, divisor = filter_bank("sobel_x", (2, 1, 3, 3))
    >>> taps[1, 0], divisor
    (array([[-1., -2., -1.],
           [ 0.,  0.,  0.],
           [ 1.,  2.,  1.]]), 1.0)
    """
    _require_name(name, FILTERS)
    sizes = normalise_shape(shape, "shape", ("K", "C/groups", "Fh", "Fw"))
    seed = normalise_int(seed, "seed", least=0)
    kernel = KERNELS.get(name)
    if kernel is None:
        return _pick(_TENTHS if name == "random" else _FILTER_INTEGERS, sizes, seed), 1.0
    height, width = kernel.taps.shape
    if sizes[2] < height or sizes[3] < width:
        raise ShapeError(
            f'weight: "{name}" has {height}x{width} taps and does not fit into a filter of '
            f"{sizes[2]}x{sizes[3]}; use a filter of at least {height}x{width}",
            parameter="weight",
            remedies=[
                Remedy(
                    f"F = {height}",
                    {
                        "filter_height": max(height, sizes[2]),
                        "filter_width": max(width, sizes[3]),
                    },
                )
            ],
        )
    taps = np.zeros(sizes)
    top, left = sizes[2] // 2 - height // 2, sizes[3] // 2 - width // 2
    for k, frame in enumerate(taps):
        frame[:, top : top + height, left : left + width] = np.rot90(kernel.taps, -k)
    return taps, float(kernel.divisor)


def bias_vector(filters: int, seed: int = 0) -> Values:
    """Make one small bias for each filter.

    Parameters
    ----------
    filters : int
        How many; at least 1.
    seed : int
        Which numbers; at least 0.

    Returns
    -------
    (K,) array of float64
        Whole numbers from -2 to 2, none of them 0.

    Raises
    ------
    ParameterError
        If an argument is too small.

    Examples
    --------
    >>> bias_vector(3).shape
    (3,)
    """
    sizes = (normalise_int(filters, "filters", least=1),)
    return _pick(_BIASES, sizes, normalise_int(seed, "seed", least=0))


def _pick(numbers: Values, shape: tuple[int, ...], seed: int) -> Values:
    """Choose a number for each cell by a hash of the seed and the cell's index."""
    state = np.full(shape, seed % 2**64, dtype=np.uint64)
    for index in np.indices(shape, dtype=np.uint64):
        state = _mix(state + index)
    picked: Values = numbers[(state % np.uint64(len(numbers))).astype(np.intp)]
    return picked


def _mix(state: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Scramble 64 bits: one turn of the generator SplitMix64 (Steele, Lea, Flood, 2014)."""
    state = state + np.uint64(0x9E3779B97F4A7C15)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))


def _painted(name: str, sizes: tuple[int, ...], seed: int) -> npt.NDArray[Any]:
    _, height, width = sizes
    indices: tuple[npt.NDArray[np.intp], ...] = np.indices(sizes, sparse=True)
    channel, row, column = indices
    match name:
        case "edges":
            inside = [_middle_half(row, height), _middle_half(column, width)]
            return np.where(inside[0] & inside[1], 3 - channel % 3, 0)
        case "ramp":
            return np.where(channel % 2 == 0, column, row)
        case "checker":
            return (channel + row + column) % 2
        case "impulse":
            return np.where((row == height // 2) & (column == width // 2), 1, 0)
        case "digit":
            return _digit(seed % 10, height, width)
        case _:
            return np.zeros(sizes)


def _middle_half(index: npt.NDArray[np.intp], size: int) -> npt.NDArray[np.bool]:
    margin = (size + 1) // 4
    return (index >= margin) & (index < size - margin)


def _digit(which: int, height: int, width: int) -> npt.NDArray[np.intp]:
    """Draw a digit in the middle, as many whole times larger than its dots as there is room."""
    dots = np.array([[int(dot) for dot in row] for row in _DIGITS[which].split()])
    larger = min(height // dots.shape[0], width // dots.shape[1])
    size = tuple(dots.shape[axis] * larger if larger else (height, width)[axis] for axis in (0, 1))
    picture = np.zeros((height, width), dtype=np.intp)
    top, left = (height - size[0]) // 2, (width - size[1]) // 2
    row, column = (np.arange(n) * dots.shape[axis] // n for axis, n in enumerate(size))
    picture[top : top + size[0], left : left + size[1]] = dots[np.ix_(row, column)]
    return picture


def _require_name(name: str, presets: Mapping[str, object]) -> None:
    if name not in presets:
        close = difflib.get_close_matches(str(name), presets, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise ParameterError(
            f"name: {name!r} is no preset; use one of {', '.join(presets)}{hint}",
            parameter="name",
        )
