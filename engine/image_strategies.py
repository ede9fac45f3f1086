"""How pictures are filtered: four ways to the same sums, and which one suits a kernel.

A picture is worked on in strips of rows, small enough to stay in the cache, with its colours left
side by side: what is one pixel to the right lies ``channels`` numbers further on. A strategy turns
the rows that a strip sees, border included, into the sums of the strip.

Everything here trusts its arguments: they were checked at the edge of the engine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import as_strided

Numbers = npt.NDArray[Any]
DType = np.dtype[Any]
Shape = tuple[int, ...]

# Bytes of a strip: a few such buffers stay in the second-level cache.
_STRIP_BYTES = 1 << 18
# Passes over a strip from which on two short passes, and the transform, are quicker.
_MANY, _LOTS = 25, 150
# Rows, and columns, that one product with the band of a factor yields.
_DOWN, _ALONG = 16, 32
# Up to here the transform's float64 finds whole sums without doubt.
_SURELY_WHOLE = 2.0**40


@dataclass(frozen=True)
class Strategy:
    """A way to the sums of a picture, prepared for its kernel.

    Attributes
    ----------
    dtype : dtype
        Of the numbers that it reads and fills in.
    rows : int
        Rows of a strip.
    fill : callable
        Takes the rows that a strip sees, (n + Fh - 1, (W + Fw - 1) * channels), and fills in its
        sums, (n, W * channels), for n up to `rows`.
    """

    dtype: DType
    rows: int
    fill: Callable[[Numbers, Numbers], None]


def choose_strategy(kernel: Numbers, image: Numbers) -> Strategy:
    """Choose the quickest way for a kernel that keeps the sums as exact as promised.

    Parameters
    ----------
    kernel : (Fh, Fw) array
        Finite taps, integers or floating.
    image : (H, W, channels) array of uint8 or float32
        The picture.

    Returns
    -------
    Strategy
        For float32 levels it looks at each strip: one that holds an infinity or no number is left
        to `shifts`.
    """
    taps, dtype = kernel.astype(np.float64), sums_type(kernel, image.dtype)
    if image.dtype == np.uint8:
        return _quickest(taps, image.shape, dtype, whole=kernel.dtype.kind != "f")
    quickest = _quickest(taps, image.shape, dtype, whole=False)

    def fill(seen: Numbers, sums: Numbers) -> None:
        careful = not np.isfinite(seen).all()
        way = shifts(taps, image.shape, quickest.dtype) if careful else quickest
        way.fill(seen, sums)

    return Strategy(quickest.dtype, quickest.rows, fill)


def _quickest(taps: Numbers, shape: Shape, dtype: DType, *, whole: bool) -> Strategy:
    passes = int(np.count_nonzero(taps) + np.count_nonzero((taps != 0) & (np.abs(taps) != 1)))
    fewest = min(passes, taps.size)
    if fewest > _MANY:
        floating = np.dtype(np.float32) if dtype == np.int16 else dtype
        factors = factorise(taps, float(np.finfo(floating).eps))
        if factors is not None:
            return two_passes(*factors, shape, floating)
    if fewest > _LOTS and (not whole or 255 * np.abs(taps).sum() < _SURELY_WHOLE):
        return transform(taps, shape, whole=whole)
    return (shifts if passes <= taps.size else windows)(taps, shape, dtype)


def sums_type(kernel: Numbers, levels: DType) -> DType:
    """Choose the type of sums.

    Parameters
    ----------
    kernel : (Fh, Fw) array
        Finite taps, integers or floating.
    levels : dtype
        Type of the picture, uint8 or float32.

    Returns
    -------
    dtype
        For bytes and integer taps the smallest of int16, float32 and float64 that holds all sums
        exactly (float64 if none does), for bytes and floating taps the type of the taps (float64
        if their sums would not fit), for float32 levels float32.
    """
    if levels != np.uint8:
        return np.dtype(np.float32)
    taps = kernel.astype(np.float64)
    if kernel.dtype.kind == "f":
        single = kernel.dtype.itemsize <= 4 and 255 * np.abs(taps).sum() < np.finfo(np.float32).max
        return np.dtype(np.float32 if single else np.float64)
    # On their way small integers may wrap around, and back: only the end of a sum counts.
    above, below = float(taps[taps > 0].sum()), float(-taps[taps < 0].sum())
    if 255 * max(above, below) < 2**15:
        return np.dtype(np.int16)
    return np.dtype(np.float32 if 255 * (above + below) < 2**24 else np.float64)


def shifts(taps: Numbers, shape: Shape, dtype: DType) -> Strategy:
    """Add shifted rows, each times its tap.

    Taps of 0 are skipped and those of 1 and -1 need no product, so that a sharpening filter takes
    six passes over a strip. It is also the only way that multiplies nothing by 0, which matters
    where a level is infinite or not a number.
    """
    channels, width = shape[2], shape[1] * shape[2]
    places = [(u, v * channels, taps[u, v]) for u, v in np.argwhere(taps).tolist()]

    def fill(seen: Numbers, sums: Numbers) -> None:
        sums[...] = 0
        product = np.empty_like(sums)
        for u, v, tap in places:
            window = seen[u : u + len(sums), v : v + width]
            if abs(tap) != 1:
                window = np.multiply(window, dtype.type(tap), out=product)
            (np.subtract if tap == -1 else np.add)(sums, window, out=sums)

    return Strategy(dtype, _rows_of(_STRIP_BYTES, shape, dtype), fill)


def windows(taps: Numbers, shape: Shape, dtype: DType) -> Strategy:
    """Sum windows times taps in one call, over a view that holds every shift of the rows.

    `numpy.einsum` goes along a row of sums, which stays in the nearest cache, and multiplies and
    adds in one pass a tap, where `shifts` takes two.
    """
    rows, channels, factors = _rows_of(_STRIP_BYTES, shape, dtype), shape[2], taps.astype(dtype)

    def fill(seen: Numbers, sums: Numbers) -> None:
        down, along = seen.strides
        strides = (down, channels * along, down, along)
        shifted = as_strided(seen, (*factors.shape, *sums.shape), strides, writeable=False)
        np.einsum("uv,uvij->ij", factors, shifted, out=sums)

    return Strategy(dtype, rows, fill)


def two_passes(column: Numbers, row: Numbers, shape: Shape, dtype: DType) -> Strategy:
    """Filter down the columns, then along the rows: for kernels that are column times row.

    Each pass is a matrix product with a band: a matrix that holds the factor once for every row,
    or column, of the result, one cell further on each time. A 31x31 Gaussian so takes 62
    multiplications a pixel, or some twice that with the zeros of the bands, and not 961.
    """
    height, channels, width = len(column), shape[2], shape[1] * shape[2]
    rows = max(4 * _DOWN, _rows_of(4 * _STRIP_BYTES, shape, dtype))
    reach, block = (len(row) - 1) * channels, _ALONG * channels
    down = _band(column.astype(dtype), _DOWN)
    along = np.zeros((block + reach, block), dtype)
    for channel in range(channels):
        along[channel::channels, channel::channels] = _band(row.astype(dtype), _ALONG).T
    between = np.empty((min(rows, shape[0]), width + reach), dtype)

    def fill(seen: Numbers, sums: Numbers) -> None:
        for first in range(0, len(sums), _DOWN):
            part = between[first : min(first + _DOWN, len(sums))]
            count = len(part) + height - 1
            np.matmul(down[: len(part), :count], seen[first : first + count], out=part)
        for first in range(0, width, block):
            total = sums[:, first : first + block]
            count = total.shape[1] + reach
            part = between[: len(sums), first : first + count]
            np.matmul(part, along[:count, : total.shape[1]], out=total)

    return Strategy(dtype, rows, fill)


def transform(taps: Numbers, shape: Shape, *, whole: bool) -> Strategy:
    """Multiply Fourier transforms, tile by tile: the time hardly depends on the kernel's size.

    A tile of the picture and the kernel are transformed, one is multiplied by the conjugate of
    the other, which makes it a correlation, and the product is transformed back; what wrapped
    around the tile's edges is left out. Tiles of some eight times the kernel lose little there
    and stay in the cache. In float64 the rounding is far below that of float32 sums, and whole
    sums are found again by rounding.
    """
    dtype, channels = np.dtype(np.float64), shape[2]
    tile = [
        1 << (min(8 * size, length + size - 1) - 1).bit_length()
        for size, length in zip(taps.shape, shape[:2], strict=True)
    ]
    rows, columns = (length - size + 1 for length, size in zip(tile, taps.shape, strict=True))
    spectrum = np.fft.rfft2(taps, tile).conj()[..., np.newaxis]

    def fill(seen: Numbers, sums: Numbers) -> None:
        pixels, totals = (part.reshape(len(part), -1, channels) for part in (seen, sums))
        for first in range(0, shape[1], columns):
            total = totals[:, first : first + columns]
            part = np.fft.rfft2(pixels[:, first : first + tile[1]], tile, axes=(0, 1))
            result = np.fft.irfft2(part * spectrum, tile, axes=(0, 1))
            total[...] = result[: len(total), : total.shape[1]]
        if whole:
            np.rint(sums, out=sums)

    return Strategy(dtype, rows, fill)


def factorise(taps: Numbers, eps: float) -> tuple[Numbers, Numbers] | None:
    """Write a kernel as a column times a row, if rounding alone tells them apart.

    Parameters
    ----------
    taps : (Fh, Fw) array of float64
        Finite taps.
    eps : float
        Rounding of the type in which the sums are formed.

    Returns
    -------
    (Fh,) and (Fw,) array, or None
        Whole numbers if all taps are; 0 where, and only where, a tap is.

    Examples
    --------
    >>> factorise(np.array([[2.0, 4.0, 2.0], [6.0, 12.0, 6.0]]), 1e-16)
    (array([1., 3.]), array([2., 4., 2.]))
    """
    sizes = np.abs(taps)
    u, v = np.unravel_index(sizes.argmax(), taps.shape)
    column, allowed = taps[:, v], 2 * eps * sizes.sum()
    if 0 < sizes[u, v] < 2**53 and (taps == np.rint(taps)).all():
        column, allowed = column / np.gcd.reduce(column.astype(np.int64)), 0
    if column[u] == 0:
        return None
    row = taps[u] / column[u]
    outer = np.outer(column, row)
    same = np.abs(outer - taps).sum() <= allowed and ((outer == 0) == (taps == 0)).all()
    return (column, row) if same else None


def _band(factor: Numbers, rows: int) -> Numbers:
    """Make a matrix whose row i holds a factor from cell i on, and zeros elsewhere."""
    size = len(factor)
    sheared = np.zeros((rows, rows + size), factor.dtype)
    sheared[:, :size] = factor
    # Read with rows one cell shorter, each row begins one cell later.
    return sheared.reshape(-1)[: rows * (rows + size - 1)].reshape(rows, -1)


def _rows_of(size: int, shape: Shape, dtype: DType) -> int:
    """Count the rows of a picture that fit into so many bytes."""
    return max(1, min(shape[0], size // (shape[1] * shape[2] * dtype.itemsize)))
