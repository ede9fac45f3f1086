"""How the convolutions are computed: three sums over windows, as matrix products.

A convolution, its gradients and the transposed convolution are the same three sums. With y the
maps, x the padded input and w the filters:

- *correlate*: y from x and w, the forward pass;
- *gradient of the input*: x from y and w; it is also the transposed convolution;
- *gradient of the weight*: w from y and x.

Everything here trusts its arguments: they were checked at the edge of the engine.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from engine.arrays import Array
from engine.geometry import Geometry
from engine.padding import fold_border, pad_axes
from engine.window import PaddingMode

# Cells of the matrix of windows that is in memory at a time; about the second-level cache.
_BLOCK_CELLS = 1 << 18


def correlate(
    x: Array, weight: Array, geometry: Geometry, padding_mode: PaddingMode, *, out: Array
) -> None:
    """Slide the filters over the padded input.

    Parameters
    ----------
    x : (N, C, H, W) array
        Input volumes.
    weight : (K, C/groups, Fh, Fw) array
        Filters.
    geometry : Geometry
        Stride, padding, dilation and groups.
    padding_mode : {"zeros", "reflect", "replicate", "circular"}
        What the border holds.
    out : (N, K, H2, W2) array
        Filled with the maps; its size says how many windows there are.

    Notes
    -----
    Windows become the columns of a matrix, one block of output rows at a time so that memory
    stays bounded, and all filters of a group meet all of its windows in one matrix product.
    """
    groups, (rows, columns) = geometry.groups, out.shape[2:]
    filters = weight.reshape(groups, len(weight) // groups, -1)
    block = max(1, _BLOCK_CELLS // (x.shape[1] * weight[0, 0].size * columns))
    for volume, maps in zip(x, out, strict=True):
        windows = _windows(pad_axes(volume, geometry.padding, padding_mode, first_axis=1), geometry)
        flat = maps.reshape(groups, len(weight) // groups, rows * columns)
        for first in range(0, rows, block):
            last = min(first + block, rows)
            matrix = windows[:, :, :, first:last, :columns].reshape(groups, filters.shape[2], -1)
            np.matmul(filters, matrix, out=flat[:, :, first * columns : last * columns])


def gradient_of_input(
    grad: Array, weight: Array, geometry: Geometry, padding_mode: PaddingMode, *, out: Array
) -> None:
    """Send the gradient of the maps back through the filters to the input.

    Parameters
    ----------
    grad : (N, K, H2, W2) array
        Gradient of the maps, or the input of a transposed convolution.
    weight : (K, C/groups, Fh, Fw) array
        Filters.
    geometry : Geometry
        Of the convolution from `out` to `grad`.
    padding_mode : {"zeros", "reflect", "replicate", "circular"}
        What the border held: its gradients are added to the cells it copied.
    out : (N, C, H, W) array
        Filled with the gradient of the input.
    """
    groups, (rows, columns) = geometry.groups, grad.shape[2:]
    depth, (height, width) = weight.shape[1], weight.shape[2:]
    filters = weight.reshape(groups, len(weight) // groups, -1).transpose(0, 2, 1)
    for maps, volume in zip(grad, out, strict=True):
        padded = np.zeros((out.shape[1], *geometry.padded), dtype=out.dtype)
        sent = filters @ maps.reshape(groups, len(weight) // groups, -1)
        sent = sent.reshape(groups * depth, height, width, rows, columns)
        for u in range(height):
            for v in range(width):
                _windows(padded, geometry)[:, u, v, :rows, :columns] += sent[:, u, v]
        volume[...] = fold_border(padded, geometry.padding, padding_mode, first_axis=1)


def gradient_of_weight(
    grad: Array, x: Array, geometry: Geometry, padding_mode: PaddingMode, *, out: Array
) -> None:
    """Add up, for each weight, every product of an input cell and the gradient it led to.

    Parameters
    ----------
    grad : (N, K, H2, W2) array
        Gradient of the maps.
    x : (N, C, H, W) array
        Input volumes.
    geometry : Geometry
        Stride, padding, dilation and groups.
    padding_mode : {"zeros", "reflect", "replicate", "circular"}
        What the border holds.
    out : (K, C/groups, Fh, Fw) array
        Filled with the gradient of the filters.
    """
    groups, (rows, columns) = geometry.groups, grad.shape[2:]
    flat = out.reshape(groups, len(out) // groups, -1)
    flat[...] = 0
    for volume, maps in zip(x, grad, strict=True):
        windows = _windows(pad_axes(volume, geometry.padding, padding_mode, first_axis=1), geometry)
        matrix = windows[:, :, :, :rows, :columns].reshape(groups, flat.shape[2], -1)
        flat += maps.reshape(groups, len(out) // groups, -1) @ matrix.transpose(0, 2, 1)


def _windows(padded: Array, geometry: Geometry) -> Array:
    """View a padded (C, H, W) volume as (C, Fh, Fw, H2, W2): tap by tap, every window."""
    windows: Array = sliding_window_view(padded, geometry.extent, axis=(1, 2), writeable=True)[
        :,
        :: geometry.stride[0],
        :: geometry.stride[1],
        :: geometry.dilation[0],
        :: geometry.dilation[1],
    ].transpose(0, 3, 4, 1, 2)
    return windows
