"""The transposed convolution as an ordinary one, by splitting its output into sub-pixel phases.

With stride S, window i reaches cell ``S*i + D*u`` through tap u. Cells that leave the same
remainder when divided by S form a *phase*, and a tap reaches one phase only. Within a phase, cell
``S*m + remainder`` gathers from windows ``m - (D*u) // S``: a correlation of stride 1 of the
windows' gradients with the turned taps of that phase. All phases are computed at once, as further
filters of one correlation, and then put next to each other.
"""

from __future__ import annotations

from itertools import product
from math import gcd
from typing import NamedTuple

import numpy as np

from engine.arrays import Array
from engine.geometry import Geometry
from engine.window import Pair


class Lane(NamedTuple):
    """Where the cells of a phase lie along an axis.

    Attributes
    ----------
    computed : slice
        Among the computed cells of the phase, those that are wanted.
    wanted : slice
        Their places among all wanted cells.
    """

    computed: slice
    wanted: slice


class Axis(NamedTuple):
    """The gathering correlation along one axis.

    Attributes
    ----------
    windows : range
        Those that reach a wanted cell.
    padding : (int, int)
        Zeros before and after them.
    taps, dilation : int
        Of the filters of the phases.
    tap_phase, tap_place : list of int
        For each tap of the original filter its phase, counted from 0, and its place in there.
    lanes : list of Lane
        One for each phase that a tap reaches.
    size : int
        Cells that are computed in each phase.
    """

    windows: range
    padding: Pair
    taps: int
    dilation: int
    tap_phase: list[int]
    tap_place: list[int]
    lanes: list[Lane]
    size: int


def gather_axis(geometry: Geometry, axis: int, windows: int, wanted: range) -> Axis:
    """Work out the gathering along rows or columns.

    Parameters
    ----------
    geometry : Geometry
        Of the convolution whose input is wanted.
    axis : int
        0 for the rows, 1 for the columns.
    windows : int
        How many windows there are.
    wanted : range
        The padded cells to be computed.

    Returns
    -------
    Axis

    Examples
    --------
    A window of 3 taps and stride 2 reaches even cells by two taps, odd ones by the middle tap.

    >>> from engine.geometry import check_shapes
    >>> pair = check_shapes((1, 1, 1, 7), (1, 1, 1, 3), stride=(1, 2), padding=0, dilation=1)
    >>> columns = gather_axis(pair, 1, 3, range(7))
    >>> columns.tap_phase, columns.tap_place
    ([0, 1, 0], [1, 1, 0])
    """
    stride = geometry.stride[axis]
    reached = [geometry.dilation[axis] * tap for tap in range(geometry.filter[axis])]
    remainders = sorted({cell % stride for cell in reached})
    steps = [cell // stride for cell in reached]
    # Steps that all share a divisor leave holes, which a dilation skips.
    dilation = gcd(*steps) or 1
    first, last = wanted.start // stride, (wanted.stop - 1) // stride
    before = steps[-1] - first
    after = last + 1 - windows
    return Axis(
        windows=range(max(0, -before), windows + min(0, after)),
        padding=(max(0, before), max(0, after)),
        taps=steps[-1] // dilation + 1,
        dilation=dilation,
        tap_phase=[remainders.index(cell % stride) for cell in reached],
        tap_place=[(steps[-1] - step) // dilation for step in steps],
        lanes=[_lane(first * stride + cell, stride, wanted) for cell in remainders],
        size=last - first + 1,
    )


def _lane(start: int, stride: int, wanted: range) -> Lane:
    skipped = int(start < wanted.start)
    place = start + skipped * stride - wanted.start
    count = len(range(place, len(wanted), stride))
    return Lane(slice(skipped, skipped + count), slice(place, None, stride))


def phase_filters(weight: Array, groups: int, rows: Axis, columns: Axis) -> Array:
    """Rearrange filters for the gathering: turned, their channels exchanged, split by phase.

    Parameters
    ----------
    weight : (K, C/groups, Fh, Fw) array
        Filters.
    groups : int
        Parts into which channels and filters are split.
    rows, columns : Axis
        How taps fall into phases.

    Returns
    -------
    (C * phases, K/groups, taps, taps) array
        Zero where a phase has no tap; the phases of a channel follow each other row by row.
    """
    filters, depth = len(weight) // groups, weight.shape[1]
    phases, taps = (len(rows.lanes), len(columns.lanes)), (rows.taps, columns.taps)
    split = np.zeros((*phases, *taps, groups, depth, filters), weight.dtype)
    row_phase, row_place = (np.array(of)[:, np.newaxis] for of in (rows.tap_phase, rows.tap_place))
    split[row_phase, columns.tap_phase, row_place, columns.tap_place] = weight.reshape(
        groups, filters, depth, *weight.shape[2:]
    ).transpose(3, 4, 0, 2, 1)
    return split.transpose(4, 5, 0, 1, 6, 2, 3).reshape(-1, filters, *taps)


def gathering_geometry(rows: Axis, columns: Axis, groups: int) -> Geometry:
    """Put the two axes of the gathering together.

    Parameters
    ----------
    rows, columns : Axis
        What to gather along each.
    groups : int
        Parts into which channels and filters are split.

    Returns
    -------
    Geometry
        Of the correlation of the chosen windows' gradients with the filters of the phases.
    """
    return Geometry(
        input=(len(rows.windows), len(columns.windows)),
        filter=(rows.taps, columns.taps),
        stride=(1, 1),
        dilation=(rows.dilation, columns.dilation),
        padding=(rows.padding, columns.padding),
        groups=groups,
    )


def spread_phases(phases: Array, rows: Axis, columns: Axis, *, out: Array) -> None:
    """Put the phases of volumes next to each other.

    Parameters
    ----------
    phases : (N, C * phases, H2, W2) array
        The computed cells.
    rows, columns : Axis
        Where they belong.
    out : (N, C, H, W) array
        Filled; cells that no tap reaches are zero.
    """
    lanes = len(rows.lanes), len(columns.lanes)
    split = phases.reshape(*out.shape[:2], *lanes, *phases.shape[2:])
    out[...] = 0
    for (i, row), (j, column) in product(enumerate(rows.lanes), enumerate(columns.lanes)):
        out[..., row.wanted, column.wanted] = split[:, :, i, j, row.computed, column.computed]
