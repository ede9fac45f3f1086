from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from app.fields import Number, Padding, Steps, array_of, split

STEPS, PADDING, NUMBER = map(TypeAdapter, (Steps, Padding, Number))


@pytest.mark.parametrize(
    ("value", "pair"),
    [
        pytest.param(2, (2, 2), id="one number for rows and columns"),
        pytest.param("2", (2, 2), id="as text"),
        pytest.param([2, 1], (2, 1), id="rows, columns"),
        pytest.param("2,1", (2, 1), id="both as text"),
        pytest.param(" 2 , 1 ", (2, 1), id="with spaces"),
        pytest.param(2.0, (2, 2), id="a whole number with a point"),
    ],
)
def test_stride_is_one_number_or_two(value, pair):
    assert STEPS.validate_python(value) == pair


@pytest.mark.parametrize("value", [0, 17, 1.5, "", "a", None, [], [1], [1, 2, 3], {}, "1,2,3"])
def test_what_is_no_stride_is_refused(value):
    with pytest.raises(ValidationError):
        STEPS.validate_python(value)


@pytest.mark.parametrize(
    ("value", "sides"),
    [
        pytest.param(1, ((1, 1), (1, 1)), id="one number for all sides"),
        pytest.param("1", ((1, 1), (1, 1)), id="as text"),
        pytest.param([1, 2], ((1, 1), (2, 2)), id="rows, columns"),
        pytest.param("1,2", ((1, 1), (2, 2)), id="both as text"),
        pytest.param([1, 2, 3, 4], ((1, 2), (3, 4)), id="top, bottom, left, right"),
        pytest.param("0,1,2,3", ((0, 1), (2, 3)), id="four as text"),
        pytest.param([[1, 2], [3, 4]], ((1, 2), (3, 4)), id="nested"),
        pytest.param([1, [3, 4]], ((1, 1), (3, 4)), id="nested on one axis"),
        pytest.param("same", "same", id="same"),
        pytest.param("valid", "valid", id="valid"),
    ],
)
def test_padding_is_read_in_every_form(value, sides):
    assert PADDING.validate_python(value) == sides


@pytest.mark.parametrize("value", [-1, 17, 0.5, "SAME", "", None, [1], [1, 2, 3], [[1], [2]], {}])
def test_what_is_no_padding_is_refused(value):
    with pytest.raises(ValidationError):
        PADDING.validate_python(value)


@given(st.integers(0, 16), st.integers(0, 16), st.integers(0, 16), st.integers(0, 16))
def test_sides_survive_the_way_through_json(top, bottom, left, right):
    sides = ((top, bottom), (left, right))

    assert PADDING.validate_json(PADDING.dump_json(sides)) == sides


@pytest.mark.parametrize(
    ("value", "parts"),
    [(3, [3, 3]), ("3", [3, 3]), ("3, 4", [3, 4]), ("a", ["a", "a"]), ([3], [3])],
)
def test_single_setting_is_repeated_and_a_list_left_alone(value, parts):
    assert split(value, 2) == parts


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e6 + 1, -1e6 - 1, "x", None])
def test_number_is_finite_and_not_too_large(value):
    with pytest.raises(ValidationError):
        NUMBER.validate_python(value)


@given(st.data(), st.lists(st.integers(1, 3), min_size=2, max_size=4))
def test_nested_lists_become_the_array_they_spell(data, shape):
    values = data.draw(st.lists(st.integers(-9, 9), min_size=math.prod(shape), max_size=99))
    expected = np.array(values[: math.prod(shape)], dtype=np.float64).reshape(shape)

    array = array_of("x", expected.tolist(), (2, 3, 4))

    np.testing.assert_array_equal(array, expected)
    assert array.dtype == np.float64


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        pytest.param(
            [[1, 2], [3]],
            "x: row 2 has 1 number where row 1 has 2 numbers; give every row as many",
            id="ragged",
        ),
        pytest.param(
            [[[1, 2], [1, 2]], [[1, 2]]],
            "x: part 2 has 1×2 numbers where part 1 has 2×2 numbers; give every part as many",
            id="ragged channels",
        ),
        pytest.param(
            [1, [2]],
            "x: row 2 has 1 number where row 1 is a bare number; give every row as many",
            id="numbers beside lists",
        ),
        pytest.param(
            [1, 2],
            "x: its lists are nested 1 deep; nest them 2, 3 or 4 deep, such as [[1, 2], [3, 4]]",
            id="flat",
        ),
        pytest.param([], "x: a list without numbers; give every row at least one", id="empty"),
        pytest.param([[]], "x: a list without numbers; give every row at least one", id="hollow"),
        pytest.param([["a"]], 'x: "a" is not a number; use numbers only', id="text"),
        pytest.param([[None]], "x: null is not a number; use numbers only", id="null"),
        pytest.param([[True]], "x: true is not a number; use numbers only", id="bool"),
        pytest.param(
            [[2_000_000]],
            "x: 2e+06 is out of range; use numbers from -1,000,000 to 1,000,000",
            id="too large",
        ),
        pytest.param(
            [[math.nan]],
            "x: nan is out of range; use numbers from -1,000,000 to 1,000,000",
            id="not a number",
        ),
    ],
)
def test_what_is_wrong_with_a_matrix_is_said(values, sentence):
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 (the sentence follows)
        array_of("x", values, (2, 3, 4))

    assert str(refusal.value) == sentence
