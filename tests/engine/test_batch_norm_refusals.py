"""What batch norm refuses: the exact sentences."""

from __future__ import annotations

import numpy as np
import pytest

from engine.batch_norm import batch_norm, batch_norm_inference, update_running_stats
from engine.batch_norm_backward import batch_norm_backward
from engine.errors import ParameterError, ShapeError

X, ONE = np.ones((4, 3, 5)), np.ones(3)
FORWARD = batch_norm(X, ONE, ONE)

SHAPES = [
    pytest.param(
        (X[0, 0], ONE, ONE),
        "x: expected the axes (N, C), (N, C, L) or (N, C, H, W), got shape (5,); "
        "add axes of length 1, e.g. with np.expand_dims",
        id="a batch without channels",
    ),
    pytest.param(
        (X[None, None], ONE, ONE),
        "x: expected the axes (N, C), (N, C, L) or (N, C, H, W), got shape (1, 1, 4, 3, 5); "
        "merge axes with reshape",
        id="an axis too many",
    ),
    pytest.param(
        (X[:0], ONE, ONE),
        "x: shape (0, 3, 5) has nothing along N; every axis of (N, C, L) needs a length of at "
        "least 1",
        id="an empty batch",
    ),
    pytest.param(
        (X[:, :0, 0], ONE[:0], ONE[:0]),
        "x: shape (4, 0) has nothing along C; every axis of (N, C) needs a length of at least 1",
        id="no feature",
    ),
    pytest.param(
        (X[..., None][..., :0], ONE, ONE),
        "x: shape (4, 3, 5, 0) has nothing along W; every axis of (N, C, H, W) needs a length of "
        "at least 1",
        id="no column",
    ),
    pytest.param(
        (X, np.ones(5), ONE),
        "gamma: shape (5,) does not go with the 3 channels of x; "
        "use one number a channel, shape (3,)",
        id="one gamma a column instead of a channel",
    ),
    pytest.param(
        (X[:, :1, 0], ONE[:1], ONE),
        "beta: shape (3,) does not go with the 1 feature of x; "
        "use one number a feature, shape (1,)",
        id="betas for features that are not there",
    ),
    pytest.param(
        (X, ONE[:, None], ONE),
        "gamma: expected the axes (C), got shape (3, 1); "
        "take a part of it, or merge axes with reshape",
        id="a gamma with two axes",
    ),
    pytest.param(
        (X, ONE, np.array(1.0)),
        "beta: expected the axes (C), got shape (); add axes of length 1, e.g. with np.expand_dims",
        id="a beta without an axis",
    ),
]

ARRAYS = [
    pytest.param(
        (X.astype(int), ONE, ONE),
        "x: numbers of type int64 are not accepted, only float32 and float64; "
        "convert them with x.astype(np.float64)",
        id="integers",
    ),
    pytest.param(
        (X, ONE.astype(np.float32), ONE),
        "gamma: float32 does not go with x, which is float64; "
        "convert one of them, e.g. with gamma.astype(np.float64)",
        id="two types in one call",
    ),
    pytest.param(
        (X, ONE, [0.0, 0.0, 0.0]),
        "beta: expected a NumPy array, got list; convert it with np.array(beta, dtype=np.float64)",
        id="a list",
    ),
    pytest.param(
        (None, ONE, ONE),
        "x: expected a NumPy array, got None; use the batch",
        id="no batch",
    ),
    pytest.param(
        (X, None, ONE),
        "gamma: expected a NumPy array, got None; use np.ones(C) where there is none",
        id="no gamma",
    ),
    pytest.param(
        (X, ONE, None),
        "beta: expected a NumPy array, got None; use np.zeros(C) where there is none",
        id="no beta",
    ),
]

OF_EPS = (
    "is not a finite number above 0, and a channel whose values are all equal would be divided "
    "by zero; use a small one, e.g. 1e-5"
)
EPS = [
    pytest.param(0, f"eps: 0.0 {OF_EPS}", id="zero"),
    pytest.param(-1e-5, f"eps: -1e-05 {OF_EPS}", id="negative"),
    pytest.param(float("nan"), f"eps: nan {OF_EPS}", id="not a number"),
    pytest.param(float("inf"), f"eps: inf {OF_EPS}", id="infinite"),
    pytest.param(10**400, f"eps: inf {OF_EPS}", id="an integer beyond all floats"),
]
NO_EPS = "is not a number; use a small number above 0, e.g. 1e-5"
EPS += [
    pytest.param("1e-5", f"eps: '1e-5' {NO_EPS}", id="text"),
    pytest.param(None, f"eps: None {NO_EPS}", id="none"),
    pytest.param(True, f"eps: True {NO_EPS}", id="a bool"),
    pytest.param(np.array(1e-5), f"eps: array(1.e-05) {NO_EPS}", id="an array"),
]

RANGE = "is not from 0 to 1, as the weight of the batch must be; use e.g. 0.1"
NO_WEIGHT = "is not a number; use the weight of the batch, from 0 to 1, e.g. 0.1"
MOMENTUM = [
    pytest.param(-0.1, f"momentum: -0.1 {RANGE}", id="negative"),
    pytest.param(1.5, f"momentum: 1.5 {RANGE}", id="above one"),
    pytest.param(float("nan"), f"momentum: nan {RANGE}", id="not a number"),
    pytest.param(None, f"momentum: None {NO_WEIGHT}", id="none"),
    pytest.param(True, f"momentum: True {NO_WEIGHT}", id="a bool"),
]


