"""What a lab asks beyond its trace: all gradients checked at once, and its numbers as programs."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Annotated, Any, Union

from fastapi import APIRouter, Response
from pydantic import Field

from app.catalogue import OPERATIONS
from app.checks import CHECKS, all_checked
from app.dependencies import Work
from app.explain import refusal
from app.programs import PROGRAMS, programs
from engine.errors import EngineError

router = APIRouter(prefix="/api")


def _requests_of(ops: Collection[str]) -> Any:
    """Give the type of a request for any of some operations."""
    models = tuple(OPERATIONS[op].request for op in ops)
    if len(models) == 1:
        return models[0]
    return Annotated[Union[models], Field(discriminator="op")]  # noqa: UP007 (made at run time)


if TYPE_CHECKING:
    ChecksRequest = Any
    CodeRequest = Any
else:
    ChecksRequest = _requests_of(CHECKS)
    CodeRequest = _requests_of(PROGRAMS)


@router.post("/checks")
async def checks(body: ChecksRequest, work: Work) -> Response:
    """Compare every gradient of a graph with central differences."""
    try:
        content = await work.run(all_checked, body.op, body)
    except EngineError as error:
        raise refusal(body, error) from None
    return Response(content, media_type="application/json")


@router.post("/code")
async def code(body: CodeRequest) -> dict[str, str]:
    """Write programs that compute the numbers of a request."""
    try:
        return programs(body.op, body)
    except EngineError as error:
        raise refusal(body, error) from None
