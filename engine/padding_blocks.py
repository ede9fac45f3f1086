"""Padding as blocks: which box of the input fills which box of the padded input."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from engine.boxes import Box
from engine.window import PaddingMode, Pair, Shape

_Part = tuple[int, int, int]

_SOURCES = {
    "reflect": r"\operatorname{mirror}(%(i)s - %(p)s)",
    "replicate": r"\operatorname{nearest}(%(i)s - %(p)s)",
    "circular": r"(%(i)s - %(p)s) \bmod %(size)s",
}
# For one axis or two: the side that comes first, and the letter of the size.
_SIDES = {1: [("left", "L_1")], 2: [("top", "H_1"), ("left", "W_1")]}


def border_indices(sides: Sequence[Pair], mode: PaddingMode) -> tuple[str, str]:
    """Write the indices of a padded cell and of the cell it copies, in LaTeX.

    Parameters
    ----------
    sides : ((top, bottom), (left, right)) or ((left, right),)
        Cells added on each side.
    mode : {"zeros", "reflect", "replicate", "circular"}
        What they hold.

    Returns
    -------
    str, str
    """
    names = _SIDES[len(sides)]
    if len({cells for ends in sides for cells in ends}) == 1:
        letters = ["P"] * len(sides)
    else:
        letters = [rf"P_{{\text{{{side}}}}}" for side, _ in names]
    plain = ", ".join("ij"[: len(sides)])
    if mode == "zeros":
        return ", ".join(f"{i} + {p}" for i, p in zip("ij", letters, strict=False)), plain
    sources = (
        _SOURCES[mode] % {"i": i, "p": p, "size": size}
        for i, p, (_, size) in zip("ij", letters, names, strict=False)
    )
    return plain, ", ".join(sources)


def border_blocks(shape: Shape, sides: Sequence[Pair], mode: PaddingMode) -> list[tuple[Box, Box]]:
    """Pair the boxes that padding copies with the boxes that it fills.

    Parameters
    ----------
    shape : (N, C, H, W) or (N, C, L)
        Of the input.
    sides : ((top, bottom), (left, right)) or ((left, right),)
        Cells added on each side.
    mode : {"zeros", "reflect", "replicate", "circular"}
        What they hold.

    Returns
    -------
    list of (Box, Box)
        At most three an axis, every combination of them; one for zeros, the input itself.

    Examples
    --------
    >>> border_blocks((1, 1, 5), ((2, 0),), "replicate")[0]
    (((0, 1, 1), (0, 1, 1), (0, 2, 0)), ((0, 1, 1), (0, 1, 1), (0, 2, 1)))
    """
    images, channels, *size = shape
    whole = ((0, images, 1), (0, channels, 1))
    along = (
        _blocks(cells, before, after, mode)
        for cells, (before, after) in zip(size, sides, strict=True)
    )
    return [
        ((*whole, *(source for source, _ in parts)), (*whole, *(target for _, target in parts)))
        for parts in product(*along)
    ]


def _blocks(size: int, before: int, after: int, mode: PaddingMode) -> list[tuple[_Part, _Part]]:
    """Pair the source and the target of each block along one axis."""
    sources = {
        "zeros": ((0, 0, 1), (0, 0, 1)),
        "reflect": ((before, before, -1), (size - 2, after, -1)),
        "replicate": ((0, before, 0), (size - 1, after, 0)),
        "circular": ((size - before, before, 1), (0, after, 1)),
    }[mode]
    blocks = [
        (sources[0], (0, before, 1)),
        ((0, size, 1), (before, size, 1)),
        (sources[1], (before + size, after, 1)),
    ]
    return [(source, target) for source, target in blocks if source[1]]
