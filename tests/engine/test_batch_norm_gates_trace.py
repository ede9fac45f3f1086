"""Batch norm in elementary gates: the same numbers, and a rule from school at every node."""

from __future__ import annotations

import inspect
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.batch_norm import batch_norm
from engine.batch_norm_backward_trace import trace_batch_norm_backward
from engine.batch_norm_gates_trace import trace_batch_norm_gates
from engine.batch_norm_trace import trace_batch_norm
from engine.errors import ParameterError

LECTURE = np.array([[1.0], [2.0], [4.0], [7.0]])
UPSTREAM = np.array([[0.5], [-0.2], [0.1], [0.3]])
ONE, ZERO = np.ones(1), np.zeros(1)
SIZE = st.integers(1, 3)
GATES = ["mu", "centred", "squared", "sigma2", "shifted", "root", "inverse", "xhat", "scaled", "y"]


@settings(deadline=None, max_examples=40)
@given(
    shape=st.tuples(st.integers(1, 7), SIZE) | st.tuples(SIZE, SIZE, SIZE, st.integers(1, 4)),
    seed=st.integers(0, 2**32 - 1),
    eps=st.sampled_from([1e-5, 0.1]),
)
def test_replay_gives_the_fast_operation_and_the_lectures_nodes(shape, seed, eps, assert_replays):
    numbers = np.random.default_rng(seed)
    x, gamma, beta = (numbers.normal(size=size) for size in (shape, shape[1], shape[1]))

    trace = trace_batch_norm_gates(x, gamma, beta, eps=eps)

    y = batch_norm(x, gamma, beta, eps=eps).y
    np.testing.assert_allclose(trace.replay()["y"], y, rtol=1e-9, atol=1e-12)
    coarse = trace_batch_norm(x, gamma, beta, eps=eps).tensors
    assert all(np.array_equal(trace.tensors[name].values, coarse[name].values) for name in coarse)
    assert_replays(trace)


def test_each_gate_is_one_operation_with_numbers_to_check_by_hand():
    # eps = 1 makes the root a whole number of halves: sigma2 + eps = 6.25.
    values = trace_batch_norm_gates(LECTURE, np.array([2.5]), np.array([10.0]), eps=1.0).replay()

    expected = {
        "mu": 3.5,
        "centred": [-2.5, -1.5, 0.5, 3.5],
        "squared": [6.25, 2.25, 0.25, 12.25],
        "sigma2": 5.25,
        "shifted": 6.25,
        "root": 2.5,
        "inverse": 0.4,
        "xhat": [-1, -0.6, 0.2, 1.4],
        "scaled": [-2.5, -1.5, 0.5, 3.5],
        "y": [7.5, 8.5, 10.5, 13.5],
    }
    for name, numbers in expected.items():
        np.testing.assert_allclose(values[name].ravel(), numbers, rtol=1e-12)


def test_every_gate_is_a_phase_and_every_edge_back_another():
    forward = trace_batch_norm_gates(LECTURE, ONE, ZERO)
    trace = trace_batch_norm_backward(UPSTREAM, LECTURE, ONE, ZERO, graph="gates")

    back = [phase.writes.removeprefix("grad_") for phase in trace.phases if not phase.setup]

    assert [phase.writes for phase in forward.phases] == GATES
    assert [phase.writes for phase in trace.phases if phase.setup] == GATES
    edges = [
        name
        for phase in forward.phases
        for name in dict.fromkeys(re.findall(r"\\sym\{(\w+)\}", phase.term))
    ]
    assert sorted(back) == sorted(edges)


def test_gradient_of_a_gate_waits_until_all_its_routes_have_come():
    trace = trace_batch_norm_backward(UPSTREAM, LECTURE, ONE, ZERO, graph="gates")
    last = {phase.writes: index for index, phase in enumerate(trace.phases)}

    first_use = {}
    for index, phase in enumerate(trace.phases):
        for name in phase.reads:
            first_use.setdefault(name, index)

    assert all(last[name] < use for name, use in first_use.items() if name in last)


