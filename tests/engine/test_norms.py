"""Layer, instance and group norm against torch, numbers checked by hand, and each other."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from engine.batch_norm import batch_norm
from engine.errors import ParameterError, ShapeError
from engine.norms import group_norm, instance_norm, layer_norm

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "norms.json").read_text())
NORMS = {
    "layer": layer_norm,
    "instance": instance_norm,
    "group": lambda *arrays, eps: group_norm(*arrays, groups=2, eps=eps),
}
CASES = [
    pytest.param(case, kind, id=f"{kind}, {case['id']}")
    for case in GOLDEN
    for kind in case["norms"]
]
EACH = pytest.mark.parametrize("norm", NORMS.values(), ids=NORMS.keys())
ONE, ZERO = np.ones(4), np.zeros(4)


def drawn(rng, shape=(3, 4, 2, 5)):
    return rng.normal(3, 2, size=shape), rng.normal(size=shape[1]), rng.normal(size=shape[1])


@pytest.mark.parametrize(("case", "kind"), CASES)
def test_output_and_mean_are_those_of_torch(case, kind):
    arrays = [np.array(case[name]) for name in ("x", "gamma", "beta")]

    forward = NORMS[kind](*arrays, eps=case["eps"])

    np.testing.assert_allclose(forward.y, case["norms"][kind]["y"], rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(forward.mean, case["norms"][kind]["mean"], rtol=1e-12, atol=1e-14)


def test_two_samples_by_hand():
    x = np.array([[1.0, 3.0, 10.0, 30.0], [0.0, 0.0, 0.0, 8.0]])

    layer = layer_norm(x, ONE, ZERO, eps=1e-12)
    group = group_norm(x, ONE, ZERO, groups=2, eps=1e-12)

    np.testing.assert_array_equal(layer.mean, [11, 2])
    np.testing.assert_array_equal(layer.var, [131.5, 12])
    np.testing.assert_array_equal(group.mean, [[2, 20], [0, 4]])
    np.testing.assert_array_equal(group.var, [[1, 100], [0, 16]])
    np.testing.assert_allclose(group.x_hat, [[-1, 1, -1, 1], [0, 0, -1, 1]], rtol=1e-9)


def test_only_the_axes_of_the_mean_differ(rng):
    x, gamma, beta = drawn(rng)

    found = [norm(x, gamma, beta, eps=1e-5) for norm in (batch_norm, layer_norm, instance_norm)]

    for forward, axes in zip(found, [(0, 2, 3), (1, 2, 3), (2, 3)], strict=True):
        np.testing.assert_allclose(forward.mean, x.mean(axis=axes), rtol=1e-12)
        np.testing.assert_allclose(forward.var, x.var(axis=axes), rtol=1e-12)


def test_one_group_is_layer_norm_and_a_group_a_channel_is_instance_norm(rng):
    arrays = drawn(rng)

    np.testing.assert_array_equal(group_norm(*arrays, groups=1).y, layer_norm(*arrays).y)
    np.testing.assert_array_equal(group_norm(*arrays, groups=4).y, instance_norm(*arrays).y)


@EACH
def test_samples_do_not_feel_each_other(rng, norm):
    x, gamma, beta = drawn(rng)
    changed = x.copy()
    changed[1] = rng.normal(size=x[1].shape)

    before, after = (norm(each, gamma, beta, eps=1e-5).y for each in (x, changed))

    np.testing.assert_array_equal(before[[0, 2]], after[[0, 2]])
    assert (before[1] != after[1]).all()


def test_batch_norm_of_the_turned_tensor_is_layer_norm(rng):
    x = rng.normal(size=(3, 4, 2, 5))

    turned = batch_norm(np.ascontiguousarray(x.swapaxes(0, 1)), np.ones(3), np.zeros(3)).y

    np.testing.assert_allclose(layer_norm(x, ONE, ZERO).y, turned.swapaxes(0, 1), rtol=1e-12)


@EACH
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_type_is_kept_and_arguments_are_left_alone(rng, norm, dtype):
    arrays = [array.astype(dtype) for array in drawn(rng)]
    before = [array.copy() for array in arrays]

    forward = norm(*arrays, eps=1e-5)

    parts = (forward.y, forward.mean, forward.var, forward.x_hat)
    assert {part.dtype for part in parts} == {np.dtype(dtype)}
    for array, was in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(array, was)


def test_float32_loses_nothing_far_from_zero(rng):
    x = (rng.normal(size=(2, 4, 9, 9)) + 1e4).astype(np.float32)
    one, zero = ONE.astype(np.float32), ZERO.astype(np.float32)

    forward = group_norm(x, one, zero, groups=2)

    exact = group_norm(x.astype(np.float64), ONE, ZERO, groups=2)
    np.testing.assert_allclose(forward.y, exact.y, rtol=0, atol=2e-6)


def test_any_memory_layout_gives_the_same(rng):
    x, gamma, beta = drawn(rng)

    turned = layer_norm(np.asfortranarray(x), gamma, beta)

    np.testing.assert_array_equal(turned.y, layer_norm(x, gamma, beta).y)


def test_a_single_cell_gives_beta():
    forward = instance_norm(np.full((2, 4, 1, 1), 7.0), ONE, 3 * ONE)

    np.testing.assert_array_equal(forward.x_hat, 0)
    np.testing.assert_array_equal(forward.y, 3)


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        (3, "groups: 3 must divide the 4 channels of x; use 1 or 2 or 4"),
        (0, "groups: 0 is too small, it must be at least 1; use 1 or more"),
        (2.0, "groups: 2.0 is not an integer; use a whole number of at least 1"),
    ],
)
def test_groups_that_do_not_go(groups, message):
    with pytest.raises(ParameterError) as refusal:
        group_norm(np.ones((2, 4)), ONE, ZERO, groups=groups)

    assert str(refusal.value) == message
    assert refusal.value.parameter == "groups"


def test_instance_norm_needs_positions():
    with pytest.raises(ShapeError) as refusal:
        instance_norm(np.ones((2, 4)), ONE, ZERO)

    assert str(refusal.value) == (
        "x: shape (2, 4) has one value a channel and sample, and each would be its own mean; "
        "use maps (N, C, H, W), or another norm"
    )


@EACH
def test_what_batch_norm_refuses_is_refused(norm):
    with pytest.raises(ParameterError, match="eps: -1"):
        norm(np.ones((2, 4, 3)), ONE, ZERO, eps=-1.0)
    with pytest.raises(ShapeError, match="gamma: shape"):
        norm(np.ones((2, 4, 3)), np.ones(3), ZERO, eps=1e-5)
    with pytest.raises(ParameterError, match="x: numbers of type int64"):
        norm(np.ones((2, 4, 3), dtype=int), ONE, ZERO, eps=1e-5)
