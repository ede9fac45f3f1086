import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, features

from app.images import Bounds, PictureError, decode, encode_png, encode_webp, shrink

BOUNDS = Bounds(pixels=16_000_000, side=8192, working_side=1024)
# Upper half red, lower half blue, taller than wide; JPEG keeps flat halves nearly exact.
UPRIGHT = np.zeros((48, 32, 3), dtype=np.uint8)
UPRIGHT[:24, :, 0] = 255
UPRIGHT[24:, :, 2] = 255


def saved(image, kind, **options):
    out = io.BytesIO()
    (image if isinstance(image, Image.Image) else Image.fromarray(image)).save(out, kind, **options)
    return out.getvalue()


def png_of(width, height, *, depth=8, colour=0, body=b""):
    """Write a PNG whose header promises a size that its pixels need not keep."""

    def chunk(kind, content):
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(body))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + pixels + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP", "BMP"])
def test_a_lossless_file_comes_back_as_it_was(kind):
    options = {"lossless": True} if kind == "WEBP" else {}

    assert np.array_equal(decode(saved(UPRIGHT, kind, **options), BOUNDS).pixels, UPRIGHT)


def test_three_equal_channels_are_one_grey():
    grey = np.arange(35, dtype=np.uint8).reshape(5, 7)

    picture = decode(saved(np.stack([grey] * 3, axis=-1), "PNG"), BOUNDS)

    assert picture.channels == 1
    assert np.array_equal(picture.pixels, grey)


def test_sixteen_bit_greys_are_scaled_and_not_clipped():
    wide = np.array([[0, 128, 257, 32768, 65535]], dtype=np.uint16)

    picture = decode(saved(wide, "PNG"), BOUNDS)

    assert picture.pixels.tolist() == [[0, 0, 1, 128, 255]]


def test_a_transparent_grey_of_sixteen_bits_becomes_white():
    wide = Image.fromarray(np.array([[0, 1000, 65535]], dtype=np.uint16))

    picture = decode(saved(wide, "PNG", transparency=1000), BOUNDS)

    assert picture.pixels.tolist() == [[0, 255, 255]]


@pytest.mark.parametrize(
    "hidden",
    [
        pytest.param(Image.new("RGBA", (4, 3), (200, 0, 0, 0)), id="RGB and alpha"),
        pytest.param(Image.new("LA", (4, 3), (10, 0)), id="grey and alpha"),
    ],
)
def test_what_alpha_hides_stays_hidden(hidden):
    picture = decode(saved(hidden, "PNG"), BOUNDS)

    assert (picture.pixels == 255).all()
    assert picture.notes == ("Transparent parts were laid on white.",)


def test_a_transparent_colour_of_a_palette_becomes_white():
    image = Image.new("P", (2, 1))
    image.putpalette([9, 9, 9, 255, 0, 0])
    image.putdata([0, 1])

    assert decode(saved(image, "PNG", transparency=0), BOUNDS).pixels.tolist() == [
        [[255, 255, 255], [255, 0, 0]]
    ]


def test_half_transparent_red_is_pink():
    image = Image.new("RGBA", (1, 1), (255, 0, 0, 128))

    assert decode(saved(image, "PNG"), BOUNDS).pixels.tolist() == [[[255, 127, 127]]]


TURNED = {
    1: UPRIGHT,
    2: UPRIGHT[:, ::-1],
    3: UPRIGHT[::-1, ::-1],
    4: UPRIGHT[::-1],
    5: UPRIGHT.transpose(1, 0, 2),
    6: UPRIGHT.transpose(1, 0, 2)[::-1],
    7: UPRIGHT.transpose(1, 0, 2)[::-1, ::-1],
    8: UPRIGHT.transpose(1, 0, 2)[:, ::-1],
}


