"""Batch norm of one activation without any rounding: numbers a + b sqrt(v), a and b fractions."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from operator import add, mul, sub


def written(value):
    """Take a float as it is written: 0.1 is one tenth."""
    return Fraction(repr(float(value)))


@dataclass(frozen=True)
class Surd:
    """The number a + b sqrt(v), of which all results of a batch are made, with one v."""

    a: Fraction
    b: Fraction
    v: Fraction

    def __add__(self, other):
        other = self._like(other)
        return Surd(self.a + other.a, self.b + other.b, self.v)

    def __mul__(self, other):
        other = self._like(other)
        a = self.a * other.a + self.b * other.b * self.v
        return Surd(a, self.a * other.b + self.b * other.a, self.v)

    def __sub__(self, other):
        return self + self._like(other) * -1

    def __bool__(self):
        return bool(self.a or self.b) and (
            self.a * self.b >= 0 or self.a * self.a != self.b * self.b * self.v
        )

    def __float__(self):
        if not self:
            return 0.0
        if self.a * self.b >= 0:
            return float(self.a + self.b * _root(self.v))
        # What cancels is (a + b s) (a - b s), in whole.
        return float((self.a**2 - self.b**2 * self.v) / (self.a - self.b * _root(self.v)))

    def _like(self, other):
        return other if isinstance(other, Surd) else Surd(Fraction(other), Fraction(0), self.v)

    __radd__ = __add__
    __rmul__ = __mul__


def _root(value):
    """Give the root of a fraction to 40 digits and more."""
    wide = 2 ** (150 + max(0, value.denominator.bit_length() - value.numerator.bit_length()))
    return Fraction(isqrt(value.numerator * value.denominator * wide**2), value.denominator * wide)


def exact_batch_norm(x, back, *, behind, gamma, beta, eps):
    """Compute every node of both graphs, and every column of the table, by its name."""
    x, back = [written(value) for value in x], [written(value) for value in back]
    gamma, beta, m = written(gamma), written(beta), len(x)
    mu = sum(x) / m
    d = [each - mu for each in x]
    sigma2 = sum(each * each for each in d) / m
    v = sigma2 + written(eps)
    plain = Surd(Fraction(0), Fraction(0), v)
    root, inverse = Surd(Fraction(0), Fraction(1), v), Surd(Fraction(0), 1 / v, v)
    xhat = [inverse * each for each in d]
    scaled = [gamma * each for each in xhat]
    y = [each + beta for each in scaled]
    if behind == "target":
        grad_y = list(map(sub, y, back))
        loss = sum(each * each for each in grad_y) * Fraction(1, 2)
    else:
        grad_y = [plain + g for g in back]
        loss = sum(map(mul, y, grad_y))
    grad_xhat = [each * gamma for each in grad_y]
    grad_inverse = sum(map(mul, grad_xhat, d))
    grad_sigma2 = grad_inverse * inverse * Fraction(-1, 2) * (1 / v)
    via_xhat = [each * inverse for each in grad_xhat]
    via_sigma2 = [grad_sigma2 * (2 * each / m) for each in d]
    centred = list(map(add, via_xhat, via_sigma2))
    grad_mu = sum(via_xhat) * -1
    via_mu = grad_mu * Fraction(1, m)
    grad_x = [each + via_mu for each in centred]
    nodes = {
        "x": x, "mu": [mu], "centred": d, "squared": [each * each for each in d],
        "sigma2": [sigma2], "shifted": [v], "root": [root], "inverse": [inverse],
        "xhat": xhat, "gamma": [gamma], "scaled": scaled, "beta": [beta], "y": y,
        "target": back, "loss": [loss], "grad_y": grad_y, "grad_beta": [sum(grad_y)],
        "grad_scaled": grad_y, "grad_gamma": [sum(map(mul, grad_y, xhat))],
        "grad_xhat": grad_xhat, "grad_inverse": [grad_inverse], "grad_centred": centred,
        "grad_root": [grad_inverse * (-1 / v)], "grad_shifted": [grad_sigma2],
        "grad_sigma2": [grad_sigma2], "grad_squared": [grad_sigma2 * Fraction(1, m)] * m,
        "grad_mu": [grad_mu], "grad_x": grad_x, "grad_x_xhat": via_xhat,
        "grad_x_sigma2": via_sigma2, "grad_x_centred": centred, "grad_x_mu": [via_mu] * m,
        "closed": grad_x,
    }  # fmt: skip
    return {name: [plain + each for each in values] for name, values in nodes.items()}
