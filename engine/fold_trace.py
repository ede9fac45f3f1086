"""The way back through a padding: what reached a copy is added to the cell that was copied."""

from __future__ import annotations

from collections.abc import Sequence

from engine.notation import ADDS, Operand
from engine.padding_blocks import border_blocks, border_indices
from engine.phases import Phase
from engine.window import PaddingMode, Pair, Shape

_TITLES = {
    "zeros": "Leave out the border",
    "reflect": "Add what reached the mirrored cells",
    "replicate": "Add what reached the repeated cells",
    "circular": "Add what reached the opposite side",
}


def trace_fold(shape: Shape, sides: Sequence[Pair], mode: PaddingMode) -> Phase:
    """Tell the gradient of a padding: the blocks of `trace_padding`, turned round, adding up.

    Parameters
    ----------
    shape : (N, C, H, W) or (N, C, L)
        Of the tensor "grad_x".
    sides : ((top, bottom), (left, right)) or ((left, right),)
        Cells added on each side.
    mode : {"zeros", "reflect", "replicate", "circular"}
        What they held; zeros have no source, so what reached them is dropped.

    Returns
    -------
    Phase
        Reads "grad_padded", adds to "grad_x".
    """
    at, source = border_indices(sides, mode)
    padded = Operand("g", "grad_padded", r"\tilde{x}", gradient=True).at(at)
    own = Operand("grad_x", "grad_x", "x", gradient=True).at(source)
    return Phase(
        title=_TITLES[mode],
        formula=f"{own} {ADDS} {padded}",
        term=padded,
        evaluate=lambda g: g,
        reads={"g": "grad_padded"},
        writes="grad_x",
        boxes=[{"g": to, "grad_x": own} for own, to in border_blocks(shape, sides, mode)],
        combine="each",
        adds=True,
    )
