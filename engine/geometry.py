"""The settings of a convolution, checked once against the shapes of its arrays."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import cached_property

from engine.arrays import require_shape
from engine.errors import ParameterError, Remedy, ShapeError
from engine.window import (
    PADDING_MODES,
    Pair,
    Shape,
    Sides,
    effective_extent,
    normalise_int,
    normalise_padding,
    normalise_pair,
    normalise_shape,
)

INPUT_AXES = ("N", "C", "H", "W")
WEIGHT_AXES = ("K", "C/groups", "Fh", "Fw")


@dataclass(frozen=True)
class Geometry:
    """The checked settings of one convolution; rows come before columns.

    Attributes
    ----------
    input, filter : (int, int)
        Rows and columns of the input and of a filter.
    stride, dilation : (int, int)
        Cells from one window, or tap, to the next.
    padding : ((top, bottom), (left, right))
        Cells added on each side.
    groups : int
        Parts into which channels and filters are split.
    """

    input: Pair
    filter: Pair
    stride: Pair
    dilation: Pair
    padding: Sides
    groups: int

    def __hash__(self) -> int:
        """Give the hash, computed once: for small pictures that would take a while."""
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(
            (self.input, self.filter, self.stride, self.dilation, self.padding, self.groups)
        )

    @cached_property
    def padded(self) -> Pair:
        """Rows and columns of the padded input."""
        rows, columns = (
            size + sum(sides) for size, sides in zip(self.input, self.padding, strict=True)
        )
        return rows, columns

    @cached_property
    def extent(self) -> Pair:
        """Rows and columns that a filter spans, its holes included."""
        rows, columns = map(effective_extent, self.filter, self.dilation)
        return rows, columns

    @cached_property
    def output(self) -> Pair:
        """Rows and columns of the output: ``(padded - extent) // stride + 1``."""
        rows, columns = (
            (size - extent) // stride + 1
            for size, extent, stride in zip(self.padded, self.extent, self.stride, strict=True)
        )
        return rows, columns


def check_geometry(
    input_shape: Shape,
    weight_shape: Shape,
    *,
    stride: object,
    padding: object,
    dilation: object,
    groups: object,
    padding_mode: object = "zeros",
) -> Geometry:
    """Check all settings of a convolution against the shapes, once and for all.

    Parameters
    ----------
    input_shape : (N, C, H, W)
        Shape of `x`.
    weight_shape : (K, C/groups, Fh, Fw)
        Shape of `weight`.
    stride, padding, dilation, groups, padding_mode
        As for `conv2d`.

    Returns
    -------
    Geometry

    Raises
    ------
    ShapeError
        If the shapes do not go together.
    ParameterError
        If a setting is out of its range.
    """
    require_shape("x", input_shape, INPUT_AXES)
    require_shape("weight", weight_shape, WEIGHT_AXES)
    strides = normalise_pair(stride, "stride")
    dilations = normalise_pair(dilation, "dilation")
    filter_size: Pair = (weight_shape[2], weight_shape[3])
    geometry = Geometry(
        input=(input_shape[2], input_shape[3]),
        filter=filter_size,
        stride=strides,
        dilation=dilations,
        padding=normalise_padding(
            padding, filter_size=filter_size, stride=strides, dilation=dilations
        ),
        groups=_checked_groups(groups, input_shape[1], weight_shape[0], weight_shape[1]),
    )
    check_border(geometry.input, geometry.padding, padding_mode, extent=geometry.extent)
    _check_fit(geometry, padding_mode)
    return geometry


def check_shapes(
    input_shape: Shape, weight_shape: Shape, *, stride: object, padding: object, dilation: object
) -> Geometry:
    """Check settings against shapes given as numbers, with as many groups as their depths tell.

    Parameters
    ----------
    input_shape, weight_shape, stride, padding, dilation
        As for `conv2d_output_shape`.

    Returns
    -------
    Geometry

    Raises
    ------
    ShapeError, ParameterError
        As `conv2d_output_shape`.
    """
    volume = normalise_shape(input_shape, "input_shape", INPUT_AXES)
    filters = normalise_shape(weight_shape, "weight_shape", WEIGHT_AXES)
    parts, rest = divmod(volume[1], filters[1])
    return check_geometry(
        volume,
        filters,
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=1 if rest or filters[0] % parts else parts,
    )


