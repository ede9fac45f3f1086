"""What conv_transpose2d refuses: the exact sentences, and ways out that do lead out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine import ParameterError, ShapeError
from engine.conv_transpose2d import conv_transpose2d, conv_transpose2d_backward

X, W = np.ones((1, 4, 2, 3)), np.ones((4, 3, 3, 2))

SHAPES = [
    pytest.param(
        (X[0], W),
        {},
        "x: expected the axes (N, C, H, W), got shape (4, 2, 3); "
        "add axes of length 1, e.g. with np.expand_dims",
        id="an input without a batch axis",
    ),
    pytest.param(
        (X[:, :, :0], W),
        {},
        "x: shape (1, 4, 0, 3) has nothing along H; "
        "every axis of (N, C, H, W) needs a length of at least 1",
        id="an input without rows",
    ),
    pytest.param(
        (X, W[0]),
        {},
        "weight: expected the axes (C_in, C_out/groups, Fh, Fw), got shape (3, 3, 2); "
        "add axes of length 1, e.g. with np.expand_dims",
        id="a filter without the axis of its channel",
    ),
    pytest.param(
        (X, W[:, :0]),
        {},
        "weight: shape (4, 0, 3, 2) has nothing along C_out/groups; "
        "every axis of (C_in, C_out/groups, Fh, Fw) needs a length of at least 1",
        id="no map",
    ),
    pytest.param(
        (X, W.swapaxes(0, 1)),
        {},
        "weight: filters for 3 channels do not go with the 4 channels of x; "
        "use one a channel, shape (4, 4, 3, 2)",
        id="the weight of a convolution, its first axes the other way round",
    ),
    pytest.param(
        (X, W, np.ones(3)),
        {"groups": 2},
        "bias: shape (3,) does not go with the 6 maps; use one number a map, shape (6,)",
        id="biases of one group only",
    ),
    pytest.param(
        (X, W, np.ones((3, 1))),
        {},
        "bias: expected the axes (K), got shape (3, 1); "
        "take a part of it, or merge axes with reshape",
        id="a bias with two axes",
    ),
]

PARAMETERS = [
    pytest.param(
        (X, W),
        {"groups": 3},
        "groups: 3 must divide the 4 channels of x; use 1 or 2 or 4",
        id="groups that do not divide",
    ),
    pytest.param(
        (X, W),
        {"groups": 0},
        "groups: 0 is too small, it must be at least 1; use 1 or more",
        id="no group",
    ),
    pytest.param(
        (X, W),
        {"stride": (1, 0)},
        "stride: 0 is too small, it must be at least 1; use 1 or more",
        id="stride 0",
    ),
    pytest.param(
        (X, W),
        {"dilation": 0},
        "dilation: 0 is too small, it must be at least 1; use 1 or more",
        id="dilation 0",
    ),
    pytest.param(
        (X, W),
        {"stride": 2.0},
        "stride: 2.0 is not an integer; use a whole number of at least 1",
        id="a float, even a whole one",
    ),
    pytest.param(
        (X, W),
        {"padding": -1},
        "padding: -1 is too small, it must be at least 0; use 0 or more",
        id="negative padding",
    ),
    pytest.param(
        (X, W),
        {"padding": "same"},
        "padding: 'same' is not an integer; use a whole number of at least 0",
        id="a padding by name",
    ),
    pytest.param(
        (X, W),
        {"padding": ((1, 0), (0, 0))},
        "padding: ((1, 0), (0, 0)) gives each side its own, but a transposed convolution cuts "
        "opposite sides alike; use one integer, or a pair (rows, columns)",
        id="a padding for each side",
    ),
    pytest.param(
        (X, W),
        {"padding": 2},
        "padding: 2 takes 4 rows off an output that has 4, and nothing is left; "
        "use a padding of 1 or less",
        id="padding that cuts the last row",
    ),
    pytest.param(
        (X, W),
        {"padding": (1, 5), "stride": (1, 2), "output_padding": (0, 1)},
        "padding: 5 takes 10 columns off an output that has 7, and nothing is left; "
        "use a padding of 3 or less",
        id="padding that cuts more columns than there are",
    ),
    pytest.param(
        (X, W),
        {"output_padding": 1},
        "output_padding: 1 is below neither the stride 1 nor the dilation 1 of the rows; use 0",
        id="output padding without a stride",
    ),
    pytest.param(
        (X, W),
        {"output_padding": (1, 3), "stride": (2, 3), "dilation": (1, 2)},
        "output_padding: 3 is below neither the stride 3 nor the dilation 2 of the columns; "
        "use 2 or less",
        id="output padding as large as the stride",
    ),
    pytest.param(
        (X, W),
        {"output_padding": -1},
        "output_padding: -1 is too small, it must be at least 0; use 0 or more",
        id="negative output padding",
    ),
    pytest.param(
        (X, W),
        {"output_padding": (0, 0, 0)},
        "output_padding: (0, 0, 0) has 3 entries; use one integer, or a pair (rows, columns)",
        id="three output paddings",
    ),
    pytest.param(
        (X, W.astype(np.float32)),
        {},
        "weight: float32 does not go with x, which is float64; "
        "convert one of them, e.g. with weight.astype(np.float64)",
        id="two types in one call",
    ),
    pytest.param(
        (X > 0, W),
        {},
        "x: numbers of type bool are not accepted, only float32 and float64; "
        "convert them with x.astype(np.float64)",
        id="truth values",
    ),
]


@pytest.mark.parametrize(("arrays", "options", "sentence"), SHAPES)
def test_shapes_that_do_not_go_together_are_refused(arrays, options, sentence):
    with pytest.raises(ShapeError) as refusal:
        conv_transpose2d(*arrays, **options)

    assert str(refusal.value) == sentence
    assert refusal.value.parameter == sentence.partition(":")[0]


@pytest.mark.parametrize(("arrays", "options", "sentence"), PARAMETERS)
def test_settings_outside_their_range_are_refused(arrays, options, sentence):
    with pytest.raises(ParameterError) as refusal:
        conv_transpose2d(*arrays, **options)

    assert str(refusal.value) == sentence
    assert refusal.value.parameter == sentence.partition(":")[0]


@pytest.mark.parametrize(
    ("arrays", "options", "sentence"),
    # Types aside: those are compared with the first array, which here is another one.
    [c for c in SHAPES + PARAMETERS if len(c.values[0]) == 2 and "convert" not in c.values[2]],
)
def test_backward_refuses_what_forward_refuses(arrays, options, sentence):
    with pytest.raises((ShapeError, ParameterError)) as refusal:
        conv_transpose2d_backward(X, *arrays, **options)

    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param((1, 3, 5, 6), id="without the output padding"),
        pytest.param((1, 3, 7, 6), id="rows and columns swapped"),
        pytest.param((1, 4, 6, 7), id="as many maps as channels"),
        pytest.param((1, 1, 1, 1), id="one number for all cells"),
        pytest.param((3, 6, 7), id="no axis for the images"),
    ],
)
def test_gradient_of_another_shape_than_the_output_is_refused(shape):
    with pytest.raises(ShapeError) as refusal:
        conv_transpose2d_backward(np.ones(shape), X, W, stride=2, output_padding=1)

    assert str(refusal.value) == (
        f"grad_output: shape {shape} is not the shape (1, 3, 6, 7) of the output; "
        "use one gradient for each output cell"
    )


COUNT = st.integers(-1, 4)


@settings(deadline=None, max_examples=300)
@given(
    size=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    taps=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    stride=st.tuples(st.integers(0, 3), st.integers(1, 3)),
    padding=COUNT | st.tuples(COUNT, COUNT) | st.just(((1, 1), (0, 0))),
    output_padding=COUNT | st.tuples(COUNT, COUNT),
    dilation=st.integers(0, 3),
    groups=st.integers(0, 6),
)
def test_a_remedy_mends_the_fault_that_it_is_offered_for(size, taps, groups, **options):
    options["groups"] = groups
    refusal = refused(size, taps, options)
    assume(refusal is not None)

    again = [refused(size, taps, options | dict(r.changes)) for r in refusal.remedies]

    assert again or refusal.parameter == "output_padding"
    assert all(str(other) != str(refusal) for other in again)
    # Cutting everything off is the last thing to be checked: with it mended, all is well.
    assert "nothing is left" not in str(refusal) or again == [None]


def refused(size, taps, options):
    try:
        conv_transpose2d(np.ones((1, 6, *size)), np.ones((6, 1, *taps)), **options)
    except ValueError as error:
        return error
    return None
