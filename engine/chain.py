"""Traces behind each other: what one operation writes, the next one reads."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import overload

import numpy as np

from engine.boxes import Box
from engine.errors import ParameterError, ShapeError
from engine.phases import Phase, Role, Tensor
from engine.trace import Trace

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
# A named symbol of a formula, as far as the letter it is typeset with: that of an array, or the
# one that a derivative of the loss is taken by.
_SYMBOL = re.compile(
    r"\\sym\{(?P<name>\w+)\}\{(?P<by>\\frac\{\\partial L\}\{\\partial )?"
    r"(?P<letter>\\[a-z]+\{\w\}|\\[a-z]+|[A-Za-z])?"
)


def chain(op: str, traces: Sequence[Trace], *, formula: str = "") -> Trace:
    """Put traces behind each other as one.

    Parameters
    ----------
    op : str
        The name of the whole.
    traces : sequence of Trace
        The parts, in order. Tensors of one name are one tensor, so that what a part writes flows
        into the next; use `renamed` to say which are the same.
    formula : str
        LaTeX of the whole in one line, if there is one.

    Returns
    -------
    Trace
        All tensors and all phases, in order. Of tensors of one name the first sets the label,
        the role and the names of the axes. What one part has written, a later one does not write
        again: the forward pass that a backward trace begins with is left out behind a forward
        trace. A phase that prepares is played where it reads what was played before it.

    Raises
    ------
    ShapeError
        If tensors of one name have different shapes.
    ParameterError
        If they have different values, or an earlier part is given what a later one computes.

    Examples
    --------
    >>> from engine.conv2d_trace import trace_conv2d
    >>> x, weight = np.arange(16.0).reshape(1, 1, 4, 4), np.ones((1, 1, 2, 2))
    >>> first = trace_conv2d(x, weight)
    >>> second = trace_conv2d(first.tensors["y"].values, 10 * weight)
    >>> both = chain(
    ...     "two_layers",
    ...     [first, renamed(second, {"x": "y", "weight": "weight2", "y": "y2"})],
    ... )
    >>> list(both.tensors), len(both)
    (['x', 'weight', 'y', 'weight2', 'y2'], 13)
    >>> both[9].terms
    (100.0, 140.0, 260.0, 300.0)
    """
    tensors: dict[str, Tensor] = {}
    phases: list[Phase] = []
    for number, trace in enumerate(traces):
        given, written = set(tensors), {phase.writes for phase in phases}
        played = {phase.writes for phase in phases if not phase.setup}
        for name, tensor in trace.tensors.items():
            _check_same(tensors.setdefault(name, tensor), tensor)
        for phase in trace.phases:
            if phase.writes in written:
                continue
            if phase.writes in given:
                raise ParameterError(
                    f"traces: an earlier one is given {phase.writes!r}, which {trace.op!r} "
                    "computes; put that before it, or give one of the tensors another name",
                    parameter="traces",
                )
            phases.append(
                replace(
                    phase,
                    group=phase.group and f"part{number}_{phase.group}",
                    subtotals=phase.subtotals and _axis(phase, trace.tensors, tensors),
                    setup=phase.setup and played.isdisjoint(phase.reads.values()),
                )
            )
            if not phases[-1].setup:
                played.add(phase.writes)
    return Trace(op, list(tensors.values()), phases, formula=formula)


def renamed(
    trace: Trace,
    names: Mapping[str, str],
    *,
    prefix: str = "",
    labels: Mapping[str, str] | None = None,
    roles: Mapping[str, Role] | None = None,
    letters: Mapping[str, str] | None = None,
) -> Trace:
    r"""Copy a trace, its tensors under other names.

    Parameters
    ----------
    trace : Trace
        Left as it is.
    names : mapping of str to str
        Old name to new one: a letter, then letters, digits and underscores.
    prefix : str
        Stands before every name that is not in `names`.
    labels, roles : mapping of str, optional
        What people call a tensor, and its part in the whole, by new name; others stay.
    letters : mapping of str to str, optional
        LaTeX of the letter that formulas write a tensor with, by new name: its indices stay, and
        so does the fraction of a gradient.

    Returns
    -------
    Trace
        The same steps. Symbols that a phase reads keep their names, and stand for the tensors
        under their new ones; the symbol of what it writes is called as the tensor.

    Raises
    ------
    ParameterError
        If a name is unknown, not well-formed, given twice, or already that of another symbol of
        the phase that writes the tensor.

    Examples
    --------
    >>> from engine.conv2d_trace import trace_conv2d
    >>> trace = trace_conv2d(np.ones((1, 1, 2, 2)), np.ones((1, 1, 2, 2)))
    >>> named = renamed(trace, {"y": "conv_y"}, letters={"conv_y": "z", "weight": r"\theta"})
    >>> named.phases[0].formula.replace(r"\sum_{u} \sum_{v} ", "")
    '\\sym{conv_y}{z_{i,j}} = \\sym{w}{\\theta_{u,v}} \\cdot \\sym{x}{x_{i + u,j + v}}'
    """
    new = _new_names(trace, names, prefix)
    labels, roles, letters = labels or {}, roles or {}, letters or {}
    for option, by_name in {"labels": labels, "roles": roles, "letters": letters}.items():
        _check_known(option, by_name, new.values())
    tensors = [
        replace(
            tensor,
            name=new[name],
            label=labels.get(new[name], tensor.label),
            role=roles.get(new[name], tensor.role),
            extends=tensor.extends and new[tensor.extends],
            gradient_of=tensor.gradient_of and new[tensor.gradient_of],
            measures=tensor.measures and (new[tensor.measures[0]], tensor.measures[1]),
        )
        for name, tensor in trace.tensors.items()
    ]
    return Trace(
        trace.op,
        tensors,
        [_renamed_phase(phase, new, letters) for phase in trace.phases],
        formula=_retypeset(trace.formula, new, new, letters),
    )


def _check_same(first: Tensor, second: Tensor) -> None:
    if first.shape != second.shape:
        raise ShapeError(
            f"traces: {first.name!r} has shape {first.shape} in one and {second.shape} in "
            "another; give one of the tensors another name",
            parameter="traces",
        )
    # Most are the same to the last bit, which is seen much sooner.
    if not np.array_equal(first.values, second.values) and not np.allclose(
        first.values, second.values, rtol=1e-9, atol=1e-12, equal_nan=True
    ):
        raise ParameterError(
            f"traces: {first.name!r} has other values in one than in another; "
            "make each from what the one before it gives, or give one of the tensors another name",
            parameter="traces",
        )


def _axis(phase: Phase, before: Mapping[str, Tensor], now: Mapping[str, Tensor]) -> str:
    """Give the axis of the subtotals the name that it has in the tensor of the chain."""
    name = phase.reads[phase.factors[0]]
    return now[name].axes[before[name].axes.index(str(phase.subtotals))]


def _new_names(trace: Trace, names: Mapping[str, str], prefix: str) -> dict[str, str]:
    """Give the new name of every tensor, and of those that tensors only refer to."""
    known = dict.fromkeys(trace.tensors)
    for tensor in trace.tensors.values():
        measured = tensor.measures and tensor.measures[0]
        known |= dict.fromkeys(filter(None, (tensor.extends, tensor.gradient_of, measured)))
    _check_known("names", names, known)
    new = {name: names.get(name, prefix + name) for name in known}
    for name in new.values():
        if not _NAME.fullmatch(name):
            raise ParameterError(
                f"names: {name!r} is no name for a tensor; "
                "use a letter, then letters, digits and underscores",
                parameter="names",
            )
    taken = [name for name in new.values() if list(new.values()).count(name) > 1]
    if taken:
        raise ParameterError(
            f"names: two tensors would be called {taken[0]!r}; give one of them another name",
            parameter="names",
        )
    return new


def _check_known(option: str, given: Mapping[str, str], known: Collection[str]) -> None:
    for name in given:
        if name not in known:
            raise ParameterError(
                f"{option}: there is no tensor {name!r}; use some of {', '.join(known)}",
                parameter=option,
            )


def _renamed_phase(phase: Phase, new: Mapping[str, str], letters: Mapping[str, str]) -> Phase:
    written = new[phase.writes]
    if written != phase.writes and written in phase.reads:
        raise ParameterError(
            f"names: {written!r} is already a symbol of the phase {phase.title!r}; "
            f"give {phase.writes!r} another name",
            parameter="names",
        )
    symbols = {symbol: symbol for symbol in phase.reads} | {phase.writes: written}
    tensors = {symbol: new[tensor] for symbol, tensor in phase.reads.items()}
    tensors |= {phase.writes: written}
    return replace(
        phase,
        formula=_retypeset(phase.formula, symbols, tensors, letters),
        term=_retypeset(phase.term, symbols, tensors, letters),
        reads={symbols[symbol]: tensors[symbol] for symbol in phase.reads},
        writes=written,
        bind={symbols[symbol]: spans for symbol, spans in phase.bind.items()},
        boxes=_RenamedBoxes(phase.boxes, symbols) if phase.boxes else (),
        extra=tuple(symbols[symbol] for symbol in phase.extra),
    )


class _RenamedBoxes(Sequence[Mapping[str, Box]]):
    """The boxes of a phase by other symbols; made when asked for, as they may have been before."""

    def __init__(self, boxes: Sequence[Mapping[str, Box]], symbols: Mapping[str, str]) -> None:
        self._boxes = boxes
        self._symbols = symbols

    def __len__(self) -> int:
        return len(self._boxes)

    @overload
    def __getitem__(self, index: int) -> Mapping[str, Box]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Mapping[str, Box]]: ...
    def __getitem__(self, index: int | slice) -> Mapping[str, Box] | Sequence[Mapping[str, Box]]:
        if isinstance(index, slice):
            return _RenamedBoxes(self._boxes[index], self._symbols)
        return {self._symbols[symbol]: box for symbol, box in self._boxes[index].items()}


def _retypeset(
    latex: str,
    symbols: Mapping[str, str],
    tensors: Mapping[str, str],
    letters: Mapping[str, str],
) -> str:
    def retypeset(found: re.Match[str]) -> str:
        name, by, letter = found["name"], found["by"] or "", found["letter"] or ""
        return rf"\sym{{{symbols[name]}}}{{{by}{letters.get(tensors[name], letter)}"

    return _SYMBOL.sub(retypeset, latex)
