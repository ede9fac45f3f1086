"""Sums over each channel of a batch, and maps with one number a channel, tile by tile.

Everything here takes arrays of shape (N, C, S), S cells a channel, and trusts its arguments: they
were checked at the edge of the engine. The tiles are small enough to stay in the second-level
cache while several passes run over them, so that memory is read once and a batch of any size
needs little extra.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby, product
from operator import itemgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.arrays import Array

Doubles = npt.NDArray[np.float64]
Tile = tuple[slice, slice, slice]

# Cells of a tile; in float64 it fills half of a second-level cache of 1 MiB.
_TILE_CELLS = 1 << 16
# Cells of a row of a tile; it may be summed in float32, which bounds what rounding can do.
_ROW_CELLS = 1 << 13
# Cells from which on a row is long, see `unbuffered`.
_LONG_ROW = 256


@dataclass(frozen=True, eq=False)
class Moments:
    """Mean and biased variance of each channel, not rounded to float32.

    Attributes
    ----------
    mean, var : (C,) float64 array
        Over the N images and S cells of a channel.
    count : int
        Values a channel: ``m = N * S``.
    """

    mean: Doubles
    var: Doubles
    count: int


def tiles(shape: tuple[int, ...]) -> Iterator[Tile]:
    """Cut an (N, C, S) array into tiles: several channels, and several images where they fit.

    Parameters
    ----------
    shape : (int, int, int)
        Its shape.

    Yields
    ------
    (slice, slice, slice)
        Images, channels and cells of one tile; tiles of the same channels follow each other.

    Examples
    --------
    >>> [tile[:2] for tile in tiles((2, 20, 8000))][:2]
    [(slice(0, 1, None), slice(0, 8, None)), (slice(1, 2, None), slice(0, 8, None))]
    """
    images, channels, cells = shape
    across = min(cells, _ROW_CELLS)
    deep = min(channels, _TILE_CELLS // across)
    many = min(images, _TILE_CELLS // (across * deep))
    for c, n, s in product(
        range(0, channels, deep), range(0, images, many), range(0, cells, across)
    ):
        yield slice(n, n + many), slice(c, c + deep), slice(s, s + across)


@contextmanager
def unbuffered(shape: tuple[int, ...]) -> Iterator[None]:
    """Keep NumPy from copying the operand that has one number a channel.

    Parameters
    ----------
    shape : (int, int, int)
        Shape of the (N, C, S) arrays of the block.

    Notes
    -----
    Before an operand of shape (C, 1) meets one of shape (C, S), NumPy writes it out as often as
    its buffer has room for, which doubles the time; the smallest buffer has no room for that.
    Where rows are short the copies pay, and the buffer stays. Leaving the block restores it.

    Examples
    --------
    >>> with unbuffered((1, 2, 3136)):
    ...     np.getbufsize()
    16
    """
    row = shape[2] if shape[2] > 1 else shape[1]
    with np.errstate():
        if row >= _LONG_ROW:
            np.setbufsize(16)
        yield


def moments(x: Array) -> Moments:
    """Find the mean and the variance of each channel without cancellation.

    Parameters
    ----------
    x : (N, C, S) array
        Values.

    Returns
    -------
    Moments
        One mean and one variance a channel.

    Notes
    -----
    From each tile one of its own values is subtracted first, a channel at a time. It is at most
    ``sqrt(n)`` deviations from the mean of the n values, so that the sums of d and of d**2, in
    float64, give the variance to full precision however far from zero the values are. Then the
    tiles are merged: their sums of squared deviations add up, and so do the squared distances of
    their means from the common one, each as often as its tile has values.

    References
    ----------
    Chan, Golub, LeVeque: Algorithms for computing the sample variance (1983).

    Examples
    --------
    >>> moments(np.array([[[1e8 + 1]], [[1e8 + 3]]])).var
    array([1.])
    """
    mean, squares = np.empty((2, x.shape[1]))
    count = x.shape[0] * x.shape[2]
    with unbuffered(x.shape):
        for own, parts in groupby(tiles(x.shape), key=itemgetter(1)):
            found = [_moments_of(x[part]) for part in parts]
            sizes, means, within = (np.array(column) for column in zip(*found, strict=True))
            apart = means - means[0]
            offset = sizes @ apart / count
            mean[own] = means[0] + offset
            squares[own] = within.sum(axis=0) + sizes @ (apart - offset) ** 2
    return Moments(mean, squares / count, count)


def _moments_of(values: Array) -> tuple[int, Doubles, Doubles]:
    """Count the values a channel, find their means and their sums of squared deviations."""
    start = values[:1, :, :1]
    shifted = (values - start).astype(np.float64, copy=False)
    size = values.shape[0] * values.shape[2]
    offset = _total(shifted) / size
    squares = _dot(shifted, shifted) - size * offset**2
    return size, start[0, :, 0] + offset, np.maximum(squares, 0)


def gradient_sums(grad: Array, x: Array, mean: Doubles) -> tuple[Doubles, Doubles, Doubles]:
    """Add up the three sums that the gradients of batch normalisation are made of.

    Parameters
    ----------
    grad, x : (N, C, S) array
        Upstream gradient, and the values that were normalised.
    mean : (C,) float64 array
        Mean of each channel of `x`.

    Returns
    -------
    three (C,) float64 arrays
        ``sum of grad``, ``sum of grad * (x - mean)`` and ``sum of (x - mean)``; the last is zero
        but for rounding.

    Notes
    -----
    Rows of float32 are multiplied and summed in float32, in the many lanes of a dot product;
    rows are added in float64. (To widen both arrays first would take as long as all the rest.)
    What rounding took from the mean is known, and comes off the sums at the end.
    """
    sums = np.empty((3, x.shape[1]))
    centre = mean.astype(x.dtype)
    with unbuffered(x.shape):
        for own, parts in groupby(tiles(x.shape), key=itemgetter(1)):
            columns = centre[own, None]
            sums[:, own] = sum(_gradient_sums_of(grad[part], x[part] - columns) for part in parts)
    plain, weighted, deviation = sums
    rounded = mean - centre
    count = x.shape[0] * x.shape[2]
    return plain, weighted - rounded * plain, deviation - rounded * count


def _gradient_sums_of(gradients: Array, shifted: Array) -> Doubles:
    if shifted.shape[2] == 1:
        gradients, shifted = gradients.astype(np.float64), shifted.astype(np.float64)
    return np.array([_total(gradients), _dot(gradients, shifted), _total(shifted)])


def _total(values: Array) -> Doubles:
    if values.shape[2] == 1:
        columns: Doubles = np.ones(len(values)) @ values[:, :, 0]
        return columns
    rows: Array = values @ np.ones(values.shape[2], values.dtype)
    total: Doubles = rows.sum(axis=0, dtype=np.float64)
    return total


def _dot(a: Array, b: Array) -> Doubles:
    if a.shape[2] == 1:
        columns: Doubles = np.einsum("nc,nc->c", a[:, :, 0], b[:, :, 0])
        return columns
    rows: Array = np.vecdot(a, b)
    total: Doubles = rows.sum(axis=0, dtype=np.float64)
    return total


def affine(x: Array, mean: Doubles, scale: Doubles, shift: Doubles, *, out: Array) -> None:
    """Write ``(x - mean) * scale + shift``, with one mean, scale and shift a channel.

    Parameters
    ----------
    x : (N, C, S) array
        Values.
    mean, scale, shift : (C,) float64 array
        Of each channel.
    out : (N, C, S) array
        Written, in its own type.

    Examples
    --------
    >>> y = np.empty((1, 1, 2))
    >>> affine(np.array([[[5.0, 7.0]]]), *np.array([[5.0], [2.0], [10.0]]), out=y)
    >>> y
    array([[[10., 14.]]])
    """
    centres, scales, shifts = affine_columns(mean, scale, shift, out.dtype)
    with unbuffered(out.shape):
        for tile in tiles(out.shape):
            own, part = tile[1], out[tile]
            np.subtract(x[tile], centres[own], out=part)
            part *= scales[own]
            part += shifts[own]


def affine_columns(
    mean: Doubles, scale: Doubles, shift: Doubles, dtype: np.dtype[Any]
) -> tuple[Array, Array, Array]:
    """Round mean, scale and shift to the type of a batch, without harm to the result.

    Parameters
    ----------
    mean, scale, shift : (C,) float64 array
        Of each channel.
    dtype : dtype
        Of the batch.

    Returns
    -------
    three (C, 1) arrays of `dtype`
        Such that ``(x - mean) * scale + shift`` in `dtype` keeps its digits.

    Notes
    -----
    A mean of 1e4 in float32 is off by up to 5e-4, but how far is known, and goes into the shift.
    """
    centre = mean.astype(dtype)
    shift = shift - (mean - centre) * scale
    return centre[:, None], scale.astype(dtype)[:, None], shift.astype(dtype)[:, None]
