"""Traces so small that every number can be checked by hand."""

from __future__ import annotations

import numpy as np

from engine.boxes import span
from engine.phases import Phase, Tensor
from engine.trace import Trace


def tensor(name, values, **more):
    values = np.array(values, dtype=np.float64)
    axes = ("row", "column")[-values.ndim :] if values.ndim else ()
    return Tensor(name=name, label=name, role="input", axes=axes, values=values, **more)


def phase(evaluate=lambda x: x, *, reads=("x",), writes="y", **settings):
    given = {"title": "", "formula": "", "term": "", "loop": {"once": 1}}
    return Phase(
        evaluate=evaluate, reads={name: name for name in reads}, writes=writes, **given | settings
    )


def total(x, **settings):
    """Trace the sum, mean or maximum of all entries of a list."""
    rule = phase(bind={"x": [span(count=len(x))], "y": []}, **settings)
    return Trace("total", [tensor("x", x), tensor("y", 0.0)], [rule])
