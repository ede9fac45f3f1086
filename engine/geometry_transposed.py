"""The settings of a transposed convolution, as those of the convolution that it turns round."""

from __future__ import annotations

from engine.arrays import require_shape
from engine.errors import ParameterError, Remedy, ShapeError
from engine.geometry import INPUT_AXES, Geometry
from engine.window import Pair, Shape, effective_extent, normalise_int, normalise_pair

TRANSPOSED_WEIGHT_AXES = ("C_in", "C_out/groups", "Fh", "Fw")

_AXES = ("rows", "columns")


def check_transposed_geometry(
    input_shape: Shape,
    weight_shape: Shape,
    *,
    stride: object,
    padding: object,
    output_padding: object,
    dilation: object,
    groups: object,
) -> Geometry:
    """Check all settings of a transposed convolution against the shapes, once and for all.

    Parameters
    ----------
    input_shape : (N, C_in, H, W)
        Shape of `x`.
    weight_shape : (C_in, C_out/groups, Fh, Fw)
        Shape of `weight`.
    stride, padding, output_padding, dilation, groups
        As for `conv_transpose2d`.

    Returns
    -------
    Geometry
        Of the convolution from the output back to `x`: its `input` is the size of the output.
        Its own `output` is the size of `x` or, where the output padding reaches the stride,
        larger: the windows that count are those of `x`.

    Raises
    ------
    ShapeError
        If the shapes do not go together.
    ParameterError
        If a setting is out of its range, or the padding leaves no output.

    Examples
    --------
    >>> settings = {"stride": 2, "padding": 1, "output_padding": 1, "dilation": 1, "groups": 1}
    >>> check_transposed_geometry((1, 4, 5, 7), (4, 2, 3, 3), **settings).input
    (10, 14)
    """
    require_shape("x", input_shape, INPUT_AXES)
    require_shape("weight", weight_shape, TRANSPOSED_WEIGHT_AXES)
    strides, dilations = normalise_pair(stride, "stride"), normalise_pair(dilation, "dilation")
    cut = _checked_padding(padding)
    extra = _checked_output_padding(output_padding, strides, dilations)
    parts = _checked_groups(groups, input_shape[1], weight_shape)
    filter_size: Pair = (weight_shape[2], weight_shape[3])
    rows, columns = (
        (size - 1) * step + effective_extent(taps, spread) + more
        for size, step, taps, spread, more in zip(
            input_shape[2:], strides, filter_size, dilations, extra, strict=True
        )
    )
    _check_rest((rows, columns), cut)
    return Geometry(
        input=(rows - 2 * cut[0], columns - 2 * cut[1]),
        filter=filter_size,
        stride=strides,
        dilation=dilations,
        padding=((cut[0], cut[0]), (cut[1], cut[1])),
        groups=parts,
    )


def _checked_padding(padding: object) -> Pair:
    if isinstance(padding, tuple | list) and any(isinstance(p, tuple | list) for p in padding):
        raise ParameterError(
            f"padding: {padding!r} gives each side its own, but a transposed convolution cuts "
            "opposite sides alike; use one integer, or a pair (rows, columns)",
            parameter="padding",
            remedies=[Remedy("P = 0", {"padding": 0})],
        )
    return normalise_pair(padding, "padding", least=0)


def _checked_output_padding(output_padding: object, stride: Pair, dilation: Pair) -> Pair:
    extra = normalise_pair(output_padding, "output_padding", least=0)
    most = [max(step, spread) - 1 for step, spread in zip(stride, dilation, strict=True)]
    for axis in range(2):
        if extra[axis] > most[axis]:
            raise ParameterError(
                f"output_padding: {extra[axis]} is below neither the stride {stride[axis]} nor "
                f"the dilation {dilation[axis]} of the {_AXES[axis]}; use {_up_to(most[axis])}",
                parameter="output_padding",
                remedies=[Remedy(f"output padding = {min(most)}", {"output_padding": min(most)})],
            )
    return extra


def _checked_groups(groups: object, channels: int, weight_shape: Shape) -> int:
    if weight_shape[0] != channels:
        wanted = (channels, *weight_shape[1:])
        raise ShapeError(
            f"weight: filters for {weight_shape[0]} channels do not go with the {channels} "
            f"channels of x; use one a channel, shape {wanted}",
            parameter="weight",
        )
    parts = normalise_int(groups, "groups", least=1)
    if channels % parts:
        possible = [g for g in range(1, channels + 1) if channels % g == 0]
        raise ParameterError(
            f"groups: {parts} must divide the {channels} channels of x; "
            f"use {' or '.join(map(str, possible))}",
            parameter="groups",
            remedies=[Remedy(f"groups = {g}", {"groups": g}) for g in possible],
        )
    return parts


def _check_rest(size: Pair, cut: Pair) -> None:
    """Check that the padding leaves something of an output of this size."""
    most = [(cells - 1) // 2 for cells in size]
    for axis in range(2):
        if cut[axis] > most[axis]:
            raise ParameterError(
                f"padding: {cut[axis]} takes {2 * cut[axis]} {_AXES[axis]} off an output that "
                f"has {size[axis]}, and nothing is left; use a padding of {_up_to(most[axis])}",
                parameter="padding",
                remedies=[Remedy(f"P = {min(most)}", {"padding": min(most)})],
            )


def _up_to(most: int) -> str:
    return f"{most} or less" if most else "0"
