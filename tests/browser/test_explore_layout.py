"""What fits on a screen, and what is said where there is nothing to show."""

import pytest
from playwright.sync_api import expect


@pytest.mark.parametrize(
    "query",
    ["d=8", "d=6&k=4", "fw=5&fh=5&w=9&h=9&d=3", "w=24&h=24", "w=24&h=24&d=3&k=4"],
)
def test_a_projector_shows_the_picture_and_its_player_without_scrolling(go, query):
    explore = go(f"present=1&{query}")
    explore.page.set_viewport_size({"width": 1280, "height": 720})
    explore.settle()

    explore.until(
        lambda: explore.page.evaluate("document.documentElement.scrollHeight") <= 720,
        "a page as high as the screen",
    )


@pytest.mark.parametrize("width", [1280, 1366, 1440])
def test_nine_terms_stand_in_one_row(go, width):
    explore = go("")
    explore.page.set_viewport_size({"width": width, "height": 800})
    explore.settle()

    rows = """() => new Set([...document.querySelectorAll("[data-term]")].map(
      term => term.getBoundingClientRect().y)).size"""
    assert explore.page.evaluate(rows) == 1


def test_a_filter_that_does_not_read_the_channel_in_view_says_so(go):
    explore = go("d=4&k=4&g=2")
    explore.page.set_viewport_size({"width": 1280, "height": 800})

    explore.button("Ch. 3").click()

    picture = explore.page.get_by_role("group", name="The computation")
    expect(picture.get_by_text("Filter 1 does not")).to_be_visible()
    expect(picture.get_by_text("Σ", exact=True)).to_have_count(0)
    expect(picture.get_by_text("F = 3")).to_be_hidden()
