"""What the page of gradients asks: traces from a loss; and nothing it asks breaks the server."""

from __future__ import annotations

import json

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalogue import OPERATIONS
from app.check import CHECKED, DIFFERENTIABLE
from engine import conv2d, kernels

RAMP = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
LOSS = {"preset": "loss"}


def explain(client, **body):
    return client.post("/api/trace", json={"op": "conv2d_backward", **body}).json()


def test_gradients_come_with_the_forward_values_that_they_belong_to(client):
    reply = explain(client, x=RAMP, weight=[[1, 0], [0, -1]], bias=[10], padding=1)

    tensors = reply["tensors"]
    assert list(tensors)[:5] == ["x", "padded", "weight", "bias", "y"]
    assert tensors["y"]["values"] == [9, 8, 7, 10, 6, 6, 6, 13, 3, 6, 6, 16, 10, 17, 18, 19]
    assert [(phase["writes"], phase["setup"]) for phase in reply["phases"]][:3] == [
        ("padded", True), ("y", True), ("grad_padded", False),
    ]  # fmt: skip
    assert {"target", "loss"}.isdisjoint(tensors)


def test_gradient_from_a_loss_is_output_minus_target(client):
    given_ = {"x": RAMP, "weight": [[1, 0], [0, -1]], "target": [[1, -4], [0, 0]]}

    reply = explain(client, **given_, grad_y=LOSS)

    tensors = reply["tensors"]
    assert tensors["y"]["values"] == [-4] * 4
    assert tensors["grad_y"]["values"] == [-5, 0, -4, -4]
    assert tensors["loss"] | {"values": [28.5], "axes": [], "role": "output"} == tensors["loss"]
    assert (tensors["target"]["label"], tensors["target"]["role"]) == ("Target", "input")
    assert tensors["target"]["axes"] == tensors["y"]["axes"]
    written = {phase["writes"]: phase["setup"] for phase in reply["phases"]}
    assert (written["loss"], written["grad_y"], written["grad_x"]) == (True, True, False)


def test_target_is_what_the_hidden_kernel_gives_with_the_same_settings(client):
    setting = {"x": {"width": 9, "channels": 2}, "stride": [2, 1], "padding": 1, "flip": True}
    target = {"preset": "emboss", "edits": [[0, 1, 2, 7.5]]}

    tensors = explain(client, **setting, grad_y=LOSS, target=target)["tensors"]

    x, found = (np.reshape(tensors[n]["values"], tensors[n]["shape"]) for n in ("x", "target"))
    hidden = np.broadcast_to(kernels["emboss"].taps[::-1, ::-1].astype(float), (1, 2, 3, 3))
    expected = conv2d(x.astype(float), hidden, stride=(2, 1), padding=1)
    expected[0, 0, 1, 2] = 7.5
    np.testing.assert_array_equal(found, expected)


def test_hidden_average_is_divided(client):
    tensors = explain(client, x=RAMP, grad_y=LOSS, target={"preset": "box_blur_3x3"})["tensors"]

    assert tensors["target"]["values"] == [5]


def test_edits_of_a_gradient_wait_while_it_comes_from_a_loss(client):
    edits = [[0, 0, 0, 99]]

    with_edits = explain(client, grad_y={**LOSS, "edits": edits})

    assert with_edits == explain(client, grad_y=LOSS)


def test_fields_of_the_gradient_are_controls_of_the_page(client):
    rows = {row["id"]: row for row in client.get("/api/operations").json()}

    controls = {c["key"]: (c["path"], c["label"]) for c in rows["conv2d_backward"]["controls"]}
    assert (
        controls
        | {
            "gy": ("grad_y.preset", "Upstream gradient"),
            "gs": ("grad_y.seed", "Gradient seed"),
            "#g": ("grad_y.edits", "Gradient cells"),
            "target": ("target.preset", "Target"),
            "#target": ("target.edits", "Target cells"),
            "reading": ("reading", "Reading"),
        }
        == controls
    )
    assert len(controls) == len(rows["conv2d_backward"]["controls"])


scalar = st.none() | st.booleans() | st.integers(-3, 30) | st.floats(-99, 99, width=32)
words = scalar | st.sampled_from(["", "same", "loss", "zeros", "box_blur_3x3", "ü", "\ud800"])
names = st.sampled_from(["values", "width", "preset", "seed", "on", "edits", "zzz"])
anything = st.recursive(
    words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)
fields = st.sampled_from(
    sorted({name for op in DIFFERENTIABLE for name in OPERATIONS[op].request.model_fields})
)
rest = st.dictionaries(fields, anything, max_size=3)
checks = st.builds(
    lambda rest, op, of: ("check", {**rest, "op": op, "of": of}),
    rest,
    st.sampled_from(list(DIFFERENTIABLE)),
    st.sampled_from(CHECKED) | anything,
)
descents = st.builds(
    lambda rest, asked: ("descend", {**rest, **asked, "op": "conv2d_backward"}),
    rest,
    st.fixed_dictionaries(
        {},
        optional={
            "rate": st.floats(0, 11) | anything,
            "steps": st.integers(-1, 5) | anything,
            "learn": st.sampled_from(["filter", "filter_and_bias"]) | anything,
            "target": anything,
        },
    ),
)


def numbers_of(value):
    if isinstance(value, list):
        return [number for item in value for number in numbers_of(item)]
    return [value]


@settings(deadline=None, max_examples=300)
@given(checks | descents)
def test_no_body_is_the_servers_fault(client, question):
    route, body = question

    reply = client.post(
        f"/api/{route}", content=json.dumps(body), headers={"Content-Type": "application/json"}
    )

    assert reply.status_code in (200, 422)
    if reply.status_code == 422:
        assert reply.json()["detail"]["message"]
    else:
        told = reply.json()
        lists = [told[name] for name in ("analytic", "numeric", "losses") if name in told]
        lists += [told[name]["values"] for name in ("weight", "bias") if told.get(name)]
        assert np.isfinite(np.array(numbers_of(lists), dtype=float)).all()


def test_strict_sizes_are_refused_backward_as_forward(client):
    body = {"x": {"width": 6}, "stride": 2, "strict": True}

    forward, backward = (
        client.post("/api/trace", json=body | {"op": op}) for op in ("conv2d", "conv2d_backward")
    )

    assert (forward.status_code, backward.status_code) == (422, 422)
    assert backward.json()["detail"] == forward.json()["detail"]
