"""Filters over whole pictures against OpenCV, Pillow and SciPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.bench.engine_cases import Case, Contest

NINE_TAPS = np.array([[1, 2, 3], [-4, 11, 5], [6, -7, 8]]), 25
SHARPEN = np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]), 1

Image = np.ndarray[Any, Any]


def _photo(rng: np.random.Generator) -> Image:
    return rng.integers(0, 256, (3000, 4000, 3), dtype=np.uint8)


def _whole_sums(image: Image, taps: Image, divisor: int) -> Image:
    """Filter bytes in whole numbers, under a mirrored border; halves go to the even level."""
    edge = [(size // 2, size // 2) for size in taps.shape]
    padded = np.pad(image.astype(np.int32), [*edge, (0, 0)], mode="reflect")
    height, width, _ = image.shape
    sums = sum(tap * padded[u : u + height, v : v + width] for (u, v), tap in np.ndenumerate(taps))
    return np.rint(sums / divisor).clip(0, 255).astype(np.uint8)


def _bytes(
    kernel: tuple[Image, int], peer: Callable[[Image, Image, int], Callable[[], object]]
) -> Callable[[np.random.Generator], Contest]:
    def prepare(rng: np.random.Generator) -> Contest:
        from engine.filter_image import filter_image

        image, (taps, divisor) = _photo(rng), kernel
        return Contest(
            ours=lambda: filter_image(image, taps, divisor=divisor),
            peer=peer(image, taps, divisor),
            results=lambda: [filter_image(image, taps, divisor=divisor)],
            exact=lambda: [_whole_sums(image, taps, divisor)],
            given=[image],
        )

    return prepare


def _opencv(image: Image, taps: Image, divisor: int) -> Callable[[], object]:
    import cv2

    kernel = taps.astype(np.float32) / divisor
    return lambda: cv2.filter2D(image, -1, kernel, borderType=cv2.BORDER_REFLECT_101)


def _pillow(image: Image, taps: Image, divisor: int) -> Callable[[], object]:
    from PIL import Image as pillow
    from PIL import ImageFilter

    picture = pillow.fromarray(image)
    kernel = ImageFilter.Kernel(taps.shape[::-1], taps.ravel().tolist(), scale=divisor)
    return lambda: picture.filter(kernel)


def _gaussian(rng: np.random.Generator) -> Contest:
    import cv2
    from scipy import ndimage

    from engine.filter_image import filter_image

    image = rng.random((1000, 1000), dtype=np.float32)
    row = np.exp(-0.5 * (np.arange(-15, 16) / 5) ** 2)
    row /= row.sum()
    kernel = np.outer(row, row)
    options = {"borderType": cv2.BORDER_REFLECT_101}
    return Contest(
        ours=lambda: filter_image(image, kernel),
        peer=lambda: cv2.sepFilter2D(image, -1, row, row, **options),
        results=lambda: [filter_image(image, kernel)],
        exact=lambda: [ndimage.correlate(image.astype(float), kernel, mode="mirror")],
        given=[image],
    )


def _general(rng: np.random.Generator) -> Contest:
    from scipy import ndimage, signal

    from engine.filter_image import filter_image

    image = rng.random((1000, 1000), dtype=np.float32)
    kernel = rng.standard_normal((31, 31)).astype(np.float32)
    turned = kernel[::-1, ::-1].copy()
    return Contest(
        ours=lambda: filter_image(image, kernel, padding_mode="zeros"),
        peer=lambda: signal.oaconvolve(image, turned, mode="same"),
        results=lambda: [filter_image(image, kernel, padding_mode="zeros")],
        exact=lambda: [
            ndimage.correlate(image.astype(float), kernel.astype(float), mode="constant")
        ],
        given=[image],
    )


PICTURES = (
    Case("photo", "12 MP RGB uint8, 3x3", "OpenCV", _bytes(NINE_TAPS, _opencv), 3.0, 0.0),
    Case("photo_pillow", "12 MP RGB uint8, 3x3", "Pillow", _bytes(NINE_TAPS, _pillow), 0.35, 0.0),
    Case("sharpen", "– sharpen", "OpenCV", _bytes(SHARPEN, _opencv), 3.0, 0.0),
    Case("gaussian", "1 MP float32, Gaussian 31x31", "OpenCV sepFilter2D", _gaussian, 1.0, 1e-6),
    Case("general", "– general 31x31", "SciPy oaconvolve", _general, None, 1e-6),
)
