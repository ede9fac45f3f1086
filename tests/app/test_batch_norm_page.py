"""The page of batch norm: its address is its state, and its reply one trace there and back."""

from __future__ import annotations

from urllib.parse import urlencode

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalogue import OPERATIONS
from app.controls import controls_of
from app.pages import NAVIGATION
from tests.app.test_pages import Page

MODEL = OPERATIONS["batch_norm_pass"].request
KEYS = [control.key for control in controls_of(MODEL)]
UPSTREAM = [0.5, -0.2, 0.1, 0.3]


def page_of(client, query):
    reply = client.get(f"/batch-norm?{urlencode(query)}")
    assert reply.status_code == 200
    return Page(reply.text)


def explain(client, **body):
    return client.post("/api/trace", json={"op": "batch_norm_pass", **body}).json()


def test_page_carries_its_first_reply(client):
    assert page_of(client, {}).json["reply"] == explain(client)


def test_page_is_found_between_explore_and_the_image_studio():
    assert [label for _, _, label in NAVIGATION] == [
        "Lessons", "Explore", "Batch norm", "Image studio",
    ]  # fmt: skip


def test_page_opens_with_the_worked_example_of_the_lecture(client):
    tensors = page_of(client, {}).json["reply"]["tensors"]

    assert tensors["x"]["values"] == [1, 2, 4, 7]
    assert tensors["grad_y"]["values"] == UPSTREAM
    rounded = np.round(tensors["grad_x"]["values"], 4).tolist()
    assert rounded == [0.1496, -0.159, -0.0343, 0.0436]


def test_script_of_the_page_is_told_every_control(client):
    controls = {control["key"]: control for control in page_of(client, {}).json["controls"]}

    assert list(controls) == KEYS
    assert (controls["m"]["minimum"], controls["m"]["maximum"]) == (1, 16)
    assert [controls[key]["query"] for key in ("gamma", "beta", "eps")] == ["1", "0", "1e-5"]
    assert {controls[key]["kind"] for key in ("gamma", "beta", "eps")} == {"decimal"}
    assert {controls[key]["path"] for key in ("#x", "#g", "#target")} == {
        "x.edits", "grad_y.edits", "target.edits",
    }  # fmt: skip


def test_reply_belongs_to_the_settings_of_the_address(client):
    query = {"x": "integers", "xs": "3", "m": "6", "gamma": "-2.5", "beta": "1e-3", "eps": "0.5"}

    reply = page_of(client, query | {"up": "loss", "target": "zeros", "graph": "gates"}).json[
        "reply"
    ]

    assert reply == explain(
        client,
        x={"preset": "integers", "seed": 3, "size": 6},
        gamma=-2.5,
        beta=0.001,
        eps=0.5,
        upstream="loss",
        target={"preset": "zeros"},
        graph="gates",
    )


def test_what_the_address_says_of_the_view_is_no_setting(client):
    view = {"i": "3", "n": "grad_mu", "t": "12", "scene": "constant", "present": "1"}

    assert page_of(client, view).json["reply"] == explain(client)


@pytest.mark.parametrize(
    ("query", "field", "sentence"),
    [
        pytest.param({"m": "17"}, "x.size", 'x.size: "17" is too large; use at most 16', id="m"),
        pytest.param(
            {"gamma": "1,5"},
            "gamma",
            'gamma: "1,5" is not a number; use one such as 0.5',
            id="decimal comma",
        ),
        pytest.param(
            {"beta": "2000000"},
            "beta",
            'beta: "2000000" is too large; use at most 1000000.0',
            id="large shift",
        ),
        pytest.param(
            {"gamma": "nan"},
            "gamma",
            "gamma: is not a finite number; use one between -1000000 and 1000000",
            id="no finite number",
        ),
        pytest.param({"eps": "0"}, "eps", 'eps: "0" is too small; use at least 1e-30', id="no eps"),
        pytest.param(
            {"up": "targets"},
            "upstream",
            'upstream: "targets" is not known; use "given" or "loss"',
            id="no such loss",
        ),
        pytest.param(
            {"#x": "5"},
            "x.edits",
            'x.edits: "5" is not a list; use square brackets',
            id="cells in the query",
        ),
    ],
)
def test_bad_address_shows_the_page_with_the_fault(client, query, field, sentence):
    problem = page_of(client, query).json["reply"]["problem"]

    assert (problem["field"], problem["message"]) == (field, sentence)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        pytest.param({"utm_source": "mail"}, "utm_source: the address has a setting", id="tracker"),
        pytest.param(
            {"epsilon": "1"}, "(did you mean &#34;eps&#34;?); leave it out", id="misspelt"
        ),
    ],
)
def test_unknown_name_in_the_address_is_told_and_the_rest_is_shown(client, query, sentence):
    text = client.get(f"/batch-norm?{urlencode(query | {'gamma': '2'})}").text

    assert sentence in text
    assert Page(text).json["reply"] == explain(client, gamma=2)


def test_batch_of_one_can_be_stepped_to(client):
    assert 'data-key="m" data-part="" value="4" aria-valuemin="1"' in client.get("/batch-norm").text


@settings(deadline=None, max_examples=60)
@given(
    st.dictionaries(
        st.sampled_from([*KEYS, "op", "t", "i", "n", "scene", "tab", "gamma ", "mu", ""]),
        st.integers(-2, 30).map(str)
        | st.sampled_from(["growing", "loss", "gates", "1e-5", "-1e9", "inf", "tenths", ",", "1_0"])
        | st.text(st.characters(codec="utf-8"), max_size=6),
        max_size=5,
    )
)
def test_no_address_is_the_servers_fault(client, query):
    reply = page_of(client, query).json["reply"]

    assert ("problem" in reply) != ("tensors" in reply)


