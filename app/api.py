"""The computing half of the API: traces, and the list of operations that have one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Union

import orjson
from fastapi import APIRouter, Response
from pydantic import Field, create_model

from app.catalogue import OPERATIONS, Operation
from app.controls import controls_of
from app.dependencies import CurrentSettings, Work
from app.explain import explained, located, refusal
from app.fields import Strict
from engine.errors import EngineError

router = APIRouter(prefix="/api")

At = Annotated[
    int | list[Annotated[int, Field(ge=0)]] | None,
    Field(
        description="One step: its number, or the output cell it writes, [map, row, column] from 0."
    ),
]


class _OneStep(Strict):
    at: At = None


def _request_of(operation: Operation) -> type[Any]:
    """Give an operation's request model, with `at`, under a name of its own."""
    name = f"{operation.request.__name__}At"
    return create_model(name, __base__=(operation.request, _OneStep), __module__=__name__)


if TYPE_CHECKING:
    TraceRequest = Any
else:
    TraceRequest = Annotated[
        Union[tuple(map(_request_of, OPERATIONS.values()))],  # noqa: UP007 (made at run time)
        Field(discriminator="op"),
    ]


@router.post("/trace")
async def trace(body: TraceRequest, settings: CurrentSettings, work: Work) -> Response:
    """Explain an operation, or with `at` one of its steps."""
    try:
        if body.at is None:
            content = await work.run(explained, body.op, body, settings)
        else:
            content = await work.run(located, body.op, body, body.at)
    except EngineError as error:
        raise refusal(body, error) from None
    return Response(content, media_type="application/json")


@router.get("/operations")
async def operations() -> Response:
    """List the operations: id, title, the JSON schema of a request, the controls of a page."""
    rows = [
        {
            "id": operation.id,
            "title": operation.title,
            "request": operation.request.model_json_schema(),
            "controls": [
                {"key": control.key, "path": control.path, "label": control.label}
                for control in controls_of(operation.request)
            ],
        }
        for operation in OPERATIONS.values()
    ]
    return Response(orjson.dumps(rows), media_type="application/json")
