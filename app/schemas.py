"""The request models: one for each operation, with every bound, name and help text stated once."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field

from app.fields import DILATION, GROUPS, STRIDE, Padding, Steps, Strict, setting, split
from app.settings import LIMITS
from app.tensors import BiasTensor, FilterTensor, InputTensor
from engine.window import Sides, normalise_padding

MODES = [
    {"value": "zeros", "label": "Zeros", "about": "A frame of zeros."},
    {"value": "reflect", "label": "Reflect", "about": "Mirrored, without repeating the edge."},
    {"value": "replicate", "label": "Replicate", "about": "The edge value again and again."},
    {"value": "circular", "label": "Circular", "about": "The opposite side, wrapped around."},
]
PADDING_PARTS = ["top", "bottom", "left", "right"]


class Convolution(Strict):
    """The arrays and settings of a 2-D convolution of one input volume with K filters."""

    x: InputTensor = InputTensor()
    weight: FilterTensor = FilterTensor()
    stride: Annotated[
        Steps,
        Field(description="How far the window moves.", **STRIDE),
    ] = (1, 1)
    padding: Annotated[
        Padding,
        Field(
            description="Cells added on each side.",
            **setting(
                "Padding",
                key="p",
                section="Sliding",
                symbol="P",
                mark="padding",
                parts=PADDING_PARTS,
            ),
        ),
    ] = ((0, 0), (0, 0))
    padding_mode: Annotated[
        Literal["zeros", "reflect", "replicate", "circular"],
        Field(
            **setting("Padding mode", key="mode", section="Sliding", short="Mode", options=MODES)
        ),
    ] = "zeros"
    dilation: Annotated[
        Steps,
        Field(description="Distance of neighbouring taps.", **DILATION),
    ] = (1, 1)
    groups: Annotated[
        int,
        Field(
            ge=1,
            le=LIMITS.lab_channels,
            description="Channels and filters split into so many separate parts.",
            **GROUPS,
        ),
    ] = 1
    bias: BiasTensor = BiasTensor()
    flip: Annotated[
        bool,
        Field(
            description="Turn the filter by 180°: the mathematical convolution.",
            **setting("Flip filter", key="flip", section="Rules"),
        ),
    ] = False
    strict: Annotated[
        bool,
        Field(
            description="Refuse sizes that the stride does not divide, as the lecture does.",
            **setting("Strict sizes", key="strict", section="Rules"),
        ),
    ] = False

    def settled(self) -> Self:
        return self.model_copy(update={"padding": self.sides()})

    def sides(self) -> Sides:
        """Give the padding as ((top, bottom), (left, right))."""
        window = (self.weight.height, self.weight.width)
        return normalise_padding(
            self.padding, filter_size=window, stride=self.stride, dilation=self.dilation
        )


class Conv2dRequest(Convolution):
    """A 2-D convolution of one input volume with K filters."""

    op: Literal["conv2d"]


Whole = Annotated[int, Field(ge=1, le=LIMITS.calculator_side)]
Cells = Annotated[int, Field(ge=0, le=LIMITS.calculator_side)]


class OutputSizeRequest(Strict):
    """The size of an output along one axis, for layers of any size."""

    op: Literal["output_size"]
    size: Annotated[Whole, Field(description="Cells of the input along the axis: W1, or H1.")]
    filter: Annotated[Whole, Field(description="Taps of the filter along the axis: F.")]
    stride: Whole = 1
    padding: Annotated[
        tuple[Cells, Cells],
        BeforeValidator(lambda value: split(value, 2)),
        Field(description="Cells added before and after, or one number for both."),
    ] = (0, 0)
    dilation: Whole = 1
    axis: Literal["column", "row"] = "column"


class PaddingRequest(Strict):
    """An input volume with a border around it."""

    op: Literal["padding"]
    x: InputTensor = InputTensor()
    padding: Padding = ((1, 1), (1, 1))
    padding_mode: Literal["zeros", "reflect", "replicate", "circular"] = "zeros"
