"""ReLU and its gradient, fast and told step by step."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from engine.activation import relu, relu_backward
from engine.activation_trace import trace_relu, trace_relu_backward
from engine.errors import ParameterError, ShapeError

NUMBERS = st.floats(-1e6, 1e6) | st.sampled_from([0.0, -0.0, np.nan, np.inf, -np.inf])
SHAPES = array_shapes(min_dims=0, max_dims=5, min_side=0, max_side=4)
SMALL = array_shapes(min_dims=0, max_dims=5, min_side=1, max_side=3)


@settings(deadline=None, max_examples=50)
@given(x=arrays(np.float64, SHAPES, elements=NUMBERS))
def test_every_number_is_itself_or_zero_whichever_is_larger(x):
    y = relu(x)

    expected = [v if v != v else max(v, 0.0) for v in x.ravel().tolist()]
    np.testing.assert_array_equal(y, np.reshape(expected, x.shape))
    assert (type(y), y.shape, y.dtype) == (np.ndarray, x.shape, x.dtype)


@settings(deadline=None, max_examples=50)
@given(x=arrays(np.float64, SHAPES, elements=NUMBERS), seed=st.integers(0, 9))
def test_gradient_passes_where_the_input_is_not_zero_or_less(x, seed):
    grad_output = np.array(np.random.default_rng(seed).normal(size=x.shape))

    grad = relu_backward(grad_output, x)

    pairs = zip(x.ravel().tolist(), grad_output.ravel().tolist(), strict=True)
    expected = [0.0 if v <= 0 else g for v, g in pairs]
    np.testing.assert_array_equal(grad, np.reshape(expected, x.shape))
    assert (type(grad), grad.shape, grad.dtype) == (np.ndarray, x.shape, x.dtype)


def test_gradient_is_the_numeric_one(rng):
    x, grad_output, step = rng.normal(size=(3, 5, 7)), rng.normal(size=(3, 5, 7)), 1e-6

    grad = relu_backward(grad_output, x)

    numeric = (relu(x + step) - relu(x - step)) / (2 * step) * grad_output
    np.testing.assert_allclose(grad, numeric, rtol=1e-7, atol=1e-9)


def test_special_numbers_do_as_in_torch():
    x = np.array([np.nan, 0.0, -0.0, -1.0, 2.0, np.inf, -np.inf])
    grad_output = np.array([1.0, 2.0, 3.0, np.nan, 5.0, 6.0, np.inf])

    np.testing.assert_array_equal(relu(x), [np.nan, 0, 0, 0, 2, np.inf, 0])
    np.testing.assert_array_equal(relu_backward(grad_output, x), [1, 0, 0, 0, 5, 6, 0])


@pytest.mark.parametrize("dtype", ["f4", "f8", ">f4", ">f8"])
def test_type_is_kept_in_the_byte_order_of_the_machine(rng, dtype):
    x, grad_output = rng.normal(size=(2, 3, 5)).astype(dtype)[..., ::-2], np.ones((3, 3), dtype)
    x, grad_output = x.T[..., 0], grad_output

    results = relu(x), relu_backward(grad_output, x)

    assert [r.dtype for r in results] == [np.dtype(dtype).newbyteorder("=")] * 2
    np.testing.assert_array_equal(results[0], np.where(x > 0, x, 0))
    np.testing.assert_array_equal(results[1], x > 0)


def test_arguments_stay_as_they_were_and_are_not_handed_out():
    x, grad_output = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    x.flags.writeable = grad_output.flags.writeable = False

    results = relu(x), relu_backward(grad_output, x)

    assert [r.tolist() for r in results] == [[1.0, 2.0], [3.0, 4.0]]
    assert not any(np.shares_memory(r, a) for r in results for a in (x, grad_output))


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        pytest.param(
            lambda: relu([1.0]),
            "x: expected a NumPy array, got list; convert it with np.array(x, dtype=np.float64)",
            id="a list",
        ),
        pytest.param(
            lambda: relu(np.array([1])),
            "x: numbers of type int64 are not accepted, only float32 and float64; "
            "convert them with x.astype(np.float64)",
            id="integers",
        ),
        pytest.param(
            lambda: relu_backward(np.ones(2, np.float32), np.ones(2)),
            "x: float64 does not go with grad_output, which is float32; "
            "convert one of them, e.g. with x.astype(np.float32)",
            id="two types in one call",
        ),
    ],
)
def test_arrays_of_the_wrong_type_are_refused(call, sentence):
    with pytest.raises(ParameterError) as refusal:
        call()

    assert str(refusal.value) == sentence


@pytest.mark.parametrize("backward", [relu_backward, trace_relu_backward])
def test_gradient_of_another_shape_is_refused(backward):
    with pytest.raises(ShapeError) as refusal:
        backward(np.ones((3, 1)), np.ones((3, 2)))

    assert str(refusal.value) == (
        "grad_output: shape (3, 1) is not the shape (3, 2) of the output; "
        "use one gradient for each output cell"
    )


@settings(deadline=None, max_examples=30)
@given(x=arrays(np.float64, SMALL, elements=NUMBERS), seed=st.integers(0, 9))
def test_replay_gives_the_fast_operations(x, seed, assert_replays):
    grad_output = np.array(np.random.default_rng(seed).normal(size=x.shape))
    forward, backward = trace_relu(x), trace_relu_backward(grad_output, x)

    assert_replays(forward)
    assert_replays(backward)
    assert len(forward) == len(backward) == x.size
    np.testing.assert_array_equal(forward.tensors["y"].values, relu(x))
    np.testing.assert_array_equal(backward.tensors["grad_x"].values, relu_backward(grad_output, x))


def test_traces_say_which_tensors_and_formulas_they_are_made_of(rng):
    x, grad_output = rng.normal(size=(2, 2, 3, 5, 7))

    (forward,), (backward,) = trace_relu(x).phases, trace_relu_backward(grad_output, x).phases

    assert forward.formula == r"\sym{y}{y} = \max(0, \sym{x}{x})"
    assert backward.formula == (
        r"\sym{grad_x}{\frac{\partial L}{\partial x}} = \sym{g}{\frac{\partial L}{\partial y}} "
        r"\text{ if } \sym{x}{x} > 0 \text{, else } 0"
    )
    assert list(forward.loop) == ["image", "channel", "row", "column"]
    assert (dict(backward.reads), backward.writes) == ({"g": "grad_y", "x": "x"}, "grad_x")


def test_steps_go_cell_by_cell_with_the_last_axis_fastest(rng):
    x = rng.normal(size=(2, 3, 5, 7))

    step = trace_relu(x)[-2]

    assert step.bind["x"] == step.bind["y"] == ((1, 1, 1), (2, 1, 1), (4, 1, 1), (5, 1, 1))
    assert step.terms == (max(x[1, 2, 4, 5], 0.0),)


def test_trace_keeps_its_own_copy_of_the_argument():
    x = np.array([[1.0, -2.0]])
    trace = trace_relu(x)

    x[...] = 9

    assert [step.results for step in trace] == [(1.0,), (0.0,)]
