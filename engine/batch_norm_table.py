"""The table of a batch: every value of batch norm and of its gradients, sample by sample."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from engine.batch_norm_backward_trace import closed_form
from engine.batch_norm_graph import Batch
from engine.carried_out import CarriedOut
from engine.phases import Role
from engine.precise import Precise


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
    numbers : sequence of Precise
        Its numbers, as the steps of the trace give them.
    route : str, optional
        The node through which this share of dL/dx comes.
    given : bool
        Whether it is an input of the computation.
    """

    key: str
    latex: str
    role: Role
    numbers: Sequence[Precise] = field(repr=False)
    route: str | None = None
    given: bool = False

    @property
    def values(self) -> tuple[float, ...]:
        """Its numbers, rounded."""
        return tuple(map(float, self.numbers))

    @property
    def sum(self) -> float:
        """What the numbers add up to, rounded once; zero where they cancel."""
        return float(sum(self.numbers))

    @property
    def cancels(self) -> bool:
        """Whether the numbers add up to zero, though they are not all zero."""
        return not sum(self.numbers) and any(self.values)


def batch_norm_table(trace: CarriedOut, *, eps: float) -> tuple[Column, ...]:
    """List the columns of a batch.

    Parameters
    ----------
    trace : CarriedOut
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
    written = {phase.writes for phase in trace.phases}

    def column(key: str) -> Column:
        return Column(
            key=key,
            latex=batch.typeset(f"<{key}>"),
            role=tensors[key].role,
            numbers=trace.numbers(key),
            given=key not in written,
        )

    named = [name for name in ("xhat", "y", "target", "grad_y", "grad_xhat") if name in tensors]
    closed = closed_form(batch, eps)
    return (
        column("x"),
        *_deviations(trace, batch),
        *map(column, named),
        *_routes(trace),
        column("grad_x"),
        Column(key="closed", latex=closed.term, role="gradient", numbers=trace.results_of(closed)),
    )


def _deviations(trace: CarriedOut, batch: Batch) -> Iterator[Column]:
    """Give the terms of the variance, and what is squared in them."""
    (mu,) = trace.numbers("mu")
    deviations = [x - mu for x in trace.numbers("x")]
    squares = [each * each for each in deviations]
    for key, latex, numbers in (
        ("centred", "<x> - <mu>", deviations),
        ("squared", "(<x> - <mu>)^2", squares),
    ):
        yield Column(key=key, latex=batch.typeset(latex), role="intermediate", numbers=numbers)


def _routes(trace: CarriedOut) -> Iterator[Column]:
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
            numbers=trace.results(index),
            route=route,
        )


def batch_norm_names(trace: CarriedOut, *, eps: float) -> dict[str, float]:
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
    pairs = zip(trace.numbers("grad_x"), trace.numbers("xhat"), strict=True)
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
        "sum_dx_xhat": float(sum(dx * xhat for dx, xhat in pairs)),
    }
