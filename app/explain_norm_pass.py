"""What is told of batch norm of one activation, there and back: trace, table and names."""

from __future__ import annotations

from typing import Any

from app.explanation import Explanation
from app.math import mathml
from app.norm_pass_requests import BatchNormPassRequest
from app.wire import plain, plain_number
from engine.batch_norm_pass_trace import trace_batch_norm_pass
from engine.batch_norm_table import Column, batch_norm_names, batch_norm_table


def explain_batch_norm_pass(request: BatchNormPassRequest) -> Explanation:
    """Explain the whole way in one trace."""
    trace = trace_batch_norm_pass(**request.arrays(), graph=request.graph)
    return Explanation(
        trace=trace,
        names=batch_norm_names(trace, eps=request.eps),
        table=tuple(map(_plain, batch_norm_table(trace, eps=request.eps))),
    )


def _plain(column: Column) -> dict[str, Any]:
    return {
        "key": column.key,
        "symbols": mathml(column.latex),
        "values": plain(column.values),
        "sum": plain_number(column.sum),
        "cancels": column.cancels,
        "role": column.role,
        "route": column.route,
        "edits": column.key if column.given else None,
    }
