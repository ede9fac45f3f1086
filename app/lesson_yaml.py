"""YAML with line numbers, checked by a pydantic model: every fault names its line in the file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from app.validation import validation_problem

Model = TypeVar("Model", bound=BaseModel)
Place = tuple[str | int, ...]


@dataclass
class Report:
    """The faults found in one file, told as a compiler tells them."""

    path: Path
    faults: list[tuple[int, str]] = field(default_factory=list)

    def add(self, line: int, message: str) -> None:
        if (line, message) not in self.faults:
            self.faults.append((line, message))

    def sentences(self) -> list[str]:
        return [f"{self.path}:{line}: {message}" for line, message in sorted(self.faults)]


@dataclass(frozen=True)
class Block:
    """A YAML mapping, and the line in the file of each place in it."""

    values: Mapping[str, Any]
    first_line: int
    places: Mapping[Place, int]

    def line(self, *place: str | int) -> int:
        """Give the line of a place, or of the nearest one around it."""
        while place and place not in self.places:
            place = place[:-1]
        return self.places.get(place, self.first_line)

    def without(self, *names: str) -> dict[str, Any]:
        return {name: value for name, value in self.values.items() if name not in names}

    def only(self, *names: str) -> dict[str, Any]:
        return {name: value for name, value in self.values.items() if name in names}


class _Loader(yaml.SafeLoader):
    """Reads plain scalars as YAML 1.2 does: `no` is a word, 1:30 is no number."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"true|false", "tf"),
    ("null", r"null|~|", "n~"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?", "-+.0123456789"),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}",
        re.compile(rf"(?:{_pattern})\Z"),
        [*_first, *([""] if _tag == "null" else [])],
    )


def read_block(text: str, first_line: int, report: Report) -> Block | None:
    """Read a mapping from YAML; `first_line` is the line of the mark that opens the block."""
    loader = _Loader(text)
    try:
        for token in yaml.scan(text):
            if isinstance(token, yaml.AliasToken):
                line = first_line + 1 + token.start_mark.line
                report.add(line, f"*{token.value}: aliases are not read; write the value out")
                return None
        node = loader.get_single_node()
        if node is None:
            return Block({}, first_line, {})
        if not isinstance(node, yaml.MappingNode):
            report.add(first_line + 1, "expected settings, one a line, such as stride: 2")
            return None
        places: dict[Place, int] = {}
        _record(node, (), first_line + 1, places, report)
        values = loader.construct_document(node)
        return Block({str(key): value for key, value in values.items()}, first_line, places)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + 1 + (mark.line if mark else 0)
        report.add(line, f"not valid YAML: {error.problem or error.context}")
    except (yaml.YAMLError, ValueError) as error:  # a forbidden character, an impossible number
        report.add(first_line + 1, f"not valid YAML: {str(error).splitlines()[0]}")
    finally:
        loader.dispose()
    return None


def _record(
    node: yaml.Node, place: Place, start: int, places: dict[Place, int], report: Report
) -> None:
    """Write down the line of every place below a node; a key given twice is a fault."""
    children: list[tuple[str | int, yaml.Node, yaml.Node]] = []
    if isinstance(node, yaml.MappingNode):
        children = [(str(key.value), key, value) for key, value in node.value]
    elif isinstance(node, yaml.SequenceNode):
        children = [(index, item, item) for index, item in enumerate(node.value)]
    for name, key, value in children:
        inner, line = (*place, name), start + key.start_mark.line
        if inner in places:
            report.add(line, f"{name}: given twice (first in line {places[inner]})")
        places[inner] = line
        _record(value, inner, start, places, report)


def checked(
    model: type[Model],
    values: Mapping[str, Any],
    block: Block,
    report: Report,
    *,
    about: str,
    also_known: tuple[str, ...] = (),
) -> Model | None:
    """Check values by a model; every fault goes to the report with the line of its setting.

    `also_known` are settings of the block that another model checks.
    """
    try:
        return model.model_validate(values)
    except ValidationError as invalid:
        schema = model.model_json_schema()
        schema["properties"] |= {name: {} for name in also_known}
        by_place: dict[Place, list[Any]] = {}
        for error in invalid.errors():
            by_place.setdefault(_place(error, block), []).append(error)
        for place, errors in by_place.items():
            told = validation_problem(errors, body=values, schema=schema).message
            report.add(block.line(*place), f"{about}: {told}")
    return None


def _place(error: Any, block: Block) -> Place:
    """Cut off what pydantic adds to the place of a value: the branches of its unions."""
    loc: Place = error["loc"]
    while loc and loc not in block.places and error["type"] != "missing":
        loc = loc[:-1]
    return loc
