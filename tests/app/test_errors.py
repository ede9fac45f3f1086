from __future__ import annotations

from typing import Annotated

import pytest
from fastapi import APIRouter, HTTPException
from pydantic import Field

from app.problem import Refused
from engine.errors import ParameterError, Remedy

router = APIRouter()


@router.get("/api/engine")
async def engine() -> None:
    remedies = [Remedy("P = 1", {"padding": 1})]
    raise ParameterError("padding: too small; use 1", parameter="padding", remedies=remedies)


@router.get("/api/refused")
async def refused() -> None:
    raise Refused(404, "the picture is gone; send it again", field="id", headers={"X-Why": "age"})


@router.get("/api/plain")
async def plain() -> None:
    raise HTTPException(415, "send a PNG")


@router.get("/api/bug")
@router.get("/bug")
async def bug() -> float:
    raise RuntimeError("secret of the house")


@router.get("/page")
async def page(step: Annotated[int, Field(ge=0)]) -> None:
    """A page whose query is checked."""


@pytest.fixture
def client(client_with):
    return client_with(router)


def test_the_engines_refusal_keeps_its_parameter_and_remedies(client):
    reply = client.get("/api/engine")

    assert reply.status_code == 422
    assert reply.json()["detail"] == {
        "message": "padding: too small; use 1",
        "field": "padding",
        "remedies": [{"label": "P = 1", "changes": {"padding": 1}}],
    }


def test_a_handlers_refusal_keeps_status_field_and_headers(client):
    reply = client.get("/api/refused")

    assert reply.status_code == 404
    assert reply.headers["X-Why"] == "age"
    assert reply.json()["detail"]["field"] == "id"


def test_a_plain_refusal_has_the_same_form(client):
    assert client.get("/api/plain").json()["detail"] == {
        "message": "send a PNG",
        "field": None,
        "remedies": [],
    }


def test_a_wrong_method_names_the_right_one(client):
    reply = client.delete("/api/trace")

    assert reply.status_code == 405
    assert reply.headers["Allow"] == "POST"
    assert reply.json()["detail"]["message"] == "DELETE is not possible here; use POST"


@pytest.mark.parametrize("path", ["/api/bug", "/bug"])
def test_a_bug_is_answered_calmly_and_without_details(client, path, caplog):
    reply = client.get(path)

    assert reply.status_code == 500
    assert "secret" not in reply.text
    assert "Something went wrong on our side" in reply.text
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert "secret of the house" in caplog.text


def test_people_get_a_page_that_leads_on(client):
    reply = client.get("/nowhere")

    assert reply.status_code == 404
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "There is nothing at /nowhere; check the address" in reply.text
    assert 'href="/explore"' in reply.text


def test_an_address_is_shown_as_text_and_never_as_markup(client):
    reply = client.get("/<script>alert(1)</script>")

    assert "<script>alert" not in reply.text


def test_a_bad_query_of_a_page_is_explained_on_a_page(client):
    reply = client.get("/page?step=-1")

    assert reply.status_code == 422
    assert "Step: &#34;-1&#34; is too small; use at least 0" in reply.text
