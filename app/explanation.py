"""What an operation of the catalogue answers: a trace, and what is known of its sizes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

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
    """

    trace: Trace
    sizes: tuple[Trace, ...] = ()
    names: Mapping[str, float] = field(default_factory=dict)
    counts: tuple[Mapping[str, Any], ...] = ()
    border: Mapping[str, Any] | None = None
