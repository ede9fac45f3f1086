"""Batch norm at inference and its running statistics, explained."""

from __future__ import annotations

import inspect
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.batch_norm import batch_norm, batch_norm_inference, update_running_stats
from engine.batch_norm_inference_trace import trace_batch_norm_inference, trace_running_stats
from engine.errors import EngineError, ParameterError, ShapeError

LECTURE = np.array([[1.0], [2.0], [4.0], [7.0]])
ONE, ZERO = np.ones(1), np.zeros(1)
SIZE = st.integers(1, 3)
SHAPES = (
    st.tuples(st.integers(2, 7), SIZE)
    | st.tuples(SIZE, SIZE, st.integers(2, 5))
    | st.tuples(SIZE, SIZE, SIZE, st.integers(2, 4))
)
SEEDS = st.integers(0, 2**32 - 1)


def statistics(shape, seed):
    """Draw x, gamma, beta, a running mean and a running variance."""
    numbers = np.random.default_rng(seed)
    x, *of_channels = (numbers.normal(size=size) for size in (shape, *[shape[1]] * 3))
    return x, *of_channels, numbers.uniform(0, 3, size=shape[1])


@settings(deadline=None, max_examples=40)
@given(shape=SHAPES, seed=SEEDS, eps=st.sampled_from([1e-5, 0.1]))
def test_replay_gives_the_fast_operation_at_inference(shape, seed, eps, assert_replays):
    arguments = statistics(shape, seed)

    trace = trace_batch_norm_inference(*arguments, eps=eps)

    y = batch_norm_inference(*arguments, eps=eps)
    np.testing.assert_allclose(trace.replay()["y"], y, rtol=1e-9, atol=1e-12)
    assert_replays(trace)


@settings(deadline=None, max_examples=40)
@given(shape=SHAPES, seed=SEEDS, momentum=st.sampled_from([0.1, 0.5, 1.0]))
def test_replay_moves_the_running_statistics_as_the_fast_operation(
    shape, seed, momentum, assert_replays
):
    x, gamma, beta, mean, variance = statistics(shape, seed)

    trace = trace_running_stats(mean, variance, x, momentum=momentum)

    forward = batch_norm(x, gamma, beta)
    moved = update_running_stats(mean, variance, forward, momentum=momentum)
    replayed = trace.replay()
    np.testing.assert_allclose([replayed["new_mean"], replayed["new_var"]], moved, rtol=1e-9)
    assert_replays(trace)


@settings(deadline=None, max_examples=10)
@given(data=st.data(), shape=SHAPES, seed=SEEDS)
def test_a_step_is_the_same_whenever_it_is_asked_for(data, shape, seed):
    x, gamma, beta, mean, variance = statistics(shape, seed)
    make = data.draw(
        st.sampled_from(
            [
                lambda: trace_batch_norm_inference(x, gamma, beta, mean, variance),
                lambda: trace_running_stats(mean, variance, x),
            ]
        )
    )
    order = data.draw(st.lists(st.integers(0, len(make()) - 1), min_size=1, max_size=20))

    assert [make()[n] for n in order] == [list(make())[n] for n in order]


def test_inference_has_no_statistics_of_the_batch():
    one_sample = trace_batch_norm_inference(
        np.array([[7.0]]), 2 * ONE, -ONE, 3 * ONE, 3 * ONE, eps=1.0
    )

    assert "mu" not in one_sample.tensors
    assert [step.results for step in one_sample] == [(2.0,), (3.0,)]


def test_running_statistics_move_with_the_unbiased_variance():
    trace = trace_running_stats(np.array([1.5]), np.array([3.0]), LECTURE, momentum=0.5)

    # Mean 3.5, biased variance 5.25, unbiased 7.
    assert [step.results for step in trace] == [(3.5,), (5.25,), (7.0,), (2.5,), (5.0,)]
    assert [phase.title for phase in trace.phases][2] == "Correct the bias of the variance"


def test_momentum_is_the_share_of_the_new_batch():
    trace = trace_running_stats(ZERO, ONE, LECTURE)

    np.testing.assert_allclose([trace[3].results, trace[4].results], [[0.35], [1.6]])


def test_formula_names_what_it_binds_and_term_is_called_in_its_order():
    x, gamma, beta, mean, variance = statistics((2, 3, 5, 7), 31)
    inference = trace_batch_norm_inference(x, gamma, beta, mean, variance)
    running = trace_running_stats(mean, variance, x)

    for phase in (*inference.phases, *running.phases):
        named = re.findall(r"\\sym\{(\w+)\}", phase.formula)
        in_term = list(dict.fromkeys(re.findall(r"\\sym\{(\w+)\}", phase.term)))
        assert set(named) == {phase.writes, *phase.reads} == set(phase.boxes_at(0))
        assert in_term == list(phase.reads) == list(inspect.signature(phase.evaluate).parameters)


def test_traces_keep_their_own_copies_of_the_arguments():
    arguments = statistics((5, 3), 31)
    traces = [
        trace_batch_norm_inference(*arguments),
        trace_running_stats(*arguments[3:], arguments[0]),
    ]
    before = [list(trace) for trace in traces]

    for array in arguments:
        array[...] = 1

    assert [list(trace) for trace in traces] == before


def test_batch_of_one_has_no_unbiased_variance():
    with pytest.raises(EngineError) as of_trace:
        trace_running_stats(ZERO, ONE, np.array([[3.0]]))
    with pytest.raises(EngineError) as of_operation:
        update_running_stats(ZERO, ONE, batch_norm(np.array([[3.0]]), ONE, ZERO))

    assert str(of_trace.value) == str(of_operation.value)


def test_what_the_operations_refuse_is_refused():
    with pytest.raises(ShapeError):
        trace_running_stats(np.zeros(2), np.ones(2), LECTURE)
    with pytest.raises(ShapeError):
        trace_running_stats(ZERO, ONE, np.ones(4))
    with pytest.raises(ParameterError):
        trace_running_stats(ZERO, ONE, LECTURE, momentum=2.0)
    with pytest.raises(ParameterError):
        trace_running_stats(ZERO.astype(np.float32), ONE, LECTURE)
    with pytest.raises(ShapeError):
        trace_batch_norm_inference(LECTURE, ONE, ZERO, np.zeros(2), ONE)
    with pytest.raises(ParameterError):
        trace_batch_norm_inference(LECTURE, ONE, ZERO, ZERO, ONE.astype(np.float32))
