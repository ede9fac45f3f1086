import io

import numpy as np
import pytest
from PIL import Image

from app.samples import SAMPLES, sample_picture
from app.signed_colours import TINTS
from engine.filter_image import filter_image
from engine.kernel_library import KERNELS

COLOURS = np.random.default_rng(5).integers(0, 256, (13, 17, 3), dtype=np.uint8)


def png(pixels):
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def send(client, content=None, name="holiday.png"):
    content = png(COLOURS) if content is None else content
    return client.post("/api/images", files={"file": (name, content)})


def pixels_of(reply):
    assert reply.status_code == 200, reply.text
    return np.asarray(Image.open(io.BytesIO(reply.content)))


def sentence(reply):
    return reply.json()["detail"]["message"]


def test_a_picture_that_was_sent_comes_back_pixel_by_pixel(client):
    sent = send(client)

    assert sent.status_code == 201
    assert (sent.json()["width"], sent.json()["height"]) == (17, 13)
    assert sent.json()["channels"] == ["Red", "Green", "Blue"]
    assert np.array_equal(pixels_of(client.get(f"/api/images/{sent.json()['id']}/png")), COLOURS)


def test_sending_a_picture_again_gives_the_same_id(client):
    assert send(client).json()["id"] == send(client, name="other.gif").json()["id"]


def test_a_grey_picture_has_one_channel(client):
    assert send(client, png(COLOURS[..., 0])).json()["channels"] == ["Grey"]


def test_the_facts_of_a_picture_can_be_asked_for(client):
    sent = send(client).json()

    assert client.get(f"/api/images/{sent['id']}").json() == sent


@pytest.mark.parametrize(
    ("content", "status", "start"),
    [
        (b"", 422, "The file is empty"),
        (b"<!doctype html><p>Hi", 415, "This file is not a PNG"),
        (png(COLOURS)[:150], 422, "This PNG file is damaged"),
        (bytes(10_000_100), 413, ""),
    ],
)
def test_a_file_that_is_no_picture_is_refused_with_a_sentence(client, content, status, start):
    reply = send(client, content)

    assert reply.status_code == status
    assert sentence(reply).startswith(start)
    assert len(sentence(reply)) > 20


def test_a_request_without_a_file_is_refused(client):
    assert client.post("/api/images").status_code == 422


@pytest.mark.parametrize("path", ["", "/png"])
def test_a_picture_that_is_gone_is_404(client, path):
    reply = client.get(f"/api/images/{'0' * 32}{path}")

    assert reply.status_code == 404
    assert sentence(reply) == "This picture is no longer here; send it again"


def test_a_picture_that_is_gone_cannot_be_filtered(client):
    wanted = {"kernel": "sobel_x"}

    assert client.post(f"/api/images/{'0' * 32}/filter", json=wanted).status_code == 404


@pytest.mark.parametrize("name", SAMPLES)
def test_samples_are_always_there(client, name):
    whole = pixels_of(client.get(f"/api/images/{name}/png"))
    small = client.get(f"/api/images/{name}/png?size=thumbnail")

    assert np.array_equal(whole, sample_picture(name).pixels)
    assert max(pixels_of(small).shape[:2]) == 160


@pytest.mark.parametrize("kernel", ["box_blur_3x3", "sobel_x", "unsharp_mask", "motion_blur"])
def test_the_filtered_picture_is_the_engines(client, kernel):
    name = send(client).json()["id"]
    wanted = {"kernel": kernel, "padding_mode": "circular"}

    reply = client.post(f"/api/images/{name}/filter", json=wanted)

    taps, divisor = KERNELS[kernel].taps, KERNELS[kernel].divisor
    expected = filter_image(COLOURS, taps, padding_mode="circular", divisor=divisor)
    assert np.array_equal(pixels_of(reply), expected)


def test_signed_colours_show_one_channel_and_say_where_they_end(client):
    name = send(client).json()["id"]
    wanted = {"kernel": "identity", "view": "signed", "channel": 1, "theme": "dark"}

    reply = client.post(f"/api/images/{name}/filter", json=wanted)

    strongest = float(reply.headers["Convlens-Strongest"])
    row, column = np.argwhere(COLOURS[..., 1] >= strongest)[0]
    code = "".join(f"{part:02x}" for part in pixels_of(reply)[row, column])
    assert code == TINTS["dark"][-1]


MODES = ("zeros", "reflect", "replicate", "circular")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kernel", KERNELS)
def test_an_explained_pixel_is_the_pixel_of_the_filtered_picture(client, kernel, mode):
    name = send(client).json()["id"]
    wanted = {"kernel": kernel, "padding_mode": mode}
    filtered = pixels_of(client.post(f"/api/images/{name}/filter", json=wanted))

    for row, column in [(0, 0), (0, 16), (12, 16), (1, 2), (6, 8), (12, 0), (7, 15)]:
        place = {"row": row, "column": column}
        told = client.post(f"/api/images/{name}/pixel", json=wanted | place).json()

        assert [part["stored"] for part in told["channels"]] == filtered[row, column].tolist()


