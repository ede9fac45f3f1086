"""A layer of any size: its sizes, its counts, and any one output cell, told without the rest."""

from __future__ import annotations

from typing import Any

import numpy as np

from app.problem import Refused
from app.settings import Settings
from app.sources import source_cells
from app.volume_request import VolumeRequest
from app.wire import encode_step, encode_trace, plain, plain_number
from engine.border import Axis
from engine.boxes import Box, range_of
from engine.conv2d_trace import trace_conv2d
from engine.conv_forward_phase import multiply_and_add
from engine.conv_layer import conv_layer
from engine.conv_operands import X_PADDED, X, Y
from engine.geometry import Geometry, check_geometry
from engine.phases import Phase, Values
from engine.presets import bias_vector, input_cells, some_filters
from engine.shapes import count_multiplications, count_parameters
from engine.size_trace import trace_output_size
from engine.trace import Trace

# Terms of a cell that are sent at once: the rest is asked for channel by channel.
SENT_TERMS = 1024
_AXES: tuple[tuple[Axis, int], ...] = (("column", 1), ("row", 0))


def explain_volume(request: VolumeRequest, settings: Settings) -> dict[str, Any]:
    """Tell the sizes of a layer and, if asked for, one cell of its output.

    Raises
    ------
    ShapeError, ParameterError
        If the settings do not go together.
    Refused
        If there is no such cell, or it has too many terms.
    """
    geometry = check_geometry(
        request.input_shape,
        request.weight_shape,
        stride=request.stride,
        padding=request.sides(),
        dilation=request.dilation,
        groups=1,
        padding_mode=request.padding_mode,
    )
    # A named kernel that the filter has no room for is refused, whether a cell is asked for or not.
    some_filters(request.weight.preset, (1, 1, *geometry.filter), [0])
    starts = [
        [-before, count, step]
        for (before, _), count, step in zip(
            geometry.padding, geometry.output, geometry.stride, strict=True
        )
    ]
    return {
        "sizes": [encode_trace(trace, steps=True) for trace in _sizes(geometry)],
        **_counted(request, geometry),
        "padding": geometry.padding,
        "extent": geometry.extent,
        # Where windows start on the input, as boxes: [first, how many, distance].
        "starts": {"row": starts[0], "column": starts[1]},
        "step": None if request.at is None else _explain(request, geometry, settings),
    }


def _sizes(geometry: Geometry) -> list[Trace]:
    """Tell the size along columns and, where it comes about differently, along rows."""
    given = [
        (
            geometry.input[at],
            geometry.filter[at],
            geometry.stride[at],
            geometry.padding[at],
            geometry.dilation[at],
        )
        for _, at in _AXES
    ]
    return [
        trace_output_size(size, taps, stride=stride, padding=padding, dilation=dilation, axis=axis)
        for (axis, _), (size, taps, stride, padding, dilation) in zip(_AXES, given, strict=True)
        if axis == "column" or given[0] != given[1]
    ]


def _counted(request: VolumeRequest, geometry: Geometry) -> dict[str, Any]:
    """Name the sizes by the lecture's letters, and count what the layer has and does."""
    filters, depth, height, width = request.weight_shape
    rows, columns = geometry.output
    parameters = count_parameters(request.weight_shape, bias=request.bias)
    products = count_multiplications(
        request.input_shape,
        request.weight_shape,
        stride=request.stride,
        padding=geometry.padding,
        dilation=request.dilation,
    )
    outputs = filters * rows * columns
    return {
        "names": {
            "W1": geometry.input[1],
            "H1": geometry.input[0],
            "D1": depth,
            "Fw": width,
            "Fh": height,
            "K": filters,
            "W2": columns,
            "H2": rows,
            "D2": filters,
            "terms": depth * height * width,
            "outputs": outputs,
            "parameters": parameters.value,
            "multiplications": products.value,
        },
        "counts": [
            {"label": "Parameters", "expression": parameters.expression},
            {"label": "Outputs", "expression": f"{columns}·{rows}·{filters} = {outputs:,}"},
            {"label": "Multiplications", "expression": products.expression},
        ],
    }


