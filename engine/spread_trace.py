"""Zeros put between the cells of a tensor, and around it: the stride of a convolution undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.boxes import Span, span
from engine.notation import Operand, factors
from engine.phases import Phase, Tensor


@dataclass(frozen=True)
class _Line:
    """Cells of one axis laid out among zeros: which ones, where the first lands, how far apart."""

    first: int
    count: int
    place: int
    step: int

    @property
    def source(self) -> Span:
        return span(self.first, count=self.count)

    @property
    def target(self) -> Span:
        return span(self.place, count=self.count, step=self.step)


def trace_spread(
    source: Tensor,
    blank: Tensor,
    operands: tuple[Operand, Operand],
    *,
    stride: Sequence[int],
    before: Sequence[int],
    channel: str,
    before_letters: Sequence[str],
    prepared: bool = False,
) -> tuple[Operand, list[Tensor], list[Phase]]:
    """Tell how the cells of a tensor are laid out among zeros, in one step.

    Parameters
    ----------
    source : (N, C, ...) Tensor
        What is spread along its last axes.
    blank : (N, C, ...) Tensor
        Where it goes, still without its values.
    operands : (Operand, Operand)
        Both in the formula.
    stride : sequence of int
        From one cell of the source to the next in the target, along each axis.
    before : sequence of int
        Zeros before the first cell; cells that a negative number pushes outside are left out.
    channel : str
        The index of a channel in the formula, or nothing.
    before_letters : sequence of str
        What the formula adds along each axis for `before`: ``" + F - 1"``.
    prepared : bool
        Whether the zeros between are set up before the play begins, like the zeros around: one
        picture with the source.

    Returns
    -------
    Operand, list of Tensor, list of Phase
        What later phases read; the target with its values, unless nothing is added or left out;
        the phase that fills it, unless every cell is left out. With stride 1 it is a padding, set
        up before the play begins in any case.
    """
    if blank.shape == source.shape and not any(before):
        return operands[0], [], []
    lines = [
        _line(*numbers)
        for numbers in zip(source.shape[2:], blank.shape[2:], stride, before, strict=True)
    ]
    values = np.zeros(blank.shape)
    every = slice(None)
    of = (slice(line.first, line.first + line.count) for line in lines)
    to = (slice(line.place, line.place + line.count * line.step, line.step) for line in lines)
    values[every, every, *to] = source.values[every, every, *of]
    beside = max(stride) == 1
    whole = tuple(line.count for line in lines) == source.shape[2:]
    contains = whole and (beside or prepared)
    target = replace(
        blank,
        values=values,
        fill=0.0,
        extends=source.name if contains else None,
        offset=(0, 0, *(line.place for line in lines)) if contains else (),
        spacing=(1, 1, *stride) if contains and not beside else (),
    )
    if not all(line.count for line in lines):
        return operands[1], [target], []
    letters = "ij"[: len(lines)]
    at = [
        f"{step}{i}{more}"
        for step, i, more in zip(factors("S", stride), letters, before_letters, strict=True)
    ]
    phase = _phase(source, lines, operands, (channel, *at), (channel, *letters))
    return operands[1], [target], [replace(phase, setup=beside or prepared)]


def _line(cells: int, room: int, step: int, before: int) -> _Line:
    first = max(0, -(before // step))
    end = min(cells, (room - 1 - before) // step + 1)
    return _Line(first, max(0, end - first), before + first * step, step)


def _phase(
    source: Tensor,
    lines: list[_Line],
    operands: tuple[Operand, Operand],
    at: tuple[str, ...],
    own: tuple[str, ...],
) -> Phase:
    read, write = operands[0], replace(operands[1], symbol=operands[1].tensor)
    every = [span(count=cells) for cells in source.shape[:2]]
    apart = any(line.step > 1 for line in lines)
    return Phase(
        title="Put S − 1 zeros between" if apart else "Surround with zeros",
        formula=f"{write.at(*at)} = {read.at(*own)}",
        term=read.at(*own),
        evaluate=lambda cell: cell,
        reads={read.symbol: read.tensor},
        writes=write.tensor,
        loop={"once": 1},
        bind={
            read.symbol: [*every, *(line.source for line in lines)],
            write.tensor: [*every, *(line.target for line in lines)],
        },
        combine="each",
    )
