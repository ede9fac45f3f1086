"""Receptive fields: what part of the input a cell behind a stack of layers depends on.

Everything here is along one axis: rows and columns do not mix, and a field on a picture is the
product of both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from engine.errors import ParameterError, ShapeError
from engine.window import Pair, effective_extent, normalise_int


@dataclass(frozen=True)
class Layer:
    """What a convolution or a pooling does along one axis.

    Attributes
    ----------
    kernel_size : int
        Taps of the window.
    stride : int
        Cells from one window to the next.
    padding : int or (int, int)
        Cells added on both sides, or before and after.
    dilation : int
        Cells from one tap to the next.

    Raises
    ------
    ParameterError
        If a setting is out of its range.
    """

    kernel_size: int
    stride: int = 1
    padding: int | Pair = 0
    dilation: int = 1

    def __post_init__(self) -> None:
        for name in ("kernel_size", "stride", "dilation"):
            # The class is frozen: this is how a field of it becomes a Python int.
            object.__setattr__(self, name, normalise_int(getattr(self, name), name, least=1))
        if isinstance(self.padding, tuple) and len(self.padding) != 2:
            raise ParameterError(
                f"padding: {self.padding} has {len(self.padding)} entries; "
                "use one integer, or a pair (before, after)",
                parameter="padding",
            )
        before, after = (normalise_int(cells, "padding", least=0) for cells in self.sides)
        object.__setattr__(self, "padding", (before, after))

    @property
    def sides(self) -> Pair:
        """Cells added before and after."""
        if isinstance(self.padding, tuple):
            return self.padding
        return self.padding, self.padding

    @property
    def extent(self) -> int:
        """Cells that the window spans, its holes included."""
        return effective_extent(self.kernel_size, self.dilation)

    def window(self, position: int) -> range:
        """List the cells of its input that one output cell reads, those of the padding too."""
        first = position * self.stride - self.sides[0]
        return range(first, first + self.extent, self.dilation)


@dataclass(frozen=True)
class Field:
    """The receptive field of the cells behind a layer, in cells of the input of the stack.

    Attributes
    ----------
    size : int
        From its first cell to its last, holes included.
    jump : int
        From the field of one cell to the field of the next: the stride of the whole stack.
    offset : int
        First cell of the field of cell 0; negative if that begins in the padding.
    """

    size: int
    jump: int
    offset: int

    @property
    def centre(self) -> float:
        """The middle of the field of cell 0; between two cells if the size is even."""
        return self.offset + (self.size - 1) / 2

    def at(self, position: int) -> Pair:
        """Give the first and the last cell of the field of any cell, padding included."""
        first = self.offset + position * self.jump
        return first, first + self.size - 1


@dataclass(frozen=True)
class Seen:
    """The cells that one cell behind a stack sees, in order.

    Attributes
    ----------
    cells : tuple of int
        Cells of the input that it depends on.
    padding : tuple of int
        Cells of the padding around the input: below 0, or from its size on.
    """

    cells: tuple[int, ...]
    padding: tuple[int, ...]


def receptive_field(layers: Sequence[Layer]) -> tuple[Field, ...]:
    """Follow the receptive field through a stack of layers.

    Parameters
    ----------
    layers : sequence of Layer
        Convolutions and poolings along one axis, the one next to the input first.

    Returns
    -------
    tuple of Field
        The field behind each layer.

    Raises
    ------
    ParameterError
        If one of them is no `Layer`.

    Notes
    -----
    With d(F - 1) + 1 the extent of a window, S its stride and P its padding before:

    - ``size    = size before + d * (F - 1) * jump before``
    - ``offset  = offset before - P * jump before``
    - ``jump    = jump before * S``

    A field may reach into the padding and, under dilation, have holes: `seen` lists its cells.

    References
    ----------
    Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural Networks",
    Distill (2019).

    Examples
    --------
    The first layers of AlexNet: a convolution, max pooling, a convolution.

    >>> fields = receptive_field([Layer(11, stride=4), Layer(3, stride=2), Layer(5, padding=2)])
    >>> [field.size for field in fields], [field.jump for field in fields]
    ([11, 19, 51], [4, 8, 8])
    >>> fields[-1].offset, fields[-1].centre, fields[-1].at(3)
    (-16, 9.0, (8, 58))
    """
    _check_layers(layers)
    input_itself = Field(size=1, jump=1, offset=0)
    return tuple(accumulate(layers, _behind, initial=input_itself))[1:]


def stack_sizes(layers: Sequence[Layer], size: int) -> tuple[int, ...]:
    """Count the cells before the first layer and behind each.

    Parameters
    ----------
    layers : sequence of Layer
        The stack, along one axis.
    size : int
        Cells of its input.

    Returns
    -------
    tuple of int
        ``floor((size - extent + padding) / stride) + 1`` behind each layer; `size` comes first.

    Raises
    ------
    ParameterError
        If a layer is no `Layer`, or the size no positive integer.
    ShapeError
        If a window does not fit into the padded input of its layer.

    Examples
    --------
    >>> stack_sizes([Layer(11, stride=4), Layer(3, stride=2), Layer(5, padding=2)], 227)
    (227, 55, 27, 27)
    """
    _check_layers(layers)
    sizes = [normalise_int(size, "size", least=1)]
    for number, layer in enumerate(layers, 1):
        room = sizes[-1] + sum(layer.sides) - layer.extent
        if room < 0:
            raise ShapeError(
                f"size: an input of {size} leaves {sizes[-1]} cells before layer {number}, "
                f"whose window of {layer.extent} does not fit with padding "
                f"{' and '.join(map(str, layer.sides))}; use an input of at least "
                f"{_least_size(layers[:number])} or more padding",
                parameter="size",
            )
        sizes.append(room // layer.stride + 1)
    return tuple(sizes)


def seen(layers: Sequence[Layer], position: int, size: int) -> Seen:
    """List exactly which input cells one cell behind a stack of layers sees.

    Parameters
    ----------
    layers : sequence of Layer
        The stack, along one axis.
    position : int
        The cell behind the last layer.
    size : int
        Cells of the input of the stack.

    Returns
    -------
    Seen
        Its cells and, apart, those of the padding of the first layer. What later layers add at
        their own borders is no part of the input and depends on none of it; ask for
        ``seen(layers[n:], position, sizes[n])`` to see it.

    Raises
    ------
    ParameterError
        If there is no such cell, or as `stack_sizes`.
    ShapeError
        As `stack_sizes`.

    Examples
    --------
    Two layers of two taps, those of the second 3 cells apart: there is a hole between them. Of
    two layers with padding, the zeros that the second one adds see nothing.

    >>> seen([Layer(2), Layer(2, dilation=3)], 0, 9).cells
    (0, 1, 3, 4)
    >>> seen([Layer(3, padding=1), Layer(3, padding=1)], 0, 5)
    Seen(cells=(0, 1, 2), padding=(-1,))
    """
    sizes = stack_sizes(layers, size)
    place = normalise_int(position, "position", least=0)
    if place >= sizes[-1]:
        raise ParameterError(
            f"position: {place} lies outside the output of {sizes[-1]} cells; "
            f"use 0 to {sizes[-1] - 1}",
            parameter="position",
        )
    cells, padding = {place}, set[int]()
    for layer, length in zip(reversed(layers), reversed(sizes[:-1]), strict=True):
        read = {cell for output in cells for cell in layer.window(output)}
        cells = {cell for cell in read if 0 <= cell < length}
        padding = read - cells
    return Seen(tuple(sorted(cells)), tuple(sorted(padding)))


def _behind(field: Field, layer: Layer) -> Field:
    return Field(
        size=field.size + (layer.extent - 1) * field.jump,
        jump=field.jump * layer.stride,
        offset=field.offset - layer.sides[0] * field.jump,
    )


def _least_size(layers: Sequence[Layer]) -> int:
    """Find the smallest input that leaves one window for the last layer, which has none."""
    size = 1
    for layer in reversed(layers):
        size = (size - 1) * layer.stride + layer.extent - sum(layer.sides)
    return size


def _check_layers(layers: Sequence[object]) -> None:
    for layer in layers:
        if not isinstance(layer, Layer):
            raise ParameterError(
                f"layers: {layer!r} is not a layer; use Layer(kernel_size, stride, padding, "
                "dilation)",
                parameter="layers",
            )
