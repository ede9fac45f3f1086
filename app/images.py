"""Pictures at the edge: hostile bytes in, plain arrays out, clean pictures back.

Bytes are judged in the order of what it costs to be wrong: the magic bytes, then the size in the
header, and only then the pixels. What comes out is grey (H, W) or RGB (H, W, 3), uint8, upright,
on white, and carries nothing else of the file: no EXIF, no colour profile, no hidden pixels.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

Pixels = npt.NDArray[np.uint8]

# Pillow warns of bombs above 89 megapixels and only errs above 179; one would take gigabytes.
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)

_MAGIC = (
    ("PNG", 0, b"\x89PNG\r\n\x1a\n"),
    ("JPEG", 0, b"\xff\xd8\xff"),
    ("GIF", 0, b"GIF87a"),
    ("GIF", 0, b"GIF89a"),
    ("WEBP", 8, b"WEBP"),
    ("BMP", 0, b"BM"),
)
_NAMES = {"WEBP": "WebP"}
_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_CHUNKS = 20_000  # a 10 MB picture in the usual chunks of 8 kB has 1,300


class PictureError(ValueError):
    """A file that is not taken; the sentence says why, `status` is the answer's."""

    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Bounds:
    """How large a picture may be, by its header, and how large the working copy gets."""

    pixels: int
    side: int
    working_side: int


@dataclass(frozen=True)
class Picture:
    """A working copy and what was done to get it.

    Attributes
    ----------
    pixels : (H, W) or (H, W, 3) uint8 array
        Grey or RGB, read-only.
    source_size : (int, int)
        Width and height of the upright original, in pixels.
    notes : tuple of str
        What differs from the file, a sentence each, for the reader.
    """

    pixels: Pixels
    source_size: tuple[int, int]
    notes: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])

    @property
    def channels(self) -> int:
        return 1 if self.pixels.ndim == 2 else 3


def decode(content: bytes, bounds: Bounds) -> Picture:
    """Turn an uploaded file into a working copy, or raise `PictureError`."""
    kind = _kind(content)
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as opened:
            _check_size(opened.size, bounds)
            return _working_copy(opened, bounds)
    except (PictureError, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels("", bounds) from None
    except Exception:  # Pillow meets broken bytes with whatever error it stumbles into
        name = _NAMES.get(kind, kind)
        raise PictureError(
            f"This {name} file is damaged or incomplete: its pixels cannot be read. "
            "Save it again, or take another picture.",
            status=422,
        ) from None


def encode_png(pixels: Pixels) -> bytes:
    """Encode a picture as PNG; fast rather than small."""
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG", compress_level=1)
    return out.getvalue()


def encode_webp(pixels: Pixels) -> bytes:
    """Encode a picture as lossless WebP: five times faster than PNG at the same size."""
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "WEBP", lossless=True, method=0, quality=20)
    return out.getvalue()


def shrink(pixels: Pixels, side: int) -> Pixels:
    """Return the picture with its long side at most `side`."""
    image = Image.fromarray(pixels)
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    return np.array(image)


def _kind(content: bytes) -> str:
    if not content:
        raise PictureError("The file is empty: it has no bytes at all.", status=422)
    for kind, at, magic in _MAGIC:
        if content[at : at + len(magic)] == magic:
            if kind == "PNG":
                _check_chunks(content)
            return kind
    raise PictureError(
        "This file is not a PNG, JPEG, GIF, WebP or BMP picture (its name does not count, "
        "its first bytes do).",
        status=415,
    )


def _check_chunks(content: bytes) -> None:
    """Refuse a PNG of countless tiny chunks: each costs the decoder far more than its bytes."""
    at, count = 8, 0
    while at + 8 <= len(content):
        at += 12 + int.from_bytes(content[at : at + 4], "big")
        count += 1
        if count > _CHUNKS:
            raise PictureError(
                f"This PNG has more than {_CHUNKS:,} chunks; save it again in any image program.",
                status=413,
            )


def _check_size(size: tuple[int, int], bounds: Bounds) -> None:
    width, height = size
    if width < 1 or height < 1:
        raise PictureError("The picture has no pixels.", status=422)
    if width * height > bounds.pixels:
        raise _too_many_pixels(f" of {width} × {height}", bounds)
    if max(size) > bounds.side:
        raise PictureError(
            f"The picture of {width} × {height} pixels is longer than {bounds.side} on one side; "
            "make it smaller first.",
            status=413,
        )


def _too_many_pixels(size: str, bounds: Bounds) -> PictureError:
    most = f"{bounds.pixels / 1e6:g} megapixels"
    return PictureError(
        f"The picture{size} has more than {most}; make it smaller first.", status=413
    )


def _working_copy(opened: Image.Image, bounds: Bounds) -> Picture:
    side = bounds.working_side
    orientation = _orientation(opened)
    width, height = opened.size
    if orientation >= 5:
        width, height = height, width
    opened.draft(None, (side, side))  # JPEG: decode at a half, a quarter or an eighth
    notes = []
    image = _eight_bit(opened)
    if opened.mode.startswith("I"):
        notes.append("16-bit greys were scaled to 0..255.")
    if max(image.size) > side:
        image.thumbnail((side, side), Image.Resampling.LANCZOS)
    if image.mode == "RGBA":
        if image.getchannel("A").getextrema() != (255, 255):
            notes.append("Transparent parts were laid on white.")
        image = _on_white(image)
    if orientation in _UPRIGHT:
        image = image.transpose(_UPRIGHT[orientation])
        notes.append("Turned upright, as the file's orientation says.")
    if max(width, height) > side:
        notes.insert(0, f"Shrunk from {width} × {height}.")
    return Picture(_plain(image), (width, height), tuple(notes))


def _orientation(opened: Image.Image) -> int:
    try:
        found = opened.getexif().get(_ORIENTATION, 1)
    except Exception:  # a broken EXIF block does not make the picture worse
        return 1
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def _eight_bit(opened: Image.Image) -> Image.Image:
    """Return the picture as L, RGB or RGBA, the meaning of every value kept."""
    transparent = "transparency" in opened.info or opened.mode in ("RGBA", "LA", "PA", "La", "RGBa")
    if opened.mode.startswith("I"):
        return _from_sixteen_bit(opened)
    mode = "RGBA" if transparent else "L" if opened.mode in ("1", "L") else "RGB"
    return opened if opened.mode == mode else opened.convert(mode)  # a copy takes 64 MB


def _from_sixteen_bit(opened: Image.Image) -> Image.Image:
    # convert("L") clips: every grey above 255 would become white.
    wide = np.array(opened, dtype=np.uint32)
    hidden = opened.info.get("transparency")
    shown = wide != hidden if isinstance(hidden, int) else None
    wide += 128
    wide //= 257
    grey = Image.fromarray(wide.astype(np.uint8))
    if shown is None:
        return grey
    alpha = Image.fromarray(shown.astype(np.uint8) * np.uint8(255))
    return Image.merge("RGBA", (grey, grey, grey, alpha))


def _on_white(image: Image.Image) -> Image.Image:
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def _plain(image: Image.Image) -> Pixels:
    """Give the pixels alone; three equal channels are one grey."""
    pixels = np.array(image)
    if pixels.ndim == 3 and (pixels == pixels[..., :1]).all():
        pixels = np.ascontiguousarray(pixels[..., 0])
    pixels.flags.writeable = False
    return pixels
