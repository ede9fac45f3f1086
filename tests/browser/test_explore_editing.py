"""Any number can be changed, taken back, and sent to somebody else as an address."""

import re
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import expect
from scipy.signal import correlate2d

from tests.browser.explore_page import ExplorePage

_NO_CLIPBOARD = "delete Navigator.prototype.clipboard"
_NO_COPYING = _NO_CLIPBOARD + "; document.execCommand = () => false"


@pytest.fixture
def explore(visit):
    """One 5x5 input, one 3x3 filter with a bias, all steps done."""
    explore = visit("w=5&h=5&b=1&xs=3")
    explore.button("Last step").click()
    return explore


def layer_output(explore):
    """What the shown input, filter and bias give."""
    sums = correlate2d(explore.values("Input"), explore.values("Filter"), mode="valid")
    return sums + explore.values("Bias")[0, 0]


def snapshot(explore):
    """Every number on the page, and the step."""
    grids = {name: explore.values(name).astype(str).tolist() for name in explore.names()}
    return grids, explore.position


def begin(explore, name, row, column, text):
    """Type over a cell without committing."""
    explore.cell(name, row, column).focus()
    explore.page.keyboard.type(text)


@pytest.mark.parametrize(
    ("name", "row", "column", "typed", "value"),
    [
        pytest.param("Input", 2, 3, "9", 9, id="a digit"),
        pytest.param("Input", 5, 5, "-7", -7, id="a negative number in the corner"),
        pytest.param("Input", 1, 1, "0.125", 0.125, id="a decimal"),
        pytest.param("Input", 1, 1, "-0,5", -0.5, id="a decimal with a comma"),
        pytest.param("Input", 3, 3, "12345", 12345, id="more digits than fit"),
        pytest.param("Filter", 1, 3, "4", 4, id="a weight"),
        pytest.param("Filter", 3, 2, "-1.5", -1.5, id="a negative weight"),
        pytest.param("Bias", 1, 1, "-2.25", -2.25, id="the bias"),
    ],
)
def test_a_typed_number_is_in_its_cell_and_in_every_sum(explore, name, row, column, typed, value):
    expected = explore.values(name)
    expected[row - 1, column - 1] = value

    explore.type_cell(name, row, column, typed)

    explore.eventually(name, expected)
    explore.eventually("Output", layer_output(explore))
    expect(explore.cell(name, row, column)).to_be_focused()


def test_an_edit_changes_only_the_outputs_that_use_the_cell(explore):
    before = explore.values("Output")

    explore.type_cell("Input", 1, 2, "8")
    explore.until(lambda: explore.values("Input")[0, 1] == 8, "Input")
    explore.eventually("Output", layer_output(explore))

    changed = explore.values("Output") != before
    assert not changed[1:].any()
    assert not changed[0, 2]
    assert changed.any()


def test_escape_restores_and_asks_nothing(explore):
    asked = []
    before = snapshot(explore)
    explore.page.on("request", lambda request: asked.append(request.method))
    begin(explore, "Input", 2, 2, "88")

    explore.page.keyboard.press("Escape")

    expect(explore.control("New value")).to_be_hidden()
    expect(explore.cell("Input", 2, 2)).to_be_focused()
    assert (snapshot(explore), "POST" in asked) == (before, False)


@pytest.mark.parametrize("typed", ["1x", "--2", "1.2.3", "0x1F", "1e999"])
def test_nonsense_is_refused_and_loses_nothing(explore, typed):
    before = snapshot(explore)
    begin(explore, "Input", 2, 2, typed)
    expect(explore.control("New value")).to_have_attribute("aria-invalid", "true")

    explore.page.keyboard.press("Enter")
    explore.page.keyboard.press("Escape")

    assert snapshot(explore) == before


def test_a_number_beyond_the_bounds_is_explained_and_can_be_taken_back(visit):
    explore = visit("w=5&h=5&b=1&xs=3")
    before = snapshot(explore)

    explore.type_cell("Input", 2, 2, "2000000")

    expect(explore.problem).to_contain_text("2,000,000")
    explore.click(explore.button("Undo"))
    expect(explore.problem).to_be_hidden()
    assert snapshot(explore) == before


def test_enter_opens_the_present_value_and_a_double_click_too(explore):
    value = f"{explore.values('Input')[1, 3]:g}"
    explore.cell("Input", 2, 4).focus()
    explore.page.keyboard.press("Enter")
    expect(explore.control("New value")).to_have_value(value)
    explore.page.keyboard.press("Escape")

    explore.cell("Input", 2, 4).dblclick()

    expect(explore.control("New value")).to_have_value(value)


def test_a_pinned_cell_can_be_changed_in_a_field(explore):
    explore.cell("Input", 2, 2).click()
    field = explore.control("Value of the pinned cell")

    field.fill("6.5")
    field.press("Enter")

    explore.until(lambda: explore.values("Input")[1, 1] == 6.5, "Input")


def test_an_output_cannot_be_typed_over(explore):
    before = explore.values("Output")

    begin(explore, "Output", 1, 1, "5")

    expect(explore.control("New value")).to_be_hidden()
    np.testing.assert_array_equal(explore.values("Output"), before)


