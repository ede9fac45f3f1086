import io
import json
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

GREY = np.random.default_rng(11).integers(0, 256, (23, 31), dtype=np.uint8)
SAMPLE = "/image?img=sample-shapes&f=box_blur_3x3&mode=zeros&r=100&c=170"


def png(pixels, **options):
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG", **options)
    return out.getvalue()


def upload(page, content, name="photo.png"):
    chosen = {"name": name, "mimeType": "image/png", "buffer": content}
    page.get_by_label("Upload an image").set_input_files(chosen)


def numbers(page, name):
    """Read a grid once its numbers are there."""
    expect(page.locator(".arithmetic:not([data-pending])")).to_be_visible()
    texts = page.locator(f"table[data-grid='{name}'] td").all_inner_texts()
    return [int(text.replace("\u2212", "-")) for text in texts]


def settled(page):
    expect(page.locator(".studio[data-ready]")).to_be_visible()
    expect(page.locator(".surface[data-side='after']:not([aria-busy])")).to_be_visible()
    expect(page.locator(".arithmetic:not([data-pending])")).to_be_visible()


def query(page):
    return {key: values[0] for key, values in parse_qs(urlsplit(page.url).query).items()}


def surface(page):
    return page.locator(".surface[data-side='before']")


def test_an_uploaded_picture_is_explained_number_by_number(open_page):
    page = open_page("/image?f=box_blur_3x3&r=5&c=7")
    settled(page)

    upload(page, png(GREY))
    expect(page.locator(".size")).to_have_text("31 × 23 pixels, grey")
    page.get_by_label("Row", exact=True).fill("5")
    page.get_by_label("Column", exact=True).fill("7")
    expect(page).to_have_url(re.compile("r=5&c=7"))

    window = GREY[3:6, 5:8].ravel().tolist()
    assert numbers(page, "window") == window
    assert numbers(page, "products") == window
    expect(page.locator(".conclusion")).to_contain_text(f"sum = {sum(window)}")
    expect(page.locator(".conclusion .chip")).to_have_text(f"{round(sum(window) / 9)}")


def test_the_magnifier_shows_the_pictures_own_numbers(open_page):
    page = open_page("/image")
    upload(page, png(GREY))
    expect(page.locator(".size")).to_have_text("31 × 23 pixels, grey")

    shown = page.locator(".magnifier text").all_text_contents()

    assert [int(text) for text in shown] == GREY[6:17, 10:21].ravel().tolist()


def test_hovering_shows_a_pixel_and_a_click_keeps_it(open_page):
    page = open_page(SAMPLE)
    settled(page)
    box = surface(page).bounding_box()

    page.mouse.move(box["x"] + 20.5 * box["width"] / 384, box["y"] + 30.5 * box["height"] / 384)
    expect(page.get_by_label("Row", exact=True)).to_have_value("31")
    hovered = query(page)["r"]
    page.mouse.down()
    page.mouse.up()

    assert hovered == "100"
    expect(page).to_have_url(re.compile("r=31&c=21"))


def test_leaving_the_picture_shows_the_kept_pixel_again(open_page):
    page = open_page(SAMPLE)
    settled(page)
    surface(page).hover()

    page.mouse.move(2, 2)

    expect(page.get_by_label("Row", exact=True)).to_have_value("100")
    expect(page.get_by_label("Column", exact=True)).to_have_value("170")


def test_arrow_keys_move_the_pixel_and_say_its_sum(open_page):
    page = open_page(SAMPLE)
    settled(page)
    surface(page).focus()

    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ArrowRight")

    expect(page).to_have_url(re.compile("r=101&c=180"))
    expect(page.locator(".spoken")).to_contain_text("Row 101, column 180, grey: sum")


def test_sums_are_never_shown_with_another_window(open_page):
    page = open_page(SAMPLE)
    settled(page)
    page.route("**/pixel", lambda route: None)
    surface(page).focus()

    page.keyboard.press("ArrowDown")

    expect(page.locator(".conclusion")).to_have_text("…")
    assert set(page.locator(".arithmetic td").all_inner_texts()) == {""}
    assert page.locator(".magnifier text").first.text_content() != ""
    page.unroute_all(behavior="ignoreErrors")


def test_choosing_a_filter_changes_the_picture_the_sum_and_the_address(open_page):
    page = open_page(SAMPLE)
    settled(page)

    with page.expect_response("**/filter") as reply:
        page.get_by_label("Laplacian, 4 neighbours").check(force=True)
    settled(page)

    assert json.loads(reply.value.request.post_data)["view"] == "signed"
    assert numbers(page, "filter") == [0, 1, 0, 1, -4, 1, 0, 1, 0]
    expect(page).to_have_url(re.compile("f=laplacian_4"))
    assert sum(numbers(page, "products")) == int(
        page.locator(".conclusion b").first.inner_text().replace("\u2212", "-")
    )


def test_cells_beyond_the_edge_are_marked(open_page):
    page = open_page("/image?img=sample-shapes&f=box_blur_3x3&mode=zeros&r=1&c=1")
    settled(page)

    assert page.locator("[data-grid='window'] td[data-beyond]").count() == 5


