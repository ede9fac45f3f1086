"""The request models of the convolutions beyond the forward one in two dimensions."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from app.arrays import (
    GradientTensor,
    LossGradientTensor,
    SignalTensor,
    TapsTensor,
    TargetTensor,
)
from app.fields import (
    BOTH,
    DILATION,
    GROUPS,
    STRIDE,
    Cells,
    Number,
    Side,
    Step,
    Steps,
    Strict,
    setting,
)
from app.schemas import Convolution
from app.settings import LIMITS
from app.tensors import EDITED, BiasTensor, FilterTensor, Height, Index, InputTensor, Width

Mode = Literal["zeros", "reflect", "replicate", "circular"]
_READINGS = [
    {
        "value": "scatter",
        "label": "Scatter: one output gives",
        "about": "The window walks and gives back.",
    },
    {
        "value": "gather",
        "label": "Gather: one input collects",
        "about": "Each cell collects what it took part in.",
    },
]
Reading = Annotated[
    Literal["scatter", "gather"],
    Field(
        description="Each output sends its gradient out, or each input cell collects its own.",
        **setting("Reading", key="reading", section="Gradient", options=_READINGS),
    ),
]
Groups = Annotated[
    int,
    Field(ge=1, le=LIMITS.lab_channels, description="Parts that channels and filters split into."),
]
Ends = tuple[Side, Side] | Side | Literal["same", "valid"]


class Conv2dBackwardRequest(Convolution):
    """The gradients of a 2-D convolution."""

    op: Literal["conv2d_backward"]
    grad_y: LossGradientTensor = LossGradientTensor()
    target: TargetTensor = TargetTensor()
    reading: Reading = "scatter"


class Signal(Strict):
    """The arrays and settings of a 1-D convolution of one signal with K filters."""

    x: SignalTensor = SignalTensor()
    weight: TapsTensor = TapsTensor()
    bias: BiasTensor = BiasTensor()
    stride: Step = 1
    padding: Annotated[Ends, Field(description="Cells at both ends, or (left, right).")] = 0
    padding_mode: Mode = "zeros"
    dilation: Step = 1
    groups: Groups = 1
    flip: bool = False


class Conv1dRequest(Signal):
    """A 1-D convolution of one signal with K filters."""

    op: Literal["conv1d"]


class Conv1dBackwardRequest(Signal):
    """The gradients of a 1-D convolution."""

    op: Literal["conv1d_backward"]
    grad_y: GradientTensor = GradientTensor()
    reading: Reading = "scatter"


class SmallTensor(InputTensor):
    """An input that is going to grow."""

    width: Width = 4
    height: Height = 4


class TransposedFilters(FilterTensor):
    """The filters of a transposed convolution, whose cells lie channel by channel."""

    edits: list[tuple[Index, Index, Index, Index, Number]] = Field(
        default=[],
        description=f"[channel, filter in its group, row, column, value]{EDITED}",
        **setting("Filter cells", key="#w", section="Filter", cells=True),
    )


class Transposed(Strict):
    """The arrays and settings of a transposed convolution that gives K maps."""

    x: SmallTensor = SmallTensor()
    weight: TransposedFilters = TransposedFilters()
    bias: BiasTensor = BiasTensor()
    stride: Annotated[
        Steps, Field(description="From one input cell to the next in the output.", **STRIDE)
    ] = (2, 2)
    padding: Annotated[
        Cells,
        Field(
            description="Cells cut off at every side of the output.",
            **setting(
                "Padding", key="p", section="Sliding", symbol="P", mark="padding", parts=BOTH
            ),
        ),
    ] = (0, 0)
    output_padding: Annotated[
        Cells,
        Field(
            description="Cells added at the bottom and right of the output.",
            **setting("Output padding", key="outp", section="Sliding", parts=BOTH),
        ),
    ] = (0, 0)
    dilation: Annotated[Steps, Field(description="Distance of neighbouring taps.", **DILATION)] = (
        1,
        1,
    )
    groups: Annotated[Groups, Field(**GROUPS)] = 1


class ConvTranspose2dRequest(Transposed):
    """A transposed convolution."""

    op: Literal["conv_transpose2d"]


class ConvTranspose2dBackwardRequest(Transposed):
    """The gradients of a transposed convolution."""

    op: Literal["conv_transpose2d_backward"]
    grad_y: GradientTensor = GradientTensor()


def _single(count: int, field: str, what: str) -> None:
    if count != 1:
        raise ValueError(f"{field}: {count} {what}; this convolution takes one")


class Convolve1dRequest(Strict):
    """The convolution of a signal with a kernel that is turned round, centred on each cell."""

    op: Literal["convolve1d"]
    x: SignalTensor = SignalTensor()
    weight: TapsTensor = TapsTensor()

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        _single(self.x.array().shape[1], "x", "channels")
        _single(self.weight.count, "weight", "filters")
        return self


class Convolve2dRequest(Strict):
    """The convolution of a picture with a kernel that is turned round, centred on each cell."""

    op: Literal["convolve2d"]
    x: InputTensor = InputTensor()
    weight: FilterTensor = FilterTensor()

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        _single(self.x.channels, "x", "channels")
        _single(self.weight.filters, "weight", "filters")
        return self
