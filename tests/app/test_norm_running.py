"""The section on training and inference: what it asks for, and what it is told."""

from __future__ import annotations

import numpy as np
import pytest

from engine import batch_norm, batch_norm_inference
from engine.training_batches import training_batches

ONE, ZERO = np.ones(1), np.zeros(1)


def training(client, **body):
    reply = client.post("/api/trace", json={"op": "batch_norm_training", **body})
    return reply.status_code, reply.json()


def test_a_newcomer_sees_eight_batches_of_four_from_zero_and_one(client):
    _, reply = training(client)

    tensors = reply["tensors"]
    assert reply["playable"]
    assert reply["names"] == {"batches": 8, "m": 4, "eps": 1e-5}
    assert tensors["x"]["values"] == training_batches("steady", (8, 4)).ravel().tolist()
    assert [tensors[name]["values"][0] for name in ("running_mean", "running_var")] == [0, 1]
    assert tensors["population"]["values"] == [6] * 8


@pytest.mark.parametrize(("compared", "samples"), [("batch", 4), ("one", 1)])
def test_the_last_batch_goes_through_both_modes(client, compared, samples):
    _, reply = training(client, compared=compared, gamma=2, beta=-1)

    last = training_batches("steady", (8, 4))[-1:, :samples].T
    kept = [np.array(reply["tensors"][name]["values"][-1:]) for name in
            ("running_mean", "running_var")]  # fmt: skip
    found = {mode: trace["tensors"]["y"]["values"] for mode, trace in reply["modes"].items()}
    expected = batch_norm(last, 2 * ONE, -ONE).y[:, 0]
    np.testing.assert_allclose(found["training"], expected)
    expected = batch_norm_inference(last, 2 * ONE, -ONE, *kept)[:, 0]
    np.testing.assert_allclose(found["inference"], expected)


def test_one_sample_is_the_same_alone_and_in_company_at_inference(client):
    whole, alone = (training(client, compared=name)[1]["modes"] for name in ("batch", "one"))

    values = [trace["inference"]["tensors"]["y"]["values"][0] for trace in (whole, alone)]
    assert values[0] == values[1]
    assert alone["training"]["tensors"]["y"]["values"] == [0]


def test_given_batches_have_no_known_population(client):
    _, reply = training(client, x=[[1, 2, 4, 7]])

    assert "population" not in reply["tensors"]
    assert reply["tensors"]["unbiased"]["values"] == [7]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"x": [[1], [2]]}, "x: 2 batches of 1; use at most 12 batches of 2 to 8 samples"),
        ({"momentum": 1.5}, "momentum"),
        ({"x": {"batches": 13}}, "x.batches"),
    ],
)
def test_what_cannot_be_is_refused(client, body, sentence):
    status, reply = training(client, **body)

    assert status == 422
    assert sentence in reply["detail"]["message"]
