"""What an operation of the catalogue answers: a trace, and what is known of its sizes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.settings import LIMITS
from engine.errors import ParameterError
from engine.trace import Trace


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """A trace with its size formulas and the quantities that lessons and pages name.

    Attributes
    ----------
    trace : Trace
        The operation itself.
    sizes : tuple of Trace
        The output-size formula along columns, and along rows where they differ.
    names : mapping of str to float
        Sizes and counts by the lecture's letters: W1, F, S, P, K, W2 ...
    counts : tuple of mappings
        Label, expression and value of what can be counted: parameters, multiplications.
    border : mapping
        What the windows never visit, and the settings nearby that leave nothing over.
    table : tuple of mappings
        Columns of numbers, one for each sample: a symbol, the numbers and their sum.
    parts : tuple of mappings
        The operations of a chain: a title, a formula, the tensors that each writes, and in which
        of whose cells no gradient passes.
    modes : mapping of str to Trace
        What the same input meets in training, and at inference.
    """

    trace: Trace
    sizes: tuple[Trace, ...] = ()
    names: Mapping[str, float] = field(default_factory=dict)
    counts: tuple[Mapping[str, Any], ...] = ()
    border: Mapping[str, Any] | None = None
    table: tuple[Mapping[str, Any], ...] = ()
    parts: tuple[Mapping[str, Any], ...] = ()
    modes: Mapping[str, Trace] = field(default_factory=dict)


def shown_whole(trace: Trace, parameter: str) -> Explanation:
    """Give an explanation of a trace alone, if every tensor is small enough to be sent whole.

    Raises
    ------
    ParameterError
        If one is too large; `parameter` names the setting that makes it so.
    """
    for tensor in trace.tensors.values():
        if tensor.values.size > LIMITS.whole_cells:
            sizes = "×".join(map(str, tensor.shape))
            raise ParameterError(
                f"{parameter}: {tensor.label.lower()} of {sizes} has more than "
                f"{LIMITS.whole_cells:,} cells; use a smaller {parameter}, or a smaller input",
                parameter=parameter,
            )
    return Explanation(trace=trace)


def sizes_of(trace: Trace) -> dict[str, float]:
    """Name the sizes of an input and an output volume by the lecture's letters."""
    (_, d1, h1, w1), (_, d2, h2, w2) = (trace.tensors[name].shape for name in ("x", "y"))
    sizes = {"W1": w1, "H1": h1, "D1": d1, "W2": w2, "H2": h2, "D2": d2, "outputs": d2 * h2 * w2}
    return {name: float(size) for name, size in sizes.items()}
