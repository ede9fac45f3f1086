"""Every limit of the server in one frozen object, each to be set by a CONVLENS_... variable."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, NamedTuple

PREFIX = "CONVLENS_"


class SettingsError(ValueError):
    """A variable of the environment that cannot be used; says which, and why."""


class LimitRow(NamedTuple):
    """One row of the README's table of limits."""

    variable: str
    default: str
    meaning: str


def _limit(default: Any, meaning: str) -> Any:
    return field(default=default, metadata={"meaning": meaning})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The limits and options of one server."""

    upload_bytes: int = _limit(10_000_000, "bytes of an uploaded picture")
    upload_pixels: int = _limit(16_000_000, "pixels of an uploaded picture, by its header")
    upload_side: int = _limit(8192, "pixels along one side of an uploaded picture, by its header")
    picture_side: int = _limit(1024, "long side of the picture that is worked on, in pixels")
    store_bytes: int = _limit(64_000_000, "bytes of all uploaded pictures held in memory")
    store_seconds: float = _limit(1800, "seconds that an uploaded picture is held")
    workers: int = _limit(2, "pictures and large layers computed at the same time")
    queue: int = _limit(128, "requests that may wait for a worker; a further one is asked to retry")
    json_bytes: int = _limit(262_144, "bytes of a JSON body")
    json_depth: int = _limit(16, "levels of nesting in a JSON body")
    json_number: float = _limit(1_000_000, "size of a number in a JSON body, either sign")
    query_bytes: int = _limit(16_384, "bytes of an address's query")
    lab_side: int = _limit(24, "rows or columns of a lab input")
    lab_signal: int = _limit(64, "numbers of a lab signal")
    lab_channels: int = _limit(8, "channels of a lab input")
    lab_filters: int = _limit(8, "filters of a lab layer")
    lab_kernel: int = _limit(11, "rows or columns of a lab filter")
    lab_step: int = _limit(16, "stride and dilation of a lab layer")
    lab_padding: int = _limit(16, "padding of a lab layer, on each side")
    calculator_side: int = _limit(100_000, "rows or columns in the output-size calculator")
    whole_cells: int = _limit(16_384, "cells of a tensor that is sent whole")
    play_steps: int = _limit(1200, "steps of a playable trace")
    play_terms: int = _limit(40_000, "terms of a playable trace")
    head_seconds: float = _limit(8, "seconds for the head of a request to arrive")
    body_seconds: float = _limit(8, "seconds for the body of a request to arrive")
    keep_alive_seconds: int = _limit(5, "seconds that an idle connection is kept")
    shutdown_seconds: int = _limit(10, "seconds for running requests to end at shutdown")

    lessons: Path | None = None
    reload: bool = False

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the variables that are set; the others keep their defaults."""
        environ = os.environ if environ is None else environ
        given: dict[str, Any] = {}
        for item in fields(cls):
            text = environ.get(variable(item.name), "").strip()
            if not text:
                continue
            if "meaning" in item.metadata:
                given[item.name] = _positive(item.name, text, whole=item.type == "int")
            else:
                given[item.name] = Path(text) if item.name == "lessons" else text != "0"
        return cls(**given)


def variable(name: str) -> str:
    """Name the environment's variable for a field of `Settings`."""
    return PREFIX + name.upper()


def _positive(name: str, text: str, *, whole: bool) -> int | float:
    try:
        number = int(text) if whole else float(text)
    except ValueError:
        number = math.nan
    if 0 < number < math.inf:
        return number
    kind = "whole number" if whole else "number"
    raise SettingsError(f"{variable(name)}: {text!r} is not a {kind} above 0")


def limit_rows() -> list[LimitRow]:
    """List every limit as the README's table shows it."""
    return [
        LimitRow(variable(item.name), f"{item.default:,}", item.metadata["meaning"])
        for item in fields(Settings)
        if "meaning" in item.metadata
    ]


def limit_table() -> str:
    """Return the README's table of limits as Markdown."""
    rows = [f"| `{row.variable}` | {row.default} | {row.meaning} |" for row in limit_rows()]
    return "\n".join(["| variable | default | limits |", "| --- | ---: | --- |", *rows])


# The bounds of the request models are part of the API's schema, hence known at import.
LIMITS = Settings.from_environment()


if __name__ == "__main__":
    sys.stdout.write(limit_table() + "\n")
