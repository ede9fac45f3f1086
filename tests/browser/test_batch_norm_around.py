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
