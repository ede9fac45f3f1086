"""What is told of pooling and ReLU: their traces."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.explanation import Explanation, shown_whole, sizes_of
from app.pooling_requests import (
    AveragePooling,
    AvgPool2dBackwardRequest,
    AvgPool2dRequest,
    MaxPool2dBackwardRequest,
    MaxPool2dRequest,
    MaxPooling,
    Pooling,
    ReluBackwardRequest,
    ReluRequest,
)
from engine.activation_trace import trace_relu, trace_relu_backward
from engine.border import Axis
from engine.errors import ShapeError
from engine.pooling import avg_pool2d, max_pool2d
from engine.pooling_backward_trace import trace_avg_pool2d_backward, trace_max_pool2d_backward
from engine.pooling_trace import trace_avg_pool2d, trace_max_pool2d
from engine.size_trace import trace_output_size
from engine.trace import Trace
from engine.window import Pair


def explain_max_pool2d(request: MaxPool2dRequest) -> Explanation:
    """Explain which cell of each window is the largest."""
    trace = trace_max_pool2d(request.x.array(), request.kernel_size, **_largest(request))
    return _sized(request, trace, dilation=request.dilation)


def explain_max_pool2d_backward(request: MaxPool2dBackwardRequest) -> Explanation:
    """Explain where the gradient of a maximum goes."""
    x, settings = request.x.array(), _largest(request)
    maps = max_pool2d(x, request.kernel_size, **settings).shape
    trace = trace_max_pool2d_backward(
        request.grad_y.array(maps), x, request.kernel_size, **settings
    )
    return shown_whole(trace, "padding")


def explain_avg_pool2d(request: AvgPool2dRequest) -> Explanation:
    """Explain the average of each window."""
    trace = trace_avg_pool2d(request.x.array(), request.kernel_size, **_average(request))
    return _sized(request, trace)


def explain_avg_pool2d_backward(request: AvgPool2dBackwardRequest) -> Explanation:
    """Explain how the gradient of an average is shared."""
    x, settings = request.x.array(), _average(request)
    maps = avg_pool2d(x, request.kernel_size, **settings).shape
    trace = trace_avg_pool2d_backward(
        request.grad_y.array(maps), x, request.kernel_size, **settings
    )
    return shown_whole(trace, "padding")


def _sized(request: Pooling, trace: Trace, dilation: Pair = (1, 1)) -> Explanation:
    """Add the sizes by their letters, and their formula where nothing is rounded up."""
    stride = request.settled().stride or request.kernel_size
    letters = {"F": request.kernel_size[1], "S": stride[1], "P": request.padding[1]}
    names = sizes_of(trace) | {name: float(size) for name, size in letters.items()}
    whole = replace(shown_whole(trace, "padding"), names=names)
    shape = trace.tensors["x"].shape[2:]
    rows, columns = zip(shape, request.kernel_size, stride, request.padding, dilation, strict=True)
    try:
        sizes = {"W2": _size("column", *columns), "H2": _size("row", *rows)}
    except ShapeError:  # only rounding up lets such a window in
        return whole
    if any(size.tensors[name].values != names[name] for name, size in sizes.items()):
        return whole
    return replace(whole, sizes=tuple(sizes.values())[: 1 if rows == columns else 2])


def _size(axis: Axis, size: int, window: int, stride: int, padding: int, dilation: int) -> Trace:
    return trace_output_size(
        size, window, stride=stride, padding=(padding, padding), dilation=dilation, axis=axis
    )


def _windows(request: Pooling, *more: str) -> dict[str, Any]:
    names = ("stride", "padding", "ceil_mode", *more)
    return {name: getattr(request, name) for name in names}


def _largest(request: MaxPooling) -> dict[str, Any]:
    return _windows(request, "dilation")


def _average(request: AveragePooling) -> dict[str, Any]:
    return _windows(request, "count_include_pad")


def explain_relu(request: ReluRequest) -> Explanation:
    """Explain ReLU."""
    trace = trace_relu(request.x.array())
    return Explanation(trace=trace, names=sizes_of(trace))


def explain_relu_backward(request: ReluBackwardRequest) -> Explanation:
    """Explain where ReLU lets a gradient through."""
    x = request.x.array()
    return Explanation(trace=trace_relu_backward(request.grad_y.array(x.shape), x))
