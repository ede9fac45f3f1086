"""The controls of a page, read off a request model's JSON schema.

A field that a person can set says so in the schema: a query key, a section and, where it has
one, the lecture's letter. From that follow the rail of controls, the page's query string and
the request body, so that bounds, names and help stand once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel

# A number is whole, and may have several parts; a decimal is one number of any kind.
Kind = Literal["number", "decimal", "choice", "switch", "cells"]


@dataclass(frozen=True)
class Control:
    """One setting: where it stands in the request and in the query, and how it is named."""

    path: str
    key: str
    label: str
    short: str
    kind: Kind
    section: str
    help: str
    default: Any
    minimum: float | None = None
    maximum: float | None = None
    options: tuple[Mapping[str, Any], ...] = ()
    symbol: str | None = None
    mark: str | None = None
    parts: tuple[str, ...] = ()
    always: bool = False  # the default is the page's own: said even where the query leaves it out

    @property
    def query(self) -> str:
        """The default as the query string writes it."""
        return query_text(self.default)


def query_text(value: Any) -> str:
    """Write a setting as the query string does: equal parts once, others with commas."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, (list, tuple)):
        flat = [
            part
            for item in value
            for part in (item if isinstance(item, (list, tuple)) else (item,))
        ]
        return str(flat[0]) if len(set(flat)) == 1 else ",".join(map(str, flat))
    return _decimal(value) if isinstance(value, float) else str(value)


def _decimal(value: float) -> str:
    """Write a number as a person would: 1 and 1e-5, not 1.0 and 1e-05."""
    return str(int(value)) if value.is_integer() else re.sub(r"e-0+", "e-", repr(value))


@cache
def controls_of(model: type[BaseModel]) -> tuple[Control, ...]:
    """List the controls of a request model in the order of their fields."""
    schema = model.model_json_schema()
    return tuple(_walk(schema, schema.get("$defs", {}), ""))


def _walk(schema: Mapping[str, Any], defs: Mapping[str, Any], prefix: str) -> Iterator[Control]:
    for name, field in schema["properties"].items():
        path = f"{prefix}{name}"
        reference = field.get("$ref")
        if reference is not None:
            yield from _walk(defs[reference.rsplit("/", 1)[1]], defs, f"{path}.")
        elif "key" in field:
            yield _control(path, field)


def _control(path: str, field: Mapping[str, Any]) -> Control:
    return Control(
        path=path,
        key=field["key"],
        label=field["title"],
        short=field.get("short", field["title"]),
        kind=_kind(field),
        section=field["section"],
        help=field.get("description", ""),
        default=field.get("usual", field["default"]),
        always="usual" in field,
        minimum=_bound(field, "minimum"),
        maximum=_bound(field, "maximum"),
        options=tuple(field.get("options", ())),
        symbol=field.get("symbol"),
        mark=field.get("mark"),
        parts=tuple(field.get("parts", ())),
    )


def _bound(field: Mapping[str, Any], name: str) -> float | None:
    """Find a bound of a number, or of the number that may stand in a field beside null."""
    return next((part[name] for part in (field, *field.get("anyOf", ())) if name in part), None)


def _kind(field: Mapping[str, Any]) -> Kind:
    if "options" in field:
        return "choice"
    if field.get("cells"):
        return "cells"
    kinds: dict[Any, Kind] = {"boolean": "switch", "number": "decimal"}
    return kinds.get(field.get("type"), "number")


def body_of(model: type[BaseModel], query: Mapping[str, str]) -> dict[str, Any]:
    """Turn a query string into the nested body that the request model checks.

    Keys that are no control's stay at the top of the body, so that the model refuses them.
    """
    body: dict[str, Any] = {}
    by_key = {control.key: control for control in controls_of(model)}
    usual = {key: control.query for key, control in by_key.items() if control.always}
    for key, text in (usual | dict(query)).items():
        if key not in by_key:
            continue
        *parents, last = by_key[key].path.split(".")
        place = body
        for parent in parents:
            place = place.setdefault(parent, {})
        place[last] = text
    return body | {key: text for key, text in query.items() if key not in by_key}


def values_of(model: BaseModel) -> dict[str, str]:
    """Give the query text of every control of a checked request."""
    values = {}
    for control in controls_of(type(model)):
        if control.kind == "cells":
            continue
        value: Any = model
        for name in control.path.split("."):
            value = getattr(value, name)
        values[control.key] = query_text(value)
    return values
