"""What a convolution that learns is given: its arrays and settings, and what it should give."""

from __future__ import annotations

from typing import Any

from app.conv_requests import Conv2dBackwardRequest
from app.schemas import Convolution
from engine.conv2d import conv2d
from engine.conv_tensors import float64, turned
from engine.errors import Remedy, ShapeError
from engine.kernel_library import KERNELS
from engine.phases import Values
from engine.presets import filter_bank


def sliding(request: Convolution) -> dict[str, Any]:
    """Name the settings as the engine's functions do."""
    names = ("stride", "dilation", "groups", "padding_mode")
    return {name: getattr(request, name) for name in names} | {"padding": request.sides()}


def taps_of(request: Convolution) -> tuple[Values, float]:
    """Give the filters as they are shown, and the divisor of their sums."""
    return request.weight.array(max(1, request.x.channels // request.groups))


def convolved(
    request: Convolution, x: Values, taps: Values, divisor: float, bias: Values | None = None
) -> Values:
    """Convolve with taps that are shown before they are turned and divided."""
    weight = turned(taps, flip=request.flip) / divisor
    return float64(conv2d(x, weight, bias, **sliding(request)))


def target_of(request: Conv2dBackwardRequest, maps: tuple[int, ...]) -> Values:
    """Give what the output should be; a hidden kernel has no bias.

    Raises
    ------
    ShapeError
        If the hidden kernel, or what is given, does not fit.
    """

    def hidden(name: str) -> Values:
        shape = taps_of(request)[0].shape
        _check_fits(name, shape[2:])
        return convolved(request, request.x.array(), *filter_bank(name, shape))

    return request.target.array((1, *maps), hidden)


def _check_fits(name: str, size: tuple[int, ...]) -> None:
    wanted = KERNELS[name].taps.shape
    if all(taps <= cells for taps, cells in zip(wanted, size, strict=True)):
        return
    kernel, given = ("×".join(map(str, shape)) for shape in (wanted, size))
    height, width = map(max, wanted, size)
    raise ShapeError(
        f'target: "{name}" has {kernel} taps, which a filter of {given} cannot learn; '
        f"use a filter of at least {kernel}, or another target",
        parameter="target",
        remedies=[Remedy(f"F = {wanted[0]}", {"filter_height": height, "filter_width": width})],
    )
