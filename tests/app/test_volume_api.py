"""A layer of any size, told without ever being made: sizes, counts, and any one cell."""

from __future__ import annotations

import time

import numpy as np
import pytest

from engine import conv2d
from engine.presets import bias_vector, filter_bank, input_volume
from engine.shapes import conv2d_output_shape

LECTURE = {"stride": 4}  # 227x227x3 and 96 filters of 11x11x3 are the defaults
SMALL = {
    "x": {"preset": "random", "seed": 3, "width": 29, "height": 31, "channels": 5},
    "weight": {"preset": "integers", "seed": 2, "width": 3, "height": 4, "filters": 7},
}


def ask(client, **body):
    return client.post("/api/volume", json=body)


def whole_layer(body):
    """The layer by the fast operation."""
    x = {"preset": "integers", "seed": 0, "width": 227, "height": 227, "channels": 3}
    x |= body.get("x", {})
    w = {"preset": "integers", "seed": 0, "width": 11, "height": 11, "filters": 96}
    w |= body.get("weight", {})
    volume = input_volume(x["preset"], (x["channels"], x["height"], x["width"]), x["seed"])
    shape = (w["filters"], x["channels"], w["height"], w["width"])
    taps, divisor = filter_bank(w["preset"], shape, w["seed"])
    bias = bias_vector(w["filters"])[:, None, None] if body.get("bias", True) else 0
    names = ("stride", "padding", "padding_mode", "dilation")
    settings = {name: body[name] for name in names if name in body}
    return conv2d(volume[None], taps, **settings)[0] / divisor + bias


def test_lecture_layer_has_55_stops_and_the_numbers_of_the_exercise(client):
    reply = ask(client, **LECTURE).json()

    names = reply["names"]
    assert (names["W2"], names["H2"], names["D2"], names["terms"]) == (55, 55, 96, 363)
    assert (names["parameters"], names["outputs"]) == (34_944, 290_400)
    assert reply["starts"] == {"row": [0, 55, 4], "column": [0, 55, 4]}
    assert reply["step"] is None
    assert reply["counts"][:2] == [
        {"label": "Parameters", "expression": "96·(11·11·3+1) = 34,944"},
        {"label": "Outputs", "expression": "55·55·96 = 290,400"},
    ]


def test_size_formula_travels_as_a_trace_one_for_each_axis_that_differs(client):
    alike, apart = (
        ask(client, x={"width": width, "height": 40}).json()["sizes"] for width in (40, 43)
    )

    assert [next(iter(trace["tensors"])) for trace in alike] == ["W1"]
    assert [next(iter(trace["tensors"])) for trace in apart] == ["W1", "H1"]
    assert (apart[0]["tensors"]["W2"]["values"], apart[1]["tensors"]["H2"]["values"]) == (
        [33],
        [30],
    )


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"stride": [2, 1]}, id="strides"),
        pytest.param({"padding": [[3, 1], [2, 0]]}, id="padded with zeros"),
        pytest.param({"padding": 3, "padding_mode": "reflect", "stride": 3}, id="mirrored"),
        pytest.param({"padding": 4, "padding_mode": "replicate"}, id="edges repeated"),
        pytest.param({"padding": [2, 4], "padding_mode": "circular"}, id="wrapped"),
        pytest.param({"dilation": [3, 2], "padding": 5, "bias": False}, id="dilated, padded"),
        pytest.param({"padding": "same", "padding_mode": "reflect"}, id="same size"),
        pytest.param(
            {
                "weight": {**SMALL["weight"], "preset": "gaussian_blur_3x3", "height": 3},
                "padding": 1,
            },
            id="a kernel with a divisor",
        ),
    ],
)
def test_any_cell_is_that_of_the_whole_layer(client, body):
    body = SMALL | body
    y = whole_layer(body)
    last = tuple(size - 1 for size in y.shape)
    cells = [(0, 0, 0), last, (3, last[1], 0), (2, 0, last[2]), (5, 4, 6)]

    results = [ask(client, **body, at=cell).json()["step"]["result"] for cell in cells]

    np.testing.assert_allclose(results, [y[cell] for cell in cells], rtol=1e-12, atol=1e-12)


def test_cells_of_the_lecture_layer_are_those_of_the_whole(client):
    y = whole_layer(LECTURE)
    cells = [(0, 0, 0), (95, 54, 54), (40, 17, 3), (1, 54, 0)]

    results = [ask(client, **LECTURE, at=cell).json()["step"]["result"] for cell in cells]

    assert results == [y[cell] for cell in cells]


