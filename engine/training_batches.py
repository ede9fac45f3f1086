"""Batches that come one after another in training, from a population that stays or moves."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from engine.hashed import pick
from engine.phases import Values
from engine.presets import Preset, require_name
from engine.window import normalise_int, normalise_shape

# Whole numbers that look normal: their mean is 0, their variance 4.
_SPREAD = np.array(
    [-4, -3, -2, -2, -1, -1, -1, 0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 4.0]
)  # fmt: skip
_LEVEL, _LOW, _HIGH, _OUTSIDE = 6.0, 3.0, 9.0, 18.0
_CHANGE = 4

POPULATIONS: Final[Mapping[str, Preset]] = MappingProxyType(
    {
        "steady": Preset("Steady", "All batches from one population, of mean 6 and variance 4."),
        "drift": Preset("Drift", "The mean of the population rises by 1 from batch to batch."),
        "jump": Preset("Jump", "From the fifth batch on, the mean is 9 and no longer 3."),
        "outlier": Preset("Outlier", "The fourth batch lies far above all others."),
    }
)


def training_batches(name: str, shape: tuple[int, int], seed: int = 0) -> Values:
    """Make the batches of a training, of one feature.

    Parameters
    ----------
    name : str
        One of `POPULATIONS`.
    shape : (k, m)
        Batches, and samples in each.
    seed : int
        Which numbers; at least 0.

    Returns
    -------
    (k, m) array of float64

    Raises
    ------
    ParameterError
        If the name is unknown, or the seed is negative.
    ShapeError
        If `shape` is not two sizes of at least 1.

    Examples
    --------
    >>> training_batches("steady", (2, 4))
    array([[6., 7., 5., 5.],
           [4., 7., 8., 7.]])
    """
    sizes = normalise_shape(shape, "shape", ("k", "m"))
    means = population_means(name, sizes[0])
    batches: Values = means[:, None] + pick(_SPREAD, sizes, normalise_int(seed, "seed", least=0))
    return batches


def population_means(name: str, count: int) -> Values:
    """Give the mean of the population that each batch is drawn from.

    Parameters
    ----------
    name : str
        One of `POPULATIONS`.
    count : int
        How many batches.

    Returns
    -------
    (count,) array

    Raises
    ------
    ParameterError
        If the name is unknown.

    Examples
    --------
    >>> population_means("drift", 3)
    array([2., 3., 4.])
    """
    require_name(name, POPULATIONS)
    batch = np.arange(count, dtype=np.float64)
    if name == "drift":
        return batch + 2.0
    if name == "jump":
        return np.where(batch < _CHANGE, _LOW, _HIGH)
    means = np.full(count, _LEVEL)
    if name == "outlier":
        means[_CHANGE - 1 : _CHANGE] = _OUTSIDE
    return means
