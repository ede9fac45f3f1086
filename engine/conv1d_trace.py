"""Convolution of signals told step by step, forward and backward."""

from __future__ import annotations

from engine.arrays import Array, require_floating, require_same_shape
from engine.bias import require_bias
from engine.conv1d import conv1d, conv1d_backward
from engine.conv_backward_trace import Reading, require_reading, trace_conv_backward
from engine.conv_trace import trace_conv
from engine.geometry_1d import check_geometry_1d
from engine.kernel_library import require_divisor
from engine.trace import Trace
from engine.window import Padding, PaddingMode, Size


def trace_conv1d(
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
    """Explain a convolution of signals: what `conv1d` computes, one multiplication at a time.

    Parameters
    ----------
    x, weight, bias, stride, padding, dilation, groups, padding_mode
        As for `conv1d`; the trace works in float64.
    flip, divisor
        As for `trace_conv2d`.

    Returns
    -------
    Trace
        As `trace_conv2d`, with one axis, "position", instead of rows and columns.

    Raises
    ------
    ShapeError, ParameterError
        As `conv1d`, and for a divisor that is 0 or not finite.

    References
    ----------
    Lecture, "From 1-D to 2-D to a volume".

    Examples
    --------
    >>> import numpy as np
    >>> x, weight = np.array([[[1.0, 2.0, 4.0, 8.0]]]), np.array([[[-1.0, 10.0]]])
    >>> trace_conv1d(x, weight)[2].terms, trace_conv1d(x, weight, flip=True)[2].terms
    ((-4.0, 80.0), (40.0, -8.0))
    """
    require_floating(x=x, weight=weight, bias=bias)
    geometry = check_geometry_1d(
        x.shape,
        weight.shape,
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=groups,
        padding_mode=padding_mode,
    )
    require_bias(bias, len(weight), "filter")
    require_divisor(divisor)
    return trace_conv(
        "conv1d",
        conv1d,
        (x, weight, bias),
        geometry,
        padding_mode,
        flip=flip,
        divisor=divisor,
    )


def trace_conv1d_backward(
    grad_output: Array,
    x: Array,
    weight: Array,
    *,
    stride: Size = 1,
    padding: Padding = 0,
    dilation: Size = 1,
    groups: int = 1,
    padding_mode: PaddingMode = "zeros",
    flip: bool = False,
    divisor: float = 1.0,
    reading: Reading = "scatter",
) -> Trace:
    """Explain the gradients of a convolution of signals: what `conv1d_backward` computes.

    Parameters
    ----------
    grad_output, x, weight, stride, padding, dilation, groups, padding_mode
        As for `conv1d_backward`; the trace works in float64.
    flip, divisor, reading
        As for `trace_conv2d_backward`.

    Returns
    -------
    Trace
        As `trace_conv2d_backward`, with one axis, "position", instead of rows and columns.

    Raises
    ------
    ShapeError, ParameterError
        As `conv1d_backward`, for a divisor that is 0 or not finite, and for an unknown reading.

    Examples
    --------
    >>> import numpy as np
    >>> x, weight = np.array([[[1.0, 2.0, 3.0]]]), np.array([[[10.0, 20.0]]])
    >>> grad_output = np.array([[[1.0, -1.0]]])
    >>> gathered = trace_conv1d_backward(grad_output, x, weight, reading="gather")
    >>> [step.terms for step in gathered if step.phase == 1]
    [(0.0, 10.0), (20.0, -10.0), (-20.0, 0.0)]
    """
    require_floating(grad_output=grad_output, x=x, weight=weight)
    geometry = check_geometry_1d(
        x.shape,
        weight.shape,
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=groups,
        padding_mode=padding_mode,
    )
    require_same_shape("grad_output", grad_output, (len(x), len(weight), geometry.output[1]))
    require_divisor(divisor)
    require_reading(reading)
    return trace_conv_backward(
        "conv1d_backward",
        conv1d_backward,
        (grad_output, x, weight),
        geometry,
        padding_mode,
        flip=flip,
        divisor=divisor,
        reading=reading,
    )
