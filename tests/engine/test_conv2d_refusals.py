"""What conv2d refuses: the exact sentences, and ways out that do lead out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine import ParameterError, ShapeError, conv2d

X, W = np.ones((1, 4, 5, 6)), np.ones((2, 4, 3, 3))

SHAPES = [
    pytest.param(
        (X[0], W),
        {},
        "x: expected the axes (N, C, H, W), got shape (4, 5, 6); "
        "add axes of length 1, e.g. with np.expand_dims",
        id="an input without a batch axis",
    ),
    pytest.param(
        (X[None], W),
        {},
        "x: expected the axes (N, C, H, W), got shape (1, 1, 4, 5, 6); "
        "take a part of it, or merge axes with reshape",
        id="an axis too many",
    ),
    pytest.param(
        (X[:0], W),
        {},
        "x: shape (0, 4, 5, 6) has nothing along N; "
        "every axis of (N, C, H, W) needs a length of at least 1",
        id="an empty batch",
    ),
    pytest.param(
        (X, W[:0]),
        {},
        "weight: shape (0, 4, 3, 3) has nothing along K; "
        "every axis of (K, C/groups, Fh, Fw) needs a length of at least 1",
        id="no filter",
    ),
    pytest.param(
        (X, W[:, :2]),
        {},
        "weight: filters of depth 2 do not go with the 4 channels of x in 1 group; "
        "use filters of depth 4 or groups = 2",
        id="filters of another depth than the input",
    ),
    pytest.param(
        (X, W),
        {"groups": 2},
        "weight: filters of depth 4 do not go with the 4 channels of x in 2 groups; "
        "use filters of depth 2 or groups = 1",
        id="filters too deep for their group",
    ),
    pytest.param(
        (X, W, np.ones(3)),
        {},
        "bias: shape (3,) does not go with the 2 filters; use one number a filter, shape (2,)",
        id="more biases than filters",
    ),
    pytest.param(
        (X, W, np.ones((1, 2))),
        {},
        "bias: expected the axes (K), got shape (1, 2); "
        "take a part of it, or merge axes with reshape",
        id="a bias with two axes",
    ),
    pytest.param(
        (np.ones((1, 1, 5, 5)), np.ones((1, 1, 7, 7))),
        {},
        "weight: a 7x7 filter does not fit into the padded input of 5x5; "
        "use padding >= 1 or a smaller filter",
        id="a filter larger than the input",
    ),
    pytest.param(
        (np.ones((1, 1, 5, 5)), np.ones((1, 1, 3, 3))),
        {"dilation": 3},
        "weight: a 3x3 filter with dilation 3 spans 7x7 and does not fit into the padded input "
        "of 5x5; use padding >= 1, dilation 2 or a smaller filter",
        id="taps spread too far",
    ),
    pytest.param(
        (np.ones((1, 1, 2, 2)), np.ones((1, 1, 7, 2))),
        {"padding_mode": "reflect"},
        "weight: a 7x2 filter does not fit into the padded input of 2x2; use a smaller filter",
        id="a filter that no mirrored border can make fit",
    ),
]

PARAMETERS = [
    pytest.param(
        (X, W),
        {"stride": 0},
        "stride: 0 is too small, it must be at least 1; use 1 or more",
        id="stride 0",
    ),
    pytest.param(
        (X, W),
        {"stride": (1, -2)},
        "stride: -2 is too small, it must be at least 1; use 1 or more",
        id="a negative stride along columns",
    ),
    pytest.param(
        (X, W),
        {"stride": 2.0},
        "stride: 2.0 is not an integer; use a whole number of at least 1",
        id="a float, even a whole one",
    ),
    pytest.param(
        (X, W),
        {"dilation": True},
        "dilation: True is not an integer; use a whole number of at least 1",
        id="a bool",
    ),
    pytest.param(
        (X, W),
        {"stride": (1, 2, 3)},
        "stride: (1, 2, 3) has 3 entries; use one integer, or a pair (rows, columns)",
        id="three strides",
    ),
    pytest.param(
        (X, W),
        {"padding": -1},
        "padding: -1 is too small, it must be at least 0; use 0 or more",
        id="negative padding",
    ),
    pytest.param(
        (X, W),
        {"padding": ((1, 2), 1)},
        "padding: ((1, 2), 1) is not one pair for the rows and one for the columns; "
        "use ((top, bottom), (left, right))",
        id="padding half by side",
    ),
    pytest.param(
        (X, W),
        {"padding": "full"},
        'padding: \'full\' is unknown; use "valid", "same" or a number of cells',
        id="a padding by another name",
    ),
    pytest.param(
        (X, W),
        {"padding": "same", "stride": (2, 1)},
        'padding: "same" keeps the size, which needs stride 1, but the stride is 2 for rows and '
        "1 for columns; use stride 1 or give the padding in cells",
        id="same with a stride",
    ),
    pytest.param(
        (X, W),
        {"padding": 5, "padding_mode": "reflect"},
        "padding: 5 is too much for reflect padding of an input with 5 rows, it can be at most "
        "4, since the edge itself is not repeated; use a padding of 4 or less, "
        "or padding_mode='replicate'",
        id="a mirrored border as wide as the input",
    ),
    pytest.param(
        (X, W),
        {"padding": (0, 7), "padding_mode": "circular"},
        "padding: 7 is too much for circular padding of an input with 6 columns, it can be at "
        "most 6; use a padding of 6 or less, or padding_mode='replicate'",
        id="a border that wraps more than once",
    ),
    pytest.param(
        (X, W),
        {"padding_mode": "reflct"},
        "padding_mode: 'reflct' is unknown; use zeros, reflect, replicate or circular; "
        "did you mean 'reflect'?",
        id="a misspelt mode",
    ),
    pytest.param(
        (X, W),
        {"groups": 3},
        "groups: 3 must divide both the 4 channels of x and the 2 filters; use 1 or 2",
        id="groups that do not divide",
    ),
    pytest.param(
        (X.tolist(), W),
        {},
        "x: expected a NumPy array, got list; convert it with np.array(x, dtype=np.float64)",
        id="a list",
    ),
    pytest.param(
        (X.astype(np.int64), W),
        {},
        "x: numbers of type int64 are not accepted, only float32 and float64; "
        "convert them with x.astype(np.float64)",
        id="integers",
    ),
    pytest.param(
        (X, W > 0),
        {},
        "weight: numbers of type bool are not accepted, only float32 and float64; "
        "convert them with weight.astype(np.float64)",
        id="truth values",
    ),
    pytest.param(
        (X.astype(np.float32), W),
        {},
        "weight: float64 does not go with x, which is float32; "
        "convert one of them, e.g. with weight.astype(np.float32)",
        id="two types in one call",
    ),
]


@pytest.mark.parametrize(("arrays", "options", "sentence"), SHAPES)
def test_shapes_that_do_not_go_together_are_refused(arrays, options, sentence):
    with pytest.raises(ShapeError) as refusal:
        conv2d(*arrays, **options)

    assert str(refusal.value) == sentence
    assert refusal.value.parameter == sentence.partition(":")[0]


@pytest.mark.parametrize(("arrays", "options", "sentence"), PARAMETERS)
def test_settings_outside_their_range_are_refused(arrays, options, sentence):
    with pytest.raises(ParameterError) as refusal:
        conv2d(*arrays, **options)

    assert str(refusal.value) == sentence
    assert refusal.value.parameter == sentence.partition(":")[0]


def test_refusals_are_value_errors():
    assert issubclass(ShapeError, ValueError)
    assert issubclass(ParameterError, ValueError)


def healed(size, taps, options, changes):
    """Apply a remedy to sizes and options."""
    size = (changes.get("input_height", size[0]), changes.get("input_width", size[1]))
    taps = (changes.get("filter_height", taps[0]), changes.get("filter_width", taps[1]))
    return size, taps, options | {k: v for k, v in changes.items() if k in options}


SMALL = st.integers(1, 6)


@settings(deadline=None, max_examples=300)
@given(
    size=st.tuples(SMALL, SMALL),
    taps=st.tuples(SMALL, SMALL),
    dilation=st.tuples(st.integers(0, 3), st.integers(1, 3)),
    padding=st.integers(-1, 7) | st.sampled_from(["same", "fill"]),
    stride=st.integers(0, 2),
    mode=st.sampled_from(["zeros", "reflect", "replicate", "circular", "circlar"]),
)
def test_a_remedy_mends_the_fault_that_it_is_offered_for(
    size, taps, dilation, padding, stride, mode
):
    options = {"dilation": dilation, "padding": padding, "stride": stride, "padding_mode": mode}
    refusal = refused(size, taps, options)
    assume(refusal is not None)

    again = [refused(*healed(size, taps, options, r.changes)) for r in refusal.remedies]

    assert all(str(other) != str(refusal) for other in again)
    # A filter that does not fit is the last thing to be checked: with it mended, all is well.
    assert refusal.parameter != "weight" or again == [None] * len(again)


def refused(size, taps, options):
    try:
        conv2d(np.ones((1, 1, *size)), np.ones((1, 1, *taps)), **options)
    except ValueError as error:
        return error
    return None
