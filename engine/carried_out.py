"""A trace that is carried out once, in order, with more digits than it shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

import numpy as np

from engine.phases import Phase, Step, Tensor
from engine.precise import Arithmetic, Precise
from engine.trace import Outcome, Trace
from engine.walk import Walk


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

    def __init__(self, trace: Trace, *, constants: Iterable[float] = ()) -> None:
        written = {phase.writes for phase in trace.phases}
        tensors = {
            name: replace(tensor, values=np.full(tensor.shape, tensor.fill or 0.0))
            if name in written
            else tensor
            for name, tensor in trace.tensors.items()
        }
        super().__init__(trace.op, list(tensors.values()), trace.phases, trace.formula)
        given = {name: tensor.values.ravel().tolist() for name, tensor in tensors.items()}
        self.arithmetic = Arithmetic(chain(constants, *given.values()))
        self._numbers: dict[str, list[Any]] = {
            name: list(map(self.arithmetic.number, values)) for name, values in given.items()
        }
        self._made: list[list[Outcome]] = [[] for _ in self.phases]
        cells = [_cells(phase, tensors) for phase in self.phases]
        for group, steps in self.stretches:
            for turn in range(steps):
                for index in group:
                    self._carry_on(index, turn, cells[index])
        for name in written:
            shown = [float(number) for number in self._numbers[name]]
            self.tensors[name].values[...] = np.reshape(shown, tensors[name].shape)

    def _carry_on(
        self, index: int, turn: int, cells: Mapping[str, Sequence[Sequence[int]]]
    ) -> None:
        """Carry out the next step of a phase, and write what it gives."""
        phase = self.phases[index]
        made = self._outcome_at(phase, turn, cells)
        self._made[index].append(made)
        numbers = self._numbers[phase.writes]
        for cell, result in zip(cells[phase.writes][turn], made.results, strict=True):
            numbers[cell] = numbers[cell] + result if phase.adds else result

    def _outcome_at(
        self, phase: Phase, turn: int, cells: Mapping[str, Sequence[Sequence[int]]]
    ) -> Outcome:
        def read(symbol: str) -> list[Any]:
            numbers = self._numbers[phase.reads[symbol]]
            return [numbers[cell] for cell in cells[symbol][turn]]

        once = [read(symbol)[0] for symbol in phase.extra]
        return self.outcome(phase, list(map(read, phase.factors)), once, self.parts_of(phase, turn))

    def step(self, phase: int, turn: int) -> Step:
        """Give a step as it was carried out, in order, each number rounded once."""
        made = _shown(self._made[phase][turn])
        bind = self.phases[phase].boxes_at(turn)
        return Step(phase=phase, turn=turn, bind=bind, **made._asdict())

    def outcomes(self, phase: int) -> list[Outcome]:
        """Give the numbers of all steps of a phase, each rounded once."""
        return list(map(_shown, self._made[phase]))

    def numbers(self, tensor: str) -> list[Precise]:
        """Give the values of a tensor, not rounded."""
        return list(self._numbers[tensor])

    def results(self, phase: int) -> list[Precise]:
        """Give what the steps of a phase write, one after the other, not rounded."""
        return [result for made in self._made[phase] for result in made.results]

    def results_of(self, phase: Phase) -> list[Precise]:
        """Carry out a phase that is not one of the trace, and give what its steps would write."""
        cells = _cells(phase, self.tensors)
        made = [self._outcome_at(phase, turn, cells) for turn in range(phase.steps)]
        return [result for one in made for result in one.results]

    def _running(self, terms: Sequence[Any]) -> list[Any]:
        return self.arithmetic.running_sums(terms)


def _cells(phase: Phase, tensors: Mapping[str, Tensor]) -> dict[str, Sequence[Sequence[int]]]:
    """List, for each symbol of a phase, the cells it stands for at every step."""
    walk = Walk(phase)
    tensor_of = {**phase.reads, phase.writes: phase.writes}
    return {symbol: walk.rows(symbol, tensors[name]) for symbol, name in tensor_of.items()}


def _shown(made: Outcome) -> Outcome:
    """Round the numbers of a step."""
    terms = tuple(map(float, made.terms))
    running = tuple(map(float, made.running))
    each = made.results is made.terms
    return Outcome(
        terms,
        running,
        tuple(map(float, made.partial)),
        results=terms if each else running[-1:],
        pick=made.pick,
        cancels=made.cancels and any(terms),
    )
