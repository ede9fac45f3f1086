r"""Batch norm's graphs: phases made from equations between their nodes.

An equation names its nodes in angle brackets, ``<mu> = \frac{1}{m} \sum <x>``. A node has one
value for each cell of the batch, or one for each channel; from that alone follow the cells that
a phase binds, its loops, and the indices of its letters.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine.arrays import Array
from engine.batch_norm_nodes import Node, label_of, node_of
from engine.boxes import Span, span
from engine.phases import Combine, Phase, Tensor, Values
from engine.trace import Trace
from engine.window import Shape

_AXES = {
    2: ("sample", "feature"),
    3: ("image", "channel", "position"),
    4: ("image", "channel", "row", "column"),
}
_INDICES = {2: ("i", "c"), 3: ("n", "c", "j"), 4: ("n", "c", "i", "j")}
_NODE = re.compile(r"<(\w+)>")


@dataclass(frozen=True)
class Batch:
    r"""A batch of a shape: where its nodes have their cells, and how they are written.

    Attributes
    ----------
    shape : tuple of int
        (N, C), (N, C, L) or (N, C, H, W).
    statistics : str
        The axes along which cells have statistics of their own, of N, C and G, groups of channels:
        in batch norm C, so that all the cells of one channel share them.
    groups : int
        Into how many the channels are split, where groups are meant.

    Examples
    --------
    >>> print(Batch((4, 1)).typeset(r"<mu> = \frac{1}{m} \sum <x>"))
    \sym{mu}{\mu} = \frac{1}{m} \sum_{i=1}^{m} \sym{x}{x_{i}}
    """

    shape: Shape
    statistics: str = "C"
    groups: int = 1

    @property
    def axes(self) -> tuple[str, ...]:
        """The name of each axis."""
        return _AXES[len(self.shape)]

    @property
    def m(self) -> int:
        """How many cells share a statistic."""
        return math.prod(self.shape) // math.prod(self._apart.values())

    def beside_cells(self, statistic: Array) -> Array:
        """Give one value a channel the axes of the batch, so that it meets every cell."""
        return statistic.reshape(-1, *(1,) * (len(self.shape) - 2))

    def trace(
        self, op: str, values: Mapping[str, Array], phases: Sequence[Phase], formula: str
    ) -> Trace:
        """Put tensors and phases together.

        Parameters
        ----------
        op : str
            The operation's name.
        values : mapping of str to array
            The finished values of each node; ``grad_mu`` is the gradient of ``mu``.
        phases : sequence of Phase
            What happens, in order.
        formula : str
            The equation of the whole.

        Returns
        -------
        Trace
            Cells that phases add to start at 0.
        """
        added = {phase.writes for phase in phases if phase.adds}
        tensors = [
            self._tensor(name, array, 0.0 if name in added else None)
            for name, array in values.items()
        ]
        return Trace(op, tensors, phases, formula=self.typeset(formula))

    def phase(
        self,
        title: str,
        left: str,
        term: str,
        evaluate: Callable[..., float],
        *,
        combine: Combine = "each",
        adds: bool = False,
        cancels: bool = False,
    ) -> Phase:
        """Make a phase of an equation, one step a cell of the node that it gives.

        Parameters
        ----------
        title : str
            What happens.
        left, term : str
            The equation as far as its terms, and one term.
        evaluate : callable
            The term in numbers, called with its nodes in the order of their first use.
        combine, adds, cancels
            As for `Phase`. A sum runs over the cells that share a statistic.

        Returns
        -------
        Phase
        """
        writes = _names(left)[0]
        reads = _names(term)
        loop, bind = _moves(self, (*reads, writes))
        return Phase(
            title=title,
            formula=self.typeset(f"{left} {term}"),
            term=self.typeset(term),
            evaluate=evaluate,
            reads={name: name for name in reads},
            writes=writes,
            loop=loop,
            bind=bind,
            combine=combine,
            adds=adds,
            cancels=cancels,
        )

    def typeset(self, equation: str) -> str:
        """Write an equation in LaTeX with named symbols."""
        return _typeset(self, equation)

    def symbol(self, name: str) -> str:
        """Write a node with its letter and indices."""
        node = node_of(name)
        indices = self._indices if node.per_cell else self._apart_indices if node.shared else ("c",)
        lone = self.shape[1] == 1 and self.statistics == "C"
        below = [index for index in indices if index != "c" or not lone]
        if node.mark:
            below.insert(0, rf"\text{{{node.mark}}}")
        letter = node.letter + (f"_{{{','.join(below)}}}" if below else "")
        if name.startswith("grad_"):
            letter = rf"\frac{{\partial L}}{{\partial {letter}}}"
        return rf"\sym{{{name}}}{{{letter}}}"

    @property
    def _indices(self) -> tuple[str, ...]:
        return _INDICES[len(self.shape)]

    @property
    def _apart(self) -> dict[str, int]:
        """The axes along which statistics differ, and their lengths."""
        axes = dict(zip("NC", zip(self.axes, self.shape, strict=False), strict=False))
        return dict({**axes, "G": ("group", self.groups)}[letter] for letter in self.statistics)

    @property
    def _apart_indices(self) -> tuple[str, ...]:
        return tuple({"N": self._indices[0], "C": "c", "G": "g"}[one] for one in self.statistics)

    @property
    def sum_sign(self) -> str:
        """The sign of a sum over the cells that share a statistic."""
        over = [index for index in self._indices if index not in self._apart_indices]
        if "G" in self.statistics:
            over[over.index("c")] = r"c \in g"
        elif len(over) == 1:
            return rf"\sum_{{{over[0]}=1}}^{{m}}"
        return rf"\sum_{{{','.join(over)}}}"

    def _loop(self, node: Node) -> dict[str, int]:
        """Go through the cells of a node; those that share a statistic follow each other."""
        channel = self.axes[1]
        if not node.per_cell:
            return self._apart if node.shared else {channel: self.shape[1]}
        turns = dict(zip(self.axes, self.shape, strict=True))
        if "G" in self.statistics:
            turns[channel] //= self.groups
        return self._apart | turns

    def _spans(self, name: str, loop: Mapping[str, int]) -> list[Span]:
        """Move with the loops; along an axis without one, take all cells."""
        node = node_of(name)
        if node.shared:
            return [span(**{axis: 1}) for axis in self._apart]
        if not node.per_cell:
            return [self._channels(loop)]
        axes = zip(self.axes, self.shape, strict=True)
        spans = [span(**{axis: 1}) if axis in loop else span(count=size) for axis, size in axes]
        return [spans[0], self._channels(loop), *spans[2:]]

    def _channels(self, loop: Mapping[str, int]) -> Span:
        """Find the channels of a turn: one, those of a group, or all."""
        channel, count = self.axes[1], self.shape[1] // self.groups
        moves = {"group": count} if "group" in loop else {}
        if channel in loop:
            return span(**moves, **{channel: 1})
        return span(count=count if moves else self.shape[1], **moves)

    def _tensor(self, name: str, array: Array, fill: float | None) -> Tensor:
        node, of = node_of(name), name.removeprefix("grad_")
        axes = self.axes if node.per_cell else self.axes[1:2]
        return Tensor(
            name=name,
            label=label_of(name),
            role="gradient" if of != name else node.role,
            axes=tuple(self._apart) if node.shared else axes,
            values=np.ascontiguousarray(array, dtype=np.float64),
            fill=fill,
            gradient_of=of if of != name else None,
        )


def float64(array: Array) -> Values:
    """Copy an array, so that a trace never changes with its arguments."""
    return array.astype(np.float64, order="C", subok=False)


# A page asks for the same equations again and again, while a number is dragged.
@lru_cache(maxsize=1024)
def _names(equation: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_NODE.findall(equation)))


@lru_cache(maxsize=1024)
def _typeset(batch: Batch, equation: str) -> str:
    equation = re.sub(r"\\sum\b", lambda _: batch.sum_sign, equation)
    return _NODE.sub(lambda found: batch.symbol(found[1]), equation)


@lru_cache(maxsize=1024)
def _moves(
    batch: Batch, names: tuple[str, ...]
) -> tuple[Mapping[str, int], Mapping[str, Sequence[Span]]]:
    """Give the loops of a phase that writes the last of some nodes, and how all of them move."""
    loop = batch._loop(node_of(names[-1]))
    return loop, {name: batch._spans(name, loop) for name in names}
