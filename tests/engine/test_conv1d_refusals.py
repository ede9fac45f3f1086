"""What conv1d refuses: the exact sentences, in words for signals, and ways out that lead out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine import ParameterError, ShapeError
from engine.conv1d import conv1d, conv1d_backward

X, W = np.ones((1, 4, 5)), np.ones((2, 4, 3))
ONE = np.ones((1, 1, 1))

SHAPES = [
    pytest.param(
        (X[0], W),
        {},
        "x: expected the axes (N, C, L), got shape (4, 5); "
        "add axes of length 1, e.g. with np.expand_dims",
        id="a signal without a batch axis",
    ),
    pytest.param(
        (X[:, :, None], W),
        {},
        "x: expected the axes (N, C, L), got shape (1, 4, 1, 5); "
        "take a part of it, or merge axes with reshape",
        id="a picture",
    ),
    pytest.param(
        (X[..., :0], W),
        {},
        "x: shape (1, 4, 0) has nothing along L; "
        "every axis of (N, C, L) needs a length of at least 1",
        id="an empty signal",
    ),
    pytest.param(
        (X, W[0]),
        {},
        "weight: expected the axes (K, C/groups, F), got shape (4, 3); "
        "add axes of length 1, e.g. with np.expand_dims",
        id="a single filter without its axis",
    ),
    pytest.param(
        (X, W[..., :0]),
        {},
        "weight: shape (2, 4, 0) has nothing along F; "
        "every axis of (K, C/groups, F) needs a length of at least 1",
        id="a filter without taps",
    ),
    pytest.param(
        (X, W[:, :2]),
        {},
        "weight: filters of depth 2 do not go with the 4 channels of x in 1 group; "
        "use filters of depth 4 or groups = 2",
        id="filters of another depth than the input",
    ),
    pytest.param(
        (X, W, np.ones(3)),
        {},
        "bias: shape (3,) does not go with the 2 filters; use one number a filter, shape (2,)",
        id="more biases than filters",
    ),
    pytest.param(
        (X, W, np.ones((2, 1))),
        {},
        "bias: expected the axes (K), got shape (2, 1); "
        "take a part of it, or merge axes with reshape",
        id="a bias with two axes",
    ),
    pytest.param(
        (np.ones((1, 1, 5)), np.ones((1, 1, 7))),
        {},
        "weight: a filter of 7 does not fit into the padded input of 5; "
        "use padding >= 1 or a smaller filter",
        id="a filter longer than the signal",
    ),
    pytest.param(
        (np.ones((1, 1, 5)), np.ones((1, 1, 3))),
        {"dilation": 3},
        "weight: a filter of 3 with dilation 3 spans 7 and does not fit into the padded input "
        "of 5; use padding >= 1, dilation 2 or a smaller filter",
        id="taps spread too far",
    ),
    pytest.param(
        (np.ones((1, 1, 2)), np.ones((1, 1, 7))),
        {"padding_mode": "reflect"},
        "weight: a filter of 7 does not fit into the padded input of 2; use a smaller filter",
        id="a filter that no mirrored border can make fit",
    ),
]

PARAMETERS = [
    pytest.param(
        (X, W),
        {"stride": (0,)},
        "stride: 0 is too small, it must be at least 1; use 1 or more",
        id="stride 0",
    ),
    pytest.param(
        (X, W),
        {"stride": (1, 2)},
        "stride: (1, 2) has 2 entries, but a signal has one axis; use one integer",
        id="a stride for rows and columns",
    ),
    pytest.param(
        (X, W),
        {"dilation": ()},
        "dilation: () has 0 entries, but a signal has one axis; use one integer",
        id="no dilation at all",
    ),
    pytest.param(
        (X, W),
        {"dilation": 1.0},
        "dilation: 1.0 is not an integer; use a whole number of at least 1",
        id="a float, even a whole one",
    ),
    pytest.param(
        (X, W),
        {"padding": (0, -1)},
        "padding: -1 is too small, it must be at least 0; use 0 or more",
        id="a negative padding on the right",
    ),
    pytest.param(
        (X, W),
        {"padding": (1, 2, 3)},
        "padding: (1, 2, 3) is neither one number nor one for each end; "
        "use an integer, or a pair (left, right)",
        id="three paddings",
    ),
    pytest.param(
        (X, W),
        {"padding": ((0, 0), (1, 1))},
        "padding: ((0, 0), (1, 1)) is neither one number nor one for each end; "
        "use an integer, or a pair (left, right)",
        id="the padding of a picture",
    ),
    pytest.param(
        (X, W),
        {"padding": "full"},
        'padding: \'full\' is unknown; use "valid", "same" or a number of cells',
        id="a padding by another name",
    ),
    pytest.param(
        (X, W),
        {"padding": "same", "stride": 2},
        'padding: "same" keeps the length, which needs stride 1, but the stride is 2; '
        "use stride 1 or give the padding in cells",
        id="same with a stride",
    ),
    pytest.param(
        (X, W),
        {"padding": 5, "padding_mode": "reflect"},
        "padding: 5 is too much for reflect padding of an input of length 5, it can be at most 4, "
        "since the edge itself is not repeated; use a padding of 4 or less, "
        "or padding_mode='replicate'",
        id="a mirrored border as wide as the signal",
    ),
    pytest.param(
        (X, W),
        {"padding": (6, 0), "padding_mode": "circular"},
        "padding: 6 is too much for circular padding of an input of length 5, it can be at most 5; "
        "use a padding of 5 or less, or padding_mode='replicate'",
        id="a border that wraps more than once",
    ),
    pytest.param(
        (X, W),
        {"padding_mode": "replicat"},
        "padding_mode: 'replicat' is unknown; use zeros, reflect, replicate or circular; "
        "did you mean 'replicate'?",
        id="a misspelt mode",
    ),
    pytest.param(
        (X, W),
        {"groups": 3},
        "groups: 3 must divide both the 4 channels of x and the 2 filters; use 1 or 2",
        id="groups that do not divide",
    ),
    pytest.param(
        (X, W),
        {"groups": None},
        "groups: None is not an integer; use a whole number of at least 1",
        id="no number of groups",
    ),
    pytest.param(
        (X.astype(np.int64), W),
        {},
        "x: numbers of type int64 are not accepted, only float32 and float64; "
        "convert them with x.astype(np.float64)",
        id="integers",
    ),
    pytest.param(
        (X, W, np.ones(2, dtype=np.float32)),
        {},
        "bias: float32 does not go with x, which is float64; "
        "convert one of them, e.g. with bias.astype(np.float64)",
        id="two types in one call",
    ),
]


@pytest.mark.parametrize(("arrays", "options", "sentence"), SHAPES)
def test_shapes_that_do_not_go_together_are_refused(arrays, options, sentence):
    with pytest.raises(ShapeError) as refusal:
        conv1d(*arrays, **options)

    assert str(refusal.value) == sentence
    assert refusal.value.parameter == sentence.partition(":")[0]


@pytest.mark.parametrize(("arrays", "options", "sentence"), PARAMETERS)
def test_settings_outside_their_range_are_refused(arrays, options, sentence):
    with pytest.raises(ParameterError) as refusal:
        conv1d(*arrays, **options)

    assert str(refusal.value) == sentence
    assert refusal.value.parameter == sentence.partition(":")[0]


@pytest.mark.parametrize(
    ("arrays", "options", "sentence"),
    [case for case in SHAPES + PARAMETERS if len(case.values[0]) == 2],
)
def test_backward_refuses_what_forward_refuses(arrays, options, sentence):
    kind = arrays[0].dtype if arrays[0].dtype.kind == "f" else float

    with pytest.raises((ShapeError, ParameterError)) as refusal:
        conv1d_backward(ONE.astype(kind), *arrays, **options)

    assert str(refusal.value) == sentence


@pytest.mark.parametrize("shape", [(1, 2, 4), (1, 1, 3), (2, 2, 3), (2, 3), (1, 2, 1, 3)])
def test_gradient_of_another_shape_than_the_output_is_refused(shape):
    with pytest.raises(ShapeError) as refusal:
        conv1d_backward(np.ones(shape), X, W)

    assert str(refusal.value) == (
        f"grad_output: shape {shape} is not the shape (1, 2, 3) of the output; "
        "use one gradient for each output cell"
    )


@settings(deadline=None, max_examples=300)
@given(
    length=st.integers(1, 6),
    taps=st.integers(1, 7),
    dilation=st.integers(0, 3),
    padding=st.integers(-1, 7) | st.sampled_from(["same", "fill", (1, 2, 3), ((1, 2), 3)]),
    stride=st.integers(0, 2) | st.just((2, 2)),
    mode=st.sampled_from(["zeros", "reflect", "replicate", "circular", "circlar"]),
)
def test_a_remedy_mends_the_fault_that_it_is_offered_for(
    length, taps, dilation, padding, stride, mode
):
    options = {"dilation": dilation, "padding": padding, "stride": stride, "padding_mode": mode}
    refusal = refused(length, taps, options)
    assume(refusal is not None)

    again = [refused(*healed(length, taps, options, r.changes)) for r in refusal.remedies]

    assert again
    assert all(str(other) != str(refusal) for other in again)
    # A filter that does not fit is the last thing to be checked: with it mended, all is well.
    assert refusal.parameter != "weight" or again == [None] * len(again)


def healed(length, taps, options, changes):
    taps = changes.get("filter_width", taps)
    return length, taps, options | {k: v for k, v in changes.items() if k in options}


def refused(length, taps, options):
    try:
        conv1d(np.ones((1, 1, length)), np.ones((1, 1, taps)), **options)
    except ValueError as error:
        return error
    return None
