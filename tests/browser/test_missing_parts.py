"""A part of a page that does not arrive says so in its place, and can be fetched again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.explore_page import ExplorePage

FILES = {
    "module": "**/packed/js/pages/explore-backward.js*",
    "style sheet": "**/css/board+*.css",
}
SECTIONS = {
    "maps": ("Feature maps: who shares a mean", ".maps-cube .column"),
    "running": ("Training and inference", ".batch-row"),
    "block": ("Convolution, batch norm, ReLU", ".block-picture .grid"),
}


@pytest.fixture
def explore(open_page):
    """Open Explore with its picture; requests may be cut off."""

    def explore(query: str = "", **how) -> ExplorePage:
        page = ExplorePage(open_page(f"/explore?{query}", refusals=True, **how))
        expect(page.button("Next step").first).to_be_visible()
        return page

    return explore


def tab(explore, name):
    return explore.page.get_by_role("tab", name=name)


def cut_off(page, pattern):
    page.route(pattern, lambda route: route.abort())


def again(within):
    return within.get_by_role("button", name="Try again")


def expect_missing(explore, name):
    expect(explore.problem).to_contain_text(f"The {name} tab could not be fetched")
    assert explore.names() == []
    expect(explore.size).to_be_hidden()


@pytest.mark.parametrize("pattern", FILES.values(), ids=FILES)
def test_a_tab_that_did_not_arrive_is_fetched_again(explore, pattern):
    page = explore()
    cut_off(page.page, pattern)
    tab(page, "Backward").click()
    expect_missing(page, "Backward")

    page.page.unroute(pattern)
    again(page.problem).click()

    expect(page.grid("Gradient of input")).to_be_visible()
    expect(page.problem).to_be_hidden()
    expect(page.page.get_by_role("region", name="Check and learn")).to_be_visible()


def test_a_keyboard_tries_again_and_goes_on_at_the_tab(explore):
    page = explore()
    cut_off(page.page, "**/explore-backward.js*")
    tab(page, "Forward").focus()
    page.page.keyboard.press("ArrowRight")
    expect_missing(page, "Backward")

    again(page.problem).focus()
    page.page.keyboard.press("Enter")
    expect(page.problem).to_contain_text("Check the connection")
    expect(again(page.problem)).to_be_focused()
    page.page.unroute("**/explore-backward.js*")
    page.page.keyboard.press("Enter")

    expect(page.grid("Gradient of input")).to_be_visible()
    expect(tab(page, "Backward")).to_be_focused()


def test_settings_changed_beside_the_message_are_kept(explore):
    page = explore()
    cut_off(page.page, "**/explore-backward.js*")
    tab(page, "Backward").click()
    expect_missing(page, "Backward")

    page.control("Stride").fill("2")

    expect(page.page).to_have_url(re.compile(r"s=2&tab=backward$"))
    expect_missing(page, "Backward")
    page.page.unroute("**/explore-backward.js*")
    again(page.problem).click()
    expect(page.grid("Upstream gradient")).to_be_visible()
    assert page.values("Upstream gradient").shape == (3, 3)


def test_a_tab_that_is_there_opens_at_once_without_any_connection(explore):
    page = explore()
    shown = page.values("Output")
    cut_off(page.page, "**")
    tab(page, "Volume").click()
    expect_missing(page, "Volume")

    tab(page, "Forward").click()

    expect(page.problem).to_be_hidden()
    page.eventually("Output", shown)
    expect(page.size).to_be_visible()


def test_a_tab_that_is_left_before_it_arrives_does_not_come_back(explore):
    page = explore()
    held = []
    page.page.route("**/explore-backward.js*", lambda route: held.append(route))
    tab(page, "Backward").click()
    expect(page.problem).to_contain_text("The Backward tab is being fetched")
    assert page.names() == []

    tab(page, "Volume").click()
    expect(page.button("Unfold")).to_be_visible()
    with page.page.expect_response("**/explore-backward.js*"):
        held[0].continue_()

    expect(page.problem).to_be_hidden()
    expect(page.button("Unfold")).to_be_visible()
    tab(page, "Backward").click()
    expect(page.grid("Gradient of input")).to_be_visible()


def test_the_last_of_several_tabs_chosen_in_haste_is_shown(explore):
    page = explore()

    page.page.evaluate(
        """() => {
          for (const name of ["volume", "backward", "volume", "forward", "backward"])
            document.querySelector(`[role=tab][data-tab=${name}]`).click();
        }"""
    )

    expect(page.grid("Gradient of input")).to_be_visible()
    expect(page.button("Unfold")).to_be_hidden()
    tab(page, "Volume").click()
    expect(page.button("Unfold")).to_be_visible()


def test_the_message_goes_with_the_tab_that_it_is_about(explore):
    page = explore()
    cut_off(page.page, "**/explore-backward.js*")
    tab(page, "Backward").click()
    expect_missing(page, "Backward")
    page.page.route("**/explore-volume.js*", lambda route: None)

    tab(page, "Volume").click()

    expect(page.problem).to_have_text("The Volume tab is being fetched…")
    page.page.unroute_all(behavior="ignoreErrors")


def test_the_tab_that_a_page_opens_with_is_told_of_as_well(open_page):
    page = open_page("/lessons", refusals=True)
    cut_off(page, "**/explore-volume.js*")
    page.goto("/explore?tab=volume")
    explore = ExplorePage(page)
    expect_missing(explore, "Volume")

    page.unroute("**/explore-volume.js*")
    again(explore.problem).click()

    expect(explore.button("Unfold")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_message_is_accessible_and_fits(
    explore, assert_accessible, assert_no_sideways_scroll, theme, width
):
    page = explore(theme=theme, width=width)
    cut_off(page.page, "**/explore-backward.js*")
    tab(page, "Backward").click()
    expect_missing(page, "Backward")

    assert_accessible(page.page)
    assert_no_sideways_scroll(page.page)


@pytest.mark.parametrize("kind", ["markup", "module"])
@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_that_did_not_arrive_is_fetched_again(open_page, name, kind):
    title, drawn = SECTIONS[name]
    pattern = {
        "markup": f"**/batch-norm/sections/{name}*",
        "module": f"**/batch-norm-{name}.js*",
    }[kind]
    page = open_page("/lessons", refusals=True)
    cut_off(page, pattern)
    page.goto("/batch-norm?fk=group&rk=5&kup=loss")
    section = page.get_by_role("region", name=title)
    section.scroll_into_view_if_needed()
    alert = section.get_by_role("alert")
    expect(alert).to_contain_text(f"The section “{title}” could not be fetched")

    page.unroute(pattern)
    again(alert).press("Enter")

    expect(page.locator(drawn).first).to_be_attached()
    expect(again(section)).to_have_count(0)
    expect(page.get_by_role("heading", name=title)).to_be_focused()


def test_table_and_checks_are_told_of_and_fetched_again(open_page):
    page = open_page("/lessons", refusals=True)
    cut_off(page, "**/batch-norm-values.js*")
    page.goto("/batch-norm")
    checks = page.get_by_role("region", name="Numeric check", exact=True)
    checks.scroll_into_view_if_needed()
    expect(checks).to_contain_text("The numeric check could not be fetched")
    expect(page.locator("value-table")).to_contain_text("The table could not be fetched")

    page.unroute("**/batch-norm-values.js*")
    again(checks).click()

    expect(page.locator("check-card tbody tr").first).to_be_visible()
    expect(page.locator("value-table td").first).to_be_attached()
    expect(again(page)).to_have_count(0)


def test_a_program_that_did_not_arrive_is_told_of_and_opened_when_asked_again(open_page):
    page = open_page("/lessons", refusals=True)
    cut_off(page, "**/batch-norm-values.js*")
    page.goto("/batch-norm")
    code = page.get_by_role("button", name="Code", exact=True)
    code.click()
    expect(page.locator(".toast")).to_contain_text("The program could not be fetched")

    page.unroute("**/batch-norm-values.js*")
    code.click()

    expect(page.get_by_role("tabpanel")).to_contain_text("import numpy")


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("name", SECTIONS)
def test_a_way_down_the_page_ends_at_its_heading(open_page, name, width):
    page = open_page("/batch-norm", width=width, reduced_motion=True)
    title, drawn = SECTIONS[name]

    page.locator(f".norm-places a[href='#{name}-heading']").click()

    expect(page.locator(drawn).first).to_be_visible()
    page.wait_for_load_state("networkidle")
    heading = page.get_by_role("heading", name=title)
    expect(heading).to_be_focused()
    # What stands above may still grow a little, when its numbers are measured.
    assert -20 <= heading.bounding_box()["y"] <= 200
