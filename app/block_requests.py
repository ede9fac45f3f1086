"""The request model of a block of a network: its tensors, with the controls of its section."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from app.arrays import Edits, GradientTensor, OfOutput
from app.conv_requests import Mode
from app.fields import Number, Padding, Steps, Strict, Window, setting
from app.norm_requests import Epsilon, Scale
from app.tensors import (
    CHANNELS,
    KERNEL,
    SIDE,
    BiasTensor,
    FilterTensor,
    Index,
    InputTensor,
    Seed,
    options_of,
)
from engine.batches import GRADIENTS, TARGETS, wanted_output
from engine.phases import Values
from engine.presets import FILTERS, INPUTS

_LOSSES = [
    {"value": "given", "label": "Given", "about": "The gradient of the loss by a is given."},
    {"value": "loss", "label": "From a loss", "about": "Half the squared distance to a target."},
]
# Filters of three by three cells; the others would be cut off.
_KERNELS = {name: kernel for name, kernel in FILTERS.items() if "5x5" not in name}


def _block(title: str, key: str, **extra: Any) -> dict[str, Any]:
    return setting(title, key=key, section="Block", **extra)


def _cells(title: str, key: str, said: str) -> Any:
    return Field(
        default=[], description=f"{said}: cells changed by hand.", **_block(title, key, cells=True)
    )


class BlockInput(InputTensor):
    """What the block is given."""

    preset: Annotated[
        Literal[tuple(INPUTS)],  # type: ignore[valid-type]
        Field(**_block("Input of the block", "kx", options=options_of(INPUTS))),
    ] = "integers"
    seed: Annotated[Seed, Field(**_block("Input seed of the block", "kxs", mark="seed"))] = 0
    width: Annotated[int, Field(ge=1, le=SIDE)] = 5
    height: Annotated[int, Field(ge=1, le=SIDE)] = 5
    channels: Annotated[int, Field(ge=1, le=CHANNELS)] = 1
    edits: list[tuple[Index, Index, Index, Number]] = _cells(
        "Input cells of the block", "#kx", "[channel, row, column, value], from 0"
    )


class BlockFilter(FilterTensor):
    """The filters of its convolution."""

    preset: Annotated[
        Literal[tuple(FILTERS)],  # type: ignore[valid-type]
        Field(**_block("Kernel of the block", "kw", options=options_of(_KERNELS))),
    ] = "sobel_x"
    seed: Annotated[Seed, Field(**_block("Kernel seed of the block", "kws", mark="seed"))] = 0
    width: Annotated[int, Field(ge=1, le=KERNEL)] = 3
    height: Annotated[int, Field(ge=1, le=KERNEL)] = 3
    filters: Annotated[int, Field(ge=1, le=16)] = 1
    edits: list[tuple[Index, Index, Index, Index, Number]] = _cells(
        "Kernel cells of the block", "#kw", "[filter, channel, row, column, value], from 0"
    )


class BlockBias(BiasTensor):
    """Its bias, which batch norm makes useless."""

    on: bool = False
    edits: list[tuple[Index, Number]] = Field(default=[])


class BlockGradient(GradientTensor):
    """The gradient of the loss by the output."""

    preset: Annotated[
        Literal[tuple(GRADIENTS)],  # type: ignore[valid-type]
        Field(**_block("Upstream gradient of the block", "kg", options=options_of(GRADIENTS))),
    ] = "tenths"
    seed: Annotated[Seed, Field(**_block("Gradient seed of the block", "kgs", mark="seed"))] = 0
    edits: Edits = _cells("Gradient cells of the block", "#kg", "[map, row, column, value], from 0")


class BlockTarget(OfOutput):
    """What the output should be."""

    preset: Annotated[
        Literal[tuple(TARGETS)],  # type: ignore[valid-type]
        Field(**_block("Target of the block", "kt", options=options_of(TARGETS))),
    ] = "ones"
    edits: Edits = _cells("Target cells of the block", "#kt", "[map, row, column, value], from 0")

    def array(self, shape: tuple[int, ...]) -> Values:
        """Give the target in the shape of the output."""
        values = (
            wanted_output(self.preset, shape)
            if self.values is None
            else self._given(shape, "target", "wanted number")
        )
        return self._edited(values, "target")


class BlockRequest(Strict):
    """One input volume through a block of a network, and a gradient back through it."""

    op: Literal["block"]
    x: BlockInput = BlockInput()
    weight: BlockFilter = BlockFilter()
    bias: BlockBias = BlockBias()
    stride: Steps = (1, 1)
    padding: Padding = ((0, 0), (0, 0))
    padding_mode: Mode = "zeros"
    gamma: Annotated[Scale, Field(**_block("Scale of the block", "kgamma"))] = 2.0
    beta: Annotated[Scale, Field(**_block("Shift of the block", "kbeta"))] = 0.5
    eps: Annotated[Epsilon, Field(**_block("Epsilon of the block", "keps"))] = 1e-5
    kernel_size: Annotated[
        Window | None, Field(description="Of the max pooling behind ReLU; null: there is none.")
    ] = None
    pool_stride: Steps | None = None
    upstream: Annotated[
        Literal["given", "loss"],
        Field(
            description="Where the gradient of the output comes from.",
            **_block("Upstream of the block", "kup", options=_LOSSES),
        ),
    ] = "given"
    grad_y: BlockGradient = BlockGradient()
    target: BlockTarget = BlockTarget()
    reading: Literal["scatter", "gather"] = "gather"
