"""The running statistics of a training, batch after batch."""

from __future__ import annotations

import numpy as np
import pytest

from engine import batch_norm, update_running_stats
from engine.errors import ParameterError, ShapeError
from engine.training_batches import POPULATIONS, population_means, training_batches
from engine.training_trace import trace_training

BATCHES = np.random.default_rng(17).normal(3, 2, size=(5, 7))


def test_running_statistics_are_moved_once_a_batch():
    mean, var, one = np.zeros(1), np.ones(1), np.ones(1)
    expected = [(0.0, 1.0)]
    for batch in BATCHES:
        forward = batch_norm(batch[:, None], one, one)
        mean, var = update_running_stats(mean, var, forward, momentum=0.3)
        expected.append((mean[0], var[0]))

    replayed = trace_training(BATCHES, momentum=0.3).replay()

    found = np.stack([replayed["running_mean"], replayed["running_var"]], axis=1)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_lecture_batch_moves_zero_and_one_by_a_tenth_of_the_way():
    trace = trace_training(np.array([[1.0, 2.0, 4.0, 7.0]]))

    # Mean 3.5, biased variance 5.25, unbiased 7.
    assert trace.tensors["unbiased"].values == [7.0]
    np.testing.assert_allclose(trace.tensors["running_mean"].values, [0, 0.35])
    np.testing.assert_allclose(trace.tensors["running_var"].values, [1, 1.6])


def test_momentum_zero_keeps_the_start_and_one_keeps_the_newest_batch():
    still, newest = (trace_training(BATCHES, momentum=value).tensors for value in (0, 1))

    assert set(still["running_mean"].values) == {0.0}
    assert set(still["running_var"].values) == {1.0}
    np.testing.assert_allclose(newest["running_mean"].values[1:], BATCHES.mean(axis=1))
    np.testing.assert_allclose(newest["running_var"].values[1:], BATCHES.var(axis=1, ddof=1))


def test_one_move_a_batch_follows_the_start():
    trace = trace_training(BATCHES)

    groups = [phase.group for phase in trace.phases]
    assert groups == [None, None, *["batch"] * 5]
    assert [phase.setup for phase in trace.phases] == [True, True, *[False] * 5]
    assert {phase.steps for phase in trace.phases[2:]} == {5}


@pytest.mark.parametrize("shape", [(4,), (2, 3, 1)])
def test_batches_of_other_axes_are_refused(shape):
    with pytest.raises(ShapeError, match="one row of samples a batch"):
        trace_training(np.zeros(shape))


def test_batches_of_one_sample_have_no_unbiased_variance():
    with pytest.raises(ShapeError, match="m - 1 = 0"):
        trace_training(np.ones((3, 1)))


@pytest.mark.parametrize("momentum", [-0.1, 1.5, float("nan")])
def test_momentum_outside_0_and_1_is_refused(momentum):
    with pytest.raises(ParameterError, match="momentum"):
        trace_training(BATCHES, momentum=momentum)


@pytest.mark.parametrize("name", POPULATIONS)
def test_batches_scatter_around_the_mean_of_their_population(name):
    batches = training_batches(name, (12, 5000), seed=3)

    np.testing.assert_allclose(batches.mean(axis=1), population_means(name, 12), atol=0.15)
    np.testing.assert_allclose(batches.var(axis=1), 4, atol=0.3)


def test_more_batches_keep_the_earlier_ones():
    small, large = training_batches("jump", (3, 2), 5), training_batches("jump", (9, 6), 5)

    np.testing.assert_array_equal(large[:3, :2], small)


def test_unknown_populations_are_refused():
    with pytest.raises(ParameterError):
        training_batches("wild", (3, 4))
