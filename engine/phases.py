"""What a trace is made of: tensors, phases with a formula each, and steps with their numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from engine.boxes import Box, Span, range_of

Values = npt.NDArray[np.float64]
Role = Literal["input", "weight", "output", "intermediate", "gradient"]
Combine = Literal["sum", "mean", "max", "each"]


@dataclass(frozen=True, kw_only=True)
class Tensor:
    """A named array of a trace.

    Attributes
    ----------
    name : str
        What phases call it.
    label : str
        What people call it ("Input").
    role : Role
        Its part in the computation; how a role looks is no concern of the engine.
    axes : tuple of str
        One name an axis ("channel", "row", "column"); empty for a scalar.
    values : array
        The finished values, float64, as the fast operation gives them.
    fill : float, optional
        The value of a cell before any step writes it (the zeros of zero padding). Without
        one, a cell that is not yet written is empty.
    extends : str, optional
        The tensor that this one contains unchanged (a padded input extends the input): one picture.
    offset : tuple of int
        Where the first cell of the extended tensor lies in this one.
    spacing : tuple of int
        From one cell of the extended tensor to the next in this one, along each axis; empty where
        they lie side by side.
    gradient_of : str, optional
        The tensor whose gradient this is.
    measures : tuple of (str, str), optional
        For a scalar: the tensor and the axis of it that the scalar counts.
    """

    name: str
    label: str
    role: Role
    axes: tuple[str, ...]
    values: Values
    fill: float | None = None
    extends: str | None = None
    offset: tuple[int, ...] = ()
    spacing: tuple[int, ...] = ()
    gradient_of: str | None = None
    measures: tuple[str, str] | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of cells along each axis."""
        return self.values.shape


@dataclass(frozen=True, kw_only=True)
class Phase:
    r"""One formula, and the steps that carry it out.

    Attributes
    ----------
    title : str
        What happens, in a few words.
    formula, term : str
        LaTeX of the whole and of one of its terms. A symbol that stands for cells is written
        ``\sym{name}{typeset}``, e.g. ``\sym{w}{w_{u,v}} \cdot \sym{x}{x_{i+u,j+v}}``; its names
        are those of `reads` and `writes`.
    evaluate : callable
        The term in numbers, called with the values of the symbols of `reads` that are not in
        `extra`, in the order of `reads`.
    reads : mapping of str to str
        Symbol to tensor.
    writes : str
        The tensor written; also the symbol of its box.
    loop : mapping of str to int
        Turns of each loop, outermost first; a step is one turn of the innermost.
    bind : mapping of str to sequence of Span
        One span an axis, for each symbol: the boxes of a phase that moves regularly.
    boxes : sequence of mappings of str to Box
        The boxes of a phase that does not; then `loop` and `bind` are empty.
    combine : {"sum", "mean", "max", "each"}
        How terms become the result; "each" writes every term to its own cell.
    divisor : float
        The sum is divided by it before `extra` is added: the 9 of a box blur.
    adds : bool
        Whether results add to the cells written instead of replacing them.
    cancels : bool
        Whether the terms add up to zero in exact arithmetic, whatever the numbers: so their sum
        is zero.
    subtotals : str, optional
        An axis of the first tensor read: one partial sum for each cell along it.
    extra : tuple of str
        Symbols of single cells added once, after the terms: the bias.
    group : str, optional
        Phases of one group advance together, step by step.
    setup : bool
        Whether the phase is carried out before the play begins.
    """

    title: str
    formula: str
    term: str
    evaluate: Callable[..., float]
    reads: Mapping[str, str]
    writes: str
    loop: Mapping[str, int] = field(default_factory=dict)
    bind: Mapping[str, Sequence[Span]] = field(default_factory=dict)
    boxes: Sequence[Mapping[str, Box]] = ()
    combine: Combine = "sum"
    divisor: float = 1.0
    adds: bool = False
    cancels: bool = False
    subtotals: str | None = None
    extra: tuple[str, ...] = ()
    group: str | None = None
    setup: bool = False

    @property
    def steps(self) -> int:
        """The number of steps."""
        return len(self.boxes) if self.boxes else math.prod(self.loop.values())

    @property
    def factors(self) -> tuple[str, ...]:
        """The symbols that make up a term."""
        return tuple(symbol for symbol in self.reads if symbol not in self.extra)

    def turn(self, n: int) -> dict[str, int]:
        """Give the index of every loop at step `n`, the innermost fastest."""
        index: dict[str, int] = {}
        for name, turns in reversed(list(self.loop.items())):
            n, index[name] = divmod(n, turns)
        return index

    def boxes_at(self, n: int) -> Mapping[str, Box]:
        """Give the box of every symbol at step `n` (the `bind(n)` of the phase)."""
        if self.boxes:
            return self.boxes[n]
        turn = self.turn(n)
        return {
            symbol: tuple(part.at(turn) for part in spans) for symbol, spans in self.bind.items()
        }

    def turn_writing(self, cell: tuple[int, ...]) -> int:
        """Find a step that writes a cell; in a regular phase without trying them all.

        Along each axis the loop that moves the box farthest takes as many turns as it can, then
        the next: the digits of a mixed-radix number.

        Raises
        ------
        LookupError
            If no step of an irregular phase writes it.
        """
        for n, boxes in enumerate(self.boxes):
            parts = zip(cell, boxes[self.writes], strict=True)
            if all(at in range_of(*part) for at, part in parts):
                return n
        if self.boxes:
            raise LookupError(f"no step writes the cell {cell}")
        turn = dict.fromkeys(self.loop, 0)
        for at, part in zip(cell, self.bind[self.writes], strict=True):
            rest = at - part.start
            for name, by in sorted(part.moves.items(), key=lambda move: -move[1]):
                turn[name] = min(rest // by, self.loop[name] - 1)
                rest -= by * turn[name]
        number = 0
        for name, turns in self.loop.items():
            number = number * turns + turn[name]
        return number


@dataclass(frozen=True, kw_only=True)
class Step:
    """One turn of a phase, with its numbers.

    Attributes
    ----------
    phase : int
        Index of the phase in the trace.
    turn : int
        Index of the step in its phase.
    bind : mapping of str to Box
        The cells each symbol stands for.
    terms : tuple of float
        The terms, in the order in which they are added.
    running : tuple of float
        The sum after each term; then, where there is a divisor, the quotient; then the sum
        after each extra term. Zero where terms cancel but for rounding. Its last entry is the
        result of a sum.
    partial : tuple of float
        The sum within each subtotal after each of its terms; empty where there is only one.
    results : tuple of float
        The values for the cells written.
    pick : int, optional
        Which term decided (maximum).
    cancels : bool
        Whether the terms add up to zero, though they are not all zero.
    """

    phase: int
    turn: int
    bind: Mapping[str, Box]
    terms: tuple[float, ...]
    running: tuple[float, ...]
    partial: tuple[float, ...]
    results: tuple[float, ...]
    pick: int | None = None
    cancels: bool = False
