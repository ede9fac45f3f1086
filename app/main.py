"""Put the application together."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.middleware.gzip import GZipMiddleware

from app import (
    api,
    backward_api,
    image_api,
    image_pages,
    lab_api,
    lesson_pages,
    norm_pages,
    pages,
    volume_api,
)
from app.assets import Assets, asset_dir
from app.errors import LastResort, add_error_handlers
from app.headers import SecurityHeaders
from app.image_store import ImageStore
from app.lessons import folders_of, load
from app.limits import RequestLimits
from app.settings import LIMITS, Settings
from app.work import WorkPool

# What multipart adds around a file: boundaries and the headers of its part.
_FORM_BYTES = 16_384


def create_app(settings: Settings = LIMITS) -> FastAPI:
    """Build the application; everything that requests share hangs on its state.

    Raises
    ------
    LessonError
        If a lesson has faults.
    """
    app = FastAPI(
        title="ConvLens",
        summary="Convolutions, step by step, with every number shown.",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.settings = settings
    app.state.work = WorkPool(workers=settings.workers, queue=settings.queue)
    app.state.images = ImageStore(capacity=settings.store_bytes, lifetime=settings.store_seconds)
    app.state.lessons = load(folders_of(settings), settings)
    assets = Assets(asset_dir("static"), live=settings.reload)
    app.state.templates = _templates(assets, live=settings.reload)

    add_error_handlers(app)
    _add_middleware(app, settings)
    app.add_route("/static/{version}/{path:path}", assets.endpoint, methods=["GET"])
    app.add_api_route("/healthz", _healthz, include_in_schema=False)
    for part in (api, backward_api, lab_api, volume_api, image_api):
        app.include_router(part.router)
    for part in (image_pages, lesson_pages, norm_pages, pages):
        app.include_router(part.router)
    return app


def _add_middleware(app: FastAPI, settings: Settings) -> None:
    """Wrap the application, from the inside out."""
    # Half the time of level 6, and a twentieth more bytes: replies are waited for.
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=4)
    app.add_middleware(
        RequestLimits,
        settings=settings,
        streams={"/api/images": settings.upload_bytes + _FORM_BYTES},
    )
    app.add_middleware(LastResort)
    app.add_middleware(SecurityHeaders)


def _templates(assets: Assets, *, live: bool) -> Jinja2Templates:
    environment = Environment(
        loader=FileSystemLoader(asset_dir("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=live,
    )
    environment.globals |= {"static": assets.url, "script": assets.script, "styles": assets.styles}
    environment.globals["part"] = assets.part
    environment.globals |= {"navigation": pages.NAVIGATION, "FIGURE": pages.FIGURE_SHEETS}
    return Jinja2Templates(env=environment)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    # What is there now stays: searching it for garbage would hold up a reply by 50 ms at times.
    gc.collect()
    gc.freeze()
    yield
    app.state.work.close()
    gc.unfreeze()


async def _healthz() -> dict[str, Any]:
    return {"status": "ok"}
