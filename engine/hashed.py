"""Seeded numbers by a hash of the cell's own index, so that they never depend on each other.

Drawn in a row they would all change when a tensor grows by a cell, and with the version of the
generator; hashed, a tensor that grows keeps the cells that it had, and a link shows the same for
good.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engine.phases import Values


def pick(numbers: Values, shape: tuple[int, ...], seed: int) -> Values:
    """Choose one of some numbers for each cell.

    Parameters
    ----------
    numbers : (n,) array
        What may be chosen; a number that stands there twice comes up twice as often.
    shape : tuple of int
        Shape of the tensor.
    seed : int
        Which choice.

    Returns
    -------
    array of `shape`

    Examples
    --------
    >>> small, large = (pick(np.arange(9.0), (2, width), 0) for width in (3, 5))
    >>> bool((large[:, :3] == small).all())
    True
    """
    return pick_at(numbers, tuple(map(np.arange, shape)), seed)


def pick_at(numbers: Values, at: Sequence[npt.ArrayLike], seed: int) -> Values:
    """Choose numbers as `pick` does, for some cells of a tensor of any size.

    Parameters
    ----------
    numbers : (n,) array
        As for `pick`.
    at : sequence of int arrays
        For each axis the indices that are wanted; every combination of them is a cell.
    seed : int
        Which choice.

    Returns
    -------
    array
        As many cells along each axis as there are indices.

    Examples
    --------
    >>> whole = pick(np.arange(9.0), (50, 60), 0)
    >>> bool((pick_at(np.arange(9.0), ([7], [3, 59]), 0) == whole[7:8, [3, 59]]).all())
    True
    """
    state = np.full((1,) * len(at), seed % 2**64, dtype=np.uint64)
    for index in np.ix_(*map(np.asarray, at)):
        state = _mix(state + index.astype(np.uint64))
    picked: Values = numbers[(state % np.uint64(len(numbers))).astype(np.intp)]
    return picked


def _mix(state: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Scramble 64 bits: one turn of the generator SplitMix64 (Steele, Lea, Flood, 2014)."""
    state = state + np.uint64(0x9E3779B97F4A7C15)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))
