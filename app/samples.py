"""Sample pictures, made by formulas: the same on every machine, always there, free of licences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from app.images import Picture, Pixels, encode_png, shrink
from app.sample_scene import scene

PREFIX: Final = "sample-"
_THUMBNAIL_SIDE = 160


@dataclass(frozen=True)
class Sample:
    """A picture that needs no upload.

    Attributes
    ----------
    name : str
        What people call it.
    about : str
        What to look at in it, in one sentence.
    point : (int, int)
        Row and column of a telling pixel, counted from 0.
    paint : callable
        Makes the pixels.
    """

    name: str
    about: str
    point: tuple[int, int]
    paint: Callable[[], Pixels]


def _shapes() -> Pixels:
    """Edges in every direction beside slopes without any, on grey."""
    large, scale = 384 * 3, 3
    image = Image.new("L", (large, large), 208)
    draw = ImageDraw.Draw(image)

    def at(*numbers: float) -> list[float]:
        return [number * scale for number in numbers]

    draw.ellipse(at(32, 28, 168, 164), fill=60)
    draw.ellipse(at(72, 68, 128, 124), fill=235)
    draw.polygon(at(284, 30, 360, 164, 208, 164), fill=110)
    draw.polygon(at(104, 204, 176, 276, 104, 348, 32, 276), fill=150)
    draw.rectangle(at(70, 242, 138, 310), fill=25)
    for step in range(8):
        start = 208 + 19 * step
        draw.rectangle(at(start, 204, start + 19, 248), fill=8 + 34 * step)
    ramp = np.rint(np.linspace(0, 255, 152 * scale)).astype(np.uint8)
    image.paste(Image.fromarray(np.tile(ramp, (44 * scale, 1))), (208 * scale, 256 * scale))
    for line in range(12):
        left = 208 + 12.8 * line
        draw.line(at(left, 308, left + 9, 352), fill=20, width=scale * (1 + line // 3))
    return np.array(image.resize((384, 384), Image.Resampling.BOX))


def _letters() -> Pixels:
    """Dark letters on light paper, from large to small, and light ones on dark."""
    image = Image.new("L", (480, 360), 244)
    draw = ImageDraw.Draw(image)
    draw.rectangle([0, 236, 480, 360], fill=28)
    lines = [(18, 84, "Aa Rg"), (112, 44, "edges speak"), (172, 28, "a window, nine products,")]
    for top, size, text in lines:
        draw.text((28, top), text, fill=24, font=ImageFont.load_default(size))
    draw.text(
        (28, 206), "one sum, and on to the next pixel", fill=24, font=ImageFont.load_default(16)
    )
    draw.text((28, 256), "light on dark", fill=236, font=ImageFont.load_default(44))
    draw.text((28, 322), "12 + 7 = 19", fill=236, font=ImageFont.load_default(20))
    draw.text((300, 262), "&", fill=236, font=ImageFont.load_default(84))
    return np.array(image)


def _zone_plate() -> Pixels:
    """Rings that get finer outwards, up to the finest that pixels can hold."""
    down, across = np.mgrid[-192:192, -192:192] + 0.5
    rings = np.cos(np.pi * (down**2 + across**2) / 384)
    picture: Pixels = np.rint(127.5 + 127.5 * rings).astype(np.uint8)
    return picture


SAMPLES: Final[Mapping[str, Sample]] = MappingProxyType(
    {
        "sample-scene": Sample(
            "Lake", "A soft sky and a hard fence: every kind of edge.", (289, 322), scene
        ),
        "sample-shapes": Sample(
            "Shapes", "Edges in every direction, and slopes.", (96, 168), _shapes
        ),
        "sample-letters": Sample("Letters", "Thin strokes, large and small.", (60, 64), _letters),
        "sample-rings": Sample(
            "Rings", "From coarse to the finest detail.", (192, 240), _zone_plate
        ),
    }
)


@lru_cache(maxsize=len(SAMPLES))
def sample_picture(identifier: str) -> Picture:
    """Return a sample by its id; KeyError for an unknown one."""
    pixels = SAMPLES[identifier].paint()
    pixels.flags.writeable = False
    height, width = pixels.shape[:2]
    return Picture(pixels, (width, height))


@lru_cache(maxsize=len(SAMPLES))
def sample_thumbnail(identifier: str) -> bytes:
    """Return a small PNG of a sample."""
    return encode_png(shrink(sample_picture(identifier).pixels, _THUMBNAIL_SIDE))
