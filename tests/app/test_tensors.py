from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from app.tensors import BiasTensor, FilterTensor, InputTensor
from engine import kernels
from engine.presets import bias_vector, filter_bank, input_volume


def volume(given):
    return InputTensor.model_validate(given).array()


def filters(given, depth=1):
    return FilterTensor.model_validate(given).array(depth)


def bias(given, count=3):
    return BiasTensor.model_validate(given).array(count)


@pytest.mark.parametrize(
    ("values", "shape"),
    [
        pytest.param([[1, 2, 3], [4, 5, 6]], (1, 1, 2, 3), id="rows"),
        pytest.param([[[1, 2, 3]], [[4, 5, 6]]], (1, 2, 1, 3), id="channels of rows"),
        pytest.param([[[[1, 2, 3], [4, 5, 6]]]], (1, 1, 2, 3), id="one image"),
    ],
)
@pytest.mark.parametrize("form", [list, lambda values: {"values": values}], ids=["bare", "named"])
def test_input_given_by_its_values_has_their_shape(form, values, shape):
    tensor = InputTensor.model_validate(form(values))

    assert (1, tensor.channels, tensor.height, tensor.width) == shape
    np.testing.assert_array_equal(tensor.array(), np.reshape(values, shape))


def test_sizes_given_beside_values_do_not_count():
    assert volume({"values": [[1, 2]], "channels": 3, "width": 9}).shape == (1, 1, 1, 2)


@pytest.mark.parametrize(
    ("shape", "size"),
    [([3, 5], (1, 3, 5)), ([2, 3, 5], (2, 3, 5)), ([1, 2, 3, 5], (2, 3, 5))],
)
def test_shape_stands_for_channels_height_and_width(shape, size):
    assert volume({"preset": "random", "shape": shape}).shape == (1, *size)


def test_preset_gives_the_same_numbers_as_the_engine():
    given = {"preset": "random", "seed": 4, "height": 3, "width": 5, "channels": 2}

    np.testing.assert_array_equal(volume(given)[0], input_volume("random", (2, 3, 5), 4))


@pytest.mark.parametrize("given", [[[[[1]]], [[[2]]]], {"shape": [2, 1, 3, 3]}])
def test_more_than_one_image_is_refused(given):
    with pytest.raises(ValidationError, match="x: more than one image; give one"):
        InputTensor.model_validate(given)


@pytest.mark.parametrize("shape", [None, [1], "77", 7, [1, 1, 1, 1, 1]])
def test_what_is_no_shape_is_refused(shape):
    with pytest.raises(ValidationError, match="x: its shape is no list of 2 to 4 sizes"):
        InputTensor.model_validate({"shape": shape})


@pytest.mark.parametrize(
    ("values", "shape"),
    [
        pytest.param([[1, 2, 3], [4, 5, 6]], (1, 1, 2, 3), id="rows"),
        pytest.param([[[1, 2, 3]], [[4, 5, 6]]], (1, 2, 1, 3), id="channels of rows"),
        pytest.param([[[[1, 2, 3]]], [[[4, 5, 6]]]], (2, 1, 1, 3), id="filters"),
    ],
)
def test_filter_given_by_its_values_has_their_shape_and_no_divisor(values, shape):
    tensor = FilterTensor.model_validate(values)

    taps, divisor = tensor.array(depth=9)

    assert (tensor.filters, tensor.height, tensor.width) == (shape[0], *shape[2:])
    np.testing.assert_array_equal(taps, np.reshape(values, shape))
    assert divisor == 1


def test_filter_preset_is_as_deep_as_the_input():
    taps, _ = filters({"filters": 2, "height": 2, "width": 4}, depth=3)

    np.testing.assert_array_equal(taps, filter_bank("integers", (2, 3, 2, 4), 0)[0])


def test_named_kernel_keeps_its_integer_taps_and_its_divisor():
    taps, divisor = filters({"preset": "gaussian_blur_3x3"})

    np.testing.assert_array_equal(taps[0, 0], kernels["gaussian_blur_3x3"].taps)
    assert divisor == 16


def test_edit_sets_one_cell_and_no_other():
    before = volume({"channels": 2})

    after = volume({"channels": 2, "edits": [[1, 2, 3, 9.5]]})

    assert after[0, 1, 2, 3] == 9.5
    assert np.argwhere(before != after).tolist() == [[0, 1, 2, 3]]


@settings(deadline=None)
@given(
    st.lists(st.tuples(*[st.integers(0, 12)] * 3, st.integers(-9, 9)), max_size=6),
    st.integers(1, 8),
)
def test_edits_outside_wait_until_the_tensor_grows(edits, side):
    small = volume({"width": side, "height": side, "edits": edits})
    large = volume({"width": 13, "height": 13, "channels": 8, "edits": edits})

    np.testing.assert_array_equal(large[:, :1, :side, :side], small)


def test_edits_change_values_and_filters_alike():
    assert volume({"values": [[1, 2]], "edits": [[0, 0, 1, 7]]}).tolist() == [[[[1, 7]]]]
    taps, _ = filters({"filters": 2, "edits": [[1, 0, 2, 2, 0.5]]})
    assert taps[1, 0, 2, 2] == 0.5


@pytest.mark.parametrize(
    ("given", "values"),
    [
        pytest.param(None, None, id="null is none"),
        pytest.param(False, None, id="false is none"),
        pytest.param({}, None, id="none by default"),
        pytest.param({"values": [1, 2, 3]}, None, id="values that are switched off"),
        pytest.param([1, -2, 0.5], [1, -2, 0.5], id="a list"),
        pytest.param({"on": True, "values": [1, 2, 3], "edits": [[1, 9]]}, [1, 9, 3], id="edited"),
        pytest.param({"on": True, "edits": [[7, 9]]}, bias_vector(3).tolist(), id="edit outside"),
        pytest.param(True, bias_vector(3).tolist(), id="true is the preset"),
    ],
)
def test_bias_is_read_in_every_form(given, values):
    array = bias(given)

    assert (array if array is None else array.tolist()) == values


@pytest.mark.parametrize(
    ("model", "given"),
    [
        (InputTensor, {"width": 25}),
        (InputTensor, {"channels": 0}),
        (InputTensor, {"preset": "lena"}),
        (InputTensor, {"images": 1}),
        (InputTensor, [[0] * 25]),
        (InputTensor, {"edits": [[0, 0, 1]]}),
        (InputTensor, {"edits": [[0, -1, 0, 1]]}),
        (FilterTensor, {"depth": 1}),
        (FilterTensor, {"width": 12}),
        (FilterTensor, {"filters": 9}),
        (BiasTensor, {"values": ["a"]}),
        (BiasTensor, 5),
    ],
)
def test_what_is_out_of_bounds_or_unknown_is_refused(model, given):
    with pytest.raises(ValidationError):
        model.model_validate(given)


def test_array_of_a_request_is_its_own_copy():
    tensor = InputTensor.model_validate({"values": [[1, 2]]})

    tensor.array()[:] = 0

    assert tensor.array().tolist() == [[[[1, 2]]]]
