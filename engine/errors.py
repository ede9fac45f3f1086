"""What the engine refuses, in sentences that say how to mend it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Remedy:
    """One change of settings that heals a refusal.

    Attributes
    ----------
    label : str
        What to do, in the lecture's letters: "P = 1".
    changes : mapping of str to int, str or bool
        Parameter to new value. The names are those of the engine's parameters, and
        "input_width", "input_height", "filter_width", "filter_height" for sizes,
        "padding_right", "padding_bottom" for one side of the padding.
    """

    label: str
    changes: Mapping[str, int | str | bool]


class EngineError(ValueError):
    """A refused argument.

    Parameters
    ----------
    message : str
        One sentence: the parameter, its value, the rule, a way out.
    parameter : str
        The argument at fault.
    remedies : sequence of Remedy
        Ways out that a page can offer as buttons; empty where there is no single number to change.

    Examples
    --------
    >>> padding = Remedy("P = 1", {"padding": 1})
    >>> ShapeError("x: too small", parameter="x", remedies=[padding]).remedies[0].label
    'P = 1'
    """

    def __init__(self, message: str, *, parameter: str, remedies: Sequence[Remedy] = ()) -> None:
        super().__init__(message)
        self.parameter = parameter
        self.remedies = tuple(remedies)


class ShapeError(EngineError):
    """Arrays whose shapes do not go together."""


class ParameterError(EngineError):
    """A setting outside its range, or an array of the wrong type."""
