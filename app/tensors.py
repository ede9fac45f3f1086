"""The tensors of a request: by their values, or by a preset's name, seed and size, with edits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, model_validator

from app.fields import Number, Strict, array_of, setting
from app.settings import LIMITS
from engine.phases import Values
from engine.presets import FILTERS, INPUTS, bias_vector, filter_bank, input_volume

SIDE = LIMITS.lab_side
CHANNELS = LIMITS.lab_channels
KERNEL = LIMITS.lab_kernel
_RANKS = (2, 3, 4)
EDITED = ", from 0: cells changed by hand; those outside wait until it grows."
Seed = Annotated[int, Field(ge=0, le=9999)]
Index = Annotated[int, Field(ge=0)]


def options_of(presets: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"value": name, "label": preset.name, "about": preset.about}
        for name, preset in presets.items()
    ]


def spread_sizes(data: Any, names: tuple[str, str, str, str], field: str) -> Any:
    """Accept bare nested lists as values, and a shape as the sizes it stands for."""
    if isinstance(data, (list, tuple)):
        data = {"values": data}
    if not isinstance(data, dict):
        return data
    if data.get("values") is not None:
        shape = array_of(field, data["values"], _RANKS).shape
        sizes: tuple[Any, ...] = (1,) * (4 - len(shape)) + shape
    elif "shape" in data:
        given = data["shape"]
        if not isinstance(given, (list, tuple)) or len(given) not in _RANKS:
            raise ValueError(f"{field}: its shape is no list of 2 to 4 sizes, such as [7, 7]")
        sizes = tuple(given)
        data = {key: value for key, value in data.items() if key != "shape"}
    else:
        return data
    named = dict(zip(reversed(names), reversed(sizes), strict=False))
    if named.pop("images", 1) != 1:
        raise ValueError(f"{field}: more than one image; give one, as [channels, rows, columns]")
    named.pop("depth", None)
    return data | named


Width = Annotated[
    int,
    Field(
        ge=1,
        le=SIDE,
        **setting(
            "Input width", key="w", section="Input", short="Width", symbol="W_1", mark="input"
        ),
    ),
]
Height = Annotated[
    int,
    Field(
        ge=1,
        le=SIDE,
        **setting(
            "Input height", key="h", section="Input", short="Height", symbol="H_1", mark="input"
        ),
    ),
]


class InputTensor(Strict):
    """The input volume x: (channels, height, width)."""

    preset: Annotated[
        Literal[tuple(INPUTS)],  # type: ignore[valid-type]
        Field(
            **setting(
                "Input preset", key="x", section="Input", short="Preset", options=options_of(INPUTS)
            )
        ),
    ] = "integers"
    seed: Annotated[
        Seed, Field(**setting("Input seed", key="xs", section="Input", short="Seed", mark="seed"))
    ] = 0
    width: Width = 7
    height: Height = 7
    channels: Annotated[
        int,
        Field(
            ge=1,
            le=CHANNELS,
            **setting("Channels", key="d", section="Input", symbol="D_1", mark="input"),
        ),
    ] = 1
    values: list[Any] | None = Field(
        default=None, description="Nested lists: rows, channels of rows, or (1, C, H, W)."
    )
    edits: list[tuple[Index, Index, Index, Number]] = Field(
        default=[],
        description=f"[channel, row, column, value]{EDITED}",
        **setting("Input cells", key="#x", section="Input", cells=True),
    )

    @model_validator(mode="before")
    @classmethod
    def _sizes(cls, data: Any) -> Any:
        return spread_sizes(data, ("images", "channels", "height", "width"), "x")

    def array(self) -> Values:
        """Give the volume as (1, channels, height, width)."""
        shape = (self.channels, self.height, self.width)
        if self.values is not None:
            volume = array_of("x", self.values, _RANKS).reshape(shape)
        else:
            volume = input_volume(self.preset, shape, self.seed)
        return edited(volume, self.edits)[None]


class FilterTensor(Strict):
    """The filters: (filters, channels / groups, height, width); depth as the input has."""

    preset: Annotated[
        Literal[tuple(FILTERS)],  # type: ignore[valid-type]
        Field(
            **setting(
                "Filter preset",
                key="fx",
                section="Filter",
                short="Preset",
                options=options_of(FILTERS),
            )
        ),
    ] = "integers"
    seed: Annotated[
        Seed, Field(**setting("Filter seed", key="fs", section="Filter", short="Seed", mark="seed"))
    ] = 0
    width: Annotated[
        int,
        Field(
            ge=1,
            le=KERNEL,
            **setting(
                "Filter width", key="fw", section="Filter", short="Width", symbol="F", mark="filter"
            ),
        ),
    ] = 3
    height: Annotated[
        int,
        Field(
            ge=1,
            le=KERNEL,
            **setting(
                "Filter height",
                key="fh",
                section="Filter",
                short="Height",
                symbol="F",
                mark="filter",
            ),
        ),
    ] = 3
    filters: Annotated[
        int,
        Field(
            ge=1,
            le=LIMITS.lab_filters,
            **setting("Filters", key="k", section="Filter", symbol="K", mark="filter"),
        ),
    ] = 1
    values: list[Any] | None = Field(
        default=None, description="Nested lists: rows, channels of rows, or (K, C/groups, Fh, Fw)."
    )
    edits: list[tuple[Index, Index, Index, Index, Number]] = Field(
        default=[],
        description=f"[filter, channel, row, column, value]{EDITED}",
        **setting("Filter cells", key="#w", section="Filter", cells=True),
    )

    @model_validator(mode="before")
    @classmethod
    def _sizes(cls, data: Any) -> Any:
        return spread_sizes(data, ("filters", "depth", "height", "width"), "weight")

    def array(self, depth: int) -> tuple[Values, float]:
        """Give the taps as (filters, depth, height, width), and the divisor of their sums."""
        shape = (self.filters, depth, self.height, self.width)
        if self.values is not None:
            taps, divisor = array_of("weight", self.values, _RANKS), 1.0
            taps = taps.reshape((1,) * (4 - taps.ndim) + taps.shape)
        else:
            taps, divisor = filter_bank(self.preset, shape, self.seed)
        return edited(taps, self.edits), divisor


class BiasTensor(Strict):
    """One bias a filter, or none."""

    on: Annotated[bool, Field(**setting("Bias", key="b", section="Rules", symbol="b"))] = False
    values: list[Number] | None = None
    edits: list[tuple[Index, Number]] = Field(
        default=[],
        description=f"[filter, value]{EDITED}",
        **setting("Bias cells", key="#b", section="Rules", cells=True),
    )

    @model_validator(mode="before")
    @classmethod
    def _forms(cls, data: Any) -> Any:
        if data is None or isinstance(data, bool):
            return {"on": bool(data)}
        if isinstance(data, list):
            return {"on": True, "values": data}
        return data

    def array(self, filters: int) -> Values | None:
        """Give the biases as (filters,)."""
        if not self.on:
            return None
        values = (
            bias_vector(filters) if self.values is None else np.array(self.values, dtype=np.float64)
        )
        return edited(values, self.edits)


def edited(values: Values, edits: Sequence[Sequence[float]]) -> Values:
    """Set single cells; those outside wait until the tensor grows: nothing typed is lost."""
    values = np.array(values, dtype=np.float64)
    for *index, value in edits:
        cell = tuple(map(int, index))
        if all(at < size for at, size in zip(cell, values.shape, strict=True)):
            values[cell] = value
    return values
