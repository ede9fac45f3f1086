from __future__ import annotations

import asyncio
import socket
import threading
import time

import pytest

from app.limits import RequestLimits
from app.server import address, listen, make_server
from app.settings import Settings

QUICK = Settings(head_seconds=0.3, body_seconds=0.3, keep_alive_seconds=1, shutdown_seconds=1)


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        return
    if scope["path"] == "/slow":
        while (await receive()).get("more_body"):
            pass
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]}
    )
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture(scope="module")
def port():
    """Serve with short deadlines."""
    bound = listen("127.0.0.1", 0)
    ready = threading.Event()
    limited = RequestLimits(app, settings=QUICK, streams={})
    server = make_server(limited, QUICK, listening=ready.set)
    thread = threading.Thread(target=server.run, args=([bound],))
    thread.start()
    assert ready.wait(5)
    yield bound.getsockname()[1]
    server.should_exit = True
    thread.join(5)
    bound.close()


@pytest.fixture
def connection(port):
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        yield connection


def ask(connection):
    """Send a whole request, read its whole reply, and leave the connection open."""
    connection.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
    said = b""
    while not said.endswith(b"\r\n\r\nok"):
        said += connection.recv(65536)
    assert said.startswith(b"HTTP/1.1 200 ")


def reply_of(connection):
    """Read until the server closes; give what it said and how long that took."""
    started, said = time.monotonic(), b""
    while chunk := connection.recv(65536):
        said += chunk
    return said, time.monotonic() - started


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"GET / HT", id="half a line"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: here\r\nX-Half: ", id="half a header"),
    ],
)
def test_a_connection_that_does_not_finish_its_head_is_dropped(connection, head):
    connection.sendall(head)

    said, seconds = reply_of(connection)

    assert said == b""
    assert 0.2 < seconds < 0.9


def dribble(connection, head):
    for byte in head:
        connection.sendall(bytes([byte]))
        time.sleep(0.02)


def test_sending_a_head_byte_by_byte_does_not_extend_its_deadline(connection):
    started = time.monotonic()

    with pytest.raises(ConnectionError):
        dribble(connection, b"GET / HTTP/1.1\r\nX-Long: " + b"x" * 1000)

    assert time.monotonic() - started < 1.5


def test_the_head_of_a_later_request_has_a_deadline_too(connection):
    ask(connection)
    time.sleep(0.5)  # longer than a head may take, shorter than an idle connection is kept
    connection.sendall(b"GET / HTTP/1.1\r\nHost: ")

    said, seconds = reply_of(connection)

    assert said == b""
    assert 0.2 < seconds < 0.9


def test_an_idle_connection_serves_again_within_its_time_and_is_then_closed(connection):
    for _ in range(2):
        ask(connection)
        time.sleep(0.5)

    assert reply_of(connection)[1] < 1.5


def test_a_body_that_does_not_arrive_is_answered_408_and_the_connection_closed(connection):
    connection.sendall(b"POST /api/slow HTTP/1.1\r\nHost: here\r\nContent-Length: 100\r\n\r\nhalf")

    said, seconds = reply_of(connection)

    assert said.startswith(b"HTTP/1.1 408 ")
    assert b'"message":"the body: did not arrive within 0.3 seconds' in said
    assert seconds < 0.9


def test_a_huge_announced_body_is_refused_at_once(connection):
    connection.sendall(
        b"POST /api/slow HTTP/1.1\r\nHost: h\r\nContent-Length: 999999999999\r\n\r\n"
    )

    said, seconds = reply_of(connection)

    assert said.startswith(b"HTTP/1.1 413 ")
    assert seconds < 0.3


def test_what_is_no_http_is_refused_with_the_headers_of_every_reply(connection):
    connection.sendall(b"\x16\x03\x01 nonsense\r\n\r\n")

    said, _ = reply_of(connection)

    assert said.startswith(b"HTTP/1.1 400 ")
    assert b"x-content-type-options: nosniff" in said.lower()


def test_many_half_heads_do_not_keep_others_waiting(port):
    halves = [socket.create_connection(("127.0.0.1", port)) for _ in range(200)]
    for half in halves:
        half.sendall(b"GET / HTTP/1.1\r\n")
    started = time.monotonic()

    with socket.create_connection(("127.0.0.1", port), timeout=5) as other:
        other.sendall(b"GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
        said, _ = reply_of(other)

    for half in halves:
        half.close()
    assert b"200" in said
    assert time.monotonic() - started < 1


def test_a_taken_port_means_the_next_one():
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]

        with listen("127.0.0.1", port) as second:
            assert port < second.getsockname()[1] <= port + 100


def test_no_part_of_a_reply_waits_for_the_receipt_of_another():
    at_once = asyncio.run(_sends_at_once())

    assert at_once


async def _sends_at_once() -> bool:
    """Tell whether what asyncio accepts on our socket is without Nagle's algorithm."""
    found: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted = writer.get_extra_info("socket")
        found.set_result(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    bound = listen("127.0.0.1", 0)
    async with await asyncio.start_server(answer, sock=bound):
        _, writer = await asyncio.open_connection(*bound.getsockname())
        writer.close()
        return bool(await found)


def test_a_host_that_is_not_ours_is_refused():
    with pytest.raises(OSError, match="address"):
        listen("192.0.2.1", 0)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/"),
        ("0.0.0.0", "http://127.0.0.1:8000/"),
        ("::1", "http://[::1]:8000/"),
        ("::", "http://[::1]:8000/"),
        ("localhost", "http://localhost:8000/"),
    ],
)
def test_the_address_shown_is_one_that_a_browser_can_open(host, url):
    assert address(host, 8000) == url
