"""Programs that compute what the page shows, for readers to run: one table, by operation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.norm_programs import batch_norm_numpy, batch_norm_pytorch

# By operation and library: the text of a program for a request.
PROGRAMS: Mapping[str, Mapping[str, Callable[[Any], str]]] = {
    "batch_norm_pass": {"numpy": batch_norm_numpy, "pytorch": batch_norm_pytorch},
}


def programs(op: str, request: Any) -> dict[str, str]:
    """Write a program for every library."""
    return {library: write(request) for library, write in PROGRAMS[op].items()}
