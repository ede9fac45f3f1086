"""The block of a network over the API: its numbers, its operations, and its checks."""

from __future__ import annotations

import numpy as np
import pytest

from app.block_requests import BlockRequest
from app.controls import controls_of
from engine import batch_norm, conv2d
from engine.activation import relu


def asked(client, **changes):
    reply = client.post("/api/trace", json={"op": "block", **changes})
    assert reply.status_code == 200, reply.text
    return reply.json()


def values(reply, name):
    tensor = reply["tensors"][name]
    return np.reshape(np.array(tensor["values"], float), tensor["shape"])


def test_block_of_a_newcomer_has_whole_statistics_and_gates_of_both_kinds(client):
    reply = asked(client)

    assert (values(reply, "mu"), values(reply, "sigma2")) == (2, 32)
    z = conv2d(values(reply, "x"), values(reply, "weight"))
    y = batch_norm(z, np.array([2.0]), np.array([0.5]))
    np.testing.assert_allclose(values(reply, "relu_y"), relu(y.y), atol=1e-12)
    assert 0 < np.count_nonzero(values(reply, "relu_y")) < 9


def test_operations_of_the_chain_are_named_with_what_they_write(client):
    parts = asked(client)["parts"]

    assert [part["title"] for part in parts] == ["Convolution", "Batch norm", "ReLU", "Loss"]
    assert [part["writes"][-1] for part in parts] == ["conv_y", "norm_y", "relu_y", "loss"]
    assert all(part["formula"].startswith("<math") for part in parts)


def test_gates_are_shut_where_the_output_of_batch_norm_is_not_positive(client):
    reply = asked(client)

    shut = np.flatnonzero(values(reply, "norm_y") <= 0).tolist()
    assert reply["parts"][2]["shut"] == {"relu_y": shut, "grad_norm_y": shut}


def test_loss_from_a_target_sends_the_difference_back(client):
    reply = asked(client, upstream="loss", target={"preset": "ones", "edits": [[0, 0, 0, 3]]})

    expected = values(reply, "relu_y") - 1
    expected[0, 0, 0, 0] -= 2
    np.testing.assert_allclose(values(reply, "grad_relu_y"), expected, atol=1e-12)


def test_pooling_comes_with_a_window(client):
    reply = asked(client, kernel_size=2)

    assert [part["title"] for part in reply["parts"]][3:] == ["Max pooling", "Loss"]


@pytest.mark.parametrize("upstream", ["given", "loss"])
@pytest.mark.parametrize("kernel_size", [None, 2])
def test_every_gradient_agrees_with_its_numeric_check(client, upstream, kernel_size):
    body = {"op": "block", "upstream": upstream, "kernel_size": kernel_size, "bias": [0.3]}

    gradients = client.post("/api/checks", json=body).json()["gradients"]

    assert list(gradients) == ["x", "weight", "bias", "gamma", "beta"]
    trace = asked(client, **{key: body[key] for key in ("upstream", "kernel_size", "bias")})
    for name, check in gradients.items():
        assert check["agrees"], (name, check)
        np.testing.assert_allclose(
            check["numeric"], values(trace, f"grad_{name}").ravel(), atol=1e-7
        )


def test_a_kink_is_named_and_left_out(client):
    # All of z is alike, so y is beta: exactly 0, where ReLU bends.
    body = {"op": "block", "x": {"preset": "blank"}, "beta": 0}

    beta = client.post("/api/checks", json=body).json()["gradients"]["beta"]

    assert beta["why"] == "1 of 1 are left out: the loss has a kink there."


def test_too_many_numbers_to_check_are_refused(client):
    body = {"op": "block", "x": {"width": 24, "height": 24}, "weight": {"filters": 16}}

    reply = client.post("/api/checks", json=body)

    assert reply.status_code == 422
    assert reply.json()["detail"]["message"].startswith("x: 752 numbers, each moved by itself")


def test_keys_of_the_section_begin_with_a_letter_of_their_own():
    assert {control.key.lstrip("#")[0] for control in controls_of(BlockRequest)} == {"k"}
