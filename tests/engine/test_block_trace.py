"""The explained block: forward and backward as torch has it, and every gradient a true one."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import ParameterError, ShapeError, conv2d
from engine.activation import relu
from engine.batch_norm import batch_norm
from engine.block_trace import trace_block
from engine.gradcheck import gradcheck
from engine.pooling import max_pool2d

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "block.json").read_text())
ARGUMENTS = ("x", "weight", "bias", "gamma", "beta")


def random_arrays(seed, images, filters):
    rng = np.random.default_rng(seed)
    shapes = [(images, 2, 7, 6), (filters, 2, 3, 2), *[(filters,)] * 3]
    return rng, dict(zip(ARGUMENTS, map(rng.normal, [0] * 5, [1] * 5, shapes), strict=True))


def output(x, weight, bias, gamma, beta, *, eps=1e-5, kernel_size=2, pool_stride=None, **conv):
    maps = relu(batch_norm(conv2d(x, weight, bias, **conv), gamma, beta, eps=eps).y)
    return maps if kernel_size is None else max_pool2d(maps, kernel_size, stride=pool_stride)


OPTIONS = st.fixed_dictionaries(
    {
        "stride": st.sampled_from([1, 2, (2, 1)]),
        "padding": st.sampled_from([0, 1, ((1, 0), (2, 1))]),
        "padding_mode": st.sampled_from(["zeros", "reflect", "circular"]),
        "eps": st.sampled_from([1e-5, 0.1]),
        "kernel_size": st.sampled_from([None, 1, 2, (2, 1)]),
        "pool_stride": st.sampled_from([None, 1]),
    }
)


@settings(deadline=None, max_examples=6)
@given(
    seed=st.integers(0, 2**32 - 1), options=OPTIONS, reading=st.sampled_from(["scatter", "gather"])
)
def test_block_replays_and_passes_every_gradient_check(seed, options, reading, assert_replays):
    rng, arrays = random_arrays(seed, images=1, filters=2)
    y = output(**arrays, **options)
    grad = rng.normal(size=y.shape)

    trace = trace_block(**arrays, grad_output=grad, **options, reading=reading)

    last = "relu_y" if options["kernel_size"] is None else "pool_y"
    np.testing.assert_allclose(trace.tensors[last].values, y, rtol=1e-12)
    assert_replays(trace)
    checks = {
        name: gradcheck(
            lambda a, name=name: (grad * output(**arrays | {name: a}, **options)).sum(),
            trace.tensors[f"grad_{name}"].values,
            array,
        )
        for name, array in arrays.items()
    }
    assert {name: c.relative_error < 1e-5 for name, c in checks.items()} == dict.fromkeys(
        arrays, True
    )


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case["id"])
def test_every_value_and_gradient_is_that_of_torch(case):
    arrays = {name: np.array(values) for name, values in case["arrays"].items()}

    trace = trace_block(**arrays, **case["options"], eps=1e-3)

    for name, expected in case["expected"].items():
        np.testing.assert_allclose(trace.tensors[name].values, expected, rtol=1e-10, atol=1e-12)


def test_loss_from_a_target_is_half_the_squared_distance_and_its_gradient_the_difference():
    rng, arrays = random_arrays(7, images=2, filters=3)
    target = rng.normal(size=(2, 3, 5, 5))

    trace = trace_block(**arrays, target=target, kernel_size=None)

    a = output(**arrays, kernel_size=None)
    np.testing.assert_allclose(trace.tensors["loss"].values, ((a - target) ** 2).sum() / 2)
    np.testing.assert_allclose(trace.tensors["grad_relu_y"].values, a - target, atol=1e-12)


def test_given_gradient_is_the_slope_of_the_loss():
    rng, arrays = random_arrays(8, images=1, filters=2)
    grad = rng.normal(size=(1, 2, 5, 5))

    trace = trace_block(**arrays, grad_output=grad, kernel_size=None)

    a = output(**arrays, kernel_size=None)
    np.testing.assert_allclose(trace.tensors["loss"].values, (a * grad).sum())
    assert "grad_relu_y" not in {phase.writes for phase in trace.phases}


def test_without_pooling_the_output_is_that_of_relu():
    rng, arrays = random_arrays(9, images=1, filters=2)

    trace = trace_block(**arrays, grad_output=rng.normal(size=(1, 2, 5, 5)), kernel_size=None)

    labels = [trace.tensors[name].label for name in ("norm_y", "relu_y", "grad_relu_y")]
    assert labels == ["Output of batch norm", "Output", "Upstream gradient"]
    assert trace.tensors["relu_y"].role == "output"
    assert "pool_y" not in trace.tensors


def test_gradient_stops_where_the_output_of_batch_norm_is_not_positive():
    rng, arrays = random_arrays(10, images=1, filters=2)

    trace = trace_block(**arrays, grad_output=rng.normal(size=(1, 2, 5, 5)), kernel_size=None)

    shut = trace.tensors["norm_y"].values <= 0
    passed, came = (trace.tensors[f"grad_{name}"].values for name in ("norm_y", "relu_y"))
    np.testing.assert_array_equal(passed, np.where(shut, 0, came))
    assert shut.any()
    assert not shut.all()


def test_bias_before_a_batch_norm_has_no_gradient():
    rng, arrays = random_arrays(1, images=2, filters=3)
    grad = rng.normal(size=(2, 3, 2, 2))

    trace = trace_block(**arrays, grad_output=grad)

    np.testing.assert_allclose(trace.tensors["grad_bias"].values, 0, atol=1e-12)


def test_values_flow_from_operation_to_operation_and_gradients_back():
    rng, arrays = random_arrays(2, images=1, filters=2)

    trace = trace_block(
        **arrays, grad_output=rng.normal(size=(1, 2, 2, 2)), padding=((0, 0), (0, 0))
    )

    flow = [
        name for name in (phase.writes for phase in trace.phases) if name.endswith(("_y", "_x"))
    ]
    there, back = ["conv_y", "norm_y", "relu_y", "pool_y"], ["relu_y", "norm_y", "conv_y", "x"]
    assert list(dict.fromkeys(flow)) == [*there, *(f"grad_{name}" for name in back)]
    assert {t.gradient_of for t in trace.tensors.values()} <= {None, *trace.tensors}
    labels = [trace.tensors[name].label for name in ("x", "relu_y", "grad_relu_y", "grad_pool_y")]
    assert labels == ["Input", "Output of ReLU", "Gradient of ReLU", "Upstream gradient"]


def test_formulas_write_each_tensor_with_one_letter():
    rng, arrays = random_arrays(3, images=1, filters=2)

    trace = trace_block(**arrays, grad_output=rng.normal(size=(1, 2, 2, 2)), reading="gather")

    formulas = {phase.writes: phase.formula for phase in trace.phases}
    assert formulas["relu_y"] == r"\sym{relu_y}{a} = \max(0, \sym{x}{y})"
    assert formulas["norm_y"].startswith(r"\sym{norm_y}{y_{")
    assert r"\sym{x}{z_{" in formulas["mu"]
    assert r"\sym{g}{\frac{\partial L}{\partial \hat{z}_{" in formulas["grad_x"]


def test_single_precision_is_told_in_double(assert_replays):
    rng, arrays = random_arrays(4, images=1, filters=2)
    arrays = {name: array.astype(np.float32) for name, array in arrays.items()}

    trace = trace_block(**arrays, grad_output=rng.normal(size=(1, 2, 2, 2)).astype(np.float32))

    assert all(tensor.values.dtype == np.float64 for tensor in trace.tensors.values())
    assert_replays(trace)


def test_block_without_bias_has_none():
    rng, arrays = random_arrays(5, images=1, filters=2)

    trace = trace_block(**arrays | {"bias": None}, grad_output=rng.normal(size=(1, 2, 2, 2)))

    assert "bias" not in trace.tensors


@pytest.mark.parametrize(
    ("changes", "kind", "sentence"),
    [
        (
            {"grad_output": np.ones((1, 2, 3, 2))},
            ShapeError,
            "grad_output: shape (1, 2, 3, 2) is not the shape (1, 2, 2, 2) of the output; "
            "use one gradient for each output cell",
        ),
        (
            {"gamma": np.ones(2, np.float32)},
            ParameterError,
            "gamma: float32 does not go with x, which is float64; "
            "convert one of them, e.g. with gamma.astype(np.float64)",
        ),
        (
            {"target": np.ones((1, 2, 2, 2))},
            ParameterError,
            "grad_output: either the gradient of the output, or a target that it comes from; "
            "give one",
        ),
        (
            {"reading": "both"},
            ParameterError,
            'reading: \'both\' is unknown; use "scatter" or "gather"',
        ),
    ],
)
def test_what_does_not_go_together_is_refused(changes, kind, sentence):
    _, arrays = random_arrays(6, images=1, filters=2)

    with pytest.raises(kind) as refusal:
        trace_block(**arrays | {"grad_output": np.ones((1, 2, 2, 2))} | changes)

    assert str(refusal.value) == sentence