@pytest.mark.parametrize("upstream", ["given", "loss"])
def test_reply_is_one_playable_trace(client, upstream):
    reply = explain(client, x={"size": 16}, graph="gates", upstream=upstream)

    assert reply["playable"]
    assert not any(phase["setup"] for phase in reply["phases"])
    of = {name: tensor["gradientOf"] for name, tensor in reply["tensors"].items()}
    assert {name: f"grad_{value}" for name, value in of.items() if value} == {
        name: name for name in reply["tensors"] if name.startswith("grad_")
    }


def test_table_is_sent_with_its_sums(client):
    columns = {column["key"]: column for column in explain(client)["table"]}

    assert columns["x"] | {"symbols": ""} == {
        "key": "x", "symbols": "", "values": [1, 2, 4, 7], "sum": 14, "cancels": False,
        "role": "input", "route": None, "edits": "x",
    }  # fmt: skip
    assert (columns["centred"]["sum"], columns["centred"]["cancels"]) == (0, True)
    assert {key: c["edits"] for key, c in columns.items() if c["edits"]} == {
        "x": "x",
        "grad_y": "grad_y",
    }
    assert [c["route"] for c in columns.values() if c["route"]] == ["xhat", "sigma2", "mu"]
    assert list(columns)[-1] == "closed"
    assert all(column["symbols"].startswith("<math") for column in columns.values())


def test_other_operations_send_no_table(client):
    assert "table" not in client.post("/api/trace", json={"op": "batch_norm"}).json()


def test_mean_and_spread_are_named(client):
    names = explain(client, beta=2)["names"]

    assert names.keys() >= {"m", "mean_x", "std_x", "mean_xhat", "std_xhat", "mean_y", "std_y"}
    assert (names["m"], names["mean_x"], names["mean_y"]) == (4, 3.5, 2)


def test_scale_and_shift_can_undo_the_normalisation(client):
    names = explain(client)["names"]

    reply = explain(client, gamma=names["root"], beta=names["mean_x"])

    np.testing.assert_allclose(reply["tensors"]["y"]["values"], [1, 2, 4, 7], rtol=1e-14)


def test_bare_lists_are_the_numbers_themselves(client):
    tensors = explain(client, x=[3, 1.5, -2], grad_y=[[1], [0], [0]])["tensors"]

    assert (tensors["x"]["values"], tensors["x"]["shape"]) == ([3, 1.5, -2], [3, 1])
    assert tensors["grad_y"]["values"] == [1, 0, 0]


def test_edits_change_single_samples_and_wait_while_the_batch_is_too_small(client):
    edited = {"x": {"size": 3, "edits": [[1, -5], [2, 0, 9], [7, 1]]}}

    tensors = explain(client, **edited, grad_y={"edits": [[0, 4]]})["tensors"]

    assert tensors["x"]["values"] == [1, -5, 9]
    assert tensors["grad_y"]["values"] == [4, -0.2, 0.1]


def test_target_is_a_preset_or_numbers(client):
    preset, listed = (
        explain(client, upstream="loss", target=target)["tensors"]["target"]["values"]
        for target in ({"preset": "alternating", "edits": [[3, 8]]}, [1, 2, 3, 4])
    )

    assert (preset, listed) == ([1, -1, 1, 8], [1, 2, 3, 4])


@pytest.mark.parametrize(
    ("body", "field", "sentence"),
    [
        pytest.param(
            {"x": [1, 2], "grad_y": [1, 2, 3]},
            "grad_y",
            "grad_y: 3 given for a batch of 2; give one number for each sample",
            id="gradient of another size",
        ),
        pytest.param(
            {"target": [1], "upstream": "loss"},
            "target",
            "target: 1 given for a batch of 4; give one number for each sample",
            id="target of another size",
        ),
        pytest.param(
            {"x": [1] * 17},
            "x",
            "x: a batch of 17 is too large; use at most 16 samples",
            id="large batch",
        ),
        pytest.param(
            {"x": [[1, 2], [3, 4]]},
            "x",
            "x: 2 numbers a sample; this is the batch of one activation, give one number a sample",
            id="two activations",
        ),
        pytest.param(
            {"x": {"edits": [[1]]}},
            "x.edits",
            "x.edits: an edit with 1 entries; give the sample, from 0, and its value",
            id="edit without a value",
        ),
        pytest.param(
            {"x": {"edits": [[0.5, 1]]}},
            "x",
            "x: an edit of the cell [0.5, 0]; give whole numbers from 0, and the value behind them",
            id="edit between samples",
        ),
        pytest.param(
            {"eps": -1}, "eps", "eps: -1 is too small; use at least 1e-30", id="negative eps"
        ),
        pytest.param(
            {"gama": 1}, "gama", 'unknown field "gama" (did you mean "gamma"?)', id="typing error"
        ),
    ],
)
@pytest.mark.parametrize("route", ["trace", "checks", "code"])
def test_what_cannot_be_is_refused_in_one_sentence(client, route, body, field, sentence):
    reply = client.post(f"/api/{route}", json={"op": "batch_norm_pass", **body})

    assert reply.status_code == 422
    detail = reply.json()["detail"]
    assert (detail["field"], detail["message"]) == (field, sentence)
