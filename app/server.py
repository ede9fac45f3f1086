"""Run the application: sockets, deadlines of connections, and what is said on the terminal."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import sys
from collections.abc import Callable
from typing import Any, cast

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from app.headers import security_headers
from app.settings import Settings

_HEAD_BYTES = 65_536
_PORTS_TRIED = 100


class DeadlineProtocol(H11Protocol):
    """uvicorn's protocol, with a deadline for the head of a request, which uvicorn lacks.

    Without one, a few hundred connections that send half a head hold the server for ever; no
    middleware can help, since it runs after the head.
    """

    head_seconds: float

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._head_timer: asyncio.TimerHandle | None = None
        super().connection_made(cast(asyncio.Transport, transport))
        self._watch_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch_head()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._stop_timer()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP with the headers that every reply carries."""
        body = f"{msg}\n".encode()
        headers = security_headers("/") | {
            "Content-Type": "text/plain; charset=utf-8",
            "Content-Length": str(len(body)),
            "Cache-Control": "no-store",
            "Connection": "close",
        }
        head = h11.Response(status_code=400, headers=list(headers.items()), reason=b"Bad Request")
        for event in (head, h11.Data(data=body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _watch_head(self) -> None:
        """Run the timer exactly while a head is awaited and not complete."""
        awaited = self.conn.their_state is h11.IDLE and not self.transport.is_closing()
        if not awaited:
            self._stop_timer()
        elif self._head_timer is None:
            self._head_timer = self.loop.call_later(self.head_seconds, self.transport.close)

    def _stop_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None


class Server(uvicorn.Server):
    """A server that says when it listens."""

    def __init__(self, config: uvicorn.Config, *, listening: Callable[[], None]) -> None:
        super().__init__(config)
        self._listening = listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._listening()


def server_options(settings: Settings) -> dict[str, Any]:
    """Give uvicorn's options; nothing about a visitor is logged."""
    protocol = type("Protocol", (DeadlineProtocol,), {"head_seconds": settings.head_seconds})
    return {
        "http": protocol,
        "ws": "none",
        "access_log": False,
        "log_level": "warning",
        "server_header": False,
        "h11_max_incomplete_event_size": _HEAD_BYTES,
        "timeout_keep_alive": settings.keep_alive_seconds,
        "timeout_graceful_shutdown": settings.shutdown_seconds,
    }


def make_server(
    app: ASGIApp, settings: Settings, *, listening: Callable[[], None] = lambda: None
) -> Server:
    """Return a server for `app`, to be run on a socket from `listen`."""
    return Server(uvicorn.Config(app, **server_options(settings)), listening=listening)


def listen(host: str, port: int) -> socket.socket:
    """Bind the port, or the next one that is free.

    Raises
    ------
    OSError
        If the host is not of this machine, or no port is free or allowed.
    """
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    for candidate in range(port, min(port + _PORTS_TRIED, 65_535) + 1):
        # Named as TCP, what it accepts sends at once: else asyncio lets each second part of a
        # reply wait for the receipt of the first, 40 ms.
        bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            if os.name == "posix" and sys.platform != "cygwin":
                bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind((host, candidate))
            bound.listen(2048)
        except OSError as error:
            bound.close()
            if error.errno != errno.EADDRINUSE:
                raise
        else:
            bound.set_inheritable(True)
            return bound
    raise OSError(errno.EADDRINUSE, f"ports {port} to {candidate} are all in use")


def address(host: str, port: int) -> str:
    """Write the address that a browser on this machine opens."""
    local = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)
    return f"http://[{local}]:{port}/" if ":" in local else f"http://{local}:{port}/"


def network_address() -> str | None:
    """Find the address under which others in the network see this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # a documentation address: nothing is sent
        except OSError:
            return None
        found: str = probe.getsockname()[0]
    return None if found.startswith("127.") else found
