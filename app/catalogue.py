"""The one table of operations: what each is called, what it takes, how it is explained."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.explain_conv2d import explain_conv2d
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

    `explore` says whether the page Explore offers it: a window that slides.
    """

    id: str
    title: str
    request: type[Strict]
    explain: Callable[[Any], Explanation]
    explore: bool = True


OPERATIONS: Mapping[str, Operation] = {
    operation.id: operation
    for operation in (
        Operation("conv2d", "Convolution 2-D", Conv2dRequest, explain_conv2d),
        Operation("padding", "Padding", PaddingRequest, _explain_padding, explore=False),
        Operation("output_size", "Output size", OutputSizeRequest, _explain_size, explore=False),
    )
}
