"""How the convolutions are computed: three sums over windows, as matrix products.

A convolution, its gradients and the transposed convolution are the same three sums. With y the
maps, x the padded input and w the filters:

- *correlate*: y from x and w, the forward pass;
- *gradient of the input*: x from y and w; it is also the transposed convolution;
- *gradient of the weight*: w from y and x.

Each strategy is a file of its own, which says how it works: `small_pictures`, `row_products`,
`im2col` for everything else, `subpixel` for the way back to the input.

Everything here trusts its arguments: they were checked at the edge of the engine.
"""

from __future__ import annotations

from math import prod

import numpy as np

from engine.arrays import Array
from engine.geometry import Geometry
from engine.im2col import correlate_blocks, gradient_of_weight_blocks, runs
from engine.padding import fold_border
from engine.row_products import correlate_rows, gradient_of_weight_rows, suits_rows
from engine.small_pictures import correlate_small, is_small
from engine.subpixel import gather_axis, gathering_geometry, phase_filters, spread_phases
from engine.window import PaddingMode, Pair

# Cells of sub-pixel phases that are in memory at a time.
_BLOCK_CELLS = 1 << 17


def correlate(
    x: Array,
    weight: Array,
    geometry: Geometry,
    padding_mode: PaddingMode,
    *,
    out: Array,
    bias: Array | None = None,
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
        Filled with the maps; its size says how many windows there are. Its cells lie row by row.
    bias : (K,) array, optional
        Added to the maps.

    Notes
    -----
    Images never share a matrix product, and the choice does not look at their number: so a map
    does not depend on the images it travels with, not even by rounding.
    """
    size: Pair = (out.shape[2], out.shape[3])
    if is_small(geometry, x.shape[1], size):
        strategy = correlate_small
    elif suits_rows(geometry, x.shape[1], size[1]):
        strategy = correlate_rows
    else:
        strategy = correlate_blocks
    strategy(x, weight, geometry, padding_mode, out=out, bias=bias)


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
        Filled with the gradient of the input. Its cells lie row by row.

    Notes
    -----
    Each cell gathers from the windows that saw it, which is a correlation of stride 1 of the
    gradients with the turned filters, split into sub-pixel phases for a larger stride. Zeros of
    the border need no gradient; copies do, which is then added to the cells they copied.
    """
    wanted = [
        range(before, before + cells) if padding_mode == "zeros" else range(padded)
        for (before, _), cells, padded in zip(
            geometry.padding, geometry.input, geometry.padded, strict=True
        )
    ]
    rows, columns = (
        gather_axis(geometry, axis, grad.shape[2 + axis], cells)
        for axis, cells in enumerate(wanted)
    )
    gathering = gathering_geometry(rows, columns, geometry.groups)
    filters = phase_filters(weight, geometry.groups, rows, columns)
    upstream = grad[:, :, rows.windows.start : rows.windows.stop]
    upstream = upstream[..., columns.windows.start : columns.windows.stop]
    if padding_mode == "zeros" and geometry.stride == (1, 1):
        correlate(upstream, filters, gathering, "zeros", out=out)
        return
    shape = len(filters), rows.size, columns.size
    together = min(len(grad), max(1, _BLOCK_CELLS // prod(shape)))
    phases = np.empty((together, *shape), out.dtype)
    for images in runs(len(grad), together):
        found = phases[: images.stop - images.start]
        correlate(upstream[images], filters, gathering, "zeros", out=found)
        if padding_mode == "zeros":
            spread_phases(found, rows, columns, out=out[images])
        else:
            padded = np.empty((len(found), out.shape[1], *geometry.padded), out.dtype)
            spread_phases(found, rows, columns, out=padded)
            out[images] = fold_border(padded, geometry.padding, padding_mode, first_axis=2)


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
        Filled with the gradient of the filters. Its cells lie row by row.
    """
    if suits_rows(geometry, x.shape[1], grad.shape[3]):
        strategy = gradient_of_weight_rows
    else:
        strategy = gradient_of_weight_blocks
    strategy(grad, x, geometry, padding_mode, out=out)
