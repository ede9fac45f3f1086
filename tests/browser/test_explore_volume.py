"""The Volume tab: boxes that move with the step and unfold, and a layer to scale."""

from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

BODY = {
    "op": "conv2d",
    "x": {"channels": 3},
    "weight": {"filters": 2},
    "padding": 1,
    "stride": 2,
    "bias": True,
}
_PUT = """async ([module, body]) => {
  await import(module);
  const figure = document.createElement("volume-figure");
  figure.position = 1;
  const main = document.querySelector("main");
  main.replaceChildren(main.querySelector("h1"), figure);
  const headers = {"Content-Type": "application/json"};
  const reply = await fetch("/api/trace", {method: "POST", headers, body: JSON.stringify(body)});
  figure.reply = await reply.json();
}"""
_SHEETS = """async hrefs => {
  await Promise.all(hrefs.map(href => new Promise(done => {
    const link = Object.assign(document.createElement("link"), {rel: "stylesheet", href});
    link.onload = done;
    document.head.append(link);
  })));
}"""
_WIDE = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@pytest.fixture
def volume(open_page):
    """Open the figure by itself, with a layer."""

    def show(body=None, **options) -> Page:
        page = open_page("/lessons", **options)
        static = page.locator("link[href*='/static/']").first.get_attribute("href") or ""
        root = re.match(r".*?/static/[^/]+/", static)
        assert root
        names = ("figure", "player", "transport", "size", "volume", "volume-scale")
        page.evaluate(_SHEETS, [f"{root[0]}css/{name}.css" for name in names])
        module = f"{root[0]}js/views/volume/volume-figure.js"
        page.evaluate(_PUT, [module, body or BODY])
        expect(page.get_by_role("button", name="Unfold")).to_be_visible()
        return page

    return show


# The numbers of a plate as they are drawn, row by row; of the window, those that its frame covers.
_DRAWN = """() => {
  const rows = plate => {
    const texts = [...plate.querySelectorAll(":scope > .plate-numbers > text")].map(text => (
      {x: +text.getAttribute("x"), y: +text.getAttribute("y"),
       value: Number(text.textContent.replace("\u2212", "-"))}));
    return texts.sort((a, b) => a.y - b.y || a.x - b.x);
  };
  const input = document.querySelector(".plate[data-role=x]");
  const {transform} = input.querySelector(".plate-frame").style;
  const [left, top] = transform.match(/-?[0-9.]+/g).map(Number);
  const filter = rows(document.querySelector(".plate[data-role=w]"));
  const side = 24 * Math.sqrt(filter.length);
  const window = rows(input).filter(({x, y}) =>
    x > left && x < left + side && y > top && y < top + side);
  return [window.map(({value}) => value), filter.map(({value}) => value)];
}"""


def told(page: Page):
    return page.locator(".told")


def result(page: Page):
    return page.locator(".cell-sum h2")


def test_stepping_tells_the_filter_its_channels_and_the_sum(volume):
    page = volume()

    expect(told(page)).to_contain_text("Filter 1 spans channels 1 to 3")
    page.get_by_role("button", name="Next step").click()

    expect(told(page)).to_contain_text("row 1, column 2 of map 1")
    sums = re.search(r": (.*) \(bias\) = (.*)\.$", told(page).inner_text())
    assert sums
    terms, whole = (text.replace("\u2212", "-").replace(" ", "") for text in sums.groups())
    assert sum(map(int, re.findall(r"[+-]?\d+", terms))) == int(whole)


