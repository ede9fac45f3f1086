"""Padding: a border of zeros, or of copies of the input's own cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.arrays import Array, require_floating, require_shape
from engine.errors import ParameterError
from engine.geometry import check_border
from engine.padding_blocks import border_blocks, border_indices
from engine.phases import Phase, Tensor, Values
from engine.window import NO_PADDING, Padding, PaddingMode, Pair, Sides, normalise_padding

_TITLES = {
    "zeros": "Surround the input with zeros",
    "reflect": "Mirror the input at its edges",
    "replicate": "Repeat the cells at the edges",
    "circular": "Continue with the opposite side",
}


def pad2d(x: Array, padding: Padding, mode: PaddingMode = "zeros") -> Array:
    """Add rows and columns around every picture of a batch.

    Parameters
    ----------
    x : (N, C, H, W) array
        Input volumes, float32 or float64.
    padding : int, (h, w) or ((top, bottom), (left, right))
        Cells added on each side.
    mode : {"zeros", "reflect", "replicate", "circular"}
        What they hold: zeros; the cells mirrored at the edge, which is not repeated; the
        nearest edge cell; the cells of the opposite side.

    Returns
    -------
    (N, C, top + H + bottom, left + W + right) array
        A new array.

    Raises
    ------
    ShapeError
        If `x` does not have four axes.
    ParameterError
        If the type, the padding or the mode is not accepted, or a reflect or circular border is
        wider than the input can fill.

    Examples
    --------
    >>> x = np.array([[[[1.0, 2.0, 3.0]]]])
    >>> pad2d(x, ((0, 0), (2, 1)), "reflect")
    array([[[[3., 2., 1., 2., 3., 2.]]]])
    """
    dtype = require_floating(x=x)
    require_shape("x", x.shape, ("N", "C", "H", "W"))
    if padding == "same":
        raise ParameterError(
            'padding: "same" depends on a filter, and here is none; give the cells of each side',
            parameter="padding",
        )
    sides = normalise_padding(padding, filter_size=(1, 1))
    check_border((x.shape[2], x.shape[3]), sides, mode)
    return pad_axes(x, sides, mode, first_axis=2).astype(dtype, copy=sides == NO_PADDING)


def pad_axes(
    x: npt.NDArray[Any], sides: Sides, mode: PaddingMode, *, first_axis: int
) -> npt.NDArray[Any]:
    """Pad two neighbouring axes of any array; the arguments are trusted.

    Parameters
    ----------
    x : array
        Any type; the last axes may hold interleaved colours.
    sides : ((top, bottom), (left, right))
        Cells added on each side.
    mode : {"zeros", "reflect", "replicate", "circular"}
        What they hold.
    first_axis : int
        The axis of the rows; the columns are the next.

    Returns
    -------
    array
        A new array, or `x` itself if nothing is added.
    """
    if sides == NO_PADDING:
        return x
    axes = (first_axis, first_axis + 1)
    if mode == "zeros":
        shape, middle = list(x.shape), [slice(None)] * x.ndim
        for axis, (before, after) in zip(axes, sides, strict=True):
            middle[axis] = slice(before, before + x.shape[axis])
            shape[axis] += before + after
        padded = np.zeros(shape, dtype=x.dtype)
        padded[tuple(middle)] = x
        return padded
    for axis, (before, after) in zip(axes, sides, strict=True):
        x = x.take(source_index(x.shape[axis], before, after, mode), axis=axis)
    return x


def fold_border(
    padded: npt.NDArray[Any], sides: Sides, mode: PaddingMode, *, first_axis: int
) -> npt.NDArray[Any]:
    """Undo a padding for gradients: what reached a copy is added to the cell it copied.

    Parameters
    ----------
    padded : array
        Gradient of the padded array.
    sides : ((top, bottom), (left, right))
        Cells that were added on each side.
    mode : {"zeros", "reflect", "replicate", "circular"}
        What they held; zeros have no source, so their gradients are dropped.
    first_axis : int
        The axis of the rows; the columns are the next.

    Returns
    -------
    array
        Gradient of the array before padding; a view of `padded` if nothing had to be added.

    Examples
    --------
    >>> fold_border(np.array([[1.0, 2.0, 3.0, 4.0]]), ((0, 0), (2, 0)), "replicate", first_axis=0)
    array([[6., 4.]])
    """
    for axis, (before, after) in enumerate(sides, first_axis):
        size = padded.shape[axis] - before - after
        lines = np.moveaxis(padded, axis, 0)
        inside = lines[before : before + size]
        if mode != "zeros" and before + after:
            inside = inside.copy()
            index = source_index(size, before, after, mode)
            for at in (*range(before), *range(before + size, len(lines))):
                inside[index[at]] += lines[at]
        padded = np.moveaxis(inside, 0, axis)
    return padded


def source_index(size: int, before: int, after: int, mode: PaddingMode) -> npt.NDArray[np.intp]:
    """Say which input cell each padded cell copies along one axis, zeros aside.

    Parameters
    ----------
    size : int
        Cells of the input along the axis.
    before, after : int
        Cells added, few enough for the mode.
    mode : {"reflect", "replicate", "circular"}
        Where copies come from.

    Returns
    -------
    (before + size + after,) array of int

    Examples
    --------
    >>> source_index(4, 2, 2, "reflect").tolist()
    [2, 1, 0, 1, 2, 3, 2, 1]
    """
    index = np.arange(-before, size + after)
    if mode == "circular":
        return index % size
    if mode == "replicate":
        return index.clip(0, size - 1)
    mirrored = np.abs(index)
    return np.where(mirrored < size, mirrored, 2 * (size - 1) - mirrored)


def trace_padding(x: Values, sides: Sequence[Pair], mode: PaddingMode) -> tuple[Tensor, Phase]:
    """Tell the padding of "x" as at most nine blocks that are copied to "padded".

    Parameters
    ----------
    x : (N, C, H, W) or (N, C, L) array
        The values of the tensor "x".
    sides : ((top, bottom), (left, right)) or ((left, right),)
        Cells added on each side.
    mode : {"zeros", "reflect", "replicate", "circular"}
        What they hold; zeros have no source and are not written by a step.

    Returns
    -------
    Tensor, Phase
        The tensor "padded" and the phase that fills it before the play begins.
    """
    axes = ("row", "column") if len(sides) == 2 else ("position",)
    befores = tuple(before for before, _ in sides)
    values = x
    for axis, ends in enumerate(sides, 2):
        values = pad_axes(values[..., np.newaxis], (ends, (0, 0)), mode, first_axis=axis)[..., 0]
    padded = Tensor(
        name="padded",
        label="Padded input",
        role="input",
        axes=("image", "channel", *axes),
        values=values,
        fill=0.0 if mode == "zeros" else None,
        extends="x",
        offset=(0, 0, *befores),
    )
    target, source = border_indices(sides, mode)
    phase = Phase(
        title=_TITLES[mode],
        formula=rf"\sym{{padded}}{{\tilde{{x}}_{{{target}}}}} = \sym{{x}}{{x_{{{source}}}}}",
        term=rf"\sym{{x}}{{x_{{{source}}}}}",
        evaluate=lambda x: x,
        reads={"x": "x"},
        writes="padded",
        boxes=[{"x": own, "padded": to} for own, to in border_blocks(x.shape, sides, mode)],
        combine="each",
        setup=True,
    )
    return padded, phase
