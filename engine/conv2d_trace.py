"""Convolution told step by step: one window of one filter gives one output cell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.arrays import Array
from engine.boxes import span
from engine.conv2d import check_conv2d, conv2d
from engine.geometry import Geometry
from engine.kernel_library import require_divisor
from engine.padding import trace_padding
from engine.phases import Phase, Role, Tensor, Values
from engine.trace import Trace
from engine.window import NO_PADDING, Padding, PaddingMode, Pair, Shape, Size

_VOLUME = ("image", "channel", "row", "column")
_FILTERS = ("filter", "channel", "row", "column")
_MAPS = ("image", "map", "row", "column")


def trace_conv2d(
    x: Array,
    weight: Array,
    bias: Array | None = None,
    *,
    stride: Size = 1,
    padding: Padding = 0,
    dilation: Size = 1,
    groups: int = 1,
    padding_mode: PaddingMode = "zeros",
    flip: bool = False,
    divisor: float = 1.0,
) -> Trace:
    """Explain a convolution: what `conv2d` computes, one multiplication at a time.

    Parameters
    ----------
    x, weight, bias, stride, padding, dilation, groups, padding_mode
        As for `conv2d`; the trace works in float64.
    flip : bool
        Whether filters are turned by half a turn, as in the mathematical convolution; the
        result is that of `conv2d` with ``weight[:, :, ::-1, ::-1]``.
    divisor : float
        Each sum is divided by it before the bias is added, so that the taps of an average stay
        integers; not 0.

    Returns
    -------
    Trace
        The tensors x, weight, bias, y and, where there is padding, padded; a phase that pads,
        and one that multiplies and adds: image by image, filter by filter, row by row.

    Raises
    ------
    ShapeError, ParameterError
        As `conv2d`, and for a divisor that is 0 or not finite.

    Notes
    -----
    Cross-correlation adds up ``w[u, v] * x[i + u, j + v]``, convolution
    ``w[u, v] * x[i - u, j - v]``.

    References
    ----------
    Lecture, "What convolution is".

    Examples
    --------
    >>> x = np.array([[[[1.0, 2.0], [3.0, 4.0]]]])
    >>> weight = np.array([[[[10.0, 0.0], [0.0, 1.0]]]])
    >>> trace_conv2d(x, weight)[0].terms
    (10.0, 0.0, 0.0, 4.0)
    >>> trace_conv2d(x, weight, flip=True)[0].terms
    (1.0, 0.0, 0.0, 40.0)
    """
    settings = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    _, geometry = check_conv2d(x, weight, bias, **settings, padding_mode=padding_mode)
    require_divisor(divisor)
    volume, filters = _float64(x), _float64(weight)
    biases = None if bias is None else _float64(bias)
    y = (
        _float64(
            conv2d(
                volume,
                filters[:, :, ::-1, ::-1] if flip else filters,
                stride=geometry.stride,
                padding=geometry.padding,
                dilation=geometry.dilation,
                groups=geometry.groups,
                padding_mode=padding_mode,
            )
        )
        / divisor
    )
    if biases is not None:
        y += biases[:, np.newaxis, np.newaxis]
    tensors, phases = [_tensor("x", "Input", "input", _VOLUME, volume)], []
    if geometry.padding != NO_PADDING:
        padded, phase = trace_padding(volume, geometry.padding, padding_mode)
        tensors.append(padded)
        phases.append(phase)
    layer = _Layer(
        geometry, tensors[-1].name, len(x), filters.shape, flip, divisor, bias is not None
    )
    tensors.append(_tensor("weight", "Filter", "weight", _FILTERS, filters))
    if biases is not None:
        tensors.append(_tensor("bias", "Bias", "weight", _FILTERS[:1], biases))
    tensors.append(_tensor("y", "Output", "output", _MAPS, y))
    return Trace("conv2d", tensors, [*phases, _multiply_and_add(layer)])


def _float64(array: Array) -> Values:
    return array.astype(np.float64, order="C", subok=False)


def _tensor(name: str, label: str, role: Role, axes: tuple[str, ...], values: Values) -> Tensor:
    return Tensor(name=name, label=label, role=role, axes=axes, values=values)


@dataclass(frozen=True)
class _Layer:
    """What the phase and its formula depend on."""

    geometry: Geometry
    source: str
    images: int
    weight_shape: Shape
    flip: bool
    divisor: float
    biased: bool


def _multiply_and_add(layer: _Layer) -> Phase:
    geometry, (filters, depth, height, width) = layer.geometry, layer.weight_shape
    in_group = filters // geometry.groups
    rows, columns = geometry.output
    taps = [
        span(size - 1, count=size, step=-1) if layer.flip else span(count=size)
        for size in (height, width)
    ]
    of_filter = span(group=in_group, filter=1)
    window = [
        span(count=height, step=geometry.dilation[0], row=geometry.stride[0]),
        span(count=width, step=geometry.dilation[1], column=geometry.stride[1]),
    ]
    formula, term = _formula(layer)
    return Phase(
        title="Multiply and add",
        formula=formula,
        term=term,
        evaluate=lambda w, x: w * x,
        reads={"w": "weight", "x": layer.source} | ({"b": "bias"} if layer.biased else {}),
        writes="y",
        loop={
            "image": layer.images,
            "group": geometry.groups,
            "filter": in_group,
            "row": rows,
            "column": columns,
        },
        bind={
            "w": [of_filter, span(count=depth), *taps],
            "x": [span(image=1), span(count=depth, group=depth), *window],
            "y": [span(image=1), of_filter, span(row=1), span(column=1)],
        }
        | ({"b": [of_filter]} if layer.biased else {}),
        divisor=layer.divisor,
        subtotals="channel",
        extra=("b",) if layer.biased else (),
    )


def _formula(layer: _Layer) -> tuple[str, str]:
    """Write the sum in the lecture's letters, as short as the settings allow."""
    geometry, (filters, depth, _, _) = layer.geometry, layer.weight_shape
    which = "k," if filters > 1 else ""
    channel = "c," if depth > 1 or geometry.groups > 1 else ""
    part = r" \in G(k)" if geometry.groups > 1 else ""
    stride, dilation = _factors("S", geometry.stride), _factors("d", geometry.dilation)
    sign = "-" if layer.flip else "+"
    i, j = (
        f"{s}{at} {sign} {d}{tap}"
        for s, at, d, tap in zip(stride, "ij", dilation, "uv", strict=True)
    )
    padded = r"\tilde{x}" if geometry.padding != NO_PADDING else "x"
    term = (
        rf"\sym{{w}}{{w_{{{which}{channel}u,v}}}} \cdot \sym{{x}}{{{padded}_{{{channel}{i},{j}}}}}"
    )
    share = rf"\frac{{1}}{{{_number(layer.divisor)}}} " if layer.divisor != 1 else ""
    channels = rf"\sum_{{c{part}}} " if channel else ""
    bias = rf" + \sym{{b}}{{b{'_k' if which else ''}}}" if layer.biased else ""
    sums = rf"{share}{channels}\sum_{{u}} \sum_{{v}} "
    return rf"\sym{{y}}{{y_{{{which}i,j}}}} = {sums}{term}{bias}", term


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def _factors(letter: str, steps: Pair) -> tuple[str, str]:
    """Write the factor of rows and of columns, where there is one: S, or S_H and S_W."""
    if steps[0] == steps[1]:
        return (letter, letter) if steps[0] > 1 else ("", "")
    rows, columns = (
        f"{letter}_{axis} " if n > 1 else "" for axis, n in zip("HW", steps, strict=True)
    )
    return rows, columns