def _explain(request: VolumeRequest, geometry: Geometry, settings: Settings) -> dict[str, Any]:
    """Explain one cell from its window and its filter alone."""
    _check_cell(request, geometry, settings)
    assert request.at is not None
    layer = conv_layer(geometry, 1, request.weight_shape)
    source = X_PADDED if layer.has_padding else X
    phase = multiply_and_add(layer, source, Y, biased=request.bias)
    turn = phase.turn_writing((0, *request.at))
    boxes = phase.boxes_at(turn)
    window, inside = _window(request, geometry, boxes[source.symbol])
    which = request.at[0]
    weight = request.weight
    taps, divisor = some_filters(weight.preset, request.weight_shape, [which], weight.seed)
    bias = bias_vector(request.weight.filters)[[which]] if request.bias else None
    trace = trace_conv2d(window, taps, bias, divisor=divisor)
    told = encode_step(trace, 0, 0)
    return {
        **told,
        **_placed(phase, turn, boxes),
        **_sums(trace, geometry, request),
        "at": request.at,
        "padding": np.flatnonzero(~inside).tolist(),
        **_sent(told, request, geometry),
    }


def _check_cell(request: VolumeRequest, geometry: Geometry, settings: Settings) -> None:
    shape = (request.weight.filters, *geometry.output)
    if request.at is None or any(n >= size for n, size in zip(request.at, shape, strict=True)):
        sizes = "×".join(map(str, shape))
        raise Refused(
            422,
            f"at: there is no cell {list(request.at or ())} in an output of {sizes}; count from 0",
            field="at",
        )
    if request.channel >= request.x.channels:
        raise Refused(
            422,
            f"channel: {request.channel} is too large for an input of {request.x.channels} "
            "channels; count from 0",
            field="channel",
        )
    terms = int(np.prod(request.weight_shape[1:]))
    if terms > settings.play_terms:
        raise Refused(
            422,
            f"at: one output is a sum of {terms:,} terms, and at most {settings.play_terms:,} "
            "are told; use fewer channels or a smaller filter",
            field="at",
        )


def _window(
    request: VolumeRequest, geometry: Geometry, box: Box
) -> tuple[Values, np.ndarray[Any, np.dtype[np.bool]]]:
    """Make the cells under the window, (1, C, Fh, Fw), and say which are no padding."""
    mode = request.padding_mode
    (rows, row_inside), (columns, column_inside) = (
        source_cells(size, ends, mode, np.array(range_of(*part)))
        for size, ends, part in zip(geometry.input, geometry.padding, box[-2:], strict=True)
    )
    x = request.x
    at = (range(x.channels), rows, columns)
    window = input_cells(x.preset, request.input_shape[1:], at, x.seed)
    inside = np.logical_and.outer(row_inside, column_inside)
    return (window if mode != "zeros" else window * inside)[None], inside


def _placed(phase: Phase, turn: int, boxes: Any) -> dict[str, Any]:
    """Say where the step is in the whole layer, of which only the window was made."""
    return {
        "turn": turn,
        "bind": dict(boxes),
        "reads": dict(phase.reads),
        "writes": phase.writes,
    }


def _sums(trace: Trace, geometry: Geometry, request: VolumeRequest) -> dict[str, Any]:
    """Give the sum of each channel, of all of them, and what is added to it."""
    step = trace[0]
    area = geometry.filter[0] * geometry.filter[1]
    return {
        "sums": plain(list(step.partial[area - 1 :: area]) or [step.running[area - 1]]),
        "total": plain_number(step.running[len(step.terms) - 1]),
        "bias": plain_number(trace.read("bias", ((0, 1, 1),))[0]) if request.bias else None,
    }


def _sent(told: dict[str, Any], request: VolumeRequest, geometry: Geometry) -> dict[str, Any]:
    """Leave only the channels that are sent: all of them, or as many as a reply carries."""
    area = geometry.filter[0] * geometry.filter[1]
    count = max(1, SENT_TERMS // area)
    first = 0 if request.x.channels <= count else request.channel
    numbers = told["numbers"]
    # Behind the running sums of the terms stand those of a divisor and of the bias.
    part = slice(first * area, min((first + count) * area, len(numbers["terms"])))
    return {
        "first": first,
        "operands": {
            symbol: values[part] if len(values) > 1 else values
            for symbol, values in told["operands"].items()
        },
        "numbers": {
            **numbers,
            **{name: numbers[name][part] for name in ("terms", "running", "partial")},
        },
    }
