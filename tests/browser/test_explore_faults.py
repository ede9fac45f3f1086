"""What cannot be is explained in place, with ways out that heal, and without a stale picture."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.explore_page import expect_shape

IMPOSSIBLE = [
    pytest.param("", "Filter width", 9, "3[x×]9 filter does not fit", id="filter too wide"),
    pytest.param("", "Input height", 2, "filter does not fit", id="input too low"),
    pytest.param("dil=3", "Filter height", 4, "does not fit", id="dilated beyond the edge"),
    pytest.param("d=3&k=4", "Groups", 2, "groups", id="groups that do not divide"),
    pytest.param("mode=reflect", "Padding", 7, "reflect", id="reflecting more than there is"),
    pytest.param(
        "fx=box_blur_5x5&fw=5&fh=5", "Filter width", 3, "5[x×]5 taps", id="a cropped preset"
    ),
    pytest.param("w=8&h=8&strict=1", "Stride", 2, "does not divide by 2", id="strict leftovers"),
]


def impossible(visit, query, control, value):
    explore = visit(query)
    explore.set(control, value)
    return explore


@pytest.mark.parametrize(("query", "control", "value", "words"), IMPOSSIBLE)
def test_an_impossible_setting_is_explained_without_a_stale_picture(
    visit, query, control, value, words
):
    explore = impossible(visit, query, control, value)

    expect(explore.problem).to_contain_text(re.compile(words, re.IGNORECASE))
    assert explore.names() == []
    expect(explore.size).to_be_hidden()
    expect(explore.control(control)).to_have_value(str(value))


@pytest.mark.parametrize(("query", "control", "value", "words"), IMPOSSIBLE)
def test_every_way_out_heals(visit, query, control, value, words):
    explore = impossible(visit, query, control, value)
    ways = [button.inner_text() for button in explore.problem.get_by_role("button").all()]
    assert len(ways) > 1, "an undo, and at least one way forward"

    healed = [heals(explore, way) for way in ways]

    assert healed == ways


def heals(explore, way):
    """Take one way out, see the picture, and go back to the fault."""
    button = explore.problem.get_by_role("button", name=way, exact=True)
    undo = way == "Undo the last change"
    explore.click(button)
    expect(explore.problem).to_be_hidden()
    assert np.isfinite(explore.values(explore.names()[0])).all()
    assert any(name.startswith("Output") for name in explore.names())
    if not undo:
        explore.click(explore.button("Undo"))
        expect(explore.problem).to_be_visible()
    return way


@pytest.mark.parametrize("typed", ["e", "-3", "0", "1.5", "1e9"])
def test_what_is_no_such_number_is_explained_beside_the_picture(visit, typed):
    explore = visit()
    stride = explore.control("Stride")
    stride.select_text()
    explore.page.keyboard.press("Delete")

    explore.page.keyboard.type(typed)

    expect(explore.problem).to_be_visible()
    expect(explore.problem.get_by_role("paragraph")).to_contain_text(re.compile(r"use .+\.$"))
    expect(stride).to_have_attribute("aria-invalid", "true")
    expect(stride).to_be_focused()
    explore.set("Stride", 2)
    expect(explore.problem).to_be_hidden()
    expect_shape(explore, "Output", 3, 3)


def test_an_emptied_field_waits_to_be_typed_in_and_takes_its_value_back_when_left(visit):
    explore = visit()
    explore.control("Stride").fill("")
    expect_shape(explore, "Output", 5, 5)

    explore.page.keyboard.press("Tab")

    expect(explore.problem).to_be_hidden()
    expect(explore.control("Stride")).to_have_value("1")


def test_the_control_at_fault_is_marked_until_it_is_healed(visit):
    explore = impossible(visit, "", "Filter width", 9)
    expect(explore.control("Filter width")).to_have_attribute("aria-invalid", "true")

    explore.set("Filter width", 3)

    expect(explore.control("Filter width")).not_to_have_attribute("aria-invalid", "true")


BAD_ADDRESSES = [
    ("s=0", "stride.*0.* is too small; use at least 1"),
    ("s=NaN", "stride.*NaN.* is not a whole number"),
    ("w=abc", "input width.*abc.* is not a whole number"),
    ("w=99", "input width.*99.* is too large; use at most 24"),
    ("fw=9", "3[x×]9 filter does not fit"),
    ("p=1,2,3", "padding.*use one number"),
    ("p=-1", "padding.*-1.* is too small; use at least 0"),
    ("x=rampe", "input preset.*did you mean .ramp"),
    ("mode=mirror", "padding mode.*mirror"),
    ("g=2&d=3", "groups.*2 must divide"),
    ("stride=2", "stride.*did you mean"),
    ("op=banana", "banana.* is no operation"),
    ("k=3.5", "filters.*3.5.* is not a whole number"),
    ("p=same&s=2", "padding.*same"),
    ("w=8&h=8&s=2&strict=1", "5 does not divide by 2"),
]


@pytest.mark.parametrize(
    ("query", "words"), BAD_ADDRESSES, ids=[query for query, _ in BAD_ADDRESSES]
)
def test_a_bad_address_shows_the_page_with_the_fault_and_heals(go, query, words):
    explore = go(query)

    expect(explore.problem).to_contain_text(re.compile(words, re.IGNORECASE))
    assert explore.names() == []
    explore.click(explore.button("Reset"))
    expect(explore.problem).to_be_hidden()
    expect_shape(explore, "Output", 5, 5)


@pytest.mark.parametrize("query", ["t=banana", "t=9999", "t=-4", "c=99", "c=x&d=3", "p=same", "t="])
def test_an_odd_step_or_channel_still_shows_the_picture(go, query):
    explore = go(query)

    expect(explore.problem).to_be_hidden()
    assert "Output" in explore.names()
    assert 0 <= explore.position <= int(explore.slider("Step").get_attribute("max"))


def test_a_server_out_of_reach_is_said_and_the_next_change_tries_again(visit):
    explore = visit()
    explore.page.evaluate("() => { window.real = fetch; window.fetch = () => Promise.reject(1); }")
    explore.control("Stride").fill("2")
    expect(explore.problem).to_contain_text("cannot be reached")

    explore.page.evaluate("() => { window.fetch = window.real; }")
    explore.set("Stride", 3)

    expect_shape(explore, "Output", 2, 2)


def test_strict_refuses_what_the_floor_rounds_and_the_floor_brings_it_back(visit):
    explore = visit("w=8&h=8&s=2")

    explore.click(explore.size.get_by_role("button", name="Strict (lecture)"))
    expect(explore.problem).to_contain_text("(8 − 3 + 0)/2 = 2.5")
    assert explore.names() == []
    explore.click(explore.problem.get_by_role("button", name=re.compile("floor")))

    expect_shape(explore, "Output", 3, 3)
    expect(explore.control("Strict sizes")).not_to_be_checked()
