"""A refusal as data: a sentence, the field it concerns, ways out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import orjson
from starlette.exceptions import HTTPException

from app.nearest import did_you_mean
from engine.errors import EngineError

_MOST_LISTED = 12


@dataclass(frozen=True)
class Problem:
    """What is wrong, in words for the person who caused it."""

    message: str
    field: str | None = None
    remedies: Sequence[Mapping[str, Any]] = ()

    @property
    def detail(self) -> dict[str, Any]:
        """The object behind ``detail`` in a JSON reply."""
        return {
            "message": printable(self.message),
            "field": self.field and printable(self.field),
            "remedies": list(self.remedies),
        }

    def json(self) -> bytes:
        """Return the body of a JSON reply."""
        return orjson.dumps({"detail": self.detail})


class Refused(HTTPException):
    """A request refused for a reason that its sender can mend."""

    problem: Problem

    def __init__(
        self,
        status: int,
        message: str,
        *,
        field: str | None = None,
        remedies: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, message, headers)
        self.problem = Problem(message, field, remedies)

    @classmethod
    def because(cls, status: int, problem: Problem) -> Self:
        """Refuse with a problem that is already at hand, ways out included."""
        refused = cls(status, problem.message)
        refused.problem = problem
        return refused


def engine_problem(error: EngineError) -> Problem:
    """Hand on what the engine says of an argument."""
    remedies = [
        {"label": remedy.label, "changes": dict(remedy.changes)} for remedy in error.remedies
    ]
    return Problem(str(error), error.parameter, remedies)


def one_of(names: Sequence[str], *, near: object = "") -> str:
    """Write ``"a", "b" or "c"``, and which of them was probably meant; of many only that one."""
    hint = did_you_mean(str(near), names)
    if hint and len(names) > _MOST_LISTED:
        return f"one of {len(names)} names{hint}"
    quoted = [f'"{name}"' for name in names]
    listed = " or ".join(filter(None, [", ".join(quoted[:-1]), quoted[-1] if quoted else ""]))
    return listed + hint


def printable(text: str) -> str:
    """Replace what UTF-8 cannot carry: the half characters that JSON's escapes let through."""
    return text.encode("utf-8", "replace").decode()
