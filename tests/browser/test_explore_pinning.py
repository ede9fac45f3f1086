"""A pin keeps a cell in view until it is let go, by mouse, by keys and by touch alike."""

import pytest
from playwright.sync_api import expect

from tests.browser.explore_page import ExplorePage


@pytest.mark.parametrize("way", ["click", "Space", "touch"])
def test_a_pin_stays_until_escape(open_page, way):
    explore = ExplorePage(open_page("/explore", touch=way == "touch"))
    cell = explore.cell("Input", 1, 2)
    if way == "Space":
        cell.focus()
        explore.page.keyboard.press("Space")
    else:
        (cell.tap if way == "touch" else cell.click)()
    explore.page.mouse.move(2, 2)

    expect(explore.button("Unpin")).to_be_visible()
    assert explore.marked("Output", "data-into") == {(1, 1), (1, 2)}
    explore.page.keyboard.press("Escape")
    expect(explore.button("Unpin")).to_be_hidden()
    assert explore.marked("Output", "data-into") == set()


def test_a_second_press_lets_go(visit):
    explore = visit()
    explore.cell("Filter", 2, 2).focus()
    explore.page.keyboard.press("Space")
    expect(explore.button("Unpin")).to_be_visible()

    explore.page.keyboard.press("Space")

    expect(explore.button("Unpin")).to_be_hidden()


def test_arrows_trace_from_cell_to_cell_and_keep_the_step(visit):
    explore = visit()
    explore.step_to(3)
    explore.cell("Input", 1, 1).focus()

    explore.page.keyboard.press("ArrowDown")
    explore.page.keyboard.press("ArrowRight")

    expect(explore.readout).to_contain_text("Input row 2, column 2")
    expect(explore.readout).to_contain_text("It goes into 4 outputs.")
    assert explore.position == 3


def test_a_pinned_output_shows_its_sum_and_can_be_gone_to(visit):
    explore = visit()
    explore.button("Last step").click()
    explore.cell("Output", 2, 3).click()
    explore.page.mouse.move(2, 2)
    assert explore.values("Products").sum() == explore.values("Output")[1, 2]

    explore.button("Go to this step").click()

    assert explore.position == 8


def test_a_pinned_output_of_a_trace_too_large_to_play_is_explained(visit):
    explore = visit("w=24&h=24&k=4")
    result = explore.values("Output map 2")[2, 3]

    with explore.page.expect_response("**/api/trace"):
        explore.cell("Output map 2", 3, 4).click()

    explore.until(lambda: explore.values("Products").sum() == result, "Products")


def test_a_pin_survives_a_changed_setting(visit):
    explore = visit()
    explore.cell("Input", 1, 1).click()

    explore.set("Padding", 1)

    explore.page.mouse.move(2, 2)
    expect(explore.readout).to_contain_text("It goes into 4 outputs.")


def test_playing_lets_go_of_a_pin(visit):
    explore = visit()
    explore.cell("Input", 3, 3).click()

    explore.button("Play").click()

    expect(explore.button("Unpin")).to_be_hidden()


# Where the picture and its player stand on the page.
_PLACES = """() => ["trace-figure .picture", "trace-figure .transport"].map(
  part => document.querySelector(part).getBoundingClientRect().y + scrollY)"""


@pytest.mark.parametrize("width", [901, 1200, 1280, 1366, 1440])
@pytest.mark.parametrize(
    ("query", "name"),
    [
        pytest.param("d=3&k=2&b=1&p=1", "Output map 2", id="a window of three channels"),
        pytest.param("op=max_pool2d", "Input", id="pooling"),
        pytest.param("w=5&h=5&b=1&tab=backward", "Gradient of input", id="a gradient"),
        pytest.param("w=5&h=5&b=1&tab=backward", "Filter", id="a weight and its gradient"),
    ],
)
def test_nothing_moves_away_from_under_the_pointer(go, query, name, width):
    explore = go(query)
    explore.page.set_viewport_size({"width": width, "height": 800})
    explore.settle()
    explore.page.mouse.move(2, 2)
    before = explore.page.evaluate(_PLACES)

    explore.cell(name, 2, 2).hover()
    assert explore.page.evaluate(_PLACES) == before

    explore.page.mouse.down()
    explore.page.mouse.up()

    expect(explore.button("Unpin")).to_be_visible()
    assert explore.page.evaluate(_PLACES) == before


@pytest.mark.parametrize("width", [901, 1280])
def test_all_that_is_told_of_a_cell_can_be_read(go, width):
    explore = go("d=3&k=2&p=1&op=conv2d")
    explore.page.set_viewport_size({"width": width, "height": 800})

    explore.cell("Output map 2", 2, 2).click()

    # A line more than there is room for, not the feet of the last one.
    cut = "told => told.scrollHeight > told.clientHeight + 8"
    assert not explore.readout.evaluate(cut)


def test_on_a_phone_what_is_told_of_a_cell_stands_over_the_player(open_page):
    page = open_page("/explore", width=390, height=844, touch=True)
    explore = ExplorePage(page)

    explore.cell("Input", 2, 2).tap()

    said, unpin = explore.readout.bounding_box(), explore.button("Unpin").bounding_box()
    player = explore.button("Play").bounding_box()
    assert 0 < said["y"] < unpin["y"] < player["y"] < 844
    assert player["y"] - said["y"] < 90
