"""Every page, in both themes, on a phone and on a projector, by mouse and by keys alone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.explore_page import ExplorePage

STATES = {
    "home": "/",
    "one plane": "/explore",
    "volumes, half way": "/explore?d=3&k=2&s=2&p=1&b=1&t=9",
    "before the first step": "/explore?t=0&mode=reflect&p=1",
    "left-over cells": "/explore?w=8&h=8&s=2",
    "a fault": "/explore?fw=9",
    "too large to play": "/explore?w=24&h=24&k=4",
}
PAGES = ["/", "/explore", "/lessons", "/lessons/stride/1", "/lessons/stride/5", "/image"]

# What the focus changes in how an element, or what stands around it, looks.
_LOOK = """element => {
  const around = [element, ...element.querySelectorAll("*"), element.closest("label, .stepper")];
  return around.filter(Boolean).map(one => ["", "::before", "::after"].map(part => {
    const {outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor, stroke, strokeWidth,
      backgroundColor, clipPath, transform, display} = getComputedStyle(one, part);
    const outline = outlineStyle === "none" ? "" : outlineStyle + outlineWidth + outlineColor;
    return [outline, boxShadow, borderColor, stroke, strokeWidth, backgroundColor, clipPath,
      transform, display].join();
  }).join()).join();
}"""
# Where the focus is: its name, and how it looks now; how the last one looks without it.
_STOP = f"""() => {{
  const look = {_LOOK};
  const {{stop}} = (window.focused ??= {{}});
  const before = stop && {{name: stop.name, without: look(stop.element)}};
  const element = document.activeElement;
  if (element === document.body) {{
    window.focused.stop = null;
    return [before, null];
  }}
  const grid = element.closest("[role=grid]")?.getAttribute("aria-label");
  const own = element.getAttribute("aria-label") || element.labels?.[0]?.textContent
    || element.textContent;
  const name = (grid ? grid + ": " : "") + own.trim();
  window.focused.stop = {{element, name}};
  return [before, {{name, with: look(element)}}];
}}"""
# Transitions would show the old look for a while.
_NO_TRANSITIONS = "() => document.getAnimations().forEach(animation => animation.finish())"


def tab_through(page, most=120):
    """The names of all stops of the Tab key, and of those whose focus cannot be seen."""
    names, unseen, last = [], [], None
    for _ in range(most):
        page.keyboard.press("Tab")
        page.evaluate(_NO_TRANSITIONS)
        before, now = page.evaluate(_STOP)
        if before and last and before["without"] == last["with"]:
            unseen.append(before["name"])
        if now is None:
            break
        names.append(now["name"])
        last = now
    return names, unseen


@pytest.mark.parametrize("path", STATES.values(), ids=STATES)
def test_axe_finds_nothing_in_both_themes(open_page, assert_accessible, path):
    page = open_page(path)
    expect(page.locator("trace-figure:visible, [role=alert]:visible").first).to_be_visible()
    assert_accessible(page)

    page.emulate_media(color_scheme="dark")

    assert_accessible(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_while_it_plays_or_a_cell_is_pinned(open_page, assert_accessible, theme):
    explore = ExplorePage(open_page("/explore?d=2&k=2&p=1&b=1", theme=theme))
    explore.cell("Input channel 1", 2, 2).click()
    assert_accessible(explore.page)

    explore.button("Play").click()

    assert_accessible(explore.page)
    assert explore.position > 1


@pytest.mark.parametrize("path", [*STATES.values(), *PAGES[2:]])
def test_nothing_is_wider_than_a_phone(open_page, assert_no_sideways_scroll, path):
    page = open_page(path, width=390, height=844)

    assert_no_sideways_scroll(page)


def test_on_a_phone_the_settings_open_and_the_picture_follows(
    open_page, assert_accessible, assert_no_sideways_scroll
):
    explore = ExplorePage(open_page("/explore", width=390, height=844))
    expect(explore.control("Stride")).to_be_hidden()

    explore.button("Settings").click()
    explore.set("Stride", 2)
    explore.until(lambda: explore.values("Output").shape == (3, 3), "Output")

    assert_no_sideways_scroll(explore.page)
    assert_accessible(explore.page)


@pytest.mark.parametrize("path", PAGES)
def test_every_stop_of_the_tab_key_shows_that_it_is_focused(open_page, path):
    page = open_page(path, reduced_motion=True)

    names, unseen = tab_through(page)

    assert len(names) > 5
    assert unseen == []


def test_the_tab_key_reaches_every_control_and_every_grid_once(open_page):
    page = open_page("/explore?k=2&b=1", reduced_motion=True)
    expect(page.get_by_label("Strict sizes")).to_be_visible()  # the last to come

    names, _ = tab_through(page)

    controls = ["Input preset", "Input width", "Input height", "Channels", "Filter preset"]
    controls += ["Filter width", "Filter height", "Filters", "Stride", "Padding", "Padding mode"]
    controls += ["Dilation", "Groups", "Bias", "Flip filter", "Strict sizes", "Reset", "Operation"]
    controls += ["First step", "Previous step", "Play", "Next step", "Last step", "Step", "Speed"]
    assert set(controls) - set(names) == set()
    grids = [name.split(":")[0] for name in names if ": row " in name]
    assert sorted(grids) == sorted(
        ["Input", "Filter 1", "Products", "Output map 1", "Output map 2", "Bias"]
    )


def test_explore_is_worked_by_keys_alone(open_page):
    explore = ExplorePage(open_page("/explore"))
    keys = explore.page.keyboard

    tab_to(explore.page, "Stride")
    keys.press("ArrowUp")
    explore.until(lambda: explore.values("Output").shape == (3, 3), "Output")
    tab_to(explore.page, "Input: row 1, column 1")
    keys.press("ArrowRight")
    keys.type("9")
    keys.press("Enter")
    explore.until(lambda: explore.values("Input")[0, 1] == 9, "Input")
    tab_to(explore.page, "Next step")
    keys.press("Enter")
    keys.press("End")

    product = (explore.values("Input")[4:7, 4:7] * explore.values("Filter")).sum()
    assert explore.position == 9
    assert explore.values("Output")[2, 2] == product


def tab_to(page, beginning, most=80):
    """Press Tab until the focus is on what has this name."""
    for _ in range(most):
        page.keyboard.press("Tab")
        _, now = page.evaluate(_STOP)
        if now and (now["name"] == beginning or now["name"].startswith(f"{beginning}:")):
            return
    raise AssertionError(f"{beginning} was not reached")


def test_a_question_mark_lists_the_keys_and_escape_closes_the_list(open_page):
    page = open_page("/explore")

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()


def test_single_keys_can_be_switched_off_for_good(open_page):
    explore = ExplorePage(open_page("/explore"))
    explore.button("Keys").click()
    explore.page.get_by_role("switch", name=re.compile("Single keys")).uncheck()
    explore.button("Close").click()

    explore.page.reload()
    explore.page.keyboard.press("ArrowRight")
    explore.page.keyboard.press("?")

    assert explore.position == 1
    expect(explore.page.get_by_role("dialog", name="Keys")).to_be_hidden()


@pytest.mark.parametrize("query", ["", "d=3&k=2&b=1", "w=8&h=8&s=2", "d=3&k=4&p=1&w=9&h=9"])
def test_a_projector_shows_the_whole_lab_without_scrolling(open_page, query):
    explore = ExplorePage(open_page(f"/explore?present=1&{query}", width=1280, height=720))
    expect(explore.button("Play")).to_be_in_viewport(ratio=1)

    heights = explore.page.evaluate(
        "() => [document.documentElement.scrollHeight, document.documentElement.clientHeight]"
    )

    assert heights == [720, 720]
    expect(explore.grid(explore.names()[0])).to_be_in_viewport(ratio=1)
    outputs = [name for name in explore.names() if name.startswith("Output")]
    expect(explore.grid(outputs[-1])).to_be_in_viewport(ratio=1)


def test_presenting_is_switched_by_a_button_and_by_a_key_and_is_in_the_address(open_page):
    explore = ExplorePage(open_page("/explore"))

    explore.button("Present").click()
    expect(explore.page).to_have_url(re.compile("present=1"))
    explore.page.keyboard.press("p")

    expect(explore.page).not_to_have_url(re.compile("present"))


def test_the_home_lab_runs_is_edited_and_opens_in_explore_as_it_is(open_page):
    home = ExplorePage(open_page("/"))
    home.button("Last step").click()
    with home.page.expect_response("**/api/trace") as reply:
        home.type_cell("Input", 2, 2, "7")
    home.drawn(reply.value)
    output = home.values("Output")

    home.page.get_by_role("link", name="Open this in Explore").click()

    home.page.wait_for_url("**/explore**")
    home.eventually("Output", output)
    assert home.values("Input")[1, 1] == 7
