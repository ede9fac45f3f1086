"""What the gradients of a convolution are refused for: the exact sentences."""

from __future__ import annotations

import numpy as np
import pytest

from engine import ParameterError, ShapeError
from engine.conv2d_backward import conv2d_backward

G, X, W = np.ones((1, 2, 3, 4)), np.ones((1, 4, 5, 6)), np.ones((2, 4, 3, 3))
WRONG = "is not the shape (1, 2, 3, 4) of the output; use one gradient for each output cell"


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param((1, 2, 4, 3), id="rows and columns swapped"),
        pytest.param((1, 2, 1, 1), id="one number for all cells"),
        pytest.param((2, 2, 3, 4), id="another number of images"),
        pytest.param((1, 1, 3, 4), id="another number of maps"),
        pytest.param((2, 3, 4), id="no axis for the images"),
        pytest.param((1, 4, 5, 6), id="the shape of the input"),
        pytest.param((), id="a single number"),
    ],
)
def test_gradient_of_another_shape_than_the_output_is_refused(shape):
    with pytest.raises(ShapeError) as refusal:
        conv2d_backward(np.ones(shape), X, W)

    assert str(refusal.value) == f"grad_output: shape {shape} {WRONG}"
    assert refusal.value.parameter == "grad_output"


@pytest.mark.parametrize(
    ("arrays", "options", "sentence"),
    [
        pytest.param(
            (G, X, W[:, :2]),
            {},
            "weight: filters of depth 2 do not go with the 4 channels of x in 1 group; "
            "use filters of depth 4 or groups = 2",
            id="filters of another depth than the input",
        ),
        pytest.param(
            (G, X, W),
            {"dilation": 3},
            "weight: a 3x3 filter with dilation 3 spans 7x7 and does not fit into the padded input "
            "of 5x6; use padding >= 1, dilation 2 or a smaller filter",
            id="taps spread too far",
        ),
        pytest.param(
            (G, X, W),
            {"stride": 0},
            "stride: 0 is too small, it must be at least 1; use 1 or more",
            id="stride 0",
        ),
        pytest.param(
            (G, X, W),
            {"padding_mode": "mirror"},
            "padding_mode: 'mirror' is unknown; use zeros, reflect, replicate or circular",
            id="an unknown mode",
        ),
        pytest.param(
            (G, X.astype(np.float32), W),
            {},
            "x: float32 does not go with grad_output, which is float64; "
            "convert one of them, e.g. with x.astype(np.float64)",
            id="two types in one call",
        ),
        pytest.param(
            (G.astype(int), X, W),
            {},
            "grad_output: numbers of type int64 are not accepted, only float32 and float64; "
            "convert them with grad_output.astype(np.float64)",
            id="whole numbers for a gradient",
        ),
    ],
)
def test_what_the_forward_pass_refuses_is_refused(arrays, options, sentence):
    with pytest.raises((ShapeError, ParameterError)) as refusal:
        conv2d_backward(*arrays, **options)

    assert str(refusal.value) == sentence
    assert refusal.value.parameter == sentence.partition(":")[0]