@pytest.mark.parametrize(
    "layer",
    [
        pytest.param({"op": "conv2d", "flip": True}, id="flipped"),
        pytest.param({"op": "conv_transpose2d", "stride": 2}, id="transposed"),
        pytest.param({"op": "conv2d"}, id="as it is"),
    ],
)
def test_the_filter_stands_as_it_is_read_so_that_the_drawn_sum_is_right(volume, layer):
    size = {"preset": "integers", "width": 4, "height": 4}
    page = volume({"x": size, "weight": {"preset": "integers"}} | layer)
    turned = layer != {"op": "conv2d"}

    page.get_by_role("button", name="Unfold").click()
    page.get_by_role("slider", name="Step").fill("4")
    said = page.locator(".of-unfolded .result").text_content() or ""

    window, taps = page.evaluate(_DRAWN)
    assert len(window) == len(taps) == 9
    assert sum(x * w for x, w in zip(window, taps, strict=True)) == int(
        said.removeprefix("= ").replace("\u2212", "-")
    )
    name = "\u2217 filter 1, turned" if turned else "⋆ filter 1"
    expect(page.locator(".of-unfolded .note")).to_have_text(name)


def test_filter_moves_along_rows_and_columns_only(volume):
    page = volume()
    prism = page.locator(".prism")
    shapes = set()
    places = set()
    for position in (1, 2, 5, 16):
        page.get_by_role("slider", name="Step").fill(str(position))
        shapes.add(prism.locator("[data-face=front]").get_attribute("d"))
        places.add(prism.evaluate("prism => prism.style.transform"))

    assert len(shapes) == 1
    assert len(places) == 4


def test_a_map_that_is_chosen_shows_its_filter_with_mouse_and_keyboard(volume):
    page = volume()
    second = page.get_by_role("button", name="Output map 2: show its filter")

    second.focus()
    page.keyboard.press("Enter")
    expect(told(page)).to_contain_text("Filter 2 spans")
    expect(second).to_have_attribute("aria-pressed", "true")
    page.locator(".plate[data-role=w]").nth(2).click()
    expect(told(page)).to_contain_text("Filter 1 spans")


def test_the_arrow_keys_go_from_cell_to_cell_of_a_map(volume):
    page = volume()
    page.get_by_role("button", name="Output map 1: show its filter").focus()

    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
    expect(told(page)).to_contain_text("row 2, column 2 of map 1")
    page.get_by_role("button", name="Output map 2: show its filter").focus()
    page.keyboard.press("ArrowLeft")

    expect(told(page)).to_contain_text("row 2, column 1 of map 2")


def test_a_layer_too_large_to_play_is_traced_by_keys_and_by_pointing(volume):
    size = {"width": 12, "height": 12, "channels": 8}
    page = volume({"op": "conv2d", "x": size, "weight": {"filters": 8}}, reduced_motion=True)
    expect(page.get_by_text("Point at a cell to trace it")).to_be_visible()
    own = page.locator(".plate[data-role=y][data-own]")

    own.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(told(page)).to_contain_text("row 8, column 10 of map 8")
    box = own.locator(".plate-ground").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.35, box["y"] + box["height"] * 0.15)

    expect(told(page)).to_contain_text("row 2, column 4 of map 8")


def test_unfolding_puts_channels_beside_each_other_and_shows_partial_sums(volume):
    page = volume(reduced_motion=True)
    channels = page.locator(".plate[data-role=x]")

    page.get_by_role("button", name="Unfold").click()

    boxes = [channels.nth(n).bounding_box() for n in range(3)]
    lefts = sorted(box["x"] for box in boxes)
    assert all(right - left > boxes[0]["width"] - 8 for left, right in pairwise(lefts))
    shown = page.locator(".of-unfolded .partial").all_text_contents()
    assert len([text for text in shown if text.startswith("= ")]) == 3
    page.get_by_role("button", name="Fold", exact=True).click()
    expect(page.get_by_role("button", name="Unfold")).to_be_visible()


