"""The gradients of a convolution, gathered: each cell asks for everything that it takes part in.

The gradient of the input is a correlation too: with the flipped filter, over the upstream
gradient with S - 1 zeros put between its cells and zeros around it. That is the transposed
convolution.
"""

from __future__ import annotations

from engine.boxes import span
from engine.conv_layer import ConvLayer
from engine.conv_operands import BIAS, GRAD_BIAS, GRAD_WEIGHT, GRAD_Y, WEIGHT
from engine.notation import Operand, share
from engine.phases import Phase
from engine.window import Shape


def correlate_flipped(
    layer: ConvLayer, g: Operand, out: Operand, size: tuple[int, ...], *, biased: bool = False
) -> Phase:
    """Tell a correlation with the flipped filters: one step for each cell of the input's side.

    Parameters
    ----------
    layer : ConvLayer
        The convolution that is gone through backwards.
    g, out : Operand
        The spread maps, and what is written.
    size : tuple of int
        Cells written along each axis.
    biased : bool
        Whether a bias is added: in a transposed convolution.

    Returns
    -------
    Phase
        Image by image, channel by channel, row by row.
    """
    taps = layer.uv if layer.flip else layer.uv_flipped
    ones = (1,) * len(size)
    term = f"{WEIGHT.at(layer.k, layer.c, *taps)} \\cdot {g.at(layer.k, *layer.indices(ones))}"
    bias = f" + {BIAS.at(layer.c)}" if biased else ""
    sums = f"{share(layer.divisor)}{layer.sum_over_k}{layer.sum_over_uv}"
    of_group = span(count=layer.in_group, group=layer.in_group)
    return Phase(
        title="Correlate with the filter as it is"
        if layer.flip
        else "Correlate with the flipped filter",
        formula=f"{out.at(layer.c, *layer.ij)} = {sums}{term}{bias}",
        term=term,
        evaluate=lambda w, g: w * g,
        reads={"w": "weight", g.symbol: g.tensor} | ({"b": "bias"} if biased else {}),
        writes=out.tensor,
        loop={
            "image": layer.images,
            "group": layer.groups,
            layer.channel_loop: layer.depth,
            **dict(zip(layer.axes, size, strict=True)),
        },
        bind={
            "w": [
                of_group,
                span(**{layer.channel_loop: 1}),
                *layer.all_taps(backwards=not layer.flip),
            ],
            g.symbol: [span(image=1), of_group, *layer.window(ones)],
            out.tensor: [span(image=1), layer.of_channel, *layer.along],
        }
        | ({"b": [layer.of_channel]} if biased else {}),
        divisor=layer.divisor,
        subtotals=layer.filter_loop,
        extra=("b",) if biased else (),
    )


def one_weight_at_a_time(layer: ConvLayer, x: Operand, g: Operand) -> Phase:
    """Tell the gradient of the filters: one step a weight.

    Parameters
    ----------
    layer : ConvLayer
        The convolution.
    x, g : Operand
        What windows move over, and what belongs to each position of a window.

    Returns
    -------
    Phase
        Filter by filter, channel by channel, tap by tap.
    """
    n = "n" if layer.images > 1 else ""
    term = f"{x.at(n, layer.c, *layer.under_tap)} \\cdot {g.at(n, layer.k, *layer.ij)}"
    images = r"\sum_{n} " if n else ""
    sums = f"{share(layer.divisor)}{images}{layer.sum_over_ij}"
    every, channel = span(count=layer.images), span(**{layer.channel_loop: 1})
    # The cell under the first tap: at the window's end where taps are read backwards.
    under_tap = [
        span(border, count=positions, step=stride, **{axis: -dilation})
        if layer.flip
        else span(count=positions, step=stride, **{axis: dilation})
        for axis, border, positions, stride, dilation in zip(
            layer.axes, layer.border, layer.positions, layer.stride, layer.dilation, strict=True
        )
    ]
    return Phase(
        title="Input times gradient, one weight at a time",
        formula=f"{GRAD_WEIGHT.at(layer.k, layer.c, *layer.uv)} = {sums}{term}",
        term=term,
        evaluate=lambda x, g: x * g,
        reads={x.symbol: x.tensor, g.symbol: g.tensor},
        writes="grad_weight",
        loop={
            "group": layer.groups,
            layer.filter_loop: layer.in_group,
            layer.channel_loop: layer.depth,
            **dict(zip(layer.axes, layer.taps, strict=True)),
        },
        bind={
            x.symbol: [every, layer.of_channel, *under_tap],
            g.symbol: [every, layer.of_filter, *(span(count=n) for n in layer.positions)],
            "grad_weight": [layer.of_filter, channel, *layer.along],
        },
        divisor=layer.divisor,
        subtotals="image",
    )


def one_bias_at_a_time(shape: Shape) -> Phase:
    """Tell the gradient of the bias: one step a map.

    Parameters
    ----------
    shape : (N, K, H2, W2) or (N, K, L2)
        Of the tensor "grad_y".

    Returns
    -------
    Phase
    """
    images, maps, *size = shape
    n, k = "n" if images > 1 else "", "k" if maps > 1 else ""
    indices = [index for index in (n, *"ij"[: len(size)]) if index]
    g = GRAD_Y.at(n, k, *"ij"[: len(size)])
    sums = "".join(rf"\sum_{{{index}}} " for index in indices)
    return Phase(
        title="Add up the gradients of each map",
        formula=f"{GRAD_BIAS.at(k)} = {sums}{g}",
        term=g,
        evaluate=lambda g: g,
        reads={"g": "grad_y"},
        writes="grad_bias",
        loop={"map": maps},
        bind={
            "g": [span(count=images), span(map=1), *(span(count=cells) for cells in size)],
            "grad_bias": [span(map=1)],
        },
        subtotals="image",
    )
