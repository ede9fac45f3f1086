"""What request models are made of: numbers, pairs, paddings, nested lists, with their bounds."""

from __future__ import annotations

import math
import re
from typing import Annotated, Any, Literal, Self

import numpy as np
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
)

from app.problem import printable
from app.settings import LIMITS
from app.validation import shown
from engine.phases import Values

LARGEST = LIMITS.json_number
Number = Annotated[float, Field(ge=-LARGEST, le=LARGEST, allow_inf_nan=False)]


class Strict(BaseModel):
    """A model that knows all its fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def settled(self) -> Self:
        """Give the request with every setting as a number, where a word may stand for one.

        Raises
        ------
        ParameterError
            If the word does not go with the other settings.
        """
        return self


def setting(title: str, *, key: str, section: str, **extra: Any) -> dict[str, Any]:
    """Describe a field as a control of the rail, for ``Field(**setting(...))``."""
    return {"title": title, "json_schema_extra": {"key": key, "section": section, **extra}}


BOTH = ["rows", "columns"]
STRIDE = setting("Stride", key="s", section="Sliding", symbol="S", mark="stride", parts=BOTH)
DILATION = setting("Dilation", key="dil", section="Sliding", parts=BOTH)
GROUPS = setting("Groups", key="g", section="Sliding")


def split(value: Any, parts: int) -> Any:
    """Read "2", "2,1" and 2 as so many numbers; leave anything else to the checks behind."""
    if isinstance(value, str):
        texts = [_whole(part.strip()) for part in value.split(",")]
        value = texts[0] if len(texts) == 1 else texts
    if not isinstance(value, (bool, list, tuple, dict)):
        return [value] * parts
    return value


def _whole(text: str) -> int | str:
    # As a number it is told that it is too small or too large, and not that it is no number.
    return int(text) if re.fullmatch(r"[+-]?[0-9]{1,9}", text) else text


def _sides(value: Any) -> Any:
    """Read a padding: 1, (rows, columns), four sides, or ((top, bottom), (left, right))."""
    if value in ("same", "valid"):
        return value
    value = split(value, 2)
    if not isinstance(value, (list, tuple)):
        return value
    if len(value) == 4:
        return [value[:2], value[2:]]
    if len(value) != 2:
        raise ValueError(
            f"padding: a list of {len(value)}; use one number, two (rows, columns) "
            "or four (top, bottom, left, right)"
        )
    return [split(side, 2) for side in value]


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
Window = Annotated[
    tuple[
        Annotated[int, Field(ge=1, le=LIMITS.lab_kernel)],
        Annotated[int, Field(ge=1, le=LIMITS.lab_kernel)],
    ],
    BeforeValidator(lambda value: split(value, 2)),
    pair_schema(1, LIMITS.lab_kernel),
]
Side = Annotated[int, Field(ge=0, le=LIMITS.lab_padding)]
Cells = Annotated[
    tuple[Side, Side],
    BeforeValidator(lambda value: split(value, 2)),
    pair_schema(0, LIMITS.lab_padding),
]
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
    if 0 in shape:
        raise ValueError(f"{field}: a list without numbers; give every row at least one")
    if len(shape) not in ranks:
        wanted = f"{', '.join(map(str, ranks[:-1]))} or {ranks[-1]}"
        raise ValueError(
            f"{field}: its lists are nested {len(shape)} deep; nest them {wanted} deep, "
            "such as [[1, 2], [3, 4]]"
        )
    return np.array(values, dtype=np.float64)


def _held(shape: tuple[int, ...]) -> str:
    if not shape:
        return "is a bare number"
    return "has 1 number" if shape == (1,) else f"has {'×'.join(map(str, shape))} numbers"


def _shape(field: str, values: Any) -> tuple[int, ...]:
    if isinstance(values, list):
        inner = [_shape(field, item) for item in values]
        for index, shape in enumerate(inner):
            if shape != inner[0]:
                part = "row" if max(len(shape), len(inner[0])) == 1 else "part"
                raise ValueError(
                    f"{field}: {part} {index + 1} {_held(shape)} where {part} 1 "
                    f"{_held(inner[0])}; give every {part} as many"
                )
        return (len(values), *(inner[0] if inner else ()))
    if isinstance(values, bool) or not isinstance(values, (int, float)):
        raise ValueError(f"{field}: {printable(shown(values))} is not a number; use numbers only")
    if not math.isfinite(values) or abs(values) > LARGEST:
        raise ValueError(
            f"{field}: {values:g} is out of range; "
            f"use numbers from {-LARGEST:,.0f} to {LARGEST:,.0f}"
        )
    return ()
