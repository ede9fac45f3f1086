"""A block of a network told as one: convolution, batch norm, ReLU, max pooling, and back again."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from engine.activation_trace import trace_relu, trace_relu_backward
from engine.arrays import Array, require_floating
from engine.batch_norm_backward_trace import trace_batch_norm_backward
from engine.batch_norm_trace import trace_batch_norm
from engine.chain import chain, renamed
from engine.conv2d_backward_trace import trace_conv2d_backward
from engine.conv2d_trace import trace_conv2d
from engine.conv_backward_trace import Reading
from engine.conv_tensors import float64
from engine.phases import Role
from engine.pooling_backward_trace import trace_max_pool2d_backward
from engine.pooling_trace import trace_max_pool2d
from engine.trace import Trace
from engine.window import Padding, PaddingMode, Size


class _Flowing(NamedTuple):
    label: str
    gradient: str
    role: Role
    letter: str


# What flows through the block, from operation to operation.
_FLOW = {
    "x": _Flowing("Input", "Gradient of input", "input", "x"),
    "conv_y": _Flowing("Output of convolution", "Gradient of convolution", "intermediate", "z"),
    "norm_y": _Flowing("Output of batch norm", "Gradient of batch norm", "intermediate", "y"),
    "relu_y": _Flowing("Output of ReLU", "Gradient of ReLU", "intermediate", "a"),
    "pool_y": _Flowing("Output", "Upstream gradient", "output", "h"),
}


def trace_block(
    x: Array,
    weight: Array,
    bias: Array | None,
    gamma: Array,
    beta: Array,
    grad_output: Array,
    *,
    stride: Size = 1,
    padding: Padding = 0,
    padding_mode: PaddingMode = "zeros",
    eps: float = 1e-5,
    kernel_size: Size = 2,
    pool_stride: Size | None = None,
    reading: Reading = "scatter",
) -> Trace:
    """Explain a block of a network, forward and then backward.

    Parameters
    ----------
    x : (N, C, H, W) array
        Input volumes; the trace works in float64.
    weight, bias, stride, padding, padding_mode
        Of the convolution, as for `conv2d`.
    gamma, beta, eps
        Of the batch norm over its K maps, as for `batch_norm`.
    grad_output : (N, K, H3, W3) array
        Gradient of the loss by the output of the pooling.
    kernel_size, pool_stride
        Of the max pooling, as `kernel_size` and `stride` of `max_pool2d`.
    reading : {"scatter", "gather"}
        How the gradients of the convolution are told.

    Returns
    -------
    Trace
        A chain. Forward it goes from x by conv_y (z), norm_y (y) and relu_y (a) to pool_y (h);
        backward from grad_pool_y by grad_relu_y, grad_norm_y and grad_conv_y to grad_x, with
        grad_gamma, grad_beta, grad_weight and grad_bias on the way. The other tensors are called
        as in the traces of the single operations.

    Raises
    ------
    ShapeError, ParameterError
        As the four operations and their gradients.

    Notes
    -----
    The gradient of the bias is zero but for rounding: batch norm takes the mean away, and with it
    whatever was added to all cells of a map.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.arange(25.0).reshape(1, 1, 5, 5) % 7
    >>> weight, one = np.array([[[[1.0, 0.0], [0.0, -1.0]]]]), np.ones(1)
    >>> trace = trace_block(x, weight, None, one, one, np.ones((1, 1, 2, 2)))
    >>> [phase.writes for phase in trace.phases][:6]
    ['conv_y', 'mu', 'sigma2', 'xhat', 'norm_y', 'relu_y']
    >>> trace.tensors["grad_conv_y"].gradient_of
    'conv_y'
    """
    require_floating(x=x, weight=weight, bias=bias, gamma=gamma, beta=beta, grad_output=grad_output)
    x, weight, gamma, beta, grad_output = map(float64, (x, weight, gamma, beta, grad_output))
    bias = None if bias is None else float64(bias)

    conv = trace_conv2d(x, weight, bias, stride=stride, padding=padding, padding_mode=padding_mode)
    z = conv.tensors["y"].values
    norm = trace_batch_norm(z, gamma, beta, eps=eps)
    y = norm.tensors["y"].values
    gate = trace_relu(y)
    a = gate.tensors["y"].values
    pool = trace_max_pool2d(a, kernel_size, stride=pool_stride)

    from_pool = trace_max_pool2d_backward(grad_output, a, kernel_size, stride=pool_stride)
    from_gate = trace_relu_backward(from_pool.tensors["grad_x"].values, y)
    from_norm = trace_batch_norm_backward(
        from_gate.tensors["grad_x"].values, z, gamma, beta, eps=eps
    )
    from_conv = trace_conv2d_backward(
        from_norm.tensors["grad_x"].values,
        x,
        weight,
        stride=stride,
        padding=padding,
        padding_mode=padding_mode,
        reading=reading,
    )
    stages = list(pairwise(_FLOW))
    forward = map(_between, (conv, norm, gate, pool), stages)
    backward = map(_between, (from_pool, from_gate, from_norm, from_conv), reversed(stages))
    return chain("block", [*forward, *backward])


def _between(trace: Trace, stage: tuple[str, str]) -> Trace:
    """Call what an operation reads and writes as it is called in the block."""
    before, after = stage
    names = {"x": before, "y": after, "grad_x": f"grad_{before}", "grad_y": f"grad_{after}"}
    known = {n for tensor in trace.tensors.values() for n in (tensor.name, tensor.gradient_of)}
    names = {old: new for old, new in names.items() if old in known}
    letters = {new: _FLOW[new.removeprefix("grad_")].letter for new in names.values()}
    if "spread" in known:
        letters["spread"] = rf"\hat{{{_FLOW[after].letter}}}"
    return renamed(
        trace,
        names,
        labels={new: _label(new) for new in names.values()},
        roles={new: _FLOW[new].role for new in names.values() if new in _FLOW},
        letters=letters,
    )


def _label(name: str) -> str:
    return _FLOW[name].label if name in _FLOW else _FLOW[name.removeprefix("grad_")].gradient
