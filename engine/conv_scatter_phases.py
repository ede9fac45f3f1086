"""The gradients of a convolution, scattered: the window walks as it did, and gives back.

Each output cell sends its gradient, times a weight, to every cell of its window; times the input
under it to every weight; and as it is to the bias. Where windows overlap, gradients add up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.boxes import Span
from engine.conv_layer import ConvLayer
from engine.conv_operands import GRAD_BIAS, GRAD_WEIGHT, GRAD_Y, WEIGHT
from engine.notation import ADDS, Operand, share
from engine.phases import Phase


def scatter_phases(layer: ConvLayer, x: Operand, grad_x: Operand) -> list[Phase]:
    """Tell the three gradients of a convolution: one step of each for each position of a window.

    Parameters
    ----------
    layer : ConvLayer
        The convolution.
    x, grad_x : Operand
        What windows moved over, and the gradient of it.

    Returns
    -------
    list of Phase
        One group: to the input, to the filters, to the bias. They add to what they write.
    """
    g = GRAD_Y.at(layer.k, *layer.ij)
    in_window = _Cells(x, layer.window_box, (layer.c, *layer.under_tap))
    in_filter = _Cells(WEIGHT, layer.filter_box, (layer.k, layer.c, *layer.uv))
    return [
        _send(layer, "Gradient times weight, to the window", in_filter, in_window.of(grad_x)),
        _send(layer, "Gradient times input, to the filter", in_window, in_filter.of(GRAD_WEIGHT)),
        Phase(
            title="Gradient, to the bias",
            formula=f"{GRAD_BIAS.at(layer.k)} {ADDS} {g}",
            term=g,
            evaluate=lambda g: g,
            reads={"g": "grad_y"},
            writes="grad_bias",
            loop=layer.window_loops,
            bind={"g": layer.map_box, "grad_bias": [layer.of_filter]},
            combine="each",
            adds=True,
            group="window",
        ),
    ]


@dataclass(frozen=True)
class _Cells:
    """The cells of an operand that take part in a step, and their indices."""

    operand: Operand
    box: list[Span]
    indices: tuple[str, ...]

    def of(self, operand: Operand) -> _Cells:
        """Name the same cells of another tensor."""
        return replace(self, operand=operand)

    @property
    def typeset(self) -> str:
        return self.operand.at(*self.indices)


def _send(layer: ConvLayer, title: str, given: _Cells, reached: _Cells) -> Phase:
    """Multiply each cell of a box by the gradient of one output, into a box of gradients."""
    term = f"{share(layer.divisor)}{given.typeset} \\cdot {GRAD_Y.at(layer.k, *layer.ij)}"
    return Phase(
        title=title,
        formula=f"{reached.typeset} {ADDS} {term}",
        term=term,
        evaluate=lambda factor, g: factor * g / layer.divisor,
        reads={given.operand.symbol: given.operand.tensor, "g": "grad_y"},
        writes=reached.operand.tensor,
        loop=layer.window_loops,
        bind={
            given.operand.symbol: given.box,
            "g": layer.map_box,
            reached.operand.tensor: reached.box,
        },
        combine="each",
        adds=True,
        group="window",
    )
