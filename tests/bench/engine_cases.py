"""What a case of the engine's benchmark is: one of our calls, the peer's call, the exact result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Arrays = Sequence[np.ndarray[Any, Any]]


@dataclass(frozen=True)
class Contest:
    """A case with its arrays made: the same work for us and for the peer.

    Attributes
    ----------
    ours, peer : callable
        The two calls that are timed.
    results : callable
        Runs our call and lists its arrays.
    exact : callable
        Lists the same arrays, computed in float64 or in whole numbers.
    given : sequence of array
        The input, for the memory that input and output take.
    """

    ours: Callable[[], object]
    peer: Callable[[], object]
    results: Callable[[], Arrays]
    exact: Callable[[], Arrays]
    given: Arrays


@dataclass(frozen=True)
class Case:
    """A line of the table.

    Attributes
    ----------
    name : str
        For ``--only``.
    what : str
        What is computed.
    peer : str
        What it is compared with.
    prepare : callable
        Makes the contest; raises ImportError if the peer or our function is missing.
    target : float, optional
        The ratio of our time to the peer's, on one thread, that is to be reached.
    error : float
        The largest error, relative to the largest exact number, with which a time counts.
    memory : float, optional
        The peak memory, over that of input and output, that is to be reached.
    """

    name: str
    what: str
    peer: str
    prepare: Callable[[np.random.Generator], Contest]
    target: float | None = None
    error: float = 2e-5
    memory: float | None = None


def relative_error(results: Arrays, exact: Arrays) -> float:
    """Compare each array with the exact one; the largest error counts."""
    worst = 0.0
    for result, reference in zip(results, exact, strict=True):
        if result.shape != reference.shape:
            return float("inf")
        difference = np.abs(result.astype(np.float64) - reference).max()
        worst = max(worst, float(difference / np.abs(reference).max()))
    return worst
