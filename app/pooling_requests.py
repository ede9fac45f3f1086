"""The request models of pooling and of ReLU, forward and backward."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field

from app.arrays import GradientTensor
from app.fields import BOTH, DILATION, STRIDE, Cells, Steps, Strict, Window, setting
from app.tensors import Height, InputTensor, Width

_BORDER = "Cells added at every side: they never win, at most half the window."
_PADDING = setting("Padding", key="p", section="Sliding", symbol="P", mark="padding", parts=BOTH)
# A control has no null: on a page the stride is a number from the start.
_STRIDE = {**STRIDE, "json_schema_extra": {**STRIDE["json_schema_extra"], "usual": [2, 2]}}


class EvenTensor(InputTensor):
    """An input that windows of two cells divide."""

    width: Width = 6
    height: Height = 6


class Pooling(Strict):
    """The input of a pooling, and where its windows lie."""

    x: EvenTensor = EvenTensor()
    kernel_size: Annotated[
        Window,
        Field(
            description="Rows and columns of a window.",
            **setting("Window", key="ks", section="Sliding", symbol="F", parts=BOTH),
        ),
    ] = (2, 2)
    stride: Annotated[
        Steps | None,
        Field(
            description="How far the window moves; null: windows side by side.",
            **_STRIDE,
        ),
    ] = None
    padding: Annotated[Cells, Field(description=_BORDER, **_PADDING)] = (0, 0)
    ceil_mode: Annotated[
        bool,
        Field(
            description="Let a last window hang over the edge.",
            **setting("Round up", key="ceil", section="Rules"),
        ),
    ] = False

    def settled(self) -> Self:
        return self.model_copy(update={"stride": self.stride or self.kernel_size})


class MaxPooling(Pooling):
    """As `Pooling`, where cells of a window may lie apart."""

    dilation: Annotated[
        Steps, Field(description="Distance of neighbouring cells of a window.", **DILATION)
    ] = (1, 1)


class AveragePooling(Pooling):
    """As `Pooling`, where padding may count as zeros."""

    count_include_pad: Annotated[
        bool,
        Field(
            description="Divide by the cells of the padded window, or of the input only.",
            **setting("Count padding", key="cip", section="Rules"),
        ),
    ] = True


class MaxPool2dRequest(MaxPooling):
    """The largest cell of each window."""

    op: Literal["max_pool2d"]


class MaxPool2dBackwardRequest(MaxPooling):
    """The gradient of max pooling."""

    op: Literal["max_pool2d_backward"]
    grad_y: GradientTensor = GradientTensor()


class AvgPool2dRequest(AveragePooling):
    """The average of each window."""

    op: Literal["avg_pool2d"]


class AvgPool2dBackwardRequest(AveragePooling):
    """The gradient of average pooling."""

    op: Literal["avg_pool2d_backward"]
    grad_y: GradientTensor = GradientTensor()


class ReluRequest(Strict):
    """What is positive passes, the rest becomes zero."""

    op: Literal["relu"]
    x: InputTensor = InputTensor()


class ReluBackwardRequest(Strict):
    """The gradient of ReLU."""

    op: Literal["relu_backward"]
    x: InputTensor = InputTensor()
    grad_y: GradientTensor = GradientTensor()
