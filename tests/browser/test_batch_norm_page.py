"""The page of batch norm: number lines, table, settings, scenes, address."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

DX = [0.1496, -0.1590, -0.0343, 0.0436]
SIX = {
    "grad_beta": 0.7,
    "grad_gamma": 0.0655,
    "grad_xhat": 0.3,
    "grad_sigma2": -0.0062,
    "grad_mu": -0.3055,
    "grad_x": 0.0436,
}
_COLUMN = """key => {
  const cells = [...document.querySelectorAll(`value-table td[data-column="${key}"]`)];
  return cells.map(cell => cell.querySelector("input")?.value ?? cell.textContent);
}"""
SCENES = ["vanish", "two", "together", "constant", "one", "zeros", "undo", "closed"]


@pytest.fixture
def open_page(open_page):
    """Open pages with table and checks, which are fetched when they are near."""

    def opened(path: str, **how) -> Page:
        page = open_page(path, **how)
        page.locator("value-table").scroll_into_view_if_needed()
        page.locator("value-table td").first.wait_for()
        page.evaluate("scrollTo(0, 0)")
        return page

    return opened


def number(text: str) -> float:
    return float(text.replace("−", "-").removeprefix("≈ "))


def column(page: Page, key: str) -> list[float]:
    """The numbers of a column of the table, without its sum."""
    return [number(text) for text in page.evaluate(_COLUMN, key)]


def sample_two(page: Page):
    return page.locator("value-table").get_by_role("button", name="Sample 2", exact=True)


def dot(page: Page, name: str):
    return page.get_by_role("slider", name=name, exact=True)


def until_column(page: Page, key: str, expected: list[float]) -> None:
    for _ in range(100):
        found = column(page, key)
        if found == pytest.approx(expected, abs=1e-9):
            return
        page.wait_for_timeout(40)
    raise AssertionError(f"{key} is {column(page, key)}, not {expected}")


def drag(page: Page, name: str, by: float) -> None:
    """Drag a dot by so many pixels, in small moves."""
    box = dot(page, name).bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by, y, steps=12)
    page.mouse.up()


def test_the_batch_of_the_lecture_has_the_gradients_of_the_lecture(open_page):
    page = open_page("/batch-norm")

    assert column(page, "grad_x") == pytest.approx(DX, abs=1e-9)
    assert column(page, "closed") == pytest.approx(DX, abs=1e-9)
    assert column(page, "x") == [1, 2, 4, 7]


def test_six_results_of_the_lecture_stand_beside_their_difference_quotients(open_page):
    page = open_page("/batch-norm")
    rows = page.locator("check-card tbody tr")
    expect(rows).to_have_count(7)

    for gradient, value in SIX.items():
        row = rows.filter(has=page.locator(f"[data-gradient={gradient}]"))
        analytic, numeric, _, verdict = row.locator("td").all_inner_texts()
        assert round(number(analytic), 4) == value
        assert number(numeric) == pytest.approx(number(analytic), abs=1e-6)
        assert verdict == "✓ agrees"


def test_a_drag_moves_every_number_and_is_one_change_to_undo(open_page):
    page = open_page("/batch-norm")

    drag(page, "x 4", -120)

    moved = float(dot(page, "x 4").get_attribute("aria-valuenow"))
    assert 4 < moved < 6.5
    assert round(moved, 1) == moved
    until_column(page, "x", [1, 2, 4, moved])
    assert column(page, "grad_x") != pytest.approx(DX, abs=1e-4)
    page.get_by_role("button", name="Undo", exact=True).click()
    until_column(page, "grad_x", DX)
    expect(page.get_by_role("button", name="Undo", exact=True)).to_be_disabled()


def test_keys_move_a_dot_by_tenths_and_by_ones_and_to_the_ends(open_page):
    page = open_page("/batch-norm")
    x4 = dot(page, "x 4")
    x4.focus()

    for key, value in {
        "ArrowRight": "7.1",
        "ArrowDown": "7",
        "Shift+ArrowLeft": "6",
        "PageUp": "7",
        "Home": "-2",
        "End": "8",
    }.items():
        page.keyboard.press(key)
        expect(x4).to_have_attribute("aria-valuenow", value)


def test_a_digit_on_a_dot_types_over_it(open_page):
    page = open_page("/batch-norm")
    dot(page, "x 2").focus()

    page.keyboard.type("2.75")
    page.keyboard.press("Enter")

    until_column(page, "x", [1, 2.75, 4, 7])


def test_a_cell_of_the_table_is_typed_over_and_a_wrong_text_stays_and_is_told(open_page):
    page = open_page("/batch-norm")
    cell = page.get_by_role("textbox", name="x 3", exact=True)

    cell.fill("−5,5")
    until_column(page, "centred", [-0.125, 0.875, -6.625, 5.875])
    cell.fill("four")
    page.keyboard.press("Tab")

    expect(page.get_by_text("x 3: “four” is not a number")).to_be_visible()
    expect(cell).to_have_value("four")
    cell.focus()
    page.keyboard.press("Escape")
    expect(cell).to_have_value("-5.5")


def test_an_upstream_gradient_is_given_or_comes_from_a_loss(open_page):
    page = open_page("/batch-norm")

    page.get_by_role("textbox", name="gradient of y 1").fill("1.5")
    until_column(page, "grad_xhat", [1.5, -0.2, 0.1, 0.3])
    page.locator(".norm-settings").get_by_role("button", name="From a loss").click()

    expect(dot(page, "target 1")).to_be_visible()
    page.get_by_role("textbox", name="target 2").fill("0.5")
    until_column(page, "target", [1, 0.5, 1, -1])


def test_the_address_holds_everything_and_opens_as_it_was(open_page):
    page = open_page("/batch-norm")
    page.get_by_role("textbox", name="Gamma, number").fill("2")
    page.get_by_role("textbox", name="x 1", exact=True).fill("-1234.5678")
    sample_two(page).click()
    until_column(page, "x", [-1234.5678, 2, 4, 7])
    expect(page).to_have_url(re.compile(r"gamma=2.*i=2.*#x=0:-1234\.5678"))

    again = open_page(page.url.replace(page.evaluate("location.origin"), ""))

    until_column(again, "x", [-1234.5678, 2, 4, 7])
    assert column(again, "grad_x") == column(page, "grad_x")
    expect(sample_two(again)).to_have_attribute("aria-pressed", "true")


def test_reset_brings_back_the_batch_of_the_lecture(open_page):
    page = open_page("/batch-norm?m=6&gamma=3&eps=0.1#x=0:5,5")

    page.get_by_role("button", name="Reset", exact=True).click()

    until_column(page, "grad_x", DX)


def test_a_setting_that_is_refused_is_explained_with_a_way_back(open_page):
    page = open_page("/batch-norm", refusals=True)

    page.get_by_role("textbox", name="Epsilon, number").fill("-1")

    alert = page.get_by_role("alert").filter(visible=True)
    expect(alert).to_contain_text("Epsilon")
    assert column(page, "grad_x") == pytest.approx(DX, abs=1e-9)
    alert.get_by_role("button", name="Undo the last change").click()
    expect(alert).to_have_count(0)


@pytest.mark.parametrize("scene", SCENES)
def test_a_scene_opens_by_its_link_and_can_be_left(open_page, scene):
    page = open_page("/batch-norm")
    link = page.locator(f".scenes a[href*='scene={scene}&']")
    title = link.inner_text()

    link.click()

    expect(page.get_by_role("heading", name=f"What to try: {title}")).to_be_visible()
    expect(dot(page, "x 1")).to_be_visible()
    page.get_by_role("button", name="Leave the scene").click()
    expect(page.locator(".scene-now")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("scene="))


def test_a_batch_of_one_has_no_gradient_and_one_of_two_almost_none(open_page):
    one = open_page("/batch-norm?scene=one&m=1")
    assert column(one, "grad_x") == [0]

    two = open_page("/batch-norm?scene=two&m=2")
    assert column(two, "grad_x") == pytest.approx([0, 0], abs=1e-4)


def test_gamma_and_beta_bring_the_batch_back(open_page):
    page = open_page("/batch-norm?scene=undo&i=4")

    until_column(page, "y", [1, 2, 4, 7])
    page.get_by_role("textbox", name="x 1", exact=True).fill("3")
    until_column(page, "x", [3, 2, 4, 7])
    page.get_by_role("button", name="Set γ and β to match").click()

    until_column(page, "y", [3, 2, 4, 7])


def test_code_of_both_kinds_is_shown(open_page):
    page = open_page("/batch-norm?gamma=2")

    page.get_by_role("button", name="Code", exact=True).click()

    panel = page.get_by_role("tabpanel")
    expect(panel).to_contain_text("import numpy")
    page.get_by_role("tab", name="PyTorch").click()
    expect(panel).to_contain_text("import torch")


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/batch-norm", id="the lecture's batch"),
        pytest.param("/batch-norm?m=16&x=random&up=loss&n=grad_mu", id="sixteen and a loss"),
        pytest.param("/batch-norm?scene=constant&x=constant&graph=gates", id="a scene, gates"),
    ],
)
def test_axe_finds_nothing_in_both_themes(open_page, assert_accessible, path):
    page = open_page(path)
    expect(page.locator("check-card tbody tr").first).to_be_visible()
    assert_accessible(page)

    page.emulate_media(color_scheme="dark")

    assert_accessible(page)


@pytest.mark.parametrize("path", ["/batch-norm", "/batch-norm?m=16&x=random&up=loss"])
def test_a_phone_shows_it_without_sideways_scroll(open_page, assert_no_sideways_scroll, path):
    page = open_page(path, width=390, height=844, touch=True)
    expect(page.locator("check-card tbody tr").first).to_be_visible()

    assert_no_sideways_scroll(page)


def test_a_quotient_that_was_not_found_is_no_zero(open_page):
    page = open_page("/batch-norm")
    row = page.locator("check-card tbody tr").first
    expect(row).to_be_visible()

    page.evaluate(
        """() => {
          const missing = {analytic: [1], numeric: [null], relative_error: null,
            agrees: true, why: "out of reach"};
          const card = document.querySelector("check-card");
          card.show(document.querySelector("trace-graph").reply, {gamma: missing});
        }"""
    )

    found = row.locator("td").all_inner_texts()
    assert found == ["1.0000000000", "–", "–", "✓ agrees: out of reach"]
