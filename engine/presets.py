"""Inputs, filters and biases with a name: the same numbers for the same name, size and seed."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from engine.errors import ParameterError, Remedy, ShapeError
from engine.hashed import pick, pick_at
from engine.kernel_library import KERNELS, Kernel
from engine.painted import painted
from engine.phases import Values
from engine.window import Shape, normalise_int, normalise_shape

Volume = tuple[int, int, int]
Bank = tuple[int, int, int, int]

# Small numbers come up more often than large ones, so that sums stay short on the screen.
_INPUT_INTEGERS = np.repeat(np.arange(-3.0, 4.0), [1, 2, 3, 4, 3, 2, 1])
_FILTER_INTEGERS = np.repeat(np.arange(-2.0, 3.0), [1, 3, 2, 3, 1])
_TENTHS = np.arange(-20.0, 21.0) / 10
_BIASES = np.array([-2.0, -1.0, 1.0, 2.0])


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
    sizes = normalise_shape(shape, "shape", ("C", "H", "W"))
    return input_cells(name, sizes, tuple(map(np.arange, sizes)), seed)


def input_cells(name: str, shape: Shape, at: Sequence[npt.ArrayLike], seed: int = 0) -> Values:
    """Make some cells of an input volume, however large the whole would be.

    Parameters
    ----------
    name, shape, seed
        As for `input_volume`.
    at : (channels, rows, columns)
        The indices that are wanted along each axis, within `shape`.

    Returns
    -------
    (channels, rows, columns) array of float64
        ``input_volume(name, shape, seed)[np.ix_(*at)]``.

    Raises
    ------
    ParameterError, ShapeError
        As `input_volume`.

    Examples
    --------
    >>> input_cells("ramp", (2, 4096, 4096), ([0], [7], [100, 2000]))
    array([[[ 100., 2000.]]])
    """
    require_name(name, INPUTS)
    sizes = normalise_shape(shape, "shape", ("C", "H", "W"))
    seed = normalise_int(seed, "seed", least=0)
    numbers = {"integers": _INPUT_INTEGERS, "random": _TENTHS}.get(name)
    if numbers is not None:
        return pick_at(numbers, at, seed)
    return painted(name, sizes, at, seed)


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
    sizes = normalise_shape(shape, "shape", ("K", "C/groups", "Fh", "Fw"))
    return some_filters(name, sizes, range(sizes[0]), seed)


def some_filters(
    name: str, shape: Shape, which: Sequence[int], seed: int = 0
) -> tuple[Values, float]:
    """Make some filters of a preset, however many there would be.

    Parameters
    ----------
    name, shape, seed
        As for `filter_bank`.
    which : sequence of int
        The filters that are wanted, from 0.

    Returns
    -------
    taps : (filters, C/groups, Fh, Fw) array of float64
        ``filter_bank(name, shape, seed)[0][which]``.
    divisor : float
        As of `filter_bank`.

    Raises
    ------
    ParameterError, ShapeError
        As `filter_bank`.

    Examples
    --------
    >>> some_filters("sobel_x", (96, 3, 3, 3), [1])[0][0, 2]
    array([[-1., -2., -1.],
           [ 0.,  0.,  0.],
           [ 1.,  2.,  1.]])
    """
    require_name(name, FILTERS)
    sizes = normalise_shape(shape, "shape", ("K", "C/groups", "Fh", "Fw"))
    seed = normalise_int(seed, "seed", least=0)
    kernel = KERNELS.get(name)
    if kernel is None:
        numbers = _TENTHS if name == "random" else _FILTER_INTEGERS
        return pick_at(numbers, (which, *map(np.arange, sizes[1:])), seed), 1.0
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
    taps = np.zeros((len(which), *sizes[1:]))
    top, left = sizes[2] // 2 - height // 2, sizes[3] // 2 - width // 2
    for k, frame in zip(which, taps, strict=True):
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
    return pick(_BIASES, sizes, normalise_int(seed, "seed", least=0))


def require_name(name: str, presets: Mapping[str, object]) -> None:
    """Check that a preset has that name.

    Parameters
    ----------
    name : str
        What the caller passed.
    presets : mapping
        The presets by name.

    Raises
    ------
    ParameterError
        If there is no such preset.
    """
    if name not in presets:
        close = difflib.get_close_matches(str(name), presets, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise ParameterError(
            f"name: {name!r} is no preset; use one of {', '.join(presets)}{hint}",
            parameter="name",
        )
