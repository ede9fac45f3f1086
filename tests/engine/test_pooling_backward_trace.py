"""The explained gradients of pooling: what each output cell sends to which cell.

That they replay to the fast ones, with every other law of all poolings, is in test_pooling_trace.
"""

from __future__ import annotations

import numpy as np
import pytest

from engine.pooling_backward_trace import trace_avg_pool2d_backward, trace_max_pool2d_backward


def test_gradient_of_a_maximum_is_sent_to_the_cell_that_won():
    x = np.array([[[[1.0, 5.0, 2.0], [3.0, 4.0, 9.0]]]])
    trace = trace_max_pool2d_backward(np.array([[[[0.5, -2.0]]]]), x, 2, stride=1)

    first, second = trace

    assert first.bind["x"] == first.bind["grad_x"] == ((0, 1, 1), (0, 1, 1), (0, 1, 1), (1, 1, 1))
    assert second.bind["grad_x"][2:] == ((1, 1, 1), (2, 1, 1))
    assert (first.results, second.results) == ((0.5,), (-2.0,))
    assert trace.phases[0].adds


@pytest.mark.parametrize(
    ("x", "winner"),
    [
        pytest.param([3.0, 3.0, 3.0, 3.0], (0, 0), id="of equal ones the first"),
        pytest.param([1.0, np.nan, np.nan, 9.0], (0, 1), id="the first NaN"),
    ],
)
def test_gradient_of_a_maximum_and_of_its_trace_choose_alike(x, winner, assert_replays):
    x = np.array(x).reshape(1, 1, 2, 2)

    trace = trace_max_pool2d_backward(np.full((1, 1, 1, 1), 7.0), x, 2)

    assert tuple(start for start, _, _ in trace[0].bind["grad_x"][2:]) == winner
    assert_replays(trace)


def test_gradient_of_an_average_is_shared_among_the_window():
    trace = trace_avg_pool2d_backward(np.full((1, 1, 1, 1), 8.0), np.zeros((1, 1, 2, 2)), 2)

    assert trace[0].results == (2.0, 2.0, 2.0, 2.0)
    assert list(trace.tensors) == ["x", "grad_y", "grad_x"]


def test_divisors_that_differ_are_shown_as_a_tensor():
    x = np.zeros((1, 1, 3, 3))
    grad_output = np.full((1, 1, 2, 2), 12.0)

    trace = trace_avg_pool2d_backward(grad_output, x, 2, ceil_mode=True)

    np.testing.assert_array_equal(trace.tensors["count"].values, [[4, 2], [2, 1]])
    assert [step.results for step in trace] == [(3.0,) * 4, (6.0,) * 2, (6.0,) * 2, (12.0,)]


def test_gradients_belong_to_tensors_and_start_at_zero(rng):
    x, grad_output = rng.normal(size=(1, 2, 4, 6)), rng.normal(size=(1, 2, 2, 3))

    for explained in (trace_max_pool2d_backward, trace_avg_pool2d_backward):
        tensors = explained(grad_output, x, 2).tensors
        assert {t.name: t.gradient_of for t in tensors.values()} == {
            "x": None,
            "grad_y": "y",
            "grad_x": "x",
        }
        assert tensors["grad_x"].fill == 0.0


def test_trace_keeps_its_own_copy_of_the_arguments(rng):
    x, grad_output = rng.normal(size=(1, 1, 4, 6)), rng.normal(size=(1, 1, 2, 3))
    trace = trace_max_pool2d_backward(grad_output, x, 2)
    before = list(trace)

    x[...] = grad_output[...] = 0

    assert list(trace) == before
