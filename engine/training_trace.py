"""A training as batch norm sees it: batches come, and the running statistics follow them."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from engine.arrays import Array, require_floating
from engine.batch_norm import batch_norm, update_running_stats
from engine.batch_norm_graph import float64
from engine.boxes import span
from engine.errors import ShapeError
from engine.phases import Phase, Role, Tensor, Values
from engine.trace import Trace

_MOMENTUM = r"\sym{momentum}{\alpha}"
_RUN = {"mean": r"\mu_{\text{run},%s}", "var": r"\sigma^2_{\text{run},%s}"}
_MU, _SIGMA2 = r"\sym{mu}{\mu_{b}}", r"\sym{sigma2}{\sigma^2_{b}}"
_UNBIASED = r"\sym{unbiased}{\sigma^2_{\text{unbiased},b}}"
_X = r"\sym{x}{x_{b,i}}"
_SYMBOL = re.compile(r"\\sym\{(\w+)\}")
_TENSORS: dict[str, tuple[str, Role]] = {
    "x": ("Batches", "input"),
    "mu": ("Mean", "intermediate"),
    "sigma2": ("Variance", "intermediate"),
    "unbiased": ("Unbiased variance", "intermediate"),
    "running_mean": ("Running mean", "output"),
    "running_var": ("Running variance", "output"),
    "start_mean": ("First running mean", "input"),
    "start_var": ("First running variance", "input"),
    "momentum": ("Momentum", "weight"),
    "m": ("Samples in a batch", "input"),
    "population": ("Mean of the population", "input"),
}

Evaluate = Callable[..., float]


def trace_training(
    batches: Array,
    *,
    momentum: float = 0.1,
    mean: float = 0.0,
    var: float = 1.0,
    population: Array | None = None,
) -> Trace:
    """Explain how the running statistics follow the batches of a training.

    Parameters
    ----------
    batches : (k, m) array
        k batches of m samples, of one feature; m is at least 2.
    momentum : float
        Weight of the newest batch, as for `update_running_stats`.
    mean, var : float
        The running statistics before the first batch.
    population : (k,) array, optional
        The means of what the batches were drawn from: shown beside, read by nothing.

    Returns
    -------
    Trace
        The tensors x, mu, sigma2 and unbiased, one value a batch; running_mean and running_var
        of k + 1 values, from before the first batch to after the last. One move a batch.

    Raises
    ------
    ShapeError, ParameterError
        As `batch_norm` and `update_running_stats`; or if `batches` has not two axes.

    Notes
    -----
    ``running_mean[b] = (1 - momentum) * running_mean[b - 1] + momentum * mu[b]``; the variance
    likewise, with ``unbiased[b] = m / (m - 1) * sigma2[b]``.

    Examples
    --------
    >>> trace = trace_training(np.array([[1.0, 3.0], [5.0, 7.0]]), momentum=0.5)
    >>> trace.tensors["running_mean"].values
    array([0. , 1. , 3.5])
    """
    require_floating(batches=batches)
    if batches.ndim != 2:
        raise ShapeError(
            f"batches: expected the axes (k, m), got shape {batches.shape}; "
            "use one row of samples a batch",
            parameter="batches",
        )
    x = float64(batches)
    values = {"x": x, **_statistics(x, momentum, mean, var)}
    given = {"start_mean": mean, "start_var": var, "momentum": momentum, "m": x.shape[1]}
    values |= {name: np.array(value, dtype=np.float64) for name, value in given.items()}
    if population is not None:
        values["population"] = float64(population)
    return Trace(
        "batch_norm_training",
        [_tensor(name, array) for name, array in values.items()],
        _phases(x.shape),
    )


def _statistics(x: Values, momentum: float, mean: float, var: float) -> dict[str, Values]:
    """Let the fast operations follow the batches."""
    one = np.ones(1)
    forwards = [batch_norm(batch[:, None], one, one) for batch in x]
    running: list[tuple[Array, Array]] = [(mean * one, var * one)]
    for forward in forwards:
        running.append(update_running_stats(*running[-1], forward, momentum=momentum))
    correction = x.shape[1] / (x.shape[1] - 1)
    means, variances = (np.concatenate(parts) for parts in zip(*running, strict=True))
    sigma2 = np.concatenate([forward.var for forward in forwards])
    return {
        "mu": np.concatenate([forward.mean for forward in forwards]),
        "sigma2": sigma2,
        "unbiased": correction * sigma2,
        "running_mean": means,
        "running_var": variances,
    }


def _phases(shape: tuple[int, int]) -> list[Phase]:
    average = r"\frac{1}{m} \sum_{i=1}^{m}"
    correction = r"\frac{\sym{m}{m}}{\sym{m}{m} - 1}"
    made: list[tuple[str, str, str, str, Evaluate]] = [
        ("Mean of the batch", "mu", f"{_MU} = {average}", _X, lambda x: x),
        (
            "Its variance",
            "sigma2",
            f"{_SIGMA2} = {average}",
            f"({_X} - {_MU})^2",
            lambda x, mu: (x - mu) * (x - mu),
        ),
        (
            "Correct its bias",
            "unbiased",
            f"{_UNBIASED} =",
            rf"{correction} \cdot {_SIGMA2}",
            lambda m, sigma2: m / (m - 1) * sigma2,
        ),
        ("Move the running mean", "running_mean", *_moved("mean", _MU), _weighted),
        ("Move the running variance", "running_var", *_moved("var", _UNBIASED), _weighted),
    ]
    return [*map(_start, _RUN), *(_phase(shape, *parts) for parts in made)]


def _weighted(momentum: float, old: float, new: float) -> float:
    return (1 - momentum) * old + momentum * new


def _moved(which: str, new: str) -> tuple[str, str]:
    """Write the equation of a running statistic: its left side, and its one term."""
    letter = _RUN[which]
    old = rf"\sym{{old_{which}}}{{{letter % 'b-1'}}}"
    return (
        rf"\sym{{running_{which}}}{{{letter % 'b'}}} =",
        rf"(1 - {_MOMENTUM}) \cdot {old} + {_MOMENTUM} \cdot {new}",
    )


def _start(which: str) -> Phase:
    """Put the first value of a running statistic where the others will follow."""
    start = rf"\sym{{start_{which}}}{{{_RUN[which] % '0'}}}"
    return Phase(
        title=f"Start of running_{which}",
        formula=rf"\sym{{running_{which}}}{{{_RUN[which] % '0'}}} = {start}",
        term=start,
        evaluate=lambda value: value,
        reads={f"start_{which}": f"start_{which}"},
        writes=f"running_{which}",
        loop={"start": 1},
        bind={f"start_{which}": [], f"running_{which}": [span()]},
        combine="each",
        setup=True,
    )


def _phase(
    shape: tuple[int, int], title: str, writes: str, left: str, term: str, evaluate: Evaluate
) -> Phase:
    """Make a phase of one step a batch."""
    batches, samples = shape
    reads = list(dict.fromkeys(_SYMBOL.findall(term)))
    bind = {name: [span(batch=1)] for name in reads} | {
        "x": [span(batch=1), span(count=samples)],
        "momentum": [],
        "m": [],
        writes: [span(int(writes.startswith("running")), batch=1)],
    }
    return Phase(
        title=title,
        formula=f"{left} {term}",
        term=term,
        evaluate=evaluate,
        reads={name: name.replace("old_", "running_") for name in reads},
        writes=writes,
        loop={"batch": batches},
        bind={name: bind[name] for name in (*reads, writes)},
        combine="mean" if "x" in reads else "each",
        group="batch",
    )


def _tensor(name: str, values: Values) -> Tensor:
    label, role = _TENSORS[name]
    return Tensor(
        name=name, label=label, role=role, axes=("batch", "sample")[: values.ndim], values=values
    )
