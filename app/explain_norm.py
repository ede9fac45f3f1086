"""What is told of batch normalisation: its traces."""

from __future__ import annotations

from app.arrays import vector_of
from app.explanation import Explanation
from app.norm_requests import (
    BatchNormBackwardRequest,
    BatchNormInferenceRequest,
    BatchNormRequest,
    Normalised,
    RunningStatsRequest,
)
from app.settings import LIMITS
from app.wire import not_playable
from engine.batch_norm_backward_trace import trace_batch_norm_backward
from engine.batch_norm_gates_trace import trace_batch_norm_gates
from engine.batch_norm_inference_trace import trace_batch_norm_inference, trace_running_stats
from engine.batch_norm_trace import trace_batch_norm
from engine.carried_out import CarriedOut
from engine.phases import Values
from engine.trace import Trace


def explain_batch_norm(request: BatchNormRequest) -> Explanation:
    """Explain the four lines of the algorithm, or the gates that they are made of."""
    told = trace_batch_norm if request.graph == "lecture" else trace_batch_norm_gates
    trace = told(*_normalised(request), eps=request.eps)
    return Explanation(trace=rounded_once(trace, request.eps))


def explain_batch_norm_backward(request: BatchNormBackwardRequest) -> Explanation:
    """Explain the gradients, by the routes on which they come."""
    x, gamma, beta = _normalised(request)
    trace = trace_batch_norm_backward(
        request.grad_y.array(x.shape), x, gamma, beta, eps=request.eps, graph=request.graph
    )
    return Explanation(trace=rounded_once(trace, request.eps))


def explain_batch_norm_inference(request: BatchNormInferenceRequest) -> Explanation:
    """Explain normalising with the statistics of the training."""
    x, gamma, beta = _normalised(request)
    kept = (
        vector_of(name, getattr(request, name), x.shape[1])
        for name in ("running_mean", "running_var")
    )
    return Explanation(trace=trace_batch_norm_inference(x, gamma, beta, *kept, eps=request.eps))


def explain_running_stats(request: RunningStatsRequest) -> Explanation:
    """Explain how one more batch moves the kept statistics."""
    x = request.x.array()
    mean, variance = (
        vector_of(name, getattr(request, name), x.shape[1])
        for name in ("running_mean", "running_var")
    )
    return Explanation(trace=trace_running_stats(mean, variance, x, momentum=request.momentum))


def rounded_once(trace: Trace, eps: float) -> Trace:
    """Carry out a trace that is short enough to be played, so that none of it is rounding."""
    return trace if not_playable(trace, LIMITS) else CarriedOut(trace, constants=[eps])


def _normalised(request: Normalised) -> tuple[Values, Values, Values]:
    x = request.x.array()
    gamma, beta = (
        vector_of(name, getattr(request, name), x.shape[1]) for name in ("gamma", "beta")
    )
    return x, gamma, beta
