"""Feature maps with a name: small (N, C, H, W) batches on which the norms differ visibly."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from engine.batches import BATCHES, mini_batch
from engine.hashed import pick
from engine.phases import Values
from engine.presets import Preset, require_name
from engine.window import normalise_int, normalise_shape

_PATTERN = np.array([-1.0, 0.0, 1.0, 2.0])
_SAMPLE, _CHANNEL = 4.0, 3.0

MAPS: Final[Mapping[str, Preset]] = MappingProxyType(
    {
        "levels": Preset(
            "Levels", "A small pattern; each channel lies higher than the last, each sample too."
        ),
        **{name: BATCHES[name] for name in ("integers", "random", "growing", "constant")},
    }
)


def feature_maps(name: str, shape: tuple[int, int, int, int], seed: int = 0) -> Values:
    """Make a batch of feature maps.

    Parameters
    ----------
    name : str
        One of `MAPS`.
    shape : (N, C, H, W)
        Samples, channels, rows and columns.
    seed : int
        Which numbers; at least 0.

    Returns
    -------
    (N, C, H, W) array of float64

    Raises
    ------
    ParameterError
        If the name is unknown, or the seed is negative.
    ShapeError
        If `shape` is not four sizes of at least 1.

    Notes
    -----
    In "levels" batch and instance norm take away what tells the channels apart, layer norm what
    tells the samples apart; the pattern stays.

    Examples
    --------
    >>> feature_maps("levels", (3, 2, 4, 4)).mean(axis=(1, 2, 3)).round()
    array([-5., -1.,  3.])
    """
    require_name(name, MAPS)
    sizes = normalise_shape(shape, "shape", ("N", "C", "H", "W"))
    seed = normalise_int(seed, "seed", least=0)
    if name != "levels":
        return mini_batch(name, sizes, seed)
    sample, channel = np.ogrid[: sizes[0], : sizes[1]]
    level = _SAMPLE * (sample - sizes[0] // 2) + _CHANNEL * (channel - sizes[1] // 2)
    levels: Values = level[:, :, None, None] + pick(_PATTERN, sizes, seed)
    return levels
