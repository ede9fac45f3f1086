"""What cancels is 0, and what is small is right: the pass beside arithmetic without rounding."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.batch_norm_pass_trace import trace_batch_norm_pass
from engine.batch_norm_table import batch_norm_names, batch_norm_table
from tests.engine.exact_batch_norm import exact_batch_norm

TENTHS = st.integers(-9, 9).map(lambda n: n / 10)
TYPED = st.floats(-1000, 1000).map(lambda value: round(value, 4))
FLOATS = st.floats(-1e6, 1e6, allow_subnormal=False)
ALTERNATING = [1.0, -1.0] * 8


@st.composite
def columns(draw, m):
    """Draw m numbers: small ones, far from zero, of any size, or all alike."""
    numbers = draw(st.sampled_from([TENTHS, TYPED, FLOATS]))
    offset = draw(st.sampled_from([0, 0, 1e6, -1234.5678]))
    scale = draw(st.sampled_from([1, 1e-3, 1e-9, 123.0]))
    alike = draw(st.integers(0, 4)) == 0
    values = [offset + scale * draw(numbers)] * m
    return values if alike else [offset + scale * draw(numbers) for _ in range(m)]


@st.composite
def batches(draw):
    """Draw x, the gradient or target behind it, and settings."""
    m = draw(st.integers(1, 16))
    behind = draw(st.sampled_from(["grad_output", "target"]))
    back = draw(columns(m) | st.just(ALTERNATING[:m]) | st.just([1.0] * m))
    options = {
        "behind": behind,
        "gamma": draw(TYPED | st.just(1.0)),
        "beta": draw(st.just(0.0) | TENTHS),
        "eps": draw(st.sampled_from([1e-12, 1e-8, 1e-5, 1.0])),
    }
    return draw(columns(m)), back, options


each_graph = pytest.mark.parametrize("graph", ["lecture", "gates"])
the_page = (
    example(([-0.8, -0.5, 0.3, 0.2, 0.6, 0.1, 0.7, -0.4], ALTERNATING[:8], {})),
    example(([-1234.5678, 987.654, 1e-9, 7.0], ALTERNATING[:4], {"gamma": -12.3456})),
    example(([1e6, 1e6 + 1], [0.5, -0.2], {"behind": "grad_output"})),
    example(([1000.0, -1000.0], [0.5, -0.2], {"behind": "grad_output", "eps": 1e-8})),
    example(([0.1] * 10, [0.1, 0.2, -0.3, *[0.0] * 7], {"behind": "grad_output"})),
    example(([1e-300, 2e-300, -1e-300], [0.1, 0.2, -0.3], {})),
    example(([1.0, 1e-300, -1.0], [1.0, 1e-300, -1.0], {"behind": "grad_output"})),
)


def with_examples(test):
    for one in the_page:
        test = one(test)
    return test


def both(batch, graph):
    """Give the trace of a batch, its eps, and the same without rounding."""
    x, back, options = batch
    options = {"behind": "target", "gamma": 1.0, "beta": 0.0, "eps": 1e-5} | options
    cells = {
        "x": np.array(x)[:, None],
        "gamma": np.array([options["gamma"]]),
        "beta": np.array([options["beta"]]),
        options["behind"]: np.array(back)[:, None],
    }
    trace = trace_batch_norm_pass(**cells, eps=options["eps"], graph=graph)
    return trace, options["eps"], exact_batch_norm(x, back, **options)


def assert_rounded_once(found, exact):
    """Demand 0 where there is 0 and all digits elsewhere, however small."""
    expected = np.array([float(each) for each in exact])
    np.testing.assert_allclose(found, expected, rtol=3e-16, atol=0)
    assert [bool(number) for number in found] == [bool(number) for number in expected]


@each_graph
@settings(deadline=None, max_examples=120)
@with_examples
@given(batch=batches())
def test_every_number_is_rounded_once_and_0_where_it_is(graph, batch):
    trace, _, exact = both(batch, graph)

    for name, tensor in trace.tensors.items():
        assert_rounded_once(tensor.values.ravel().tolist(), exact[name])


@each_graph
@settings(deadline=None, max_examples=60)
@with_examples
@given(batch=batches())
def test_every_column_and_its_sum_are_rounded_once(graph, batch):
    trace, eps, exact = both(batch, graph)

    for column in batch_norm_table(trace, eps=eps):
        total = sum(exact[column.key])
        assert_rounded_once(column.values, exact[column.key])
        assert_rounded_once([column.sum], [total])
        assert column.cancels is (not total and any(column.values))
    along = sum(dx * xhat for dx, xhat in zip(exact["grad_x"], exact["xhat"], strict=True))
    assert_rounded_once([batch_norm_names(trace, eps=eps)["sum_dx_xhat"]], [along])


@each_graph
@settings(deadline=None, max_examples=60)
@with_examples
@given(batch=batches())
def test_every_step_adds_up_to_what_it_writes(graph, batch):
    trace, _, exact = both(batch, graph)

    for step in trace:
        phase = trace.phases[step.phase]
        if phase.combine == "each":
            continue
        total = step.running[len(step.terms) - 1]
        assert abs(sum(step.terms) - total) <= 2.3e-16 * len(step.terms) * sum(map(abs, step.terms))
        assert step.cancels is (total == 0 and any(step.terms))
        if not phase.adds:
            assert_rounded_once(step.results, exact[phase.writes])


@each_graph
@settings(deadline=None, max_examples=60)
@with_examples
@given(batch=batches())
def test_routes_add_up_to_the_gradient(graph, batch):
    trace, _, _ = both(batch, graph)

    for name in {phase.writes for phase in trace.phases if phase.adds}:
        phases = [n for n, phase in enumerate(trace.phases) if phase.writes == name]
        for turn in range(trace.phases[phases[0]].steps):
            routes = [trace.step(phase, turn).results[0] for phase in phases]
            total = trace.tensors[name].values.ravel()[turn]
            assert abs(sum(routes) - total) <= 4e-16 * sum(map(abs, routes))


@each_graph
def test_two_samples_keep_the_small_gradient_that_eps_leaves_them(graph):
    x, upstream = np.array([[1000.0], [-1000.0]]), np.array([[0.5], [-0.2]])

    trace = trace_batch_norm_pass(
        x, np.ones(1), np.zeros(1), grad_output=upstream, eps=1e-8, graph=graph
    )

    # gamma (g1 - g2) / 2 * eps / (sigma2 + eps)^(3/2); each route is 3.5e-4.
    expected = 0.35 * 1e-8 / (1e6 + 1e-8) ** 1.5
    np.testing.assert_allclose(
        trace.tensors["grad_x"].values.ravel(), [expected, -expected], rtol=1e-14
    )
