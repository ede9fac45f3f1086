"""Gradient descent as a page asks for it: the filters and the loss at every step."""

from __future__ import annotations

import numpy as np
import pytest

from engine import conv2d, conv2d_backward

RAMP = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
LOSS = {"preset": "loss"}
SOBEL = [-1, 0, 1, -2, 0, 2, -1, 0, 1]


def post(client, route, **body):
    return client.post(f"/api/{route}", json={"op": "conv2d_backward", **body})


def test_steps_are_those_of_the_engines_gradients(client):
    body = {"x": RAMP, "weight": [[1, 0], [0, -1]], "bias": [1], "target": [[1, -4], [0, 0]]}

    reply = post(client, "descend", **body, rate=0.01, steps=2, learn="filter_and_bias").json()

    x, weight = np.array(RAMP, float)[None, None], np.array([[[[1.0, 0.0], [0.0, -1.0]]]])
    error = conv2d(x, weight, np.array([1.0])) - np.array([[[[1.0, -4.0], [0.0, 0.0]]]])
    slope = conv2d_backward(error, x, weight)
    assert reply["losses"][0] == (error**2).sum() / 2
    assert reply["weight"]["shape"] == [1, 1, 2, 2]
    assert (reply["weight"]["values"][0], reply["bias"]["values"][0]) == ([1, 0, 0, -1], [1])
    np.testing.assert_allclose(reply["weight"]["values"][1], (weight - 0.01 * slope.weight).ravel())
    np.testing.assert_allclose(reply["bias"]["values"][1], 1 - 0.01 * slope.bias)
    assert [len(reply[name]["values"]) for name in ("weight", "bias")] == [3, 3]
    assert (len(reply["losses"]), reply["stopped"], reply["rate"]) == (3, None, 0.01)


@pytest.mark.parametrize(
    ("setting", "learned"),
    [
        pytest.param({}, SOBEL, id="as it opens"),
        pytest.param({"weight": {"preset": "random"}, "padding": 1}, SOBEL, id="with padding"),
        pytest.param({"stride": [1, 2], "x": {"width": 11}}, SOBEL, id="with a stride"),
        pytest.param({"flip": True}, SOBEL, id="turned"),
        pytest.param({"target": {"preset": "box_blur_3x3"}}, [1 / 9] * 9, id="the blur"),
        pytest.param(
            {"weight": {"preset": "box_blur_3x3"}, "target": {"preset": "sharpen"}},
            [0, -9, 0, -9, 45, -9, 0, -9, 0],
            id="taps that are divided by 9",
        ),
    ],
)
def test_hidden_kernel_is_found_with_the_suggested_rate(client, setting, learned):
    setting = {"x": {}, **setting}
    reply = post(client, "descend", **setting | {"x": setting["x"] | {"preset": "random"}}).json()

    assert reply["rate"] == reply["suggested_rate"]
    assert len(reply["losses"]) == 201
    np.testing.assert_allclose(reply["weight"]["values"][-1], learned, atol=1e-3)


def test_filters_of_a_step_give_the_loss_of_that_step_when_they_are_put_back(client):
    setting = {"x": {"preset": "random"}, "weight": {"preset": "box_blur_3x3"}, "flip": True}
    reply = post(client, "descend", **setting, steps=3).json()
    taps = reply["weight"]["values"][2]
    edits = [[0, 0, n // 3, n % 3, value] for n, value in enumerate(taps)]

    setting |= {"weight": {"preset": "box_blur_3x3", "edits": edits}, "grad_y": LOSS}
    tensors = post(client, "trace", **setting).json()["tensors"]

    assert tensors["loss"]["values"][0] == pytest.approx(reply["losses"][2], rel=1e-9)


def test_rate_that_is_too_large_stops_with_a_reason_and_finite_numbers(client):
    reply = post(client, "descend", rate=0.1, steps=50).json()

    assert reply["stopped"] == (
        "With a rate of 0.1 each step leaps over the lowest point and the loss grows without end, "
        f"so this stopped after {len(reply['losses']) - 1} of 50 steps; "
        "use a smaller rate, such as 0.0062."
    )
    assert len(reply["losses"]) == len(reply["weight"]["values"]) < 51
    assert max(reply["losses"]) <= 1e12


@pytest.mark.parametrize(
    ("body", "field", "sentence"),
    [
        ({"rate": 0}, "rate", "rate: 0 is too small; use more than 0.0"),
        ({"rate": 11}, "rate", "rate: 11 is too large; use at most 10.0"),
        ({"rate": "fast"}, "rate", 'rate: "fast" is not a number; use one such as 0.5'),
        ({"steps": 0}, "steps", "steps: 0 is too small; use at least 1"),
        ({"steps": 201}, "steps", "steps: 201 is too large; use at most 200"),
        (
            {"x": {"channels": 8}, "weight": {"filters": 8}},
            "steps",
            "steps: 200 steps of filters with 576 numbers are too many to send; use at most 68, "
            "or smaller filters",
        ),
        (
            {"learn": "filter_and_bias"},
            "learn",
            "learn: this convolution has no bias; switch the bias on, or learn the filter only",
        ),
        (
            {"learn": "bias"},
            "learn",
            'learn: "bias" is not known; use "filter" or "filter_and_bias"',
        ),
        (
            {"target": {"preset": "gaussian_blur_5x5"}},
            "target",
            'target: "gaussian_blur_5x5" has 5×5 taps, which a filter of 3×3 cannot learn; '
            "use a filter of at least 5×5, or another target",
        ),
        (
            {"target": [[1, 2]]},
            "target",
            "target: 1×2 numbers do not go with an output of 1×1×5×5; "
            "give one wanted number for each output cell",
        ),
        ({"op": "conv2d"}, "op", 'op: "conv2d" is not known; use "conv2d_backward"'),
    ],
)
def test_descent_that_cannot_be_is_refused(client, body, field, sentence):
    reply = post(client, "descend", **body)

    assert reply.status_code == 422
    assert reply.json()["detail"]["message"].startswith(sentence)
    assert reply.json()["detail"]["field"] == field


def test_target_that_is_too_large_for_the_filter_offers_a_larger_one(client):
    detail = post(client, "descend", target={"preset": "motion_blur"}).json()["detail"]

    assert [(way["label"], way["set"]) for way in detail["remedies"]] == [
        ("F = 5", {"fw": "5", "fh": "5"})
    ]
