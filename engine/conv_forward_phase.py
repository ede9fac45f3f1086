"""The phase of a convolution: every window of every filter gives one cell of a map."""

from __future__ import annotations

from engine.conv_layer import ConvLayer
from engine.conv_operands import BIAS, WEIGHT
from engine.notation import Operand, share
from engine.phases import Phase


def multiply_and_add(layer: ConvLayer, x: Operand, y: Operand, *, biased: bool = False) -> Phase:
    """Tell a convolution: one step for each cell of each map.

    Parameters
    ----------
    layer : ConvLayer
        The convolution.
    x, y : Operand
        What windows move over, and what is written.
    biased : bool
        Whether a bias is added.

    Returns
    -------
    Phase
        Image by image, filter by filter, row by row.
    """
    term = f"{WEIGHT.at(layer.k, layer.c, *layer.uv)} \\cdot {x.at(layer.c, *layer.under_tap)}"
    bias = f" + {BIAS.at(layer.k)}" if biased else ""
    sums = f"{share(layer.divisor)}{layer.sum_over_c}{layer.sum_over_uv}"
    return Phase(
        title="Multiply and add",
        formula=f"{y.at(layer.k, *layer.ij)} = {sums}{term}{bias}",
        term=term,
        evaluate=lambda w, x: w * x,
        reads={"w": "weight", x.symbol: x.tensor} | ({"b": "bias"} if biased else {}),
        writes=y.tensor,
        loop=layer.window_loops,
        bind={
            "w": layer.filter_box,
            x.symbol: layer.window_box,
            y.tensor: layer.map_box,
        }
        | ({"b": [layer.of_filter]} if biased else {}),
        divisor=layer.divisor,
        subtotals=layer.channel_loop,
        extra=("b",) if biased else (),
    )
