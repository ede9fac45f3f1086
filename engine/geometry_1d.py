"""The settings of a 1-D convolution: those of a 2-D one with a single row, in words of its own."""

from __future__ import annotations

from dataclasses import replace

from engine.arrays import require_shape
from engine.errors import ParameterError, Remedy, ShapeError
from engine.geometry import Geometry, check_geometry
from engine.window import Pair, Shape, normalise_int, normalise_padding

INPUT_AXES_1D = ("N", "C", "L")
WEIGHT_AXES_1D = ("K", "C/groups", "F")


def check_geometry_1d(
    input_shape: Shape,
    weight_shape: Shape,
    *,
    stride: object,
    padding: object,
    dilation: object,
    groups: object,
    padding_mode: object = "zeros",
) -> Geometry:
    """Check all settings of a 1-D convolution against the shapes, once and for all.

    Parameters
    ----------
    input_shape : (N, C, L)
        Shape of `x`.
    weight_shape : (K, C/groups, F)
        Shape of `weight`.
    stride, padding, dilation, groups, padding_mode
        As for `conv1d`.

    Returns
    -------
    Geometry
        Of the same convolution with one row.

    Raises
    ------
    ShapeError
        If the shapes do not go together.
    ParameterError
        If a setting is out of its range.

    Examples
    --------
    >>> settings = {"stride": 2, "padding": (1, 0), "dilation": 1, "groups": 1}
    >>> check_geometry_1d((1, 2, 7), (3, 2, 3), **settings).output
    (1, 3)
    """
    require_shape("x", input_shape, INPUT_AXES_1D)
    require_shape("weight", weight_shape, WEIGHT_AXES_1D)
    length, taps = input_shape[2], weight_shape[2]
    step, spread = _single(stride, "stride"), _single(dilation, "dilation")
    sides = normalise_padding_1d(padding, taps=taps, stride=step, dilation=spread)
    # A single tap without padding fits any input: only depths, groups and mode can be at fault.
    single_tap = check_geometry(
        (*input_shape[:2], 1, length),
        (*weight_shape[:2], 1, 1),
        stride=1,
        padding=0,
        dilation=1,
        groups=normalise_int(groups, "groups", least=1),
        padding_mode=padding_mode,
    )
    geometry = replace(
        single_tap,
        filter=(1, taps),
        stride=(1, step),
        dilation=(1, spread),
        padding=((0, 0), sides),
    )
    _check_border(geometry, padding_mode)
    _check_fit(geometry, padding_mode)
    return geometry


def normalise_padding_1d(padding: object, *, taps: int, stride: int = 1, dilation: int = 1) -> Pair:
    """Read any way of giving the padding of a signal as cells on its two ends.

    Parameters
    ----------
    padding : int, (p,), (left, right), ((left, right),), "valid" or "same"
        One number for both ends, or one an end. "valid" is none; "same" keeps the length.
    taps : int
        Length of a filter, for "same".
    stride, dilation : int
        For "same".

    Returns
    -------
    (int, int)
        Cells added on the left and on the right.

    Raises
    ------
    ParameterError
        If it is none of these, if a number is negative, or for "same" with a stride above 1.

    Examples
    --------
    >>> normalise_padding_1d((2,), taps=3), normalise_padding_1d(((0, 2),), taps=3)
    ((2, 2), (0, 2))
    >>> normalise_padding_1d("same", taps=4)
    (1, 2)
    """
    if isinstance(padding, str):
        if padding == "same" and stride != 1:
            raise ParameterError(
                f'padding: "same" keeps the length, which needs stride 1, but the stride is '
                f"{stride}; use stride 1 or give the padding in cells",
                parameter="padding",
                remedies=[Remedy("S = 1", {"stride": 1})],
            )
        return normalise_padding(
            padding, filter_size=(1, taps), stride=(1, stride), dilation=(1, dilation)
        )[1]
    ends: object = padding
    if isinstance(ends, tuple | list) and len(ends) == 1:
        ends = ends[0]
    if not isinstance(ends, tuple | list):
        ends = (ends, ends)
    if len(ends) != 2 or any(isinstance(cells, tuple | list) for cells in ends):
        raise ParameterError(
            f"padding: {padding!r} is neither one number nor one for each end; "
            "use an integer, or a pair (left, right)",
            parameter="padding",
            remedies=[Remedy("P = 0", {"padding": 0})],
        )
    left, right = (normalise_int(cells, "padding", least=0) for cells in ends)
    return left, right


def _single(value: object, parameter: str) -> int:
    """Read a number, or a tuple that holds just one."""
    if isinstance(value, tuple | list):
        if len(value) != 1:
            letter = parameter[0].upper()
            raise ParameterError(
                f"{parameter}: {value!r} has {len(value)} entries, but a signal has one axis; "
                "use one integer",
                parameter=parameter,
                remedies=[Remedy(f"{letter} = 1", {parameter: 1})],
            )
        value = value[0]
    return normalise_int(value, parameter, least=1)


def _check_border(geometry: Geometry, padding_mode: object) -> None:
    most = _widest_border(geometry, padding_mode)
    (_, length), (_, sides) = geometry.input, geometry.padding
    if most is None or max(sides) <= most:
        return
    why = ", since the edge itself is not repeated" if padding_mode == "reflect" else ""
    fitting = geometry.extent[1] <= length + 2 * most
    raise ParameterError(
        f"padding: {max(sides)} is too much for {padding_mode} padding of an input of length "
        f"{length}, it can be at most {most}{why}; "
        f"use a padding of {most} or less, or padding_mode='replicate'",
        parameter="padding",
        remedies=[
            *([Remedy(f"P = {most}", {"padding": most})] if fitting else []),
            Remedy("replicate", {"padding_mode": "replicate"}),
        ],
    )


def _widest_border(geometry: Geometry, padding_mode: object) -> int | None:
    """Say how many cells an end can have, if there is a limit."""
    length = geometry.input[1]
    return {"reflect": length - 1, "circular": length}.get(str(padding_mode))


def _check_fit(geometry: Geometry, padding_mode: object) -> None:
    taps, dilation, extent = geometry.filter[1], geometry.dilation[1], geometry.extent[1]
    room = geometry.padded[1]
    if extent <= room:
        return
    remedies = []
    padding = -(-(extent - geometry.input[1]) // 2)
    most = _widest_border(geometry, padding_mode)
    if most is None or padding <= most:
        remedies.append(Remedy(f"P = {padding}", {"padding": padding}))
    # One tap fits anything, so there are at least two.
    if (closest := (room - 1) // (taps - 1)) >= 1:
        remedies.append(Remedy(f"D = {closest}", {"dilation": closest}))
    shorter = (room - 1) // dilation + 1
    ways = [
        *(f"padding >= {r.changes['padding']}" for r in remedies if "padding" in r.changes),
        *(f"dilation {r.changes['dilation']}" for r in remedies if "dilation" in r.changes),
    ]
    either = f"{', '.join(ways)} or " if ways else ""
    spans = f" with dilation {dilation} spans {extent} and" if dilation > 1 and taps > 1 else ""
    raise ShapeError(
        f"weight: a filter of {taps}{spans} does not fit into the padded input of {room}; "
        f"use {either}a smaller filter",
        parameter="weight",
        remedies=[*remedies, Remedy(f"F = {shorter}", {"filter_width": shorter})],
    )
