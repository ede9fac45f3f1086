"""What rounding leaves of a sum whose terms cancel: 0, and not 1e-17."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import numpy as np

from engine.arrays import Array
from engine.phases import Values

# Half a unit in the last place of 1: the largest relative error of one operation.
_UNIT = 2.0**-53


def is_rounding(total: Any, size: Any, count: Any) -> Any:
    """Tell whether a sum of floats is nothing but the rounding of its terms.

    Parameters
    ----------
    total, size : float or array
        The sum, and the sum of the sizes of its terms.
    count : int or array
        How many terms it has.

    Returns
    -------
    bool or array of bool

    Notes
    -----
    Adding n terms one after the other is off by at most ``(n - 1) u`` times the sum of their
    sizes, to first order, u being 2**-53. A term is a product of two numbers, both rounded when
    they were written as floats, and is rounded itself: 3 u more. So a sum within ``(n + 2) u`` is
    0 as far as floats can tell; one that is larger is never touched. Where terms come from
    differences of rounded numbers, as ``x - mu``, no bound on their size alone is enough: batch
    norm is computed with more digits there, see `engine.precise`.

    References
    ----------
    Higham: Accuracy and Stability of Numerical Algorithms (2002), section 4.2.

    Examples
    --------
    >>> is_rounding(0.1 + 0.2 - 0.3, 0.6, 3), is_rounding(1e-300, 2e-300, 2)
    (True, False)
    """
    return (count > 1) & (abs(total) <= (count + 2) * _UNIT * size) & (size < math.inf)


def may_be_rounding(total: Values, size: Values, count: int) -> Any:
    """Tell, without fail, where sums might be rounding: of up to `count` terms, 0 aside.

    Returns
    -------
    array of bool
        True wherever `is_rounding` may be, for any part of the terms; and where numbers are not
        finite. A few more are True, as the sizes of the terms may be added up in any order here.
    """
    most = (count + 2) * _UNIT * 1.000001 * size
    return ((abs(total) <= most) & (total != 0)) | ~np.isfinite(size)


def settled(total: Array, size: Array, count: Any) -> Values:
    """Put 0 where a sum is nothing but rounding; as `is_rounding`."""
    values: Values = np.where(is_rounding(total, size, count), 0.0, total)
    return values


def running_sums(terms: Sequence[float]) -> list[float]:
    """Add terms one after the other, from 0 again where they have cancelled.

    Examples
    --------
    >>> running_sums([0.1, 0.2, -0.3, 0.5])
    [0.1, 0.30000000000000004, 0.0, 0.5]
    """
    sums = list(accumulate(terms))
    # Most are 0 or far from it, which is seen much sooner.
    most = (len(terms) + 2) * _UNIT * sum(map(abs, terms))
    if all(abs(total) > most for total in sums if total):
        return sums
    total = size = 0.0
    sums = []
    for count, term in enumerate(terms, 1):
        total += term
        size += abs(term)
        if is_rounding(total, size, count):
            total = 0.0
        sums.append(total)
    return sums


class Shares:
    """What the steps of a trace add to the cells of one tensor.

    Parameters
    ----------
    shape : tuple of int
        Of the tensor; its cells start at 0.
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        self._total, self._size, self._count = (np.zeros(shape) for _ in range(3))

    def add(self, where: Any, results: Values) -> None:
        """Add to some cells, by their index; a cell may come up repeatedly."""
        np.add.at(self._total, where, results)
        np.add.at(self._size, where, np.abs(results))
        np.add.at(self._count, where, 1)

    @property
    def values(self) -> Values:
        """What the shares add up to; 0 where they cancel."""
        return settled(self._total, self._size, self._count)
