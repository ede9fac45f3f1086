"""The table of a batch: every value of batch norm and of its gradients, sample by sample."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from engine.batch_norm_backward_trace import closed_form
from engine.batch_norm_graph import Batch
from engine.phases import Role
from engine.trace import Trace, is_rounding

# These add up to zero in exact arithmetic, whatever the batch and the loss.
_ZERO_SUMS = {"centred", "xhat", "grad_x_sigma2", "grad_x", "closed"}


@dataclass(frozen=True, kw_only=True)
class Column:
    """One quantity, of every sample.

    Attributes
    ----------
    key : str
        The name of its tensor; of a route to dL/dx "grad_x_" and the node that it comes through;
        "closed" for the gradient by its closed form.
    latex : str
        How formulas write it.
    role : Role
        Its part in the computation.
    values : tuple of float
        Its numbers, as the steps of the trace give them.
    route : str, optional
        The node through which this share of dL/dx comes.
    given : bool
        Whether it is an input of the computation.
    """

    key: str
    latex: str
    role: Role
    values: tuple[float, ...]
    route: str | None = None
    given: bool = False
    zero: bool = False

    @property
    def cancels(self) -> bool:
        """Whether the numbers add up to zero in exact arithmetic, though they are not all zero."""
        if self.zero:
            return any(self.values)
        return is_rounding(math.fsum(self.values), self.values)

    @property
    def sum(self) -> float:
        """What the numbers add up to, rounded once; zero where they cancel."""
        return 0.0 if self.cancels else math.fsum(self.values)


def batch_norm_table(trace: Trace, *, eps: float) -> tuple[Column, ...]:
    """List the columns of a batch.

    Parameters
    ----------
    trace : Trace
        Of `trace_batch_norm_pass`.
    eps : float
        What was added to the variance.

    Returns
    -------
    tuple of Column
        x, its deviations and their squares, xhat, y, the target if there is one, dL/dy, dL/dxhat,
        the routes to dL/dx, their sum dL/dx, and the same by its closed form.

    Examples
    --------
    >>> import numpy as np
    >>> from engine.batch_norm_pass_trace import trace_batch_norm_pass
    >>> x, one = np.array([[1.0], [2.0], [4.0], [7.0]]), np.ones(1)
    >>> trace = trace_batch_norm_pass(x, one, 0 * one, grad_output=x)
    >>> columns = {column.key: column for column in batch_norm_table(trace, eps=1e-5)}
    >>> columns["centred"].values, columns["centred"].sum, columns["squared"].sum
    ((-2.5, -1.5, 0.5, 3.5), 0.0, 21.0)
    """
    tensors, batch = trace.tensors, Batch(trace.tensors["x"].shape)
    beta = float(tensors["beta"].values[0])

    def column(key: str, zero: bool = False) -> Column:
        tensor, values = tensors[key], _written(trace, key)
        return Column(
            key=key,
            latex=batch.typeset(f"<{key}>"),
            role=tensor.role,
            values=values or tuple(tensor.values.ravel().tolist()),
            given=values is None,
            zero=zero or key in _ZERO_SUMS,
        )

    named = [name for name in ("xhat", "y", "target", "grad_y", "grad_xhat") if name in tensors]
    return (
        column("x"),
        *_deviations(trace, batch),
        # The sum of y is m times the shift.
        *(column(name, zero=name == "y" and beta == 0) for name in named),
        *_routes(trace),
        column("grad_x"),
        _closed(trace, batch, eps),
    )


def _written(trace: Trace, name: str) -> tuple[float, ...] | None:
    """Give what the steps leave in a tensor, or None if no phase writes it."""
    phases = [index for index, phase in enumerate(trace.phases) if phase.writes == name]
    shares = [_results(trace, index) for index in phases]
    return tuple(map(sum, zip(*shares, strict=True))) if shares else None


def _results(trace: Trace, phase: int) -> tuple[float, ...]:
    steps = (trace.step(phase, turn) for turn in range(trace.phases[phase].steps))
    return tuple(result for step in steps for result in step.results)


def _deviations(trace: Trace, batch: Batch) -> Iterator[Column]:
    """Give the terms of the variance, and what is squared in them."""
    mu = trace.read("mu", ((0, 1, 1),))[0]
    deviations = tuple(x - mu for x in trace.tensors["x"].values.ravel().tolist())
    squares = tuple(each * each for each in deviations)
    for key, latex, values in (
        ("centred", "<x> - <mu>", deviations),
        ("squared", "(<x> - <mu>)^2", squares),
    ):
        yield Column(
            key=key,
            latex=batch.typeset(latex),
            role="intermediate",
            values=values,
            zero=key in _ZERO_SUMS,
        )


def _routes(trace: Trace) -> Iterator[Column]:
    """Give what every phase that adds to dL/dx brings, by the gradient that it reads."""
    for index, phase in enumerate(trace.phases):
        if phase.writes != "grad_x":
            continue
        came = next(name for name in phase.reads.values() if name.startswith("grad_"))
        route = str(trace.tensors[came].gradient_of)
        yield Column(
            key=f"grad_x_{route}",
            latex=phase.term,
            role="gradient",
            values=_results(trace, index),
            route=route,
            zero=f"grad_x_{route}" in _ZERO_SUMS,
        )


def _closed(trace: Trace, batch: Batch, eps: float) -> Column:
    """Give dL/dx by the form that the six lines simplify to."""
    phase = closed_form(batch, eps)
    return Column(
        key="closed",
        latex=phase.term,
        role="gradient",
        values=_results(Trace("closed", list(trace.tensors.values()), [phase]), 0),
        zero=True,
    )


def batch_norm_names(trace: Trace, *, eps: float) -> dict[str, float]:
    """Name what is known of a batch as a whole.

    Parameters
    ----------
    trace, eps
        As for `batch_norm_table`.

    Returns
    -------
    dict of str to float
        m and eps; mean and standard deviation of x, xhat and y (the root of the biased variance);
        the root that x - mu is divided by; and the sum of ``dL/dx * xhat``, zero but for eps.
    """
    of = {name: tensor.values for name, tensor in trace.tensors.items()}
    mean, variance, gamma, beta = (float(of[n][0]) for n in ("mu", "sigma2", "gamma", "beta"))
    std, root = math.sqrt(variance), math.sqrt(variance + eps)
    products = (of["grad_x"] * of["xhat"]).ravel().tolist()
    return {
        "m": float(len(of["x"])),
        "eps": eps,
        "mean_x": mean,
        "std_x": std,
        "root": root,
        "mean_xhat": 0.0,
        "std_xhat": std / root,
        "mean_y": beta,
        "std_y": abs(gamma) * std / root,
        "sum_dx_xhat": math.fsum(products),
    }
