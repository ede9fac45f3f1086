"""A filter over a whole picture, as a picture to look at."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from app.images import Picture, encode_webp
from app.signed_colours import Theme, signed_colours
from engine.filter_image import filter_image
from engine.window import PaddingMode

View = Literal["clip", "signed"]


def clipped_picture(
    picture: Picture, taps: npt.NDArray[np.int64], *, divisor: float, padding_mode: PaddingMode
) -> bytes:
    """Filter every channel; what is below 0 is stored as 0, what is above 255 as 255."""
    filtered = filter_image(picture.pixels, taps, padding_mode=padding_mode, divisor=divisor)
    return encode_webp(np.asarray(filtered, dtype=np.uint8))


def signed_picture(
    picture: Picture,
    taps: npt.NDArray[np.int64],
    *,
    divisor: float,
    padding_mode: PaddingMode,
    channel: int,
    theme: Theme,
) -> tuple[bytes, float]:
    """Filter one channel and colour the numbers as they are; also return where tints end."""
    plane = picture.pixels if picture.channels == 1 else picture.pixels[..., channel]
    # Sums of bytes times small integers are whole numbers that float32 holds exactly.
    numbers = np.ascontiguousarray(plane, dtype=np.float32)
    filtered = filter_image(numbers, taps, padding_mode=padding_mode, divisor=divisor)
    coloured, strongest = signed_colours(np.asarray(filtered, dtype=np.float32), theme)
    return encode_webp(coloured), strongest
