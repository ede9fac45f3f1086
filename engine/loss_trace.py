"""Losses told step by step: the squared error, and the one whose slopes are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.arrays import Array
from engine.boxes import span
from engine.conv_operands import Y
from engine.conv_tensors import conv_tensor, float64
from engine.errors import ShapeError
from engine.loss import squared_error
from engine.notation import Operand, share
from engine.phases import Phase, Tensor
from engine.trace import Trace

# The title of the step that makes a loss out of given slopes.
WEIGHED = "Loss: each y times its upstream gradient, added up"

_TARGET = Operand("t", "target", "t")
_GRAD_Y = Operand("grad_y", "grad_y", "y", gradient=True)
# By the number of axes: samples of features, maps of signals, maps of pictures.
_INDICES = {2: "nk", 3: "nki", 4: "nkij"}


def trace_squared_error(y: Array, target: Array) -> Trace:
    r"""Explain what `squared_error` computes.

    Parameters
    ----------
    y, target : (N, K), (N, K, L) or (N, K, H, W) array
        As for `squared_error`; the trace works in float64.

    Returns
    -------
    Trace
        The tensors y, target, loss (a single number) and grad_y; a phase that adds up the
        squares, and one that takes the differences, cell by cell.

    Raises
    ------
    ShapeError, ParameterError
        As `squared_error`, and for arrays of another number of axes.

    Notes
    -----
    ``L = 1/2 * sum of (y - t)**2`` and ``dL/dy = y - t``

    Examples
    --------
    >>> import numpy as np
    >>> trace = trace_squared_error(np.array([[3.0, 1.0]]), np.array([[1.0, 2.0]]))
    >>> [(step.terms, step.results) for step in trace]
    [((4.0, 1.0), (2.5,)), ((2.0,), (2.0,)), ((-1.0,), (-1.0,))]
    """
    loss = squared_error(y, target)
    if y.ndim not in _INDICES:
        raise ShapeError(
            f"y: {y.ndim} axes cannot be told cell by cell; use 2 to 4: (N, K), (N, K, L) or "
            "(N, K, H, W)",
            parameter="y",
        )
    output = conv_tensor("y", float64(y))
    tensors = [
        output,
        replace(output, name="target", label="Target", role="input", values=float64(target)),
        Tensor(name="loss", label="Loss", role="output", axes=(), values=np.array(loss.value)),
        conv_tensor("grad_y", float64(loss.gradient)),
    ]
    index = _cell(output)
    over = "".join(rf"\sum_{{{letter}}} " for letter in index)
    return Trace("squared_error", tensors, squared_error_phases(output, tensors[2], index, over))


def trace_weighted_sum(y: Array, grad_y: Array) -> Trace:
    r"""Explain the loss that has a given gradient: the sum of the output times it.

    Parameters
    ----------
    y, grad_y : (N, K), (N, K, L) or (N, K, H, W) array
        The output, and the gradient of the loss by it, which is held.

    Returns
    -------
    Trace
        The tensors y, grad_y and loss (a single number), and a phase that adds up.

    Examples
    --------
    >>> import numpy as np
    >>> trace = trace_weighted_sum(np.array([[3.0, 1.0]]), np.array([[0.5, 2.0]]))
    >>> trace[0].terms, trace[0].results
    ((1.5, 2.0), (3.5,))
    """
    output = conv_tensor("y", float64(y))
    gradient = conv_tensor("grad_y", float64(grad_y))
    total = float((output.values * gradient.values).sum())
    loss = Tensor(name="loss", label="Loss", role="output", axes=(), values=np.array(total))
    index = _cell(output)
    term = rf"{Y.at(*index)} \cdot {_GRAD_Y.at(*index)}"
    over = "".join(rf"\sum_{{{letter}}} " for letter in index)
    whole = [span(count=size) for size in output.shape]
    weigh = Phase(
        title=WEIGHED,
        formula=rf"\sym{{loss}}{{L}} = {over}{term}",
        term=term,
        evaluate=lambda y, grad_y: y * grad_y,
        reads={"y": "y", "grad_y": "grad_y"},
        writes="loss",
        loop={"once": 1},
        bind={"y": whole, "grad_y": whole, "loss": []},
    )
    return Trace("weighted_sum", [output, gradient, loss], [weigh])


def squared_error_phases(y: Tensor, loss: Tensor, index: Sequence[str], over: str) -> list[Phase]:
    r"""Tell `squared_error` of tensors that are called y, target, loss and grad_y.

    Parameters
    ----------
    y, loss : Tensor
        The output, and the single number that it leads to.
    index : sequence of str
        The letters that formulas write a cell with.
    over : str
        LaTeX of the sum over all cells.
    """
    return [_half_of_squares(y, loss, index, over), _differences(y, index)]


def _cell(y: Tensor) -> tuple[str, ...]:
    """Name the index along each axis that has more than one cell."""
    letters = _INDICES[y.values.ndim]
    return tuple(letter for letter, size in zip(letters, y.shape, strict=True) if size > 1)


def _half_of_squares(y: Tensor, loss: Tensor, index: Sequence[str], over: str) -> Phase:
    term = f"({Y.at(*index)} - {_TARGET.at(*index)})^2"
    whole = [span(count=size) for size in y.shape]
    return Phase(
        title="Add up the squared differences, and take half",
        formula=rf"\sym{{loss}}{{L}} = {share(2.0)}{over}{term}",
        term=term,
        evaluate=lambda y, t: (y - t) * (y - t),
        reads={"y": "y", "t": "target"},
        writes="loss",
        loop={"once": 1},
        bind={"y": whole, "t": whole, "loss": [span(count=size) for size in loss.shape]},
        divisor=2.0,
    )


def _differences(y: Tensor, index: Sequence[str]) -> Phase:
    term = f"{Y.at(*index)} - {_TARGET.at(*index)}"
    cell = [span(**{axis: 1}) for axis in y.axes]
    return Phase(
        title="Output minus target",
        formula=f"{_GRAD_Y.at(*index)} = {term}",
        term=term,
        evaluate=lambda y, t: y - t,
        reads={"y": "y", "t": "target"},
        writes="grad_y",
        loop=dict(zip(y.axes, y.shape, strict=True)),
        bind={"y": cell, "t": cell, "grad_y": cell},
        combine="each",
    )
