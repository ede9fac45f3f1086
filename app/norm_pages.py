"""The page of batch norm: one batch, its graph, and the way back."""

from __future__ import annotations

import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response

from app.catalogue import OPERATIONS
from app.controls import controls_of
from app.dependencies import CurrentSettings, Work, render
from app.lesson_figure import script_json
from app.nearest import did_you_mean
from app.norm_sections import SECTIONS
from app.pages import computed, in_sections, plain_control, unknown_key
from app.problem import Refused

router = APIRouter(include_in_schema=False)

_OP = "batch_norm_pass"
# What the address says beside the settings: the sample, the gradient, the step, the scene; and
# what the sections that speak for themselves keep there.
_VIEW_KEYS = ("i", "n", "t", "scene", "present")
_SECTION_KEYS = tuple(key for one in SECTIONS.values() for key in one.keys)
_SECTIONS = ("Batch", "Scale", "Gradient", "Graph")


@router.get("/batch-norm")
async def batch_norm(request: Request, settings: CurrentSettings, work: Work) -> Response:
    model = OPERATIONS[_OP].request
    controls = controls_of(model)
    beside = (*_VIEW_KEYS, *_SECTION_KEYS)
    known = {*(control.key for control in controls), *beside, "op"}
    query = dict(request.query_params)
    # What others hang on to a link, as trackers do, is told and does no harm.
    strays = [unknown_key(model, {key: ""}) for key in query if key and key not in known]
    asked = {key: text for key, text in query.items() if key in known}
    values, reply = await work.run(computed, _OP, asked, settings, beside)
    return render(
        request,
        "batch_norm.html",
        page="batch-norm",
        op=_OP,
        strays=[stray.detail["message"] for stray in strays if stray],
        sections=in_sections(controls, _SECTIONS),
        controls=script_json([plain_control(control) for control in controls]),
        values=values,
        reply=script_json(orjson.Fragment(reply)),
    )


@router.get("/batch-norm/sections/{name}")
async def section(request: Request, name: str) -> Response:
    """Give what a section holds below its heading, for the values of an address.

    The page fetches it when it is scrolled near.
    """
    if name not in SECTIONS:
        hint = did_you_mean(name, SECTIONS) or f"; there are {', '.join(SECTIONS)}"
        raise Refused(404, f"There is no section {name[:40]}{hint}")
    context = SECTIONS[name].context(request.query_params)
    return render(request, f"batch_norm_{name}.html", **context)
