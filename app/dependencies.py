"""What handlers share, each reached by a name: ``async def handler(work: Work)``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

from app.image_store import ImageStore
from app.settings import Settings
from app.work import WorkPool


# These are coroutines because FastAPI sends plain functions to a thread.
async def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


async def _work(request: Request) -> WorkPool:
    work: WorkPool = request.app.state.work
    return work


async def _templates(request: Request) -> Jinja2Templates:
    templates: Jinja2Templates = request.app.state.templates
    return templates


async def _images(request: Request) -> ImageStore:
    images: ImageStore = request.app.state.images
    return images


CurrentSettings = Annotated[Settings, Depends(_settings)]
Work = Annotated[WorkPool, Depends(_work)]
Templates = Annotated[Jinja2Templates, Depends(_templates)]
Images = Annotated[ImageStore, Depends(_images)]


def render(
    request: Request,
    template: str,
    *,
    page: str | None = None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> HTMLResponse:
    """Fill a template; `page` is the entry of the navigation that the reader is at."""
    templates: Jinja2Templates = request.app.state.templates
    return templates.TemplateResponse(
        request, template, {"page": page, "status": status, **values}, status, headers
    )
