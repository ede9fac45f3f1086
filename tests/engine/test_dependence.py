"""What follows in a trace when one of its tensors is moved."""

from __future__ import annotations

import numpy as np
import pytest

from engine.batch_norm import batch_norm
from engine.batch_norm_pass_trace import trace_batch_norm_pass
from engine.dependence import dependence

BATCH = np.array([[1.0], [2.0], [4.0], [7.0], [-3.0]])
UPSTREAM = np.array([[0.5], [-0.2], [0.1], [0.3], [0.7]])
GAMMA, BETA = np.array([1.5]), np.array([-2.0])


def told(graph="lecture"):
    return trace_batch_norm_pass(BATCH, GAMMA, BETA, grad_output=UPSTREAM, graph=graph)


@pytest.mark.parametrize("graph", ["lecture", "gates"])
def test_moving_the_batch_gives_what_the_operation_gives(graph, rng):
    loss = dependence(told(graph), "loss", "x")

    moved = rng.normal(size=(5, 1))

    expected = (batch_norm(moved, GAMMA, BETA).y * UPSTREAM).sum()
    assert loss(moved) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("graph", ["lecture", "gates"])
def test_what_is_not_moved_gives_the_number_of_the_trace(graph):
    trace = told(graph)

    for name in ("x", "mu", "sigma2", "xhat", "gamma", "beta", "y"):
        loss = dependence(trace, "loss", name)(trace.tensors[name].values)
        assert loss == pytest.approx(trace.tensors["loss"].values[0], rel=1e-12)


def test_moved_mean_moves_the_variance_but_not_the_batch():
    loss = dependence(told(), "loss", "mu")

    mu = 2.5
    sigma2 = ((BATCH - mu) ** 2).mean()
    y = GAMMA * (BATCH - mu) / np.sqrt(sigma2 + 1e-5) + BETA
    assert loss(np.array([mu])) == pytest.approx((y * UPSTREAM).sum(), rel=1e-12)


def test_moved_variance_leaves_the_mean():
    loss = dependence(told(), "loss", "sigma2")

    y = GAMMA * (BATCH - BATCH.mean()) / np.sqrt(9 + 1e-5) + BETA
    assert loss(np.array([9.0])) == pytest.approx((y * UPSTREAM).sum(), rel=1e-12)


def test_given_gradient_is_held():
    loss = dependence(told(), "loss", "y")

    assert loss(BATCH) == pytest.approx((BATCH * UPSTREAM).sum(), rel=1e-15)


def test_values_that_are_moved_are_left_as_they_were():
    moved = BATCH.copy()

    dependence(told(), "loss", "x")(moved)

    np.testing.assert_array_equal(moved, BATCH)
