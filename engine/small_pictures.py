"""Correlation of small pictures, where calls cost more than arithmetic.

Where the cells of all windows stand is worked out once for all pictures of a size; after that one
`take` gives the windows of a batch, and one call multiplies them. A picture of 7 by 7 takes a few
microseconds so, and ten times as many with the loops over blocks that large pictures need.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from engine.arrays import Array
from engine.geometry import Geometry
from engine.im2col import runs
from engine.padding import pad_axes
from engine.window import PaddingMode, Pair

# Cells of all windows of a picture. The choice must not depend on the number of pictures.
_MOST_CELLS = 1 << 13
# Cells of all windows that are in memory at a time.
_BLOCK_CELLS = 1 << 17


def is_small(geometry: Geometry, channels: int, size: Pair) -> bool:
    """Say whether pictures are so small that `correlate_small` is the quickest.

    Parameters
    ----------
    geometry : Geometry
        Stride, padding, dilation and groups.
    channels : int
        Of the input.
    size : (int, int)
        Rows and columns of the maps.

    Returns
    -------
    bool
    """
    height, width = geometry.filter
    return channels * height * width * size[0] * size[1] <= _MOST_CELLS


def correlate_small(
    x: Array,
    weight: Array,
    geometry: Geometry,
    padding_mode: PaddingMode,
    *,
    out: Array,
    bias: Array | None,
) -> None:
    """Compute what `correlate` does, where pictures are small.

    Parameters
    ----------
    x, weight, geometry, padding_mode, out, bias
        As for `correlate`.
    """
    groups, (images, count, height, width) = geometry.groups, out.shape
    cells = window_cells(geometry, x.shape[1], (height, width))
    if images > 1 and images * cells.size > _BLOCK_CELLS:
        for some in runs(images, _BLOCK_CELLS // cells.size):
            correlate_small(x[some], weight, geometry, padding_mode, out=out[some], bias=bias)
        return
    padded = pad_axes(x, geometry.padding, padding_mode, first_axis=2)
    np.matmul(
        np.ascontiguousarray(weight).reshape(groups, count // groups, -1),
        padded.reshape(images, -1).take(cells, axis=1),
        out=out.reshape(images, groups, -1, height * width),
    )
    if bias is not None:
        out += bias.reshape(count, 1, 1)


@lru_cache(maxsize=64)
def window_cells(geometry: Geometry, channels: int, size: Pair) -> npt.NDArray[np.intp]:
    """List, tap by tap, the cells that windows see; those of a padded picture are numbered.

    Parameters
    ----------
    geometry : Geometry
        Stride, padding, dilation and groups.
    channels : int
        Of the picture.
    size : (int, int)
        Rows and columns of the maps.

    Returns
    -------
    (groups, C/groups * Fh * Fw, H2 * W2) array of int
        Read-only.

    Examples
    --------
    >>> from engine.geometry import check_shapes
    >>> pair = check_shapes((1, 1, 1, 4), (1, 1, 1, 2), stride=1, padding=0, dilation=1)
    >>> window_cells(pair, 1, (1, 3))
    array([[[0, 1, 2],
            [1, 2, 3]]])
    """
    rows, columns = (
        np.array([[dilation * tap + stride * at for at in range(count)] for tap in range(taps)])
        for taps, dilation, stride, count in zip(
            geometry.filter, geometry.dilation, geometry.stride, size, strict=True
        )
    )
    height, width = geometry.padded
    rows = rows[:, np.newaxis, :, np.newaxis] + height * np.arange(channels).reshape(-1, 1, 1, 1, 1)
    cells: npt.NDArray[np.intp] = rows * width + columns[:, np.newaxis]
    cells = cells.reshape(geometry.groups, -1, size[0] * size[1])
    cells.flags.writeable = False
    return cells
