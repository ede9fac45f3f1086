"""Tabs of Explore on one state; checks of gradients; a filter that learns."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from engine import kernels
from tests.browser.explore_page import ExplorePage


@pytest.fixture
def explore(open_page):
    """Explore at an address, when its first picture is there."""

    def explore(query: str = "", **given) -> ExplorePage:
        page = ExplorePage(open_page(f"/explore?{query}", **given))
        expect(page.page.get_by_role("button", name="Next step").first).to_be_visible()
        return page

    return explore


def until_shown(page, name, holds):
    """Wait until a grid is there and its numbers are as they should be."""
    page.until(lambda: name in page.names() and holds(page.values(name)), name)


def tab(explore, name):
    return explore.page.get_by_role("tab", name=name)


def test_settings_stay_when_another_tab_is_opened(explore):
    page = explore("w=5&h=5&s=2&fx=sobel_x")
    tab(page, "Backward").click()

    expect(page.grid("Gradient of input")).to_be_visible()
    page.set("Stride", 1)
    until_shown(page, "Upstream gradient", lambda values: values.shape == (3, 3))
    tab(page, "Forward").click()

    page.until(
        lambda: page.names() == ["Input", "Filter", "Products", "Output"], "the grids of Forward"
    )
    until_shown(page, "Output", lambda values: values.shape == (3, 3))


def test_address_brings_back_the_tab_with_what_was_set_and_typed_there(explore):
    page = explore("w=5&h=5&tab=backward&gy=ones&reading=gather#g=0.1.2:7")

    until_shown(page, "Upstream gradient", lambda values: values[1, 2] == 7)

    assert tab(page, "Backward").get_attribute("aria-selected") == "true"
    gather = page.button("Gather: one input collects")
    expect(gather).to_have_attribute("aria-pressed", "true")
    tab(page, "Forward").click()
    expect(page.grid("Products")).to_be_visible()
    tab(page, "Backward").click()
    until_shown(page, "Upstream gradient", lambda values: values[1, 2] == 7)


def test_arrow_keys_go_from_tab_to_tab(explore):
    page = explore()
    tab(page, "Forward").focus()

    page.page.keyboard.press("ArrowRight")
    expect(page.grid("Gradient of input")).to_be_visible()
    page.page.keyboard.press("ArrowRight")

    expect(page.page.get_by_role("button", name="Unfold")).to_be_visible()
    assert page.page.evaluate("document.activeElement.textContent").strip() == "Volume"
    expect(page.page).to_have_url(re.compile("tab=volume"))


@pytest.mark.parametrize(
    "query",
    [
        "",
        "s=2&p=1&d=2&k=2",
        "mode=reflect&p=2&dil=2&w=9&h=8",
        "g=2&d=4&k=2&flip=1&reading=gather",
        "fx=box_blur_3x3&b=1&gy=loss",
        "op=conv_transpose2d&s=3&p=1",
        "op=avg_pool2d&p=1&s=1",
    ],
)
def test_every_gradient_agrees_with_numeric_differences(explore, query):
    page = explore(f"tab=backward&x=random&{query}")
    expect(page.button("Check gradient of input")).to_be_visible()

    for button in page.page.get_by_role("button", name=re.compile("^Check gradient")).all():
        button.click()

    said = page.page.get_by_role("group", name="Check the gradients").locator("output").all()
    assert said
    for verdict in said:
        expect(verdict).to_have_text(re.compile(r"✓ (0|\de−\d+)"))
    told = page.page.locator(".checks")
    expect(told).to_contain_text(re.compile(r"Gradient of input\W+\d+ numbers agree"))


def test_where_there_is_no_gradient_the_check_says_why(explore):
    page = explore("op=max_pool2d&tab=backward&x=checker")

    page.button("Check gradient of input").click()

    expect(page.page.locator(".checks")).to_contain_text("two cells of a window are equal")


def test_the_reading_is_chosen_beside_the_tabs(explore):
    page = explore("tab=backward&w=5&h=5")
    gather = page.button("Gather: one input collects")

    gather.click()

    expect(gather).to_have_attribute("aria-pressed", "true")
    page.until(lambda: page.position == 1 and "Step 1 of 35" in page.page.content(), "Input")
    tab(page, "Forward").click()
    expect(gather).to_be_hidden()


def test_a_hidden_sobel_is_found_by_gradient_descent(explore):
    page = explore("tab=backward&x=random&gy=loss&target=sobel_x")
    expect(page.grid("Target")).to_be_visible()

    page.button("Until it fits").click()

    def found():
        return np.abs(page.values("Filter") - kernels["sobel_x"].taps).max() < 1e-3

    page.until(found, "Filter", seconds=60)
    expect(page.page.get_by_role("img", name=re.compile(r"^Loss after \d+ of"))).to_be_visible()
    page.button("Undo").click()
    page.until(lambda: not found(), "Filter")


def test_another_rate_while_it_learns_ends_the_way_and_the_next_step_takes_it(explore):
    page = explore("tab=backward&w=5&h=5&gy=loss&b=1&x=random&target=sobel_x")
    said = page.page.locator(".learn-said")
    page.button("Until it fits").click()
    expect(said).to_contain_text("the loss goes from")

    page.control("Learning rate").fill("0.001")
    page.page.keyboard.press("Enter")
    expect(page.button("Until it fits")).to_be_visible()
    page.button("Take a step").click()

    expect(said).to_contain_text("Step 1: ")


def test_a_rounded_loss_says_so(explore):
    page = explore("tab=backward&w=5&h=5&gy=loss&x=random&target=sobel_x")
    page.button("Take a step").click()
    expect(page.page.locator(".learn-said")).to_contain_text("Step 1: ")
    body = {"op": "conv2d_backward", "x": {"preset": "random", "width": 5, "height": 5}}
    body |= {"grad_y": {"preset": "loss"}, "target": {"preset": "sobel_x"}, "steps": 1}
    losses = page.page.request.post("/api/descend", data=body).json()["losses"]

    def said(loss):
        text = f"{loss:.4f}"
        return f"{loss:g}" if float(text) == loss else f"≈ {text}"

    assert any(round(loss, 4) != loss for loss in losses)
    expect(page.page.locator(".learn-said")).to_have_text(
        f"Step 1: the loss goes from {said(losses[0])} to {said(losses[1])}."
    )
    expect(page.page.locator(".loss-formula span")).to_have_text(
        said(losses[1]) if "≈" in said(losses[1]) else f"= {said(losses[1])}"
    )


def test_a_layer_to_scale_has_its_own_sizes_and_the_settings_rest(explore):
    page = explore("tab=volume&w=7&h=7&d=3&k=2")
    expect(page.size).to_be_visible()

    page.button("To scale").click()

    shapes = page.page.locator(".shapes")
    expect(shapes).to_contain_text("227×227×3")
    expect(shapes).to_contain_text("55×55×96")
    expect(page.size).to_be_hidden()
    assert not page.page.evaluate("document.querySelector('.rail').matches(':not([inert])')")
    page.page.get_by_label("Layer stride").fill("2")
    expect(shapes).to_contain_text("109×109×96")
    tab(page, "Forward").click()
    expect(shapes).to_contain_text("5×5×2")
    expect(page.size).to_be_visible()
    page.set("Stride", 2)
    expect(shapes).to_contain_text("3×3×2")


def test_undo_takes_back_a_number_of_the_rail_while_it_has_the_focus(explore):
    page = explore("w=9&h=9")
    stride = page.control("Stride")

    page.set("Stride", 3)
    with page.page.expect_response("**/api/trace"):
        page.page.keyboard.press("Control+z")

    expect(stride).to_be_focused()
    expect(stride).to_have_value("1")
    until_shown(page, "Output", lambda values: values.shape == (7, 7))


def test_learning_is_offered_where_a_target_can_be_set(explore):
    page = explore("tab=backward")

    page.button("Find the hidden blur").click()

    expect(page.grid("Target")).to_be_visible()
    page.button("Take a step").click()
    expect(page.page.locator(".learn-said")).to_contain_text("Step 1: the loss goes from")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ["backward&gy=loss", "volume"])
@pytest.mark.parametrize("width", [1440, 390])
def test_tabs_are_accessible_and_fit(
    explore, assert_accessible, assert_no_sideways_scroll, theme, name, width
):
    page = explore(f"tab={name}&d=2", theme=theme, width=width, reduced_motion=True)

    assert_accessible(page.page)
    assert_no_sideways_scroll(page.page)


@pytest.mark.parametrize(
    "query", ["", "gy=loss&", "d=2&k=2&p=1&", "d=3&k=2&p=2&", "reading=gather&p=1&"]
)
@pytest.mark.parametrize("name", ["backward", "volume"])
def test_a_projector_shows_a_tab_without_scrolling(explore, query, name):
    page = explore(f"{query}tab={name}&present=1", width=1280, height=720)

    fits = "() => document.documentElement.scrollHeight <= innerHeight"
    page.until(lambda: page.page.evaluate(fits), "The whole figure")
