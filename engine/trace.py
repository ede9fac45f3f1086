"""The mechanism of an explanation: steps that bind the symbols of a formula to cells of tensors.

An operation is told twice in this package: as a fast function on arrays, and as a
:class:`Trace`, its naive definition played cell by cell. A trace has tensors, phases (one
formula each) and a lazy sequence of steps. Every step says which box of cells each symbol of
its phase's formula stands for, computes the terms one scalar at a time, adds them in the
order shown and gives the result. What lights up, what moves and what is written follow from
these bindings alone; the mechanism knows no operation and no colour.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import Any, NamedTuple, overload

import numpy as np
import numpy.typing as npt

from engine.boxes import Box, range_of
from engine.phases import Phase, Step, Tensor, Values
from engine.rounding import Shares, is_rounding, running_sums


class Outcome(NamedTuple):
    """The numbers of a step, as in `Step`, before they have a place."""

    terms: tuple[Any, ...]
    running: tuple[Any, ...] = ()
    partial: tuple[Any, ...] = ()
    results: tuple[Any, ...] = ()
    pick: int | None = None
    cancels: bool = False


class Trace(Sequence[Step]):
    r"""The steps of an operation, made one at a time when asked for.

    Parameters
    ----------
    op : str
        The operation's name.
    tensors : sequence of Tensor
        What is read and written.
    phases : sequence of Phase
        What happens, in order; phases of one group advance together.
    formula : str, optional
        LaTeX of the whole in one line, its symbols named by tensors, where there is one.

    Examples
    --------
    >>> from engine.boxes import span
    >>> x = np.array([1.0, 2.0, 4.0])
    >>> trace = Trace(
    ...     "total",
    ...     [
    ...         Tensor(name="x", label="Batch", role="input", axes=("sample",), values=x),
    ...         Tensor(name="t", label="Total", role="output", axes=(), values=x.sum()),
    ...     ],
    ...     [
    ...         Phase(
    ...             title="Add",
    ...             formula=r"\sym{t}{t} = \sum_i \sym{x}{x_i}",
    ...             term=r"\sym{x}{x_i}",
    ...             evaluate=lambda x: x,
    ...             reads={"x": "x"},
    ...             writes="t",
    ...             loop={"once": 1},
    ...             bind={"x": [span(count=3)], "t": []},
    ...         )
    ...     ],
    ... )
    >>> trace[0].running
    (1.0, 3.0, 7.0)
    """

    def __init__(
        self, op: str, tensors: Sequence[Tensor], phases: Sequence[Phase], formula: str = ""
    ) -> None:
        self.op = op
        self.formula = formula
        self.tensors = {tensor.name: tensor for tensor in tensors}
        self.phases = tuple(phases)
        # Where the cells of a box lie from its first one: the same at every step of a phase.
        self._offsets: dict[object, npt.NDArray[np.intp]] = {}

    @cached_property
    def stretches(self) -> tuple[tuple[tuple[int, ...], int], ...]:
        """The phases that advance together, with the steps of each, in order."""
        together: list[list[int]] = []
        for index, phase in enumerate(self.phases):
            last = self.phases[together[-1][0]] if together else None
            if phase.group is not None and last is not None and last.group == phase.group:
                together[-1].append(index)
            else:
                together.append([index])
        return tuple((tuple(group), self.phases[group[0]].steps) for group in together)

    def __len__(self) -> int:
        return sum(len(group) * steps for group, steps in self.stretches)

    @overload
    def __getitem__(self, index: int) -> Step: ...
    @overload
    def __getitem__(self, index: slice) -> list[Step]: ...
    def __getitem__(self, index: int | slice) -> Step | list[Step]:
        if isinstance(index, slice):
            return [self[n] for n in range(*index.indices(len(self)))]
        position = index + len(self) if index < 0 else index
        if not 0 <= position < len(self):
            raise IndexError(f"step {index} of a trace of {len(self)} steps")
        for group, steps in self.stretches:
            if position < len(group) * steps:
                turn, member = divmod(position, len(group))
                return self.step(group[member], turn)
            position -= len(group) * steps
        raise AssertionError("unreachable")

    def __iter__(self) -> Iterator[Step]:
        for group, steps in self.stretches:
            for turn in range(steps):
                yield from (self.step(phase, turn) for phase in group)

    def step(self, phase: int, turn: int) -> Step:
        """Carry out one step of one phase.

        Parameters
        ----------
        phase, turn : int
            Index of the phase, and of the step within it.

        Returns
        -------
        Step
        """
        return self._carry_out(self.phases[phase], phase, turn)

    def _carry_out(self, rule: Phase, phase: int, turn: int) -> Step:
        bind = rule.boxes_at(turn)
        made = self.outcome(
            rule,
            [self.read(rule.reads[symbol], bind[symbol]) for symbol in rule.factors],
            [self.read(rule.reads[symbol], bind[symbol])[0] for symbol in rule.extra],
            self.parts_of(rule, turn),
        )
        return Step(phase=phase, turn=turn, bind=bind, **made._asdict())

    def outcome(
        self, rule: Phase, read: Sequence[list[Any]], once: Sequence[Any], parts: int
    ) -> Outcome:
        """Compute a step from the numbers that its factors and what is added once stand for."""
        count = max(map(len, read))
        columns = [values * count if len(values) == 1 else values for values in read]
        # Adding zero turns a negative zero, which nobody writes, into zero.
        terms = tuple(rule.evaluate(*numbers) + 0.0 for numbers in zip(*columns, strict=True))
        if rule.combine == "each":
            return Outcome(terms, results=terms)
        if rule.combine == "max":
            pick = _first_maximum(terms)
            so_far = tuple(accumulate(terms, _larger))
            return Outcome(terms, so_far, results=(terms[pick],), pick=pick)
        running = self._running(terms)
        if rule.cancels and math.isfinite(running[-1]):
            running[-1] = 0.0
        divisor = float(len(terms)) if rule.combine == "mean" else rule.divisor
        if divisor != 1.0:
            running.append(running[-1] / divisor)
        for number, added in enumerate(once, 1):
            size = sum(map(abs, terms)) / divisor + abs(added)
            total = running[-1] + added
            running.append(0.0 if is_rounding(total, size, len(terms) + number) else total)
        return Outcome(
            terms,
            tuple(running),
            self._partial(terms, parts),
            results=(running[-1],),
            cancels=not running[-1] and any(terms),
        )

    def _running(self, terms: Sequence[Any]) -> list[Any]:
        """Add up terms in their order."""
        return running_sums(terms)

    def read(self, tensor: str, box: Box) -> list[float]:
        """Read the cells of a box row by row, as Python floats."""
        values = self.tensors[tensor].values
        if not box:
            return [values.item()]
        strides = strides_of(values.shape)
        pattern = (strides, tuple((count, step) for _, count, step in box))
        offsets = self._offsets.get(pattern)
        if offsets is None:
            offsets = self._offsets[pattern] = offsets_of(*pattern)
        first = sum(start * stride for (start, _, _), stride in zip(box, strides, strict=True))
        numbers: list[float] = values.ravel().take(offsets + first).tolist()
        return numbers

    def parts_of(self, rule: Phase, turn: int) -> int:
        """Count the partial sums of a step, one for each cell along the axis that has subtotals."""
        if rule.subtotals is None:
            return 1
        symbol = rule.factors[0]
        axis = self.tensors[rule.reads[symbol]].axes.index(rule.subtotals)
        return rule.boxes[turn][symbol][axis][1] if rule.boxes else rule.bind[symbol][axis].count

    def _partial(self, terms: tuple[Any, ...], parts: int) -> tuple[Any, ...]:
        if parts == 1:
            return ()
        size = len(terms) // parts
        return tuple(
            total
            for first in range(0, len(terms), size)
            for total in self._running(terms[first : first + size])
        )

    def replay(self) -> dict[str, Values]:
        """Carry out every step, in order, on empty tensors.

        Returns
        -------
        dict of str to array
            Each tensor as the steps leave it: inputs as given, NaN where nothing was written.
            One test over all operations demands the fast operation's arrays here.
        """
        added = {phase.writes for phase in self.phases if phase.adds}
        shares = {name: Shares(self.tensors[name].shape) for name in added}
        state = {name: tensor.values for name, tensor in self.tensors.items()}
        for name in {phase.writes for phase in self.phases}:
            fill = self.tensors[name].fill
            state[name] = np.full(state[name].shape, np.nan if fill is None else fill, np.float64)
        for step in self:
            rule = self.phases[step.phase]
            box = step.bind[rule.writes]
            where = np.ix_(*(range_of(*part) for part in box)) if box else ()
            results = np.reshape(step.results, tuple(count for _, count, _ in box))
            if rule.adds:
                shares[rule.writes].add(where, results)
            else:
                state[rule.writes][where] = results
        return state | {name: share.values for name, share in shares.items()}


def _larger(so_far: float, term: float) -> float:
    """Keep the larger, the earlier of equal ones, and a NaN before all."""
    return so_far if so_far >= term or so_far != so_far else term


def _first_maximum(terms: Sequence[float]) -> int:
    """Find the term that wins: a NaN before all, else the first of the largest."""
    for index, term in enumerate(terms):
        if term != term:
            return index
    return max(range(len(terms)), key=terms.__getitem__)


@lru_cache(maxsize=256)
def strides_of(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Give the distance of neighbouring cells along each axis of a flattened array."""
    return tuple(math.prod(shape[axis + 1 :]) for axis in range(len(shape)))


def offsets_of(
    strides: tuple[int, ...], pattern: tuple[tuple[int, int], ...]
) -> npt.NDArray[np.intp]:
    """List how far each cell of a box lies behind its first one, in the flattened array."""
    offsets = np.zeros(1, dtype=np.intp)
    for stride, (count, step) in zip(strides, pattern, strict=True):
        offsets = np.add.outer(offsets, np.arange(count) * step * stride).ravel()
    return offsets
