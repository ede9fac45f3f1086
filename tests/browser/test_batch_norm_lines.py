"""The number lines of a batch: what stands where, and what a drag leaves alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

_CENTRES = """line => [...document.querySelectorAll(`[data-line="${line}"] .dot .rim`)]
  .map(rim => rim.getBoundingClientRect())
  .map(box => [box.x + box.width / 2, box.y + box.height / 2])"""
_PLACES = """line => {
  const ticks = [...document.querySelectorAll(".lines-picture .ticks text")].map(text => {
    const box = text.getBoundingClientRect();
    return [Number(text.textContent.replace("−", "-")), box.x + box.width / 2];
  });
  const [[low, from], [high, to]] = [ticks[0], ticks[ticks.length - 1]];
  const {table} = document.querySelector("number-lines").reply;
  const {values} = table.find(column => column.key === line);
  return values.map(value => from + (value - low) / (high - low) * (to - from));
}"""


def centres(page: Page, line: str) -> list[list[float]]:
    return page.evaluate(_CENTRES, line)


def heights(page: Page) -> int:
    return page.evaluate("document.querySelector('.lines-card').offsetHeight")


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize(
    "query",
    [
        pytest.param("x=constant", id="equal values"),
        pytest.param("m=8&up=loss", id="stacks of targets"),
        pytest.param("m=16&x=random&up=loss", id="sixteen"),
        pytest.param("m=16&x=constant&present=1", id="sixteen equal, projected"),
        pytest.param("m=16#x=0:1000000", id="far outlier"),
    ],
)
def test_every_dot_stands_over_its_value(open_page, query, width):
    page = open_page(f"/batch-norm?{query}", width=width)
    expect(page.locator("[data-line=y] .dot").first).to_be_visible()

    lines = page.evaluate("[...document.querySelectorAll('[data-line]')].map(l => l.dataset.line)")
    for line in lines:
        found = [x for x, _ in centres(page, line)]
        assert found == pytest.approx(page.evaluate(_PLACES, line), abs=1.5)


def test_a_drag_past_others_moves_neither_the_page_nor_the_dot_off_its_height(open_page):
    page = open_page("/batch-norm")
    x4 = page.get_by_role("slider", name="x 4", exact=True)
    box = x4.locator(".rim").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    before = heights(page)
    seen = set()

    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 41):
        page.mouse.move(x - 11 * step, y)
        page.wait_for_timeout(20)
        seen.add((heights(page), round(centres(page, "x")[3][1])))
    page.mouse.up()

    assert seen == {(before, round(y))}
    assert min(x for x, _ in centres(page, "x")[:3]) > centres(page, "x")[3][0]


def test_bands_lie_under_the_lines_that_cross_them(open_page):
    page = open_page("/batch-norm?m=2")

    order = page.evaluate(
        """() => {
          const [band, link] = [".band", ".link"].map(name => document.querySelector(name));
          return Boolean(band.compareDocumentPosition(link) & Node.DOCUMENT_POSITION_FOLLOWING);
        }"""
    )

    assert order