def test_lecture_layer_opens_within_a_second_and_every_cell_is_explained(volume):
    page = volume()
    began = time.perf_counter()

    page.get_by_role("button", name="To scale").click()
    expect(result(page)).to_contain_text("Output map 1, row 1, column 1")

    assert time.perf_counter() - began < 1
    expect(page.get_by_text("96·(11·11·3+1) = 34,944")).to_be_visible()
    formula = page.locator(".size-formula")
    expect(formula).to_contain_text(re.compile(r"227\W+11\W+2\W+04\W+1=55"))
    expect(page.get_by_text("55·55·96 = 290,400")).to_be_visible()
    expect(page.get_by_text("363 terms")).to_be_visible()
    page.get_by_role("slider", name="Output map").fill("96")
    page.get_by_role("slider", name="Output row").fill("55")
    page.get_by_role("slider", name="Output column").fill("55")
    expect(result(page)).to_contain_text("Output map 96, row 55, column 55")
    cells = page.get_by_role("grid", name="Products channel 3").get_by_role("gridcell")
    expect(cells).to_have_count(121)


def test_a_projector_shows_a_layer_to_scale_with_the_terms_of_a_cell(volume):
    page = volume(width=1280, height=720)
    page.evaluate("document.body.setAttribute('data-present', '')")
    first, second = (page.get_by_role("grid", name=f"Products channel {n}") for n in (1, 2))

    page.get_by_role("button", name="To scale").click()

    expect(first).to_be_visible()
    expect(second).to_be_hidden()
    picture = page.locator(".to-scale").bounding_box()
    assert picture["x"] + picture["width"] < first.bounding_box()["x"]
    page.get_by_role("button", name="Next channels").click()
    expect(second).to_be_visible()


def test_a_dilated_filter_spans_more_of_a_layer_to_scale(volume):
    page = volume()
    page.get_by_role("button", name="To scale").click()
    expect(page.get_by_text("55·55·96 = 290,400")).to_be_visible()

    page.get_by_label("Layer dilation").fill("2")

    expect(page.get_by_text("52·52·96 = 259,584")).to_be_visible()
    page.get_by_role("slider", name="Output row").fill("52")
    expect(result(page)).to_contain_text("Output map 1, row 52, column 1")


def test_window_moves_by_drag_and_by_arrow_keys(volume):
    page = volume()
    page.get_by_role("button", name="To scale").click()
    window = page.get_by_role("slider", name="Window")
    box = page.locator(".solid[data-role=x] [data-face=front]").bounding_box()

    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 1, box["y"] + box["height"] - 1)
    page.mouse.up()
    expect(window).to_have_attribute("aria-valuetext", "row 55 of 55, column 55 of 55")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowUp")

    expect(window).to_have_attribute("aria-valuetext", "row 54 of 55, column 54 of 55")
    expect(result(page)).to_contain_text("Output map 1, row 54, column 54")


def test_a_term_tells_its_factors_when_it_has_the_focus(volume):
    page = volume()
    page.get_by_role("button", name="To scale").click()
    grid = page.get_by_role("grid", name="Products channel 2")

    grid.get_by_role("gridcell", name=re.compile("^row 1, column 1:")).focus()
    page.keyboard.press("ArrowDown")

    expect(page.locator(".term-told")).to_contain_text("channel 2, row 2, column 1: input")


def test_a_size_that_cannot_be_is_explained_at_its_field(volume):
    page = volume(refusals=True)
    page.get_by_role("button", name="To scale").click()
    expect(result(page)).to_be_visible()

    page.get_by_label("Layer filter size").fill("32")

    expect(page.get_by_role("alert")).to_contain_text("32 is too large; use at most 31")
    page.get_by_label("Known layer").select_option("1")
    expect(page.get_by_text("64·(3·3·3+1) = 1,792")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_modes_are_accessible_and_fit_a_phone(volume, assert_accessible, theme):
    page = volume(width=390, height=844, theme=theme, reduced_motion=True)

    assert_accessible(page)
    assert page.evaluate(_WIDE)
    page.get_by_role("button", name="To scale").click()
    expect(result(page)).to_be_visible()
    assert_accessible(page)
    assert page.evaluate(_WIDE)


def test_a_window_without_a_filter_has_boxes_too(volume):
    body = {"op": "max_pool2d", "x": {"channels": 2}, "kernel_size": 2}
    page = volume(body)

    expect(told(page)).to_contain_text("The window reads channel 1")
