"""Traces of scalars: one number a tensor, one step a phase."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.phases import Phase, Role, Tensor


def scalar(
    name: str, label: str, role: Role, value: float, measures: tuple[str, str] | None = None
) -> Tensor:
    """Make a tensor of one number; `measures` names the tensor and the axis that it counts."""
    return Tensor(
        name=name,
        label=label,
        role=role,
        axes=(),
        values=np.array(value, dtype=np.float64),
        measures=measures,
    )


def scalar_phase(
    title: str, formula: str, evaluate: Callable[..., float], reads: tuple[str, ...]
) -> Phase:
    """Write a phase of one step; the result stands left of the equals sign."""
    result, term = formula.split(" = ", 1)
    writes = result.removeprefix(r"\sym{").split("}", 1)[0]
    return Phase(
        title=title,
        formula=formula,
        term=term,
        evaluate=evaluate,
        reads={name: name for name in reads},
        writes=writes,
        loop={"once": 1},
        bind=dict.fromkeys((*reads, writes), ()),
    )


def extent_phase(dilation: int, letter: str) -> list[Phase]:
    """Tell how far the taps of a filter spread: D (F - 1) + 1, where they are apart."""
    if dilation == 1:
        return []
    return [
        scalar_phase(
            "Spread the taps of the filter",
            rf"\sym{{{letter}_extent}}{{F'}} = \sym{{D}}{{d}} (\sym{{F}}{{F}} - 1) + 1",
            lambda dilation, taps: dilation * (taps - 1) + 1,
            ("D", "F"),
        )
    ]