@pytest.mark.parametrize("orientation", TURNED)
def test_a_picture_is_upright_whatever_its_exif_orientation(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = np.ascontiguousarray(TURNED[orientation])

    picture = decode(saved(stored, "JPEG", exif=exif, quality=95, subsampling=0), BOUNDS)

    assert picture.source_size == (32, 48)
    assert np.abs(picture.pixels.astype(int) - UPRIGHT).max() < 12


@pytest.mark.parametrize("exif", [b"Exif\0\0garbage", b"Exif\0\0MM\0*" + b"\xff" * 40])
@pytest.mark.filterwarnings("ignore:Corrupt EXIF", "ignore:Truncated File", "ignore:Metadata")
def test_a_broken_exif_block_does_no_harm(exif):
    assert decode(saved(UPRIGHT, "JPEG", exif=exif), BOUNDS).source_size == (32, 48)


def test_inks_become_colours():
    image = Image.new("CMYK", (16, 16), (0, 255, 255, 0))

    red = decode(saved(image, "JPEG", quality=95), BOUNDS).pixels[8, 8].astype(int)

    assert np.abs(red - (255, 0, 0)).max() < 8


def test_one_bit_pictures_are_black_and_white():
    image = Image.fromarray(np.array([[0, 255]], dtype=np.uint8)).convert("1")

    assert decode(saved(image, "PNG"), BOUNDS).pixels.tolist() == [[0, 255]]


def test_only_the_first_frame_of_an_animation_is_taken():
    frames = [Image.new("RGB", (6, 5), colour) for colour in ("red", "lime", "blue")]

    picture = decode(saved(frames[0], "GIF", save_all=True, append_images=frames[1:]), BOUNDS)

    assert (picture.pixels == (255, 0, 0)).all()


def test_a_large_picture_is_shrunk_to_the_working_side():
    picture = decode(saved(np.zeros((300, 2600, 3), np.uint8), "JPEG"), BOUNDS)

    assert (picture.width, picture.height) == (1024, 118)
    assert picture.notes[0] == "Shrunk from 2600 × 300."


def test_no_profile_and_no_exif_survive():
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    content = saved(UPRIGHT, "JPEG", exif=exif, icc_profile=b"x" * 999)

    clean = Image.open(io.BytesIO(encode_png(decode(content, BOUNDS).pixels)))

    assert clean.info == {}
    assert not clean.getexif()


@pytest.mark.parametrize(
    ("content", "status"),
    [
        pytest.param(b"", 422, id="no bytes"),
        pytest.param(b"<html><script>alert(1)</script>", 415, id="HTML"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, id="SVG"),
        pytest.param(b"PK\x03\x04" + bytes(60), 415, id="zip"),
        pytest.param(b"%PDF-1.7", 415, id="PDF"),
        pytest.param(b"II*\0" + bytes(60), 415, id="TIFF"),
        pytest.param(b"\x89PNG\r\n\x1a\n", 422, id="PNG without chunks"),
        pytest.param(b"\xff\xd8\xff\xe0" + bytes(50), 422, id="JPEG of zeros"),
        pytest.param(b"GIF89a", 422, id="GIF header alone"),
        pytest.param(b"BM" + b"\xff" * 60, 422, id="BMP of nonsense"),
        pytest.param(b"RIFF\x10\0\0\0WEBPVP8L", 422, id="WebP header alone"),
        pytest.param(png_of(12_000, 14_000), 413, id="bomb below Pillow's own line"),
        pytest.param(png_of(30_000, 30_000, depth=1), 413, id="bomb above it"),
        pytest.param(png_of(9000, 100), 413, id="one side too long"),
        pytest.param(png_of(2000, 2000, body=bytes(500)), 422, id="pixels missing"),
        pytest.param(png_of(4, 4)[:8] + (b"\0\0\0\0teSt" + bytes(4)) * 30_000, 413, id="chunks"),
    ],
)
def test_hostile_bytes_are_refused_with_a_sentence(content, status):
    with pytest.raises(PictureError, match=r"[a-z ]{12}") as refused:
        decode(content, BOUNDS)

    assert refused.value.status == status


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP"])
@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_a_truncated_file_is_refused(kind, part):
    rng = np.random.default_rng(3)
    content = saved(rng.integers(0, 256, (90, 70, 3), dtype=np.uint8), kind)

    with pytest.raises(PictureError, match="damaged or incomplete") as refused:
        decode(content[: int(len(content) * part)], BOUNDS)

    assert refused.value.status == 422


def test_the_refusal_of_a_large_picture_says_how_large_it_is():
    with pytest.raises(PictureError, match="The picture of 5000 × 4000 has more than 16 mega"):
        decode(png_of(5000, 4000), BOUNDS)


def test_webp_is_lossless():
    pixels = np.random.default_rng(1).integers(0, 256, (31, 47, 3), dtype=np.uint8)

    assert features.check("webp")
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(encode_webp(pixels)))), pixels)


def test_shrinking_keeps_the_proportions():
    assert shrink(np.zeros((60, 90), np.uint8), 30).shape == (20, 30)