def loss(arguments, eps, **held):
    """Compute the loss gate by gate in plain NumPy, one of them held at given values."""
    grad_output, x, gamma, beta = arguments
    mu = held.get("mu", x.mean(axis=0))
    centred = held.get("centred", x - mu)
    squared = held.get("squared", centred**2)
    sigma2 = held.get("sigma2", squared.mean(axis=0))
    shifted = held.get("shifted", sigma2 + eps)
    root = held.get("root", np.sqrt(shifted))
    inverse = held.get("inverse", 1 / root)
    xhat = held.get("xhat", centred * inverse)
    scaled = held.get("scaled", gamma * xhat)
    return (grad_output * held.get("y", scaled + beta)).sum()


@pytest.mark.parametrize("gate", GATES)
def test_gradient_of_each_gate_is_the_slope_of_the_loss(rng, gate):
    arguments = [rng.normal(size=size) for size in ((5, 3), (5, 3), 3, 3)]
    trace = trace_batch_norm_backward(*arguments, eps=0.01, graph="gates")
    gradient, at = trace.replay()[f"grad_{gate}"], trace.tensors[gate].values

    slope = np.empty_like(at)
    for cell in np.ndindex(at.shape):
        nudge = np.zeros_like(at)
        nudge[cell] = 1e-5
        up, down = (loss(arguments, 0.01, **{gate: at + side}) for side in (nudge, -nudge))
        slope[cell] = (up - down) / 2e-5

    np.testing.assert_allclose(gradient, slope, rtol=1e-6, atol=1e-8)


def test_gradients_of_the_gates_are_those_of_automatic_differentiation():
    # PyTorch in float64, for x = 1, 2, 4, 7.
    expected = {
        "inverse": 0.15,
        "root": -0.028571374149763545,
        "shifted": -0.006234779050222589,
        "squared": [-0.0015586947625556473] * 4,
        "centred": [
            0.22601115622250537,
            -0.08261098867622392,
            0.04208484171938979,
            0.12001974610794675,
        ],
    }

    replayed = trace_batch_norm_backward(UPSTREAM, LECTURE, ONE, ZERO, graph="gates").replay()

    for name, numbers in expected.items():
        np.testing.assert_allclose(replayed[f"grad_{name}"].ravel(), numbers, rtol=1e-12)


@pytest.mark.parametrize("shape", [(4, 1), (4, 3), (2, 3, 5, 7)])
def test_formula_names_what_it_binds_and_term_is_called_in_its_order(rng, shape):
    trace = trace_batch_norm_gates(rng.normal(size=shape), np.ones(shape[1]), np.zeros(shape[1]))

    assert set(re.findall(r"\\sym\{(\w+)\}", trace.formula)) <= set(trace.tensors)
    for phase in trace.phases:
        named = re.findall(r"\\sym\{(\w+)\}", phase.formula)
        in_term = list(dict.fromkeys(re.findall(r"\\sym\{(\w+)\}", phase.term)))
        assert set(named) == {phase.writes, *phase.reads} == set(phase.boxes_at(0))
        assert in_term == list(phase.reads) == list(inspect.signature(phase.evaluate).parameters)


def test_formulas_are_those_of_elementary_gates():
    trace = trace_batch_norm_gates(LECTURE, ONE, ZERO)

    assert [re.sub(r"\\sym\{\w+\}\{(\w|\\\w+)", r"{\1", p.formula) for p in trace.phases][4:8] == [
        r"{v} = {\sigma^2} + \varepsilon",
        r"{s} = \sqrt{{v}}",
        r"{r} = \frac{1}{{s}}",
        r"{\hat{x}_{i}} = {d_{i}} \cdot {r}",
    ]


def test_numbers_of_two_types_are_refused():
    with pytest.raises(ParameterError):
        trace_batch_norm_gates(LECTURE, ONE, ZERO.astype(np.float32))
