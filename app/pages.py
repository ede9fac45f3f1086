"""The pages with the lab on them: home and Explore."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import orjson
from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import Response

from app.catalogue import OPERATIONS
from app.controls import Control, body_of, controls_of, values_of
from app.dependencies import CurrentSettings, Work, render
from app.explain import explained, refusal
from app.fields import Strict
from app.lesson_figure import script_json
from app.lesson_pages import AllLessons
from app.nearest import did_you_mean
from app.problem import Problem
from app.settings import Settings
from app.validation import validation_problem
from engine.errors import EngineError

router = APIRouter(include_in_schema=False)

NAVIGATION = (
    ("lessons", "/lessons", "Lessons"),
    ("explore", "/explore", "Explore"),
    ("batch-norm", "/batch-norm", "Batch norm"),
    ("image", "/image", "Image studio"),
)

# What the live figure looks like, wherever it stands.
FIGURE_SHEETS = ("math", "tints", "figure", "lines", "player", "transport", "chips")

# What the address says beside the settings: the step, the shown channel, the projector's layout.
_VIEW_KEYS = ("t", "c", "present", "tab")
_SECTIONS = ("Input", "Filter", "Sliding", "Gradient", "Rules")


def computed(
    op: str,
    query: Mapping[str, str],
    settings: Settings,
    view_keys: Collection[str] = _VIEW_KEYS,
) -> tuple[dict[str, str], bytes]:
    """Give the value of every control, and the reply, or the problem, for a query string.

    The settings of all tabs are kept in the address; the tab that is open says which operation
    is asked, and that one is given the settings that it knows.
    """
    whole, asked = page_model(op), tabs_of(op).get(query.get("tab", ""), op)
    model = OPERATIONS[asked].request
    given = {key: text for key, text in query.items() if key not in (*view_keys, "op")}
    shown = {control.key: control.query for control in controls_of(whole)} | given
    unknown = unknown_key(whole, given)
    if unknown is not None:
        return shown, orjson.dumps({"problem": unknown.detail})
    own = {control.key for control in controls_of(model)}
    body = body_of(model, {key: text for key, text in given.items() if key in own})
    try:
        request = model.model_validate({"op": asked, **body})
    except ValidationError as error:
        problem = validation_problem(error.errors(), body=body, schema=model.model_json_schema())
        return shown, orjson.dumps({"problem": problem.detail})
    try:
        return shown | values_of(request.settled()), explained(asked, request, settings)
    except EngineError as error:
        return shown | given, orjson.dumps({"problem": _detail(request, error)})


def tabs_of(op: str) -> dict[str, str]:
    """Give the tabs of an operation's page, each with the operation that it asks for."""
    backward = OPERATIONS[op].backward
    return {"forward": op} | ({"backward": backward} if backward else {}) | {"volume": op}


def page_model(op: str) -> type[Strict]:
    """Give the request model that knows the settings of every tab."""
    return OPERATIONS[OPERATIONS[op].backward or op].request


def unknown_key(model: type[Strict], query: Mapping[str, str]) -> Problem | None:
    """Name the first key of a query that is no control's, and the one that was meant."""
    controls = controls_of(model)
    keys = {control.key for control in controls}
    key = next((key for key in query if key not in keys), None)
    if key is None:
        return None
    named = {control.path.split(".")[-1]: control.key for control in controls}
    meant = f' (did you mean "{named[key]}"?)' if key in named else did_you_mean(key, keys)
    return Problem(f"{key[:40]}: the address has a setting of no such name{meant}; leave it out")


def _detail(request: Strict, error: EngineError) -> dict[str, Any]:
    return refusal(request, error).problem.detail


@router.get("/explore")
async def explore(request: Request, settings: CurrentSettings, work: Work) -> Response:
    op = request.query_params.get("op", "conv2d")
    offered = {row.id: row.title for row in OPERATIONS.values() if row.explore}
    if op not in offered:
        known = ", ".join(offered)
        problem = Problem(
            f"op: {op[:40]!r} is no operation that can be explored; use {known}", "op"
        )
        op, reply = "conv2d", orjson.dumps({"problem": problem.detail})
        values, _ = await work.run(computed, op, {}, settings)
    else:
        values, reply = await work.run(computed, op, dict(request.query_params), settings)
    controls = controls_of(page_model(op))
    keys = {
        asked: {c.key for c in controls_of(OPERATIONS[asked].request)}
        for asked in tabs_of(op).values()
    }
    tab = request.query_params.get("tab", "")
    return render(
        request,
        "explore.html",
        page="explore",
        op=op,
        operations=offered,
        sections=in_sections(controls, _SECTIONS),
        tabs=tabs_of(op),
        tab=tab if tab in tabs_of(op) else "forward",
        controls=script_json(
            [
                plain_control(control) | {"ops": [op for op in keys if control.key in keys[op]]}
                for control in controls
            ]
        ),
        values=values,
        reply=script_json(orjson.Fragment(reply)),
    )


def in_sections(
    controls: Sequence[Control], names: Sequence[str]
) -> list[tuple[str, list[Control]]]:
    """Sort the controls of a page into its sections; those without any are left out."""
    sorted_ = {name: [control for control in controls if control.section == name] for name in names}
    return [(name, found) for name, found in sorted_.items() if found]


def plain_control(control: Control) -> dict[str, Any]:
    """Give what the page's script needs to know of a control."""
    names = ("key", "path", "label", "section", "kind", "query", "minimum", "maximum", "parts")
    return {name: getattr(control, name) for name in names}


@router.get("/")
async def home(
    request: Request, settings: CurrentSettings, work: Work, lessons: AllLessons
) -> Response:
    query = {"x": "edges", "fx": "sobel_x"}
    _, reply = await work.run(computed, "conv2d", query, settings)
    model = OPERATIONS["conv2d"].request
    return render(
        request,
        "home.html",
        page="home",
        reply=script_json(orjson.Fragment(reply)),
        query=script_json(query),
        controls=script_json([plain_control(control) for control in controls_of(model)]),
        lessons=list(lessons),
    )
