"""Explore as a person meets it: grids, controls and words, found by their accessible names."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from playwright.sync_api import Locator, Page, expect

Values = npt.NDArray[np.float64]

_LABEL = re.compile(r"row (\d+), column (\d+): (\S+)")
_LABELS = """name => {
  const grids = [...document.querySelectorAll("[role=grid]")].filter(
    grid => grid.getAttribute("aria-label") === name && grid.checkVisibility());
  return grids.map(grid => [...grid.querySelectorAll("[role=gridcell]")].map(
    cell => [cell.getAttribute("aria-label"), cell.getAttributeNames()]));
}"""
_NAMES = """() => [...document.querySelectorAll("[role=grid]")].filter(
  grid => grid.checkVisibility()).map(grid => grid.getAttribute("aria-label"))"""
_DRAWN = """() => [...document.querySelectorAll("trace-figure")].every(
  figure => !figure.checkVisibility() || figure.querySelector(".picture"))"""
_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def until_drawn(page: Page) -> None:
    """Wait until every live figure in sight has its first picture."""
    page.wait_for_function(_DRAWN)


class ExplorePage:
    """The page, and what tests do with it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def grid(self, name: str) -> Locator:
        return self.page.get_by_role("grid", name=name, exact=True)

    def cell(self, name: str, row: int, column: int) -> Locator:
        """A cell by its row and column, from 1."""
        label = re.compile(f"^row {row}, column {column}: ")
        return self.grid(name).get_by_role("gridcell", name=label)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def slider(self, name: str) -> Locator:
        return self.page.get_by_role("slider", name=name, exact=True)

    def control(self, name: str) -> Locator:
        return self.page.get_by_label(name, exact=True)

    @property
    def readout(self) -> Locator:
        """The sentence about the cell pointed at; it stands beside the button that unpins."""
        return self.page.locator("//button[normalize-space()='Unpin']/parent::*/p")

    @property
    def problem(self) -> Locator:
        return self.page.get_by_role("alert")

    @property
    def size(self) -> Locator:
        """The card with the formula of the output's size."""
        return self.page.get_by_role("region", name="Output size")

    @property
    def position(self) -> int:
        return int(self.slider("Step").input_value())

    def names(self) -> list[str]:
        """The names of all grids in view."""
        return list(self.page.evaluate(_NAMES))

    def _cells(self, name: str) -> list[tuple[int, int, str, list[str]]]:
        grids = self.page.evaluate(_LABELS, name)
        assert len(grids) == 1, f"{len(grids)} grids are called {name!r}; there are {self.names()}"
        found = []
        for label, attributes in grids[0]:
            said = _LABEL.fullmatch(label)
            assert said, f"{name}: a cell is labelled {label!r}"
            found.append((int(said[1]), int(said[2]), said[3], attributes))
        return found

    def values(self, name: str) -> Values:
        """The numbers of a grid, read from the labels of its cells; NaN is an empty one."""
        cells = self._cells(name)
        shape = (max(row for row, *_ in cells), max(column for _, column, *_ in cells))
        assert len(cells) == shape[0] * shape[1]
        values = np.full(shape, np.inf)
        for row, column, text, _ in cells:
            values[row - 1, column - 1] = np.nan if text == "empty" else float(text)
        return values

    def marked(self, name: str, mark: str) -> set[tuple[int, int]]:
        """Rows and columns, from 1, of the cells that wear a mark."""
        return {(row, column) for row, column, _, names in self._cells(name) if mark in names}

    def maps(self) -> Values:
        """The whole output: (maps, rows, columns)."""
        return self._stack("Output map")

    def _stack(self, name: str) -> Values:
        """All grids of a name, numbered or alone."""
        count = sum(other.startswith(f"{name} ") for other in self.names())
        if not count:
            return self.values(name.split(" ")[0])[None]
        return np.stack([self.values(f"{name} {n + 1}") for n in range(count)])

    def eventually(self, name: str, expected: Any) -> None:
        """Wait until a grid holds these numbers."""
        self.until(lambda: self._is(name, np.atleast_2d(np.asarray(expected, float))), name)

    def _is(self, name: str, expected: Values) -> bool:
        if name not in self.names():
            return False
        values = self.values(name)
        same = values.shape == expected.shape
        return same and bool(np.allclose(values, expected, rtol=0, atol=1e-9, equal_nan=True))

    def until(self, holds: Callable[[], bool], what: str, *, seconds: float = 4) -> None:
        """Wait until something holds, of a grid if there is one of that name."""
        for _ in range(round(25 * seconds)):
            if holds():
                return
            self.page.wait_for_timeout(40)
        shown = self.values(what).tolist() if what in self.names() else self.names()
        raise AssertionError(f"{what} never came; shown is {shown}")

    def restore(self) -> None:
        """Take back all that was done since the page was opened."""
        if self.button("Pause").is_visible():
            self.button("Pause").click()
        while self.button("Undo").is_enabled():
            self.click(self.button("Undo"))
        if self.button("Unpin").is_visible():
            self.button("Unpin").click()
        self.slider("Speed").fill("2")
        if self.slider("Step").is_enabled():
            self.step_to(1)
        self.page.mouse.move(2, 2)
        self.page.evaluate("document.activeElement.blur()")

    def step_to(self, position: int) -> None:
        self.slider("Step").fill(str(position))

    def set(self, name: str, value: str | int) -> None:
        """Type a value into a control, or choose an option, and wait for the picture."""
        control = self.control(name)
        with self.page.expect_response("**/api/trace") as reply:
            if control.evaluate("control => control.tagName") == "SELECT":
                control.select_option(str(value))
            else:
                control.fill(str(value))
        self.drawn(reply.value)

    def click(self, target: Locator) -> None:
        """Click what asks the server, and wait for the picture."""
        with self.page.expect_response("**/api/trace") as reply:
            target.click()
        self.drawn(reply.value)

    def settle(self) -> None:
        """Wait until what follows from a change of the window's size has come."""
        self.page.evaluate(_FRAMES)
        self.page.evaluate(_FRAMES)

    def drawn(self, reply: Any) -> None:
        reply.finished()
        self.page.evaluate(_FRAMES)

    def type_cell(self, name: str, row: int, column: int, text: str) -> None:
        """Type a number over a cell and commit it."""
        self.cell(name, row, column).focus()
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")


def expect_shape(explore: ExplorePage, name: str, rows: int, columns: int) -> None:
    """Wait until a grid has so many rows and columns."""
    grid = explore.grid(name)
    expect(grid.get_by_role("row")).to_have_count(rows)
    expect(grid.get_by_role("gridcell")).to_have_count(rows * columns)
