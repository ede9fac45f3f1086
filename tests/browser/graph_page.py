"""What the tests of the computational graph share: its parts by name, and what overlaps."""

from __future__ import annotations

from typing import Final

from playwright.sync_api import Locator, Page

MET: Final = """() => {
  const parts = ".graph-node, .graph-amount, .graph-total, .graph-fan span, .graph-badge, "
    + ".graph-panel";
  const seen = [...document.querySelectorAll("trace-graph :is(" + parts + ")")].filter(
    part => part.checkVisibility({visibilityProperty: true}) && part.clientWidth > 4);
  const box = part => part.getBoundingClientRect();
  const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3;
  const name = part => part.getAttribute("aria-label") ?? part.className;
  return seen.flatMap((one, i) => seen.slice(i + 1)
    .filter(other => !one.contains(other) && meet(box(one), box(other)))
    .map(other => [name(one), name(other)]));
}"""
SHOW: Final = """async ([body, sample]) => {
  const reply = await fetch("/api/trace", {
    method: "POST",
    headers: {"content-type": "application/json"},
    body: JSON.stringify({op: "batch_norm_pass", ...body}),
  });
  const graph = document.querySelector("trace-graph");
  graph.sample = sample;
  graph.reply = await reply.json();
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""


def button(page: Page, name: str) -> Locator:
    """Find a button of the graph."""
    return page.locator("trace-graph").get_by_role("button", name=name, exact=True)


def badge(page: Page) -> str:
    """Read the list of the routes that meet."""
    return page.locator(".graph-badge").inner_text().replace("\n", " ")


def title(page: Page) -> Locator:
    """Find the title of the formula."""
    return page.locator(".graph-title")
