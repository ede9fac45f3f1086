"""Arithmetic with so many digits that what cancels is told from what is small."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from functools import cache, lru_cache
from itertools import accumulate

# More digits than a float has, so that it is as good as rounded once.
_SHOWN = Context(prec=40, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])
_ZERO = Decimal(0)


class Arithmetic:
    """The decimal arithmetic of a computation that starts from given numbers.

    Parameters
    ----------
    given : iterable of float
        All of them, but for small whole numbers.

    Notes
    -----
    A number is taken as it is written, 0.1 as one tenth. Let its numbers span s digits, from the
    first of the largest to the last of the smallest. Then ``60 + 16 s`` digits are kept, and a sum
    is zero where the first ``30 + 8 s`` of its terms cancel. Rounding cannot reach so far: a sum of
    n terms is off by at most ``(n - 1) u`` times the sum of their sizes, u being half a unit of the
    last digit, and a deviation ``x - mu`` by ``u |mu|``, which costs s digits more. Nor can a small
    number fall below it: one that is made of few products of the given ones ends where they do.

    References
    ----------
    Higham: Accuracy and Stability of Numerical Algorithms (2002), chapter 4.

    Examples
    --------
    >>> arithmetic = Arithmetic([0.1, 0.2, 0.3])
    >>> tenth, fifth, three_tenths = map(arithmetic.number, (0.1, 0.2, 0.3))
    >>> float(tenth + fifth - three_tenths), float(tenth + 1e-20 - 0.1)
    (0.0, 1e-20)
    """

    def __init__(self, given: Iterable[float]) -> None:
        written = [number for number in map(_written, given) if number and number.is_finite()]
        first = max((number.adjusted() for number in written), default=0)
        last = min((int(number.as_tuple().exponent) for number in written), default=0)
        span = first - min(last, first) + 1
        self._kept = 30 + 8 * span
        # Without traps: what is no number, or infinite, stays so.
        self._context = Context(prec=2 * self._kept, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])
        self.divide = self._context.divide
        self.multiply = self._context.multiply
        # The same few roots are asked for in every sample.
        self.power = cache(self._power)

    def number(self, value: float) -> Precise:
        """Take a number as it is written."""
        return Precise(_written(value), self)

    def add(self, a: Decimal, b: Decimal) -> Decimal:
        """Add; 0 where nothing but rounding is left."""
        total = self._context.add(a, b)
        # Where so much cancels, both are of one size.
        if a and b and total.adjusted() < a.adjusted() - self._kept:
            return _ZERO
        return total

    def running_sums(self, terms: Sequence[Precise]) -> list[Precise]:
        """Add terms one after the other."""
        return [Precise(total, self) for total in accumulate(map(_value_of, terms), self.add)]

    def _power(self, base: Decimal, exponent: float) -> Decimal:
        """Raise to a whole number of halves."""
        halves = int(2 * exponent)
        if halves % 2:
            return self._context.power(self._context.sqrt(base), halves)
        return self._context.power(base, halves // 2)


class Precise:
    """A number of an `Arithmetic`; it takes part in expressions with plain numbers."""

    __slots__ = ("_by", "_value")

    def __init__(self, value: Decimal, by: Arithmetic) -> None:
        self._value = value
        self._by = by

    def __add__(self, other: Precise | float) -> Precise:
        if isinstance(other, float) and not other:
            return self
        return Precise(self._by.add(self._value, _value_of(other)), self._by)

    def __sub__(self, other: Precise | float) -> Precise:
        return Precise(self._by.add(self._value, _value_of(other).copy_negate()), self._by)

    def __rsub__(self, other: float) -> Precise:
        return Precise(self._by.add(_value_of(other), self._value.copy_negate()), self._by)

    def __mul__(self, other: Precise | float) -> Precise:
        return Precise(self._by.multiply(self._value, _value_of(other)), self._by)

    def __truediv__(self, other: Precise | float) -> Precise:
        return Precise(self._by.divide(self._value, _value_of(other)), self._by)

    def __rtruediv__(self, other: float) -> Precise:
        return Precise(self._by.divide(_value_of(other), self._value), self._by)

    def __pow__(self, exponent: float) -> Precise:
        return Precise(self._by.power(self._value, exponent), self._by)

    def __neg__(self) -> Precise:
        return Precise(self._value.copy_negate(), self._by)

    def __bool__(self) -> bool:
        return bool(self._value)

    def __float__(self) -> float:
        # Adding zero takes the sign from a number too small for a float.
        return float(_SHOWN.plus(self._value)) + 0.0

    __radd__ = __add__
    __rmul__ = __mul__


# The constants of a formula come up in every sample.
@lru_cache(maxsize=256)
def _written(value: float) -> Decimal:
    return Decimal(repr(float(value)))


def _value_of(number: Precise | float) -> Decimal:
    return number._value if isinstance(number, Precise) else _written(number)
