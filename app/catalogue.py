"""The one table of operations: what each is called, what it takes, how it is explained."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app import (
    block_requests,
    conv_requests,
    explain_block,
    explain_conv,
    explain_norm,
    explain_pooling,
    norm_maps,
    norm_pass_requests,
    norm_requests,
    norm_running,
    pooling_requests,
)
from app.explain_conv2d import explain_conv2d
from app.explain_norm_pass import explain_batch_norm_pass
from app.explanation import Explanation
from app.fields import Strict
from app.schemas import Conv2dRequest, OutputSizeRequest, PaddingRequest
from engine.geometry import check_border
from engine.padding import trace_padding
from engine.phases import Tensor
from engine.size_trace import trace_output_size
from engine.trace import Trace
from engine.window import normalise_padding


def _explain_size(request: OutputSizeRequest) -> Explanation:
    trace = trace_output_size(**request.model_dump(exclude={"op", "at"}))
    return Explanation(
        trace=trace, names={name: float(t.values) for name, t in trace.tensors.items()}
    )


def _explain_padding(request: PaddingRequest) -> Explanation:
    x = request.x.array()
    sides = normalise_padding(request.padding, filter_size=(1, 1))
    check_border((request.x.height, request.x.width), sides, request.padding_mode)
    padded, phase = trace_padding(x, sides, request.padding_mode)
    source = Tensor(
        name="x", label="Input", role="input", axes=("image", "channel", "row", "column"), values=x
    )
    return Explanation(trace=Trace("padding", [source, padded], [replace(phase, setup=False)]))


@dataclass(frozen=True)
class Operation:
    """One row: an id, a title, the request model and the function that explains a request.

    `explore` says whether the page Explore offers it: a window that slides; `backward` is the id
    of the operation that gives its gradients, which the page shows on a tab of its own.
    """

    id: str
    title: str
    request: type[Strict]
    explain: Callable[[Any], Explanation]
    explore: bool = True
    backward: str = ""


_EXPLORED = (
    Operation(
        "conv2d", "Convolution 2-D", Conv2dRequest, explain_conv2d, backward="conv2d_backward"
    ),
    Operation(
        "conv_transpose2d",
        "Transposed convolution",
        conv_requests.ConvTranspose2dRequest,
        explain_conv.explain_conv_transpose2d,
        backward="conv_transpose2d_backward",
    ),
    Operation(
        "max_pool2d",
        "Max pooling",
        pooling_requests.MaxPool2dRequest,
        explain_pooling.explain_max_pool2d,
        backward="max_pool2d_backward",
    ),
    Operation(
        "avg_pool2d",
        "Average pooling",
        pooling_requests.AvgPool2dRequest,
        explain_pooling.explain_avg_pool2d,
        backward="avg_pool2d_backward",
    ),
    Operation(
        "relu",
        "ReLU",
        pooling_requests.ReluRequest,
        explain_pooling.explain_relu,
        backward="relu_backward",
    ),
)

# Id, title, request model, explanation.
_OTHERS: tuple[tuple[str, str, type[Strict], Callable[[Any], Explanation]], ...] = (
    ("padding", "Padding", PaddingRequest, _explain_padding),
    ("output_size", "Output size", OutputSizeRequest, _explain_size),
    (
        "conv2d_backward",
        "Convolution 2-D, backward",
        conv_requests.Conv2dBackwardRequest,
        explain_conv.explain_conv2d_backward,
    ),
    ("conv1d", "Convolution 1-D", conv_requests.Conv1dRequest, explain_conv.explain_conv1d),
    (
        "conv1d_backward",
        "Convolution 1-D, backward",
        conv_requests.Conv1dBackwardRequest,
        explain_conv.explain_conv1d_backward,
    ),
    (
        "conv_transpose2d_backward",
        "Transposed convolution, backward",
        conv_requests.ConvTranspose2dBackwardRequest,
        explain_conv.explain_conv_transpose2d_backward,
    ),
    (
        "convolve1d",
        "Flipped convolution 1-D",
        conv_requests.Convolve1dRequest,
        explain_conv.explain_convolve1d,
    ),
    (
        "convolve2d",
        "Flipped convolution 2-D",
        conv_requests.Convolve2dRequest,
        explain_conv.explain_convolve2d,
    ),
    (
        "max_pool2d_backward",
        "Max pooling, backward",
        pooling_requests.MaxPool2dBackwardRequest,
        explain_pooling.explain_max_pool2d_backward,
    ),
    (
        "avg_pool2d_backward",
        "Average pooling, backward",
        pooling_requests.AvgPool2dBackwardRequest,
        explain_pooling.explain_avg_pool2d_backward,
    ),
    (
        "relu_backward",
        "ReLU, backward",
        pooling_requests.ReluBackwardRequest,
        explain_pooling.explain_relu_backward,
    ),
    (
        "batch_norm",
        "Batch norm",
        norm_requests.BatchNormRequest,
        explain_norm.explain_batch_norm,
    ),
    (
        "batch_norm_backward",
        "Batch norm, backward",
        norm_requests.BatchNormBackwardRequest,
        explain_norm.explain_batch_norm_backward,
    ),
    (
        "batch_norm_pass",
        "Batch norm, there and back",
        norm_pass_requests.BatchNormPassRequest,
        explain_batch_norm_pass,
    ),
    (
        "batch_norm_inference",
        "Batch norm at inference",
        norm_requests.BatchNormInferenceRequest,
        explain_norm.explain_batch_norm_inference,
    ),
    (
        "running_stats",
        "Running statistics",
        norm_requests.RunningStatsRequest,
        explain_norm.explain_running_stats,
    ),
    (
        "batch_norm_training",
        "Running statistics of a training",
        norm_running.TrainingRequest,
        norm_running.explain_training,
    ),
    ("norm", "Layer, instance and group norm", norm_maps.NormRequest, norm_maps.explain_norm),
    (
        "block",
        "Convolution, batch norm, ReLU, pooling",
        block_requests.BlockRequest,
        explain_block.explain_block,
    ),
)

OPERATIONS: Mapping[str, Operation] = {
    operation.id: operation
    for operation in (*_EXPLORED, *(Operation(*row, explore=False) for row in _OTHERS))
}
