"""A picture with a border that is made only around the rows that are read."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from engine.padding import source_index
from engine.window import PaddingMode, Sides


class PaddedRows:
    """Reads rows of a padded picture into one buffer, strip after strip.

    Parameters
    ----------
    pixels : (H, W, channels) array
        The picture.
    sides : ((top, bottom), (left, right))
        Cells added on each side, few enough for the mode.
    mode : {"zeros", "reflect", "replicate", "circular"}
        What they hold.
    rows : int
        Most rows that are read at a time.
    dtype : dtype
        Type of the numbers that are wanted.

    Examples
    --------
    >>> pixels = np.arange(6, dtype=np.uint8).reshape(3, 2, 1)
    >>> padded = PaddedRows(pixels, ((1, 1), (0, 1)), "replicate", rows=2, dtype=np.dtype(float))
    >>> padded.read(0, 2)
    array([[0., 1., 1.],
           [0., 1., 1.]])
    """

    def __init__(
        self,
        pixels: npt.NDArray[Any],
        sides: Sides,
        mode: PaddingMode,
        *,
        rows: int,
        dtype: np.dtype[Any],
    ) -> None:
        (height, width, channels), (left, right) = pixels.shape, sides[1]
        copied: PaddingMode = "replicate" if mode == "zeros" else mode
        self._pixels, self._zeros, self._top = pixels, mode == "zeros", sides[0][0]
        self._rows = source_index(height, *sides[0], copied)
        self._columns = source_index(width, left, right, copied) + left
        self._beside = (*range(left), *range(left + width, left + width + right))
        self._buffer = np.empty((rows, left + width + right, channels), dtype)
        self._inside = self._buffer[:, left : left + width]

    def read(self, first: int, count: int) -> npt.NDArray[Any]:
        """Read some rows of the padded picture.

        Parameters
        ----------
        first, count : int
            The first of them, and how many; at least one row of the picture is among them.

        Returns
        -------
        (count, (left + W + right) * channels) array
            Pixel after pixel; overwritten by the next call.
        """
        start = first - self._top
        own = range(max(0, -start), min(count, len(self._pixels) - start))
        inside = self._inside[:count]
        inside[own.start : own.stop] = self._pixels[start + own.start : start + own.stop]
        for row in (*range(own.start), *range(own.stop, count)):
            inside[row] = 0 if self._zeros else self._pixels[self._rows[first + row]]
        padded = self._buffer[:count]
        for column in self._beside:
            padded[:, column] = 0 if self._zeros else padded[:, self._columns[column]]
        return padded.reshape(count, -1)
