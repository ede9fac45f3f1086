"""Numeric checks of the gradients that a page shows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalogue import OPERATIONS
from app.check import DIFFERENTIABLE
from tests.app.drawn_convolutions import BODIES

RAMP = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
LOSS = {"preset": "loss"}


def post(client, route, **body):
    return client.post(f"/api/{route}", json={"op": "conv2d_backward", **body})


@pytest.mark.parametrize("of", ["x", "weight", "bias"])
@pytest.mark.parametrize(
    "body",
    [
        pytest.param({}, id="as it opens"),
        pytest.param({"grad_y": LOSS, "bias": True}, id="from a loss"),
        pytest.param({"stride": 2, "padding": [2, 1], "dilation": [1, 2]}, id="spread out"),
        pytest.param({"padding": 2, "padding_mode": "reflect"}, id="mirrored"),
        pytest.param({"padding": 2, "padding_mode": "circular", "stride": [1, 3]}, id="wrapped"),
        pytest.param(
            {"x": {"channels": 4}, "weight": {"filters": 6}, "groups": 2, "reading": "gather"},
            id="in groups",
        ),
        pytest.param({"weight": {"preset": "box_blur_3x3"}, "flip": True}, id="an average, turned"),
    ],
)
def test_check_of_a_convolution_agrees_below_a_millionth(client, body, of):
    body = {"x": {"preset": "random"}, **body}
    reply = post(client, "check", of=of, **body).json()
    shown = post(client, "trace", **body).json()["tensors"][f"grad_{of}"]

    assert reply["relative_error"] < 1e-6
    assert (reply["of"], reply["shape"], reply["count"]) == (
        of,
        shown["shape"],
        len(shown["values"]),
    )
    assert (reply["differentiable"], reply["kinks"], reply["reason"]) == (True, [], None)
    np.testing.assert_allclose(reply["analytic"], shown["values"], rtol=1e-9, atol=1e-9)
    scale = np.abs(shown["values"]).max()
    np.testing.assert_allclose(reply["numeric"], shown["values"], atol=1e-6 * scale)


@pytest.mark.parametrize(
    ("op", "of"),
    [
        ("conv1d_backward", ["x", "weight", "bias"]),
        ("conv_transpose2d_backward", ["x", "weight", "bias"]),
        ("max_pool2d_backward", ["x"]),
        ("avg_pool2d_backward", ["x"]),
        ("relu_backward", ["x"]),
        ("batch_norm_backward", ["x", "gamma", "beta"]),
    ],
)
def test_every_gradient_of_every_operation_can_be_checked(client, op, of):
    bodies = [{"op": op, "of": name, "x": {"preset": "random"}} for name in of]

    replies = [client.post("/api/check", json=body).json() for body in bodies]

    assert max(reply["relative_error"] for reply in replies) < 1e-6
    assert all(reply["count"] > 0 for reply in replies)


def test_operations_that_can_be_checked_are_all_that_go_backward():
    assert set(DIFFERENTIABLE) == {op for op in OPERATIONS if op.endswith("_backward")}


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_gradients_on_the_page_are_true_ones_whatever_the_settings(client, data):
    body = data.draw(BODIES["conv2d_backward"])
    of = data.draw(st.sampled_from(["x", "weight", "bias"]))

    reply = client.post("/api/check", json=body | {"of": of}).json()

    assert reply["relative_error"] < 1e-6
    assert reply["differentiable"]


def test_a_gradient_of_zero_is_not_lost_in_rounding(client):
    body = {
        "op": "conv2d_backward",
        "of": "bias",
        "x": {"preset": "integers", "seed": 13, "height": 4, "width": 7, "channels": 2},
        "weight": {"preset": "laplacian_8", "height": 4, "width": 3},
        "stride": [1, 3],
        "dilation": [1, 3],
        "padding": 1,
        "padding_mode": "circular",
        "grad_y": {"preset": "integers", "seed": 66},
    }

    reply = client.post("/api/check", json=body).json()

    assert reply["analytic"] == [0] != reply["numeric"]
    assert reply["relative_error"] < 1e-6


def test_check_tells_where_a_maximum_has_two_winners(client):
    x = [[3, 3, 1, 2], [0, 1, 5, 4], [1, 2, 3, 4], [0, 0, 0, 7]]
    body = {"op": "max_pool2d_backward", "of": "x", "x": x, "grad_y": [[1, 2], [3, 4]]}

    reply = client.post("/api/check", json=body).json()

    assert (reply["kinks"], reply["differentiable"], reply["count"]) == ([0, 1], False, 14)
    assert reply["relative_error"] < 1e-6
    assert reply["analytic"] == [1, 0, 0, 0, 0, 0, 2, 0, 0, 3, 0, 0, 0, 0, 0, 4]
    assert reply["reason"] == (
        "2 of 16 numbers cannot be compared, as the loss bends there and has a different slope to "
        "each side: two cells of a window are equally large."
    )


@pytest.mark.parametrize(
    ("body", "field", "sentence"),
    [
        pytest.param({}, "of", "of: is missing; add it", id="nothing asked"),
        pytest.param(
            {"of": "y"},
            "of",
            'of: "y" is not known; use "x", "weight", "bias", "gamma" or "beta"',
            id="output",
        ),
        pytest.param(
            {"of": "gamma"},
            "of",
            'of: "gamma" has no gradient here; use "x", "weight" or "bias"',
            id="gradient of another operation",
        ),
        pytest.param(
            {"of": "x", "x": {"width": 24, "height": 24, "channels": 8}},
            "of",
            "of: 4,608 numbers, each moved by itself through 70,180 products, are too many to "
            "check; use a smaller input, or fewer channels and filters",
            id="too large",
        ),
        pytest.param(
            {"of": "x", "stride": 0},
            "stride",
            "stride: 0 is too small; use at least 1",
            id="setting out of range",
        ),
        pytest.param(
            {"of": "x", "op": "conv2d"},
            "op",
            'op: "conv2d" is not known; use "conv2d_backward", "conv1d_backward", '
            '"conv_transpose2d_backward", "max_pool2d_backward", "avg_pool2d_backward", '
            '"relu_backward" or "batch_norm_backward"',
            id="operation without gradients",
        ),
        pytest.param(
            {"of": "x", "grad_y": [[1, 2], [3, 4]]},
            "grad_y",
            "grad_y: 2×2 numbers do not go with an output of 1×1×5×5; "
            "give one gradient for each output cell",
            id="gradient of another shape",
        ),
    ],
)
def test_check_that_cannot_be_is_refused(client, body, field, sentence):
    reply = post(client, "check", **body)

    assert reply.status_code == 422
    assert (reply.json()["detail"]["message"], reply.json()["detail"]["field"]) == (sentence, field)


def test_refusal_of_a_check_travels_with_ways_out(client):
    detail = post(client, "check", of="x", x=RAMP, weight={"width": 5, "height": 5}).json()[
        "detail"
    ]

    assert detail["remedies"][0]["set"] == {"p": "1"}
