"""A convolution that learns its target, step by step: every filter on the way, and every loss."""

from __future__ import annotations

import math
from typing import Any

import orjson

from app.conv_requests import Conv2dBackwardRequest
from app.conv_target import sliding, taps_of, target_of
from app.problem import Refused
from app.remedies import output_shape
from app.wire import plain, plain_number
from engine.conv_tensors import turned
from engine.descent import Descent, descend, safe_rate
from engine.phases import Values

LARGEST_RATE = 10.0
MOST_STEPS = 200
# Of the filters at all steps together.
MOST_NUMBERS = 40_000


def descended(
    request: Conv2dBackwardRequest, rate: float | None, steps: int, *, with_bias: bool
) -> bytes:
    """Take steps of gradient descent towards the target of a request, as JSON.

    Without a rate it takes the suggested one.

    Raises
    ------
    Refused
        If there is no bias to learn, or the filters of all steps are too many numbers.
    """
    maps = output_shape(request)
    taps, divisor = taps_of(request)
    bias = request.bias.array(len(taps))
    if with_bias and bias is None:
        raise Refused(
            422,
            "learn: this convolution has no bias; switch the bias on, or learn the filter only",
            field="learn",
        )
    _require_few_numbers(taps.size, steps)
    # Dividing the input is dividing each sum, and turns no tap.
    x, weight = request.x.array() / divisor, turned(taps, flip=request.flip)
    target = target_of(request, maps)
    learning: dict[str, Any] = {"learn_bias": with_bias, **sliding(request)}
    suggested = _short(min(safe_rate(x, weight, **learning), LARGEST_RATE))
    rate = rate or suggested
    found = descend(x, weight, bias, target, rate=rate, steps=steps, **learning)
    reply = {
        "rate": plain_number(rate),
        "suggested_rate": plain_number(suggested),
        "losses": plain(found.losses),
        "weight": {
            "shape": taps.shape,
            "values": [_flat(turned(each, flip=request.flip)) for each in found.weight],
        },
        "bias": {"shape": found.bias.shape[1:], "values": [_flat(each) for each in found.bias]}
        if with_bias and found.bias is not None
        else None,
        "stopped": _stopped(found, rate, steps, suggested),
    }
    return orjson.dumps(reply)


def _require_few_numbers(size: int, steps: int) -> None:
    if size * (steps + 1) > MOST_NUMBERS:
        most = MOST_NUMBERS // size - 1
        raise Refused(
            422,
            f"steps: {steps} steps of filters with {size:,} numbers are too many to send; use at "
            f"most {most}, or smaller filters",
            field="steps",
        )


def _short(rate: float) -> float:
    """Round down to two digits: a rate that people can read, and no larger."""
    unit = 10.0 ** (math.floor(math.log10(rate)) - 1)
    return float(f"{math.floor(rate / unit) * unit:.1e}")


def _flat(values: Values) -> list[float] | list[int]:
    return plain(values.ravel())


def _stopped(found: Descent, rate: float, steps: int, suggested: float) -> str | None:
    """Say why the descent ended early."""
    if not found.diverged:
        return None
    return (
        f"With a rate of {rate:g} each step leaps over the lowest point and the loss grows without "
        f"end, so this stopped after {len(found.losses) - 1} of {steps} steps; "
        f"use a smaller rate, such as {suggested:g}."
    )