def test_undo_takes_back_one_change_after_the_other(visit):
    explore = visit("w=5&h=5&b=1&xs=3")
    states = [snapshot(explore)]
    expect(explore.button("Undo")).to_be_disabled()
    explore.type_cell("Input", 1, 1, "7")
    explore.until(lambda: explore.values("Input")[0, 0] == 7, "Input")
    explore.eventually("Products", explore.values("Input")[:3, :3] * explore.values("Filter"))
    states.append(snapshot(explore))
    explore.set("Padding", 1)

    explore.click(explore.button("Undo"))
    after_one = snapshot(explore)
    explore.click(explore.button("Undo"))

    assert [snapshot(explore), after_one] == states
    expect(explore.button("Undo")).to_be_disabled()


def test_ctrl_z_undoes(explore):
    before = snapshot(explore)
    explore.set("Stride", 2)

    explore.cell("Input", 1, 1).focus()
    with explore.page.expect_response("**/api/trace"):
        explore.page.keyboard.press("Control+z")

    explore.until(lambda: snapshot(explore) == before, "Output")


def test_reset_brings_the_defaults_back_and_can_be_undone(open_page):
    fresh = ExplorePage(open_page("/explore"))
    explore = ExplorePage(open_page("/explore?w=5&h=6&s=2&fx=sobel_x&d=2"))
    explore.type_cell("Input channel 1", 1, 1, "7")
    explore.until(lambda: explore.values("Input channel 1")[0, 0] == 7, "Input channel 1")
    edited = snapshot(explore)

    explore.click(explore.button("Reset"))
    assert snapshot(explore) == snapshot(fresh)
    assert urlsplit(explore.page.url)[2:] == ("/explore", "", "")
    explore.click(explore.button("Undo"))

    assert snapshot(explore) == edited


ROUND_TRIPS = [
    pytest.param("", [("Input", 1, 1, "9")], 7, id="an input cell"),
    pytest.param(
        "d=2&k=2&b=1&p=1&s=2",
        [("Input channel 2", 3, 3, "-4.5"), ("Filter 1 channel 2", 1, 1, "6"), ("Bias", 1, 2, "3")],
        5,
        id="cells of every tensor",
    ),
    pytest.param(
        "x=random&xs=5&fx=sharpen&mode=reflect&p=2&dil=2&flip=1",
        [("Input", 2, 2, "0.1"), ("Input", 2, 3, "0.2"), ("Filter", 2, 2, "0")],
        0,
        id="neighbouring cells, before the first step",
    ),
]


@pytest.mark.parametrize(("query", "edits", "step"), ROUND_TRIPS)
def test_an_edited_state_survives_its_address(open_page, query, edits, step):
    explore = ExplorePage(open_page(f"/explore?{query}"))
    edit_all(explore, edits)
    explore.step_to(step)
    explore.until(lambda: f"t={step}" in explore.page.url, "the step in the address")

    again = ExplorePage(open_page(explore.page.url))

    expect(again.page.get_by_role("grid").first).to_be_visible()
    again.until(lambda: snapshot(again) == snapshot(explore), "the same numbers")


def edit_all(explore, edits):
    for name, row, column, text in edits:
        with explore.page.expect_response("**/api/trace") as reply:
            explore.type_cell(name, row, column, text)
        explore.drawn(reply.value)
        assert explore.values(name)[row - 1, column - 1] == float(text)


def test_edits_stay_in_the_part_of_the_address_that_servers_never_see(explore):
    explore.type_cell("Input", 1, 1, "9")
    explore.until(lambda: "9" in urlsplit(explore.page.url).fragment, "the edit in the address")

    assert urlsplit(explore.page.url).fragment == "x=0.0.0:9"
    assert "x" not in parse_qs(urlsplit(explore.page.url).query)


def test_an_edit_outside_of_a_shrunk_input_comes_back_when_it_grows(explore):
    explore.type_cell("Input", 5, 5, "9")
    explore.until(lambda: explore.values("Input")[4, 4] == 9, "Input")

    explore.set("Input width", 4)
    explore.set("Input width", 5)

    assert explore.values("Input")[4, 4] == 9


def test_a_changed_fragment_is_taken_up(open_page):
    explore = ExplorePage(open_page("/explore?w=5&h=5"))

    explore.page.evaluate("location.hash = 'x=0.1.1:9'")

    label = "row 2, column 2: 9"
    expect(explore.cell("Input", 2, 2)).to_have_attribute("aria-label", label)


@pytest.mark.parametrize("hash_", ["#x=", "#x=9.9.9:1", "#x=a:b", "#q=1", "#x=0.0.0:NaN", "#;;&="])
def test_a_fragment_that_makes_no_sense_is_left_out(open_page, hash_):
    explore = ExplorePage(open_page(f"/explore{hash_}"))

    expect(explore.grid("Products")).to_be_visible()
    expect(explore.problem).to_be_hidden()
    assert np.isfinite(explore.values("Products")).all()


@pytest.mark.parametrize(
    ("script", "said"),
    [
        pytest.param("", re.compile("Link copied|Copy the selected link"), id="as it is"),
        pytest.param(_NO_CLIPBOARD, "Link copied", id="without a clipboard"),
        pytest.param(_NO_COPYING, "Copy the selected link", id="without any way to copy"),
    ],
)
def test_copying_the_link_never_fails(open_page, script, said):
    explore = ExplorePage(open_page("/explore?s=2", before=script))

    explore.button("Copy link").click()

    expect(explore.page.get_by_role("status").filter(has_text=said)).to_have_count(1)


def test_where_nothing_can_be_copied_the_link_stands_selected(open_page):
    explore = ExplorePage(open_page("/explore?s=2", before=_NO_COPYING))

    explore.button("Copy link").click()

    expect(explore.control("Copy this")).to_have_value(explore.page.url)
    expect(explore.control("Copy this")).to_be_focused()
