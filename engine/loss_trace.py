"""The squared error told step by step: one sum for the loss, one difference a cell."""

from __future__ import annotations

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
    return Trace("squared_error", tensors, [_half_of_squares(output), _differences(output)])


def _cell(y: Tensor) -> tuple[str, ...]:
    """Name the index along each axis that has more than one cell."""
    letters = _INDICES[y.values.ndim]
    return tuple(letter for letter, size in zip(letters, y.shape, strict=True) if size > 1)


def _half_of_squares(y: Tensor) -> Phase:
    indices = _cell(y)
    sums = "".join(rf"\sum_{{{index}}} " for index in indices)
    term = f"({Y.at(*indices)} - {_TARGET.at(*indices)})^2"
    whole = [span(count=size) for size in y.shape]
    return Phase(
        title="Add up the squared differences, and take half",
        formula=rf"\sym{{loss}}{{L}} = {share(2.0)}{sums}{term}",
        term=term,
        evaluate=lambda y, t: (y - t) * (y - t),
        reads={"y": "y", "t": "target"},
        writes="loss",
        loop={"once": 1},
        bind={"y": whole, "t": whole, "loss": []},
        divisor=2.0,
    )


def _differences(y: Tensor) -> Phase:
    indices = _cell(y)
    term = f"{Y.at(*indices)} - {_TARGET.at(*indices)}"
    cell = [span(**{axis: 1}) for axis in y.axes]
    return Phase(
        title="Output minus target",
        formula=f"{_GRAD_Y.at(*indices)} = {term}",
        term=term,
        evaluate=lambda y, t: y - t,
        reads={"y": "y", "t": "target"},
        writes="grad_y",
        loop=dict(zip(y.axes, y.shape, strict=True)),
        bind={"y": cell, "t": cell, "grad_y": cell},
        combine="each",
    )
