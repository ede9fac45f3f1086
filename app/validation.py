"""What pydantic refuses, said in one sentence: the field, its value, the rule, the way out."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.nearest import did_you_mean
from app.problem import Problem, engine_problem, one_of
from engine.errors import EngineError

Loc = tuple[str | int, ...]
Schema = Mapping[str, Any]

_RULES = {
    "greater_than_equal": "{value} is too small; use at least {ge}",
    "greater_than": "{value} is too small; use more than {gt}",
    "less_than_equal": "{value} is too large; use at most {le}",
    "less_than": "{value} is too large; use less than {lt}",
    "finite_number": "is not a finite number; use one between -1000000 and 1000000",
    "int_type": "{value} is not a whole number; use one such as 1",
    "int_parsing": "{value} is not a whole number; use one such as 1",
    "int_parsing_size": "{value} is too large; use a smaller number",
    "int_from_float": "{value} is not a whole number; use one such as 1",
    "float_type": "{value} is not a number; use one such as 0.5",
    "float_parsing": "{value} is not a number; use one such as 0.5",
    "bool_type": "{value} is not a yes or no; use true or false",
    "bool_parsing": "{value} is not a yes or no; use true or false",
    "string_type": "{value} is not a text; put it in quotes",
    "string_unicode": "holds a character that is no text; leave it out",
    "list_type": "{value} is not a list; use square brackets",
    "tuple_type": "{value} is not a list; use square brackets",
    "dict_type": "{value} is not an object; use curly brackets",
    "model_type": "{value} is not an object; use curly brackets",
    "model_attributes_type": "{value} is not an object; use curly brackets",
    "too_short": "has {actual_length} entries; use at least {min_length}",
    "too_long": "has too many entries; use at most {max_length}",
    "string_too_short": "{value} is too short; use at least {min_length} characters",
    "string_too_long": "{value} is too long; use at most {max_length} characters",
    "string_pattern_mismatch": "{value} does not have the form {pattern}",
    "missing": "is missing; add it",
    "union_tag_not_found": "is missing; add it",
}
_NOT_SENT = object()
_NUMBER = re.compile(r"\s*[-+]?[0-9.]")
_NAMED = re.compile(r"^(\w+): ")
_NO_BODY = "the body: is missing; send a JSON object with Content-Type: application/json"


def validation_problem(
    errors: Sequence[Mapping[str, Any]], *, body: Any = None, schema: Schema | None = None
) -> Problem:
    """Say the most telling one of several errors.

    Parameters
    ----------
    errors : sequence of mappings
        What pydantic's ``errors()`` gives.
    body : optional
        The value that was checked; tells real fields from the branches of a union.
    schema : mapping, optional
        JSON schema of the model that checked it; the source of "did you mean".
    """
    fault = _most_telling([_fault(error, body, schema) for error in errors])
    cause = fault.context.get("error")
    if isinstance(cause, EngineError):
        return engine_problem(cause)
    if not fault.place and fault.kind in ("missing", "model_attributes_type", "dict_type"):
        return Problem(_NO_BODY)
    sentence = _sentence(fault, schema)
    named = () if fault.place else _NAMED.findall(sentence)
    field = ".".join(part for part in (*fault.place, *named) if isinstance(part, str))
    return Problem(sentence, field or None)


@dataclass(frozen=True)
class _Fault:
    """One of pydantic's errors, found again in the body as its sender wrote it."""

    kind: str
    message: str
    context: Mapping[str, Any]
    loc: Loc
    place: Loc
    value: Any

    @property
    def label(self) -> str:
        """The place as one writes it: ``x.values[2]``."""
        parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.place)
        return "".join(parts).removeprefix(".") or "the body"


def _fault(error: Mapping[str, Any], body: Any, schema: Schema | None) -> _Fault:
    kind, context = error["type"], error.get("ctx", {})
    loc = tuple(error["loc"])
    if loc and loc[0] in ("body", "query", "path", "header"):
        loc = loc[1:]
    # The branch of the union of operations may have the name of a field: it is no place.
    branch = isinstance(body, dict) and loc and loc[0] == body.get("op")
    inner = loc[1:] if branch else loc
    if kind in ("missing", "extra_forbidden"):
        place, value = _find(inner[:-1], body, schema)
        place = (*place, *inner[-1:])
    else:
        place, value = _find(inner, body, schema)
    if kind.startswith("union_tag"):
        place = (*place, context["discriminator"].strip("'"))
        value = context.get("tag")
    elif value is _NOT_SENT:
        value = error["input"]
    return _Fault(kind, error["msg"], context, loc, place, value)


