"""The trace of a convolution along one axis or two, forward."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.arrays import Array
from engine.conv_forward_phase import multiply_and_add
from engine.conv_layer import conv_layer
from engine.conv_operands import X_PADDED, X, Y
from engine.conv_tensors import conv_tensor, float64, turned
from engine.geometry import Geometry
from engine.padding import trace_padding
from engine.trace import Trace
from engine.window import PaddingMode


def trace_conv(
    op: str,
    fast: Callable[..., Array],
    arrays: tuple[Array, Array, Array | None],
    geometry: Geometry,
    padding_mode: PaddingMode,
    *,
    flip: bool,
    divisor: float,
) -> Trace:
    """Explain a convolution whose arguments are checked.

    Parameters
    ----------
    op : str
        The operation's name.
    fast : callable
        `conv1d` or `conv2d`.
    arrays : (x, weight, bias)
        Its arguments; bias may be None.
    geometry : Geometry
        Its settings.
    padding_mode : {"zeros", "reflect", "replicate", "circular"}
        What the border holds.
    flip : bool
        Whether filters are turned by half a turn.
    divisor : float
        Divides each sum before the bias is added.

    Returns
    -------
    Trace
        As `trace_conv2d`.
    """
    x, weight = float64(arrays[0]), float64(arrays[1])
    bias = None if arrays[2] is None else float64(arrays[2])
    layer = conv_layer(geometry, len(x), weight.shape, flip=flip, divisor=divisor)
    y = fast(x, turned(weight, flip=flip), **layer.settings, padding_mode=padding_mode) / divisor
    tensors, phases = [conv_tensor("x", x)], []
    if layer.has_padding:
        padded, phase = trace_padding(x, layer.padding, padding_mode)
        tensors.append(padded)
        phases.append(phase)
    tensors.append(conv_tensor("weight", weight))
    if bias is not None:
        tensors.append(conv_tensor("bias", bias))
        y += bias.reshape(-1, *(1 for _ in layer.axes))
    tensors.append(conv_tensor("y", y.astype(np.float64, copy=False)))
    source = X_PADDED if layer.has_padding else X
    phases.append(multiply_and_add(layer, source, Y, biased=bias is not None))
    return Trace(op, tensors, phases)
