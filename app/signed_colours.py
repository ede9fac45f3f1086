"""Signed numbers as colours: blue below zero, grey at zero, orange above.

The stops are the tints of static/css/tokens.css, so that a pixel of a filtered picture has the
colour that its number has in a grid; a test compares the two.
"""

from __future__ import annotations

from functools import cache
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from app.images import Pixels

Theme = Literal["light", "dark"]

TINTS: Final[dict[Theme, tuple[str, ...]]] = {
    "light": (
        "59a0f9", "77b2fd", "97c3fd", "b5d4fe", "d4e5fc", "f6f7f9",
        "f9ddc9", "f7c7a3", "f1b07f", "ea9a5a", "e2832d",
    ),
    "dark": (
        "2a61b1", "285596", "27487a", "253c5f", "243043", "20262e",
        "3f2b1d", "573216", "6e390b", "844100", "974c00",
    ),
}  # fmt: skip
_SHADES = 255  # on each side of zero: as many as a byte can tell apart
# A few hard edges are many times stronger than all others and would leave the rest pale.
_STRONG_PART = 0.97


def signed_colours(values: npt.NDArray[np.float32], theme: Theme = "light") -> tuple[Pixels, float]:
    """Colour a picture of signed numbers.

    Parameters
    ----------
    values : (H, W) array
        One number a pixel.
    theme : {"light", "dark"}
        Which tints.

    Returns
    -------
    (H, W, 3) uint8 array, float
        The picture, and the size from which on numbers have the strongest tint.
    """
    sizes = np.abs(values[values != 0])
    strongest = float(np.quantile(sizes, _STRONG_PART, method="higher")) if sizes.size else 0.0
    scale = np.float32(_SHADES / strongest if strongest else 0)
    shade = np.rint(values * scale).clip(-_SHADES, _SHADES).astype(np.int16) + _SHADES
    return _shades(theme)[shade], strongest


@cache
def _shades(theme: Theme) -> Pixels:
    stops = np.array([[int(code[i : i + 2], 16) for i in (0, 2, 4)] for code in TINTS[theme]])
    places = np.linspace(-_SHADES, _SHADES, len(stops))
    wanted = np.arange(-_SHADES, _SHADES + 1)
    shades = np.stack([np.interp(wanted, places, stops[:, c]) for c in range(3)], axis=-1)
    rounded: Pixels = np.rint(shades).astype(np.uint8)
    return rounded
