"""Receptive fields: the arithmetic, known networks, and what gradients really reach."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine import ParameterError, ShapeError, conv2d
from engine.conv2d_backward import conv2d_backward
from engine.receptive_field import Field, Layer, Seen, receptive_field, seen, stack_sizes

POOL, VGG_POOL, SAME = Layer(3, stride=2), Layer(2, stride=2), Layer(3, padding=1)
ALEXNET = [Layer(11, stride=4), POOL, Layer(5, padding=2), POOL, SAME, SAME, SAME, POOL]
VGG16 = [layer for depth in (2, 2, 3, 3, 3) for layer in [*[SAME] * depth, VGG_POOL]]

CELLS = st.integers(0, 3)
STACKS = st.lists(
    st.builds(
        Layer,
        kernel_size=st.integers(1, 4),
        stride=st.integers(1, 3),
        padding=CELLS | st.tuples(CELLS, CELLS),
        dilation=st.integers(1, 3),
    ),
    max_size=4,
)


def options(layer):
    return {
        "stride": (1, layer.stride),
        "padding": ((0, 0), layer.sides),
        "dilation": (1, layer.dilation),
    }


def reached_by_gradient(layers, position, size):
    """Find the input cells that a gradient at one output cell comes back to."""
    weights = [np.ones((1, 1, 1, layer.kernel_size)) for layer in layers]
    values = [np.ones((1, 1, 1, size))]
    for layer, weight in zip(layers, weights, strict=True):
        values.append(conv2d(values[-1], weight, **options(layer)))
    grad = np.zeros(values[-1].shape)
    grad[..., position] = 1
    for layer, weight, x in reversed(list(zip(layers, weights, values, strict=False))):
        grad = conv2d_backward(grad, x, weight, **options(layer)).input
    return tuple(np.flatnonzero(grad).tolist()), values[-1].shape[3]


@settings(deadline=None, max_examples=150)
@given(layers=STACKS, size=st.integers(1, 30), place=st.integers(0, 10**6))
def test_a_cell_sees_exactly_the_cells_that_its_gradient_reaches(layers, size, place):
    fitting = all(e >= 1 for e in room(layers, size))
    assume(fitting)
    sizes = stack_sizes(layers, size)
    position = place % sizes[-1]

    cells, length = reached_by_gradient(layers, position, size)

    assert (seen(layers, position, size).cells, sizes[-1]) == (cells, length)


def room(layers, size):
    """Walk through the sizes, by the lecture's formula, without asking whether they fit."""
    for layer in layers:
        size = (size + sum(layer.sides) - layer.dilation * (layer.kernel_size - 1) - 1) // (
            layer.stride
        ) + 1
        yield size


@settings(deadline=None, max_examples=100)
@given(layers=STACKS, position=st.integers(0, 5))
def test_without_borders_a_field_spans_exactly_what_is_seen(layers, position):
    bare = [Layer(layer.kernel_size, layer.stride, 0, layer.dilation) for layer in layers]
    fields = receptive_field(bare)
    assume(fields)

    view = seen(bare, position, 2000)

    assert (view.cells[0], view.cells[-1]) == fields[-1].at(position)
    assert view.padding == ()


@settings(deadline=None, max_examples=100)
@given(layers=STACKS, place=st.integers(0, 100), size=st.integers(30, 60))
def test_all_that_is_seen_lies_in_the_field(layers, place, size):
    assume(layers and all(e >= 1 for e in room(layers, size)))
    position = place % stack_sizes(layers, size)[-1]

    view = seen(layers, position, size)

    first, last = receptive_field(layers)[-1].at(position)
    before, after = layers[0].sides
    assert all(first <= cell <= last for cell in view.cells + view.padding)
    assert all(0 <= cell < size for cell in view.cells)
    assert all(-before <= cell < 0 or size <= cell < size + after for cell in view.padding)


def test_fields_of_alexnet_grow_from_11_to_195():
    fields = receptive_field(ALEXNET)

    assert [field.size for field in fields] == [11, 19, 51, 67, 99, 131, 163, 195]
    assert [field.jump for field in fields] == [4, 8, 8, 16, 16, 16, 16, 32]
    assert stack_sizes(ALEXNET, 227) == (227, 55, 27, 27, 13, 13, 13, 13, 6)


def test_field_of_vgg16_is_212_pixels_and_jumps_by_32():
    fields = receptive_field(VGG16)

    assert [fields[at].size for at in (0, 1, 2, 16, 17)] == [3, 5, 6, 196, 212]
    assert (fields[-1].jump, fields[-1].offset) == (32, -90)
    assert stack_sizes(VGG16, 224)[-1] == 7


def test_two_layers_of_3_see_as_far_as_one_of_5():
    assert receptive_field([Layer(3), Layer(3)])[-1] == receptive_field([Layer(5)])[-1]


