"""Suggest the known name that a misspelt one is nearest to."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Give ``' (did you mean "stride"?)'``, or nothing where no known name is near."""
    folded = {candidate.casefold(): candidate for candidate in known}
    near = get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    return f' (did you mean "{folded[near[0]]}"?)' if near else ""
