"""Around the batch: projector, keys, links, and what the address keeps."""

from __future__ import annotations

import re

from playwright.sync_api import expect


def test_a_projector_shows_lines_graph_and_player_alone(open_page):
    page = open_page("/batch-norm", width=1280, height=720)

    page.keyboard.press("p")

    for kept in ("number-lines", "trace-graph"):
        expect(page.locator(kept)).to_be_visible()
    for gone in ("value-table", "check-card", ".norm-settings"):
        expect(page.locator(gone)).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator(".norm-settings")).to_be_visible()


def test_a_projector_needs_no_scrolling(open_page):
    page = open_page("/batch-norm", width=1280, height=720)

    page.keyboard.press("p")

    expect(page.locator(".graph-bar")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollHeight") <= 720


def test_keys_are_listed_and_single_ones_can_be_switched_off(open_page):
    page = open_page("/batch-norm")

    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys).to_be_visible()
    keys.get_by_role("switch").uncheck()
    keys.get_by_role("button", name="Close").click()
    page.keyboard.press("p")

    expect(page.locator(".norm-settings")).to_be_visible()


def test_a_gradient_that_the_other_graph_lacks_is_let_go(open_page):
    page = open_page("/batch-norm?graph=gates&n=grad_centred")
    expect(page).to_have_url(re.compile("n=grad_centred"))

    page.get_by_role("button", name=re.compile("^Lecture.s nodes")).click()

    expect(page).not_to_have_url(re.compile("n=grad"))


def test_cells_of_other_sections_stay_in_the_address(open_page):
    page = open_page("/batch-norm?gamma=2#x=0:5&f=0.0.0.0:9")

    page.get_by_role("button", name="Reset", exact=True).click()

    expect(page).to_have_url(re.compile(r"#f=0\.0\.0\.0:9$"))


def test_a_sum_that_vanishes_is_told_by_its_size(open_page):
    page = open_page("/batch-norm?scene=zeros&i=4&n=grad_x")

    expect(page.locator("[data-sum]")).to_have_text("≈ 5.44 × 10⁻⁸")


def test_links_lead_to_the_sections_and_leave_the_address(open_page):
    page = open_page("/batch-norm")

    page.get_by_role("navigation", name="On this page").get_by_text("Scenes").click()

    expect(page.locator("#scenes-heading")).to_be_in_viewport()
    assert "#" not in page.url


def test_what_is_refused_stands_in_its_cell_with_the_reason_and_the_rest_is_dimmed(open_page):
    page = open_page("/batch-norm", refusals=True)
    page.locator("value-table").scroll_into_view_if_needed()
    cell = page.get_by_role("textbox", name="x 3", exact=True)

    cell.fill("1e8")

    expect(cell).to_have_accessible_description(re.compile("out of range"))
    expect(cell).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#refused-cells")).to_be_in_viewport()
    for stale in (".lines-picture", "trace-graph", "td[data-column=xhat]", "check-card table"):
        expect(page.locator(stale).first).not_to_have_css("opacity", "1")
    page.keyboard.press("Escape")
    cell.fill("4.5")
    expect(cell).not_to_have_attribute("aria-describedby", "refused-cells")
    expect(page.locator(".lines-picture")).to_have_css("opacity", "1")


def test_a_cell_that_is_refused_elsewhere_shows_what_was_asked_for(open_page):
    page = open_page("/batch-norm", refusals=True)
    page.get_by_role("slider", name="x 2", exact=True).focus()
    page.keyboard.type("1e9")
    page.keyboard.press("Enter")
    page.locator("value-table").scroll_into_view_if_needed()
    cell = page.get_by_role("textbox", name="x 2", exact=True)

    expect(cell).to_have_value("1000000000")
    expect(cell).to_have_attribute("aria-invalid", "true")
    page.get_by_role("button", name="Undo the last change").click()
    expect(cell).to_have_value("2")
    expect(cell).to_have_attribute("aria-invalid", "false")


