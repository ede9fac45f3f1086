"""Convolution by rows: a third of the copying of im2col for a 3x3 filter, and larger products.

Unfolding whole windows copies each cell Fh * Fw times. Here cells are unfolded along their row
only, Fw times, and one product multiplies a block of input rows with all rows of all filters. It
gives Fh partial maps: what row u of the filters adds to the map, u rows further up. Added up, each
moved by its rows, they finish all rows of the block but the last few, which wait for the next
block. The gradient of the filters is the same product the other way: the rows of the gradient,
moved for each row of the filters, times the unfolded rows.

All this needs steps of one row, and no padded rows: rows that are not there add nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from engine.arrays import Array
from engine.geometry import Geometry
from engine.im2col import runs
from engine.padding import pad_axes
from engine.window import PaddingMode

# Cells of a map that are computed at a time: what belongs to them stays in the cache. Wide maps
# are cut into stripes, so that a block has several rows.
_BLOCK_CELLS = 512
_STRIPE = 64
# With fewer products to a sum, writing the partial maps would take longer than multiplying.
_LEAST_PRODUCTS = 64


class RowBlock(NamedTuple):
    """Some rows of an image, unfolded.

    Attributes
    ----------
    image : int
        Which image.
    rows : slice
        Rows of its input; of its padded input where the border holds copies.
    windows : (C * Fw + 1, rows * columns) array
        In each column what a row of a filter sees, then a one for a bias to meet. The memory is
        reused for the next block.
    """

    image: int
    rows: slice
    windows: Array


class Source(NamedTuple):
    """What is unfolded: the input, with the border only where it holds copies.

    Attributes
    ----------
    rows, columns : int
        Its size.
    top, left : int
        The zeros above and left of it that are left out.
    """

    rows: int
    columns: int
    top: int
    left: int


def suits_rows(geometry: Geometry, channels: int, columns: int) -> bool:
    """Say whether a convolution can be computed by rows, and is quicker so.

    Parameters
    ----------
    geometry : Geometry
        Stride, padding, dilation and groups.
    channels, columns : int
        Of the input, and of the maps.

    Returns
    -------
    bool
    """
    return (
        geometry.groups == 1
        and geometry.stride[0] == 1
        and geometry.filter[0] > 1
        and geometry.extent[0] - 1 <= _BLOCK_CELLS // min(columns, _STRIPE)
        and channels * geometry.filter[1] >= _LEAST_PRODUCTS
    )


def correlate_rows(
    x: Array,
    weight: Array,
    geometry: Geometry,
    padding_mode: PaddingMode,
    *,
    out: Array,
    bias: Array | None,
) -> None:
    """Compute what `correlate` does, where that `suits_rows`.

    Parameters
    ----------
    x, weight, geometry, padding_mode, out, bias
        As for `correlate`.
    """
    (taps, _), offset = geometry.filter, np.zeros((len(weight), 1), out.dtype)
    if bias is not None:
        offset[:, 0] = bias
    filters = np.zeros((taps * len(weight), weight[0, :, 0].size + 1), out.dtype)
    filters[:, :-1] = weight.transpose(2, 0, 1, 3).reshape(len(filters), -1)
    filters[: len(weight), -1:] = offset
    for columns in _stripes(out.shape[3]):
        maps = out[..., columns]
        sums = _RowSums(offset, geometry, _source(geometry, padding_mode), maps.shape[3])
        for image, rows, windows in _unfolded(x, geometry, padding_mode, columns, out.dtype):
            np.matmul(filters, windows, out=sums.products(windows.shape[1]))
            sums.add_up(rows, maps[image])


def gradient_of_weight_rows(
    grad: Array, x: Array, geometry: Geometry, padding_mode: PaddingMode, *, out: Array
) -> None:
    """Compute what `gradient_of_weight` does, where the convolution `suits_rows`.

    Parameters
    ----------
    grad, x, geometry, padding_mode, out
        As for `gradient_of_weight`.
    """
    (taps, width), (count, channels) = geometry.filter, out.shape[:2]
    source = _source(geometry, padding_mode)
    total = np.zeros((taps * count, channels * width), out.dtype)
    for columns in _stripes(grad.shape[3]):
        maps = grad[..., columns]
        most = _block_rows(source.rows, maps.shape[3])
        moved = np.empty((taps * count * most * maps.shape[3]), out.dtype)
        for image, rows, windows in _unfolded(x, geometry, padding_mode, columns, out.dtype):
            upstream = moved[: taps * count * windows.shape[1]]
            by_row = upstream.reshape(taps, count, -1, maps.shape[3])
            for tap in range(taps):
                top = rows.start + source.top - geometry.dilation[0] * tap
                _copy_rows(maps[image], top, by_row[tap])
            total += upstream.reshape(len(total), -1) @ windows[:-1].T
    out[...] = total.reshape(taps, count, channels, width).transpose(1, 2, 0, 3)


class _RowSums:
    """The sums of a stripe of the maps, a block of rows at a time.

    Parameters
    ----------
    offset : (K, 1) array
        What they begin with; the products with the first row of the filters contain it.
    geometry : Geometry
        Of the correlation.
    source : Source
        What is unfolded.
    columns : int
        Of the stripe.
    """

    def __init__(self, offset: Array, geometry: Geometry, source: Source, columns: int) -> None:
        self._offset, self._source = offset, source
        taps, self._waiting = geometry.filter[0], geometry.extent[0] - 1
        rows, count = _block_rows(source.rows, columns), len(offset)
        self._cells = rows * columns
        # The last rows of the products stay zero. So all maps can be moved as one run of cells:
        # what runs over into the next map adds nothing.
        cells = (rows + self._waiting) * columns
        self._products = np.zeros((taps * count, cells), offset.dtype)
        self._total = np.empty((count, cells), offset.dtype)
        self._total_rows = self._total.reshape(count, -1, columns)
        total, products = self._total.reshape(-1), self._products.reshape(taps, -1)
        ahead = [(self._waiting - geometry.dilation[0] * tap) * columns for tap in range(1, taps)]
        self._moved = [
            (total[first:], added[: len(total) - first])
            for first, added in zip(ahead, products[1:], strict=True)
        ]

    def products(self, cells: int) -> Array:
        """Give the (Fh * K, cells) array that takes the products of the next rows."""
        if cells < self._cells:
            self._products[:, cells : self._cells] = 0
        return self._products[:, :cells]

    def add_up(self, rows: slice, maps: Array) -> None:
        """Add the products of these input rows, and write the rows of the maps that they end."""
        total, waiting = self._total, self._waiting * maps.shape[2]
        # Nothing was added yet to rows that did not wait.
        total[:, waiting:] = self._products[: len(maps), : self._cells]
        if rows.start == 0:
            total[:, :waiting] = self._offset
            self._fill_border(maps)
        for sums, products in self._moved:
            sums += products
        # The row of the maps that is the first of the total; it may lie above them.
        top = rows.start + self._source.top - self._waiting
        bottom = top + rows.stop - rows.start
        if rows.stop == self._source.rows:
            bottom += self._waiting
        low, high = (min(max(row, 0), maps.shape[1]) for row in (top, bottom))
        maps[:, low:high] = self._total_rows[:, low - top : high - top]
        total[:, :waiting] = total[:, self._cells :]

    def _fill_border(self, maps: Array) -> None:
        """Fill the rows of the maps whose windows lie in the border only."""
        if self._source.top > self._waiting or self._source.top + self._source.rows < maps.shape[1]:
            maps[...] = self._offset[..., np.newaxis]


def _unfolded(
    x: Array, geometry: Geometry, padding_mode: PaddingMode, columns: slice, dtype: np.dtype[Any]
) -> Iterator[RowBlock]:
    """Unfold the rows of all images for a stripe of the maps."""
    source = _source(geometry, padding_mode)
    width = columns.stop - columns.start
    most = _block_rows(source.rows, width)
    # Where a window has no column of the input to see, the zero stays.
    windows = np.zeros((x.shape[1] * geometry.filter[1] + 1, most * width), dtype)
    windows[-1] = 1
    buffer = windows[:-1].reshape(x.shape[1], -1, most, width)
    copies = list(_copies(geometry, source, columns))
    for image, volume in enumerate(x):
        if padding_mode != "zeros":
            volume = pad_axes(volume, geometry.padding, padding_mode, first_axis=1)
        for rows in runs(source.rows, most):
            count = rows.stop - rows.start
            for tap, at, seen in copies:
                buffer[:, tap, :count, at] = volume[:, rows, seen]
            yield RowBlock(image, rows, windows[:, : count * width])


def _copies(
    geometry: Geometry, source: Source, columns: slice
) -> Iterator[tuple[int, slice, slice]]:
    """Say, for each tap of a row, which of these columns see which columns of the input."""
    stride, dilation = geometry.stride[1], geometry.dilation[1]
    for tap in range(geometry.filter[1]):
        # Column j of the maps sees column stride * j + ahead of the input, if there is one.
        ahead = dilation * tap - source.left
        low = max(columns.start, -(ahead // stride))
        high = min(columns.stop, (source.columns - 1 - ahead) // stride + 1)
        if low < high:
            seen = slice(stride * low + ahead, stride * (high - 1) + ahead + 1, stride)
            yield tap, slice(low - columns.start, high - columns.start), seen


def _copy_rows(maps: Array, top: int, out: Array) -> None:
    """Copy the rows of maps (K, H2, W2) from `top` on, zero where there are none."""
    low, high = (min(max(row, 0), maps.shape[1]) for row in (top, top + out.shape[1]))
    if high - low < out.shape[1]:
        out[...] = 0
    if low < high:
        out[:, low - top : high - top] = maps[:, low:high]


def _source(geometry: Geometry, padding_mode: PaddingMode) -> Source:
    if padding_mode == "zeros":
        (top, _), (left, _) = geometry.padding
        return Source(*geometry.input, top, left)
    return Source(*geometry.padded, 0, 0)


def _stripes(columns: int) -> Iterator[slice]:
    """Cut maps into stripes of much the same width."""
    return runs(columns, -(-columns // -(-columns // _STRIPE)))


def _block_rows(rows: int, columns: int) -> int:
    """Choose how many rows of a stripe make a block."""
    return min(_BLOCK_CELLS // columns, rows)
