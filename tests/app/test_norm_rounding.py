"""What travels of sums that cancel is 0: in steps, tensors and table."""

from __future__ import annotations

import pytest


def explain(client, **body):
    return client.post("/api/trace", json=body).json()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            {"graph": "gates", "x": {"preset": "random", "size": 16}}, id="sixteen samples"
        ),
        pytest.param(
            {"gamma": -12.3456, "x": {"edits": [[0, -1234.5678], [1, 987.654], [2, 1e-9]]}},
            id="numbers of all sizes",
        ),
        pytest.param({"x": [999999.1, 999999.2, 999999.4, 999999.8]}, id="far from zero"),
    ],
)
def test_gradient_of_the_mean_that_cancels_is_0_wherever_it_is_sent(client, body):
    reply = explain(client, op="batch_norm_pass", upstream="loss", **body)

    (column,) = (column for column in reply["table"] if column["key"] == "grad_x_mu")
    sent = {*reply["tensors"]["grad_mu"]["values"], *column["values"], column["sum"]}
    for phase in reply["phases"]:
        if phase["writes"] == "grad_mu":
            assert phase["numbers"]["cancels"] == [0]
            sent.add(phase["numbers"]["running"][-1])
        if "grad_mu" in phase["reads"]:
            sent.update(phase["numbers"]["terms"])
    assert sent == {0}


@pytest.mark.parametrize("graph", ["lecture", "gates"])
def test_gradient_of_features_far_from_zero_that_cancels_is_0(client, graph):
    x, grad_y = [[999999.0], [999999.2], [999999.7]], [[0.1], [0.2], [-0.3]]

    reply = explain(client, op="batch_norm_backward", x=x, grad_y=grad_y, graph=graph)

    assert reply["tensors"]["grad_mu"]["values"] == [0]
    through = [phase for phase in reply["phases"] if "grad_mu" in phase["reads"]]
    assert [phase["numbers"]["terms"] for phase in through] == [[0, 0, 0]]


def test_cells_at_the_mean_of_their_map_are_0(client):
    reply = explain(client, op="norm", x=[[[[0.1, 0.5, 0.9]]]])

    assert reply["tensors"]["xhat"]["values"][1] == 0
