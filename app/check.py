"""A gradient of the page beside central differences of the operation itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import orjson

from app.catalogue import OPERATIONS
from app.conv_requests import Conv1dBackwardRequest, Conv2dBackwardRequest
from app.conv_target import convolved, taps_of
from app.fields import Strict
from app.problem import Refused, one_of
from app.wire import plain, plain_number
from engine.activation import relu
from engine.arrays import Array
from engine.batch_norm import batch_norm
from engine.conv1d import conv1d
from engine.conv_tensors import turned
from engine.conv_transpose2d import conv_transpose2d
from engine.gradcheck import GradCheck, gradcheck
from engine.phases import Values
from engine.pooling import avg_pool2d, max_pool2d
from engine.trace import Trace

CHECKED = ("x", "weight", "bias", "gamma", "beta")
# Each number is moved by itself, there and back, and everything is computed again.
MOST_NUMBERS = 2000
MOST_PRODUCTS = 500_000_000

Forward = Callable[..., Array]


@dataclass(frozen=True)
class Differentiable:
    """How the output of an operation follows from its arrays, and where that has kinks."""

    forward: Callable[[Any], Forward]
    kink: str = ""


def _with(function: Forward, *options: str) -> Callable[[Strict], Forward]:
    """Take the options of a function from the fields of a request that are called the same."""
    return lambda request: partial(function, **{name: getattr(request, name) for name in options})


def _conv2d(request: Conv2dBackwardRequest) -> Forward:
    divisor = taps_of(request)[1]
    return lambda x, weight, bias: convolved(request, x, weight, divisor, bias)


def _conv1d(request: Conv1dBackwardRequest) -> Forward:
    slide = _with(conv1d, "stride", "padding", "dilation", "groups", "padding_mode")(request)
    return lambda x, weight, bias: slide(x, turned(weight, flip=request.flip), bias)


def _normalise(x: Values, gamma: Values, beta: Values, *, eps: float) -> Array:
    return batch_norm(x, gamma, beta, eps=eps).y


_SPREAD = ("stride", "padding", "output_padding", "dilation", "groups")
_POOL = ("kernel_size", "stride", "padding", "ceil_mode")

DIFFERENTIABLE: Mapping[str, Differentiable] = {
    "conv2d_backward": Differentiable(_conv2d),
    "conv1d_backward": Differentiable(_conv1d),
    "conv_transpose2d_backward": Differentiable(_with(conv_transpose2d, *_SPREAD)),
    "max_pool2d_backward": Differentiable(
        _with(max_pool2d, *_POOL, "dilation"), "two cells of a window are equally large"
    ),
    "avg_pool2d_backward": Differentiable(_with(avg_pool2d, *_POOL, "count_include_pad")),
    "relu_backward": Differentiable(_with(relu), "the input is exactly 0"),
    "batch_norm_backward": Differentiable(_with(_normalise, "eps")),
}


def checked(op: str, request: Strict, of: str) -> bytes:
    """Compare one gradient with central differences, as JSON.

    Raises
    ------
    Refused
        If the operation has no such gradient, or it is too large to be checked.
    """
    trace = OPERATIONS[op].explain(request).trace
    _require_checkable(trace, of)
    row = DIFFERENTIABLE[op]
    found = _check(trace, of, row.forward(request))
    kinks = found.kinks.ravel().nonzero()[0].tolist()
    reply = {
        "of": of,
        "shape": found.analytic.shape,
        "relative_error": plain_number(found.relative_error),
        "differentiable": found.differentiable,
        "kinks": kinks,
        "reason": _reason(len(kinks), found.analytic.size, row.kink),
        "count": found.analytic.size - len(kinks),
        "analytic": plain(found.analytic.ravel()),
        "numeric": plain(found.numeric.ravel()),
    }
    return orjson.dumps(reply)


def _require_checkable(trace: Trace, of: str) -> None:
    known = [name for name in CHECKED if f"grad_{name}" in trace.tensors]
    if of not in known:
        raise Refused(422, f'of: "{of}" has no gradient here; use {one_of(known)}', field="of")
    numbers = trace.tensors[f"grad_{of}"].values.size
    played = [index for index, phase in enumerate(trace.phases) if not phase.setup]
    products = sum(len(trace.step(at, 0).terms) * trace.phases[at].steps for at in played)
    if numbers > MOST_NUMBERS or numbers * products > MOST_PRODUCTS:
        raise Refused(
            422,
            f"of: {numbers:,} numbers, each moved by itself through {products:,} products, are too "
            "many to check; use a smaller input, or fewer channels and filters",
            field="of",
        )


def _check(trace: Trace, of: str, forward: Forward) -> GradCheck:
    """Check what the page shows, with a loss that has the upstream gradient everywhere.

    The loss itself may be at its lowest point, where slopes are nothing but rounding.
    """
    values = {name: tensor.values for name, tensor in trace.tensors.items()}
    # A convolution without a bias still has the gradient of one, at zero.
    at = {
        name: values.get(name, np.zeros_like(values[f"grad_{name}"]))
        for name in CHECKED
        if f"grad_{name}" in values
    }
    return gradcheck(
        lambda moved: float((values["grad_y"] * forward(**at | {of: moved})).sum()),
        values[f"grad_{of}"],
        at[of],
    )


def _reason(kinks: int, size: int, why: str) -> str | None:
    """Say why some numbers cannot be compared."""
    if not kinks:
        return None
    since = f": {why}" if why else ""
    return (
        f"{kinks:,} of {size:,} numbers cannot be compared, as the loss bends there and has a "
        f"different slope to each side{since}."
    )
