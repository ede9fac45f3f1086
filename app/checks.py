"""All gradients of an operation beside slopes that are found by moving each node of its graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from app.block_check import block_slopes
from app.block_requests import BlockRequest
from app.catalogue import OPERATIONS
from app.fields import Strict
from app.norm_pass_requests import BatchNormPassRequest
from app.wire import plain, plain_number
from engine.batch_norm_slopes import NodeCheck, batch_norm_slopes


def _batch_norm_pass(request: BatchNormPassRequest) -> Mapping[str, NodeCheck]:
    trace = OPERATIONS[request.op].explain(request).trace
    return batch_norm_slopes(trace, eps=request.eps)


def _block(request: BlockRequest) -> Mapping[str, NodeCheck]:
    return block_slopes(OPERATIONS[request.op].explain(request).trace, request)


CHECKS: Mapping[str, Callable[[Any], Mapping[str, NodeCheck]]] = {
    "batch_norm_pass": _batch_norm_pass,
    "block": _block,
}


def all_checked(op: str, request: Strict) -> bytes:
    """Check every gradient, as JSON; a slope that cannot be found is null."""
    gradients = {
        node: {
            "analytic": plain(check.analytic),
            "numeric": plain(check.numeric),
            "relative_error": plain_number(check.relative_error),
            "agrees": check.agrees,
            "why": check.why,
        }
        for node, check in CHECKS[op](request).items()
    }
    return orjson.dumps({"gradients": gradients})
