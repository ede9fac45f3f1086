"""The routes of a gradient through batch norm: one phase each, with terms that can be checked."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.batch_norm_backward_trace import trace_batch_norm_backward

LECTURE = np.array([[1.0], [2.0], [4.0], [7.0]])
UPSTREAM = np.array([[0.5], [-0.2], [0.1], [0.3]])
ONE, ZERO = np.ones(1), np.zeros(1)


def lecture_trace(**settings):
    return trace_batch_norm_backward(UPSTREAM, LECTURE, ONE, ZERO, **settings)


def phases_of(trace, name):
    """Find the phases that write a tensor."""
    return [index for index, phase in enumerate(trace.phases) if phase.writes == name]


def test_gradients_come_in_the_order_of_the_lecture_after_a_forward_pass_that_is_set_up():
    trace = lecture_trace()

    assert [phase.writes for phase in trace.phases if phase.setup] == ["mu", "sigma2", "xhat", "y"]
    played = [phase.writes.removeprefix("grad_") for phase in trace.phases if not phase.setup]
    assert played == ["beta", "gamma", "xhat", "sigma2", "mu", "mu", "x", "x", "x"]


@pytest.mark.parametrize(
    ("graph", "several", "single"),
    [
        ("lecture", {"grad_mu": 2, "grad_x": 3}, 4),
        ("gates", {"grad_centred": 2, "grad_x": 2}, 10),
        ("closed", {}, 3),
    ],
)
def test_every_route_is_a_phase_and_routes_that_meet_add_up(graph, several, single):
    trace = lecture_trace(graph=graph)

    routes = Counter(phase.writes for phase in trace.phases if not phase.setup)

    assert {name: count for name, count in routes.items() if count > 1} == several
    assert sum(count == 1 for count in routes.values()) == single
    assert {phase.writes for phase in trace.phases if phase.adds} == set(several)
    assert {name for name, tensor in trace.tensors.items() if tensor.fill == 0.0} == set(several)


def test_routes_to_a_gradient_are_named_by_what_they_pass():
    trace = lecture_trace()

    titles = [phase.title for phase in trace.phases if phase.adds]

    assert titles == [
        "Gradient of the mean, through the normalised input",
        "Gradient of the mean, through the variance",
        "Gradient of the input, through the normalised input",
        "Gradient of the input, through the variance",
        "Gradient of the input, through the mean",
    ]


def test_three_routes_bring_the_gradient_of_the_last_sample():
    trace = lecture_trace()

    routes = [trace.step(phase, 3).results[0] for phase in phases_of(trace, "grad_x")]

    np.testing.assert_allclose(routes, [0.1309306, -0.0109109, -0.0763762], atol=5e-8)
    assert sum(routes) == pytest.approx(0.043643557264542276, rel=1e-12)


def test_terms_of_the_variance_are_what_its_formula_says():
    trace = lecture_trace(eps=1.0)

    step = trace.step(*phases_of(trace, "grad_sigma2"), 0)

    # With sigma2 + eps = 6.25 = 2.5^2 the last factor of each term is 2.5^-3 = 0.064.
    terms = [0.5 * -2.5, -0.2 * -1.5, 0.1 * 0.5, 0.3 * 3.5]
    np.testing.assert_allclose(step.terms, [-0.5 * 0.064 * term for term in terms], rtol=1e-12)


def test_first_route_to_the_mean_sends_back_each_sample_divided_by_the_root():
    trace = lecture_trace(eps=1.0)

    step = trace.step(phases_of(trace, "grad_mu")[0], 0)

    np.testing.assert_allclose(step.terms, [-0.2, 0.08, -0.04, -0.12], rtol=1e-12)


def test_second_route_to_the_mean_has_terms_and_no_sum():
    trace = lecture_trace(eps=1.0)

    step = trace.step(phases_of(trace, "grad_mu")[1], 0)

    grad_sigma2 = -0.0048
    np.testing.assert_allclose(
        step.terms, [grad_sigma2 * -2 * d / 4 for d in (-2.5, -1.5, 0.5, 3.5)], rtol=1e-12
    )
    assert step.cancels or step.results == (0.0,)


@settings(deadline=None, max_examples=60)
@given(
    x=st.lists(st.integers(-99, 99), min_size=2, max_size=16),
    seed=st.integers(0, 2**32 - 1),
    scale=st.sampled_from([1, 7, 10]),
    offset=st.sampled_from([0, 100, 1e4]),
)
def test_second_route_to_the_mean_is_marked_as_cancelling(x, seed, scale, offset):
    grad_output = np.random.default_rng(seed).normal(size=(len(x), 1))
    x = offset + np.array(x, dtype=np.float64)[:, None] / scale
    trace = trace_batch_norm_backward(grad_output, x, ONE, ZERO)

    step = trace.step(phases_of(trace, "grad_mu")[1], 0)

    assert step.cancels or step.results == (0.0,)
