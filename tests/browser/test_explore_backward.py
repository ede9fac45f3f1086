"""The board: variables above their gradients, in a real browser, against the engine's numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from engine import conv2d_backward
from tests.browser.conftest import _opener
from tests.browser.explore_page import ExplorePage

Show = Callable[..., ExplorePage]

_SHOW = """async body => {
  const asked = await fetch("/api/trace", {method: "POST",
    headers: {"content-type": "application/json"}, body: JSON.stringify(body)});
  const figure = document.querySelector("trace-figure");
  window.edits = [];
  const drawn = new Promise(done => figure.addEventListener("drawn", done, {once: true}));
  figure.reply = await asked.json();
  await drawn;
}"""
# The page would ask the server for what was typed, and show that instead.
_KEEP_EDITS = """() => document.addEventListener("edit", event => {
  event.stopPropagation();
  window.edits.push(event.detail);
}, true)"""
# Headings under a node of a line that comes from above, and texts wider than their pill.
_CROSSED = """() => {
  const box = element => element.getBoundingClientRect();
  const nodes = [...document.querySelectorAll(".joint")].map(box);
  const headings = [...document.querySelectorAll(".board .heading")].filter(heading => {
    const {left, right, bottom} = box(heading);
    return nodes.some(node => {
      const middle = (node.left + node.right) / 2;
      return left < middle && right > middle && bottom < node.bottom && node.top - bottom < 60;
    });
  });
  const pills = [...document.querySelectorAll(".given")].filter(pill => {
    const [around, text] = [...pill.children].map(box);
    return text.left < around.left + 2 || text.right > around.right - 2;
  });
  return [...headings, ...pills].map(element => element.textContent);
}"""
_X = {"preset": "integers", "height": 5, "width": 5}
_LAYERS = [
    pytest.param({}, id="plain"),
    pytest.param({"padding": 1}, id="padding"),
    pytest.param({"stride": 2, "padding": 1}, id="stride"),
    pytest.param({"dilation": 2}, id="dilation"),
    pytest.param({"padding": 1, "padding_mode": "reflect"}, id="a mirrored border"),
]


def _on_the_board(page: Page) -> ExplorePage:
    explore = ExplorePage(page)
    page.get_by_role("tab", name="Backward").click()
    expect(explore.grid("Gradient of input")).to_be_visible()
    page.evaluate(_KEEP_EDITS)
    return explore


@pytest.fixture(scope="module")
def show(browser: Browser, base_url: str) -> Iterator[Show]:
    """Show a backward pass in the figure of Explore."""
    with _opener(browser, base_url) as open_page:
        pages: dict[tuple[tuple[str, Any], ...], ExplorePage] = {}

        def show(body: dict[str, Any], **screen: Any) -> ExplorePage:
            key = tuple(screen.items())
            if key not in pages:
                pages[key] = _on_the_board(open_page("/explore", **screen))
            pages[key].page.mouse.move(0, 0)
            pages[key].page.evaluate(_SHOW, {"op": "conv2d_backward", "x": _X} | body)
            return pages[key]

        yield show


def _engine(explore: ExplorePage, settings: dict[str, Any]) -> Any:
    planes = [explore.values(name)[None, None] for name in ("Upstream gradient", "Input", "Filter")]
    return conv2d_backward(*planes, **settings)


@pytest.mark.parametrize("reading", ["scatter", "gather"])
@pytest.mark.parametrize("settings", _LAYERS)
def test_after_the_last_step_the_gradients_are_the_engine_s(show, settings, reading):
    explore = show(settings | {"reading": reading})

    explore.button("Last step").click()

    grad = _engine(explore, settings)
    np.testing.assert_allclose(explore.values("Gradient of input"), grad.input[0, 0])
    np.testing.assert_allclose(explore.values("Gradient of filter"), grad.weight[0, 0])
    np.testing.assert_allclose(explore.values("Gradient of bias"), grad.bias[None])


def test_in_the_middle_the_totals_are_those_of_the_windows_so_far(show):
    explore = show({})
    explore.button("First step").click()
    for _ in range(4):
        explore.button("Next step").click()

    upstream = explore.values("Upstream gradient")
    reached = np.arange(9).reshape(3, 3) < 5
    planes = [explore.values(name)[None, None] for name in ("Input", "Filter")]
    grad = conv2d_backward((upstream * reached)[None, None], *planes)
    np.testing.assert_allclose(explore.values("Gradient of input"), grad.input[0, 0])
    np.testing.assert_allclose(explore.values("Gradient of filter"), grad.weight[0, 0])


def test_every_channel_of_the_filter_in_hand_and_every_map_has_a_grid(show):
    explore = show({"x": _X | {"channels": 2}, "weight": {"preset": "integers", "filters": 3}})
    explore.button("Last step").click()

    names = explore.names()

    for name in ("Input channel 2", "Gradient of input channel 2", "Filter 3 channel 1"):
        assert name in names
    for name in ("Gradient of filter 3 channel 2", "Upstream gradient map 3", "Output map 1"):
        assert name in names


def test_pointing_at_an_input_cell_says_which_outputs_it_fed(show):
    explore = show({})

    explore.cell("Input", 3, 3).hover()

    expect(explore.readout).to_contain_text("It goes into 9 cells of the output")


def test_pinning_a_gradient_with_the_keyboard_says_what_it_is_collected_from(show):
    explore = show({})
    explore.cell("Gradient of input", 1, 1).focus()
    explore.page.keyboard.press("ArrowRight")

    explore.page.keyboard.press(" ")

    expect(explore.readout).to_contain_text("collected from 2 cells of the upstream gradient")
    expect(explore.button("Unpin")).to_be_visible()


def test_a_pinned_cell_and_the_term_in_hand_do_not_share_the_black_ring(show):
    explore = show({})
    if explore.button("Unpin").is_visible():
        explore.button("Unpin").click()
    explore.button("First step").click()
    rings = explore.page.locator(".rings rect")
    expect(rings).not_to_have_count(0)

    explore.cell("Input", 5, 5).click()
    explore.page.mouse.move(0, 0)
    expect(rings).to_have_count(0)
    explore.button("Unpin").click()

    expect(rings).not_to_have_count(0)


@pytest.mark.parametrize("name", ["Input", "Filter", "Upstream gradient"])
def test_typing_into_a_given_cell_asks_for_the_change(show, name):
    explore = show({})
    explore.cell(name, 1, 2).focus()

    explore.page.keyboard.press("7")
    explore.page.keyboard.press("Enter")

    edits = explore.page.evaluate("window.edits")
    assert [(edit["index"], edit["value"]) for edit in edits[:1]] == [(1, 7)]


def test_a_computed_gradient_cannot_be_typed_into(show):
    explore = show({})
    explore.cell("Gradient of filter", 1, 2).focus()

    explore.page.keyboard.press("7")

    assert explore.page.evaluate("window.edits") == []


def test_the_term_slider_brings_the_terms_of_all_formulas_at_once(show):
    explore = show({})
    explore.button("First step").click()

    explore.slider("Term").fill("4")

    cards = explore.page.get_by_role("region", name="The formulas").get_by_role("heading")
    expect(cards).to_have_text(
        [
            "Gradient of input, row 2, column 1",
            "Gradient of filter, row 2, column 1",
            "Gradient of bias",
        ]
    )


@pytest.mark.parametrize(
    "op",
    [
        "max_pool2d_backward",
        "avg_pool2d_backward",
        "relu_backward",
        "conv_transpose2d_backward",
    ],
)
def test_other_backward_passes_play_to_the_end(show, op):
    explore = show({"op": op, "x": {"preset": "integers"}})
    asked = explore.page.request.post("/api/trace", data={"op": op})
    finished = asked.json()["tensors"]["grad_x"]

    explore.button("Last step").click()

    shape = finished["shape"][-2:]
    expected = np.array(finished["values"]).reshape(shape)
    np.testing.assert_allclose(explore.values("Gradient of input"), expected)


def test_a_loss_shows_the_target_and_its_difference(show):
    explore = show({"grad_y": {"preset": "loss"}})

    difference = explore.values("Output") - explore.values("Target")

    np.testing.assert_allclose(explore.values("Upstream gradient"), difference)


def test_forward_comes_back_in_the_same_figure(show):
    explore = show({})

    explore.page.evaluate(_SHOW, {"op": "conv2d", "x": _X})

    expect(explore.grid("Products")).to_be_visible()
    expect(explore.grid("Gradient of input")).to_have_count(0)


def test_an_average_s_gradient_is_multiplied_in_the_formula_and_in_the_picture(show):
    explore = show({"op": "avg_pool2d_backward", "x": {"preset": "integers"}})
    explore.button("First step").click()

    numbers = explore.page.locator(".formula-card .numbers")

    expect(numbers).to_contain_text("14⋅")
    expect(explore.page.locator(".wires .given")).to_have_text("× 1/4")


def test_no_line_runs_through_a_heading_and_what_flows_fits_its_pill(show):
    sparse = {"weight": {"preset": "integers", "width": 2, "height": 4}, "dilation": 2}
    explore = show(sparse | {"x": {"preset": "random", "height": 9, "width": 9}})
    explore.button("First step").click()

    crossed = explore.page.evaluate(_CROSSED)

    assert crossed == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_board_is_accessible(show, assert_accessible, theme):
    explore = show({"padding": 1}, theme=theme)
    explore.button("Next step").click()

    assert_accessible(explore.page)


@pytest.mark.parametrize("reading", ["scatter", "gather"])
def test_a_phone_needs_no_sideways_scroll(show, assert_no_sideways_scroll, reading):
    layer = {"x": _X | {"channels": 3}, "weight": {"preset": "integers", "filters": 2}}
    explore = show(layer | {"padding": 1, "reading": reading}, width=390, height=844)

    explore.button("Next step").click()

    assert_no_sideways_scroll(explore.page)
    expect(explore.grid("Gradient of input channel 1")).to_be_visible()
