"""Filtering of whole pictures."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import ParameterError, ShapeError
from engine.geometry import check_border
from engine.kernel_library import require_divisor
from engine.padding import pad_axes
from engine.window import PaddingMode, normalise_padding

Working = npt.NDArray[np.floating[Any]]
Image = npt.NDArray[np.uint8] | npt.NDArray[np.float32]

# Cells of a strip of the picture that is worked on at a time; it stays in the cache.
_STRIP_CELLS = 1 << 17


def filter_image(
    image: Image,
    kernel: npt.NDArray[Any],
    *,
    padding_mode: PaddingMode = "reflect",
    divisor: float = 1.0,
) -> Image:
    """Cross-correlate each channel of a picture with one kernel.

    Parameters
    ----------
    image : (H, W) or (H, W, 3) array of uint8 or float32
        Grey or red, green, blue levels: 0 to 255, or of any range as float32.
    kernel : (Fh, Fw) array
        Taps, integers or floating; the taps of `engine.kernels` want their divisor as well.
    padding_mode : {"zeros", "reflect", "replicate", "circular"}
        What lies beyond the border. An even kernel reaches one cell further to the bottom and
        right than to the top and left, as with ``padding="same"``.
    divisor : float
        Sums are divided by it; not 0.

    Returns
    -------
    array of the shape and type of `image`
        For uint8 rounded to the nearest whole level, halves to the even one, and cut off at 0
        and 255. With integer taps the sums before division are exact.

    Raises
    ------
    ShapeError
        If the picture or the kernel has the wrong number of axes.
    ParameterError
        If a type is not accepted, a tap is not finite, the divisor is 0, or the border cannot be
        filled in this mode.

    Notes
    -----
    A tap of 0 is skipped: what lies under it has no influence, not even a NaN.

    Examples
    --------
    >>> image = np.array([[0, 0, 0], [0, 90, 0], [0, 0, 0]], dtype=np.uint8)
    >>> filter_image(image, np.ones((3, 3), dtype=int), padding_mode="zeros", divisor=9)
    array([[10, 10, 10],
           [10, 10, 10],
           [10, 10, 10]], dtype=uint8)
    """
    dtype = _image_type(image)
    _require_kernel(kernel)
    require_divisor(divisor)
    height, width = kernel.shape
    sides = normalise_padding("same", filter_size=(height, width))
    check_border((image.shape[0], image.shape[1]), sides, padding_mode)
    padded = pad_axes(image, sides, padding_mode, first_axis=0)
    working = _working_type(dtype, kernel, divisor)
    filtered = np.empty(image.shape, dtype=dtype)
    strip = max(1, _STRIP_CELLS // padded[0].size)
    for first in range(0, len(image), strip):
        rows = filtered[first : first + strip]
        seen = padded[first : first + len(rows) + height - 1].astype(working)
        sums = _sums(seen, kernel.astype(working), rows.shape)
        # In float64, so that no quotient of whole numbers is pushed onto a half.
        levels = sums if divisor == 1 else np.true_divide(sums, divisor, dtype=np.float64)
        rows[...] = np.rint(levels).clip(0, 255) if dtype == np.uint8 else levels
    return filtered


def _sums(seen: Working, kernel: Working, shape: tuple[int, ...]) -> Working:
    """Add the shifted rows, each times its tap: few passes, and no matrix of windows."""
    total = np.zeros(shape, dtype=seen.dtype)
    product = np.empty_like(total)
    for u, v in np.argwhere(kernel):
        window = seen[u : u + shape[0], v : v + shape[1]]
        np.multiply(window, kernel[u, v], out=product)
        total += product
    return total


def _working_type(dtype: np.dtype[Any], kernel: npt.NDArray[Any], divisor: float) -> np.dtype[Any]:
    """Choose float32 where its sums are exact enough; refuse sums that are no numbers."""
    if dtype != np.uint8:
        return np.dtype(np.float32)
    with np.errstate(over="ignore"):
        largest = 255 * np.abs(kernel.astype(np.float64)).sum()
        quotient = largest / abs(divisor)
    if not np.isfinite(quotient):
        raise ParameterError(
            "kernel: the taps are so large that their sum, divided, is no number any more; "
            "use smaller taps or a larger divisor",
            parameter="kernel",
        )
    whole = np.issubdtype(kernel.dtype, np.integer) and largest < 2**24
    return np.dtype(np.float32 if whole else np.float64)


def _image_type(image: object) -> np.dtype[Any]:
    if not isinstance(image, np.ndarray):
        raise ParameterError(
            f"image: expected a NumPy array, got {type(image).__name__}; "
            "convert it with np.asarray(image)",
            parameter="image",
        )
    dtype: np.dtype[Any] = image.dtype.newbyteorder("=")
    if dtype not in (np.uint8, np.float32):
        raise ParameterError(
            f"image: levels of type {dtype} are not accepted, only uint8 and float32; "
            "convert them with image.astype(np.float32)",
            parameter="image",
        )
    if image.ndim not in (2, 3) or image.shape[2:] not in ((), (3,)) or 0 in image.shape:
        raise ShapeError(
            f"image: shape {image.shape} is no picture; use (H, W) for grey levels "
            "or (H, W, 3) for red, green and blue",
            parameter="image",
        )
    return dtype


def _require_kernel(kernel: object) -> None:
    if not isinstance(kernel, np.ndarray) or kernel.dtype.kind not in "iuf":
        kind = kernel.dtype if isinstance(kernel, np.ndarray) else type(kernel).__name__
        raise ParameterError(
            f"kernel: expected a NumPy array of numbers, got {kind}; "
            "convert it with np.array(kernel, dtype=float)",
            parameter="kernel",
        )
    if kernel.ndim != 2 or 0 in kernel.shape:
        raise ShapeError(
            f"kernel: expected 2 axes (Fh, Fw), got shape {kernel.shape}; "
            "use one filter for all channels",
            parameter="kernel",
        )
    if not np.isfinite(kernel).all():
        raise ParameterError(
            "kernel: a tap is infinite or not a number; use finite taps", parameter="kernel"
        )
