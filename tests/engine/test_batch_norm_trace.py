"""Batch norm explained: it replays to the fast one, and tells the four lines of the algorithm."""

from __future__ import annotations

import inspect
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.batch_norm import batch_norm
from engine.batch_norm_trace import trace_batch_norm
from engine.errors import ParameterError, ShapeError

LECTURE = np.array([[1.0], [2.0], [4.0], [7.0]])
ONE, ZERO = np.ones(1), np.zeros(1)
SIZE = st.integers(1, 3)
SHAPES = (
    st.tuples(st.integers(1, 7), SIZE)
    | st.tuples(SIZE, SIZE, st.integers(1, 5))
    | st.tuples(SIZE, SIZE, SIZE, st.integers(1, 4))
)


@st.composite
def batches(draw):
    """Draw x, gamma, beta; whole numbers now and then, so that constant channels occur."""
    shape = draw(SHAPES)
    numbers = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    x = numbers.normal(draw(st.sampled_from([0, 31])), 2, size=shape)
    if draw(st.booleans()):
        x = x.round()
    return x, numbers.normal(size=shape[1]), numbers.normal(size=shape[1])


@settings(deadline=None, max_examples=80)
@given(arguments=batches(), eps=st.sampled_from([1e-5, 1e-3, 0.5]))
def test_replay_gives_the_fast_operation(arguments, eps, assert_replays):
    trace = trace_batch_norm(*arguments, eps=eps)

    forward = batch_norm(*arguments, eps=eps)
    names = {"y": forward.y, "mu": forward.mean, "sigma2": forward.var, "xhat": forward.x_hat}
    for name, values in names.items():
        np.testing.assert_allclose(trace.tensors[name].values, values, rtol=1e-12, atol=1e-13)
    assert_replays(trace)


@settings(deadline=None, max_examples=15)
@given(data=st.data(), arguments=batches())
def test_a_step_is_the_same_whenever_it_is_asked_for(data, arguments):
    trace = trace_batch_norm(*arguments)
    order = data.draw(st.lists(st.integers(0, len(trace) - 1), min_size=1, max_size=20))

    picked = [trace[n] for n in order]

    assert picked == [trace_batch_norm(*arguments)[n] for n in order]


def test_four_lines_of_the_algorithm_with_the_numbers_of_the_lecture():
    steps = list(trace_batch_norm(LECTURE, ONE, ZERO))

    assert [step.phase for step in steps] == [0, 1, 2, 2, 2, 2, 3, 3, 3, 3]
    assert (steps[0].terms, steps[0].results) == ((1.0, 2.0, 4.0, 7.0), (3.5,))
    assert (steps[1].terms, steps[1].results) == ((6.25, 2.25, 0.25, 12.25), (5.25,))
    xhat = [step.results[0] for step in steps[2:6]]
    np.testing.assert_allclose(xhat, [-1.0910884, -0.6546531, 0.2182177, 1.5275238], atol=1e-7)


def test_statistics_of_a_channel_read_its_cells_in_every_image_and_no_others(rng):
    x = rng.normal(size=(2, 3, 5, 7))
    trace = trace_batch_norm(x, np.ones(3), np.zeros(3))

    step = trace[1]

    assert step.bind["x"] == ((0, 2, 1), (1, 1, 1), (0, 5, 1), (0, 7, 1))
    assert step.bind["mu"] == ((1, 1, 1),)
    assert step.terms == tuple(x[:, 1].ravel())


def test_channel_after_channel_is_normalised(rng):
    trace = trace_batch_norm(rng.normal(size=(2, 3)), np.ones(3), np.zeros(3))

    cells = [tuple(at for at, _, _ in step.bind["xhat"]) for step in trace if step.phase == 2]

    assert cells == [(0, 0), (1, 0), (0, 1), (1, 1), (0, 2), (1, 2)]


@pytest.mark.parametrize(
    ("shape", "axes"),
    [
        ((5, 3), ("sample", "feature")),
        ((5, 3, 2), ("image", "channel", "position")),
        ((5, 3, 2, 7), ("image", "channel", "row", "column")),
    ],
)
def test_statistics_keep_the_axis_of_the_channels(rng, shape, axes):
    tensors = trace_batch_norm(rng.normal(size=shape), np.ones(3), np.zeros(3)).tensors

    assert {tensors[name].axes for name in ("x", "xhat", "y")} == {axes}
    assert {tensors[name].axes for name in ("mu", "sigma2", "gamma", "beta")} == {axes[1:2]}


