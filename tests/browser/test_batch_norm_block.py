"""The chain of the batch-norm page: a gradient travels from the loss to the kernel."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from engine.block_trace import trace_block
from engine.presets import filter_bank, input_volume

X = input_volume("integers", (1, 5, 5), 0)[None]
W = filter_bank("sobel_x", (1, 1, 3, 3), 0)[0]
UP = np.array([5, -2, 1, 3, -4, 2, 6, -1, -3.0]).reshape(1, 1, 3, 3) / 10
_CELLS = """grid => [...grid.querySelectorAll("[role=gridcell]")].map(
  cell => cell.getAttribute("aria-label").split(": ")[1])"""


def told(x=X, weight=W, gamma=2.0, beta=0.5, **behind):
    """Give every tensor of the chain by its name."""
    behind = behind or {"grad_output": UP}
    scale, shift = np.array([gamma]), np.array([beta])
    trace = trace_block(x, weight, None, scale, shift, **behind, kernel_size=None)
    return {name: tensor.values for name, tensor in trace.tensors.items()}


@pytest.fixture
def block(open_page):
    """Open the page at its chain."""

    def show(query="", **options):
        page = open_page(f"/batch-norm{query}", **options)
        # What stands above it is fetched when near, and then takes its room.
        page.locator(".block-card").scroll_into_view_if_needed()
        expect(page.locator(".block-picture .grid").first).to_be_attached()
        page.locator(".block-card").scroll_into_view_if_needed()
        return page

    return show


def section(page):
    return page.get_by_role("region", name="Convolution, batch norm, ReLU")


def grid(page, name):
    return section(page).get_by_role("grid", name=name, exact=True)


def cell(page, name, row, column):
    label = re.compile(f"^row {row}, column {column}:")
    return grid(page, name).get_by_role("gridcell", name=label)


def read(page, name):
    texts = grid(page, name).evaluate(_CELLS)
    return np.array([np.nan if text == "empty" else float(text) for text in texts])


def assert_shows(page, name, expected):
    np.testing.assert_allclose(read(page, name), expected.ravel(), atol=1e-9)


def test_gradient_of_the_kernel_is_that_of_the_engine_and_agrees_with_its_check(block):
    page = block()

    tensors = told()
    assert_shows(page, "Gradient of filter", tensors["grad_weight"])
    assert_shows(page, "Gradient of convolution", tensors["grad_conv_y"])
    assert_shows(page, "Gradient of input", tensors["grad_x"])
    assert_shows(page, "Loss", tensors["loss"])
    expect(section(page).locator(".graph-check")).to_contain_text("✓ agrees")


def test_terms_of_a_kernel_gradient_add_up_to_it(block):
    page = block("?kp=grad_weight.1.1.1.3")

    line = section(page).locator(".graph-line-of-sum").inner_text().replace("\u2212", "-")
    terms, total = re.fullmatch(r"[=≈] (.+?) [=≈] (\S+).*", line, re.S).groups()
    numbers = [float(term.replace(" ", "")) for term in re.findall(r"[+-]? ?[\d.]+", terms)]
    assert len(numbers) == 9
    assert float(total) == pytest.approx(told()["grad_weight"][0, 0, 0, 2], abs=5e-5)
    assert sum(numbers) == pytest.approx(float(total), abs=4.5e-4)


def test_stages_are_written_one_by_one_there_and_back(block):
    page = block("?kn=1")
    player = section(page).get_by_role("group", name="Player")

    assert_shows(page, "Output of convolution", told()["conv_y"])
    assert np.isnan(read(page, "Mean")).all()
    player.get_by_role("button", name="Next step").click()
    assert_shows(page, "Mean", np.array([2.0]))
    player.get_by_role("button", name="Backward").click()
    assert not np.isnan(read(page, "Output")).any()
    assert np.isnan(read(page, "Gradient of batch norm")).all()
    player.get_by_role("button", name="Next step").click()
    assert_shows(page, "Gradient of batch norm", told()["grad_norm_y"])
    assert np.isnan(read(page, "Gradient of filter")).all()
    player.get_by_role("button", name="Last step").click()
    assert not np.isnan(read(page, "Gradient of filter")).any()
    player.get_by_role("button", name="Previous step").click()
    assert np.isnan(read(page, "Gradient of filter")).all()


def test_closed_gates_are_crossed_on_both_sides(block):
    page = block()

    shut = (told()["norm_y"] <= 0).ravel()
    crossed = "grid => [...grid.querySelectorAll('[role=gridcell]')].map(c => 'never' in c.dataset)"
    for name in ("Output", "Gradient of batch norm"):
        assert grid(page, name).evaluate(crossed) == shut.tolist()
    assert not any(grid(page, "Output of batch norm").evaluate(crossed))


def test_pointing_lights_what_a_cell_is_made_of_and_what_it_goes_into(block):
    page = block()

    cell(page, "Output of convolution", 1, 1).hover()

    lit = "(grid, mark) => grid.querySelectorAll(`[${mark}]`).length"
    assert grid(page, "Input").evaluate(lit, "data-source") == 9
    assert grid(page, "Filter").evaluate(lit, "data-source") == 9
    assert grid(page, "Mean").evaluate(lit, "data-into") == 1
    expect(section(page).locator(".block-said")).to_contain_text(
        "Output of convolution, z, row 1, column 1: 3. Made of all of w and 9 cells of x"
    )


def test_three_routes_meet_in_the_gradient_of_the_convolution(block):
    page = block("?kp=grad_conv_y.1.1.2.2")

    expect(section(page).locator(".graph-title")).to_contain_text("three routes, one sum")
    parts = section(page).locator(".graph-line-of-sum [data-route]").all_text_contents()
    assert len(parts) == 3


def test_pinned_cell_is_kept_in_the_address_until_escape(block):
    page = block()

    cell(page, "Gradient of filter", 2, 1).click()
    cell(page, "Input", 1, 1).hover()

    said = section(page).locator(".block-said")
    expect(said).to_contain_text("Gradient of filter")
    page.wait_for_url(re.compile(r"kp=grad_weight\.1\.1\.2\.1"))
    cell(page, "Gradient of filter", 2, 1).focus()
    page.keyboard.press("Escape")
    expect(section(page).get_by_role("button", name="Unpin")).to_be_hidden()


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("Filter", "weight"),
        ("Input", "x"),
        ("Scale", "gamma"),
        ("Upstream gradient", "grad_output"),
    ],
)
def test_what_is_typed_changes_the_gradient_of_the_kernel_and_can_be_undone(block, name, change):
    page = block()
    cell(page, name, 1, 1).focus()

    with page.expect_response("**/api/trace"):
        page.keyboard.type("3")
        page.keyboard.press("Enter")

    array = {"weight": W, "x": X, "gamma": np.full((1, 1, 1, 1), 2.0), "grad_output": UP}[change]
    changed = array.copy()
    changed[0, 0, 0, 0] = 3
    given = {change: 3.0 if change == "gamma" else changed}
    expect(cell(page, name, 1, 1)).to_have_accessible_name(re.compile(": 3$"))
    assert_shows(page, "Gradient of filter", told(**given)["grad_weight"])
    with page.expect_response("**/api/trace"):
        section(page).get_by_role("button", name="Undo in the block").click()
    page.wait_for_timeout(100)
    assert_shows(page, "Gradient of filter", told()["grad_weight"])


def test_a_link_brings_settings_cells_stage_and_pin_back(block):
    page = block(
        "?kup=loss&kgamma=-1.5&kn=12&kp=grad_conv_y.1.1.1.1#kw=0.0.1.1:4&kt=0.0.0:2&kx=0.4.4:-3"
    )
    x, weight, target = X.copy(), W.copy(), np.ones((1, 1, 3, 3))
    x[0, 0, 4, 4], weight[0, 0, 1, 1], target[0, 0, 0, 0] = -3, 4, 2

    tensors = told(x, weight, gamma=-1.5, target=target)

    assert_shows(page, "Target", target)
    assert_shows(page, "Gradient of the normalised input", tensors["grad_xhat"])
    assert np.isnan(read(page, "Gradient of filter")).all()
    expect(section(page).locator(".block-said")).to_contain_text("Gradient of convolution")
    section(page).get_by_role("button", name="Last step").click()
    assert_shows(page, "Gradient of filter", tensors["grad_weight"])


def test_a_setting_that_cannot_be_is_explained_and_undone(block):
    page = block(refusals=True)

    with page.expect_response("**/api/trace"):
        section(page).get_by_label("Epsilon of the block").fill("0")

    alert = section(page).locator(".problem")
    expect(alert).to_contain_text("Epsilon of the block")
    alert.get_by_role("button", name="Undo the last change").click()
    expect(alert).to_be_hidden()


def test_fits_on_one_screen_with_cells_that_can_be_read(block):
    page = block(width=1440, height=900)

    assert section(page).bounding_box()["height"] <= 900
    assert cell(page, "Input", 1, 1).bounding_box()["width"] >= 30


def test_phone_lists_the_stages_without_sideways_scroll(block, assert_no_sideways_scroll):
    page = block(width=390, height=844, touch=True)

    boxes = [grid(page, name).bounding_box() for name in ("Input", "Filter", "Mean", "Loss")]
    assert [box["y"] for box in boxes] == sorted(box["y"] for box in boxes)
    # Lines take the two sides of the list.
    assert cell(page, "Input", 1, 1).bounding_box()["width"] >= 27
    assert_no_sideways_scroll(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_accessible(block, assert_accessible, theme):
    page = block("?kup=loss&kp=grad_conv_y.1.1.1.1", theme=theme, reduced_motion=True)

    assert_accessible(page)
