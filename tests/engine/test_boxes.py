from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.boxes import cells, range_of, span


@pytest.mark.parametrize(
    ("part", "indices"),
    [
        pytest.param((3, 1, 1), [3], id="a single cell"),
        pytest.param((1, 3, 1), [1, 2, 3], id="neighbours"),
        pytest.param((1, 3, 2), [1, 3, 5], id="a dilation of 2 skips every other cell"),
        pytest.param((4, 3, -1), [4, 3, 2], id="a flipped kernel is read backwards"),
        pytest.param((5, 3, 0), [5, 5, 5], id="a replicated border repeats its cell"),
        pytest.param((5, 0, 1), [], id="no cell"),
    ],
)
def test_part_lists_its_indices_in_reading_order(part, indices):
    assert range_of(*part) == indices


def test_box_is_read_row_by_row():
    box = ((1, 2, 1), (5, 3, -2))

    assert cells(box) == [(1, 5), (1, 3), (1, 1), (2, 5), (2, 3), (2, 1)]


def test_box_of_a_scalar_is_one_cell_without_index():
    assert cells(()) == [()]


def test_box_with_an_empty_axis_has_no_cells():
    assert cells(((0, 2, 1), (0, 0, 1))) == []


def test_span_starts_where_its_loops_are_at_their_first_turn():
    assert span(4, count=2, step=3, row=5).at({"row": 0}) == (4, 2, 3)


def test_span_moves_with_every_loop_it_names_and_with_no_other():
    part = span(1, count=3, step=-1, row=10, column=2)

    assert part.at({"row": 3, "column": 4, "image": 100}) == (1 + 30 + 8, 3, -1)


def test_span_without_moves_stays():
    assert span().at({"row": 9}) == (0, 1, 1)


@given(
    start=st.integers(0, 4),
    count=st.integers(1, 4),
    step=st.integers(0, 3),
    rows=st.integers(1, 3),
)
def test_box_reads_an_array_as_a_slice_of_it_does(start, count, step, rows):
    values = np.arange(4 * 17).reshape(4, 17)

    read = [int(values[cell]) for cell in cells(((1, rows, 1), (start, count, step)))]

    columns = [start + step * k for k in range(count)]
    assert read == values[1 : 1 + rows][:, columns].ravel().tolist()
