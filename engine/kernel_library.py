"""Filters with a name: their integer taps, a divisor and where they come from.

All taps are written for cross-correlation, which is what the engine and neural-network
libraries compute: a tap multiplies the pixel under it, nothing is flipped. (Books that mean
convolution in the mathematical sense print some of them turned by half a turn.)
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from engine.errors import ParameterError, Remedy

Taps = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Kernel:
    """A filter for cross-correlation.

    Attributes
    ----------
    name : str
        What people call it.
    taps : (Fh, Fw) array of int64, read-only
        The factors, before division.
    divisor : int
        The sum of products is divided by it: the 9 of a box blur.
    about : str
        What it does, in one sentence.
    source : str
        Who described it, or where it is commonly found.
    """

    name: str
    taps: Taps
    divisor: int
    about: str
    source: str


def _kernel(name: str, rows: str, divisor: int, about: str, source: str) -> Kernel:
    taps = np.array([row.split() for row in rows.split("/")], dtype=np.int64)
    taps.flags.writeable = False
    return Kernel(name, taps, divisor, about, source)


def require_divisor(divisor: object) -> None:
    """Check that a sum can be divided by a number.

    Parameters
    ----------
    divisor : float
        What the caller passed.

    Raises
    ------
    ParameterError
        If it is no number, 0, or not finite.
    """
    numbers = int | float | np.integer | np.floating
    if isinstance(divisor, bool) or not isinstance(divisor, numbers):
        fault = f"{divisor!r} is not a number"
    elif divisor == 0 or not math.isfinite(divisor):
        fault = f"a sum cannot be divided by {divisor}"
    else:
        return
    raise ParameterError(
        f"divisor: {fault}; use 1 to leave the sum as it is",
        parameter="divisor",
        remedies=[Remedy("divisor = 1", {"divisor": 1})],
    )


_COMMON = "Common in image-processing software"
_SIGNAL = "Elementary signal processing"
_GONZALEZ = "R. C. Gonzalez, R. E. Woods, Digital Image Processing"
_BURT = "P. J. Burt, Fast filter transforms for image processing, 1981 (binomial weights)"

KERNELS: Final[Mapping[str, Kernel]] = MappingProxyType(
    {
        "identity": _kernel(
            "Identity",
            "0 0 0 / 0 1 0 / 0 0 0",
            1,
            "Gives back the picture as it was: only the pixel in the middle counts.",
            _SIGNAL,
        ),
        "pointwise": _kernel(
            "1×1",
            "1",
            1,
            "Sees a single pixel: with several channels it mixes them and never looks sideways.",
            "M. Lin, Q. Chen, S. Yan, Network in Network, 2013",
        ),
        "box_blur_3x3": _kernel(
            "Box blur 3×3",
            "1 1 1 / 1 1 1 / 1 1 1",
            9,
            "Replaces every pixel by the plain average of the nine around it.",
            _GONZALEZ,
        ),
        "box_blur_5x5": _kernel(
            "Box blur 5×5",
            "1 1 1 1 1 / 1 1 1 1 1 / 1 1 1 1 1 / 1 1 1 1 1 / 1 1 1 1 1",
            25,
            "Averages a larger neighbourhood, so more detail is lost.",
            _GONZALEZ,
        ),
        "gaussian_blur_3x3": _kernel(
            "Gaussian blur 3×3",
            "1 2 1 / 2 4 2 / 1 2 1",
            16,
            "Averages with near pixels counting more, which blurs without square traces.",
            _BURT,
        ),
        "gaussian_blur_5x5": _kernel(
            "Gaussian blur 5×5",
            "1 4 6 4 1 / 4 16 24 16 4 / 6 24 36 24 6 / 4 16 24 16 4 / 1 4 6 4 1",
            256,
            "A wider bell-shaped average: row five of Pascal's triangle in both directions.",
            _BURT,
        ),
        "sharpen": _kernel(
            "Sharpen",
            "0 -1 0 / -1 5 -1 / 0 -1 0",
            1,
            "Adds to every pixel its difference from the four neighbours, so edges stand out.",
            _GONZALEZ,
        ),
        "unsharp_mask": _kernel(
            "Unsharp mask 5×5",
            "-1 -4 -6 -4 -1 / -4 -16 -24 -16 -4 / -6 -24 476 -24 -6 / "
            "-4 -16 -24 -16 -4 / -1 -4 -6 -4 -1",
            256,
            "Takes the picture twice and subtracts its Gaussian blur, which lifts fine detail.",
            _GONZALEZ,
        ),
        "sobel_x": _kernel(
            "Sobel, vertical edges",
            "-1 0 1 / -2 0 2 / -1 0 1",
            1,
            "Answers where brightness grows from left to right, so it finds vertical edges.",
            "I. Sobel, G. Feldman, talk at the Stanford Artificial Intelligence Project, 1968",
        ),
        "sobel_y": _kernel(
            "Sobel, horizontal edges",
            "-1 -2 -1 / 0 0 0 / 1 2 1",
            1,
            "Answers where brightness grows from top to bottom, so it finds horizontal edges.",
            "I. Sobel, G. Feldman, talk at the Stanford Artificial Intelligence Project, 1968",
        ),
        "prewitt_x": _kernel(
            "Prewitt, vertical edges",
            "-1 0 1 / -1 0 1 / -1 0 1",
            1,
            "Differs from left to right like Sobel, with all three rows counting alike.",
            "J. M. S. Prewitt, Object enhancement and extraction, 1970",
        ),
        "prewitt_y": _kernel(
            "Prewitt, horizontal edges",
            "-1 -1 -1 / 0 0 0 / 1 1 1",
            1,
            "Differs from top to bottom like Sobel, with all three columns counting alike.",
            "J. M. S. Prewitt, Object enhancement and extraction, 1970",
        ),
        "scharr_x": _kernel(
            "Scharr, vertical edges",
            "-3 0 3 / -10 0 10 / -3 0 3",
            1,
            "A Sobel whose answer depends less on the direction in which an edge runs.",
            "H. Scharr, Optimal operators in digital image processing, 2000",
        ),
        "scharr_y": _kernel(
            "Scharr, horizontal edges",
            "-3 -10 -3 / 0 0 0 / 3 10 3",
            1,
            "The same for brightness that grows from top to bottom.",
            "H. Scharr, Optimal operators in digital image processing, 2000",
        ),
        "laplacian_4": _kernel(
            "Laplacian, 4 neighbours",
            "0 1 0 / 1 -4 1 / 0 1 0",
            1,
            "Compares a pixel with the four beside it: zero on flat ground and even slopes.",
            _GONZALEZ,
        ),
        "laplacian_8": _kernel(
            "Laplacian, 8 neighbours",
            "1 1 1 / 1 -8 1 / 1 1 1",
            1,
            "Compares a pixel with all eight around it, so diagonals count as well.",
            _GONZALEZ,
        ),
        "outline": _kernel(
            "Outline",
            "-1 -1 -1 / -1 8 -1 / -1 -1 -1",
            1,
            "Leaves only what is brighter than its surroundings: lines on black.",
            _COMMON,
        ),
        "emboss": _kernel(
            "Emboss",
            "-2 -1 0 / -1 1 1 / 0 1 2",
            1,
            "Lights the picture from one corner, so that it looks pressed into paper.",
            _COMMON,
        ),
        "motion_blur": _kernel(
            "Motion blur, diagonal",
            "1 0 0 0 0 / 0 1 0 0 0 / 0 0 1 0 0 / 0 0 0 1 0 / 0 0 0 0 1",
            5,
            "Averages along a diagonal, as if the camera had moved that way.",
            _COMMON,
        ),
        "motion_blur_horizontal": _kernel(
            "Motion blur, horizontal",
            "0 0 0 0 0 / 0 0 0 0 0 / 1 1 1 1 1 / 0 0 0 0 0 / 0 0 0 0 0",
            5,
            "Averages along a row, as if the camera had swung sideways.",
            _COMMON,
        ),
    }
)