def _find(loc: Loc, body: Any, schema: Schema | None) -> tuple[Loc, Any]:
    """Walk to a place, leaving out what pydantic adds to it: the branches of unions.

    A place that the model made up, such as a size read off a list, keeps its name.
    """
    place: list[str | int] = []
    value: Any = _NOT_SENT if body is None else body
    for position, part in enumerate(loc):
        if _holds(value, part):
            value = value[part]
        elif isinstance(part, str) and part in _known(schema, loc[:position]):
            value = _NOT_SENT
        elif body is not None or "[" in str(part):
            continue
        place.append(part)
    return tuple(place), value


def _holds(container: Any, part: str | int) -> bool:
    if isinstance(container, list):
        return isinstance(part, int) and part < len(container)
    return isinstance(container, dict) and part in container


def _most_telling(faults: Sequence[_Fault]) -> _Fault:
    """Of the first field's faults (a union gives one a branch) take the branch that fits best."""

    def fit(fault: _Fault) -> tuple[bool, int]:
        # A number written as text is a number out of range rather than an unknown word.
        word = isinstance(fault.value, str) and not _NUMBER.match(fault.value)
        return fault.kind == "literal_error" and word, len(fault.loc)

    return max((fault for fault in faults if fault.place[:1] == faults[0].place[:1]), key=fit)


def _sentence(fault: _Fault, schema: Schema | None) -> str:
    if fault.kind == "extra_forbidden":
        return _unknown_field(str(fault.place[-1]), sorted(_known(schema, fault.loc[:-1])))
    if fault.kind in ("literal_error", "enum", "union_tag_invalid"):
        expected = fault.context.get("expected_tags") or fault.context["expected"]
        options = one_of(re.findall(r"'([^']*)'", expected), near=fault.value)
        return f"{fault.label}: {shown(fault.value)} is not known; use {options}"
    if fault.kind in _RULES:
        told = _RULES[fault.kind].format(value=shown(fault.value), **fault.context)
        return f"{fault.label}: {told}"
    told = fault.message.removeprefix("Value error, ")
    if fault.kind != "value_error":
        return f"{fault.label}: {told[:1].lower()}{told[1:]}"
    names_its_field = not fault.place or told.startswith(str(fault.place[0]))
    return told if names_its_field else f"{fault.label}: {told}"


def _unknown_field(name: str, known: Sequence[str]) -> str:
    hint = did_you_mean(name, known)
    if not hint and known:
        hint = f"; the known ones are {', '.join(known)}"
    return f"unknown field {shown(name)}{hint}"


def shown(value: Any) -> str:
    """Show a value in a sentence: short, on one line, never NaN or an infinity."""
    if isinstance(value, (list, tuple)):
        return "a list"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, float) and not math.isfinite(value):
        return "this"
    if value is None or isinstance(value, (bool, int, float, str)):
        text = json.dumps(value, ensure_ascii=False)
        closing = '"' if isinstance(value, str) else ""
        return text if len(text) <= 40 else f"{text[:36]}...{closing}"
    return "this"


def _known(schema: Schema | None, loc: Loc) -> set[str]:
    """List the fields that a schema knows at a place inside it, in every branch that fits."""
    if schema is None:
        return set()
    definitions = schema.get("$defs", {})
    places = list(_branches(schema, definitions))
    for part in loc:
        inner = [found for place in places if (found := _step(place, part)) is not None]
        if inner:
            places = [branch for found in inner for branch in _branches(found, definitions)]
        else:
            # A union's branch, named by its tag.
            places = [place for place in places if _tag(place) == part] or places
    return {name for place in places for name in place.get("properties", {})}


def _branches(schema: Schema, definitions: Mapping[str, Schema]) -> Iterator[Schema]:
    if "$ref" in schema:
        yield from _branches(definitions[schema["$ref"].rsplit("/", 1)[1]], definitions)
    else:
        yield schema
    for option in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from _branches(option, definitions)


def _step(schema: Schema, part: str | int) -> Schema | None:
    found = schema.get("items") if isinstance(part, int) else schema.get("properties", {}).get(part)
    return found if isinstance(found, dict) else None


def _tag(schema: Schema) -> Any:
    tags = [field["const"] for field in schema.get("properties", {}).values() if "const" in field]
    return tags[0] if tags else None