def test_a_pixel_is_explained_by_its_window_products_and_running_sums(client):
    grey = np.array([[10, 20, 30], [40, 50, 60], [70, 80, 91]], dtype=np.uint8)
    name = send(client, png(grey)).json()["id"]
    wanted = {"kernel": "box_blur_3x3", "row": 1, "column": 1}

    told = client.post(f"/api/images/{name}/pixel", json=wanted).json()

    assert (told["shape"], told["taps"], told["divisor"]) == ([3, 3], [1] * 9, 9)
    assert told["beyond"] == []
    assert told["channels"] == [
        {
            "label": "Grey",
            "window": [10, 20, 30, 40, 50, 60, 70, 80, 91],
            "products": [10, 20, 30, 40, 50, 60, 70, 80, 91],
            "running": [10, 30, 60, 100, 150, 210, 280, 360, 451],
            "sum": 451,
            "quotient": 451 / 9,
            "stored": 50,
            "note": "Rounded to the nearest whole number.",
        }
    ]


def test_cells_beyond_the_edge_are_named(client):
    grey = np.array([[10, 20, 30], [40, 50, 60], [70, 80, 91]], dtype=np.uint8)
    name = send(client, png(grey)).json()["id"]
    wanted = {"kernel": "sobel_x", "row": 0, "column": 2, "padding_mode": "reflect"}

    told = client.post(f"/api/images/{name}/pixel", json=wanted).json()

    assert told["beyond"] == [0, 1, 2, 5, 8]
    assert told["channels"][0]["window"] == [50, 60, 50, 20, 30, 20, 50, 60, 50]


@pytest.mark.parametrize(
    ("taps", "divisor", "stored", "note"),
    [
        ([[-1]], 1, 0, "Below 0: a pixel cannot be darker than black, so 0 is stored."),
        ([[9]], 1, 255, "Above 255: a pixel cannot be brighter than white, so 255 is stored."),
        ([[1]], 4, 12, "Exactly half way: rounded to the even neighbour."),
        ([[2]], 1, 100, ""),
    ],
)
def test_the_note_says_what_storing_did_to_the_number(client, taps, divisor, stored, note):
    name = send(client, png(np.full((3, 3), 50, np.uint8))).json()["id"]
    wanted = {"taps": taps, "divisor": divisor, "row": 1, "column": 1}

    told = client.post(f"/api/images/{name}/pixel", json=wanted).json()["channels"][0]

    assert (told["stored"], told["note"]) == (stored, note)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param({"kernel": "sobel"}, 'kernel: "sobel" is unknown', id="unknown filter"),
        pytest.param({}, "kernel: give either", id="no filter"),
        pytest.param({"taps": [[1, 2], [3]]}, "taps: the rows differ", id="ragged"),
        pytest.param({"taps": [[1.5]]}, "taps", id="no whole number"),
        pytest.param({"taps": [[0] * 12]}, "taps", id="too wide"),
        pytest.param({"kernel": "sobel_x", "divisor": 0}, "divisor", id="divisor"),
        pytest.param({"kernel": "sobel_x", "padding_mode": "mirror"}, "padding_mode", id="mode"),
        pytest.param({"kernel": "sobel_x", "kernal": 1}, "kernal", id="misspelt"),
    ],
)
def test_a_filter_that_cannot_be_is_refused_with_a_sentence(client, wanted, expected):
    reply = client.post("/api/images/sample-shapes/filter", json=wanted)

    assert reply.status_code == 422
    assert expected in sentence(reply)


def test_a_pixel_outside_the_picture_is_refused(client):
    wanted = {"kernel": "sobel_x", "row": 384, "column": 3}

    reply = client.post("/api/images/sample-shapes/pixel", json=wanted)

    assert reply.status_code == 422
    assert reply.json()["detail"]["field"] == "row"
    assert "use 0 to 383" in sentence(reply)


@pytest.mark.parametrize("what", ["filter", "pixel"])
def test_a_picture_too_small_to_be_mirrored_is_refused_alike(client, what):
    name = send(client, png(np.zeros((1, 5), np.uint8))).json()["id"]
    wanted = {"kernel": "sobel_x"} | ({"row": 0, "column": 0} if what == "pixel" else {})

    reply = client.post(f"/api/images/{name}/{what}", json=wanted)

    assert reply.status_code == 422
    assert sentence(reply) == (
        "The picture of 5 × 1 pixels is too small for a filter of 3 × 3 in the padding mode "
        "reflect; choose zeros or replicate"
    )


def test_the_page_lists_every_filter_and_sample(client):
    page = client.get("/image")

    assert page.status_code == 200
    assert all(f'value="{name}"' in page.text for name in KERNELS)
    assert all(f'data-sample="{name}"' in page.text for name in SAMPLES)