def test_doubling_dilations_double_the_field():
    fields = receptive_field([Layer(3, dilation=2**n) for n in range(5)])

    assert [field.size for field in fields] == [3, 7, 15, 31, 63]


def test_equal_dilations_leave_holes_that_nothing_sees():
    layers = [Layer(3, dilation=2), Layer(3, dilation=2)]

    assert receptive_field(layers)[-1] == Field(size=9, jump=1, offset=0)
    assert seen(layers, 1, 20).cells == (1, 3, 5, 7, 9)


def test_centre_of_same_padding_is_the_cell_itself():
    assert [field.centre for field in receptive_field([SAME, SAME])] == [0.0, 0.0]
    assert receptive_field([VGG_POOL])[0].centre == 0.5


def test_padding_is_seen_before_and_after_the_input():
    layer = Layer(3, stride=2, padding=(2, 1))

    assert seen([layer], 0, 4) == Seen(cells=(0,), padding=(-2, -1))
    assert seen([layer], 2, 4) == Seen(cells=(2, 3), padding=(4,))


def test_zeros_that_a_later_layer_adds_depend_on_no_input():
    layers = [Layer(3), Layer(3, padding=1)]

    assert receptive_field(layers)[-1].at(0) == (-1, 3)
    assert seen(layers, 0, 9) == Seen(cells=(0, 1, 2, 3), padding=())
    assert seen(layers[1:], 0, 7) == Seen(cells=(0, 1), padding=(-1,))


def test_no_layers_see_the_cell_itself():
    assert receptive_field([]) == ()
    assert seen([], 3, 5) == Seen(cells=(3,), padding=())


def test_numpy_integers_become_python_integers():
    layer = Layer(np.int64(3), np.int32(2), (np.int64(1), 0))

    assert repr(layer) == "Layer(kernel_size=3, stride=2, padding=(1, 0), dilation=1)"


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (
            {"kernel_size": 0},
            "kernel_size: 0 is too small, it must be at least 1; use 1 or more",
        ),
        (
            {"kernel_size": 3, "stride": 1.5},
            "stride: 1.5 is not an integer; use a whole number of at least 1",
        ),
        (
            {"kernel_size": 3, "padding": -1},
            "padding: -1 is too small, it must be at least 0; use 0 or more",
        ),
        (
            {"kernel_size": 3, "padding": (1, 2, 3)},
            "padding: (1, 2, 3) has 3 entries; use one integer, or a pair (before, after)",
        ),
        (
            {"kernel_size": 3, "dilation": True},
            "dilation: True is not an integer; use a whole number of at least 1",
        ),
    ],
)
def test_layers_that_cannot_be_are_refused(settings, sentence):
    with pytest.raises(ParameterError) as refusal:
        Layer(**settings)

    assert str(refusal.value) == sentence
    assert refusal.value.parameter == sentence.partition(":")[0]


@pytest.mark.parametrize(
    ("arguments", "kind", "sentence"),
    [
        (
            ([Layer(3)], 5, 7),
            ParameterError,
            "position: 5 lies outside the output of 5 cells; use 0 to 4",
        ),
        (
            ([Layer(3)], -1, 7),
            ParameterError,
            "position: -1 is too small, it must be at least 0; use 0 or more",
        ),
        (
            ([3], 0, 7),
            ParameterError,
            "layers: 3 is not a layer; use Layer(kernel_size, stride, padding, dilation)",
        ),
        (
            ([Layer(3)], 0, 0),
            ParameterError,
            "size: 0 is too small, it must be at least 1; use 1 or more",
        ),
        (
            ([Layer(3, stride=2), Layer(4, padding=(1, 0))], 0, 5),
            ShapeError,
            "size: an input of 5 leaves 2 cells before layer 2, whose window of 4 does not fit "
            "with padding 1 and 0; use an input of at least 7 or more padding",
        ),
    ],
)
def test_what_no_cell_can_see_is_refused(arguments, kind, sentence):
    with pytest.raises(kind) as refusal:
        seen(*arguments)

    assert str(refusal.value) == sentence


@settings(deadline=None, max_examples=100)
@given(layers=STACKS, size=st.integers(1, 12))
def test_the_proposed_input_is_the_smallest_that_fits(layers, size):
    assume(any(e < 1 for e in room(layers, size)))

    with pytest.raises(ShapeError) as refusal:
        stack_sizes(layers, size)

    number = int(str(refusal.value).partition("before layer ")[2].partition(",")[0])
    least = int(str(refusal.value).partition("at least ")[2].partition(" ")[0])
    assert stack_sizes(layers[:number], least)[-1] == 1
    assert any(e < 1 for e in room(layers[:number], least - 1))
