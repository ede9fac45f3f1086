"""Pictures over HTTP: send one, get it back clean, filter it, have a pixel explained."""

from __future__ import annotations

from typing import Annotated, Any, BinaryIO, Literal

import numpy as np
import numpy.typing as npt
import orjson
from fastapi import APIRouter, Response, UploadFile
from pydantic import Field, model_validator

from app.dependencies import CurrentSettings, Images, Work
from app.fields import Strict
from app.image_filter import View, clipped_picture, signed_picture
from app.image_pixel import CHANNELS, explain_pixel
from app.image_store import ImageStore, content_id
from app.images import Bounds, Picture, PictureError, decode, encode_png
from app.problem import Refused, one_of
from app.samples import SAMPLES, sample_picture, sample_thumbnail
from app.settings import Settings
from app.signed_colours import Theme
from app.work import WorkPool
from engine.errors import EngineError
from engine.geometry import check_border
from engine.kernel_library import KERNELS
from engine.window import PaddingMode, normalise_padding

router = APIRouter(prefix="/api/images", tags=["images"])

Taps = npt.NDArray[np.int64]
_MOST_TAPS = 11
_Tap = Annotated[int, Field(ge=-1000, le=1000, strict=True)]
_TapRow = Annotated[list[_Tap], Field(min_length=1, max_length=_MOST_TAPS)]


class FilterChoice(Strict):
    """A filter by its name, or by its integer taps and a divisor."""

    kernel: str | None = Field(None, max_length=64)
    taps: Annotated[list[_TapRow], Field(min_length=1, max_length=_MOST_TAPS)] | None = None
    divisor: float = Field(1.0, gt=0, le=1_000_000)
    padding_mode: PaddingMode = "reflect"

    @model_validator(mode="after")
    def _one_filter(self) -> FilterChoice:
        if (self.kernel is None) == (self.taps is None):
            raise ValueError("kernel: give either the name of a filter or its taps, not both")
        if self.kernel is not None and self.kernel not in KERNELS:
            known = one_of(tuple(KERNELS), near=self.kernel)
            raise ValueError(f'kernel: "{self.kernel}" is unknown; use {known}')
        if self.taps is not None and len({len(row) for row in self.taps}) > 1:
            raise ValueError("taps: the rows differ in length; give every row the same number")
        return self

    @property
    def numbers(self) -> tuple[Taps, float]:
        """The taps and the divisor."""
        if self.kernel is not None:
            return KERNELS[self.kernel].taps, float(KERNELS[self.kernel].divisor)
        return np.array(self.taps, dtype=np.int64), self.divisor


class FilterRequest(FilterChoice):
    """How to filter a picture, and how to show what is below 0 or above 255."""

    view: View = "clip"
    channel: int = Field(0, ge=0, le=2, description="The channel that signed colours show.")
    theme: Theme = "light"


class PixelRequest(FilterChoice):
    """The pixel to explain, counted from 0."""

    row: int = Field(ge=0, strict=True)
    column: int = Field(ge=0, strict=True)


@router.post("", status_code=201)
async def upload(
    file: UploadFile, settings: CurrentSettings, images: Images, work: Work
) -> Response:
    try:
        # The worker reads the file: what waits for one lies on disk, not in memory.
        name, picture = await work.run(_take_in, file.file, settings, images)
    except PictureError as error:
        raise Refused(error.status, str(error), field="file") from None
    return _json({"id": name, **_facts(picture)}, status=201)


@router.get("/{name}")
async def facts(name: str, images: Images, work: Work) -> Response:
    return _json({"id": name, **_facts(await _picture(name, images, work))})


@router.get("/{name}/png")
async def png(
    name: str, images: Images, work: Work, size: Literal["full", "thumbnail"] = "full"
) -> Response:
    if size == "thumbnail" and name in SAMPLES:
        return Response(await work.run(sample_thumbnail, name), media_type="image/png")
    picture = await _picture(name, images, work)
    return Response(await work.run(encode_png, picture.pixels), media_type="image/png")


@router.post("/{name}/filter")
async def filtered(name: str, wanted: FilterRequest, images: Images, work: Work) -> Response:
    picture = await _picture(name, images, work)
    taps, divisor = _fitting(wanted, picture)
    padding_mode = wanted.padding_mode
    if wanted.view == "clip":
        encoded = await work.run(
            clipped_picture, picture, taps, divisor=divisor, padding_mode=padding_mode
        )
        return Response(encoded, media_type="image/webp")
    encoded, strongest = await work.run(
        signed_picture,
        picture,
        taps,
        divisor=divisor,
        padding_mode=padding_mode,
        channel=wanted.channel,
        theme=wanted.theme,
    )
    return Response(
        encoded, headers={"Convlens-Strongest": f"{strongest:g}"}, media_type="image/webp"
    )


@router.post("/{name}/pixel")
async def pixel(name: str, wanted: PixelRequest, images: Images, work: Work) -> Response:
    picture = await _picture(name, images, work)
    _check_place("row", wanted.row, picture.height)
    _check_place("column", wanted.column, picture.width)
    taps, divisor = _fitting(wanted, picture)
    explained = await work.run(
        explain_pixel,
        picture,
        taps,
        divisor=divisor,
        padding_mode=wanted.padding_mode,
        row=wanted.row,
        column=wanted.column,
    )
    return _json(explained)


def _take_in(file: BinaryIO, settings: Settings, images: ImageStore) -> tuple[str, Picture]:
    content = file.read(settings.upload_bytes + 1)
    if len(content) > settings.upload_bytes:
        most = f"{settings.upload_bytes / 1e6:g} MB"
        raise PictureError(f"The picture is larger than {most}; make it smaller.", status=413)
    name = content_id(content)
    picture = images.get(name)
    if picture is None:
        bounds = Bounds(settings.upload_pixels, settings.upload_side, settings.picture_side)
        picture = decode(content, bounds)
        images.put(name, picture)
    return name, picture


async def _picture(name: str, images: ImageStore, work: WorkPool) -> Picture:
    if name in SAMPLES:
        return await work.run(sample_picture, name)
    picture = images.get(name)
    if picture is None:
        raise Refused(404, "This picture is no longer here; send it again", field="id")
    return picture


def _check_place(field: str, place: int, size: int) -> None:
    if place >= size:
        raise Refused(
            422,
            f"{field}: {place} lies outside the picture, which has {size} {field}s; "
            f"use 0 to {size - 1}",
            field=field,
        )


def _fitting(wanted: FilterChoice, picture: Picture) -> tuple[Taps, float]:
    """Give the filter if the picture's edge can be filled for it."""
    taps, divisor = wanted.numbers
    sides = normalise_padding("same", filter_size=(taps.shape[0], taps.shape[1]))
    try:
        check_border((picture.height, picture.width), sides, wanted.padding_mode)
    except EngineError:
        raise Refused(
            422,
            f"The picture of {picture.width} × {picture.height} pixels is too small for a filter "
            f"of {taps.shape[1]} × {taps.shape[0]} in the padding mode {wanted.padding_mode}; "
            "choose zeros or replicate",
            field="padding_mode",
        ) from None
    return taps, divisor


def _facts(picture: Picture) -> dict[str, Any]:
    return {
        "width": picture.width,
        "height": picture.height,
        "channels": CHANNELS[picture.channels],
        "notes": picture.notes,
    }


def _json(content: dict[str, Any], status: int = 200) -> Response:
    return Response(orjson.dumps(content), status, media_type="application/json")
