"""The player: buttons, sliders and keys move one position, and the picture follows."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.explore_page import ExplorePage

# Frames of the screen in which something of the picture is set anew, until all is still.
_WATCH_MOVES = """() => {
  const picture = document.querySelector("trace-figure svg");
  let frames = 0, touched = false;
  new MutationObserver(() => { touched = true; })
    .observe(picture, {attributes: true, subtree: true, attributeFilter: ["transform", "d"]});
  const count = () => { frames += touched; touched = false; requestAnimationFrame(count); };
  count();
  window.framesMoved = () => frames;
}"""
# What the sum has said so far, each sentence once.
_WATCH_SUM = """() => {
  const term = document.querySelector("input[aria-label='Term']");
  window.sums = [];
  new MutationObserver(() => window.sums.push(term.getAttribute("aria-valuetext")))
    .observe(term, {attributes: true, attributeFilter: ["aria-valuetext"]});
}"""


@pytest.fixture
def explore(visit):
    """A 7x7 input, a 3x3 filter, 25 steps."""
    return visit("xs=2")


def filled(explore, name="Output"):
    return int(np.isfinite(explore.values(name)).sum())


def click_through(explore, *names):
    """The position after each press of a button."""
    positions = []
    for name in names:
        explore.button(name).click()
        positions.append(explore.position)
    return positions


def press_through(explore, *keys):
    """The position after each press of a key."""
    positions = []
    for key in keys:
        explore.page.keyboard.press(key)
        positions.append(explore.position)
    return positions


def test_buttons_go_to_the_first_previous_next_and_last_step(explore):
    names = ["Next step", "Next step", "Previous step", "Last step", "Previous step", "First step"]

    assert click_through(explore, *names) == [2, 3, 2, 25, 24, 1]


def test_each_step_writes_one_more_cell_in_reading_order(explore):
    explore.button("Last step").click()
    whole = explore.values("Output").ravel()

    explore.step_to(8)

    shown = explore.values("Output").ravel()
    assert shown[:8].tolist() == whole[:8].tolist()
    assert np.isnan(shown[8:]).all()


def test_before_the_first_step_nothing_is_computed(open_page):
    explore = ExplorePage(open_page("/explore?t=0&k=2&d=2"))

    assert np.isnan(explore.maps()).all()
    assert np.isnan(explore.values("Products channel 1")).all()
    expect(explore.button("Previous step")).to_be_disabled()
    assert np.isfinite(explore.values("Input channel 2")).all()


def test_there_is_no_step_after_the_last(explore):
    explore.button("Last step").click()

    expect(explore.button("Next step")).to_be_disabled()
    assert filled(explore) == 25


def test_the_step_slider_goes_anywhere_and_back(explore):
    explore.step_to(17)
    forth = filled(explore)

    explore.step_to(4)

    assert (forth, filled(explore)) == (17, 4)
    expect(explore.slider("Step")).to_have_attribute("aria-valuetext", "step 4 of 25")


@pytest.mark.parametrize(
    ("keys", "positions"),
    [
        pytest.param(["ArrowRight", "ArrowRight", "ArrowLeft"], [2, 3, 2], id="arrows"),
        pytest.param(["PageDown", "PageDown", "PageUp"], [2, 3, 2], id="a presenter's clicker"),
        pytest.param(["End", "Home"], [25, 1], id="End and Home"),
    ],
)
@pytest.mark.parametrize("focused", [None, "Next step"])
def test_keys_move_the_player(explore, focused, keys, positions):
    if focused:
        explore.button(focused).focus()

    assert press_through(explore, *keys) == positions


def test_arrows_move_the_step_slider_by_one(explore):
    explore.slider("Step").focus()

    assert press_through(explore, "ArrowRight", "ArrowRight", "ArrowLeft", "End") == [2, 3, 2, 25]


def test_space_plays_and_pauses(explore):
    explore.page.keyboard.press("Space")
    expect(explore.button("Pause")).to_be_visible()

    explore.page.keyboard.press("Space")

    expect(explore.button("Play")).to_be_visible()


def test_playing_at_the_highest_speed_fills_the_output_and_stops(explore):
    explore.button("Last step").click()
    whole = explore.values("Output")
    explore.slider("Speed").fill("5")
    expect(explore.slider("Speed")).to_have_attribute("aria-valuetext", "8 times")
    explore.button("Play").click()

    expect(explore.button("Pause")).to_be_visible()
    expect(explore.button("Play")).to_be_visible()

    np.testing.assert_array_equal(explore.values("Output"), whole)
    assert explore.position == 25


def test_speeds_reach_from_a_quarter_to_eight(explore):
    speed = explore.slider("Speed")
    speed.focus()

    explore.page.keyboard.press("Home")
    slowest = speed.get_attribute("aria-valuetext")
    explore.page.keyboard.press("End")

    assert (slowest, speed.get_attribute("aria-valuetext")) == ("0.25 times", "8 times")


def test_a_pause_holds_the_step(explore):
    explore.slider("Speed").fill("5")
    explore.button("Play").click()
    explore.until(lambda: explore.position >= 4, "a fourth step")

    explore.button("Pause").click()
    position = explore.position
    explore.page.wait_for_timeout(300)

    assert explore.position == position < 25


def test_a_step_by_hand_stops_the_play(explore):
    explore.button("Play").click()

    explore.button("Next step").click()

    expect(explore.button("Play")).to_be_visible()


def test_the_term_slider_adds_the_products_one_by_one(explore):
    explore.step_to(13)
    products = explore.values("Products").ravel()

    explore.slider("Term").fill("4")

    shown = explore.values("Products").ravel()
    assert shown[:4].tolist() == products[:4].tolist()
    assert np.isnan(shown[4:]).all()
    said = explore.slider("Term").get_attribute("aria-valuetext").replace("\u2212", "-")
    assert said == f"term 4 of 9, running sum {products[:4].sum():g}"
    assert filled(explore) == 12


def test_all_products_add_up_to_the_cell_that_is_written(explore):
    explore.step_to(9)

    total = explore.values("Products").sum()

    assert total == explore.values("Output")[1, 3]


def test_products_are_input_times_filter(explore):
    explore.step_to(8)

    window = explore.values("Input")[1:4, 2:5]

    np.testing.assert_array_equal(explore.values("Products"), window * explore.values("Filter"))


def test_a_step_by_hand_is_said_to_those_who_listen(explore):
    explore.button("Next step").click()

    total = f"{explore.values('Output')[0, 1]:g}".replace("-", "\u2212")
    said = explore.page.get_by_role("status").filter(has_text=f"Output 2 of 25, sum {total}.")
    expect(said).to_have_count(1)


def test_several_filters_are_stepped_through_one_after_the_other(open_page):
    explore = ExplorePage(open_page("/explore?k=2&w=4&h=5&t=6"))
    expect(explore.grid("Filter 1")).to_be_visible()

    explore.button("Next step").click()

    expect(explore.grid("Filter 2")).to_be_visible()
    assert (filled(explore, "Output map 1"), filled(explore, "Output map 2")) == (6, 1)


def test_the_window_glides_unless_motion_is_not_wanted(open_page):
    still = ExplorePage(open_page("/explore", reduced_motion=True))
    gliding = ExplorePage(open_page("/explore"))

    # On a machine that is busy, a frame can last as long as the whole way.
    glides = any(moves_of_a_step(gliding) > 2 for _ in range(5))
    assert (moves_of_a_step(still), glides) == (1, True)


def moves_of_a_step(explore):
    explore.page.evaluate(_WATCH_MOVES)
    explore.button("Next step").click()
    explore.page.wait_for_timeout(400)
    return explore.page.evaluate("framesMoved()")


def test_without_motion_playing_shows_whole_steps_and_turning_the_filter_is_at_once(open_page):
    explore = ExplorePage(open_page("/explore", reduced_motion=True))
    explore.page.evaluate(_WATCH_SUM)
    explore.button("Play").click()
    explore.until(lambda: explore.position >= 3, "a third step")

    explore.button("Pause").click()

    sums = explore.page.evaluate("sums")
    assert sums
    assert not [said for said in sums if not re.match("9 terms", said)]
    explore.click(explore.control("Flip filter"))
    assert explore.page.evaluate("document.getAnimations().length") == 0


def test_nothing_moves_unasked(explore):
    explore.page.wait_for_timeout(300)
    explore.page.evaluate(_WATCH_MOVES)

    explore.page.wait_for_timeout(500)

    assert explore.page.evaluate("framesMoved()") == 0


def test_a_trace_too_large_to_play_is_shown_finished_and_says_why(open_page):
    explore = ExplorePage(open_page("/explore?w=24&h=24&k=3&p=1"))

    expect(explore.page.get_by_text("1,728 steps are too many to play")).to_be_visible()
    assert np.isfinite(explore.maps()).all()
    expect(explore.button("Play")).to_be_disabled()
