"""Transposed convolution told step by step, forward and backward.

Forward it is the gathered gradient of a convolution's input; its own gradient for the input is
that convolution. So both are made of the phases of `conv2d` and its gradients.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from engine.arrays import Array, require_floating, require_same_shape
from engine.bias import require_bias
from engine.conv_forward_phase import multiply_and_add
from engine.conv_gather_phases import correlate_flipped, one_bias_at_a_time, one_weight_at_a_time
from engine.conv_layer import ConvLayer, conv_layer
from engine.conv_operands import GRAD_X, GRAD_Y, GRAD_Y_PADDED, X_SPREAD, X, Y
from engine.conv_tensors import conv_tensor, float64
from engine.conv_transpose2d import conv_transpose2d, conv_transpose2d_backward
from engine.geometry import Geometry
from engine.geometry_transposed import check_transposed_geometry
from engine.notation import Operand, per_axis
from engine.phases import Phase, Tensor
from engine.spread_trace import trace_spread
from engine.trace import Trace
from engine.window import Pair, Shape, Size


def trace_conv_transpose2d(
    x: Array,
    weight: Array,
    bias: Array | None = None,
    *,
    stride: Size = 1,
    padding: Size = 0,
    output_padding: Size = 0,
    dilation: Size = 1,
    groups: int = 1,
) -> Trace:
    """Explain a transposed convolution: what `conv_transpose2d` computes, cell by cell.

    Parameters
    ----------
    x, weight, bias, stride, padding, output_padding, dilation, groups
        As for `conv_transpose2d`; the trace works in float64.

    Returns
    -------
    Trace
        The tensors x, spread, weight, bias and y. Before the play x is spread: S - 1 zeros between
        its cells, ``D * (F - 1) - P`` around them (cells are cut off where P is larger), and as
        many more at the bottom and right as the output padding says. Then the flipped filters
        slide over it, one cell at a time.

    Raises
    ------
    ShapeError, ParameterError
        As `conv_transpose2d`.

    References
    ----------
    Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", section 4.

    Examples
    --------
    >>> x, weight = np.array([[[[1.0, 2.0]]]]), np.array([[[[1.0, 10.0, 100.0]]]])
    >>> trace = trace_conv_transpose2d(x, weight, stride=(1, 2))
    >>> trace.tensors["spread"].values
    array([[[[0., 0., 1., 0., 2., 0., 0.]]]])
    >>> trace.step(1, 2).terms
    (100.0, 0.0, 2.0)
    """
    require_floating(x=x, weight=weight, bias=bias)
    settings: dict[str, Any] = {"stride": stride, "padding": padding, "dilation": dilation}
    settings |= {"output_padding": output_padding, "groups": groups}
    geometry = check_transposed_geometry(x.shape, weight.shape, **settings)
    require_bias(bias, geometry.groups * weight.shape[1], "map")
    arrays: dict[str, Any] = {"x": float64(x), "weight": float64(weight)}
    if bias is not None:
        arrays["bias"] = float64(bias)
    tensors = [conv_tensor(name, array, transposed=True) for name, array in arrays.items()]
    layer = _layer(geometry, x.shape, weight.shape)
    source, between, phases = _spread_input(layer, geometry.input, tensors[0])
    if between and np.any(output_padding):
        phases = [replace(p, title=f"{p.title}, and more at the end") for p in phases]
    y = float64(conv_transpose2d(**arrays, **settings))
    return Trace(
        "conv_transpose2d",
        [tensors[0], *between, *tensors[1:], conv_tensor("y", y)],
        [*phases, correlate_flipped(layer, source, Y, geometry.input, biased=bias is not None)],
    )


def _layer(geometry: Geometry, input_shape: Shape, weight_shape: Shape) -> ConvLayer:
    """Describe the convolution that is gone through backwards: its windows are the cells of x."""
    return conv_layer(
        geometry, input_shape[0], weight_shape, positions=input_shape[2:], transposed=True
    )


def _spread_input(
    layer: ConvLayer, output: Pair, x: Tensor
) -> tuple[Operand, list[Tensor], list[Phase]]:
    """Lay the input out so that the flipped filter, put at each cell of the output, fits."""
    cut = [before for before, _ in layer.padding]
    size = (cells + border for cells, border in zip(output, layer.border, strict=True))
    blank = Tensor(
        name="spread",
        label="Spread input",
        role="input",
        axes=x.axes,
        values=np.empty((*x.shape[:2], *size)),
    )
    return trace_spread(
        x,
        blank,
        (X, X_SPREAD),
        stride=layer.stride,
        before=[border - cells for border, cells in zip(layer.border, cut, strict=True)],
        channel=layer.k,
        before_letters=[
            (f" + {letters}" if letters else "") + (f" - {p}" if cells else "")
            for letters, cells, p in zip(layer.border_letters, cut, per_axis("P", cut), strict=True)
        ],
        prepared=True,
    )


def trace_conv_transpose2d_backward(
    grad_output: Array,
    x: Array,
    weight: Array,
    *,
    stride: Size = 1,
    padding: Size = 0,
    output_padding: Size = 0,
    dilation: Size = 1,
    groups: int = 1,
) -> Trace:
    """Explain the gradients of a transposed convolution, one cell, weight and bias at a time.

    Parameters
    ----------
    grad_output, x, weight, stride, padding, output_padding, dilation, groups
        As for `conv_transpose2d_backward`; the trace works in float64.

    Returns
    -------
    Trace
        The tensors x, weight and grad_y, where there is padding padded, and the gradients grad_x,
        grad_weight and grad_bias. That of the input is a plain convolution of the upstream
        gradient with the filters, not flipped.

    Raises
    ------
    ShapeError, ParameterError
        As `conv_transpose2d_backward`.

    Examples
    --------
    >>> import numpy as np
    >>> x, weight = np.array([[[[1.0, 2.0]]]]), np.array([[[[10.0, 20.0]]]])
    >>> trace = trace_conv_transpose2d_backward(np.array([[[[1.0, 3.0, -1.0]]]]), x, weight)
    >>> [step.terms for step in trace]
    [(10.0, 60.0), (30.0, -20.0), (1.0, 6.0), (3.0, -2.0), (1.0, 3.0, -1.0)]
    """
    require_floating(grad_output=grad_output, x=x, weight=weight)
    settings: dict[str, Any] = {"stride": stride, "padding": padding, "dilation": dilation}
    settings |= {"output_padding": output_padding, "groups": groups}
    geometry = check_transposed_geometry(x.shape, weight.shape, **settings)
    maps = geometry.groups * weight.shape[1]
    require_same_shape("grad_output", grad_output, (len(x), maps, *geometry.input))
    arrays = {"grad_y": float64(grad_output), "x": float64(x), "weight": float64(weight)}
    upstream, *given = (conv_tensor(n, array, transposed=True) for n, array in arrays.items())
    gradients = conv_transpose2d_backward(*arrays.values(), **settings)
    layer = _layer(geometry, x.shape, weight.shape)
    g, between, phases = _pad_gradient(layer, upstream)
    return Trace(
        "conv_transpose2d_backward",
        [
            *given,
            upstream,
            *between,
            conv_tensor("grad_x", float64(gradients.input)),
            conv_tensor("grad_weight", float64(gradients.weight), transposed=True),
            conv_tensor("grad_bias", float64(gradients.bias)),
        ],
        [
            *phases,
            multiply_and_add(layer, g, GRAD_X),
            one_weight_at_a_time(layer, g, X),
            one_bias_at_a_time(upstream.shape),
        ],
    )


def _pad_gradient(layer: ConvLayer, upstream: Tensor) -> tuple[Operand, list[Tensor], list[Phase]]:
    """Give the cells of the output that were cut off a gradient of zero."""
    cut = [before for before, _ in layer.padding]
    blank = Tensor(
        name="padded",
        label="Padded upstream gradient",
        role="gradient",
        axes=upstream.axes,
        values=np.empty((*upstream.shape[:2], *layer.padded)),
    )
    return trace_spread(
        upstream,
        blank,
        (GRAD_Y, GRAD_Y_PADDED),
        stride=(1, 1),
        before=cut,
        channel=layer.c,
        before_letters=[
            f" + {p}" if cells else "" for cells, p in zip(cut, per_axis("P", cut), strict=True)
        ],
    )
