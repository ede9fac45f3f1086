"""The gradients of a convolution told step by step, scattered or gathered."""

from __future__ import annotations

from engine.arrays import Array, require_floating, require_same_shape
from engine.conv2d_backward import conv2d_backward
from engine.conv_backward_trace import Reading, require_reading, trace_conv_backward
from engine.geometry import check_geometry
from engine.kernel_library import require_divisor
from engine.trace import Trace
from engine.window import Padding, PaddingMode, Size


def trace_conv2d_backward(
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
    r"""Explain the gradients of a convolution: what `conv2d_backward` computes, term by term.

    Parameters
    ----------
    grad_output, x, weight, stride, padding, dilation, groups, padding_mode
        As for `conv2d_backward`; the trace works in float64.
    flip, divisor
        As they were for `trace_conv2d`. Gradients are those of the taps as they are given, before
        they are turned and divided.
    reading : {"scatter", "gather"}
        "scatter": the window walks as it did forward, and each output cell gives gradient times
        weight to its window, gradient times input to the filter, its gradient to the bias.
        "gather": each cell of the input asks the upstream gradient, with S - 1 zeros put between
        its cells, for all it took part in, by a correlation with the flipped filter; then each
        weight in turn, then each bias.

    Returns
    -------
    Trace
        The tensors x, weight and grad_y, the gradients grad_x, grad_weight and grad_bias; where
        there is padding padded and grad_padded; when gathered, spread. Both readings write the
        same numbers. What reached the border is folded back by the blocks that filled it.

    Raises
    ------
    ShapeError, ParameterError
        As `conv2d_backward`, for a divisor that is 0 or not finite, and for an unknown reading.

    Notes
    -----
    ``y[k, i, j]`` reads ``x[c, S*i + D*u, S*j + D*v]`` with weight ``w[k, c, u, v]`` (x padded), so
    by the chain rule

    - scattered, for every k, c, i, j, u, v: ``dx[c, S*i + D*u, S*j + D*v] += w[k, c, u, v] *
      g[k, i, j]`` and ``dw[k, c, u, v] += x[c, S*i + D*u, S*j + D*v] * g[k, i, j]``;
    - gathered: ``dx[c, i, j]`` is the sum over k, u, v of ``w[k, c, u, v] *
      h[k, i - D*u, j - D*v]``, where ``h[S*i, S*j]`` is ``g[i, j]`` and all else is 0.

    References
    ----------
    Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", section 4.

    Examples
    --------
    >>> import numpy as np
    >>> x, weight = np.array([[[[1.0, 2.0, 3.0]]]]), np.array([[[[10.0, 20.0]]]])
    >>> trace = trace_conv2d_backward(np.array([[[[1.0, -1.0]]]]), x, weight)
    >>> [step.results for step in trace]
    [(10.0, 20.0), (1.0, 2.0), (1.0,), (-10.0, -20.0), (-2.0, -3.0), (-1.0,)]
    >>> trace.replay()["grad_x"]
    array([[[[ 10.,  10., -20.]]]])
    """
    require_floating(grad_output=grad_output, x=x, weight=weight)
    geometry = check_geometry(
        x.shape,
        weight.shape,
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=groups,
        padding_mode=padding_mode,
    )
    require_same_shape("grad_output", grad_output, (len(x), len(weight), *geometry.output))
    require_divisor(divisor)
    require_reading(reading)
    return trace_conv_backward(
        "conv2d_backward",
        conv2d_backward,
        (grad_output, x, weight),
        geometry,
        padding_mode,
        flip=flip,
        divisor=divisor,
        reading=reading,
    )
