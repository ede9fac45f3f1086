"""Convolution told step by step: one window of one filter gives one output cell."""

from __future__ import annotations

from engine.arrays import Array
from engine.conv2d import check_conv2d, conv2d
from engine.conv_trace import trace_conv
from engine.kernel_library import require_divisor
from engine.trace import Trace
from engine.window import Padding, PaddingMode, Size


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
    >>> import numpy as np
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
    return trace_conv(
        "conv2d",
        conv2d,
        (x, weight, bias),
        geometry,
        padding_mode,
        flip=flip,
        divisor=divisor,
    )
