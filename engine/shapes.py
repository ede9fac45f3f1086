"""The size of an output, and what a layer costs in numbers and in work."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from engine.geometry import check_shapes
from engine.window import Padding, Shape, Size


def conv2d_output_shape(
    input_shape: Shape,
    weight_shape: Shape,
    *,
    stride: Size = 1,
    padding: Padding = 0,
    dilation: Size = 1,
) -> tuple[int, int, int, int]:
    """Say which shape a convolution gives, without computing it.

    Parameters
    ----------
    input_shape : (N, C, H, W)
        Shape of the input.
    weight_shape : (K, C/groups, Fh, Fw)
        Shape of the filters.
    stride, dilation : int or (int, int)
        Cells from one window, or tap, to the next, for rows and columns; at least 1.
    padding : int, (h, w), ((top, bottom), (left, right)), "valid" or "same"
        Cells added around the input.

    Returns
    -------
    (N, K, H2, W2)
        ``H2 = floor((H - (dilation * (Fh - 1) + 1) + top + bottom) / stride) + 1``, W2 likewise.

    Raises
    ------
    ShapeError
        If a shape has the wrong number of axes, the depths cannot go together with any number
        of groups, or a filter does not fit.
    ParameterError
        If a setting is out of its range.

    References
    ----------
    Lecture, "Convolution: stride" and "Exercise".

    Examples
    --------
    >>> conv2d_output_shape((1, 3, 227, 227), (96, 3, 11, 11), stride=4)
    (1, 96, 55, 55)
    """
    geometry = check_shapes(
        input_shape, weight_shape, stride=stride, padding=padding, dilation=dilation
    )
    return int(input_shape[0]), int(weight_shape[0]), *geometry.output


@dataclass(frozen=True)
class Count:
    """A number with the sum that it comes from.

    Attributes
    ----------
    value : int
        The number.
    expression : str
        How it comes about: "2·(3·3·3+1) = 56".
    """

    value: int
    expression: str


def count_parameters(weight_shape: Shape, *, bias: bool = True) -> Count:
    """Count the numbers that a layer learns.

    Parameters
    ----------
    weight_shape : (K, C/groups, Fh, Fw)
        Shape of the filters.
    bias : bool
        Whether each filter has a bias.

    Returns
    -------
    Count
        ``K * (Fh * Fw * C/groups + 1)``, without the 1 if there is no bias.

    Examples
    --------
    >>> count_parameters((96, 3, 11, 11)).expression
    '96·(11·11·3+1) = 34,944'
    """
    filters, depth, height, width = weight_shape
    value = filters * (height * width * depth + bias)
    one = f"{height}·{width}·{depth}"
    inside = f"({one}+1)" if bias else one
    return Count(value, f"{filters}·{inside} = {value:,}")


def count_multiplications(
    input_shape: Shape,
    weight_shape: Shape,
    *,
    stride: Size = 1,
    padding: Padding = 0,
    dilation: Size = 1,
) -> Count:
    """Count the products of the definition: one for each tap of every window.

    Parameters
    ----------
    input_shape, weight_shape, stride, padding, dilation
        As for `conv2d_output_shape`.

    Returns
    -------
    Count
        ``H2 * W2 * K * (Fh * Fw * C/groups)``, times the images where there are several. Products
        with a padded zero count as well.

    Raises
    ------
    ShapeError, ParameterError
        As `conv2d_output_shape`.

    Examples
    --------
    >>> count_multiplications((1, 3, 7, 7), (2, 3, 3, 3)).expression
    '5·5·2·(3·3·3) = 1,350'
    """
    images, filters, rows, columns = conv2d_output_shape(
        input_shape, weight_shape, stride=stride, padding=padding, dilation=dilation
    )
    _, depth, height, width = weight_shape
    value = images * filters * rows * columns * prod(weight_shape[1:])
    batch = f"{images}·" if images > 1 else ""
    expression = f"{batch}{rows}·{columns}·{filters}·({height}·{width}·{depth}) = {value:,}"
    return Count(value, expression)
