"""What the page of gradients asks beyond traces: numeric checks, and gradient descent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, Union

from fastapi import APIRouter, Response
from pydantic import Field, create_model

from app.catalogue import OPERATIONS
from app.check import CHECKED, DIFFERENTIABLE, checked
from app.conv_requests import Conv2dBackwardRequest
from app.dependencies import Work
from app.descent import LARGEST_RATE, MOST_STEPS, descended
from app.explain import refusal
from app.fields import Strict
from engine.errors import EngineError

router = APIRouter(prefix="/api")


class _OneGradient(Strict):
    of: Annotated[
        Literal[CHECKED],  # type: ignore[valid-type]
        Field(description="The tensor whose gradient is compared."),
    ]


if TYPE_CHECKING:
    CheckRequest = Any
else:
    _REQUESTS = [
        create_model(
            f"{OPERATIONS[op].request.__name__}Of",
            __base__=(OPERATIONS[op].request, _OneGradient),
            __module__=__name__,
        )
        for op in DIFFERENTIABLE
    ]
    CheckRequest = Annotated[
        Union[tuple(_REQUESTS)],  # noqa: UP007 (made at run time)
        Field(discriminator="op"),
    ]


class DescendRequest(Conv2dBackwardRequest):
    """A convolution that learns its target; the upstream gradient is that of the loss."""

    rate: Annotated[
        Annotated[float, Field(gt=0, le=LARGEST_RATE, allow_inf_nan=False)] | None,
        Field(description="How far a step goes, as a multiple of the gradient; null: a safe one."),
    ] = None
    steps: Annotated[int, Field(ge=1, le=MOST_STEPS)] = MOST_STEPS
    learn: Literal["filter", "filter_and_bias"] = "filter"


@router.post("/check")
async def check(body: CheckRequest, work: Work) -> Response:
    """Compare a gradient with central differences, number by number."""
    try:
        content = await work.run(checked, body.op, body, body.of)
    except EngineError as error:
        raise refusal(body, error) from None
    return Response(content, media_type="application/json")


@router.post("/descend")
async def descend(body: DescendRequest, work: Work) -> Response:
    """Take steps of gradient descent: the filters and the loss at each."""
    try:
        content = await work.run(
            descended, body, body.rate, body.steps, with_bias=body.learn == "filter_and_bias"
        )
    except EngineError as error:
        raise refusal(body, error) from None
    return Response(content, media_type="application/json")