def refusal(error, fn, *arguments, **options):
    with pytest.raises(error) as caught:
        fn(*arguments, **options)
    assert str(caught.value).startswith(caught.value.parameter + ":")
    return str(caught.value)


@pytest.mark.parametrize(("arguments", "message"), SHAPES)
def test_shapes_that_do_not_go_together(arguments, message):
    assert refusal(ShapeError, batch_norm, *arguments) == message
    assert refusal(ShapeError, batch_norm_inference, *arguments, ONE, ONE) == message


@pytest.mark.parametrize(("arguments", "message"), ARRAYS)
def test_arrays_of_the_wrong_type(arguments, message):
    assert refusal(ParameterError, batch_norm, *arguments) == message
    assert refusal(ParameterError, batch_norm_inference, *arguments, ONE, ONE) == message


@pytest.mark.parametrize(("eps", "message"), EPS)
def test_eps_that_is_no_small_positive_number(eps, message):
    assert refusal(ParameterError, batch_norm, X, ONE, ONE, eps=eps) == message
    assert refusal(ParameterError, batch_norm_inference, X, *[ONE] * 4, eps=eps) == message


@pytest.mark.parametrize("eps", [1, np.float32(0.5), np.int8(2), 5e-324])
def test_any_finite_number_above_zero_is_an_eps(eps):
    assert np.isfinite(batch_norm(X, ONE, ONE, eps=eps).y).all()


def test_running_variance_below_zero():
    message = (
        "running_var: -0.25 for channel 2 is negative, which no variance is; "
        "use numbers of at least 0"
    )
    var = np.array([1.0, 0.0, -0.25])

    assert refusal(ParameterError, batch_norm_inference, X, ONE, ONE, ONE, var) == message
    assert refusal(ParameterError, update_running_stats, ONE, var, FORWARD) == message


@pytest.mark.parametrize(
    ("error", "statistics", "message"),
    [
        pytest.param(
            ShapeError,
            (np.ones(2), ONE),
            "running_mean: shape (2,) does not go with the 3 channels of x; "
            "use one number a channel, shape (3,)",
            id="a mean too few",
        ),
        pytest.param(
            ParameterError,
            (ONE, ONE.astype(np.float32)),
            "running_var: float32 does not go with x, which is float64; "
            "convert one of them, e.g. with running_var.astype(np.float64)",
            id="a variance of another type",
        ),
        pytest.param(
            ParameterError,
            (None, ONE),
            "running_mean: expected a NumPy array, got None; use np.zeros(C) where there is none",
            id="no mean",
        ),
    ],
)
def test_running_statistics_that_do_not_go_with_the_batch(error, statistics, message):
    assert refusal(error, update_running_stats, *statistics, FORWARD) == message
    assert refusal(error, batch_norm_inference, X, ONE, ONE, *statistics) == message


@pytest.mark.parametrize(("momentum", "message"), MOMENTUM)
def test_momentum_that_is_no_weight(momentum, message):
    found = refusal(ParameterError, update_running_stats, ONE, ONE, FORWARD, momentum=momentum)

    assert found == message


@pytest.mark.parametrize("shape", [(1, 3), (1, 3, 1), (1, 3, 1, 1)])
def test_running_variance_of_a_single_value(shape):
    forward = batch_norm(np.ones(shape), ONE, ONE)

    assert refusal(ShapeError, update_running_stats, ONE, ONE, forward) == (
        "forward: one value a channel has no unbiased variance, which divides by m - 1 = 0; "
        "use a batch of at least 2 values a channel"
    )


@pytest.mark.parametrize("backward", [batch_norm_backward, update_running_stats])
def test_forward_that_batch_norm_did_not_give(backward):
    arguments = (X,) if backward is batch_norm_backward else (ONE, ONE)

    assert refusal(ParameterError, backward, *arguments, FORWARD.y) == (
        "forward: expected the result of batch_norm, got ndarray; "
        "use forward = batch_norm(x, gamma, beta)"
    )


def test_upstream_gradient_of_another_shape_or_type():
    assert refusal(ShapeError, batch_norm_backward, X[:2], FORWARD) == (
        "grad_output: shape (2, 3, 5) is not the shape (4, 3, 5) of the output; "
        "use one gradient for each output cell"
    )
    assert refusal(ParameterError, batch_norm_backward, X.astype(np.float32), FORWARD) == (
        "grad_output: float32 does not go with x, which is float64; "
        "convert one of them, e.g. with grad_output.astype(np.float64)"
    )
    assert refusal(ParameterError, batch_norm_backward, None, FORWARD) == (
        "grad_output: expected a NumPy array, got None; use one gradient for each output cell"
    )


def test_options_are_keyword_only():
    with pytest.raises(TypeError):
        batch_norm(X, ONE, ONE, 1e-5)
    with pytest.raises(TypeError):
        update_running_stats(ONE, ONE, FORWARD, 0.1)
