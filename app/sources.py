"""Which cells of an input lie under some places along a padded axis."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.padding import source_index
from engine.window import PaddingMode, Pair


def source_cells(
    size: int, ends: Pair, mode: PaddingMode, places: npt.NDArray[np.intp]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool]]:
    """Find the input cells that padded places show.

    Parameters
    ----------
    size : int
        Cells of the input along the axis.
    ends : (int, int)
        Cells added before and after.
    mode : {"zeros", "reflect", "replicate", "circular"}
        What they hold; zeros have no source, and the nearest cell stands in for one.
    places : array of int
        Places along the padded axis, from 0.

    Returns
    -------
    sources : array of int
        Indices along the axis of the input.
    inside : array of bool
        Whether the input itself is there, and no padding.
    """
    wanted = places - ends[0]
    inside = (wanted >= 0) & (wanted < size)
    if mode == "zeros":
        return wanted.clip(0, size - 1), inside
    return source_index(size, *ends, mode)[places], inside
