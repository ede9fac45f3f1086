"""The gradients of a block beside central differences of the whole block."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from app.block_requests import BlockRequest
from app.problem import Refused
from engine.activation import relu
from engine.arrays import Array
from engine.batch_norm import batch_norm
from engine.batch_norm_slopes import AGREES, NodeCheck
from engine.conv2d import conv2d
from engine.gradcheck import GradCheck, gradcheck
from engine.phases import Values
from engine.pooling import max_pool2d
from engine.trace import Trace

_GIVEN = ("x", "weight", "bias", "gamma", "beta")
# Each number is moved by itself, there and back, through so many cells of the output.
_MOST = 2_000_000


def block_slopes(trace: Trace, request: BlockRequest) -> Mapping[str, NodeCheck]:
    """Move every number that the block is given, and compute the loss again.

    Raises
    ------
    Refused
        If there are too many.
    """
    values = {name: tensor.values for name, tensor in trace.tensors.items()}
    given = {name: values[name] for name in _GIVEN if name in values}
    moved = sum(array.size for array in given.values())
    if moved * (values["conv_y"].size + values["x"].size) > _MOST:
        raise Refused(
            422,
            f"x: {moved:,} numbers, each moved by itself, are too many to check; use a smaller "
            "input, or fewer channels and filters",
            field="x",
        )
    checks = {
        name: gradcheck(
            lambda array, name=name: _loss(request, {**given, name: array}, values),  # type: ignore[misc]
            values[f"grad_{name}"],
            given[name],
        )
        for name in given
    }
    return {name: _told(check) for name, check in checks.items()}


def _loss(
    request: BlockRequest, given: Mapping[str, Values], values: Mapping[str, Values]
) -> float:
    """Carry the block out by the fast operations."""
    conv = {name: getattr(request, name) for name in ("stride", "padding", "padding_mode")}
    z = conv2d(given["x"], given["weight"], given.get("bias"), **conv)
    output: Array = relu(batch_norm(z, given["gamma"], given["beta"], eps=request.eps).y)
    last = "relu_y"
    if request.kernel_size is not None:
        output = max_pool2d(output, request.kernel_size, stride=request.pool_stride)
        last = "pool_y"
    if request.upstream == "loss":
        return float(np.square(output - values["target"]).sum()) / 2
    return float((output * values[f"grad_{last}"]).sum())


def _told(check: GradCheck) -> NodeCheck:
    kinks = int(check.kinks.sum())
    return NodeCheck(
        analytic=tuple(check.analytic.ravel().tolist()),
        numeric=tuple(check.numeric.ravel().tolist()),
        relative_error=check.relative_error,
        agrees=check.relative_error < AGREES,
        why=f"{kinks:,} of {check.kinks.size:,} are left out: the loss has a kink there."
        if kinks
        else None,
    )
