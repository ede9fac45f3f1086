"""Sums whose terms cancel come out as 0, of every kind, and no other sum does."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.batch_norm_backward_trace import trace_batch_norm_backward
from engine.boxes import span
from engine.carried_out import CarriedOut
from engine.conv2d_backward_trace import trace_conv2d_backward
from engine.conv2d_trace import trace_conv2d
from engine.trace import Trace
from tests.engine.small_traces import phase, tensor, total


@pytest.mark.parametrize(
    ("x", "cancels"),
    [
        pytest.param([0.1, 0.2, -0.3], True, id="zero but for rounding"),
        pytest.param([1, 2, -3], True, id="exactly zero"),
        pytest.param([0.1, 0.2, -0.2], False, id="a small rest that is real"),
        pytest.param([0, 0], False, id="nothing to cancel"),
        pytest.param([1e6, 0.1, -1e6, -0.1], True, id="beside large terms"),
        pytest.param([1e-3, 1e6, -1e6], False, id="a true difference beside large terms"),
        pytest.param([1e-300, 1e-300, -1e-300], False, id="small terms"),
        pytest.param([1e-300], False, id="a single small term"),
        pytest.param([1, -1 + 1e-15], False, id="a true difference of two"),
        pytest.param([math.inf, 1], False, id="an infinite sum"),
        pytest.param([math.inf, -math.inf], False, id="no number"),
    ],
)
@pytest.mark.parametrize("combine", ["sum", "mean"])
def test_sum_whose_terms_cancel_is_zero_and_says_so(x, cancels, combine):
    step = total(x, combine=combine)[0]

    assert step.cancels is cancels
    assert (step.results[0] == 0) is (cancels or not any(x))


def test_sum_starts_again_from_zero_where_it_has_cancelled():
    step = total([0.1, 0.2, -0.3, 0.5])[0]

    assert (step.running, step.cancels) == ((0.1, 0.1 + 0.2, 0, 0.5), False)


def test_subtotals_that_cancel_are_zero():
    x = tensor("x", [[0.1, 0.2, -0.3], [1, 2, 3]])
    rule = phase(bind={"x": [span(count=2), span(count=3)], "y": []}, subtotals="row")

    assert Trace("rows", [x, tensor("y", 0)], [rule])[0].partial == (0.1, 0.1 + 0.2, 0, 1, 3, 6)


def test_bias_that_cancels_the_sum_leaves_zero():
    rule = phase(
        reads=("x", "b"), bind={"x": [span(count=2)], "b": [span(0)], "y": []}, extra=("b",)
    )
    trace = Trace("bias", [tensor("x", [0.1, 0.2]), tensor("b", [-0.3]), tensor("y", 0)], [rule])

    assert (trace[0].results, trace[0].cancels) == ((0,), True)


def test_sum_that_is_zero_whatever_the_numbers_is_shown_as_zero():
    apart = total([1e6 + 0.1, -1e6 - 0.1 + 1e-9], cancels=True)[0]

    assert (apart.results, apart.cancels) == ((0,), True)
    assert total([0, 0], cancels=True)[0].cancels is False


def test_routes_that_cancel_leave_zero():
    bind = {"x": [span(at=1)], "y": []}
    rules = [
        phase(bind=bind, loop={"at": 2}, adds=True),
        phase(lambda x: -0.3, bind={"x": [span(0)], "y": []}, adds=True),
    ]
    trace = Trace("routes", [tensor("x", [0.1, 0.2]), tensor("y", 0, fill=0)], rules)

    assert trace.replay()["y"] == 0


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=12))
def test_whole_numbers_cancel_only_where_they_do(x):
    assert total(x)[0].results == (sum(x),)


TENTHS = st.integers(-9, 9).map(lambda n: n / 10)


def exactly(values):
    return [Fraction(repr(value)) for value in values]


@settings(deadline=None, max_examples=60)
@given(st.lists(TENTHS, min_size=20, max_size=20), st.lists(TENTHS, min_size=9, max_size=9))
def test_filter_of_tenths_gives_zero_where_it_does(x, weight):
    x, weight = np.reshape(x, (1, 1, 4, 5)), np.reshape(weight, (1, 1, 3, 3))

    trace = trace_conv2d(x, weight)

    for step in trace:
        (_, _, (i, *_), (j, *_)) = step.bind["y"]
        window = x[0, 0, i : i + 3, j : j + 3].ravel().tolist()
        pairs = zip(exactly(window), exactly(weight.ravel().tolist()), strict=True)
        assert bool(step.results[0]) is bool(sum(a * b for a, b in pairs))


@pytest.mark.parametrize("reading", ["scatter", "gather"])
def test_gradient_of_an_input_that_cancels_is_zero(reading):
    grad_y = np.reshape([0.1, 0.2, -0.3], (1, 1, 1, 3))
    x, weight = np.ones((1, 1, 1, 5)), np.ones((1, 1, 1, 3))

    trace = trace_conv2d_backward(grad_y, x, weight, reading=reading)

    replayed = trace.replay()
    assert replayed["grad_x"][0, 0, 0, 2] == 0
    assert replayed["grad_weight"].ravel().tolist() == [0, 0, 0]


CANCELLING = np.array([[0.5, 1.0, 0.3], [-0.2, 1.0, 0.3], [-0.3, 1.0, 0.3], [0.0, 1.0, 0.3]])


@pytest.mark.parametrize("graph", ["lecture", "gates", "closed"])
@pytest.mark.parametrize(
    ("offset", "carried_out"),
    [
        pytest.param(0, lambda trace: trace, id="floats"),
        pytest.param(31, CarriedOut, id="more digits"),
        pytest.param(1e6, CarriedOut, id="more digits, far from zero"),
    ],
)
def test_gradients_of_features_whose_upstream_cancels_or_is_the_same(
    graph, offset, carried_out, rng
):
    x = offset + rng.normal(size=(4, 3)).round(2)

    trace = carried_out(
        trace_batch_norm_backward(CANCELLING, x, np.array([1.3, 0.7, 1]), np.zeros(3), graph=graph)
    )

    tensors = {name: each.values for name, each in trace.tensors.items()}
    for values in (tensors, trace.replay()):
        assert values["grad_beta"][0] == 0
        assert values.get("grad_mu", [0])[0] == 0
        assert values["grad_gamma"][1:].tolist() == [0, 0]
        assert not values.get("grad_sigma2", np.zeros(3))[1:].any()
        assert not values["grad_x"][:, 1:].any()
        assert values["grad_x"][:, 0].all()


@pytest.mark.parametrize("graph", ["lecture", "gates"])
def test_steps_read_the_zero_that_the_steps_before_them_wrote(graph):
    x = np.array([[0.1], [0.7], [0.4], [0.2]])

    trace = trace_batch_norm_backward(CANCELLING[:, :1], x, np.ones(1), np.zeros(1), graph=graph)

    routes = [n for n, rule in enumerate(trace.phases) if "grad_mu" in rule.reads]
    assert [trace.step(n, turn).results for n in routes for turn in range(4)] == [(0,)] * 4
