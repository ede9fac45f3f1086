"""What a client did wrong is said in one sentence, with the field and a way out."""

from __future__ import annotations

import pytest

from app.catalogue import OPERATIONS

FRAME = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]


def ask(client, **body):
    return client.post("/api/trace", json={"op": "conv2d", **body})


@pytest.mark.parametrize(
    ("body", "field", "sentence"),
    [
        pytest.param(
            {"op": "conv"},
            "op",
            f'op: "conv" is not known; use one of {len(OPERATIONS)} names (did you mean "conv2d"?)',
            id="unknown operation",
        ),
        pytest.param(
            {"op": "batch_norm_backward", "x": {"preset": "constant"}, "eps": 1e-300},
            "eps",
            "eps: 1e-300 is too small; use at least 1e-30",
            id="eps whose power would not be finite",
        ),
        pytest.param(
            {"strid": 2},
            "strid",
            'unknown field "strid" (did you mean "stride"?)',
            id="misspelt field",
        ),
        pytest.param(
            {"x": {"widht": 2}},
            "x.widht",
            'unknown field "widht" (did you mean "width"?)',
            id="misspelt inside",
        ),
        pytest.param(
            {"stride": 0}, "stride", "stride: 0 is too small; use at least 1", id="stride 0"
        ),
        pytest.param(
            {"stride": 17},
            "stride",
            "stride: 17 is too large; use at most 16",
            id="stride too large",
        ),
        pytest.param(
            {"stride": 1.5},
            "stride",
            "stride: 1.5 is not a whole number; use one such as 1",
            id="half a stride",
        ),
        pytest.param(
            {"stride": "fast"},
            "stride",
            'stride: "fast" is not a whole number; use one such as 1',
            id="stride in words",
        ),
        pytest.param(
            {"stride": [1, 0]},
            "stride",
            "stride[1]: 0 is too small; use at least 1",
            id="stride 0 along columns",
        ),
        pytest.param(
            {"padding": -1},
            "padding",
            "padding: -1 is too small; use at least 0",
            id="negative padding",
        ),
        pytest.param(
            {"padding": "sam"},
            "padding",
            'padding: "sam" is not known; use "same" or "valid" (did you mean "same"?)',
            id="misspelt padding",
        ),
        pytest.param(
            {"padding": [1, 2, 3]},
            "padding",
            "padding: a list of 3; use one number, two "
            "(rows, columns) or four (top, bottom, left, right)",
            id="three paddings",
        ),
        pytest.param(
            {"padding": "same", "stride": 2},
            "padding",
            'padding: "same" keeps the size, '
            "which needs stride 1, but the stride is 2 for rows and 2 for columns; use "
            "stride 1 or give the padding in cells",
            id="same with a stride",
        ),
        pytest.param(
            {"dilation": 4},
            "weight",
            "weight: a 3x3 filter with dilation 4 spans 9x9 "
            "and does not fit into the padded input of 7x7; use padding >= 1, dilation 3 "
            "or a smaller filter",
            id="dilated beyond the input",
        ),
        pytest.param(
            {"x": {"preset": "edge"}},
            "x.preset",
            'x.preset: "edge" is not known; use '
            '"integers", "edges", "ramp", "checker", "digit", "impulse", "blank" or '
            '"random" (did you mean "edges"?)',
            id="misspelt preset",
        ),
        pytest.param(
            {"x": {"width": 25}},
            "x.width",
            "x.width: 25 is too large; use at most 24",
            id="input too wide",
        ),
        pytest.param(
            {"x": [[0] * 25]},
            "x.width",
            "x.width: 25 is too large; use at most 24",
            id="row too long",
        ),
        pytest.param(
            {"x": [[1, 2], [3]]},
            "x",
            "x: row 2 has 1 number where row 1 has 2 numbers; give every row as many",
            id="ragged rows",
        ),
        pytest.param(
            {"x": FRAME, "weight": [[1] * 4]},
            "weight",
            "weight: a 1x4 filter does not "
            "fit into the padded input of 3x3; use padding >= 1 or a smaller filter",
            id="filter too wide",
        ),
        pytest.param(
            {"weight": [[[1]], [[1]]]},
            "weight",
            "weight: filters of depth 2 do not go "
            "with the 1 channels of x in 1 group; use filters of depth 1",
            id="depths",
        ),
        pytest.param(
            {"bias": [1, 2]},
            "bias",
            "bias: shape (2,) does not go with the 1 filters; use one number a filter, shape (1,)",
            id="too many biases",
        ),
        pytest.param(
            {"groups": 2},
            "groups",
            "groups: 2 must divide both the 1 channels of x and the 1 filters; use 1",
            id="groups that do not divide",
        ),
        pytest.param(
            {"stride": 3, "strict": True},
            "stride",
            "stride: (7 − 3 + 0)/3 = 1.333 is no whole number of moves, since 4 does not "
            "divide by 3; choose another stride, padding or input size, or switch strict sizes off",
            id="strict",
        ),
        pytest.param(
            {"x": {"width": 24, "height": 24}, "weight": {"filters": 8}, "padding": 16},
            "padding",
            "padding: an output of 8×54×54 has more than 16,384 cells; use "
            "less padding, or fewer channels and filters",
            id="too large to show",
        ),
        pytest.param(
            {"at": 25},
            "at",
            "at: there is no step 25; use a number from 0 to 24",
            id="step behind the last",
        ),
        pytest.param(
            {"at": -1},
            "at",
            "at: there is no step -1; use a number from 0 to 24",
            id="step before the first",
        ),
        pytest.param(
            {"at": [0, 5, 0]},
            "at",
            "at: there is no cell [0, 5, 0] in an output of 1×1×5×5; count from 0",
            id="cell outside",
        ),
        pytest.param(
            {"at": []},
            "at",
            "at: there is no cell [] in an output of 1×1×5×5; count from 0",
            id="no cell",
        ),
        pytest.param(
            {"op": "output_size", "size": 7, "filter": 3, "at": [0]},
            "at",
            "at: there is no cell [0] in an output of a single number; count from 0",
            id="of a scalar",
        ),
        pytest.param(
            {"op": "padding", "at": [0, 0]},
            "at",
            "at: no step writes the cell [0, 0], it keeps its first value",
            id="cell of a zero border",
        ),
        pytest.param(
            {"op": "output_size", "filter": 3}, "size", "size: is missing; add it", id="missing"
        ),
        pytest.param(
            {"op": "output_size", "size": 3, "filter": 7},
            "filter",
            "filter: a filter of "
            "7 does not fit into the padded width of 3; use padding >= 2 or a smaller "
            "filter",
            id="calculator, filter too large",
        ),
    ],
)
def test_refusal_names_the_field_and_says_what_helps(client, body, field, sentence):
    reply = ask(client, **body)

    assert reply.status_code == 422
    assert reply.json()["detail"]["message"] == sentence
    assert reply.json()["detail"]["field"] == field


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e7", "-1e99"])
@pytest.mark.parametrize(
    ("body", "field"),
    [('{"op": "conv2d", "stride": %s}', "stride"), ('{"op": "conv2d", "x": [[1, %s]]}', "x")],
)
def test_number_that_is_not_finite_or_too_large_is_refused_and_not_echoed(
    client, number, body, field
):
    reply = client.post(
        "/api/trace", content=body % number, headers={"Content-Type": "application/json"}
    )

    assert reply.status_code == 422
    assert reply.json()["detail"]["field"] == field
    assert number not in reply.text


def test_remedies_travel_with_what_to_set_and_what_they_lead_to(client):
    detail = ask(client, x=FRAME, weight={"width": 5, "height": 5}).json()["detail"]

    assert detail["remedies"][0] == {
        "label": "P = 1",
        "changes": {"padding": 1},
        "result": "1×1 output",
        "set": {"p": "1"},
    }
