from __future__ import annotations

import pytest
from fastapi import APIRouter, Response

ADDRESSES = ["/healthz", "/openapi.json", "/nowhere", "/api/nowhere", "/static/0/x.js", "/embed/x"]


@pytest.mark.parametrize("path", ADDRESSES)
def test_every_reply_forbids_what_pages_do_not_need(client, path):
    headers = client.get(path).headers

    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "img-src 'self' data: blob:" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=(self), microphone=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("path", ["/", "/api/nowhere", "/embedded", "/static/0/x.js"])
def test_no_other_site_may_frame_a_page(client, path):
    headers = client.get(path).headers

    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/embed", "/embed/explore", "/embed/nowhere"])
def test_any_site_may_frame_an_embedded_page(client, path):
    headers = client.get(path).headers

    assert "frame-ancestors" not in headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in headers
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_the_api_is_never_stored_even_if_a_handler_says_otherwise(client_with):
    router = APIRouter()

    @router.get("/api/probe")
    async def probe(response: Response) -> None:
        response.headers["Cache-Control"] = "public"

    reply = client_with(router).get("/api/probe")

    assert reply.headers["Cache-Control"] == "no-store"


def test_pages_are_asked_for_anew_because_they_name_the_static_version(client):
    assert client.get("/nowhere").headers["Cache-Control"] == "no-cache"


def test_no_cookie_is_set(client):
    assert "Set-Cookie" not in client.get("/").headers


def test_head_is_answered_like_get(client):
    assert client.head("/healthz").status_code == 200
