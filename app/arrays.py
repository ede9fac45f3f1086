"""Arrays of a request beside the lab's volume and filters: gradients, batches, signals, scales."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from app.fields import Number, Strict, array_of, setting
from app.settings import LIMITS
from app.tensors import KERNEL, Seed, edited, options_of
from engine.batches import BATCHES, GRADIENTS, mini_batch, upstream_gradient
from engine.errors import ParameterError, ShapeError
from engine.kernel_library import KERNELS, Kernel
from engine.phases import Values
from engine.presets import Preset, filter_bank, input_volume

# Where there is nothing to see in two dimensions, the presets of volumes say little.
SIGNALS = ("integers", "random", "ramp", "impulse", "edges", "blank")
Edits = list[list[Number]]
_EDITS = "[..., value]: cells changed by hand, by their index from 0."
_OUTPUTS = (1, 2, 3, 4)
TARGETS: Mapping[str, Preset | Kernel] = {
    name: kernel for name, kernel in KERNELS.items() if len(set(kernel.taps.shape)) == 1
} | {"zeros": Preset("Zeros", "All zeros, to be filled by hand.")}
_FROM_LOSS = {
    "value": "loss",
    "label": "From a loss",
    "about": "Output minus target: the loss is half the sum of its squares.",
}


def _upstream(options: list[dict[str, Any]]) -> dict[str, Any]:
    return setting(
        "Upstream gradient", key="gy", section="Gradient", short="Upstream", options=options
    )


class Given(Strict):
    """Numbers by their values, bare or under that name, or by a preset, with edits."""

    values: list[Any] | None = Field(default=None, description="Nested lists of numbers.")
    edits: Edits = Field(default=[], description=_EDITS)

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, data: Any) -> Any:
        return {"values": list(data)} if isinstance(data, (list, tuple)) else data

    def _edited(self, values: Values, field: str) -> Values:
        """Set single cells; an image axis of one image is left out of their index."""
        for edit in self.edits:
            # One image needs no index.
            least = values.ndim - (values.ndim > 2 and len(values) == 1)
            index = edit[:-1]
            if any(at < 0 or at != int(at) for at in index):
                raise ParameterError(
                    f"{field}: an edit of the cell {index}; give whole numbers from 0, "
                    "and the value behind them",
                    parameter=field,
                )
            if not least <= len(index) <= values.ndim:
                raise ParameterError(
                    f"{field}: an edit of {len(edit)} numbers in an array of {values.ndim} axes; "
                    "give the index of the cell and its value",
                    parameter=field,
                )
        whole = [[0] * (values.ndim + 1 - len(edit)) + edit for edit in self.edits]
        return edited(values, whole)


class OfOutput(Given):
    """One number for each output cell, in the shape that the output has."""

    def _given(self, shape: tuple[int, ...], field: str, each: str) -> Values:
        """Give the values in that shape; axes of one cell in front may be left out."""
        values = array_of(field, self.values, _OUTPUTS)
        leading = (1,) * (len(shape) - values.ndim)
        if leading + values.shape != shape:
            given, wanted = ("×".join(map(str, s)) for s in (values.shape, shape))
            raise ShapeError(
                f"{field}: {given} numbers do not go with an output of {wanted}; "
                f"give one {each} for each output cell",
                parameter=field,
            )
        return values.reshape(shape)


class GradientTensor(OfOutput):
    """The gradient of the loss by the output: of the shape that the output has."""

    preset: Annotated[
        Literal[tuple(GRADIENTS)],  # type: ignore[valid-type]
        Field(**_upstream(options_of(GRADIENTS))),
    ] = "integers"
    seed: Annotated[
        Seed,
        Field(**setting("Gradient seed", key="gs", section="Gradient", short="Seed", mark="seed")),
    ] = 0
    edits: Edits = Field(
        default=[],
        description=_EDITS,
        **setting("Gradient cells", key="#g", section="Gradient", cells=True),
    )

    @model_validator(mode="after")
    def _numbers(self) -> Self:
        if self.values is not None:
            array_of("grad_y", self.values, _OUTPUTS)
        return self

    def array(self, shape: tuple[int, ...]) -> Values:
        """Give the gradient in the shape of the output.

        Raises
        ------
        ShapeError
            If given values have another shape.
        """
        if self.values is None:
            return self._edited(upstream_gradient(self.preset, shape, self.seed), "grad_y")
        return self._edited(self._given(shape, "grad_y", "gradient"), "grad_y")


class LossGradientTensor(GradientTensor):
    """As `GradientTensor`; or what a loss sends back, which its edits do not change."""

    preset: Annotated[
        Literal[(*GRADIENTS, "loss")],  # type: ignore[valid-type]
        Field(**_upstream([*options_of(GRADIENTS), _FROM_LOSS])),
    ] = "integers"

    @property
    def from_loss(self) -> bool:
        """Whether the gradient is that of a loss."""
        return self.values is None and self.preset == "loss"


class TargetTensor(OfOutput):
    """What the output should be: numbers, zeros, or what a hidden kernel gives."""

    preset: Annotated[
        Literal[tuple(TARGETS)],  # type: ignore[valid-type]
        Field(
            description="What the output should be, when the gradient comes from a loss.",
            **setting("Target", key="target", section="Gradient", options=options_of(TARGETS)),
        ),
    ] = "sobel_x"
    edits: Edits = Field(
        default=[],
        description=_EDITS,
        **setting("Target cells", key="#target", section="Gradient", cells=True),
    )

    @model_validator(mode="after")
    def _numbers(self) -> Self:
        if self.values is not None:
            array_of("target", self.values, _OUTPUTS)
        return self

    def array(self, shape: tuple[int, ...], hidden: Callable[[str], Values]) -> Values:
        """Give the target in the shape of the output; `hidden` gives what a named kernel makes.

        Raises
        ------
        ShapeError
            If given values have another shape.
        """
        if self.values is not None:
            values = self._given(shape, "target", "wanted number")
        else:
            values = np.zeros(shape) if self.preset == "zeros" else hidden(self.preset)
        return self._edited(values, "target")


class BatchTensor(Given):
    """A mini-batch: (samples, features), or feature maps (samples, channels, rows, columns)."""

    preset: Literal[tuple(BATCHES)] = "growing"  # type: ignore[valid-type]
    seed: Seed = 0
    shape: list[Annotated[int, Field(ge=1, le=LIMITS.lab_side)]] = Field(
        default=[4, 1], min_length=2, max_length=4
    )

    @model_validator(mode="after")
    def _known_shape(self) -> Self:
        shape = self.shape if self.values is None else self.array().shape
        if len(shape) == 3:
            raise ValueError("x: a batch of 3 axes; use (samples, features) or four axes")
        if max(shape) > LIMITS.lab_side or np.prod(shape) > LIMITS.whole_cells:
            sizes = "×".join(map(str, shape))
            raise ValueError(
                f"x: a batch of {sizes} is too large; use at most {LIMITS.lab_side} along an axis "
                f"and {LIMITS.whole_cells:,} numbers"
            )
        return self

    def array(self) -> Values:
        """Give the batch; a bare list of numbers is one feature."""
        if self.values is None:
            return self._edited(mini_batch(self.preset, tuple(self.shape), self.seed), "x")
        values = array_of("x", self.values, (1, 2, 4))
        return self._edited(values[:, None] if values.ndim == 1 else values, "x")


class SignalTensor(Given):
    """A signal: (channels, length)."""

    preset: Literal[SIGNALS] = "integers"  # type: ignore[valid-type]
    seed: Seed = 0
    length: Annotated[int, Field(ge=1, le=LIMITS.lab_signal)] = 9
    channels: Annotated[int, Field(ge=1, le=LIMITS.lab_channels)] = 1

    @model_validator(mode="after")
    def _small_enough(self) -> Self:
        if self.values is not None:
            _, channels, length = self.array().shape
            if channels > LIMITS.lab_channels or length > LIMITS.lab_signal:
                raise ValueError(
                    f"x: a signal of {channels}×{length} is too large; use at most "
                    f"{LIMITS.lab_channels} channels of {LIMITS.lab_signal} numbers"
                )
        return self

    def array(self) -> Values:
        """Give the signal as (1, channels, length)."""
        if self.values is None:
            volume = input_volume(self.preset, (self.channels, 1, self.length), self.seed)
            return self._edited(volume[None, :, 0], "x")
        values = array_of("x", self.values, (1, 2, 3))
        signal = values.reshape((1,) * (3 - values.ndim) + values.shape)
        if len(signal) != 1:
            raise ValueError("x: more than one signal; give one, as [channels, numbers]")
        return self._edited(signal, "x")


class TapsTensor(Given):
    """Filters of a signal: (filters, channels / groups, taps)."""

    preset: Literal["integers", "random"] = "integers"
    seed: Seed = 0
    size: Annotated[int, Field(ge=1, le=KERNEL)] = 3
    filters: Annotated[int, Field(ge=1, le=LIMITS.lab_filters)] = 1

    @model_validator(mode="after")
    def _small_enough(self) -> Self:
        if self.values is not None:
            filters, _, size = self.array(1).shape
            if filters > LIMITS.lab_filters or size > KERNEL:
                raise ValueError(
                    f"weight: {filters} filters of {size} taps are too many; use at most "
                    f"{LIMITS.lab_filters} filters of {KERNEL} taps"
                )
        return self

    @property
    def count(self) -> int:
        """The number of filters."""
        return self.filters if self.values is None else len(self.array(1))

    def array(self, depth: int) -> Values:
        """Give the taps as (filters, depth, taps)."""
        if self.values is None:
            taps, _ = filter_bank(self.preset, (self.filters, depth, 1, self.size), self.seed)
            return self._edited(taps[:, :, 0], "weight")
        values = array_of("weight", self.values, (1, 2, 3))
        return self._edited(values.reshape((1,) * (3 - values.ndim) + values.shape), "weight")


Vector = Number | list[Number]


def vector_of(field: str, given: Vector, size: int) -> Values:
    """Give one number for each feature: a single one is the same for all.

    Raises
    ------
    ShapeError
        If a list has another number of entries.
    """
    values = np.array(given, dtype=np.float64)
    if values.ndim == 1 and len(values) != size:
        raise ShapeError(
            f"{field}: {len(values)} numbers do not go with {size} features; "
            "use one number, or one for each",
            parameter=field,
        )
    return np.array(np.broadcast_to(values, (size,)))
