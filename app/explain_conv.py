"""What is told of the convolutions beyond the forward one in two dimensions: their traces."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.border import describe_border, not_whole
from app.conv_requests import (
    Conv1dBackwardRequest,
    Conv1dRequest,
    Conv2dBackwardRequest,
    Convolve1dRequest,
    Convolve2dRequest,
    ConvTranspose2dBackwardRequest,
    ConvTranspose2dRequest,
    Signal,
    Transposed,
)
from app.conv_target import sliding, taps_of, target_of
from app.explain_conv2d import check_groups
from app.explanation import Explanation, shown_whole, sizes_of
from app.remedies import output_shape
from app.tensors import edited
from engine.border import Axis
from engine.chain import chain
from engine.conv1d import conv1d
from engine.conv1d_trace import trace_conv1d, trace_conv1d_backward
from engine.conv2d_backward_trace import trace_conv2d_backward
from engine.conv2d_trace import trace_conv2d
from engine.conv_transpose2d import conv_transpose2d
from engine.conv_transpose2d_trace import trace_conv_transpose2d, trace_conv_transpose2d_backward
from engine.convolution_trace import trace_convolve1d, trace_convolve2d
from engine.loss_trace import trace_squared_error
from engine.phases import Values
from engine.trace import Trace
from engine.transposed_size_trace import trace_transposed_output_size


def explain_conv2d_backward(request: Conv2dBackwardRequest) -> Explanation:
    """Explain the gradients of one convolution, for the taps as they are shown.

    The convolution itself, and the loss where the gradient comes from one, are carried out before
    the play begins.
    """
    x, maps = request.x.array(), output_shape(request)
    if request.strict and describe_border(request) is not None:
        raise not_whole(request)
    taps, divisor = taps_of(request)
    settings = sliding(request) | {"flip": request.flip, "divisor": divisor}
    before = [trace_conv2d(x, taps, request.bias.array(len(taps)), **settings)]
    if request.grad_y.from_loss:
        y = before[0].tensors["y"].values
        before.append(trace_squared_error(y, target_of(request, maps)))
        grad_y = before[1].tensors["grad_y"].values
    else:
        grad_y = request.grad_y.array((1, *maps))
    back = trace_conv2d_backward(grad_y, x, taps, **settings, reading=request.reading)
    return shown_whole(chain("conv2d_backward", [*map(_setup, before), back]), "padding")


def _setup(trace: Trace) -> Trace:
    """Carry out a trace before the play begins."""
    phases = [replace(phase, setup=True) for phase in trace.phases]
    return Trace(trace.op, list(trace.tensors.values()), phases, formula=trace.formula)


def explain_conv1d(request: Conv1dRequest) -> Explanation:
    """Explain one convolution of a signal."""
    x, taps = _signal(request)
    bias = request.bias.array(len(taps))
    return shown_whole(
        trace_conv1d(x, taps, bias, **_sliding(request), flip=request.flip), "padding"
    )


def explain_conv1d_backward(request: Conv1dBackwardRequest) -> Explanation:
    """Explain the gradients of one convolution of a signal."""
    x, taps = _signal(request)
    maps = conv1d(x, taps, **_sliding(request)).shape
    trace = trace_conv1d_backward(
        request.grad_y.array(maps),
        x,
        taps,
        **_sliding(request),
        flip=request.flip,
        reading=request.reading,
    )
    return shown_whole(trace, "padding")


def _signal(request: Signal) -> tuple[Values, Values]:
    x = request.x.array()
    return x, request.weight.array(max(1, x.shape[1] // request.groups))


def _sliding(request: Signal) -> dict[str, Any]:
    names = ("stride", "padding", "dilation", "groups", "padding_mode")
    return {name: getattr(request, name) for name in names}


def explain_conv_transpose2d(request: ConvTranspose2dRequest) -> Explanation:
    """Explain one transposed convolution."""
    x, weight = _transposed(request)
    bias = request.bias.array(request.weight.filters)
    trace = trace_conv_transpose2d(x, weight, bias, **_spread(request))
    filters, depth = request.weight.filters, x.shape[1] // request.groups
    letters = {"Fw": weight.shape[3], "Fh": weight.shape[2], "Fd": depth, "K": filters}
    letters["stamps"] = x.shape[2] * x.shape[3]  # of each filter, in each channel
    names = sizes_of(trace) | {name: float(size) for name, size in letters.items()}
    return replace(shown_whole(trace, "stride"), sizes=_sizes(request), names=names)


def _sizes(request: Transposed) -> tuple[Trace, ...]:
    """Tell the output size along columns, and along rows where its numbers differ."""
    x, filters = request.x, request.weight
    settings = tuple(
        zip(
            (x.height, x.width),
            (filters.height, filters.width),
            request.stride,
            request.padding,
            request.output_padding,
            request.dilation,
            strict=True,
        )
    )
    axes: dict[Axis, tuple[int, ...]] = {"column": settings[1], "row": settings[0]}
    if settings[0] == settings[1]:
        del axes["row"]
    return tuple(
        trace_transposed_output_size(
            size,
            taps,
            stride=stride,
            padding=padding,
            output_padding=output_padding,
            dilation=dilation,
            axis=axis,
        )
        for axis, (size, taps, stride, padding, output_padding, dilation) in axes.items()
    )


def explain_conv_transpose2d_backward(request: ConvTranspose2dBackwardRequest) -> Explanation:
    """Explain the gradients of one transposed convolution."""
    x, weight = _transposed(request)
    maps = conv_transpose2d(x, weight, **_spread(request)).shape
    trace = trace_conv_transpose2d_backward(
        request.grad_y.array(maps), x, weight, **_spread(request)
    )
    return shown_whole(trace, "stride")


def _transposed(request: Transposed) -> tuple[Values, Values]:
    """Give the input, and the filters with the axes that a transposed convolution reads."""
    x = request.x.array()
    groups = request.groups
    check_groups(x.shape[1], request.weight.filters, groups)
    unchanged = request.weight.model_copy(update={"edits": []})
    taps, divisor = unchanged.array(max(1, x.shape[1] // groups))
    # From (maps, channels in the group) to (channels, maps in the group).
    parts = (taps / divisor).reshape(groups, len(taps) // groups, *taps.shape[1:])
    turned = parts.transpose(0, 2, 1, 3, 4)
    return x, edited(turned.reshape(-1, *turned.shape[2:]), request.weight.edits)


def _spread(request: Transposed) -> dict[str, Any]:
    names = ("stride", "padding", "output_padding", "dilation", "groups")
    return {name: getattr(request, name) for name in names}


def explain_convolve1d(request: Convolve1dRequest) -> Explanation:
    """Explain the convolution of mathematics on a signal."""
    return Explanation(
        trace=trace_convolve1d(request.x.array()[0, 0], request.weight.array(1)[0, 0])
    )


def explain_convolve2d(request: Convolve2dRequest) -> Explanation:
    """Explain the convolution of mathematics on a picture."""
    taps, divisor = request.weight.array(1)
    return Explanation(trace=trace_convolve2d(request.x.array()[0, 0], taps[0, 0], divisor=divisor))
