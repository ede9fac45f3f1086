"""The page of the image studio."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.dependencies import CurrentSettings, render
from app.image_filter import View
from app.samples import SAMPLES
from engine.kernel_library import KERNELS, Kernel
from engine.window import PADDING_MODES

router = APIRouter()

_STRONGEST = 5
_MODES = {
    "zeros": "Zeros",
    "reflect": "Reflect",
    "replicate": "Replicate",
    "circular": "Circular",
}
_FIRST = {"filter": "sobel_x", "mode": "reflect", "image": "sample-scene"}


@dataclass(frozen=True)
class Tap:
    """A small square in the drawing of a filter."""

    row: int
    column: int
    tint: int


@dataclass(frozen=True)
class FilterRow:
    """A filter as the list shows it."""

    id: str
    name: str
    about: str
    size: tuple[int, int]
    view: View
    taps: tuple[Tap, ...]


def _filter_row(identifier: str, kernel: Kernel) -> FilterRow:
    largest = abs(kernel.taps).max() or 1
    taps = tuple(
        Tap(row, column, _tint(tap / largest))
        for row, taps in enumerate(kernel.taps.tolist())
        for column, tap in enumerate(taps)
    )
    rows, columns = kernel.taps.shape
    # Taps that cancel answer with numbers around zero, and half of them would be clipped.
    view: View = "clip" if kernel.taps.sum() else "signed"
    return FilterRow(identifier, kernel.name, kernel.about, (rows, columns), view, taps)


def _tint(part: float) -> int:
    """Give the tint of a number from -1 to 1, as static/js/colour.js does; only zero is grey."""
    strength = ceil(abs(part) * _STRONGEST - 1e-9)
    return strength if part > 0 else -strength


_FILTERS = tuple(_filter_row(name, kernel) for name, kernel in KERNELS.items())


@router.get("/image", response_class=HTMLResponse, include_in_schema=False)
async def image_page(request: Request, settings: CurrentSettings) -> HTMLResponse:
    values: dict[str, Any] = {
        "filters": _FILTERS,
        "samples": SAMPLES,
        "modes": [(mode, _MODES[mode]) for mode in PADDING_MODES],
        "first": _FIRST,
        "upload_bytes": settings.upload_bytes,
        "store_minutes": f"{settings.store_seconds / 60:g}",
    }
    return render(request, "image.html", page="image", **values)