def test_a_setting_that_is_refused_says_why_beside_its_field(open_page):
    page = open_page("/batch-norm", refusals=True)
    field = page.get_by_role("textbox", name="Epsilon, number")

    field.fill("-1")

    expect(field).to_have_accessible_description(re.compile("Epsilon: -1 is too small"))
    expect(page.locator("number-lines svg")).not_to_have_css("opacity", "1")
    field.fill("0.5")
    expect(field).not_to_have_attribute("aria-invalid", "true")
    expect(page.locator("#refused-setting")).to_be_hidden()


def test_the_focus_stays_where_something_can_be_done(open_page):
    page = open_page("/batch-norm")
    undo = page.get_by_role("button", name="Undo", exact=True)
    page.locator(".norm-settings").get_by_role("button", name="From a loss").click()
    undo.focus()

    page.keyboard.press("Enter")
    expect(undo).to_be_disabled()
    expect(undo).to_be_focused()
    page.get_by_role("button", name="Present").press("Enter")
    leave = page.get_by_role("button", name="Leave (P)")
    expect(leave).to_be_focused()
    leave.press("Enter")
    expect(page.get_by_role("button", name="Present")).to_be_focused()


def test_what_is_no_number_is_told_where_it_was_typed(open_page):
    page = open_page("/batch-norm")
    dot = page.get_by_role("slider", name="x 2", exact=True)
    dot.focus()
    page.keyboard.type("5.5x")
    page.keyboard.press("Enter")

    expect(page.get_by_role("alert").filter(visible=True)).to_have_text(
        "“5.5x” is not a number; use one such as −1.5."
    )
    expect(page.get_by_role("textbox", name="New value")).to_have_value("5.5x")
    page.keyboard.press("Tab")
    expect(page.get_by_role("alert").filter(visible=True)).to_have_text(
        "“5.5x” is not a number; 2 stays."
    )
    expect(dot).to_have_attribute("aria-valuenow", "2")


def test_escape_restores_a_setting(open_page):
    page = open_page("/batch-norm?gamma=2.5")
    gamma = page.get_by_role("textbox", name="Gamma, number")
    gamma.fill("abc")
    gamma.press("Enter")
    expect(page.get_by_text("Gamma: “abc” is not a number")).to_be_visible()

    gamma.press("Escape")

    expect(gamma).to_have_value("2.5")
    expect(page.get_by_text("is not a number")).to_be_hidden()


def test_paper_holds_graph_and_table_without_what_is_for_the_screen(open_page):
    page = open_page("/batch-norm", width=794, height=1123)
    page.locator("value-table").scroll_into_view_if_needed()
    page.locator("value-table td").first.wait_for()

    page.emulate_media(media="print")

    last = page.locator("value-table .sum").last
    assert last.bounding_box()["x"] + last.bounding_box()["width"] <= 794
    assert page.evaluate("document.documentElement.scrollWidth") <= 794
    for gone in (".block-card", ".graph-bar", ".norm-settings"):
        expect(page.locator(gone)).to_be_hidden()
    expect(page.locator("value-table .table-box")).to_have_css("background-image", "none")


def test_a_link_to_a_section_keeps_its_place(open_page):
    page = open_page("/batch-norm#scenes-heading")

    expect(page).to_have_url(re.compile(r"i=4#scenes-heading$"))
    expect(page.locator("#scenes-heading")).to_be_in_viewport()


def test_a_long_number_is_rounded_until_it_is_worked_on(open_page):
    page = open_page("/batch-norm?gamma=2.2912900284")
    gamma = page.get_by_role("textbox", name="Gamma, number")
    expect(gamma).to_have_value("≈ 2.29129")

    gamma.focus()

    expect(gamma).to_have_value("2.2912900284")


def test_table_tells_what_all_samples_share(open_page):
    page = open_page("/batch-norm")
    page.locator("value-table").scroll_into_view_if_needed()
    shared = page.locator(".shared-values > div")

    for told in ("Mean = 3.5", "Variance = 5.25", "Gradient of the mean ≈ −0.3055"):
        name, value = re.split(r" (?=[=≈])", told)
        row = shared.filter(has=page.get_by_text(name, exact=True))
        expect(row.locator("dd")).to_have_text(value)