def test_batch_of_one_gives_beta(assert_replays):
    trace = trace_batch_norm(np.array([[3.0, -7.5]]), np.array([2.0, 3.0]), np.array([0.5, -1.0]))

    assert [step.results[0] for step in trace] == [3, -7.5, 0, 0, 0, 0, 0.5, -1]
    assert_replays(trace)


def test_constant_batch_is_saved_by_eps(assert_replays):
    trace = trace_batch_norm(np.full((3, 1), 5.0), ONE, 4 * ONE, eps=0.01)

    assert trace.tensors["sigma2"].values == [0]
    np.testing.assert_array_equal(trace.replay()["y"], [[4], [4], [4]])
    assert_replays(trace)


@pytest.mark.parametrize("second", [1.5, 3, 1000])
def test_batch_of_two_is_plus_and_minus_one_whatever_it_is(second):
    trace = trace_batch_norm(np.array([[1.0], [second]]), ONE, ZERO, eps=1e-9)

    np.testing.assert_allclose(trace.replay()["xhat"], [[-1], [1]], rtol=1e-7)


@pytest.mark.parametrize("shape", [(4, 1), (4, 3), (2, 1, 5), (2, 3, 5, 7)])
def test_formula_names_what_it_binds_and_term_is_called_in_its_order(rng, shape):
    trace = trace_batch_norm(rng.normal(size=shape), np.ones(shape[1]), np.zeros(shape[1]))

    for phase in trace.phases:
        named = re.findall(r"\\sym\{(\w+)\}", phase.formula)
        in_term = list(dict.fromkeys(re.findall(r"\\sym\{(\w+)\}", phase.term)))
        assert named[0] == phase.writes
        assert set(named) == {phase.writes, *phase.reads} == set(phase.boxes_at(0))
        assert in_term == list(phase.reads) == list(inspect.signature(phase.evaluate).parameters)
        assert phase.formula.endswith(phase.term)


@pytest.mark.parametrize(
    ("shape", "formula"),
    [
        pytest.param(
            (4, 1),
            r"\sym{mu}{\mu} = \frac{1}{m} \sum_{i=1}^{m} \sym{x}{x_{i}}",
            id="one feature: the lecture's letters",
        ),
        pytest.param(
            (4, 3),
            r"\sym{mu}{\mu_{c}} = \frac{1}{m} \sum_{i=1}^{m} \sym{x}{x_{i,c}}",
            id="several features",
        ),
        pytest.param(
            (2, 3, 5, 7),
            r"\sym{mu}{\mu_{c}} = \frac{1}{m} \sum_{n,i,j} \sym{x}{x_{n,c,i,j}}",
            id="feature maps",
        ),
    ],
)
def test_indices_say_over_what_the_mean_is_taken(rng, shape, formula):
    trace = trace_batch_norm(rng.normal(size=shape), np.ones(shape[1]), np.zeros(shape[1]))

    assert trace.phases[0].formula == formula


def test_formula_of_the_whole_names_tensors():
    trace = trace_batch_norm(LECTURE, ONE, ZERO)

    assert trace.formula == (
        r"\sym{y}{y_{i}} = \sym{gamma}{\gamma} \cdot \frac{\sym{x}{x_{i}} - \sym{mu}{\mu}}"
        r"{\sqrt{\sym{sigma2}{\sigma^2} + \varepsilon}} + \sym{beta}{\beta}"
    )


def test_trace_keeps_its_own_copy_of_the_arguments(rng):
    x, gamma, beta = rng.normal(size=(5, 3)), rng.normal(size=3), rng.normal(size=3)
    trace = trace_batch_norm(x, gamma, beta)
    before = list(trace)

    x[...] = gamma[...] = beta[...] = 0

    assert list(trace) == before


def test_float32_is_explained_in_float64():
    x = np.array([[0.1], [0.7]], dtype=np.float32)
    trace = trace_batch_norm(x, ONE.astype(np.float32), ZERO.astype(np.float32))

    np.testing.assert_array_equal(trace.tensors["mu"].values, x.astype(np.float64).mean(axis=0))


def test_numbers_of_two_types_are_refused():
    with pytest.raises(ParameterError) as refusal:
        trace_batch_norm(LECTURE, ONE.astype(np.float32), ZERO)

    assert str(refusal.value) == (
        "gamma: float32 does not go with x, which is float64; "
        "convert one of them, e.g. with gamma.astype(np.float64)"
    )


def test_what_the_operation_refuses_is_refused():
    with pytest.raises(ShapeError):
        trace_batch_norm(LECTURE, np.ones(2), ZERO)
    with pytest.raises(ParameterError):
        trace_batch_norm(LECTURE, ONE, ZERO, eps=0.0)