def test_the_patch_goes_to_explore_with_its_real_numbers(open_page):
    page = open_page("/image?f=sobel_x&r=5&c=7")
    upload(page, png(GREY))
    expect(page.locator(".size")).to_have_text("31 × 23 pixels, grey")

    link = page.get_by_role("link", name="Open this patch in Explore").get_attribute("href")

    parts = urlsplit(link)
    expected = {"x": "blank", "w": "9", "h": "9", "d": "1", "fx": "sobel_x", "fw": "3", "k": "1"}
    assert expected.items() <= {k: v[0] for k, v in parse_qs(parts.query).items()}.items()
    runs = parts.fragment.removeprefix("x=").split(";")
    assert runs[2] == "0.2.0:" + ",".join(map(str, GREY[11 - 4 + 2, 15 - 4 : 15 + 5]))


def test_explore_opens_at_the_same_window_with_the_same_products(open_page):
    page = open_page("/image?img=sample-shapes&f=sobel_x&r=97&c=169")
    settled(page)
    products = numbers(page, "products")

    page.get_by_role("link", name="Open this patch in Explore").click()

    cells = page.get_by_role("grid", name="Products").get_by_role("gridcell")
    expect(cells).to_have_count(9)
    labels = [cell.get_attribute("aria-label") for cell in cells.all()]
    assert [int(label.split(": ")[1]) for label in labels] == products


def test_a_picture_that_the_server_forgot_is_sent_again_without_a_word(open_page):
    page = open_page("/image?f=sharpen", refusals=True)
    upload(page, png(GREY))
    expect(page.locator(".size")).to_have_text("31 × 23 pixels, grey")
    settled(page)
    gone = {"detail": {"message": "gone", "field": None, "remedies": []}}
    page.route("**/filter", lambda route: route.fulfill(status=404, json=gone), times=1)

    with page.expect_request(lambda request: request.url.endswith("/api/images")):
        page.get_by_label("Emboss").check(force=True)

    settled(page)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_busy_server_is_asked_once_more(open_page):
    page = open_page(SAMPLE)
    settled(page)
    page.evaluate(
        """() => {
          const real = window.fetch;
          let refused = 0;
          window.fetch = (url, options) => String(url).endsWith("/filter") && !refused++
            ? Promise.resolve(new Response("{}", {status: 503, headers: {"Retry-After": "1"}}))
            : real(url, options);
        }"""
    )

    page.get_by_label("Outline").check(force=True)

    settled(page)
    expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty"),
        (b"<html>hello</html>", "This file is not a PNG, JPEG"),
        (png(GREY)[:200], "damaged or incomplete"),
    ],
)
def test_a_refused_file_loses_neither_picture_nor_filter(open_page, content, sentence):
    page = open_page("/image?f=emboss", refusals=True)
    settled(page)

    upload(page, content)

    expect(page.get_by_role("alert")).to_contain_text(sentence)
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    expect(page.locator(".size")).to_have_text("512 × 384 pixels, colour")
    expect(page.locator("input[value='emboss']")).to_be_checked()


def test_a_picture_of_too_many_pixels_is_shrunk_in_the_browser(open_page):
    page = open_page("/image", refusals=True)
    settled(page)

    upload(page, png(np.zeros((4100, 4100), np.uint8), compress_level=1))

    expect(page.locator(".notes")).to_contain_text(
        "Shrunk in your browser from 4100 × 4100 to 2048 × 2048 before it was sent."
    )
    expect(page.locator(".size")).to_have_text("1024 × 1024 pixels, grey")


def test_dropping_and_pasting_bring_a_picture_in(open_page):
    page = open_page("/image")
    settled(page)
    give = """([bytes, kind]) => {
      const files = new DataTransfer();
      files.items.add(new File([new Uint8Array(bytes)], "a.png", {type: "image/png"}));
      document.body.dispatchEvent(kind === "drop"
        ? new DragEvent("drop", {dataTransfer: files, bubbles: true, cancelable: true})
        : new ClipboardEvent("paste", {clipboardData: files, bubbles: true, cancelable: true}));
    }"""

    page.evaluate(give, [list(png(GREY)), "drop"])
    expect(page.locator(".size")).to_have_text("31 × 23 pixels, grey")
    page.evaluate(give, [list(png(GREY[:9])), "paste"])

    expect(page.locator(".size")).to_have_text("31 × 9 pixels, grey")


def test_a_link_with_nonsense_opens_the_page_and_says_so(open_page):
    page = open_page("/image?f=sobell&mode=up&r=x&img=../../etc")

    settled(page)

    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("filter “sobell”")
    expect(alert).to_contain_text("padding mode “up”")
    expect(page.locator("input[value='sobel_x']")).to_be_checked()


def test_a_link_to_a_picture_that_is_gone_keeps_the_filter(open_page):
    page = open_page(f"/image?f=emboss&img={'0' * 32}", refusals=True)

    settled(page)

    expect(page.get_by_role("alert")).to_contain_text("no longer on the server")
    expect(page.locator("input[value='emboss']")).to_be_checked()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_page_is_accessible_and_fits(
    open_page, assert_accessible, assert_no_sideways_scroll, theme, width
):
    page = open_page("/image?view=signed&f=gaussian_blur_5x5", theme=theme, width=width)

    settled(page)

    assert_accessible(page)
    assert_no_sideways_scroll(page)


def test_no_module_of_the_studio_writes_markup():
    folder = Path(__file__).parents[2] / "static" / "js" / "image"

    assert not [path for path in folder.glob("*.js") if "innerHTML" in path.read_text()]
