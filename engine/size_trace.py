"""The output size, built up as the lecture builds it: filter, padding, stride, and the floor."""

from __future__ import annotations

import math

from engine.border import Axis, AxisGeometry, check_axis
from engine.phases import Phase, Tensor
from engine.scalars import extent_phase, scalar, scalar_phase
from engine.trace import Trace
from engine.window import Pair

_SIDES = {"row": ("top", "bottom"), "column": ("left", "right")}


def trace_output_size(
    size: int,
    filter: int,
    *,
    stride: int = 1,
    padding: Pair = (0, 0),
    dilation: int = 1,
    axis: Axis = "column",
) -> Trace:
    r"""Explain the size of an output along one axis.

    Parameters
    ----------
    size : int
        Cells of the input along the axis: W1, or H1 for rows.
    filter : int
        Taps of the filter along the axis: F.
    stride : int
        S, at least 1.
    padding : (int, int)
        Cells added before and after: P and P, or two different numbers.
    dilation : int
        Distance of neighbouring taps, at least 1.
    axis : {"column", "row"}
        Whether columns are counted (a width) or rows (a height).

    Returns
    -------
    Trace
        Scalars only. Those of columns are W1, F, P (or P_left, P_right), S, D if taps are apart,
        and W2 for the result; rows have H1, P_top, P_bottom and H2. Phases: the extent of a
        dilated filter, the room it leaves, padding, stride, the floor, and the first position.

    Raises
    ------
    ShapeError
        If the filter does not fit.
    ParameterError
        If a setting is out of its range.

    Notes
    -----
    ``W2 = floor((W1 - F + 2P) / S) + 1``, with ``D * (F - 1) + 1`` for F under dilation.

    References
    ----------
    Lecture, "The border", "Padding", "Stride".

    Examples
    --------
    >>> trace = trace_output_size(227, 11, stride=4)
    >>> trace[len(trace) - 1].results
    (55.0,)
    """
    along = check_axis(size, filter, stride=stride, padding=padding, dilation=dilation, axis=axis)
    letter = "W" if axis == "column" else "H"
    return Trace(
        "output_size",
        _scalars(along, axis, letter),
        [
            *extent_phase(along.dilation, letter),
            *_room(along, axis, letter),
            *_positions(along, axis, letter),
        ],
        formula=_whole(along, axis, letter),
    )


def _whole(along: AxisGeometry, axis: Axis, letter: str) -> str:
    """Write the whole formula in one line, each symbol with its name."""
    taps = (
        r"\left( \sym{D}{d} (\sym{F}{F} - 1) + 1 \right)" if along.dilation > 1 else r"\sym{F}{F}"
    )
    names = _padding_names(along, axis)
    added = (
        r"2 \cdot \sym{P}{P}"
        if len(names) == 1
        else " + ".join(rf"\sym{{{name}}}{{P_{{\text{{{name[2:]}}}}}}}" for name in names)
    )
    room = rf"\sym{{{letter}1}}{{{letter}_1}} - {taps} + {added}"
    return (
        rf"\sym{{{letter}2}}{{{letter}_2}} = "
        rf"\left\lfloor \frac{{{room}}}{{\sym{{S}}{{S}}}} \right\rfloor + 1"
    )


