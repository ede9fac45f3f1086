"""Windows as the columns of matrices (im2col), a block that fits into the cache at a time.

A convolution is a matrix product once every window stands in a column of its own. The matrix of
all windows would be many times as large as the input and far from the processor: filling it takes
longer than the product. So it is filled block by block, in one buffer that stays in the cache.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

from engine.arrays import Array
from engine.geometry import Geometry
from engine.padding import pad_axes
from engine.window import PaddingMode, Pair

# Bytes of a block: most of a second-level cache, beside the filters and the maps.
_BLOCK_BYTES = 3 << 18
# With fewer columns the product would mostly rearrange the filters, however many taps they have.
_LEAST_COLUMNS = 256


class Block(NamedTuple):
    """Some windows of some images, as matrices.

    Attributes
    ----------
    images, groups, cells : slice
        Which ones; `cells` counts the cells of a map row by row.
    windows : (groups, taps, images * cells) array
        A window in each column, its C/groups * Fh * Fw taps in the order of a filter's, then a
        one if asked for. The memory is reused for the next block.
    """

    images: slice
    groups: slice
    cells: slice
    windows: Array


def correlate_blocks(
    x: Array,
    weight: Array,
    geometry: Geometry,
    padding_mode: PaddingMode,
    *,
    out: Array,
    bias: Array | None,
) -> None:
    """Compute what `correlate` does, for any shapes.

    Parameters
    ----------
    x, weight, geometry, padding_mode, out, bias
        As for `correlate`.
    """
    groups, count = geometry.groups, len(weight) // geometry.groups
    filters = np.ascontiguousarray(weight).reshape(groups, count, -1)
    if bias is not None:
        filters = np.concatenate((filters, bias.reshape(groups, count, 1)), axis=2)
    maps = out.reshape(len(x), groups, count, -1)
    size: Pair = (out.shape[2], out.shape[3])
    for images, some, cells, windows in window_blocks(
        x, geometry, padding_mode, size, out.dtype, with_one=bias is not None
    ):
        np.matmul(filters[some], windows, out=maps[images.start, some, :, cells])


def gradient_of_weight_blocks(
    grad: Array, x: Array, geometry: Geometry, padding_mode: PaddingMode, *, out: Array
) -> None:
    """Compute what `gradient_of_weight` does, for any shapes.

    Parameters
    ----------
    grad, x, geometry, padding_mode, out
        As for `gradient_of_weight`.

    Notes
    -----
    The windows are multiplied by the gradients of the cells that they led to. Small maps of
    several images stand side by side in one product.
    """
    count = len(out) // geometry.groups
    size: Pair = (grad.shape[2], grad.shape[3])
    maps = grad.reshape(len(grad), geometry.groups, count, -1).astype(out.dtype, copy=False)
    taps = out[0].size
    total = np.zeros((geometry.groups, taps, count), out.dtype)
    for images, groups, cells, windows in window_blocks(
        x, geometry, padding_mode, size, out.dtype, mix_images=True
    ):
        upstream = maps[images, groups, :, cells].transpose(1, 0, 3, 2)
        total[groups] += windows @ upstream.reshape(len(windows), -1, count)
    out[...] = total.swapaxes(1, 2).reshape(out.shape)


def window_blocks(
    x: Array,
    geometry: Geometry,
    padding_mode: PaddingMode,
    size: Pair,
    dtype: np.dtype[Any],
    *,
    with_one: bool = False,
    mix_images: bool = False,
) -> Iterator[Block]:
    """Give all windows of a batch, block by block.

    Parameters
    ----------
    x : (N, C, H, W) array
        Input volumes.
    geometry : Geometry
        Stride, padding, dilation and groups.
    padding_mode : {"zeros", "reflect", "replicate", "circular"}
        What the border holds.
    size : (int, int)
        Rows and columns of windows: those of the maps.
    dtype : dtype
        Type of the matrices.
    with_one : bool
        Whether a one follows the taps of each window, for a bias to meet.
    mix_images : bool
        Whether windows of several images may stand in one matrix, where maps are small.

    Yields
    ------
    Block
        Every window is in one of them. A block holds the windows of whole maps of as many groups,
        and then images, as fit; else of whole rows of one map; else of a part of a row.
    """
    depth = x.shape[1] // geometry.groups
    taps = depth * geometry.filter[0] * geometry.filter[1]
    height, cells = taps + with_one, size[0] * size[1]
    room = _BLOCK_BYTES // dtype.itemsize // height
    most = max(room, _LEAST_COLUMNS)
    groups = min(max(1, room // cells), geometry.groups)
    images = min(max(1, most // (cells * geometry.groups)), len(x)) if mix_images else 1
    buffer = np.empty(height * min(most, cells * groups * images), dtype)
    for some in runs(len(x), images):
        padded = pad_axes(x[some], geometry.padding, padding_mode, first_axis=2)
        windows = _windows(padded, geometry, size)
        for parts in runs(geometry.groups, groups):
            for rows, columns in _tiles(size, most):
                taken = windows[parts, ..., rows, columns]
                count, area = len(taken), taken.shape[-2] * taken.shape[-1]
                matrix = buffer[: count * height * taken.shape[-3] * area]
                matrix = matrix.reshape(count, height, -1)
                matrix[:, :taps].reshape(taken.shape)[...] = taken
                matrix[:, taps:] = 1
                first = rows.start * size[1] + columns.start
                yield Block(some, parts, slice(first, first + area), matrix)


def _windows(padded: Array, geometry: Geometry, size: Pair) -> Array:
    """View padded volumes as (groups, C/groups, Fh, Fw, N, H2, W2): tap by tap, every window."""
    image, channel, *cell = padded.strides
    # A step that leaves the volume is never taken, and might not fit into an address.
    taps, steps = (
        [
            min(step, room) * near
            for step, room, near in zip(pair, padded.shape[2:], cell, strict=True)
        ]
        for pair in (geometry.dilation, geometry.stride)
    )
    depth = padded.shape[1] // geometry.groups
    return as_strided(
        padded,
        (geometry.groups, depth, *geometry.filter, len(padded), *size),
        (depth * channel, channel, *taps, image, *steps),
        writeable=False,
    )


def runs(length: int, most: int) -> Iterator[slice]:
    """Cut a length into parts of at most so many.

    Parameters
    ----------
    length, most : int
        Both at least 1.

    Yields
    ------
    slice

    Examples
    --------
    >>> [(run.start, run.stop) for run in runs(5, 2)]
    [(0, 2), (2, 4), (4, 5)]
    """
    for first in range(0, length, most):
        yield slice(first, min(first + most, length))


def _tiles(size: Pair, most: int) -> Iterator[tuple[slice, slice]]:
    """Cut a map into whole rows, or parts of one row, of at most so many cells."""
    for rows in runs(size[0], max(1, most // size[1])):
        for columns in runs(size[1], min(size[1], most)):
            yield rows, columns
