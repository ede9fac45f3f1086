"""Presets of upstream gradients and mini-batches."""

from __future__ import annotations

import numpy as np
import pytest

from engine import ParameterError
from engine.batches import (
    BATCHES,
    GRADIENTS,
    TARGETS,
    mini_batch,
    upstream_gradient,
    wanted_output,
)


@pytest.mark.parametrize("name", GRADIENTS)
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (1, 2, 3, 5)])
def test_gradient_has_the_shape_of_the_output(name, shape):
    gradient = upstream_gradient(name, shape)

    assert (gradient.shape, gradient.dtype) == (shape, np.float64)


@pytest.mark.parametrize("name", ["integers", "random"])
def test_seed_chooses_other_numbers_and_the_same_seed_the_same(name):
    first, again, other = (upstream_gradient(name, (5, 7), seed) for seed in (1, 1, 2))

    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_output_that_grows_keeps_the_gradients_of_its_cells():
    small, large = upstream_gradient("random", (2, 3)), upstream_gradient("random", (4, 5))

    np.testing.assert_array_equal(large[:2, :3], small)


def test_one_cell_in_the_middle_asks_where_one_output_comes_from():
    gradient = upstream_gradient("one_hot", (1, 2, 3, 5))

    assert (gradient.sum(), gradient[0, 1, 1, 2]) == (1, 1)


def test_tenths_begin_with_the_worked_example_and_repeat():
    tenths = upstream_gradient("tenths", (30,))

    np.testing.assert_array_equal(tenths[:4], [0.5, -0.2, 0.1, 0.3])
    np.testing.assert_array_equal(tenths[24:], tenths[:6])
    np.testing.assert_array_equal(upstream_gradient("tenths", (5, 6)).ravel(), tenths)


def test_tenths_differ_in_every_run_of_four():
    runs = {tuple(upstream_gradient("tenths", (24,))[at : at + 4]) for at in range(21)}

    assert len(runs) == 21


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize("shape", [(3,), (4, 1), (2, 3)])
def test_target_has_the_shape_of_the_output(name, shape):
    target = wanted_output(name, shape)

    assert (target.shape, target.dtype) == (shape, np.float64)


def test_alternating_target_begins_with_one():
    np.testing.assert_array_equal(wanted_output("alternating", (5, 1)).T, [[1, -1, 1, -1, 1]])


@pytest.mark.parametrize("name", BATCHES)
@pytest.mark.parametrize("shape", [(4, 1), (5, 3), (2, 3, 4, 5)])
def test_batch_has_its_shape(name, shape):
    batch = mini_batch(name, shape)

    assert (batch.shape, batch.dtype) == (shape, np.float64)


def test_growing_batch_of_four_is_the_worked_example():
    np.testing.assert_array_equal(mini_batch("growing", (4, 2)).T, [[1, 2, 4, 7], [2, 4, 7, 1]])


def test_growing_feature_maps_have_no_cell_twice_within_a_channel():
    batch = mini_batch("growing", (2, 3, 4, 5))

    assert all(len(np.unique(batch[:, c])) == 2 * 4 * 5 for c in range(3))


def test_constant_batch_differs_between_features_only():
    np.testing.assert_array_equal(mini_batch("constant", (3, 2)), [[3, 4]] * 3)


@pytest.mark.parametrize("make", [mini_batch, upstream_gradient])
def test_unknown_name_and_negative_seed_are_refused(make):
    with pytest.raises(ParameterError, match=r"^name: 'integer' is no preset; .* did you mean"):
        make("integer", (2, 3))
    with pytest.raises(ParameterError, match="seed: -1 is too small"):
        make("integers", (2, 3), -1)
