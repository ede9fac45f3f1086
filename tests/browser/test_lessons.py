import re

import pytest
from playwright.sync_api import expect

PAGES = ["/lessons", *(f"/lessons/stride/{step}" for step in (1, 4, 5, 7))]


def guess(page, text):
    page.get_by_role("textbox").fill(text)
    page.get_by_role("button", name="Check").click()


def feedback(page):
    return page.locator("[data-feedback]")


def output(page):
    return page.get_by_role("grid", name="Output")


def test_before_a_guess_the_figure_neither_plays_nor_tells_the_size(open_page):
    page = open_page("/lessons/stride/2")

    expect(page.locator("trace-figure .grid").first).to_be_visible()
    expect(page.get_by_role("button", name="Play")).to_be_hidden()
    expect(output(page)).to_be_hidden()
    expect(page.locator("trace-figure .dots")).to_be_hidden()


def test_a_wrong_guess_is_met_by_what_it_gets_wrong_and_lets_the_figure_play(open_page):
    page = open_page("/lessons/stride/2")

    guess(page, "5")

    expect(feedback(page)).to_contain_text("Not 5. These are the stops at")
    expect(page.get_by_role("button", name="Play")).to_be_enabled()
    expect(output(page)).to_be_visible()


def test_a_guess_that_is_no_number_is_no_guess(open_page):
    page = open_page("/lessons/stride/2")

    guess(page, "many")

    expect(feedback(page)).to_have_text("Write a number, such as 3.")
    expect(output(page)).to_be_hidden()


def test_a_question_can_be_skipped(open_page):
    page = open_page("/lessons/stride/2")

    page.get_by_role("button", name="Skip the question").click()

    expect(page.get_by_role("button", name="Play")).to_be_enabled()
    expect(page.get_by_role("button", name="Skip the question")).to_be_hidden()


def test_a_right_guess_is_remembered_in_this_browser(open_page):
    page = open_page("/lessons/stride/2")
    guess(page, "3 columns")
    expect(feedback(page)).to_contain_text("Yes, 3 columns.")

    page.reload()

    expect(output(page)).to_be_visible()
    page.goto("/lessons")
    expect(page.locator("[data-progress]")).to_have_text("1 of 7 done")
    expect(page.get_by_role("link", name="Continue: Stride")).to_have_attribute(
        "href", "/lessons/stride/1"
    )


def test_a_lesson_works_where_storage_is_refused(open_page):
    page = open_page("/lessons")
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('refused'); }})"
    )

    page.goto("/lessons/stride/2")
    guess(page, "3")

    expect(feedback(page)).to_contain_text("Yes, 3 columns.")


def test_a_setting_beside_the_figure_changes_it_and_can_be_taken_back(open_page):
    page = open_page("/lessons/stride/5")
    guess(page, "3")
    width = page.get_by_role("spinbutton", name="Input width")

    width.fill("9")
    width.press("Enter")

    expect(output(page).get_by_role("row").first.get_by_role("gridcell")).to_have_count(4)
    page.get_by_role("button", name=re.compile("^Back to the lesson")).click()
    expect(width).to_have_value("8")
    expect(output(page).get_by_role("row").first.get_by_role("gridcell")).to_have_count(3)


def test_a_way_to_fit_changes_the_setting_too(open_page):
    page = open_page("/lessons/stride/5")
    guess(page, "3")

    page.get_by_role("button", name=re.compile("^S = 1")).click()

    expect(page.get_by_role("spinbutton", name="Stride")).to_have_value("1")
    expect(output(page).get_by_role("row")).to_have_count(6)


def test_a_setting_that_the_engine_refuses_is_explained(open_page):
    page = open_page("/lessons/stride/5", refusals=True)
    guess(page, "3")
    width = page.get_by_role("spinbutton", name="Input width")

    width.fill("2")
    width.press("Enter")

    expect(page.get_by_role("alert")).to_contain_text("a 3x3 filter does not fit")


def test_tasks_follow_one_another(open_page):
    page = open_page("/lessons/stride/7")
    prompt = page.locator("[data-prompt]").inner_text()

    guess(page, "54")
    expect(feedback(page)).to_contain_text("That counts the moves.")
    guess(page, "55")
    expect(page.locator("[data-solution] li")).to_have_count(5)
    expect(page.locator("[data-tally]")).to_have_text("1 of 1 solved")
    page.get_by_role("button", name="Another one").click()

    expect(page.locator("[data-prompt]")).not_to_have_text(prompt)
    expect(page.get_by_role("textbox")).to_be_focused()
    expect(page.locator("[data-solution]")).to_be_empty()


def test_the_arrow_keys_turn_the_page_outside_of_controls(open_page):
    page = open_page("/lessons/stride/2")

    page.get_by_role("textbox").press("ArrowRight")
    expect(page).to_have_url(re.compile("/2$"))
    page.get_by_role("textbox").blur()
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("/3$"))
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile("/2$"))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_the_pages_are_accessible_before_and_after_the_guess(
    open_page, assert_accessible, path, theme
):
    page = open_page(path, theme=theme)
    assert_accessible(page)

    for skip in page.get_by_role("button", name="Skip the question").all():
        skip.click()
    assert_accessible(page)


@pytest.mark.parametrize("path", PAGES)
def test_the_pages_fit_on_a_phone(open_page, assert_accessible, assert_no_sideways_scroll, path):
    page = open_page(path, width=390, height=844)

    for skip in page.get_by_role("button", name="Skip the question").all():
        skip.click()
    assert_no_sideways_scroll(page)
    assert_accessible(page)
