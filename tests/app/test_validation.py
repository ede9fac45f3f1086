from __future__ import annotations

import math
from typing import Annotated, Any, Literal

import pytest
from fastapi import APIRouter
from pydantic import Field, model_validator

from app.fields import Padding, Strict

router = APIRouter()


class Volume(Strict):
    width: Annotated[int, Field(ge=1, le=24)] = 7

    @model_validator(mode="before")
    @classmethod
    def _size_of_a_list(cls, given: Any) -> Any:
        return {"width": len(given)} if isinstance(given, list) else given


class Layer(Strict):
    op: Literal["layer"] = "layer"
    x: Volume = Volume()
    stride: Annotated[int, Field(ge=1, le=16)] = 1
    eps: Annotated[float, Field(gt=0)] = 1e-5
    padding: Padding = ((0, 0), (0, 0))
    padding_mode: Literal["zeros", "reflect"] = "zeros"
    flip: bool = False
    values: list[float] = Field(default=[], max_length=3)

    @model_validator(mode="after")
    def _fits(self) -> Layer:
        if self.stride == 13:
            raise ValueError("stride: 13 brings bad luck; use 12")
        return self


class Pool(Strict):
    op: Literal["pool"] = "pool"
    kernel: int = 2


@router.post("/api/layer")
async def layer(request: Layer) -> None:
    """One model."""


@router.post("/api/any")
async def either(request: Annotated[Layer | Pool, Field(discriminator="op")]) -> None:
    """One of two models, told by its tag."""


@pytest.fixture
def client(client_with):
    return client_with(router)


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        pytest.param(
            {"strid": 2}, "strid", 'unknown field "strid" (did you mean "stride"?)', id="misspelt"
        ),
        pytest.param(
            {"x": {"widht": 2}},
            "x.widht",
            'unknown field "widht" (did you mean "width"?)',
            id="misspelt inside",
        ),
        pytest.param(
            {"x": {"zzz": 2}},
            "x.zzz",
            'unknown field "zzz"; the known ones are width',
            id="unlike any",
        ),
        pytest.param(
            {"stride": 0}, "stride", "stride: 0 is too small; use at least 1", id="too small"
        ),
        pytest.param(
            {"x": {"width": 99}},
            "x.width",
            "x.width: 99 is too large; use at most 24",
            id="too large inside",
        ),
        pytest.param(
            {"x": [0] * 99},
            "x.width",
            "x.width: 99 is too large; use at most 24",
            id="too large by the length of a list",
        ),
        pytest.param({"eps": 0}, "eps", "eps: 0 is too small; use more than 0.0", id="open bound"),
        pytest.param(
            {"stride": 1.5},
            "stride",
            "stride: 1.5 is not a whole number; use one such as 1",
            id="fraction",
        ),
        pytest.param(
            {"stride": None},
            "stride",
            "stride: null is not a whole number; use one such as 1",
            id="null",
        ),
        pytest.param(
            {"stride": [1]},
            "stride",
            "stride: a list is not a whole number; use one such as 1",
            id="list",
        ),
        pytest.param(
            {"padding_mode": "zero"},
            "padding_mode",
            'padding_mode: "zero" is not known; use "zeros" or "reflect" (did you mean "zeros"?)',
            id="choice",
        ),
        pytest.param(
            {"padding": -1}, "padding", "padding: -1 is too small; use at least 0", id="union"
        ),
        pytest.param(
            {"padding": "smae"},
            "padding",
            'padding: "smae" is not known; use "same" or "valid" (did you mean "same"?)',
            id="word in a union",
        ),
        pytest.param(
            {"flip": "perhaps"},
            "flip",
            'flip: "perhaps" is not a yes or no; use true or false',
            id="switch",
        ),
        pytest.param(
            {"values": [1, "two"]},
            "values",
            'values[1]: "two" is not a number; use one such as 0.5',
            id="entry of a list",
        ),
        pytest.param(
            {"values": [1] * 4},
            "values",
            "values: has too many entries; use at most 3",
            id="long list",
        ),
        pytest.param(
            {"stride": 13}, "stride", "stride: 13 brings bad luck; use 12", id="rule across fields"
        ),
        pytest.param(
            [],
            None,
            "the body: is missing; send a JSON object with Content-Type: application/json",
            id="no object",
        ),
    ],
)
def test_a_refused_field_is_named_with_its_value_rule_and_way_out(client, body, field, message):
    reply = client.post("/api/layer", json=body)

    assert reply.status_code == 422
    assert reply.json() == {"detail": {"message": message, "field": field, "remedies": []}}


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        ({"op": "layer", "strid": 1}, "strid", 'unknown field "strid" (did you mean "stride"?)'),
        (
            {"op": "pool", "stride": 1},
            "stride",
            'unknown field "stride"; the known ones are kernel, op',
        ),
        ({"op": "layer", "stride": 0}, "stride", "stride: 0 is too small; use at least 1"),
        (
            {"op": "pol"},
            "op",
            'op: "pol" is not known; use "layer" or "pool" (did you mean "pool"?)',
        ),
        ({}, "op", "op: is missing; add it"),
    ],
)
def test_a_field_is_looked_up_in_the_model_that_the_request_chose(client, body, field, message):
    detail = client.post("/api/any", json=body).json()["detail"]

    assert (detail["field"], detail["message"]) == (field, message)


def test_a_long_value_is_shortened(client):
    message = client.post("/api/layer", json={"stride": "9" * 1000}).json()["detail"]["message"]

    assert len(message) < 120
    assert '999..."' in message


def test_half_characters_of_an_escape_do_not_break_the_reply(client):
    reply = client.post(
        "/api/layer",
        content=rb'{"\ud800": "\udfff"}',
        headers={"Content-Type": "application/json"},
    )

    assert reply.status_code == 422
    assert reply.json()["detail"]["message"].endswith("leave it out")


def test_a_body_of_another_type_is_told_how_to_send_it(client):
    reply = client.post("/api/layer", content=b"{}", headers={"Content-Type": "text/plain"})

    assert reply.status_code == 422
    assert "Content-Type: application/json" in reply.json()["detail"]["message"]


@pytest.mark.parametrize("value", [math.nan, math.inf, 1e300])
def test_numbers_that_json_does_not_have_are_never_echoed(client, value):
    text = (
        repr({"stride": value}).replace("'", '"').replace("nan", "NaN").replace("inf", "Infinity")
    )

    reply = client.post(
        "/api/layer", content=text.encode(), headers={"Content-Type": "application/json"}
    )

    assert reply.status_code == 422
    assert reply.json()["detail"]["field"] == "stride"
    assert "NaN" not in reply.text
    assert "Infinity" not in reply.text
