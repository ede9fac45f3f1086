"""Turn every failure into a calm reply: JSON for programs, a page for people."""

from __future__ import annotations

import logging
from functools import cache
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.dependencies import render
from app.headers import is_below
from app.problem import Problem, engine_problem, printable
from app.validation import validation_problem
from app.work import Busy
from engine.errors import EngineError

_LOG = logging.getLogger("convlens")
_JSON_PATHS = ("/api", "/static", "/healthz", "/openapi.json")
_TITLES = {404: "Not found", 405: "Not allowed", 413: "Too large", 500: "That was our fault"}
_BROKEN = Problem(
    "Something went wrong on our side, not on yours; try again, or take other settings"
)


def error_response(
    request: Request, status: int, problem: Problem, headers: dict[str, str] | None = None
) -> Response:
    """Answer with a problem in the form that fits the address."""
    if any(is_below(request.url.path, path) for path in _JSON_PATHS):
        return Response(problem.json(), status, headers, "application/json")
    sentence = printable(problem.message).rstrip(".")
    return render(
        request,
        "error.html",
        status=status,
        headers=headers,
        title=_TITLES.get(status, "This does not work"),
        message=sentence[:1].upper() + sentence[1:],
    )


class LastResort:
    """ASGI middleware: log what nothing else caught, and answer without details."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception:
            _LOG.exception("unexpected failure at %s %s", scope["method"], scope["path"])
            if started:
                raise  # half a reply cannot be mended; the server closes the connection
            await _broken(Request(scope))(scope, receive, send)


def _broken(request: Request) -> Response:
    try:
        return error_response(request, 500, _BROKEN)
    except Exception:
        _LOG.exception("the error page itself failed")
        return Response(_BROKEN.message, 500, media_type="text/plain")


def add_error_handlers(app: FastAPI) -> None:
    """Make the application answer every refusal as a problem."""
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _request)
    app.add_exception_handler(ValidationError, _model)
    app.add_exception_handler(EngineError, _engine)
    app.add_exception_handler(Busy, _busy)


async def _http(request: Request, error: Any) -> Response:
    headers = dict(error.headers or {})
    if error.status_code in (204, 304):
        return Response(status_code=error.status_code, headers=headers)
    problem = getattr(error, "problem", None) or _plain_problem(request, error, headers)
    return error_response(request, error.status_code, problem, headers)


def _plain_problem(request: Request, error: HTTPException, headers: dict[str, str]) -> Problem:
    if isinstance(error.detail, dict):
        return Problem(**error.detail)
    if error.detail == "Not Found":
        return Problem(f"There is nothing at {request.url.path[:80]}; check the address")
    if error.detail == "Method Not Allowed":
        allowed = headers.get("Allow") or "another method"
        return Problem(f"{request.method} is not possible here; use {allowed}")
    if error.detail == "There was an error parsing the body":
        return Problem("The body cannot be read; send it in the form that its Content-Type names")
    return Problem(str(error.detail))


async def _request(request: Request, error: Any) -> Response:
    body_field = getattr(request.scope.get("route"), "body_field", None)
    schema = _schema(body_field.field_info.annotation) if body_field else None
    return error_response(
        request, 422, validation_problem(error.errors(), body=error.body, schema=schema)
    )


@cache
def _schema(annotation: Any) -> dict[str, Any]:
    return TypeAdapter(annotation).json_schema()


async def _model(request: Request, error: Any) -> Response:
    return error_response(request, 422, validation_problem(error.errors()))


async def _engine(request: Request, error: Any) -> Response:
    return error_response(request, 422, engine_problem(error))


async def _busy(request: Request, error: Any) -> Response:
    problem = Problem("Many people are computing at this moment; try again in a second")
    return error_response(request, 503, problem, {"Retry-After": str(error.retry_after)})
