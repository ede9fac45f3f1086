from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalogue import OPERATIONS

FRAME = [[[1, 2, 3], [4, 5, 6], [7, 8, 9]]]


def ask(client, **body):
    return client.post("/api/trace", json={"op": "conv2d", **body})


def test_smallest_request_explains_a_convolution(client):
    reply = ask(client)

    assert reply.status_code == 200
    assert reply.headers["content-type"] == "application/json"
    assert reply.headers["cache-control"] == "no-store"
    body = reply.json()
    assert (body["op"], body["playable"], body["reason"]) == ("conv2d", True, None)
    assert (body["names"]["W2"], body["names"]["multiplications"]) == (5, 225)
    assert [trace["op"] for trace in body["sizes"]] == ["output_size"]


def test_convolution_of_given_numbers_is_the_one_computed_by_hand(client):
    y = ask(client, x=FRAME, weight=[[1, 0], [0, -1]], bias=[10]).json()["tensors"]["y"]

    assert (y["shape"], y["values"]) == ([1, 1, 2, 2], [6, 6, 6, 6])


def test_same_request_gives_the_same_bytes(client):
    body = {"x": {"preset": "random", "channels": 2}, "padding": 1, "padding_mode": "reflect"}

    assert ask(client, **body).content == ask(client, **body).content


def test_alexnet_first_layer_is_counted_without_any_tensor(client):
    body = {"op": "output_size", "size": 227, "filter": 11, "stride": 4}

    reply = client.post("/api/trace", json=body).json()

    assert reply["names"]["W2"] == 55


def test_border_can_be_explained_by_itself(client):
    body = {"op": "padding", "x": [[1, 2]], "padding": [0, 0, 1, 2], "padding_mode": "circular"}

    reply = client.post("/api/trace", json=body).json()

    assert reply["tensors"]["padded"]["values"] == [2, 1, 2, 1, 2]
    assert "numbers" in reply["phases"][0]


@pytest.mark.parametrize(
    ("at", "cell"),
    [
        pytest.param(0, (0, 0, 0), id="first"),
        pytest.param(7, (1, 0, 1), id="by number"),
        pytest.param([1, 1, 2], (1, 1, 2), id="by map, row, column"),
        pytest.param([0, 1, 1, 2], (1, 1, 2), id="with the image"),
        pytest.param([1, 2], (0, 1, 2), id="row and column of the first map"),
    ],
)
def test_one_step_is_asked_for_by_number_or_by_cell(client, at, cell):
    rng = np.random.default_rng(5)
    x, weight = rng.integers(-9, 9, (2, 3, 4)), rng.integers(-9, 9, (2, 2, 2, 2))

    step = ask(client, x=x.tolist(), weight=weight.tolist(), at=at).json()

    k, i, j = cell
    window = x[:, i : i + 2, j : j + 2]
    assert step["operands"] == {"w": weight[k].ravel().tolist(), "x": window.ravel().tolist()}
    assert step["numbers"]["terms"] == (weight[k] * window).ravel().tolist()
    assert step["result"] == (weight[k] * window).sum()


def test_every_cell_of_a_large_layer_can_be_explained(client):
    layer = {"x": {"width": 24, "height": 24, "channels": 8}, "weight": {"filters": 8}}
    whole = ask(client, **layer).json()

    step = ask(client, **layer, at=[7, 21, 3]).json()

    assert (whole["playable"], "numbers" in whole["phases"][0]) == (False, False)
    assert step["result"] == whole["tensors"]["y"]["values"][(7 * 22 + 21) * 22 + 3]


def test_cell_of_a_border_is_explained_by_the_block_that_fills_it(client):
    body = {"op": "padding", "x": [[1, 2]], "padding": 1, "padding_mode": "replicate"}

    step = client.post("/api/trace", json={**body, "at": [2, 3]}).json()

    assert (step["bind"]["padded"][2:], step["result"]) == ([[2, 1, 1], [3, 1, 1]], 2)


def test_operations_are_listed_with_their_schema_and_controls(client):
    rows = {row["id"]: row for row in client.get("/api/operations").json()}

    assert {name: row["title"] for name, row in rows.items()} == {
        name: operation.title for name, operation in OPERATIONS.items()
    }
    stride = rows["conv2d"]["request"]["properties"]["stride"]
    assert (stride["minimum"], stride["maximum"]) == (1, 16)
    assert {"key": "s", "path": "stride", "label": "Stride"} in rows["conv2d"]["controls"]


def test_numbers_too_large_for_an_integer_of_json_travel_as_fractions(client):
    body = {"op": "batch_norm_backward", "x": {"preset": "constant"}, "eps": 1e-30}

    reply = client.post("/api/trace", json=body)

    assert reply.status_code == 200
    assert max(map(abs, reply.json()["tensors"]["grad_xhat"]["values"])) < 2**53


@pytest.mark.parametrize(
    ("body", "field", "sentence"),
    [
        pytest.param(
            {"op": "conv2d_backward", "grad_y": [[1, 2], [3, 4]]},
            "grad_y",
            "grad_y: 2×2 numbers do not go with an output of 1×1×5×5; "
            "give one gradient for each output cell",
            id="a gradient of another shape",
        ),
        pytest.param(
            {"op": "batch_norm", "gamma": [1, 2]},
            "gamma",
            "gamma: 2 numbers do not go with 1 features; use one number, or one for each",
            id="a scale for features that are not there",
        ),
        pytest.param(
            {"op": "max_pool2d", "kernel_size": 2, "padding": 2},
            "padding",
            None,
            id="padding beyond half the window",
        ),
        pytest.param(
            {"op": "conv_transpose2d", "x": {"height": 24, "width": 24}, "stride": 16},
            "stride",
            None,
            id="an output too large to be shown",
        ),
    ],
)
def test_what_an_operation_cannot_do_is_said_in_one_sentence(client, body, field, sentence):
    reply = client.post("/api/trace", json=body)

    detail = reply.json()["detail"]
    assert (reply.status_code, detail["field"]) == (422, field)
    assert sentence is None or detail["message"] == sentence


text = st.sampled_from(["", "same", "1", "2,1", "0,1,2,3", "integers", "reflect", "ü", "\ud800"])
scalar = st.none() | st.booleans() | st.integers(-3, 30) | st.floats(-99, 99, width=32) | text
names = st.sampled_from(["values", "width", "height", "shape", "preset", "on", "edits", "zzz"])
anything = st.recursive(
    scalar,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)
fields = st.sampled_from(
    [*{name for row in OPERATIONS.values() for name in row.request.model_fields}, "at", "zzz"]
)
bodies = st.builds(
    lambda rest, op: {**rest, "op": op},
    st.dictionaries(fields, anything, max_size=4),
    st.sampled_from(list(OPERATIONS)),
)


@settings(deadline=None, max_examples=500)
@given(bodies)
def test_no_body_is_the_servers_fault(client, body):
    reply = client.post(
        "/api/trace", content=json.dumps(body), headers={"Content-Type": "application/json"}
    )

    assert reply.status_code in (200, 422)
    assert reply.status_code == 200 or reply.json()["detail"]["message"]
