"""Bounds on what a request may bring: bytes and seconds of its body, its query, its JSON."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import error_response
from app.json_check import check_json
from app.problem import Refused
from app.settings import Settings

# The rest of a refused body is not read, so the connection cannot be used again.
_CLOSE = {"Connection": "close"}


class RequestLimits:
    """ASGI middleware: refuse what is too long, too slow or no sound JSON.

    Parameters
    ----------
    settings : Settings
        The limits.
    streams : mapping of str to int
        Addresses whose bodies are handed on as they arrive, up to so many bytes. All other
        bodies are small, and complete before a handler runs.
    """

    def __init__(self, app: ASGIApp, *, settings: Settings, streams: Mapping[str, int]) -> None:
        self.app = app
        self.settings = settings
        self.streams = streams

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            receive = await self._checked(scope, receive)
        except Refused as refused:
            response = error_response(
                Request(scope), refused.status_code, refused.problem, dict(refused.headers or {})
            )
            await response(scope, receive, send)
            return
        await self.app(scope, receive, send)

    async def _checked(self, scope: Scope, receive: Receive) -> Receive:
        headers = Headers(scope=scope)
        allowed = self.settings.query_bytes
        if len(scope["query_string"]) > allowed:
            raise Refused(
                414, f"the address: its query is longer than {allowed} bytes; use fewer settings"
            )
        stream = self.streams.get(scope["path"])
        limit = self.settings.json_bytes if stream is None else stream
        if int(headers.get("content-length") or 0) > limit:
            raise _too_large(limit)
        bounded = self._bounded(receive, limit)
        if stream is not None or not _has_body(headers):
            return bounded
        body = await _read_all(bounded)
        if _is_json(headers):
            check_json(body, depth=self.settings.json_depth, largest=self.settings.json_number)
        return _replay(body, receive)

    def _bounded(self, receive: Receive, limit: int) -> Receive:
        deadline = asyncio.get_running_loop().time() + self.settings.body_seconds
        received = 0
        complete = False

        async def bounded() -> Message:
            nonlocal received, complete
            if complete:
                return await receive()  # waits for the client to leave: no deadline
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                seconds = f"{self.settings.body_seconds:g}"
                raise Refused(
                    408,
                    f"the body: did not arrive within {seconds} seconds; try again, or send less",
                    headers=_CLOSE,
                ) from None
            received += len(message.get("body", b""))
            complete = not message.get("more_body", False)
            if received > limit:
                raise _too_large(limit)
            return message

        return bounded


def _too_large(limit: int) -> Refused:
    return Refused(
        413, f"the body: is larger than the {limit:,} bytes taken here; send less", headers=_CLOSE
    )


def _has_body(headers: Headers) -> bool:
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers


def _is_json(headers: Headers) -> bool:
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    return media_type == "application/json" or media_type.endswith("+json")


async def _read_all(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    delivered = False

    async def replay() -> Message:
        nonlocal delivered
        if delivered:
            return await receive()
        delivered = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
