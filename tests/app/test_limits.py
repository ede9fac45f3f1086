from __future__ import annotations

import asyncio
import json
import time
from contextlib import suppress

import pytest
from fastapi import APIRouter, Request

from app.json_check import check_json
from app.problem import Refused

router = APIRouter()
JSON = {"Content-Type": "application/json"}


@router.post("/api/echo")
async def echo(body: dict[str, object]) -> dict[str, object]:
    return body


@router.post("/api/text")
async def text(request: Request) -> int:
    return len(await request.body())


@pytest.fixture
def client(client_with):
    return client_with(router, json_bytes=1000, upload_bytes=5000, query_bytes=100)


def message_of(reply):
    return reply.json()["detail"]["message"]


def test_a_sound_body_reaches_its_handler_unchanged(client):
    body = {"x": [[1.5, -2], []], "name": 'a "quoted" {[ text', "nothing": None}

    assert client.post("/api/echo", json=body).json() == body


def test_a_body_over_the_limit_is_refused_by_its_announced_length(client):
    reply = client.post("/api/text", content=b"x" * 1001)

    assert reply.status_code == 413
    assert reply.headers["Connection"] == "close"
    assert message_of(reply) == "the body: is larger than the 1,000 bytes taken here; send less"


def test_a_body_over_the_limit_is_refused_while_it_streams_in(client):
    assert client.post("/api/text", content=iter([b"x" * 600] * 2)).status_code == 413


def test_a_body_at_the_limit_is_taken(client):
    assert client.post("/api/text", content=b"x" * 1000).json() == 1000


def test_an_upload_may_be_larger_than_a_json_body(client):
    reply = client.post("/api/images", files={"file": b"x" * 5000})

    assert reply.status_code == 415  # it was read: the answer is about what it holds


@pytest.mark.parametrize(
    "send", [lambda data: data, lambda data: iter([data])], ids=["announced", "streamed"]
)
def test_an_upload_over_its_own_limit_is_refused(client, send):
    boundary = b"--b\r\nContent-Disposition: form-data; name=file; filename=a\r\n\r\n"
    content = boundary + b"x" * 30_000 + b"\r\n--b--\r\n"

    reply = client.post(
        "/api/images",
        content=send(content),
        headers={"Content-Type": "multipart/form-data; boundary=b"},
    )

    assert reply.status_code == 413


def test_a_long_query_is_refused_and_a_page_says_so(client):
    reply = client.get("/", params={"x": "1" * 200})

    assert reply.status_code == 414
    assert "its query is longer than 100 bytes" in reply.text


@pytest.mark.parametrize("path", ["/api/text", "/api/images"])
def test_a_body_that_stops_arriving_is_given_up(client_with, path):
    client = client_with(router, body_seconds=0.05)

    assert asyncio.run(status_of_half_a_body(client.app, path)) == 408


async def status_of_half_a_body(app, path):
    """Send the first half of a body and then nothing."""
    sent = [{"type": "http.request", "body": b"--b\r\n", "more_body": True}]
    status = []

    async def receive():
        if sent:
            return sent.pop()
        return await asyncio.Event().wait()

    async def send(message):
        if message["type"] == "http.response.start":
            status.append(message["status"])

    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "scheme": "http",
        "query_string": b"",
        "headers": [
            (b"content-type", b"multipart/form-data; boundary=b"),
            (b"content-length", b"900"),
        ],
        "server": ("testserver", 80),
    }
    await app(scope, receive, send)
    return status[0]


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        pytest.param(b"{", 400, "brackets do not match", id="open bracket"),
        pytest.param(b"nonsense", 400, "not valid JSON", id="no json"),
        pytest.param(b'{"a": 1,}', 400, "not valid JSON", id="comma at the end"),
        pytest.param(b"", 400, "not valid JSON", id="empty"),
        pytest.param(b"\xff\xfe", 400, "the body: ", id="not utf-8"),
        pytest.param(b'"' + b"\\", 400, "not valid JSON", id="lone backslash"),
        pytest.param(b"[" * 17 + b"]" * 17, 400, "nest deeper than 16 levels", id="deep"),
        pytest.param(b'{"a":[' * 9 + b"]}" * 9, 400, "nest deeper", id="deep, mixed"),
        pytest.param(b"[" * 100_000, 400, "nest deeper", id="very deep"),
        pytest.param(b'{"a": 1, "a": 2}', 400, '"a": stands twice', id="twice"),
        pytest.param(b'{"s": 1, "x": [[0, NaN]]}', 422, "x: has a number", id="nan"),
        pytest.param(b'{"x": -Infinity}', 422, "x: has a number", id="infinity"),
        pytest.param(b'{"x": [1e400]}', 422, "x: has a number", id="overflow"),
        pytest.param(b'{"x": {"y": 1000001}}', 422, "x.y: 1,000,001 is out of range", id="large"),
        pytest.param(
            b'{"x": -1000000.5}', 422, "x: -1,000,000.5 is out of range", id="large, negative"
        ),
        pytest.param(
            b"[12.5E+9]", 422, "the body: 12,500,000,000 is out of range", id="large, exponent"
        ),
        pytest.param(b'{"x": ' + b"9" * 5000 + b"}", 422, "has a number", id="endless digits"),
    ],
)
def test_unsound_json_is_refused_with_a_sentence(body, status, message):
    with pytest.raises(Refused) as refused:
        check_json(body, depth=16, largest=1e6)

    assert refused.value.status_code == status
    assert message in refused.value.problem.message
    assert "NaN" not in refused.value.problem.message


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"[" * 16 + b"]" * 16, id="deep enough"),
        pytest.param(b'{"a": {}, "b": [[], {}]}', id="mixed brackets"),
        pytest.param(b"[1000000, -1000000, 1e6, 1E-9]", id="at the bounds"),
        pytest.param(b"[0.12345678901234567, 1.00000000001]", id="many decimals"),
        pytest.param(b'{"a": "[[[[[[[[[[[[[[[[[["}', id="brackets in a text"),
        pytest.param(rb'{"a": "\"[1e999 NaN", "b": "\\"}', id="escapes in a text"),
        pytest.param(b'[{"a": 1}, {"a": 2}]', id="one name in two objects"),
    ],
)
def test_sound_json_passes(body):
    check_json(body, depth=16, largest=1e6)

    assert json.loads(body) is not None


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'"' + rb"\"" * 131_000, id="escaped quotes without an end"),
        pytest.param(b"[" * 262_144, id="brackets"),
        pytest.param(b"[" + b"[],[[]]," * 30_000 + b"[]]", id="many small lists"),
        pytest.param(b"[" + b"1234567.5e1," * 20_000 + b"1]", id="suspect numbers"),
        pytest.param(b"0." + b"1" * 262_000, id="endless decimals"),
        pytest.param(b"[" + b"1" * 262_000 + b"e1]", id="endless digits with an exponent"),
        pytest.param(b'{"a":1,' * 16 + b'"a":1' + b"}" * 16, id="nested objects"),
        pytest.param(b"{" + b",".join(b'"%d":1' % i for i in range(25_000)) + b"}", id="names"),
        pytest.param(b"{" + b'"a":1,' * 40_000 + b'"b":1}', id="one name over and over"),
    ],
)
def test_the_check_of_a_hostile_body_is_quick(body):
    started = time.perf_counter()

    with suppress(Refused):
        check_json(body, depth=16, largest=1e6)

    assert time.perf_counter() - started < 0.5
