from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from app.arrays import (
    TARGETS,
    BatchTensor,
    GradientTensor,
    LossGradientTensor,
    SignalTensor,
    TapsTensor,
    TargetTensor,
    vector_of,
)
from engine import ShapeError, kernels
from engine.batches import mini_batch, upstream_gradient


def batch(given):
    return BatchTensor.model_validate(given).array()


def gradient(given, shape=(1, 2, 3)):
    return GradientTensor.model_validate(given).array(shape)


def test_default_batch_is_the_worked_example():
    np.testing.assert_array_equal(BatchTensor().array(), [[1], [2], [4], [7]])


@pytest.mark.parametrize(
    ("given", "shape"),
    [
        pytest.param([1, 2.5, -3], (3, 1), id="a bare list is one feature"),
        pytest.param([[1, 2], [3, 4], [5, 6]], (3, 2), id="samples of features"),
        pytest.param({"values": [[[[1, 2]], [[3, 4]]]]}, (1, 2, 1, 2), id="feature maps"),
        pytest.param({"preset": "random", "shape": [5, 2]}, (5, 2), id="a preset"),
    ],
)
def test_batch_has_the_shape_of_what_is_given(given, shape):
    assert batch(given).shape == shape


def test_preset_of_a_batch_is_the_engines_and_edits_change_single_cells():
    given = {"preset": "integers", "seed": 3, "shape": [4, 2], "edits": [[2, 1, 7.5]]}
    expected = mini_batch("integers", (4, 2), 3)
    expected[2, 1] = 7.5

    np.testing.assert_array_equal(batch(given), expected)


def test_edit_outside_waits_until_the_batch_grows():
    edits = [[4, 0, 9]]

    assert 9 not in batch({"shape": [4, 1], "edits": edits})
    assert batch({"shape": [5, 1], "edits": edits})[4, 0] == 9


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([[[1, 2]]], "nested 3 deep"),
        ({"shape": [2, 3, 4]}, "a batch of 3 axes"),
        ({"shape": [24, 24, 24, 24]}, "too large"),
        ([[1]] * 25, "a batch of 25×1 is too large"),
        ({"edits": [[1, 2]]}, "an edit of 2 numbers"),
        ({"edits": [[]]}, "an edit of 0 numbers"),
        ({"edits": [[0, -1, 2]]}, "an edit of the cell .*; give whole numbers"),
        ({"edits": [[0.5, 0, 2]]}, "an edit of the cell .*; give whole numbers"),
        ({"edits": [[1, 2, 3, 4, 5]]}, "an edit of 5 numbers"),
    ],
)
def test_batch_that_cannot_be_is_refused(given, told):
    with pytest.raises((ValidationError, ValueError), match=told):
        batch(given)


@pytest.mark.parametrize("values", [[[1, 2], [3]], [[]], ["a"], [[[[[1]]]]]])
def test_gradient_that_is_no_array_is_refused_before_anything_is_computed(values):
    with pytest.raises(ValidationError, match="grad_y: "):
        GradientTensor.model_validate(values)


def test_gradient_takes_the_shape_of_the_output():
    np.testing.assert_array_equal(
        gradient({"preset": "random", "seed": 4}), upstream_gradient("random", (1, 2, 3), 4)
    )
    np.testing.assert_array_equal(gradient([[1, 2, 3], [4, 5, 6]])[0], [[1, 2, 3], [4, 5, 6]])


def test_gradient_of_another_shape_is_refused_with_both():
    with pytest.raises(ShapeError) as refusal:
        gradient([[1, 2], [3, 4]])

    assert str(refusal.value) == (
        "grad_y: 2×2 numbers do not go with an output of 1×2×3; "
        "give one gradient for each output cell"
    )


def test_one_cell_of_a_gradient_is_set_by_its_index_without_the_image():
    edited = gradient({"preset": "blank", "edits": [[1, 2, 5], [0, 0, 1, -1]]})

    assert (edited[0, 1, 2], edited[0, 0, 1], np.count_nonzero(edited)) == (5, -1, 2)


def target(given, shape=(1, 2, 3)):
    return TargetTensor.model_validate(given).array(shape, lambda name: np.full(shape, len(name)))


def test_gradient_comes_from_a_loss_only_by_that_preset():
    given = [
        {},
        {"preset": "ones"},
        {"preset": "loss"},
        [[1, 2]],
        {"preset": "loss", "values": [1]},
    ]

    tensors = map(LossGradientTensor.model_validate, given)

    assert [tensor.from_loss for tensor in tensors] == [False, False, True, False, False]


def test_only_a_convolution_that_has_a_target_offers_a_loss():
    with pytest.raises(ValidationError, match="preset"):
        GradientTensor(preset="loss")


def test_target_is_zeros_numbers_or_what_a_hidden_kernel_gives():
    assert not target({"preset": "zeros"}).any()
    np.testing.assert_array_equal(target([[1, 2, 3], [4, 5, 6]])[0], [[1, 2, 3], [4, 5, 6]])
    assert (target({"preset": "emboss"}) == len("emboss")).all()


def test_one_cell_of_a_target_is_set_by_its_index_without_the_image():
    assert np.argwhere(target({"preset": "zeros", "edits": [[1, 2, 5]]})).tolist() == [[0, 1, 2]]


def test_target_of_another_shape_is_refused_with_both():
    with pytest.raises(ShapeError) as refusal:
        target([[1, 2], [3, 4]])

    assert str(refusal.value) == (
        "target: 2×2 numbers do not go with an output of 1×2×3; "
        "give one wanted number for each output cell"
    )


@pytest.mark.parametrize("values", [[[1, 2], [3]], [[]], ["a"], [[[[[1]]]]]])
def test_target_that_is_no_array_is_refused_before_anything_is_computed(values):
    with pytest.raises(ValidationError, match="target: "):
        TargetTensor.model_validate(values)


def test_every_square_kernel_can_be_hidden():
    square = {name for name, kernel in kernels.items() if len({*kernel.taps.shape}) == 1}

    assert set(TARGETS) == square | {"zeros"}


@pytest.mark.parametrize(
    ("given", "shape"),
    [([1, 2, 3], (1, 1, 3)), ([[1, 2], [3, 4]], (1, 2, 2)), ({"length": 5}, (1, 1, 5))],
)
def test_signal_has_one_image_and_its_channels(given, shape):
    assert SignalTensor.model_validate(given).array().shape == shape


def test_two_signals_at_once_are_refused():
    with pytest.raises(ValidationError, match="more than one signal"):
        SignalTensor.model_validate([[[1, 2]], [[3, 4]]])


def test_taps_have_the_depth_of_their_group():
    assert TapsTensor(filters=2, size=5).array(3).shape == (2, 3, 5)
    assert TapsTensor.model_validate([[1, 2], [3, 4]]).array(2).shape == (1, 2, 2)


def test_a_single_number_scales_every_feature():
    np.testing.assert_array_equal(vector_of("gamma", 2.0, 3), [2, 2, 2])
    np.testing.assert_array_equal(vector_of("gamma", [1.0, 2.0], 2), [1, 2])


def test_numbers_that_do_not_go_with_the_features_are_refused():
    with pytest.raises(ShapeError, match="gamma: 2 numbers do not go with 3 features"):
        vector_of("gamma", [1.0, 2.0], 3)
