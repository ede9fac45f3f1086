"""Padding against NumPy's own, and the blocks that explain it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import ParameterError, pad2d
from engine.padding import source_index, trace_padding
from engine.trace import Trace

NUMPY_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}
SIDE = st.integers(0, 4)


@settings(deadline=None, max_examples=100)
@given(
    mode=st.sampled_from(list(NUMPY_MODES)),
    rows=st.tuples(SIDE, SIDE),
    columns=st.tuples(SIDE, SIDE),
    size=st.tuples(st.integers(5, 7), st.integers(5, 7)),
)
def test_padding_agrees_with_numpy_in_every_mode(mode, rows, columns, size):
    x = np.random.default_rng(sum(size)).normal(size=(2, 3, *size))

    padded = pad2d(x, (rows, columns), mode)

    expected = np.pad(x, [(0, 0), (0, 0), rows, columns], mode=NUMPY_MODES[mode])
    np.testing.assert_array_equal(padded, expected)


@settings(deadline=None, max_examples=60)
@given(
    mode=st.sampled_from(list(NUMPY_MODES)),
    rows=st.tuples(SIDE, SIDE),
    columns=st.tuples(SIDE, SIDE),
)
def test_blocks_copy_the_border_cell_by_cell(mode, rows, columns):
    x = np.random.default_rng(3).normal(size=(1, 2, 5, 6))
    padded, phase = trace_padding(x, (rows, columns), mode)
    source = replace(padded, name="x", values=x, fill=None, extends=None, offset=())
    trace = Trace("pad", [source, padded], [phase])

    replayed = trace.replay()["padded"]

    np.testing.assert_array_equal(replayed, pad2d(x, (rows, columns), mode))
    assert phase.steps <= 9


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("reflect", [2, 1, 0, 1, 2, 3, 2, 1]),
        ("replicate", [0, 0, 0, 1, 2, 3, 3, 3]),
        ("circular", [2, 3, 0, 1, 2, 3, 0, 1]),
    ],
)
def test_border_copies_these_cells_of_four(mode, expected):
    assert source_index(4, 2, 2, mode).tolist() == expected


def test_a_single_cell_can_be_replicated_any_number_of_times():
    padded = pad2d(np.array([[[[7.0]]]]), 3, "replicate")

    np.testing.assert_array_equal(padded, np.full((1, 1, 7, 7), 7.0))


def test_padding_by_nothing_is_a_copy(rng):
    x = rng.normal(size=(1, 1, 3, 5))

    assert not np.shares_memory(pad2d(x, 0), x)


@pytest.mark.parametrize("mode", list(NUMPY_MODES))
def test_type_is_kept(mode):
    assert pad2d(np.ones((1, 1, 3, 3), dtype=np.float32), 1, mode).dtype == np.float32


def test_same_is_refused_where_no_filter_is():
    with pytest.raises(ParameterError) as refusal:
        pad2d(np.ones((1, 1, 3, 3)), "same")

    assert str(refusal.value) == (
        'padding: "same" depends on a filter, and here is none; give the cells of each side'
    )
