"""A block of a network: convolution, batch norm, ReLU and max pooling, and back again."""

from __future__ import annotations

from typing import Literal

from app.arrays import GradientTensor, vector_of
from app.conv_requests import Mode, Reading
from app.explanation import Explanation, shown_whole
from app.fields import Padding, Steps, Strict, Window
from app.norm_requests import Epsilon, Scale
from app.tensors import BiasTensor, FilterTensor, InputTensor
from engine.block_trace import trace_block
from engine.conv2d import conv2d
from engine.pooling import max_pool2d


class BlockRequest(Strict):
    """One input volume through a block of a network, and a gradient back through it."""

    op: Literal["block"]
    x: InputTensor = InputTensor(width=6, height=6)
    weight: FilterTensor = FilterTensor()
    bias: BiasTensor = BiasTensor()
    stride: Steps = (1, 1)
    padding: Padding = ((0, 0), (0, 0))
    padding_mode: Mode = "zeros"
    gamma: Scale = 1.0
    beta: Scale = 0.0
    eps: Epsilon = 1e-5
    kernel_size: Window = (2, 2)
    pool_stride: Steps | None = None
    grad_y: GradientTensor = GradientTensor()
    reading: Reading = "scatter"


def explain_block(request: BlockRequest) -> Explanation:
    """Explain a block, forward and backward."""
    x = request.x.array()
    taps, divisor = request.weight.array(x.shape[1])
    weight = taps / divisor
    maps = conv2d(
        x,
        weight,
        stride=request.stride,
        padding=request.padding,
        padding_mode=request.padding_mode,
    )
    pooled = max_pool2d(maps, request.kernel_size, stride=request.pool_stride)
    trace = trace_block(
        x,
        weight,
        request.bias.array(len(weight)),
        vector_of("gamma", request.gamma, len(weight)),
        vector_of("beta", request.beta, len(weight)),
        request.grad_y.array(pooled.shape),
        stride=request.stride,
        padding=request.padding,
        padding_mode=request.padding_mode,
        eps=request.eps,
        kernel_size=request.kernel_size,
        pool_stride=request.pool_stride,
        reading=request.reading,
    )
    return shown_whole(trace, "padding")