def test_explained_cell_tells_window_terms_and_sums(client):
    step = ask(client, **LECTURE, at=[5, 3, 7]).json()["step"]

    volume, taps = input_volume("integers", (3, 227, 227)), filter_bank("integers", (96, 3, 11, 11))
    window = volume[:, 12:23, 28:39]
    products = window * taps[0][5]
    assert step["bind"]["x"] == [[0, 1, 1], [0, 3, 1], [12, 11, 1], [28, 11, 1]]
    assert step["bind"]["y"] == [[0, 1, 1], [5, 1, 1], [3, 1, 1], [7, 1, 1]]
    assert step["operands"]["x"] == window.ravel().tolist()
    assert step["numbers"]["terms"] == products.ravel().tolist()
    assert step["sums"] == products.sum(axis=(1, 2)).tolist()
    assert step["total"] == sum(step["sums"])
    assert step["numbers"]["running"] == products.cumsum().tolist()
    assert step["result"] == step["total"] + step["bias"]
    assert (step["first"], step["padding"]) == (0, [])


def test_padding_under_the_window_is_marked(client):
    step = ask(client, **SMALL, padding=1, at=[0, 0, 0]).json()["step"]

    assert step["padding"] == [0, 1, 2, 3, 6, 9]
    assert [step["operands"]["x"][place] for place in step["padding"]] == [0] * 6


def test_a_cell_of_the_lecture_layer_comes_soon_and_small(client):
    ask(client, **LECTURE, at=[0, 0, 0])
    began = time.perf_counter()

    reply = ask(client, **LECTURE, x={"preset": "random"}, at=[95, 54, 54])

    assert time.perf_counter() - began < 0.1
    assert len(reply.content) < 100_000


def test_of_a_deep_layer_only_some_channels_travel_and_the_sums_of_all(client):
    body = {
        "x": {"preset": "random", "width": 4096, "height": 4096, "channels": 512},
        "weight": {"preset": "random", "width": 3, "height": 3, "filters": 4096},
        "padding": 1,
        "at": [4095, 0, 4095],
        "channel": 500,
    }

    reply = ask(client, **body)

    step = reply.json()["step"]
    assert len(reply.content) < 100_000
    assert (step["first"], len(step["sums"]), len(step["numbers"]["terms"])) == (500, 512, 12 * 9)
    assert step["total"] == pytest.approx(sum(step["sums"]), rel=1e-12)
    sent = np.reshape(step["numbers"]["terms"], (12, 9)).sum(axis=1)
    np.testing.assert_allclose(sent, step["sums"][500:], rtol=1e-12, atol=1e-12)


def test_sizes_agree_with_the_engine_for_a_layer_of_the_largest_sizes(client):
    body = {"x": {"width": 4096, "height": 4001, "channels": 2048}, "stride": [5, 3]}

    names = ask(client, **body, weight={"filters": 4096, "width": 31}).json()["names"]

    shape = conv2d_output_shape((1, 2048, 4001, 4096), (4096, 2048, 11, 31), stride=(5, 3))
    assert (names["D2"], names["H2"], names["W2"]) == shape[1:]


@pytest.mark.parametrize(
    ("body", "field", "sentence"),
    [
        pytest.param(
            {"x": {"width": 4097}},
            "x.width",
            "x.width: 4097 is too large; use at most 4096",
            id="too wide",
        ),
        pytest.param(
            {"weight": {"height": 32}},
            "weight.height",
            "weight.height: 32 is too large; use at most 31",
            id="too many taps",
        ),
        pytest.param(
            {"x": {"values": [[1]]}},
            "x.values",
            'unknown field "values"; the known ones are channels, height, preset, seed, width',
            id="numbers are never sent",
        ),
        pytest.param(
            {"x": {"width": 5}},
            "weight",
            "weight: a 11x11 filter does not fit into the padded input of 227x5; "
            "use padding >= 3 or a smaller filter",
            id="the filter does not fit",
        ),
        pytest.param(
            {"weight": {"preset": "sobel_x", "width": 2}},
            "weight",
            'weight: "sobel_x" has 3x3 taps and does not fit into a filter of 11x2; '
            "use a filter of at least 3x3",
            id="the kernel does not fit",
        ),
        pytest.param(
            {"x": {"width": 12, "height": 12}, "padding": 12, "padding_mode": "reflect"},
            "padding",
            "padding: 12 is too much for reflect padding of an input with 12 rows, it can be at "
            "most 11, since the edge itself is not repeated; use a padding of 11 or less, or "
            "padding_mode='replicate'",
            id="mirror too wide",
        ),
        pytest.param(
            {"stride": 4, "at": [96, 0, 0]},
            "at",
            "at: there is no cell [96, 0, 0] in an output of 96×55×55; count from 0",
            id="no such cell",
        ),
        pytest.param(
            {"at": [0, 0, 0], "channel": 3},
            "channel",
            "channel: 3 is too large for an input of 3 channels; count from 0",
            id="no such channel",
        ),
        pytest.param(
            {"x": {"channels": 512}, "at": [0, 0, 0]},
            "at",
            "at: one output is a sum of 61,952 terms, and at most 40,000 are told; "
            "use fewer channels or a smaller filter",
            id="too many terms",
        ),
    ],
)
def test_refusals_say_what_is_wrong_and_how_to_mend_it(client, body, field, sentence):
    reply = ask(client, **body)

    assert reply.status_code == 422
    assert reply.json()["detail"]["message"] == sentence
    assert reply.json()["detail"]["field"] == field
