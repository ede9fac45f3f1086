"""What request models are made of: numbers, pairs, paddings, nested lists, with their bounds."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from app.settings import LIMITS
from engine.phases import Values

LARGEST = LIMITS.json_number
Number = Annotated[float, Field(ge=-LARGEST, le=LARGEST, allow_inf_nan=False)]


class Strict(BaseModel):
    """A model that knows all its fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def setting(title: str, *, key: str, section: str, **extra: Any) -> dict[str, Any]:
    """Describe a field as a control of the rail, for ``Field(**setting(...))``."""
    return {"title": title, "json_schema_extra": {"key": key, "section": section, **extra}}


def split(value: Any, parts: int) -> Any:
    """Read "2", "2,1" and 2 as so many whole numbers; leave anything else to the checks behind."""
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",")]
        value = value[0] if len(value) == 1 else value
    if isinstance(value, (int, str)) and not isinstance(value, bool):
        return [value] * parts
    return value


def _sides(value: Any) -> Any:
    """Read a padding: 1, (rows, columns), four sides, or ((top, bottom), (left, right))."""
    if value in ("same", "valid"):
        return value
    value = split(value, 2)
    if not isinstance(value, (list, tuple)):
        return value
    if len(value) == 4:
        return [value[:2], value[2:]]
    return [[side, side] if isinstance(side, (int, str)) else side for side in value]


def pair_schema(lowest: int, highest: int) -> WithJsonSchema:
    """Describe a setting for rows and columns, accepted as one number or as two."""
    whole = {"type": "integer", "minimum": lowest, "maximum": highest}
    both = {"type": "array", "items": whole, "minItems": 2, "maxItems": 2}
    return WithJsonSchema({"anyOf": [whole, both], "minimum": lowest, "maximum": highest})


def sides_schema(highest: int) -> WithJsonSchema:
    """Describe a padding, accepted as flat or as nested as the caller writes it."""
    whole = {"type": "integer", "minimum": 0, "maximum": highest}
    both = {"type": "array", "items": whole, "minItems": 2, "maxItems": 2}
    four = {"type": "array", "items": both, "minItems": 2, "maxItems": 2}
    words = {"type": "string", "enum": ["same", "valid"]}
    return WithJsonSchema({"anyOf": [whole, both, four, words], "minimum": 0, "maximum": highest})


Step = Annotated[int, Field(ge=1, le=LIMITS.lab_step)]
Steps = Annotated[
    tuple[Step, Step],
    BeforeValidator(lambda value: split(value, 2)),
    pair_schema(1, LIMITS.lab_step),
]
Side = Annotated[int, Field(ge=0, le=LIMITS.lab_padding)]
Padding = Annotated[
    tuple[tuple[Side, Side], tuple[Side, Side]] | Literal["same", "valid"],
    BeforeValidator(_sides),
    sides_schema(LIMITS.lab_padding),
]


def array_of(field: str, values: Any, ranks: tuple[int, ...]) -> Values:
    """Turn nested lists into an array, or say what is wrong with them.

    Raises
    ------
    ValueError
        If rows differ in length, an entry is no finite number, or the depth of nesting is wrong.
    """
    shape = _shape(field, values)
    if len(shape) not in ranks or 0 in shape:
        wanted = " or ".join(f"{rank}" for rank in ranks)
        raise ValueError(
            f"{field}: lists nested {len(shape)} deep with shape {_times(shape)}; "
            f"nest them {wanted} deep with at least one number"
        )
    return np.array(values, dtype=np.float64)


def _times(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape)) or "none"


def _shape(field: str, values: Any) -> tuple[int, ...]:
    if isinstance(values, list):
        inner = [_shape(field, item) for item in values]
        for index, shape in enumerate(inner):
            if shape != inner[0]:
                raise ValueError(
                    f"{field}: row {index + 1} has {_times(shape)} numbers where row 1 has "
                    f"{_times(inner[0])}; give every row the same number"
                )
        return (len(values), *(inner[0] if inner else ()))
    if isinstance(values, bool) or not isinstance(values, (int, float)):
        raise ValueError(f"{field}: {str(values)[:40]!r} is not a number; use numbers only")
    if not math.isfinite(values) or abs(values) > LARGEST:
        raise ValueError(
            f"{field}: {values:g} is out of range; "
            f"use numbers from {-LARGEST:,.0f} to {LARGEST:,.0f}"
        )
    return ()
