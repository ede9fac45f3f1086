"""The trace of a convolution's gradients along one axis or two, in both readings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, get_args

import numpy as np

from engine.arrays import Array
from engine.conv2d_backward import ConvGradients
from engine.conv_gather_phases import correlate_flipped, one_bias_at_a_time, one_weight_at_a_time
from engine.conv_layer import ConvLayer, conv_layer
from engine.conv_operands import (
    GRAD_PADDED,
    GRAD_X,
    GRAD_Y,
    GRAD_Y_SPREAD,
    X_PADDED,
    X,
)
from engine.conv_scatter_phases import scatter_phases
from engine.conv_tensors import conv_tensor, float64, turned
from engine.errors import ParameterError
from engine.fold_trace import trace_fold
from engine.geometry import Geometry
from engine.notation import Operand
from engine.padding import trace_padding
from engine.phases import Phase, Tensor, Values
from engine.spread_trace import trace_spread
from engine.trace import Trace
from engine.window import PaddingMode

Reading = Literal["scatter", "gather"]


def trace_conv_backward(
    op: str,
    fast: Callable[..., ConvGradients],
    arrays: tuple[Array, Array, Array],
    geometry: Geometry,
    padding_mode: PaddingMode,
    *,
    flip: bool,
    divisor: float,
    reading: Reading,
) -> Trace:
    """Explain the gradients of a convolution whose settings are checked.

    Parameters
    ----------
    op : str
        The operation's name.
    fast : callable
        `conv1d_backward` or `conv2d_backward`.
    arrays : (grad_output, x, weight)
        Its arguments.
    geometry : Geometry
        Its settings.
    padding_mode : {"zeros", "reflect", "replicate", "circular"}
        What the border held.
    flip : bool
        Whether filters were turned by half a turn.
    divisor : float
        Divided each sum.
    reading : {"scatter", "gather"}
        Which way the numbers are told.

    Returns
    -------
    Trace
        As `trace_conv2d_backward`.
    """
    grad_y, x, weight = map(float64, arrays)
    layer = conv_layer(geometry, len(x), weight.shape, flip=flip, divisor=divisor)
    tensors, phases = [conv_tensor("x", x)], []
    if layer.has_padding:
        padded, phase = trace_padding(x, layer.padding, padding_mode)
        tensors.append(padded)
        phases.append(phase)
    found = _gradients(fast, layer, (grad_y, tensors, weight), padding_mode)
    upstream = conv_tensor("grad_y", grad_y)
    tensors += [conv_tensor("weight", weight), upstream]
    fold = [trace_fold(x.shape, layer.padding, padding_mode)] if layer.has_padding else []
    if reading == "scatter":
        phases += [*scatter_phases(layer, *_input_side(layer)), *fold]
        adding = set(found)
    else:
        between, gathering = _gather(layer, upstream, fold)
        tensors += between
        phases += gathering
        adding = {"grad_x"} if fold else set()
    tensors += [
        conv_tensor(name, values, fill=0.0 if name in adding else None)
        for name, values in found.items()
    ]
    return Trace(op, tensors, phases)


def require_reading(reading: object) -> None:
    """Check that a reading is one of the two.

    Raises
    ------
    ParameterError
        If it is not.
    """
    if reading not in get_args(Reading):
        raise ParameterError(
            f'reading: {reading!r} is unknown; use "scatter" or "gather"', parameter="reading"
        )


def _input_side(layer: ConvLayer) -> tuple[Operand, Operand]:
    """Name what windows lie on, and its gradient."""
    return (X_PADDED, GRAD_PADDED) if layer.has_padding else (X, GRAD_X)


def _gradients(
    fast: Callable[..., ConvGradients],
    layer: ConvLayer,
    arrays: tuple[Values, list[Tensor], Values],
    padding_mode: PaddingMode,
) -> dict[str, Values]:
    """Compute the gradients by the fast operation, that of the padded input first."""
    grad_y, inputs, weight = arrays
    filters, settings = turned(weight, flip=layer.flip), layer.settings
    whole = fast(grad_y, inputs[0].values, filters, **settings, padding_mode=padding_mode)
    found = {
        "grad_x": float64(whole.input) / layer.divisor,
        "grad_weight": turned(float64(whole.weight), flip=layer.flip) / layer.divisor,
        "grad_bias": float64(whole.bias),
    }
    if not layer.has_padding:
        return found
    unpadded = fast(grad_y, inputs[1].values, filters, **settings | {"padding": 0})
    return {"grad_padded": float64(unpadded.input) / layer.divisor} | found


def _gather(
    layer: ConvLayer, upstream: Tensor, fold: list[Phase]
) -> tuple[list[Tensor], list[Phase]]:
    """Tell the gradients cell by cell, over the upstream gradient spread among zeros."""
    x, grad_x = _input_side(layer)
    size = (p + b for p, b in zip(layer.padded, layer.border, strict=True))
    g, between, phases = trace_spread(
        upstream,
        Tensor(
            name="spread",
            label="Spread upstream gradient",
            role="gradient",
            axes=upstream.axes,
            values=np.empty((*upstream.shape[:2], *size)),
        ),
        (GRAD_Y, GRAD_Y_SPREAD),
        stride=layer.stride,
        before=layer.border,
        channel=layer.k,
        before_letters=[f" + {letters}" if letters else "" for letters in layer.border_letters],
    )
    return between, [
        *phases,
        correlate_flipped(layer, g, grad_x, layer.padded),
        *fold,
        one_weight_at_a_time(layer, x, GRAD_Y),
        one_bias_at_a_time(upstream.shape),
    ]
