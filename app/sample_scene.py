"""The default picture: an evening by a lake, painted by formulas, so that it needs no licence.

It is made to be filtered: a smooth sky, soft and hard edges in all directions, fine grass,
a fence of thin verticals, and the grain of a camera. Painted at twice its size and averaged
down, which is what makes its edges look photographed.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

Field = npt.NDArray[np.float32]

WIDTH, HEIGHT = 512, 384
_SCALE = 2
_SHORE = 0.60  # where the lake begins, as a part of the height
_SUN = (0.60, 0.455)


def scene() -> npt.NDArray[np.uint8]:
    """Paint the scene: a (384, 512, 3) picture, the same at every call."""
    rng = np.random.default_rng(7)
    height, width = HEIGHT * _SCALE, WIDTH * _SCALE
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = across / width, down / height
    canvas = _sky(x, y, rng)
    _mountains(canvas, x, y, rng)
    _lake(canvas, x, y, rng)
    _meadow(canvas, x, y, rng)
    _pines(canvas, x, y, rng)
    _cabin(canvas, x, y)
    _fence(canvas, x, y)
    off_centre = (x - 0.5) ** 2 + (y - 0.5) ** 2
    canvas *= (1.06 - 0.42 * off_centre)[..., None]  # a lens darkens its corners
    small = canvas.reshape(HEIGHT, _SCALE, WIDTH, _SCALE, 3).mean(axis=(1, 3))
    small += rng.normal(0, 0.011, small.shape[:2])[..., None]
    picture: npt.NDArray[np.uint8] = np.rint(np.clip(small, 0, 1) * 255).astype(np.uint8)
    return picture


def _rgb(code: str) -> Field:
    return np.array([int(code[i : i + 2], 16) / 255 for i in (0, 2, 4)], dtype=np.float32)


def _blend(canvas: Field, colour: Field, share: Field) -> None:
    """Lay a colour over the canvas, as far as `share` (0..1) says."""
    canvas += (colour - canvas) * np.clip(share, 0, 1)[..., None]


def _noise(
    rng: np.random.Generator, shape: tuple[int, ...], cells: tuple[int, int], octaves: int
) -> Field:
    """Add up smooth random fields, each twice as fine and half as strong; about -1..1."""
    total = np.zeros(shape[:2], dtype=np.float32)
    for octave in range(octaves):
        rows, columns = (count * 2**octave for count in cells)
        coarse = rng.uniform(-1, 1, (rows + 2, columns + 2)).astype(np.float32)
        fine = Image.fromarray(coarse).resize((shape[1], shape[0]), Image.Resampling.BICUBIC)
        total += np.asarray(fine) / 2**octave
    return total


def _sky(x: Field, y: Field, rng: np.random.Generator) -> Field:
    stops = [0.0, 0.22, 0.42, 0.56, 1.0]
    colours = [_rgb(code) for code in ("27407a", "5f78a8", "d99a8b", "ffd7a1", "ffd7a1")]
    canvas = np.stack(
        [np.interp(y, stops, [colour[c] for colour in colours]) for c in range(3)], axis=-1
    ).astype(np.float32)
    distance = np.hypot((x - _SUN[0]) * WIDTH / HEIGHT, y - _SUN[1])
    _blend(canvas, _rgb("ffe9b8"), 0.85 * np.exp(-((distance / 0.16) ** 2)))
    streaks = _noise(rng, x.shape, (9, 3), 5)
    _blend(canvas, _rgb("f6b9a0"), 1.5 * (streaks - 0.25) * (0.75 - y))
    _blend(canvas, _rgb("fff6dc"), (0.046 - distance) * 300)
    return canvas


def _mountains(canvas: Field, x: Field, y: Field, rng: np.random.Generator) -> None:
    wide = (8, x.shape[1])
    ranges = [("a5a3bb", 0.42, 0.07, 3), ("77809f", 0.47, 0.06, 4), ("4f5d7c", 0.535, 0.045, 6)]
    for code, base, rise, peaks in ranges:
        ridge = base - rise * _noise(rng, wide, (1, peaks), 6)[4]
        ridge -= 0.17 * np.exp(-(((x[0] - 0.27) / 0.13) ** 2)) * (code == "77809f")
        below = y - ridge
        _blend(canvas, _rgb(code), below * 400)
        rock = _noise(rng, x.shape, (24, 24), 4)
        lit = np.gradient(ridge)[None, :] * x.shape[1] * 0.18 + rock * 0.10
        canvas += (lit * np.exp(-np.maximum(below, 0) / 0.07) * (below > 0))[..., None]
        if code == "77809f":
            snow = (0.40 + 0.035 * rock - y) * 60
            _blend(canvas, _rgb("f3e9ea"), np.clip(snow, 0, 0.85) * (below > 0))
            crest = x - 0.247 - 0.10 * (y - 0.24) - 0.018 * rock
            side = np.clip(crest * 90, -1, 0.5) * np.exp(-((crest / 0.15) ** 2))
            canvas += (0.15 * side * (below > 0))[..., None] * _rgb("ffe0c0")
    haze = 0.5 * np.exp(-(((y - _SHORE) / 0.05) ** 2))
    _blend(canvas, _rgb("f3cfae"), haze)


def _lake(canvas: Field, x: Field, y: Field, rng: np.random.Generator) -> None:
    height, width = x.shape
    first = round(_SHORE * height)
    depth = np.arange(height - first)
    ripples = _noise(rng, x.shape, (120, 10), 3)[first:]
    shift = np.rint(ripples * (2 + depth[:, None] * 0.035)).astype(int)
    rows = np.clip(first - 1 - depth[:, None] + shift, 0, first - 1)
    columns = np.clip(np.arange(width)[None, :] + shift // 2, 0, width - 1)
    mirrored = canvas[rows, columns] * 0.80 + _rgb("1d3557") * 0.14
    canvas[first:] = mirrored + (ripples * 0.03)[..., None]
    _blend(canvas, _rgb("2a3a4a"), 0.7 * np.exp(-(((y - _SHORE) / 0.004) ** 2)))


def _meadow(canvas: Field, x: Field, y: Field, rng: np.random.Generator) -> None:
    edge = 0.80 + 0.035 * np.sin(x * 5.2 + 2.1) + 0.012 * np.sin(x * 23) - 0.05 * (x - 0.2)
    blades = _noise(rng, x.shape, (90, 260), 2)
    ground = y - edge + 0.006 * blades
    light = np.clip(1.05 - 1.6 * (y - 0.78), 0.4, 1)
    grass = _rgb("66783c") * light[..., None] + (blades * 0.10)[..., None]
    share = np.clip(ground * 300, 0, 1)[..., None]
    canvas += (grass - canvas) * share


def _pines(canvas: Field, x: Field, y: Field, rng: np.random.Generator) -> None:
    fringe = _noise(rng, x.shape, (160, 160), 2)
    trees = [(0.055, 0.96, 0.60), (0.155, 0.90, 0.43), (0.235, 0.855, 0.25), (0.955, 0.88, 0.50)]
    for middle, foot, size in trees:
        up = (foot - y) / size
        tiers = 0.62 + 0.38 * (1 - (up * 7.0) % 1.0)
        half = 0.19 * size * (1 - up) * tiers * (1 + 0.35 * fringe)
        inside = (half - np.abs(x - middle)) * 500
        inside = np.where((up > 0.06) & (up < 1), inside, -1)
        shade = _rgb("1f3a2f") + 0.9 * np.clip(x - middle, -0.1, 0.1)[..., None] * _rgb("c98f4e")
        canvas += (shade + 0.03 * fringe[..., None] - canvas) * np.clip(inside, 0, 1)[..., None]
        trunk = np.minimum(0.010 * size / 0.5 - np.abs(x - middle), 0.07 - np.abs(up)) * 700
        _blend(canvas, _rgb("3a2a22"), trunk)


def _cabin(canvas: Field, x: Field, y: Field) -> None:
    def box(left: float, top: float, right: float, bottom: float) -> Field:
        beside = np.minimum(x - left, right - x) * WIDTH
        inside = np.minimum(beside, np.minimum(y - top, bottom - y) * HEIGHT)
        return np.asarray(inside * 3, dtype=np.float32)

    _blend(canvas, _rgb("5b4a44"), box(0.665, 0.545, 0.695, 0.68))
    _blend(canvas, _rgb("a4603c"), box(0.60, 0.68, 0.82, 0.855))
    planks = box(0.60, 0.68, 0.82, 0.855) * ((x * 60) % 1 < 0.10)
    _blend(canvas, _rgb("6e3d27"), planks)
    slope = (y - 0.585) / 0.115
    roof = np.minimum(0.022 + 0.115 * slope - np.abs(x - 0.71), 0.70 - y) * 600
    roof = np.where(slope > 0, roof, -1)
    _blend(canvas, _rgb("3b3540"), roof)
    _blend(canvas, _rgb("6a5f66"), np.minimum(roof, box(0.5, 0.69, 0.9, 0.70)))
    _blend(canvas, _rgb("3a2219"), box(0.745, 0.735, 0.795, 0.855))
    _blend(canvas, _rgb("f4ead8"), box(0.628, 0.722, 0.712, 0.802))
    for left, top in ((0.634, 0.730), (0.673, 0.730), (0.634, 0.766), (0.673, 0.766)):
        _blend(canvas, _rgb("ffd166"), box(left, top, left + 0.033, top + 0.028))


def _fence(canvas: Field, x: Field, y: Field) -> None:
    line = 0.885 + 0.02 * np.sin(x * 4 + 1)
    reach = np.minimum((x - 0.27) * 500, (1.01 - x) * 500)
    for offset in (0.0, 0.038):
        rail = (0.0055 - np.abs(y - line - offset)) * 700
        _blend(canvas, _rgb("e6d9c3"), np.minimum(rail, reach))
    posts = (0.0055 - np.abs((x - 0.29) % 0.062 - 0.031)) * 900
    tall = np.minimum(y - line + 0.030, line + 0.085 - y) * 500
    _blend(canvas, _rgb("f2e8d6"), np.minimum(np.minimum(posts, tall), reach))
