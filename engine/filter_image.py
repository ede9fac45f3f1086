"""Filtering of whole pictures."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import ParameterError, ShapeError
from engine.geometry import check_border
from engine.image_strategies import choose_strategy, sums_type
from engine.kernel_library import require_divisor
from engine.padded_rows import PaddedRows
from engine.window import PaddingMode, normalise_padding

Image = npt.NDArray[np.uint8] | npt.NDArray[np.float32]


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
        and 255. Under integer taps the sums before division are exact (below 2**53), under
        floating ones they have the precision of the taps.

    Raises
    ------
    ShapeError
        If the picture or the kernel has the wrong number of axes.
    ParameterError
        If a type is not accepted, a tap is not finite or too large, the divisor is 0, or the
        border cannot be filled in this mode.

    Notes
    -----
    What lies under a tap of 0 has no influence, not even a NaN. Float32 sums carry the rounding of
    float32, mostly below a millionth of the largest. Kernels of more than some 150 taps may be
    applied by Fourier transforms in float64, whose rounding follows the largest level of a tile.

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
    quotients = _quotient_type(dtype, kernel, divisor)
    sides = normalise_padding("same", filter_size=(kernel.shape[0], kernel.shape[1]))
    check_border((image.shape[0], image.shape[1]), sides, padding_mode)
    pixels = image.reshape(*image.shape[:2], -1)
    strategy = choose_strategy(kernel, pixels)
    filtered = np.empty((len(image), pixels[0].size), dtype=dtype)
    rows, further = min(strategy.rows, len(image)), len(kernel) - 1
    padded = PaddedRows(pixels, sides, padding_mode, rows=rows + further, dtype=strategy.dtype)
    sums = np.empty((rows, filtered.shape[1]), strategy.dtype)
    levels = sums if divisor == 1 else np.empty_like(sums, dtype=quotients)
    finished = divisor == 1 and strategy.dtype == dtype
    for first in range(0, len(image), rows):
        strip = filtered[first : first + rows]
        total = strip if finished else sums[: len(strip)]
        strategy.fill(padded.read(first, len(strip) + further), total)
        if not finished:
            _finish(total, float(divisor), levels[: len(strip)], out=strip)
    return filtered.reshape(image.shape)


def _finish(
    sums: npt.NDArray[Any], divisor: float, levels: npt.NDArray[Any], *, out: npt.NDArray[Any]
) -> None:
    """Divide sums, and round and cut off what becomes bytes; `levels` has room for quotients."""
    early = divisor.is_integer()
    if out.dtype == np.uint8 and early:
        # Sums take less time than quotients: they may be small integers.
        _clip(sums, *sorted((0, 255 * int(divisor))))
    if divisor != 1:
        np.divide(sums, divisor, out=levels, dtype=levels.dtype)
    if out.dtype == np.uint8:
        if levels.dtype.kind == "f":
            np.rint(levels, out=levels)
        if not early:
            _clip(levels, 0, 255)
    out[...] = levels


def _clip(numbers: npt.NDArray[Any], low: int, high: int) -> None:
    if numbers.dtype.kind == "i":
        held = np.iinfo(numbers.dtype)
        low, high = max(low, held.min), min(high, held.max)
    np.clip(numbers, low, high, out=numbers)


def _quotient_type(dtype: np.dtype[Any], kernel: npt.NDArray[Any], divisor: float) -> np.dtype[Any]:
    """Choose the type in which sums are divided; refuse sums that are no numbers.

    For bytes and whole taps float32 is enough if it holds sum and divisor: a quotient of up to
    256 that is no half is then further from one, by 1 / (2 * divisor), than rounding can take it.
    """
    highest, held = (255, np.float64) if dtype == np.uint8 else (1, np.float32)
    with np.errstate(over="ignore"):
        largest = highest * np.abs(kernel.astype(np.float64)).sum()
        fits = max(largest, largest / abs(divisor)) <= np.finfo(held).max
    if not fits:
        raise ParameterError(
            "kernel: the taps are so large that their sum, divided, is no number any more; "
            "use smaller taps or a larger divisor",
            parameter="kernel",
        )
    if dtype == np.uint8 and kernel.dtype.kind == "f":
        return sums_type(kernel, dtype)
    whole = dtype == np.uint8 and float(divisor).is_integer()
    exact = whole and largest < 2**24 and abs(divisor) < 2**16
    return np.dtype(np.float32 if exact else np.float64)


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
