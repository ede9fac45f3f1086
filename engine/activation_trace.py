"""ReLU told step by step: one cell after the other, each by itself."""

from __future__ import annotations

from collections.abc import Callable

from engine.activation import relu, relu_backward
from engine.arrays import Array, require_floating
from engine.boxes import span
from engine.conv_operands import GRAD_X, GRAD_Y, X, Y
from engine.conv_tensors import float64
from engine.phases import Phase, Role, Tensor, Values
from engine.trace import Trace

# By the number of axes: a mini-batch of features, of signals, of volumes.
_AXES = {
    0: (),
    1: ("column",),
    2: ("sample", "feature"),
    3: ("image", "channel", "column"),
    4: ("image", "channel", "row", "column"),
}


def trace_relu(x: Array) -> Trace:
    """Explain ReLU: what `relu` computes, one cell at a time.

    Parameters
    ----------
    x : array
        As for `relu`; the trace works in float64.

    Returns
    -------
    Trace
        The tensors x and y, and a phase of one step for each cell.

    Raises
    ------
    ParameterError
        As `relu`.

    Examples
    --------
    >>> import numpy as np
    >>> [step.results for step in trace_relu(np.array([-2.0, 3.0]))]
    [(0.0,), (3.0,)]
    """
    require_floating(x=x)
    values = float64(x)
    term = rf"\max(0, {X.at()})"
    phase = _cell_by_cell(
        "Replace what is negative by zero",
        f"{Y.at()} = {term}",
        term,
        lambda x: max(x, 0.0),  # in this order, NaN stays
        reads={"x": "x"},
        writes="y",
        values=values,
    )
    tensors = [
        _tensor("x", "Input", "input", values),
        _tensor("y", "Output", "output", float64(relu(values))),
    ]
    return Trace("relu", tensors, [phase])


def trace_relu_backward(grad_output: Array, x: Array) -> Trace:
    """Explain the gradient of ReLU: it passes where the input was positive.

    Parameters
    ----------
    grad_output, x : array
        As for `relu_backward`; the trace works in float64.

    Returns
    -------
    Trace
        The tensors x, grad_y and grad_x, and a phase of one step for each cell.

    Raises
    ------
    ShapeError, ParameterError
        As `relu_backward`.

    Examples
    --------
    >>> import numpy as np
    >>> trace = trace_relu_backward(np.array([5.0, 5.0]), np.array([-2.0, 3.0]))
    >>> [step.results for step in trace]
    [(0.0,), (5.0,)]
    """
    require_floating(grad_output=grad_output, x=x)
    grad_y, values = float64(grad_output), float64(x)
    grad_x = float64(relu_backward(grad_y, values))
    term = rf"{GRAD_Y.at()} \text{{ if }} {X.at()} > 0 \text{{, else }} 0"
    phase = _cell_by_cell(
        "Let the gradient through where the input was positive",
        f"{GRAD_X.at()} = {term}",
        term,
        lambda g, x: 0.0 if x <= 0 else g,
        reads={"g": "grad_y", "x": "x"},
        writes="grad_x",
        values=values,
    )
    tensors = [
        _tensor("x", "Input", "input", values),
        _tensor("grad_y", "Upstream gradient", "gradient", grad_y, gradient_of="y"),
        _tensor("grad_x", "Gradient of input", "gradient", grad_x, gradient_of="x"),
    ]
    return Trace("relu_backward", tensors, [phase])


def _axes(values: Values) -> tuple[str, ...]:
    return _AXES.get(values.ndim, tuple(f"axis {n}" for n in range(1, values.ndim + 1)))


def _tensor(
    name: str, label: str, role: Role, values: Values, gradient_of: str | None = None
) -> Tensor:
    return Tensor(
        name=name,
        label=label,
        role=role,
        axes=_axes(values),
        values=values,
        gradient_of=gradient_of,
    )


def _cell_by_cell(
    title: str,
    formula: str,
    term: str,
    evaluate: Callable[..., float],
    *,
    reads: dict[str, str],
    writes: str,
    values: Values,
) -> Phase:
    """Say one formula of every cell, each by itself: all boxes are the same single cell."""
    loop = dict(zip(_axes(values), values.shape, strict=True))
    cell = [span(**{axis: 1}) for axis in loop]
    return Phase(
        title=title,
        formula=formula,
        term=term,
        evaluate=evaluate,
        reads=reads,
        writes=writes,
        loop=loop,
        bind=dict.fromkeys((*reads, writes), cell),
        combine="each",
    )
