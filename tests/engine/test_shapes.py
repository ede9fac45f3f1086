"""Sizes and counts against the lecture's numbers and against arrays that exist."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import ParameterError, ShapeError, conv2d, conv2d_output_shape, trace_conv2d
from engine.shapes import count_multiplications, count_parameters


@settings(deadline=None, max_examples=100)
@given(data=st.data())
def test_size_formula_gives_the_size_that_is_computed(data, layers):
    layer = data.draw(layers())
    options = {name: layer.options[name] for name in ("stride", "padding", "dilation")}

    shape = conv2d_output_shape(layer.x.shape, layer.weight.shape, **options)

    assert shape == conv2d(layer.x, layer.weight, **layer.options).shape


@settings(deadline=None, max_examples=30)
@given(data=st.data())
def test_multiplications_counted_are_the_terms_of_the_trace(data, layers):
    layer = data.draw(layers())
    options = {name: layer.options[name] for name in ("stride", "padding", "dilation")}
    trace = trace_conv2d(layer.x, layer.weight, **layer.options)

    count = count_multiplications(layer.x.shape, layer.weight.shape, **options)

    told = sum(len(step.terms) for step in trace if not trace.phases[step.phase].setup)
    assert count.value == told


def test_alexnet_first_layer_is_55_by_55_by_96_with_34944_parameters():
    assert conv2d_output_shape((1, 3, 227, 227), (96, 3, 11, 11), stride=4) == (1, 96, 55, 55)
    assert count_parameters((96, 3, 11, 11)).value == 34_944


@pytest.mark.parametrize(
    ("count", "expression"),
    [
        pytest.param(count_parameters((2, 3, 3, 3)), "2·(3·3·3+1) = 56", id="with bias"),
        pytest.param(
            count_parameters((2, 3, 5, 7), bias=False), "2·5·7·3 = 210", id="without bias"
        ),
        pytest.param(
            count_multiplications((1, 3, 7, 7), (2, 3, 3, 3)),
            "5·5·2·(3·3·3) = 1,350",
            id="one image",
        ),
        pytest.param(
            count_multiplications((4, 3, 7, 7), (2, 3, 3, 3), stride=2),
            "4·3·3·2·(3·3·3) = 1,944",
            id="four images",
        ),
    ],
)
def test_counts_are_shown_with_the_sum_they_come_from(count, expression):
    assert count.expression == expression
    assert f"{count.value:,}" == expression.partition(" = ")[2]


def test_shapes_of_numpy_integers_give_python_integers():
    shape = conv2d_output_shape(tuple(np.array([1, 3, 7, 9])), (2, 3, 3, 3), stride=np.int32(2))

    assert shape == (1, 2, 3, 4)
    assert {type(size) for size in shape} == {int}


@pytest.mark.parametrize(
    ("shape", "error", "sentence"),
    [
        (
            (3, 7, 7),
            ShapeError,
            "input_shape: expected the axes (N, C, H, W), got shape (3, 7, 7); "
            "add axes of length 1, e.g. with np.expand_dims",
        ),
        (
            (1, 3, 7, 0),
            ParameterError,
            "input_shape: 0 is too small, it must be at least 1; use 1 or more",
        ),
        (
            (1, 3, 7.0, 7),
            ParameterError,
            "input_shape: 7.0 is not an integer; use a whole number of at least 1",
        ),
        (
            (1, 4, 7, 7),
            ShapeError,
            "weight: filters of depth 3 do not go with the 4 channels of x in 1 group; "
            "use filters of depth 4",
        ),
    ],
)
def test_shapes_that_no_array_can_have_are_refused(shape, error, sentence):
    with pytest.raises(error) as refusal:
        conv2d_output_shape(shape, (2, 3, 3, 3))

    assert str(refusal.value) == sentence
