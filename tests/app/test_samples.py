import io
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.samples import PREFIX, SAMPLES, sample_picture, sample_thumbnail
from app.signed_colours import TINTS, signed_colours

TOKENS = Path(__file__).parents[2] / "static" / "css" / "tokens.css"


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_a_picture_with_all_greys_and_a_thumbnail(name):
    picture = sample_picture(name)

    assert name.startswith(PREFIX)
    assert picture.pixels.dtype == np.uint8
    assert np.ptp(picture.pixels) > 200
    assert max(Image.open(io.BytesIO(sample_thumbnail(name))).size) == 160


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_the_same_at_every_call(name):
    assert np.array_equal(SAMPLES[name].paint(), sample_picture(name).pixels)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_signed_colours_are_the_tints_of_the_style_sheet(theme):
    pairs = re.findall(r"--tint-(-?\d): light-dark\(#(\w+), #(\w+)\)", TOKENS.read_text())
    tints = {int(n): (light, dark)[theme == "dark"] for n, light, dark in pairs}

    assert TINTS[theme] == tuple(tints[n] for n in range(-5, 6))


def test_signed_colours_are_blue_grey_orange():
    values = np.array([[-40, 0, 40, -8]], dtype=np.float32)

    colours, strongest = signed_colours(values)

    assert strongest == 40
    assert [f"{r:02x}{g:02x}{b:02x}" for r, g, b in colours[0]] == [
        TINTS["light"][n] for n in (0, 5, 10, 4)
    ]


def test_a_picture_of_zeros_is_grey_all_over():
    colours, strongest = signed_colours(np.zeros((2, 3), dtype=np.float32), "dark")

    assert strongest == 0
    assert (colours == (0x20, 0x26, 0x2E)).all()


def test_few_extreme_numbers_do_not_leave_the_others_pale():
    values = np.array([[10.0] * 99 + [1000.0]], dtype=np.float32)

    colours, strongest = signed_colours(values)

    assert strongest == 10
    assert (colours[0, -1] == colours[0, 0]).all()
