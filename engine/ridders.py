"""The slope of a smooth function of known scale, by central differences that are extrapolated."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

_SHRINK = 1.4
# Fewer differences than the first may lie in a row by chance.
_LEAST_STEPS, _MOST_STEPS = 5, 8


class Slope(NamedTuple):
    """A slope, and how far the last extrapolations to it differ."""

    value: float
    doubt: float


def slope(fn: Callable[[float], float], at: float, step: float) -> Slope:
    """Find the slope of a function.

    Parameters
    ----------
    fn : callable
        Smooth within two steps of `at`.
    at : float
        Where.
    step : float
        The first step: a fraction of the scale on which the function bends.

    Returns
    -------
    Slope
        `value` and `doubt`.

    Notes
    -----
    Central differences with steps h, h/1.4, h/1.4**2 ... are the values at h**2 of a function
    whose value at 0 is the slope: a polynomial through them gives it. So the steps stay large,
    far above the rounding of `fn`. `gradcheck` needs no scale and finds kinks, but its single
    difference leaves few digits of a slope that is small beside the function.

    References
    ----------
    Ridders, "Accurate computation of F'(x) and F'(x) F''(x)", Adv. Eng. Software 4 (1982).

    Examples
    --------
    >>> found = slope(math.exp, 1.0, 0.25)
    >>> abs(found.value - math.e) < 1e-12
    True
    """
    best = Slope(math.nan, math.inf)
    coarser: list[float] = []
    for turn in range(_MOST_STEPS):
        before, after = (at + sign * step / _SHRINK**turn for sign in (-1, 1))
        row = [(fn(after) - fn(before)) / (after - before)]
        for order, last in enumerate(coarser, 1):
            factor = _SHRINK ** (2 * order)
            row.append((factor * row[-1] - last) / (factor - 1))
            doubt = max(abs(row[-1] - row[-2]), abs(row[-1] - last))
            if doubt <= best.doubt:
                best = Slope(row[-1], doubt)
        if turn >= _LEAST_STEPS and abs(row[-1] - coarser[-1]) > 2 * best.doubt:
            break  # what is left is rounding
        coarser = row
    return best
