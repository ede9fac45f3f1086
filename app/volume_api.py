"""Layers of any size over HTTP: their sizes, and any one cell."""

from __future__ import annotations

import orjson
from fastapi import APIRouter, Response

from app.dependencies import CurrentSettings, Work
from app.problem import Refused
from app.settings import Settings
from app.volume import explain_volume
from app.volume_request import VolumeRequest
from engine.errors import EngineError

router = APIRouter(prefix="/api")


def _explained(request: VolumeRequest, settings: Settings) -> bytes:
    return orjson.dumps(explain_volume(request, settings))


@router.post("/volume")
async def volume(body: VolumeRequest, settings: CurrentSettings, work: Work) -> Response:
    """Tell the sizes of a layer of any size and, with `at`, how one of its cells comes about."""
    try:
        content = await work.run(_explained, body, settings)
    except EngineError as error:
        raise Refused(422, str(error), field=error.parameter) from None
    return Response(content, media_type="application/json")
