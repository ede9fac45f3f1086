r"""The nodes of batch norm's graphs, and phases made from equations between them.

An equation names its nodes in angle brackets, ``<mu> = \frac{1}{m} \sum <x>``. A node has one
value for each cell of the batch, or one for each channel; from that alone follow the cells that
a phase binds, its loops, and the indices of its letters.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.arrays import Array
from engine.boxes import Span, span
from engine.phases import Combine, Phase, Role, Tensor, Values
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
class Node:
    """One quantity of a graph.

    Attributes
    ----------
    label : str
        What people call it.
    letter : str
        Its letter in LaTeX, without indices.
    role : Role
        Its part in the computation.
    per_cell : bool
        Whether it has a value for each cell of the batch, rather than one for each channel.
    mark : str
        A word that stands with the letter as an index.
    """

    label: str
    letter: str
    role: Role = "intermediate"
    per_cell: bool = False
    mark: str = ""


NODES: Final[Mapping[str, Node]] = {
    "x": Node("Input", "x", "input", per_cell=True),
    "mu": Node("Mean", r"\mu"),
    "sigma2": Node("Variance", r"\sigma^2"),
    "xhat": Node("Normalised input", r"\hat{x}", per_cell=True),
    "gamma": Node("Scale", r"\gamma", "weight"),
    "beta": Node("Shift", r"\beta", "weight"),
    "y": Node("Output", "y", "output", per_cell=True),
    # The gates between them.
    "centred": Node("Centred input", "d", per_cell=True),
    "squared": Node("Square", "q", per_cell=True),
    "shifted": Node("Variance plus eps", "v"),
    "root": Node("Root", "s"),
    "inverse": Node("Inverse of the root", "t"),
    "scaled": Node("Scaled input", "z", per_cell=True),
    # What is kept for inference.
    "unbiased": Node("Unbiased variance", r"\sigma^2", mark="unbiased"),
    "running_mean": Node("Running mean", r"\mu", "input", mark="run"),
    "running_var": Node("Running variance", r"\sigma^2", "input", mark="run"),
    "new_mean": Node("New running mean", r"\mu", "output", mark="new"),
    "new_var": Node("New running variance", r"\sigma^2", "output", mark="new"),
}
_GRADIENT_LABELS = {"y": "Upstream gradient", "x": "Gradient of input"}


@dataclass(frozen=True)
class Batch:
    r"""A batch of a shape: where its nodes have their cells, and how they are written.

    Attributes
    ----------
    shape : tuple of int
        (N, C), (N, C, L) or (N, C, H, W). The cells of one channel share its statistics.

    Examples
    --------
    >>> print(Batch((4, 1)).typeset(r"<mu> = \frac{1}{m} \sum <x>"))
    \sym{mu}{\mu} = \frac{1}{m} \sum_{i=1}^{m} \sym{x}{x_{i}}
    """

    shape: Shape

    @property
    def axes(self) -> tuple[str, ...]:
        """The name of each axis."""
        return _AXES[len(self.shape)]

    @property
    def m(self) -> int:
        """How many cells share a statistic."""
        return math.prod(self.shape) // self.shape[1]

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
            As for `Phase`. A sum runs over the cells of a channel.

        Returns
        -------
        Phase
        """
        writes = _names(left)[0]
        reads = _names(term)
        channel = self.axes[1]
        loop = {channel: self.shape[1]}
        if _node(writes).per_cell:
            loop |= dict(zip(self.axes, self.shape, strict=True))
        return Phase(
            title=title,
            formula=self.typeset(f"{left} {term}"),
            term=self.typeset(term),
            evaluate=evaluate,
            reads={name: name for name in reads},
            writes=writes,
            loop=loop,
            bind={name: self._spans(name, loop) for name in (*reads, writes)},
            combine=combine,
            adds=adds,
            cancels=cancels,
        )

    def typeset(self, equation: str) -> str:
        """Write an equation in LaTeX with named symbols."""
        over = [index for index in self._indices if index != "c"]
        sum_over = rf"\\sum_{{{','.join(over)}}}" if len(over) > 1 else r"\\sum_{i=1}^{m}"
        equation = re.sub(r"\\sum\b", sum_over, equation)
        return _NODE.sub(lambda found: self._symbol(found[1]), equation)

    def _symbol(self, name: str) -> str:
        node = _node(name)
        indices = self._indices if node.per_cell else ("c",)
        below = [index for index in indices if index != "c" or self.shape[1] > 1]
        if node.mark:
            below.insert(0, rf"\text{{{node.mark}}}")
        letter = node.letter + (f"_{{{','.join(below)}}}" if below else "")
        if name.startswith("grad_"):
            letter = rf"\frac{{\partial L}}{{\partial {letter}}}"
        return rf"\sym{{{name}}}{{{letter}}}"

    @property
    def _indices(self) -> tuple[str, ...]:
        return _INDICES[len(self.shape)]

    def _spans(self, name: str, loop: Mapping[str, int]) -> list[Span]:
        """Move with the loops; along an axis without one, take all cells."""
        axes = zip(self.axes, self.shape, strict=True)
        spans = [span(**{axis: 1}) if axis in loop else span(count=size) for axis, size in axes]
        return spans if _node(name).per_cell else spans[1:2]

    def _tensor(self, name: str, array: Array, fill: float | None) -> Tensor:
        node, of = _node(name), name.removeprefix("grad_")
        gradient = of != name
        return Tensor(
            name=name,
            label=_GRADIENT_LABELS.get(of, f"Gradient of the {node.label.lower()}")
            if gradient
            else node.label,
            role="gradient" if gradient else node.role,
            axes=self.axes if node.per_cell else self.axes[1:2],
            values=np.ascontiguousarray(array, dtype=np.float64),
            fill=fill,
            gradient_of=of if gradient else None,
        )


def float64(array: Array) -> Values:
    """Copy an array, so that a trace never changes with its arguments."""
    return array.astype(np.float64, order="C", subok=False)


def _node(name: str) -> Node:
    return NODES[name.removeprefix("grad_")]


def _names(equation: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_NODE.findall(equation)))
