"""Where the boxes of a phase lie at all of its steps, found together."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import prod

import numpy as np
import numpy.typing as npt

from engine.boxes import Box, range_of
from engine.phases import Phase, Tensor
from engine.trace import offsets_of, strides_of

Indices = npt.NDArray[np.intp]


# (start, count, step, moves by loop) along one axis, and the loops with their turns.
_Rule = tuple[int, int, int, tuple[tuple[str, int], ...]]
_Loops = tuple[tuple[str, int], ...]

# Up to so many cells, where boxes lie is kept for the next trace of the same sizes.
_KEPT_CELLS = 2048


class Walk:
    """The cells that each step of a phase reads and writes, as places in the flattened tensors.

    Parameters
    ----------
    phase : Phase
        What is carried out.
    """

    def __init__(self, phase: Phase) -> None:
        self._phase = phase
        self._loops = tuple(phase.loop.items())

    def rows(self, symbol: str, tensor: Tensor) -> Sequence[Sequence[int]]:
        """List the cells of a symbol's box at each step, in its reading order."""
        phase = self._phase
        strides = strides_of(tensor.shape)
        if phase.boxes:
            return [_places(boxes[symbol], strides) for boxes in phase.boxes]
        rules = self._rules(symbol)
        many = phase.steps * prod(count for _, count, _, _ in rules) > _KEPT_CELLS
        return (_rows if many else _kept_rows)(self._loops, rules, strides)

    def cells(self, symbol: str, tensor: Tensor) -> Indices:
        """Give the same of a phase whose boxes move by a rule: one row for each step."""
        return _cells(self._loops, self._rules(symbol), strides_of(tensor.shape))

    def _rules(self, symbol: str) -> tuple[_Rule, ...]:
        spans = self._phase.bind[symbol]
        return tuple((s.start, s.count, s.step, tuple(s.moves.items())) for s in spans)


def _cells(loops: _Loops, rules: Sequence[_Rule], strides: tuple[int, ...]) -> Indices:
    sizes = tuple(turns for _, turns in loops)
    indices = np.indices(sizes, dtype=np.intp).reshape(len(sizes), prod(sizes))
    turns = {name: index for (name, _), index in zip(loops, indices, strict=True)}
    first = np.zeros(prod(sizes), dtype=np.intp)
    for (start, _, _, moves), stride in zip(rules, strides, strict=True):
        first += start * stride
        for loop, by in moves:
            first += by * stride * turns[loop]
    pattern = tuple((count, step) for _, count, step, _ in rules)
    return np.add.outer(first, offsets_of(strides, pattern))


def _rows(
    loops: _Loops, rules: tuple[_Rule, ...], strides: tuple[int, ...]
) -> tuple[tuple[int, ...], ...]:
    return tuple(map(tuple, _cells(loops, rules, strides).tolist()))


_kept_rows = lru_cache(maxsize=512)(_rows)


def _places(box: Box, strides: tuple[int, ...]) -> list[int]:
    places = [0]
    for part, stride in zip(box, strides, strict=True):
        places = [place + at * stride for place in places for at in range_of(*part)]
    return places
