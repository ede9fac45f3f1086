"""Boxes: regular sets of cells of a tensor, and how they move from step to step.

A box has one (start, count, step) for each axis and is read row by row. A step of 2 is a
dilation, -1 a flipped kernel, 0 one cell read again and again (a replicated border).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

Box = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class Span:
    """How the boxes of a phase lie along one axis, and how they move with its loops."""

    start: int
    count: int
    step: int
    moves: Mapping[str, int]

    def at(self, loop: Mapping[str, int]) -> tuple[int, int, int]:
        """Give the [start, count, step] of the box at one turn of the loops."""
        shift = sum(by * loop[name] for name, by in self.moves.items())
        return self.start + shift, self.count, self.step


def span(start: int = 0, *, count: int = 1, step: int = 1, **moves: int) -> Span:
    """Describe a box along one axis: ``span(count=3, step=2, row=2)`` moves by 2 a row.

    Parameters
    ----------
    start : int
        First cell when every loop is at its first turn.
    count : int
        Number of cells.
    step : int
        From one cell to the next: 2 for a dilation of 2, -1 for a flipped kernel, 0 for a
        cell read again and again (replicated border).
    **moves : int
        How far the start moves a turn of the loop of that name.

    Returns
    -------
    Span

    Examples
    --------
    >>> span(1, count=3, step=-1, column=2).at({"column": 4})
    (9, 3, -1)
    """
    return Span(start, count, step, moves)


def cells(box: Box) -> list[tuple[int, ...]]:
    """List the cells of a box row by row.

    Examples
    --------
    >>> cells(((1, 2, 1), (0, 2, 2)))
    [(1, 0), (1, 2), (2, 0), (2, 2)]
    """
    return list(product(*(range_of(*part) for part in box)))


def range_of(start: int, count: int, step: int) -> list[int]:
    """List the indices start, start + step, ... along one axis; a step of 0 repeats the start."""
    return [start + step * k for k in range(count)]
