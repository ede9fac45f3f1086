"""Parts of presets: a part of a volume is the same numbers as the whole has there."""

from __future__ import annotations

import numpy as np
import pytest

from engine.hashed import pick_at
from engine.presets import FILTERS, INPUTS, filter_bank, input_cells, input_volume, some_filters

SHAPE = (5, 23, 17)
AT = ([4, 0, 2], [22, 3, 3, 0, 11], range(2, 17, 3))


@pytest.mark.parametrize("seed", [0, 7])
@pytest.mark.parametrize("name", INPUTS)
def test_cells_of_an_input_are_those_of_the_whole(name, seed):
    whole = input_volume(name, SHAPE, seed)

    np.testing.assert_array_equal(input_cells(name, SHAPE, AT, seed), whole[np.ix_(*AT)])


@pytest.mark.parametrize("name", FILTERS)
def test_some_filters_are_those_of_the_whole_bank(name):
    whole, divisor = filter_bank(name, (11, 2, 7, 5), seed=3)

    some, same = some_filters(name, (11, 2, 7, 5), [10, 0, 3], seed=3)

    np.testing.assert_array_equal(some, whole[[10, 0, 3]])
    assert same == divisor


def test_cells_of_a_volume_that_no_memory_holds_are_made():
    cells = input_cells("integers", (2**20, 2**20, 2**20), ([5, 2**20 - 1], [9], [7, 8, 2**19]))

    assert cells.shape == (2, 1, 3)


def test_no_indices_give_no_cells():
    assert pick_at(np.arange(3.0), ([], [1, 2]), 0).shape == (0, 2)
