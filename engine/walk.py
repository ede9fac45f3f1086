"""Where the boxes of a phase lie at all of its steps, found together."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

from engine.boxes import Box, Span, range_of
from engine.phases import Phase, Tensor
from engine.trace import offsets_of, strides_of

Indices = npt.NDArray[np.intp]


class Walk:
    """The cells that each step of a phase reads and writes, as places in the flattened tensors.

    Parameters
    ----------
    phase : Phase
        What is carried out.
    """

    def __init__(self, phase: Phase) -> None:
        self._phase = phase

    def rows(self, symbol: str, tensor: Tensor) -> list[list[int]]:
        """List the cells of a symbol's box at each step, in its reading order."""
        if not self._phase.boxes:
            rows: list[list[int]] = self.cells(symbol, tensor).tolist()
            return rows
        strides = strides_of(tensor.shape)
        return [_places(boxes[symbol], strides) for boxes in self._phase.boxes]

    def cells(self, symbol: str, tensor: Tensor) -> Indices:
        """Give the same of a phase whose boxes move by a rule: one row for each step."""
        spans = self._phase.bind[symbol]
        strides = strides_of(tensor.shape)
        first = np.zeros(self._phase.steps, dtype=np.intp)
        for span, stride in zip(spans, strides, strict=True):
            first += self._starts(span) * stride
        return np.add.outer(first, offsets_of(strides, tuple((s.count, s.step) for s in spans)))

    def _starts(self, span: Span) -> Indices | int:
        """Give the first cell along an axis, at every step."""
        moves = (by * self._turns[loop] for loop, by in span.moves.items())
        return sum(moves, span.start)

    @cached_property
    def _turns(self) -> dict[str, Indices]:
        """The index of each loop at every step."""
        loops = self._phase.loop
        indices = np.indices(tuple(loops.values()), dtype=np.intp)
        return {name: index.ravel() for name, index in zip(loops, indices, strict=True)}


def _places(box: Box, strides: tuple[int, ...]) -> list[int]:
    places = [0]
    for part, stride in zip(box, strides, strict=True):
        places = [place + at * stride for place in places for at in range_of(*part)]
    return places
