"""The squared error: numbers by hand, its slope, and its trace."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import ParameterError, ShapeError
from engine.gradcheck import gradcheck
from engine.loss import squared_error
from engine.loss_trace import trace_squared_error

SHAPES = st.sampled_from([(3, 2), (1, 2, 5), (2, 3, 5, 4), (1, 1, 1, 1)])


def outputs(shape, seed=0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    return rng.normal(size=shape).astype(dtype), rng.normal(size=shape).astype(dtype)


def test_loss_is_half_the_sum_of_squares_and_its_gradient_the_difference():
    loss = squared_error(np.array([[1.0, 5.0], [2.0, 0.0]]), np.array([[1.0, 2.0], [4.0, 0.0]]))

    assert loss.value == (3**2 + 2**2) / 2
    np.testing.assert_array_equal(loss.gradient, [[0, 3], [-2, 0]])


def test_loss_is_nothing_where_the_target_is_met(rng):
    y = rng.normal(size=(2, 3, 5))

    loss = squared_error(y, y.copy())

    assert loss.value == 0
    assert not loss.gradient.any()


@settings(deadline=None)
@given(shape=SHAPES, seed=st.integers(0, 99))
def test_gradient_is_the_one_that_central_differences_find(shape, seed):
    y, target = outputs(shape, seed)

    check = gradcheck(
        lambda y: squared_error(y, target).value, squared_error(y, target).gradient, y
    )

    assert check.relative_error < 1e-6


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_gradient_has_the_type_of_the_output_and_arguments_stay_as_they_are(dtype):
    y, target = outputs((2, 3), dtype=dtype)
    before = y.copy(), target.copy()

    loss = squared_error(y, target)

    assert loss.gradient.dtype == dtype
    assert isinstance(loss.value, float)
    np.testing.assert_array_equal(before, (y, target))


def test_squares_of_float32_are_added_up_without_overflow():
    huge = np.full((3, 5), 1e30, np.float32)

    assert squared_error(huge, -huge).value == pytest.approx(15 * 2e60)


def test_output_that_is_no_number_has_a_loss_that_is_none():
    assert np.isnan(squared_error(np.array([np.inf, 1.0]), np.array([np.inf, 0.0])).value)


def test_target_of_another_shape_is_refused():
    with pytest.raises(ShapeError) as refusal:
        squared_error(np.zeros((1, 2)), np.zeros((2, 1)))

    assert str(refusal.value) == (
        "target: shape (2, 1) is not the shape (1, 2) of y; "
        "use one wanted number for each output cell"
    )


def test_target_of_another_type_is_refused():
    with pytest.raises(ParameterError, match="target: float32 does not go with y"):
        squared_error(np.zeros(2), np.zeros(2, np.float32))


@settings(deadline=None, max_examples=20)
@given(shape=SHAPES, seed=st.integers(0, 99))
def test_trace_writes_the_loss_and_the_gradient(shape, seed, assert_replays):
    y, target = outputs(shape, seed)

    trace = trace_squared_error(y, target)

    assert_replays(trace)
    assert trace.tensors["loss"].shape == ()
    assert float(trace.tensors["loss"].values) == squared_error(y, target).value
    assert trace.tensors["grad_y"].gradient_of == "y"


def test_trace_adds_up_squares_and_then_takes_one_difference_a_cell():
    trace = trace_squared_error(np.array([[[[3.0, 1.0]]]]), np.array([[[[1.0, 2.0]]]]))

    assert [(step.terms, step.running, step.results) for step in trace] == [
        ((4.0, 1.0), (4.0, 5.0, 2.5), (2.5,)),
        ((2.0,), (), (2.0,)),
        ((-1.0,), (), (-1.0,)),
    ]


def test_formulas_have_an_index_for_every_axis_of_several_cells():
    trace = trace_squared_error(*outputs((1, 2, 3, 1)))

    assert [phase.formula for phase in trace.phases] == [
        r"\sym{loss}{L} = \frac{1}{2} \sum_{k} \sum_{i} (\sym{y}{y_{k,i}} - \sym{t}{t_{k,i}})^2",
        r"\sym{grad_y}{\frac{\partial L}{\partial y_{k,i}}} = \sym{y}{y_{k,i}} - \sym{t}{t_{k,i}}",
    ]


@pytest.mark.parametrize("shape", [(), (3,), (1, 1, 1, 1, 2)])
def test_trace_of_an_output_without_maps_is_refused(shape):
    with pytest.raises(ShapeError, match=f"y: {len(shape)} axes cannot be told cell by cell"):
        trace_squared_error(np.zeros(shape), np.zeros(shape))
