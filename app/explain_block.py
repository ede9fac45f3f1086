"""A block of a network: convolution, batch norm, ReLU, perhaps max pooling, and back again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.arrays import vector_of
from app.block_requests import BlockRequest
from app.explanation import Explanation, shown_whole
from app.math import mathml
from engine.block_trace import trace_block
from engine.conv2d import conv2d
from engine.pooling import max_pool2d
from engine.trace import Trace

# The operations of the block: name, formula, what they write, and what goes with that.
_PARTS = (
    ("Convolution", r"z = x \star w", ("conv_y",)),
    (
        "Batch norm",
        r"y = \gamma \cdot \frac{z - \mu}{\sqrt{\sigma^2 + \varepsilon}} + \beta",
        ("mu", "sigma2", "xhat", "norm_y"),
    ),
    ("ReLU", r"a = \max(0, y)", ("relu_y",)),
    ("Max pooling", r"h = \max a", ("pool_y",)),
)
_LOSSES = {
    "given": r"L = \sum a \cdot \frac{\partial L}{\partial a}",
    "loss": r"L = \frac{1}{2} \sum (a - t)^2",
}


def explain_block(request: BlockRequest) -> Explanation:
    """Explain a block, forward and backward."""
    x = request.x.array()
    taps, divisor = request.weight.array(x.shape[1])
    weight = taps / divisor
    options = ("stride", "padding", "padding_mode")
    conv: dict[str, Any] = {name: getattr(request, name) for name in options}
    output = conv2d(x, weight, **conv)
    if request.kernel_size is not None:
        output = max_pool2d(output, request.kernel_size, stride=request.pool_stride)
    behind: dict[str, Any] = (
        {"grad_output": request.grad_y.array(output.shape)}
        if request.upstream == "given"
        else {"target": request.target.array(output.shape)}
    )
    trace = trace_block(
        x,
        weight,
        request.bias.array(len(weight)),
        vector_of("gamma", request.gamma, len(weight)),
        vector_of("beta", request.beta, len(weight)),
        **behind,
        **conv,
        eps=request.eps,
        kernel_size=request.kernel_size,
        pool_stride=request.pool_stride,
        reading=request.reading,
    )
    explanation = shown_whole(trace, "padding")
    m = trace.tensors["xhat"].values.size // len(weight)
    names = {"m": float(m), "eps": request.eps, "F": float(weight.shape[3])}
    return replace(explanation, names=names, parts=_parts(trace, request.upstream))


def _parts(trace: Trace, upstream: str) -> tuple[dict[str, Any], ...]:
    """Name the operations that the block is made of, and the cells where no gradient passes."""
    told = [part for part in _PARTS if part[2][0] in trace.tensors]
    shut = (trace.tensors["norm_y"].values.ravel() <= 0).nonzero()[0].tolist()
    return tuple(
        {
            "title": title,
            "formula": mathml(formula),
            "writes": writes,
            "shut": {"relu_y": shut, "grad_norm_y": shut} if title == "ReLU" else {},
        }
        for title, formula, writes in (*told, ("Loss", _LOSSES[upstream], ("loss",)))
    )
