"""Upstream gradients and mini-batches with a name, for any shape."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from engine.hashed import pick
from engine.phases import Values
from engine.presets import Preset, require_name
from engine.window import Shape, normalise_int

_INTEGERS = np.array([-2.0, -1.0, -1.0, 0.0, 1.0, 1.0, 2.0])
_TENTHS = np.arange(-9.0, 10.0) / 10
_WIDE = np.arange(-9.0, 10.0)
# The worked example of batch norm's gradients, and what follows for larger batches.
_WORKED = np.array(
    [5, -2, 1, 3, -4, 2, 6, -1, -3, 4, 1, -5, 2, -6, 3, 7, -2, 5, -1, -4, 6, 1, -3, 2.0]
) / 10  # fmt: skip

GRADIENTS: Final[Mapping[str, Preset]] = MappingProxyType(
    {
        "integers": Preset("Integers", "Whole numbers from -2 to 2."),
        "random": Preset("Random", "Numbers from -0.9 to 0.9 with one decimal."),
        "tenths": Preset("Tenths", "0.5, -0.2, 0.1, 0.3 and so on, in the order of the cells."),
        "ones": Preset("Ones", "As if the loss were the sum of the output."),
        "one_hot": Preset(
            "One cell", "A single one in the middle: where does one output come from?"
        ),
        "blank": Preset("Blank", "All zeros, to be filled by hand."),
    }
)
BATCHES: Final[Mapping[str, Preset]] = MappingProxyType(
    {
        "growing": Preset("Growing", "1, 2, 4, 7, 11 and so on: each gap is one more."),
        "integers": Preset("Integers", "Whole numbers from -9 to 9."),
        "random": Preset("Random", "Numbers from -0.9 to 0.9 with one decimal."),
        "constant": Preset("Constant", "The same number in all samples of a feature."),
    }
)
TARGETS: Final[Mapping[str, Preset]] = MappingProxyType(
    {
        "alternating": Preset("Alternating", "1 and -1 in turn."),
        "zeros": Preset("Zeros", "All zeros."),
        "ones": Preset("Ones", "All ones."),
    }
)


def upstream_gradient(name: str, shape: Shape, seed: int = 0) -> Values:
    """Make the gradient that arrives from behind an operation.

    Parameters
    ----------
    name : str
        One of `GRADIENTS`.
    shape : tuple of int
        Shape of the operation's output.
    seed : int
        Which numbers; at least 0.

    Returns
    -------
    array of `shape`, float64

    Raises
    ------
    ParameterError
        If the name is unknown, or the seed is negative.

    Examples
    --------
    >>> upstream_gradient("one_hot", (3,))
    array([0., 1., 0.])
    """
    require_name(name, GRADIENTS)
    seed = normalise_int(seed, "seed", least=0)
    numbers = {"integers": _INTEGERS, "random": _TENTHS}.get(name)
    if numbers is not None:
        return pick(numbers, shape, seed)
    if name == "tenths":
        return np.resize(_WORKED, shape)
    gradient = np.full(shape, 1.0 if name == "ones" else 0.0)
    if name == "one_hot":
        gradient[tuple(size // 2 for size in shape)] = 1.0
    return gradient


def mini_batch(name: str, shape: Shape, seed: int = 0) -> Values:
    """Make a mini-batch: (N, C), or feature maps (N, C, H, W).

    Parameters
    ----------
    name : str
        One of `BATCHES`.
    shape : tuple of int
        Samples, features, and whatever axes follow.
    seed : int
        Which numbers; at least 0.

    Returns
    -------
    array of `shape`, float64

    Raises
    ------
    ParameterError
        If the name is unknown, or the seed is negative.

    Examples
    --------
    >>> mini_batch("growing", (5, 1))[:, 0]
    array([ 1.,  2.,  4.,  7., 11.])
    """
    require_name(name, BATCHES)
    seed = normalise_int(seed, "seed", least=0)
    numbers = {"integers": _WIDE, "random": _TENTHS}.get(name)
    if numbers is not None:
        return pick(numbers, shape, seed)
    index = np.indices(shape, dtype=np.float64)
    if name == "constant":
        constant: Values = index[1] + 3.0
        return constant
    # Every feature has the numbers of the one before, moved on by one sample.
    place = (index[0] + index[1]) % shape[0]
    for axis, size in enumerate(shape[2:], 2):
        place = place * size + index[axis]
    growing: Values = 1.0 + place * (place + 1) / 2
    return growing


def wanted_output(name: str, shape: Shape) -> Values:
    """Make what the output of an operation should be, for a loss to compare it with.

    Parameters
    ----------
    name : str
        One of `TARGETS`.
    shape : tuple of int
        Shape of the operation's output.

    Returns
    -------
    array of `shape`, float64

    Raises
    ------
    ParameterError
        If the name is unknown.

    Examples
    --------
    >>> wanted_output("alternating", (3,))
    array([ 1., -1.,  1.])
    """
    require_name(name, TARGETS)
    if name == "alternating":
        return np.resize([1.0, -1.0], shape)
    return np.full(shape, 1.0 if name == "ones" else 0.0)
