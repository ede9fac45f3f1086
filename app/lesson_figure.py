"""The live figure of a lesson step: checked like a request to the API, computed when it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args

import orjson
from markupsafe import Markup
from pydantic import Field

from app.catalogue import Operation
from app.controls import Control, controls_of, query_text
from app.fields import Strict
from app.lesson_yaml import Block, Report, checked
from app.nearest import did_you_mean
from app.settings import Settings
from app.wire import encode
from engine.errors import EngineError

Part = Literal["window", "sum", "size"]


class FigureView(Strict):
    """How a figure is shown; the other settings of its block are the operation's."""

    show: tuple[str, ...] = ("window", "sum")
    controls: tuple[str, ...] = ()
    lock: tuple[str, ...] = ()
    at: Annotated[int, Field(ge=0)] = 0


@dataclass(frozen=True)
class Setting:
    """A control that stands beside a figure, with the value the lesson gives it."""

    control: Control
    value: str
    locked: bool


@dataclass(frozen=True)
class Figure:
    """A live figure: what was asked, what the engine answered, and how it is shown.

    `request` and `reply` are JSON for a script element; the request is the body, and the place
    in it of every setting by its query key.
    """

    title: str
    request: Markup
    reply: Markup
    names: Mapping[str, float]
    show: tuple[str, ...]
    settings: tuple[Setting, ...]
    start: int


def script_json(content: Any) -> Markup:
    """Write JSON that cannot end the script element it stands in."""
    return Markup(orjson.dumps(content).decode().replace("<", "\\u003c"))


def read_figure(
    operation: Operation, block: Block, report: Report, limits: Settings
) -> Figure | None:
    """Check a figure's block and let the engine compute it; None after reporting faults."""
    about = f"viz {operation.id}"
    own = tuple(FigureView.model_fields)
    view = checked(FigureView, block.only(*own), block, report, about=about)
    given = {**block.without(*own), "op": operation.id}
    request = checked(operation.request, given, block, report, about=about, also_known=own)
    if view is None or request is None:
        return None
    try:
        explanation = operation.explain(request)
    except EngineError as refused:
        report.add(block.line(*refused.parameter.split(".")), f"{about}: {refused}")
        return None
    steps = sum(phase.steps for phase in explanation.trace.phases if not phase.setup)
    if view.at > steps:
        report.add(block.line("at"), f"{about}: at: {view.at} is past the last step, {steps}")
    _check_names(block, "show", view.show, get_args(Part), report, about)
    shown = _settings(operation, request, block, view, report, about)
    paths = {control.key: control.path for control in controls_of(operation.request)}
    body = request.model_dump(mode="json")
    return Figure(
        title=operation.title,
        request=script_json({"body": body, "paths": paths}),
        reply=script_json(encode(explanation, limits)),
        names=explanation.names,
        show=view.show,
        settings=shown,
        start=view.at,
    )


def _settings(
    operation: Operation,
    request: Strict,
    block: Block,
    view: FigureView,
    report: Report,
    about: str,
) -> tuple[Setting, ...]:
    """Find the controls that a student may use, and those that only show their value."""
    known = {control.path: control for control in controls_of(operation.request)}
    known = {path: control for path, control in known.items() if control.kind == "number"}
    _check_names(block, "controls", view.controls, known, report, about)
    _check_names(block, "lock", view.lock, known, report, about)
    for index, path in enumerate(view.lock):
        if path in view.controls:
            line = block.line("lock", index)
            report.add(line, f"{about}: lock: {path} is among the controls; keep it in one list")
    wanted = [path for path in known if path in (*view.controls, *view.lock)]
    return tuple(
        Setting(known[path], query_text(_value(request, path)), path in view.lock)
        for path in wanted
    )


def _value(request: object, path: str) -> object:
    for name in path.split("."):
        request = getattr(request, name)
    return request


def _check_names(
    block: Block,
    key: str,
    given: tuple[str, ...],
    known: Mapping[str, object] | tuple[str, ...],
    report: Report,
    about: str,
) -> None:
    for index, name in enumerate(given):
        if name not in known:
            hint = did_you_mean(name, known) or f"; there are {', '.join(known)}"
            report.add(block.line(key, index), f"{about}: {key}: no {name} here{hint}")
