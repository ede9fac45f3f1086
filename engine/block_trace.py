"""A block of a network told as one: convolution, batch norm, ReLU, perhaps pooling, and back."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any, NamedTuple

from engine.activation_trace import trace_relu, trace_relu_backward
from engine.arrays import Array, require_floating, require_same_shape
from engine.batch_norm_backward_trace import trace_batch_norm_backward
from engine.batch_norm_trace import trace_batch_norm
from engine.chain import chain, renamed
from engine.conv2d_backward_trace import trace_conv2d_backward
from engine.conv2d_trace import trace_conv2d
from engine.conv_backward_trace import Reading
from engine.conv_tensors import float64
from engine.errors import ParameterError
from engine.loss_trace import trace_squared_error, trace_weighted_sum
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
    grad_output: Array | None = None,
    *,
    target: Array | None = None,
    stride: Size = 1,
    padding: Padding = 0,
    padding_mode: PaddingMode = "zeros",
    eps: float = 1e-5,
    kernel_size: Size | None = 2,
    pool_stride: Size | None = None,
    reading: Reading = "scatter",
) -> Trace:
    """Explain a block of a network from its input to a loss, and the way back.

    Parameters
    ----------
    x : (N, C, H, W) array
        Input volumes; the trace works in float64.
    weight, bias, stride, padding, padding_mode
        Of the convolution, as for `conv2d`.
    gamma, beta, eps
        Of the batch norm over its K maps, as for `batch_norm`.
    grad_output : array of the shape of the output, optional
        Gradient of the loss by the output: the loss is ``sum of output * grad_output``, in which
        it is held.
    target : array of the shape of the output, optional
        What the output should be, in its place: the loss is half the sum of the squared
        differences.
    kernel_size, pool_stride
        Of the max pooling, as `kernel_size` and `stride` of `max_pool2d`; without a
        `kernel_size` there is none.
    reading : {"scatter", "gather"}
        How the gradients of the convolution are told.

    Returns
    -------
    Trace
        A chain. Forward it goes from x by conv_y (z), norm_y (y) and relu_y (a) to pool_y (h), if
        there is pooling, and loss; backward from the gradient of the last of these by those of
        the others to grad_x, with grad_gamma, grad_beta, grad_weight and grad_bias on the way.
        The other tensors are called as in the traces of the single operations.

    Raises
    ------
    ShapeError, ParameterError
        As the operations and their gradients, and unless one of `grad_output` and `target` is
        given.

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
    >>> [phase.writes for phase in trace.phases][:8]
    ['conv_y', 'mu', 'sigma2', 'xhat', 'norm_y', 'relu_y', 'pool_y', 'loss']
    >>> trace.tensors["grad_conv_y"].gradient_of
    'conv_y'
    """
    given = {"x": x, "weight": weight, "gamma": gamma, "beta": beta}
    if (grad_output is None) == (target is None):
        raise ParameterError(
            "grad_output: either the gradient of the output, or a target that it comes from; "
            "give one",
            parameter="grad_output",
        )
    behind = {"grad_output": grad_output} if target is None else {"target": target}
    require_floating(**given, bias=bias, **behind)
    x, weight, gamma, beta = map(float64, given.values())
    bias = None if bias is None else float64(bias)
    conv: dict[str, Any] = {"stride": stride, "padding": padding, "padding_mode": padding_mode}

    forward = [trace_conv2d(x, weight, bias, **conv)]
    forward.append(trace_batch_norm(_output(forward), gamma, beta, eps=eps))
    forward.append(trace_relu(_output(forward)))
    if kernel_size is not None:
        forward.append(trace_max_pool2d(_output(forward), kernel_size, stride=pool_stride))
    z, y, a = (trace.tensors["y"].values for trace in forward[:3])

    loss = _loss(_output(forward), grad_output, target)
    backward, gradient = [], loss.tensors["grad_y"].values
    if kernel_size is not None:
        backward.append(trace_max_pool2d_backward(gradient, a, kernel_size, stride=pool_stride))
        gradient = backward[-1].tensors["grad_x"].values
    backward.append(trace_relu_backward(gradient, y))
    gradient = backward[-1].tensors["grad_x"].values
    backward.append(trace_batch_norm_backward(gradient, z, gamma, beta, eps=eps))
    gradient = backward[-1].tensors["grad_x"].values
    backward.append(trace_conv2d_backward(gradient, x, weight, **conv, reading=reading))

    flow = list(_FLOW)[: len(forward) + 1]
    stages = list(pairwise(flow))
    told = [
        *map(_between, forward, stages),
        _between(loss, (flow[-1], flow[-1])),
        *map(_between, backward, reversed(stages)),
    ]
    return _ending(chain("block", told), flow[-1])


def _output(traces: list[Trace]) -> Array:
    """Give what the last of them computes."""
    return traces[-1].tensors["y"].values


def _loss(output: Array, grad_output: Array | None, target: Array | None) -> Trace:
    """Tell the loss that sends a gradient back to the output."""
    if grad_output is None:
        assert target is not None
        return trace_squared_error(output, float64(target))
    require_same_shape("grad_output", grad_output, output.shape)
    return trace_weighted_sum(output, float64(grad_output))


def _ending(trace: Trace, last: str) -> Trace:
    """Call what flows out of the last operation the output."""
    output, gradient = (trace.tensors[name] for name in (last, f"grad_{last}"))
    ends = {
        output.name: replace(output, label="Output", role="output"),
        gradient.name: replace(gradient, label="Upstream gradient"),
    }
    tensors = list((trace.tensors | ends).values())
    return Trace(trace.op, tensors, trace.phases, trace.formula)


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
