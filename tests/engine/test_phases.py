from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.boxes import cells, span
from engine.phases import Phase, Tensor


def phase(**settings):
    """Make a phase that copies cells of "x" to "y"."""
    given = {"title": "Copy", "formula": "y = x", "term": "x", "evaluate": lambda x: x}
    return Phase(**given, reads={"x": "x"}, writes="y", **settings)


def test_shape_of_a_tensor_is_that_of_its_values():
    tensor = Tensor(
        name="x", label="Input", role="input", axes=("row", "column"), values=np.zeros((3, 5))
    )

    assert tensor.shape == (3, 5)


def test_innermost_loop_turns_fastest():
    copy = phase(loop={"row": 2, "column": 3})

    turns = [copy.turn(n) for n in range(copy.steps)]

    assert [(turn["row"], turn["column"]) for turn in turns] == list(np.ndindex(2, 3))


def test_steps_of_a_regular_phase_are_the_turns_of_all_loops():
    assert phase(loop={"image": 2, "row": 3, "column": 5}).steps == 30


def test_steps_of_an_irregular_phase_are_its_boxes():
    boxes = [{"x": ((0, 1, 1),), "y": ((n, 1, 1),)} for n in range(4)]

    copy = phase(boxes=boxes)

    assert copy.steps == 4
    assert copy.boxes_at(2) == {"x": ((0, 1, 1),), "y": ((2, 1, 1),)}


def test_every_symbol_has_a_box_at_every_step():
    bind = {"x": [span(count=3, column=2)], "y": [span(column=1)]}

    boxes = phase(loop={"column": 4}, bind=bind).boxes_at(3)

    assert boxes == {"x": ((6, 3, 1),), "y": ((3, 1, 1),)}


def test_scalar_has_the_empty_box():
    boxes = phase(loop={"once": 1}, bind={"x": (), "y": ()}).boxes_at(0)

    assert boxes == {"x": (), "y": ()}


def test_terms_are_made_of_everything_read_but_the_extra():
    multiply = Phase(
        title="Multiply",
        formula="",
        term="",
        evaluate=lambda w, x: w * x,
        reads={"w": "weight", "b": "bias", "x": "x"},
        writes="y",
        extra=("b",),
    )

    assert multiply.factors == ("w", "x")


@given(
    turns=st.permutations(["group", "filter", "row"]).flatmap(
        lambda names: st.fixed_dictionaries({name: st.integers(1, 4) for name in names})
    ),
    start=st.integers(0, 3),
    stride=st.integers(1, 3),
    data=st.data(),
)
def test_the_step_that_writes_a_cell_is_found_for_every_cell(turns, start, stride, data):
    spans = [span(group=turns["filter"], filter=1), span(start, row=stride)]
    copy = phase(loop=turns, bind={"y": spans})
    step = data.draw(st.integers(0, copy.steps - 1))
    (cell,) = cells(copy.boxes_at(step)["y"])

    assert copy.turn_writing(cell) == step


def test_cell_inside_a_written_block_leads_to_the_step_of_the_block():
    copy = phase(loop={"block": 3}, bind={"y": [span(count=4, block=4)]})

    assert [copy.turn_writing((at,)) for at in (0, 3, 4, 11)] == [0, 0, 1, 2]


BLOCKS = [{"y": ((2, 2, 1), (0, 3, 1))}, {"y": ((0, 2, 1), (1, 1, 1))}]


@pytest.mark.parametrize(("cell", "step"), [((3, 2), 0), ((0, 1), 1)])
def test_the_step_of_an_irregular_phase_that_writes_a_cell_is_found(cell, step):
    assert phase(boxes=BLOCKS).turn_writing(cell) == step


def test_cell_that_no_step_writes_is_not_found():
    with pytest.raises(LookupError, match=r"no step writes the cell \(0, 0\)"):
        phase(boxes=BLOCKS).turn_writing((0, 0))
