"""One pixel of a filtered picture, told by the engine: window, taps, products, sum, pixel."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from app.images import Picture
from engine.conv2d_trace import trace_conv2d
from engine.padding import source_index
from engine.phases import Step
from engine.window import PaddingMode, Pair, normalise_padding

CHANNELS = {1: ("Grey",), 3: ("Red", "Green", "Blue")}


def explain_pixel(
    picture: Picture,
    taps: npt.NDArray[np.int64],
    *,
    divisor: float,
    padding_mode: PaddingMode,
    row: int,
    column: int,
) -> dict[str, Any]:
    """Explain a pixel of what `filter_image` makes of a picture.

    Parameters
    ----------
    picture : Picture
        The picture before, large enough for the filter in this padding mode.
    taps : (Fh, Fw) array of int
        The filter, to be divided by `divisor`.
    row, column : int
        The pixel, counted from 0.

    Returns
    -------
    dict
        The window's cells row by row, those beyond the edge by their places in `beyond`, and for
        each channel its products, running sums, quotient and the value stored.
    """
    size = (picture.height, picture.width)
    sides = normalise_padding("same", filter_size=(taps.shape[0], taps.shape[1]))
    rows, row_inside = _sources(size[0], sides[0], row, padding_mode)
    columns, column_inside = _sources(size[1], sides[1], column, padding_mode)
    inside = np.outer(row_inside, column_inside)
    window = picture.pixels[np.ix_(rows, columns)].reshape(*taps.shape, -1).astype(np.float64)
    if padding_mode == "zeros":
        window[~inside] = 0.0
    # One group a channel: each is filtered by itself, as `filter_image` does.
    x = np.ascontiguousarray(np.moveaxis(window, -1, 0))[np.newaxis]
    weight = np.broadcast_to(taps.astype(np.float64), (x.shape[1], 1, *taps.shape))
    trace = trace_conv2d(x, weight, groups=x.shape[1], divisor=divisor)
    return {
        "row": row,
        "column": column,
        "shape": taps.shape,
        "taps": taps.ravel().tolist(),
        "divisor": divisor,
        "beyond": np.flatnonzero(~inside).tolist(),
        "channels": [
            {"label": label, "window": x[0, channel].ravel().tolist(), **_numbers(step)}
            for channel, (label, step) in enumerate(
                zip(CHANNELS[picture.channels], trace, strict=True)
            )
        ],
    }


def _sources(
    size: int, sides: Pair, at: int, mode: PaddingMode
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool]]:
    """Say which rows (or columns) a window reads, and which of them the picture really has."""
    before, after = sides
    wanted = np.arange(at - before, at + after + 1)
    inside = (wanted >= 0) & (wanted < size)
    if mode == "zeros":
        return wanted.clip(0, size - 1), inside
    return source_index(size, before, after, mode)[at : at + len(wanted)], inside


def _numbers(step: Step) -> dict[str, Any]:
    running = [value + 0.0 for value in step.running[: len(step.terms)]]  # + 0.0: no "-0"
    quotient = step.results[0] + 0.0
    return {
        "products": [term + 0.0 for term in step.terms],
        "running": running,
        "sum": running[-1],
        "quotient": quotient,
        "stored": min(max(round(quotient), 0), 255),  # like np.rint, halves go to the even one
        "note": _note(quotient),
    }


def _note(quotient: float) -> str:
    if quotient < -0.5:
        return "Below 0: a pixel cannot be darker than black, so 0 is stored."
    if quotient > 255.5:
        return "Above 255: a pixel cannot be brighter than white, so 255 is stored."
    if quotient % 1 == 0.5:
        return "Exactly half way: rounded to the even neighbour."
    return "Rounded to the nearest whole number." if quotient % 1 else ""
