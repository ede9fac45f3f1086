r"""How formulas write the cells of arrays: one operand of a sum, and the letters of settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# What a phase that adds writes between its two sides.
ADDS = r"\mathrel{+}="


@dataclass(frozen=True)
class Operand:
    r"""A symbol of a formula: the tensor it stands for, and the letter it is typeset with.

    Attributes
    ----------
    symbol : str
        Its name among the symbols of the phase.
    tensor : str
        The tensor it reads or writes.
    letter : str
        LaTeX of the array.
    gradient : bool
        Whether it is the gradient of the loss by that array.

    Examples
    --------
    >>> Operand("x", "padded", r"\tilde{x}").at("", "i + u")
    '\\sym{x}{\\tilde{x}_{i + u}}'
    >>> Operand("g", "grad_y", "y", gradient=True).at("k")
    '\\sym{g}{\\frac{\\partial L}{\\partial y_k}}'
    """

    symbol: str
    tensor: str
    letter: str
    gradient: bool = False

    def at(self, *indices: str) -> str:
        """Typeset the cell at these indices; empty ones are left out."""
        subscript = ",".join(index for index in indices if index)
        if len(subscript) > 1:
            subscript = f"{{{subscript}}}"
        cell = f"{self.letter}_{subscript}" if subscript else self.letter
        if self.gradient:
            cell = rf"\frac{{\partial L}}{{\partial {cell}}}"
        return rf"\sym{{{self.symbol}}}{{{cell}}}"


def per_axis(letter: str, values: Sequence[int]) -> list[str]:
    """Name a setting along each axis: one letter where all agree, else F_H and F_W.

    Examples
    --------
    >>> per_axis("F", (3, 3)), per_axis("F", (3, 5))
    (['F', 'F'], ['F_H', 'F_W'])
    """
    if len(set(values)) == 1:
        return [letter] * len(values)
    return [f"{letter}_{axis}" for axis in "HW"]


def factors(letter: str, values: Sequence[int]) -> list[str]:
    """Name the factor along each axis, where it is more than 1.

    Examples
    --------
    >>> factors("S", (2, 2)), factors("S", (1, 2)), factors("S", (1, 1))
    (['S', 'S'], ['', 'S_W '], ['', ''])
    """
    names = per_axis(letter, values)
    return [
        "" if value == 1 else name if name == letter else f"{name} "
        for name, value in zip(names, values, strict=True)
    ]


def share(divisor: float) -> str:
    r"""Write the factor that a divisor makes, or nothing for 1.

    Examples
    --------
    >>> share(9.0), share(1)
    ('\\frac{1}{9} ', '')
    """
    if divisor == 1:
        return ""
    number = str(int(divisor)) if float(divisor).is_integer() else repr(float(divisor))
    return rf"\frac{{1}}{{{number}}} "
