"""The request model of a layer of any size: its numbers by presets, never by values."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.fields import Padding, Steps, Strict
from app.tensors import Seed
from engine.presets import FILTERS, INPUTS
from engine.window import Shape, Sides, normalise_padding

SIDE = 4096
CHANNELS = 2048
FILTER_COUNT = 4096
KERNEL = 31

_Side = Annotated[int, Field(ge=1, le=SIDE)]
_Taps = Annotated[int, Field(ge=1, le=KERNEL)]
_Index = Annotated[int, Field(ge=0)]


class LayerInput(Strict):
    """An input volume too large to be sent."""

    preset: Literal[tuple(INPUTS)] = "integers"  # type: ignore[valid-type]
    seed: Seed = 0
    width: _Side = 227
    height: _Side = 227
    channels: Annotated[int, Field(ge=1, le=CHANNELS)] = 3


class LayerFilters(Strict):
    """The filters of a layer, as deep as its input."""

    preset: Literal[tuple(FILTERS)] = "integers"  # type: ignore[valid-type]
    seed: Seed = 0
    width: _Taps = 11
    height: _Taps = 11
    filters: Annotated[int, Field(ge=1, le=FILTER_COUNT)] = 96


class VolumeRequest(Strict):
    """A convolution layer of any sensible size, and one cell of its output."""

    x: LayerInput = LayerInput()
    weight: LayerFilters = LayerFilters()
    stride: Steps = (1, 1)
    padding: Padding = ((0, 0), (0, 0))
    padding_mode: Literal["zeros", "reflect", "replicate", "circular"] = "zeros"
    dilation: Steps = (1, 1)
    bias: Annotated[bool, Field(description="Whether each filter has a bias.")] = True
    at: Annotated[
        tuple[_Index, _Index, _Index] | None,
        Field(description="The output cell to explain: [map, row, column], from 0."),
    ] = None
    channel: Annotated[
        _Index,
        Field(description="The first channel whose terms are sent, where they are too many."),
    ] = 0

    @property
    def input_shape(self) -> Shape:
        """Give (1, C, H, W)."""
        return (1, self.x.channels, self.x.height, self.x.width)

    @property
    def weight_shape(self) -> Shape:
        """Give (K, C, Fh, Fw)."""
        weight = self.weight
        return (weight.filters, self.x.channels, weight.height, weight.width)

    def sides(self) -> Sides:
        """Give the padding as ((top, bottom), (left, right))."""
        window = (self.weight.height, self.weight.width)
        return normalise_padding(
            self.padding, filter_size=window, stride=self.stride, dilation=self.dilation
        )
