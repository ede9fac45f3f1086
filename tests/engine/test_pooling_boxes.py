"""Boxes that are made when asked for."""

from __future__ import annotations

import numpy as np
import pytest

from engine.pooling_boxes import BoxesOfCells


def test_boxes_made_when_asked_for_are_a_sequence_like_any_other():
    boxes = BoxesOfCells((2, 1, 2, 3), lambda cell: {"y": tuple((at, 1, 1) for at in cell)})

    made = [tuple(start for start, _, _ in box["y"]) for box in boxes]

    assert made == list(np.ndindex(2, 1, 2, 3))
    assert boxes[-1] == boxes[11]
    assert boxes[2:9:3] == [boxes[2], boxes[5], boxes[8]]
    with pytest.raises(IndexError):
        boxes[12]
