"""What travels is enough: a reader with nothing but the JSON finds every number again."""

from __future__ import annotations

import gzip
import json
import math
from dataclasses import replace
from itertools import product

import numpy as np
import orjson
import pytest

from app.catalogue import OPERATIONS
from app.explain import explained
from app.settings import Settings
from app.wire import encode_step, encode_trace, plain
from engine.boxes import span
from engine.phases import Phase, Tensor
from engine.trace import Trace

LIMITS = Settings()
BODIES = {
    "plain": {},
    "two filters on three channels": {"x": {"channels": 3}, "weight": {"filters": 2}, "bias": True},
    "fractions, turned, with holes": {
        "x": {"preset": "random", "width": 8},
        "weight": {"preset": "random", "width": 2},
        "dilation": [2, 3],
        "flip": True,
    },
    "an average over mirrored borders": {
        "weight": {"preset": "box_blur_3x3"},
        "padding": [1, 0, 2, 1],
        "padding_mode": "reflect",
        "stride": [1, 2],
    },
    "groups": {"x": {"channels": 4}, "weight": {"filters": 2}, "groups": 2, "padding": "same"},
}
each_body = pytest.mark.parametrize("body", [pytest.param(b, id=n) for n, b in BODIES.items()])


def text_of(body, settings=LIMITS):
    body = {"op": "conv2d", **body}
    request = OPERATIONS[body["op"]].request.model_validate(body)
    return explained(body["op"], request, settings).decode()


def reply_to(body, settings=LIMITS):
    return json.loads(text_of(body, settings))


def box_at(phase, symbol, n):
    """Work out a box as a browser does: a base, and how it moves with each loop."""
    if phase["boxes"]:
        return phase["boxes"][n][symbol]
    turn = np.unravel_index(n, [turns for _, turns in phase["loops"]])
    return [
        (start + sum(by * at for by, at in zip(moves, turn, strict=True)), count, step)
        for start, count, step, moves in phase["bind"][symbol]
    ]


def places(box, shape):
    """Find the cells of a box in the flattened tensor."""
    parts = [[start + step * k for k in range(count)] for start, count, step in box]
    return [int(np.ravel_multi_index(cell, shape)) if cell else 0 for cell in product(*parts)]


def read(reply, phase, symbol, n):
    tensor = reply["tensors"][phase["reads"].get(symbol, phase["writes"])]
    return [tensor["values"][at] for at in places(box_at(phase, symbol, n), tensor["shape"])]


def shares(phase, name):
    """Cut the flat numbers of a phase into those of each step."""
    return np.reshape(phase["numbers"][name], (phase["steps"], -1))


def fold(reply):
    """Carry out the steps with set and add, and nothing else."""
    state = {}
    for phase in reply["phases"]:
        name = phase["writes"]
        tensor = reply["tensors"][name]
        fill = math.nan if tensor["fill"] is None else tensor["fill"]
        values = state.setdefault(name, np.full(len(tensor["values"]), float(fill)))
        for n in range(phase["steps"]):
            cells = places(box_at(phase, name, n), tensor["shape"])
            if phase["adds"]:
                each = phase["combine"] == "each"
                np.add.at(values, cells, shares(phase, "terms" if each else "results")[n])
            else:
                values[cells] = np.take(tensor["values"], cells)
    return state


@each_body
def test_folding_the_steps_fills_every_tensor_that_is_written(body):
    reply = reply_to(body)

    for name, values in fold(reply).items():
        np.testing.assert_array_equal(values, reply["tensors"][name]["values"])


@each_body
def test_terms_are_the_products_of_the_cells_that_the_boxes_name(body):
    reply = reply_to(body)
    phase = reply["phases"][-1]

    products = [
        np.multiply(read(reply, phase, "w", n), read(reply, phase, "x", n))
        for n in range(phase["steps"])
    ]

    np.testing.assert_array_equal(shares(phase, "terms"), products)


@each_body
def test_terms_add_up_again_to_the_running_sums_and_to_the_cell(body):
    reply = reply_to(body)
    phase = reply["phases"][-1]

    for n in range(phase["steps"]):
        sums = list(np.cumsum(shares(phase, "terms")[n]))
        if phase["divisor"] != 1:
            sums.append(sums[-1] / phase["divisor"])
        sums += [sums[-1] + read(reply, phase, symbol, n)[0] for symbol in phase["extra"]]
        assert shares(phase, "running")[n].tolist() == sums
        assert read(reply, phase, "y", n) == [sums[-1]]


def test_partial_sums_are_those_of_the_channels():
    phase = reply_to(BODIES["two filters on three channels"])["phases"][-1]

    terms = shares(phase, "terms").reshape(50, 3, 9)

    np.testing.assert_array_equal(shares(phase, "partial"), terms.cumsum(2).reshape(50, 27))


def tensor(name, values):
    values = np.array(values, dtype=np.float64)
    axes = ("sample",) * values.ndim
    return Tensor(name=name, label=name, role="input", axes=axes, values=values, fill=0.0)


def small(x=(0.1, 5.0, 5.0, -5.0), y=(0, 0, 0), *, count=2, **settings):
    """Encode a trace with windows of some entries of x, one step for each entry of y."""
    rule = {
        "loop": {"at": len(y)},
        "bind": {"x": [span(count=count, at=1)], "y": [span(at=1)]},
        "evaluate": lambda x: x,
        **settings,
    }
    phase = Phase(title="", formula="", term="", reads={"x": "x"}, writes="y", **rule)
    trace = Trace("small", [tensor("x", x), tensor("y", y)], [phase])
    return json.loads(orjson.dumps(encode_trace(trace, steps=True)))


