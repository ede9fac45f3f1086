"""Checking a gradient: the analytic one against central differences, and where neither exists."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.arrays import Array, require_floating
from engine.errors import ParameterError, ShapeError
from engine.phases import Values

_EPS = float(np.finfo(np.float64).eps)
# Below this, gradients have lost digits to underflow, and count as zero.
_TINY = float(np.finfo(np.float64).tiny) / _EPS
_NUMBERS = (np.dtype(np.float64), np.dtype(np.int64))
# Steps shrink by this factor from try to try, down to the least one: below it the rounding of x
# itself would show.
_SHRINK = 8.0
_LEAST_STEP = 1e-12
# What the rounding of `fn` alone may make of the relative error.
_ROUNDING_SHARE = 5e-7


@dataclass(frozen=True)
class GradCheck:
    """An analytic gradient beside a numeric one.

    Attributes
    ----------
    analytic, numeric : float64 arrays of the shape of `x`
        The gradient to be checked, and its central differences; at a kink the difference
        is the mean of the slopes of both sides.
    relative_error : float
        Largest difference of the two, relative to the largest entry of either; kinks are left
        out. Zero where nothing is left to compare.
    kinks : array of bool, of the shape of `x`
        Where the slopes before and after `x` differ: ReLU at 0, a tie in max pooling.
    """

    analytic: Values
    numeric: Values
    relative_error: float
    kinks: npt.NDArray[np.bool]

    @property
    def differentiable(self) -> bool:
        """Whether no entry lies at a kink."""
        return not self.kinks.any()


def gradcheck(
    fn: Callable[[Values], float],
    grad: Array | Callable[[Values], Array],
    x: Array,
    *,
    step: float = 1e-6,
) -> GradCheck:
    """Compare an analytic gradient with central differences, one entry of `x` at a time.

    Parameters
    ----------
    fn : callable
        The loss: one finite number for a float64 array of the shape of `x`.
    grad : array of the shape of `x`, or callable
        Its gradient at `x`, or what gives it when called with `x` in float64.
    x : array
        Where to compare; float32 or float64, of any shape. It is never modified.
    step : float
        How far an entry is moved, relative to its size where that is above 1; at least 1e-10. It
        is the first step tried: where `fn` bends too much for it, smaller ones follow.

    Returns
    -------
    GradCheck
        `analytic`, `numeric`, `relative_error`, `differentiable` and, entry by entry, `kinks`.

    Raises
    ------
    ShapeError
        If the gradient does not have the shape of `x`, or `fn` gives more than one number.
    ParameterError
        If an array is of the wrong type, a number not finite or the step too small.

    Notes
    -----
    The numeric gradient is ``(f(x + h) - f(x - h)) / 2h``. The slopes of both sides differ by
    ``d(h) = (f(x + h) - 2 f(x) + f(x - h)) / h``. Curvature gives ``d(h) = f''(x) h``, so that
    ``2 d(h) - d(2h)`` is next to nothing and shrinks with h; at a kink it is the change of slope,
    whatever h. A kink is reported where three steps or more, too large for rounding to matter,
    show the same change. One that
    lies beside `x` falls out of reach as the steps shrink.

    Rounding is measured, not guessed: close to `x` a smooth function is nearly a straight line,
    and what its high differences still show is noise. An entry is compared with at least
    two million times the noise of its slope, so that rounding alone stays below 1e-6.

    References
    ----------
    Moré and Wild, "Estimating computational noise", SIAM J. Sci. Comput. 33 (2011).

    Examples
    --------
    >>> x = np.array([3.0, -1.0])
    >>> check = gradcheck(lambda x: float((x**2).sum()), 2 * x, x)
    >>> check.relative_error < 1e-8, check.differentiable
    (True, True)
    >>> relu = gradcheck(lambda x: float(np.maximum(x, 0).sum()), np.array([1.0, 0.0]), x + 1)
    >>> relu.differentiable, relu.kinks
    (False, array([False,  True]))
    """
    require_floating(x=x)
    _require_finite("x", x)
    first = _checked_step(step)
    at = x.astype(np.float64, order="C", subok=False)
    analytic = _checked_gradient(grad(at.copy()) if callable(grad) else grad, x.shape)
    probe = _Probe(fn, at)
    noise = probe.noise(first)
    numeric, rounding = np.empty(at.size), np.empty(at.size)
    kinks = np.zeros(at.size, dtype=np.bool)
    for index in range(at.size):
        numeric[index], rounding[index], kinks[index] = _slope(probe, index, first, noise)
    return GradCheck(
        analytic=analytic,
        numeric=numeric.reshape(x.shape),
        relative_error=_relative_error(analytic.ravel(), numeric, rounding, ~kinks),
        kinks=kinks.reshape(x.shape),
    )


class _Probe:
    """The loss around one point, every value of it checked."""

    def __init__(self, fn: Callable[[Values], float], at: Values) -> None:
        self._fn = fn
        self._at = at
        self.value, again = self._call(at.copy()), self._call(at.copy())
        if again != self.value:
            raise ParameterError(
                f"fn: gives {self.value} and then {again} for the same x; "
                "let it depend on x alone, e.g. with a fixed seed",
                parameter="fn",
            )

    def moved(self, index: int, by: float) -> tuple[float, float]:
        """Give how far an entry really moved, in floating point, and the value there."""
        there = self._at.copy()
        flat = there.reshape(-1)
        flat[index] += by
        return float(flat[index] - self._at.flat[index]), self._call(there)

    def unit(self, index: int) -> float:
        return max(1.0, abs(float(self._at.flat[index])))

    def noise(self, step: float) -> float:
        """Measure the rounding of the loss from six values on a short ray that leaves the point.

        They lie on one side of it: a kink at the point is not crossed.
        """
        mixed = np.cos(np.arange(1.0, self._at.size + 1)).reshape(self._at.shape)
        ray = mixed * np.maximum(1.0, np.abs(self._at)) * max(step / 1024, _LEAST_STEP)
        values = [self._call(self._at + k * ray) for k in range(1, 7)]
        # A difference of order n of independent noise is larger by the root of binomial(2n, n).
        spread = {3: 20.0, 4: 70.0, 5: 252.0}
        return max(
            float(np.abs(np.diff(values, order)).max()) / math.sqrt(size)
            for order, size in spread.items()
        )

    def _call(self, there: Values) -> float:
        value: Any = self._fn(there)
        if np.ndim(value) != 0:
            raise ShapeError(
                f"fn: gives an array of shape {np.shape(value)}, but a gradient is that of one "
                "number; add up its entries, e.g. with (fn(x) * grad_output).sum()",
                parameter="fn",
            )
        if np.asarray(value).dtype not in _NUMBERS:
            raise ParameterError(
                f"fn: gives {value!r}, which is not a float64 number; return the loss as a float",
                parameter="fn",
            )
        if not np.isfinite(value):
            raise ParameterError(
                f"fn: gives {float(value)} at x or close to it; "
                "choose an x around which every value is finite",
                parameter="fn",
            )
        return float(value)


def _slope(probe: _Probe, index: int, first: float, noise: float) -> tuple[float, float, bool]:
    """Give the slope along one entry, its rounding, and whether it has a kink there."""
    unit = probe.unit(index)
    tries: list[_Try] = []
    for step in takewhile(lambda step: step >= _LEAST_STEP, (first / _SHRINK**k for k in range(9))):
        tries.append(_Try.at(probe, index, step * unit, noise))
        best = min(tries, key=lambda one: one.error)
        # A smaller step has more rounding: no use where that alone exceeds the error so far.
        if not tries[-1].bent or best.error <= tries[-1].rounding * _SHRINK:
            break
    change = tries[0].jump
    clear = [one.jump / change for one in tries if one.doubt < abs(change) / 2]
    kink = len(clear) > 2 and all(0.5 < share < 2 for share in clear)
    return best.central, best.rounding, kink


@dataclass(frozen=True)
class _Try:
    """The slope found with one step, and how far it can be trusted."""

    central: float
    jump: float
    truncation: float
    rounding: float

    @classmethod
    def at(cls, probe: _Probe, index: int, step: float, noise: float) -> _Try:
        here = probe.value
        near = _differences(here, *probe.moved(index, -step), *probe.moved(index, step))
        far = _differences(here, *probe.moved(index, -2 * step), *probe.moved(index, 2 * step))
        size = max(abs(here), near[2], far[2])
        return cls(
            central=near[0],
            jump=2 * near[1] - far[1],
            truncation=abs(far[0] - near[0]),
            rounding=2 * max(noise, _EPS * size) / step,
        )

    @property
    def doubt(self) -> float:
        """The change of slope that rounding alone could feign."""
        return 8 * self.rounding

    @property
    def bent(self) -> bool:
        """Whether more than rounding disturbs the slope."""
        return self.truncation + abs(self.jump) > self.doubt

    @property
    def error(self) -> float:
        return self.truncation + abs(self.jump) + self.rounding


def _differences(
    here: float, left: float, before: float, right: float, after: float
) -> tuple[float, float, float]:
    """Give the central slope, the change of slope, and the size of the values."""
    central = (after - before) / (right - left)
    change = (after - here) / right - (before - here) / left
    return central, change, max(abs(before), abs(after))


def _relative_error(
    analytic: Values, numeric: Values, rounding: Values, compared: npt.NDArray[np.bool]
) -> float:
    a, n = analytic[compared], numeric[compared]
    largest = max(np.abs(a).max(initial=0.0), np.abs(n).max(initial=0.0))
    scale = np.maximum(max(largest, _TINY), rounding[compared] / _ROUNDING_SHARE)
    return float((np.abs(a - n) / scale).max(initial=0.0))


def _checked_step(step: object) -> float:
    if isinstance(step, bool) or not isinstance(step, int | float | np.integer | np.floating):
        raise ParameterError(
            f"step: {step!r} is not a number; use a small one, such as 1e-6", parameter="step"
        )
    if not 1e-10 <= step < np.inf:
        raise ParameterError(
            f"step: {step} is out of range, it must be at least 1e-10 and finite; "
            "use a small one, such as 1e-6",
            parameter="step",
        )
    return float(step)


def _checked_gradient(gradient: object, shape: tuple[int, ...]) -> Values:
    require_floating(grad=gradient)
    assert isinstance(gradient, np.ndarray)
    if gradient.shape != shape:
        raise ShapeError(
            f"grad: shape {gradient.shape} is not the shape {shape} of x; "
            "use one number for each entry of x",
            parameter="grad",
        )
    _require_finite("grad", gradient)
    return gradient.astype(np.float64, order="C", subok=False)


def _require_finite(name: str, array: Array) -> None:
    if not np.isfinite(array).all():
        raise ParameterError(f"{name}: holds nan or infinity; use finite numbers", parameter=name)
