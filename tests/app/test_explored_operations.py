"""What the page tells of the operations beside convolution: sizes, settings, ways out."""

from __future__ import annotations

import numpy as np
import pytest

from app.catalogue import OPERATIONS
from app.controls import body_of, controls_of, values_of

POOLINGS = ("max_pool2d", "avg_pool2d")
EXPLORED = [op for op, row in OPERATIONS.items() if row.explore]


def explained(op, **body):
    row = OPERATIONS[op]
    return row.explain(row.request.model_validate({"op": op, **body}))


def from_query(op, query):
    row = OPERATIONS[op]
    return row.request.model_validate({"op": op, **body_of(row.request, query)})


@pytest.mark.parametrize("op", EXPLORED)
def test_page_without_settings_is_the_request_without_settings(op):
    request = from_query(op, {})

    usual = {c.key: c.query for c in controls_of(type(request)) if c.kind != "cells"}
    assert values_of(request) == usual
    shapes = [
        OPERATIONS[op].explain(each).trace.tensors["y"].shape
        for each in (request, type(request)(op=op))
    ]
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize("op", EXPLORED)
def test_keys_of_an_operation_are_its_own_and_none_of_the_page(op):
    keys = [control.key for control in controls_of(OPERATIONS[op].request)]

    assert len(keys) == len(set(keys))
    assert {"op", "t", "c", "present", "tab"}.isdisjoint(keys)


@pytest.mark.parametrize("op", POOLINGS)
def test_without_a_stride_windows_lie_side_by_side_but_the_page_always_says_one(op):
    whole = explained(op, kernel_size=3).trace.tensors["y"].shape

    assert whole == (1, 1, 2, 2)
    assert from_query(op, {"ks": "3"}).stride == (2, 2)
    assert OPERATIONS[op].request(op=op, kernel_size=(3, 2)).settled().stride == (3, 2)


@pytest.mark.parametrize("op", POOLINGS)
def test_size_formula_of_a_pooling_is_that_of_a_convolution(op):
    x = {"height": 9, "width": 8, "channels": 3}

    told = explained(op, x=x, kernel_size=[3, 2], stride=[2, 3], padding=[1, 0])

    sizes = [float(trace.tensors[n].values) for trace, n in zip(told.sizes, ("W2", "H2"))]  # noqa: B905
    assert sizes == [told.names["W2"], told.names["H2"]] == [3, 5]
    assert told.names.items() >= {"D1": 3, "D2": 3, "F": 2, "S": 3, "P": 0, "outputs": 45}.items()


@pytest.mark.parametrize("op", POOLINGS)
def test_one_formula_is_enough_where_rows_and_columns_are_alike(op):
    assert [trace.op for trace in explained(op).sizes] == ["output_size"]


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        pytest.param({"x": {"width": 7, "height": 7}}, 0, id="a window more than the formula"),
        pytest.param({}, 1, id="nothing to round"),
        pytest.param({"kernel_size": 7, "stride": 3}, 0, id="a window that only hangs over"),
    ],
)
def test_size_formula_is_shown_where_rounding_up_changes_nothing(body, shown):
    assert len(explained("max_pool2d", ceil_mode=True, **body).sizes) == shown


def test_edits_of_transposed_filters_count_as_the_cells_are_shown():
    weight = {"filters": 3, "edits": [[1, 2, 0, 1, 99]]}

    told = explained("conv_transpose2d", x={"channels": 2}, weight=weight).trace.tensors["weight"]

    np.testing.assert_array_equal(np.argwhere(told.values == 99), [[1, 2, 0, 1]])


@pytest.mark.parametrize(
    ("body", "field", "sets"),
    [
        ({"op": "max_pool2d", "padding": 2}, "padding", [{"p": "1"}]),
        (
            {"op": "avg_pool2d", "kernel_size": 8},
            "kernel_size",
            [{"p": "1"}, {"ceil": "1"}, {"ks": "6"}],
        ),
        ({"op": "conv_transpose2d", "output_padding": 3}, "output_padding", [{"outp": "1"}]),
        ({"op": "conv_transpose2d", "groups": 2}, "groups", [{"g": "1"}]),
    ],
)
def test_a_refusal_offers_settings_that_are_not_refused(client, body, field, sets):
    reply = client.post("/api/trace", json=body)

    assert reply.status_code == 422
    detail = reply.json()["detail"]
    assert detail["field"] == field
    assert [offer["set"] for offer in detail["remedies"]] == sets
    for offer in detail["remedies"]:
        healed = client.post("/api/trace", json=body | offer["changes"])
        assert healed.status_code == 200
        rows, columns = healed.json()["tensors"]["y"]["shape"][-2:]
        assert offer["result"] == f"{rows}×{columns} output"


def test_zeros_between_are_prepared_and_their_places_travel(client):
    reply = client.post("/api/trace", json={"op": "conv_transpose2d", "stride": [2, 3]}).json()

    spread = reply["tensors"]["spread"]
    assert (spread["extends"], spread["offset"], spread["spacing"]) == (
        "x",
        [0, 0, 2, 2],
        [1, 1, 2, 3],
    )
    assert [phase["setup"] for phase in reply["phases"]] == [True, False]