def check_border(
    size: Pair, padding: Sides, padding_mode: object, *, extent: Pair = (1, 1)
) -> None:
    """Check that the input is large enough to fill its border in this mode.

    Parameters
    ----------
    size : (int, int)
        Rows and columns of the input.
    padding : ((top, bottom), (left, right))
        Cells added on each side.
    padding_mode : {"zeros", "reflect", "replicate", "circular"}
        What the border is filled with.
    extent : (int, int)
        Rows and columns that the filter spans, so that only a padding that it fits is proposed.

    Raises
    ------
    ParameterError
        If the mode is unknown, or a side is wider than the mode can fill.
    """
    if padding_mode not in PADDING_MODES:
        close = difflib.get_close_matches(str(padding_mode), PADDING_MODES, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise ParameterError(
            f"padding_mode: {padding_mode!r} is unknown; "
            f"use {', '.join(PADDING_MODES[:-1])} or {PADDING_MODES[-1]}{hint}",
            parameter="padding_mode",
            remedies=[Remedy(mode, {"padding_mode": mode}) for mode in close],
        )
    if padding_mode not in ("reflect", "circular"):
        return
    fewer = min(size) - 1 if padding_mode == "reflect" else min(size)
    fitting = all(span <= cells + 2 * fewer for span, cells in zip(extent, size, strict=True))
    remedies = [Remedy(f"P = {fewer}", {"padding": fewer})] if fitting else []
    for name, cells, sides in zip(("rows", "columns"), size, padding, strict=True):
        most = cells - 1 if padding_mode == "reflect" else cells
        if max(sides) > most:
            why = ", since the edge itself is not repeated" if padding_mode == "reflect" else ""
            raise ParameterError(
                f"padding: {max(sides)} is too much for {padding_mode} padding of an input with "
                f"{cells} {name}, it can be at most {most}{why}; "
                f"use a padding of {most} or less, or padding_mode='replicate'",
                parameter="padding",
                remedies=[*remedies, Remedy("replicate", {"padding_mode": "replicate"})],
            )


def _checked_groups(groups: object, channels: int, filters: int, depth: int) -> int:
    possible = [g for g in range(1, channels + 1) if channels % g == 0 and filters % g == 0]
    fitting = [g for g in possible if g * depth == channels]
    parts = normalise_int(groups, "groups", least=1)
    remedies = [Remedy(f"groups = {g}", {"groups": g}) for g in fitting]
    if parts not in possible:
        raise ParameterError(
            f"groups: {parts} must divide both the {channels} channels of x and the {filters} "
            f"filters; use {' or '.join(map(str, possible))}",
            parameter="groups",
            remedies=remedies,
        )
    if depth * parts != channels:
        way_out = "".join(f" or {remedy.label}" for remedy in remedies)
        raise ShapeError(
            f"weight: filters of depth {depth} do not go with the {channels} channels of x in "
            f"{parts} group{'s' if parts > 1 else ''}; "
            f"use filters of depth {channels // parts}{way_out}",
            parameter="weight",
            remedies=remedies,
        )
    return parts


def _check_fit(geometry: Geometry, padding_mode: object) -> None:
    extent, padded = geometry.extent, geometry.padded
    if all(span <= size for span, size in zip(extent, padded, strict=True)):
        return
    spans = (
        f" with dilation {_times(geometry.dilation, one=True)} spans {_times(extent)} and"
        if extent != geometry.filter
        else ""
    )
    remedies = [
        *_more_padding(geometry, padding_mode),
        *_less_dilation(geometry),
        *_smaller_filter(geometry),
    ]
    ways = [
        *(f"padding >= {r.changes['padding']}" for r in remedies if "padding" in r.changes),
        *(f"dilation {r.changes['dilation']}" for r in remedies if "dilation" in r.changes),
    ]
    either = f"{', '.join(ways)} or " if ways else ""
    raise ShapeError(
        f"weight: a {_times(geometry.filter)} filter{spans} does not fit into the padded input "
        f"of {_times(padded)}; use {either}a smaller filter",
        parameter="weight",
        remedies=remedies,
    )


def _more_padding(geometry: Geometry, padding_mode: object) -> list[Remedy]:
    short = max(e - size for e, size in zip(geometry.extent, geometry.input, strict=True))
    padding = -(-short // 2)
    most = {"reflect": min(geometry.input) - 1, "circular": min(geometry.input)}
    if padding > most.get(str(padding_mode), padding):
        return []
    return [Remedy(f"P = {padding}", {"padding": padding})]


def _less_dilation(geometry: Geometry) -> list[Remedy]:
    largest = min(
        (room - 1) // (taps - 1)
        for taps, room in zip(geometry.filter, geometry.padded, strict=True)
        if taps > 1
    )
    return [Remedy(f"D = {largest}", {"dilation": largest})] if largest >= 1 else []


def _smaller_filter(geometry: Geometry) -> list[Remedy]:
    height, width = (
        min(taps, (room - 1) // step + 1)
        for taps, room, step in zip(
            geometry.filter, geometry.padded, geometry.dilation, strict=True
        )
    )
    label = f"F = {height}" if height == width else f"F = {height}x{width}"
    return [Remedy(label, {"filter_height": height, "filter_width": width})]


def _times(pair: Pair, *, one: bool = False) -> str:
    return str(pair[0]) if one and pair[0] == pair[1] else f"{pair[0]}x{pair[1]}"
