"""The page of batch norm: one batch, its graph, and the way back."""

from __future__ import annotations

import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response

from app.catalogue import OPERATIONS
from app.controls import controls_of
from app.dependencies import CurrentSettings, Work, render
from app.lesson_figure import script_json
from app.norm_sections import SECTIONS, contexts
from app.pages import computed, in_sections, plain_control

router = APIRouter(include_in_schema=False)

_OP = "batch_norm_pass"
# What the address says beside the settings: the sample, the gradient, the step, the scene; and
# what the sections that speak for themselves keep there.
_VIEW_KEYS = ("i", "n", "t", "scene", "present")
_SECTION_KEYS = tuple(key for section in SECTIONS.values() for key in section.keys)
_SECTIONS = ("Batch", "Scale", "Gradient", "Graph")


@router.get("/batch-norm")
async def batch_norm(request: Request, settings: CurrentSettings, work: Work) -> Response:
    query = dict(request.query_params)
    values, reply = await work.run(computed, _OP, query, settings, (*_VIEW_KEYS, *_SECTION_KEYS))
    controls = controls_of(OPERATIONS[_OP].request)
    return render(
        request,
        "batch_norm.html",
        page="batch-norm",
        op=_OP,
        sections=in_sections(controls, _SECTIONS),
        controls=script_json([plain_control(control) for control in controls]),
        values=values,
        reply=script_json(orjson.Fragment(reply)),
        **contexts(query),
    )