def _scalars(along: AxisGeometry, axis: Axis, letter: str) -> list[Tensor]:
    length = "width" if axis == "column" else "height"
    before, after = along.padding
    own_room = along.size - along.extent
    settings = [
        scalar(f"{letter}1", f"Input {length}", "input", along.size, ("x", axis)),
        scalar("F", f"Filter {length}", "weight", along.filter, ("weight", axis)),
        *(scalar("D", "Dilation", "weight", along.dilation) for _ in range(along.dilation > 1)),
        *(
            scalar(name, f"Padding, {side}" if before != after else "Padding", "input", cells)
            for name, side, cells in zip(
                _padding_names(along, axis), _SIDES[axis], along.padding, strict=False
            )
        ),
        scalar("S", "Stride", "weight", along.stride),
    ]
    steps = {
        "extent": ("Extent of the filter", along.extent),
        "room": ("Room to move", own_room),
        "padded": ("Room with padding", along.room),
        "quotient": ("Strides that fit", along.room / along.stride),
        "floor": ("Whole strides", along.room // along.stride),
    }
    return [
        *settings,
        *(
            scalar(f"{letter}_{name}", label, "intermediate", value)
            for name, (label, value) in steps.items()
            if name != "extent" or along.dilation > 1
        ),
        scalar(
            f"{letter}2", f"Output {length}", "output", along.room // along.stride + 1, ("y", axis)
        ),
    ]


def _padding_names(along: AxisGeometry, axis: Axis) -> tuple[str, ...]:
    before, after = along.padding
    return ("P",) if before == after else tuple(f"P_{side}" for side in _SIDES[axis])


def _room(along: AxisGeometry, axis: Axis, letter: str) -> list[Phase]:
    taps, typeset = (f"{letter}_extent", "F'") if along.dilation > 1 else ("F", "F")
    room = f"{letter}_1 - {typeset}"
    paddings = _padding_names(along, axis)
    if len(paddings) == 1:
        added = r"2 \cdot \sym{P}{P}"
    else:
        added = " + ".join(rf"\sym{{{p}}}{{P_{{\text{{{p[2:]}}}}}}}" for p in paddings)
    return [
        scalar_phase(
            "Leave room for the filter",
            rf"\sym{{{letter}_room}}{{r}} = \sym{{{letter}1}}{{{letter}_1}} - "
            rf"\sym{{{taps}}}{{{typeset}}}",
            lambda size, extent: size - extent,
            (f"{letter}1", taps),
        ),
        scalar_phase(
            "Add the padding of both ends" if any(along.padding) else "No padding to add",
            rf"\sym{{{letter}_padded}}{{r_P}} = \sym{{{letter}_room}}{{{room}}} + {added}",
            lambda room, *cells: room + (2 * cells[0] if len(cells) == 1 else sum(cells)),
            (f"{letter}_room", *paddings),
        ),
    ]


def _positions(along: AxisGeometry, axis: Axis, letter: str) -> list[Phase]:
    taps = "F'" if along.dilation > 1 else "F"
    before, after = _SIDES[axis]
    added = (
        "2P"
        if along.padding[0] == along.padding[1]
        else rf"P_{{\text{{{before}}}}} + P_{{\text{{{after}}}}}"
    )
    room = f"{letter}_1 - {taps} + {added}"
    cells = f"{along.rest} {axis}{' is' if along.rest == 1 else 's are'} left over"
    return [
        scalar_phase(
            "Count the strides",
            rf"\sym{{{letter}_quotient}}{{q}} = "
            rf"\frac{{\sym{{{letter}_padded}}{{{room}}}}}{{\sym{{S}}{{S}}}}",
            lambda room, stride: room / stride,
            (f"{letter}_padded", "S"),
        ),
        scalar_phase(
            f"Round down: {cells}"
            if along.rest
            else "Round down: it divides, nothing is left over",
            rf"\sym{{{letter}_floor}}{{n}} = \left\lfloor "
            rf"\sym{{{letter}_quotient}}{{\frac{{{room}}}{{S}}}} \right\rfloor",
            lambda quotient: float(math.floor(quotient)),
            (f"{letter}_quotient",),
        ),
        scalar_phase(
            "Count the first position as well",
            rf"\sym{{{letter}2}}{{{letter}_2}} = "
            rf"\sym{{{letter}_floor}}{{\left\lfloor \frac{{{room}}}{{S}} \right\rfloor}} + 1",
            lambda strides: strides + 1,
            (f"{letter}_floor",),
        ),
    ]
