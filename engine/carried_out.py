"""A trace that is carried out once, in order, with more digits than it shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

import numpy as np

from engine.boxes import Box, cells
from engine.phases import Phase, Step
from engine.precise import Arithmetic, Precise
from engine.trace import Trace


class CarriedOut(Trace):
    """A trace whose steps read what the steps before them wrote, not the fast operation's values.

    All of it is computed in the arithmetic of `engine.precise`, and only what is shown is rounded,
    once each. So a sum is 0 where its terms cancel, however they came about, and a small number
    has all its digits.

    Parameters
    ----------
    trace : Trace
        A small one, of sums, means and single terms that `Precise` numbers can be put into.
    constants : iterable of float
        Numbers in its formulas that are given, as the eps of batch norm.
    """

    carried_out = True

    def __init__(self, trace: Trace, *, constants: Iterable[float] = ()) -> None:
        written = {phase.writes for phase in trace.phases}
        tensors = {
            name: replace(tensor, values=np.full(tensor.shape, tensor.fill or 0.0))
            if name in written
            else tensor
            for name, tensor in trace.tensors.items()
        }
        super().__init__(trace.op, list(tensors.values()), trace.phases, trace.formula)
        given = [tensor.values.ravel() for tensor in tensors.values()]
        self.arithmetic = Arithmetic(chain(constants, *given))
        take = np.vectorize(self.arithmetic.number, otypes=[object])
        self._numbers = {name: take(tensor.values) for name, tensor in tensors.items()}
        self._made: dict[tuple[int, int], Step] = {}
        self._results: dict[int, list[Any]] = {}
        for step in self:
            self._results.setdefault(step.phase, []).extend(step.results)
            self._made[step.phase, step.turn] = _shown(step)
            phase = self.phases[step.phase]
            numbers = self._numbers[phase.writes]
            for cell, result in zip(cells(step.bind[phase.writes]), step.results, strict=True):
                numbers[cell] = numbers[cell] + result if phase.adds else result
        for name in written:
            self.tensors[name].values[...] = self._numbers[name].astype(np.float64)

    def step(self, phase: int, turn: int) -> Step:
        """Give a step as it was carried out, in order."""
        made = self._made.get((phase, turn))
        return super().step(phase, turn) if made is None else made

    def numbers(self, tensor: str) -> list[Precise]:
        """Give the values of a tensor, not rounded."""
        return list(self._numbers[tensor].ravel())

    def results(self, phase: int) -> list[Precise]:
        """Give what the steps of a phase write, one after the other, not rounded."""
        return list(self._results[phase])

    def results_of(self, phase: Phase) -> list[Precise]:
        """Carry out a phase that is not one of the trace, and give what its steps would write."""
        results: list[Any] = []
        for turn in range(phase.steps):
            results += self._carry_out(phase, len(self.phases), turn).results
        return results

    def _operands(self, tensor: str, box: Box) -> list[Any]:
        return self._take(self._numbers[tensor], box)

    def _running(self, terms: Sequence[Any]) -> list[Any]:
        return self.arithmetic.running_sums(terms)


def _shown(step: Step) -> Step:
    """Round the numbers of a step."""
    terms, running, partial, results = (
        tuple(map(float, numbers))
        for numbers in (step.terms, step.running, step.partial, step.results)
    )
    return Step(
        phase=step.phase,
        turn=step.turn,
        bind=step.bind,
        terms=terms,
        running=running,
        partial=partial,
        results=results,
        pick=step.pick,
        cancels=step.cancels and any(terms),
    )