def test_overlapping_results_that_add_travel_and_accumulate():
    bind = {"x": [span(count=2, at=1)], "y": [span(count=2)]}
    reply = small(adds=True, combine="each", bind=bind)

    assert fold(reply)["y"].tolist() == [0.1 + 5 + 5, 5 + 5 - 5, 0]


def test_shares_that_cancel_leave_zero_in_the_finished_tensor():
    once = {"x": [span(at=1)], "y": [span()]}
    reply = small([0.1, 0.2, -0.3], [5.6e-17], adds=True, combine="each", loop={"at": 3}, bind=once)

    assert reply["tensors"]["y"]["values"] == [0]


def test_maximum_says_for_each_step_which_term_decided():
    numbers = small(combine="max")["phases"][0]["numbers"]

    assert numbers["picks"] == [1, 0, 0]
    assert numbers["results"] == [5, 5, 5]


def test_steps_that_cancel_are_named():
    reply = small([0.5, 0.1, 0.2, -0.3], [0, 0], count=3)  # 0.1 + 0.2 - 0.3 leaves 5.6e-17

    assert reply["phases"][0]["numbers"]["cancels"] == [1]


def test_finished_tensor_is_sent_as_its_steps_give_it():
    reply = small([0.1, 0.2, 0.3], [0.6], count=3)

    assert reply["tensors"]["y"]["values"] == [0.1 + 0.2 + 0.3]


@pytest.mark.parametrize(
    ("values", "written"),
    [
        pytest.param([1.0, -2.0, 3e5], "[1,-2,300000]", id="whole numbers as integers"),
        pytest.param([0.5, 2.0], "[0.5,2.0]", id="one fraction makes all of them floats"),
        pytest.param([-0.0, 1.0], "[0,1]", id="no negative zero among whole numbers"),
        pytest.param([-0.0, 0.5], "[0.0,0.5]", id="no negative zero among fractions"),
        pytest.param([], "[]", id="none"),
    ],
)
def test_numbers_are_written_short_and_without_a_negative_zero(values, written):
    assert orjson.dumps(plain(values)).decode() == written


@pytest.mark.parametrize("other", [1, 0.5])
def test_negative_zeros_of_a_request_do_not_come_back(other):
    text = text_of({"x": [[-0.0, other], [-0.0, -1]], "weight": [[-1.0]]})

    assert "-0.0" not in text
    assert "-0," not in text


@each_body
def test_reply_holds_no_number_that_json_does_not_know(body):
    def refuse(word):
        raise AssertionError(word)

    reply = json.loads(text_of(body), parse_constant=refuse)

    # orjson writes NaN as null.
    numbers = reply["phases"][-1]["numbers"]
    assert None not in [*numbers["terms"], *numbers["running"], *reply["tensors"]["y"]["values"]]


def test_integer_presets_travel_as_integers():
    reply = reply_to({})

    assert all(isinstance(value, int) for value in reply["tensors"]["y"]["values"])
    assert all(isinstance(value, int) for value in reply["phases"][0]["numbers"]["terms"])


def test_prepared_phases_travel_without_numbers():
    phases = reply_to({"padding": 1})["phases"]

    assert [("numbers" in phase, phase["setup"]) for phase in phases] == [
        (False, True),
        (True, False),
    ]


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        pytest.param({"play_steps": 25, "play_terms": 225}, None, id="just within"),
        pytest.param(
            {"play_steps": 24},
            "25 steps are too many to play (at most 24): "
            "the output is shown finished. Point at a cell to trace it.",
            id="too many steps",
        ),
        pytest.param(
            {"play_terms": 224},
            "225 terms are too many to play (at most 224): "
            "the output is shown finished. Point at a cell to trace it.",
            id="too many terms",
        ),
    ],
)
def test_trace_beyond_the_limits_is_shown_finished_and_says_why(limits, sentence):
    reply = reply_to({}, replace(LIMITS, **limits))

    assert reply["reason"] == sentence
    assert reply["playable"] is (sentence is None)
    assert ("numbers" in reply["phases"][0]) is (sentence is None)
    assert len(reply["tensors"]["y"]["values"]) == 25


def test_reply_for_two_filters_on_three_channels_is_small():
    text = text_of({"x": {"channels": 3}, "weight": {"filters": 2}}).encode()

    assert len(text) < 32_000
    assert len(gzip.compress(text, 1)) < 8_000


def test_single_step_brings_its_operands_terms_and_result():
    request = OPERATIONS["conv2d"].request.model_validate(
        {"op": "conv2d", "x": [[1, 2], [3, 4]], "weight": [[5, 6]], "bias": [0.5]}
    )
    trace = OPERATIONS["conv2d"].explain(request).trace

    step = json.loads(orjson.dumps(encode_step(trace, 0, 1)))

    assert step["operands"] == {"w": [5, 6], "x": [3, 4], "b": [0.5]}
    assert step["numbers"]["terms"] == [15, 24]
    assert step["numbers"]["running"] == [15, 39, 39.5]
    assert step["result"] == 39.5
    assert (step["writes"], step["bind"]["y"]) == (
        "y",
        [[0, 1, 1], [0, 1, 1], [1, 1, 1], [0, 1, 1]],
    )
