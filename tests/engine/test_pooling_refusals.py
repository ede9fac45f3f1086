"""What the poolings refuse: the exact sentences, and ways out that do lead out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.errors import EngineError, ParameterError, Remedy, ShapeError
from engine.pooling import avg_pool2d, max_pool2d
from engine.pooling_backward import avg_pool2d_backward, max_pool2d_backward
from engine.pooling_backward_trace import trace_avg_pool2d_backward, trace_max_pool2d_backward
from engine.pooling_trace import trace_avg_pool2d, trace_max_pool2d

X = np.ones((1, 2, 5, 6))
POOLINGS = [
    pytest.param(max_pool2d, id="max"),
    pytest.param(avg_pool2d, id="average"),
    pytest.param(trace_max_pool2d, id="trace of max"),
    pytest.param(trace_avg_pool2d, id="trace of average"),
]
BACKWARD = [
    pytest.param(max_pool2d_backward, id="max"),
    pytest.param(avg_pool2d_backward, id="average"),
    pytest.param(trace_max_pool2d_backward, id="trace of max"),
    pytest.param(trace_avg_pool2d_backward, id="trace of average"),
]

SHAPES = [
    pytest.param(
        (X[0], 2),
        {},
        "x: expected the axes (N, C, H, W), got shape (2, 5, 6); "
        "add axes of length 1, e.g. with np.expand_dims",
        id="an input without a batch axis",
    ),
    pytest.param(
        (X[:, :0], 2),
        {},
        "x: shape (1, 0, 5, 6) has nothing along C; "
        "every axis of (N, C, H, W) needs a length of at least 1",
        id="no channel",
    ),
    pytest.param(
        (X, 7),
        {},
        "kernel_size: a 7x7 window does not fit into the padded input of 5x6; "
        "use padding >= 1, ceil_mode=True or a smaller window",
        id="a window larger than the input",
    ),
    pytest.param(
        (X, (8, 3)),
        {"stride": 2},
        "kernel_size: a 8x3 window does not fit into the padded input of 5x6; use a smaller window",
        id="a window that no border and no rounding makes fit",
    ),
    pytest.param(
        (X, 9),
        {"stride": 4, "ceil_mode": True},
        "kernel_size: a 9x9 window does not fit into the padded input of 5x6; "
        "use padding >= 1 or a smaller window",
        id="a window that does not even fit when rounded up",
    ),
]
PARAMETERS = [
    pytest.param(
        (X, 0),
        {},
        "kernel_size: 0 is too small, it must be at least 1; use 1 or more",
        id="an empty window",
    ),
    pytest.param(
        (X, (2, 2.0)),
        {},
        "kernel_size: 2.0 is not an integer; use a whole number of at least 1",
        id="a float, even a whole one",
    ),
    pytest.param(
        (X, True),
        {},
        "kernel_size: True is not an integer; use a whole number of at least 1",
        id="a bool",
    ),
    pytest.param(
        (X, (2, 2, 2)),
        {},
        "kernel_size: (2, 2, 2) has 3 entries; use one integer, or a pair (rows, columns)",
        id="three sides",
    ),
    pytest.param(
        (X, 2),
        {"stride": (1, 0)},
        "stride: 0 is too small, it must be at least 1; use 1 or more",
        id="stride 0",
    ),
    pytest.param(
        (X, 2),
        {"padding": -1},
        "padding: -1 is too small, it must be at least 0; use 0 or more",
        id="negative padding",
    ),
    pytest.param(
        (X, 3),
        {"padding": 2},
        "padding: 2 is more than half of a window of 3 rows; use at most 1, or a larger window",
        id="a border in which a window can get lost",
    ),
    pytest.param(
        (X, (4, 1)),
        {"padding": (2, 1)},
        "padding: 1 is more than half of a window of 1 column; use at most 0, or a larger window",
        id="too wide a border for columns only",
    ),
    pytest.param(
        (X, 2),
        {"padding": "same"},
        "padding: 'same' is not an integer; use a whole number of at least 0",
        id="a padding by name",
    ),
    pytest.param(
        (X, 2),
        {"padding": ((0, 1), (0, 1))},
        "padding: (0, 1) is not an integer; use a whole number of at least 0",
        id="sides that differ",
    ),
    pytest.param(
        (X, 2),
        {"ceil_mode": 1},
        "ceil_mode: 1 is neither True nor False; use one of them",
        id="a number for a switch",
    ),
    pytest.param(
        (X.tolist(), 2),
        {},
        "x: expected a NumPy array, got list; convert it with np.array(x, dtype=np.float64)",
        id="a list",
    ),
    pytest.param(
        (X > 0, 2),
        {},
        "x: numbers of type bool are not accepted, only float32 and float64; "
        "convert them with x.astype(np.float64)",
        id="truth values",
    ),
]


@pytest.mark.parametrize("pool", POOLINGS)
@pytest.mark.parametrize(("arguments", "options", "sentence"), SHAPES)
def test_shapes_that_do_not_go_together_are_refused(pool, arguments, options, sentence):
    with pytest.raises(ShapeError) as refusal:
        pool(*arguments, **options)

    assert str(refusal.value) == sentence
    assert refusal.value.parameter == sentence.partition(":")[0]


@pytest.mark.parametrize("pool", POOLINGS)
@pytest.mark.parametrize(("arguments", "options", "sentence"), PARAMETERS)
def test_settings_outside_their_range_are_refused(pool, arguments, options, sentence):
    with pytest.raises(ParameterError) as refusal:
        pool(*arguments, **options)

    assert str(refusal.value) == sentence
    assert refusal.value.parameter == sentence.partition(":")[0]


@pytest.mark.parametrize("backward", BACKWARD)
@pytest.mark.parametrize(("arguments", "options", "sentence"), PARAMETERS[:-2])
def test_gradients_refuse_what_poolings_refuse(backward, arguments, options, sentence):
    with pytest.raises(ParameterError) as refusal:
        backward(X, *arguments, **options)

    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        pytest.param(
            lambda: max_pool2d(X, 2, dilation=0),
            "dilation: 0 is too small, it must be at least 1; use 1 or more",
            id="dilation 0",
        ),
        pytest.param(
            lambda: max_pool2d(X, 3, dilation=3),
            "kernel_size: a 3x3 window with dilation 3 spans 7x7 and does not fit into the padded "
            "input of 5x6; use padding >= 1, dilation 2, ceil_mode=True or a smaller window",
            id="cells spread too far",
        ),
        pytest.param(
            lambda: avg_pool2d(X, 2, count_include_pad=None),
            "count_include_pad: None is neither True nor False; use one of them",
            id="nothing for a switch",
        ),
        pytest.param(
            lambda: trace_max_pool2d(X[:, :, :2], (2, 1), padding=(1, 0), dilation=(3, 1)),
            "dilation: with 3, a window has no row in the input, only in the padding, so there is "
            "no largest cell to show; use 1 or a larger input",
            id="nothing to show",
        ),
    ],
)
def test_settings_of_one_operation_are_refused_outside_their_range(call, sentence):
    with pytest.raises(EngineError) as refusal:
        call()

    assert str(refusal.value) == sentence


@pytest.mark.parametrize("backward", BACKWARD)
@pytest.mark.parametrize("shape", [(1, 2, 2, 2), (1, 2, 3, 2), (2, 2, 2, 3), (2, 2, 3)])
def test_gradient_of_another_shape_than_the_output_is_refused(backward, shape):
    with pytest.raises(ShapeError) as refusal:
        backward(np.ones(shape), X, 2)

    assert str(refusal.value) == (
        f"grad_output: shape {shape} is not the shape (1, 2, 2, 3) of the output; "
        "use one gradient for each output cell"
    )


@pytest.mark.parametrize("backward", BACKWARD)
def test_gradient_of_another_type_than_the_input_is_refused(backward):
    with pytest.raises(ParameterError) as refusal:
        backward(np.ones((1, 2, 2, 3), np.float32), X, 2)

    assert str(refusal.value) == (
        "x: float64 does not go with grad_output, which is float32; "
        "convert one of them, e.g. with x.astype(np.float32)"
    )


PAIR = st.tuples(st.integers(1, 9), st.integers(1, 9))


@settings(deadline=None, max_examples=200)
@given(
    size=PAIR,
    kernel_size=st.integers(0, 8) | PAIR,
    stride=st.none() | st.integers(0, 4),
    padding=st.integers(-1, 5),
    dilation=st.integers(0, 4),
    ceil_mode=st.booleans(),
)
def test_a_remedy_mends_the_fault_that_it_is_offered_for(size, **options):
    refusal = refused(size, options)
    assume(refusal is not None)

    again = [refused(size, options | dict(remedy.changes)) for remedy in refusal.remedies]

    assert all(str(other) != str(refusal) for other in again)
    # A window that does not fit is the last thing to be checked: with it mended, all is well.
    assert "does not fit" not in str(refusal) or again == [None] * len(again)


@pytest.mark.parametrize(
    ("size", "options", "least"),
    [
        pytest.param((5, 6), {"kernel_size": 7}, 1, id="one cell on each side"),
        pytest.param((4, 9), {"kernel_size": 9}, 3, id="the shorter side decides"),
        pytest.param((5, 6), {"kernel_size": 6, "dilation": 2}, 3, id="holes count"),
        pytest.param(
            (5, 6), {"kernel_size": 9, "stride": 2, "ceil_mode": True}, 2, id="rounding helps"
        ),
    ],
)
def test_padding_that_is_proposed_is_the_least_that_mends(size, options, least):
    refusal = refused(size, options)

    assert Remedy(f"P = {least}", {"padding": least}) in refusal.remedies
    assert "does not fit" in str(refused(size, options | {"padding": least - 1}))


def refused(size, options):
    try:
        max_pool2d(np.ones((1, 1, *size)), **options)
    except EngineError as error:
        return error
    return None
