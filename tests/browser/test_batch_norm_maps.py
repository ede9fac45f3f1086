"""The feature maps of the batch-norm page: which cells share a mean, and what becomes of each."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from engine import batch_norm, group_norm, instance_norm, layer_norm
from engine.feature_maps import feature_maps

X = feature_maps("levels", (3, 4, 2, 2))
ONE, ZERO = np.ones(4), np.zeros(4)
NORMS = {
    "Batch": batch_norm(X, ONE, ZERO),
    "Layer": layer_norm(X, ONE, ZERO),
    "Instance": instance_norm(X, ONE, ZERO),
    "Group": group_norm(X, ONE, ZERO, groups=2),
}
SENTENCES = {
    "Batch": "over N, H, W: one μ a channel, 4 of them, 12 cells each.",
    "Layer": "over C, H, W: one μ a sample, 3 of them, 16 cells each.",
    "Instance": "over H, W: one μ a channel of each sample, 12 of them, 4 cells each.",
    "Group": "over H, W and 2 of 4 channels: one μ a group of each sample, 6 of them, 8 cells",
}
_CELLS = """grid => [...grid.querySelectorAll("[role=gridcell]")].map(
  cell => [cell.getAttribute("aria-label"), cell.hasAttribute("data-shares")])"""
_LABEL = re.compile(r"sample (\d), channel (\d), row (\d), column (\d): (\S+)")


@pytest.fixture
def maps(open_page):
    """Open the page at its maps."""

    def show(query="", **options):
        page = open_page(f"/batch-norm{query}", **options)
        page.locator(".maps-card").scroll_into_view_if_needed()
        expect(page.locator(".maps-cube .column").first).to_be_visible()
        return page

    return show


def section(page):
    return page.get_by_role("region", name="Feature maps: who shares a mean")


def grid(page, name):
    return section(page).get_by_role("grid", name=name, exact=True)


def cell(page, name, *at):
    n, c, row, column = at
    label = re.compile(f"^sample {n}, channel {c}, row {row}, column {column}:")
    return grid(page, name).get_by_role("gridcell", name=label)


def read(page, name, shape=X.shape):
    """Read the numbers of a tensor, and which cells are lit, from the labels of its cells."""
    values, lit = np.full(shape, np.nan), np.zeros(shape, bool)
    for label, shares in grid(page, name).evaluate(_CELLS):
        *at, value = _LABEL.fullmatch(label).groups()
        place = tuple(int(index) - 1 for index in at)
        values[place], lit[place] = float(value), shares
    return values, lit


def choose(page, kind):
    button = section(page).get_by_role("button", name=kind, exact=True)
    if button.get_attribute("aria-pressed") != "true":
        with page.expect_response("**/api/trace"):
            button.click()
    expect(page.locator(".maps-sentence")).to_contain_text(f"{kind} norm takes")


@pytest.mark.parametrize("kind", NORMS)
def test_switch_shows_the_norm_and_says_over_what_its_mean_runs(maps, kind):
    page = maps()

    choose(page, kind)

    expect(page.locator(".maps-sentence")).to_contain_text(SENTENCES[kind])
    np.testing.assert_allclose(read(page, "Normalised input")[0], NORMS[kind].x_hat, atol=1e-9)
    pieces = len(set(page.locator(".maps-cube .column text").all_text_contents()))
    assert pieces == page.locator(".maps-field:visible").first.locator(".share").count()
    assert pieces == NORMS[kind].mean.size


@pytest.mark.parametrize(
    ("kind", "shared"),
    [
        ("Batch", np.s_[:, 2]),
        ("Layer", np.s_[1, :]),
        ("Instance", np.s_[1, 2]),
        ("Group", np.s_[1, 2:4]),
    ],
)
def test_pointing_at_a_cell_lights_all_that_share_its_mean(maps, kind, shared):
    page = maps(f"?fk={kind.lower()}")
    expected = np.zeros(X.shape, bool)
    expected[shared] = True

    cell(page, "Input", 2, 3, 1, 2).hover()

    for name in ("Input", "Normalised input"):
        np.testing.assert_array_equal(read(page, name)[1], expected)
    head = page.locator(".told-head")
    expect(head).to_contain_text("Sample 2, channel 3, row 1, column 2: x\u00a0=\u00a00")
    expect(head).to_contain_text(f"with {expected.sum() - 1} other cells")


def test_shown_terms_of_a_mean_add_up_to_it(maps):
    page = maps("?fk=group")
    cell(page, "Input", 3, 1, 2, 2).hover()

    line = page.locator(".told-line .numbers").first.inner_text().replace("\u2212", "-")
    terms, count, total, _, mean = re.fullmatch(
        r"= \((.*)\) ÷ (\d+) = (\S+) ÷ (\d+) [=≈] (\S+)", " ".join(line.split())
    ).groups()

    numbers = [float(term.replace(" ", "")) for term in re.findall(r"[+-]? ?[\d.]+", terms)]
    assert len(numbers) == int(count) == 8
    assert sum(numbers) == float(total)
    assert float(mean) == pytest.approx(sum(numbers) / 8, abs=5e-5)


def test_a_pinned_cell_stays_until_escape(maps):
    page = maps()
    head = page.locator(".told-head")

    cell(page, "Input", 1, 2, 1, 1).click()
    cell(page, "Input", 3, 4, 2, 2).hover()

    expect(head).to_contain_text("Sample 1, channel 2")
    assert "fp=1.2.1.1" in page.url
    page.keyboard.press("Escape")
    expect(head).to_contain_text("Sample 3, channel 4")
    expect(section(page).get_by_role("button", name="Unpin")).to_be_hidden()


def test_keys_walk_across_maps_pin_and_edit(maps):
    page = maps()
    cell(page, "Input", 1, 1, 1, 2).focus()

    page.keyboard.press("ArrowRight")
    expect(cell(page, "Input", 1, 2, 1, 1)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(cell(page, "Input", 2, 2, 1, 1)).to_be_focused()
    page.keyboard.press(" ")
    expect(section(page).get_by_role("button", name="Unpin")).to_be_visible()
    with page.expect_response("**/api/trace"):
        page.keyboard.type("7.5")
        page.keyboard.press("Enter")

    expect(cell(page, "Input", 2, 2, 1, 1)).to_have_accessible_name(re.compile(": 7.5$"))
    expect(cell(page, "Input", 2, 2, 1, 1)).to_be_focused()
    changed = X.copy()
    changed[1, 1, 0, 0] = 7.5
    expected = batch_norm(changed, ONE, ZERO).x_hat
    np.testing.assert_allclose(read(page, "Normalised input")[0], expected, atol=1e-9)


def across(page, *selectors):
    """Tell how far to the right parts of the solid stand, on average."""
    boxes = [page.locator(f".maps-cube {one}").bounding_box() for one in selectors]
    return np.mean([box["x"] + box["width"] / 2 for box in boxes])


def test_letters_of_the_solid_stand_by_the_edges_of_their_axes(maps):
    page = maps(reduced_motion=True)
    channels = across(page, *(f"[data-first='{first}']" for first in (32, 36, 40, 44)))
    samples = across(page, *(f"[data-first='{first}']" for first in (12, 28, 44)))

    c, n = (across(page, f".axis-names text:text-is('{letter}')") for letter in "CN")

    assert abs(c - channels) < abs(c - samples)
    assert abs(n - samples) < abs(n - channels)


def test_maps_have_a_stop_of_the_tab_key_each_and_their_buttons(maps):
    page, stops = maps(), []
    section(page).get_by_label("Epsilon of the maps").focus()

    for _ in range(4):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.getAttribute('role') ?? 'button'"))

    assert stops == ["button", "button", "gridcell", "gridcell"]


def test_ctrl_z_undoes_in_the_section_that_has_the_focus(maps):
    page = maps("?gamma=1")
    page.locator(".norm-settings").get_by_label("Gamma", exact=True).fill("2")
    expect(page).to_have_url(re.compile("gamma=2"))
    cell(page, "Input", 1, 1, 1, 1).focus()
    with page.expect_response("**/api/trace"):
        page.keyboard.type("9")
        page.keyboard.press("Enter")

    page.keyboard.press("Control+z")

    expect(cell(page, "Input", 1, 1, 1, 1)).to_have_accessible_name(re.compile(": -11$"))
    page.keyboard.press("Control+z")
    expect(page).to_have_url(re.compile("gamma=2"))


def test_a_long_mean_shows_all_of_its_terms_on_request(maps):
    page = maps("?fk=layer&fh=4&fw=4&fn=2&fc=4")
    terms = page.locator(".told-line").first.locator(".term:visible")
    expect(terms).to_have_count(8)
    expect(page.locator(".told-line .numbers").first).to_contain_text("⋯")

    section(page).get_by_role("button", name="All 64 terms").click()

    expect(terms).to_have_count(64)


def test_undo_and_reset_take_changes_back(maps):
    page = maps()
    cell(page, "Input", 1, 1, 1, 1).focus()
    with page.expect_response("**/api/trace"):
        page.keyboard.type("9")
        page.keyboard.press("Enter")
    choose(page, "Layer")

    for _ in range(2):
        with page.expect_response("**/api/trace"):
            section(page).get_by_role("button", name="Undo in the maps").click()

    expect(page.locator(".maps-sentence")).to_contain_text("Batch norm")
    expect(cell(page, "Input", 1, 1, 1, 1)).to_have_accessible_name(re.compile(": -11$"))


def test_a_link_brings_norm_sizes_scale_and_pinned_cell_back(maps):
    page = maps("?fk=group&fg=3&fc=6&fn=2&fgamma=2&fbeta=1&fp=2.5.1.1&fv=y#f=0.0.0.0:50")

    expect(page.locator(".maps-sentence")).to_contain_text("2 of 6 channels")
    x = feature_maps("levels", (2, 6, 2, 2))
    x[0, 0, 0, 0] = 50
    expected = group_norm(x, 2 * np.ones(6), np.ones(6), groups=3).y
    np.testing.assert_allclose(read(page, "Output", x.shape)[0], expected, atol=1e-9)
    expect(page.locator(".told-head")).to_contain_text("Sample 2, channel 5")
    for part in ("fk=group", "fg=3", "fv=y", r"fp=2\.5\.1\.1"):
        expect(page).to_have_url(re.compile(rf"[?&]{part}[&#]"))


def test_groups_follow_the_channels_that_they_share_out(maps):
    page = maps("?fk=group&fg=2")

    with page.expect_response("**/api/trace"):
        section(page).get_by_label("Channels of the maps").fill("5")

    expect(section(page).get_by_label("Groups of channels")).to_have_value("1")
    expect(page.locator(".maps-sentence")).to_contain_text("5 of 5 channels")


def test_a_setting_that_cannot_be_is_explained_and_undone(maps):
    page = maps(refusals=True)

    with page.expect_response("**/api/trace"):
        section(page).get_by_label("Epsilon of the maps").fill("0")

    alert = section(page).get_by_role("alert")
    expect(alert).to_contain_text("Epsilon of the maps")
    alert.get_by_role("button", name="Undo the last change").click()
    expect(page.locator(".maps-cube")).to_be_visible()


def test_phone_shows_one_tensor_at_a_time(maps, assert_no_sideways_scroll):
    page = maps(width=390, height=844, touch=True)

    expect(grid(page, "Input")).to_be_visible()
    section(page).get_by_role("button", name="Normalised input").click()

    expect(grid(page, "Input")).to_be_hidden()
    expect(grid(page, "Normalised input")).to_be_visible()
    assert_no_sideways_scroll(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["batch", "group"])
def test_accessible(maps, assert_accessible, theme, kind):
    page = maps(f"?fk={kind}&fp=1.1.1.1", theme=theme, reduced_motion=True)

    assert_accessible(page)


def test_cells_are_painted_whatever_else_has_come(open_page):
    page = open_page("/batch-norm", refusals=True)
    page.route("**/batch-norm/sections/block*", lambda route: route.abort())

    page.locator(".norm-places a[href='#maps-heading']").click()

    fill = cell(page, "Input", 3, 4, 2, 2).locator(".fill")
    expect(fill).to_be_visible()
    assert fill.evaluate("fill => getComputedStyle(fill).fill") != "rgb(0, 0, 0)"
