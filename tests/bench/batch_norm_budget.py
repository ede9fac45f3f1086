"""Measure the page of batch norm in a real browser: python tests/bench/batch_norm_budget.py

Run it by hand on a quiet machine, as page_budget.py, which says how bytes and long tasks are
counted; ``--base URL`` measures a server that is running already. It ends with 1 where a budget is
exceeded.

*Move* is the time from a move of the pointer that drags a dot, to the end of the frame after the
reply has changed number lines and graph. The server is included. A move waits for the one before.
The table follows a frame later where it is in sight.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.page_budget import (
    Requests,
    Row,
    median_and_p95,
    others_row,
    processor_times,
    served,
)
from tests.browser.conftest import ARGUMENTS, find_chromium

PAGE = "/batch-norm"
MOVES = 120
LOADS = 5
_IN_PAGE = Path(__file__).with_suffix(".js")


def opened(browser: Browser, url: str) -> Page:
    """Open a page with an empty cache, and wait until it rests."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.add_init_script(path=_IN_PAGE)
    page.goto(url, wait_until="networkidle")
    return page


def load_rows(browser: Browser, base: str) -> list[Row]:
    """What one load brings over the wire, and how long its tasks are."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    requests = Requests(page)
    page.goto(base + PAGE, wait_until="networkidle")
    page.context.close()
    rows = [
        Row("bytes of the first view, without the font", requests.size() / 1000, 60, "kB"),
        Row("requests to other origins", requests.foreign(base), 0),
    ]
    tasks: list[list[float]] = []
    for _ in range(LOADS):
        page = opened(browser, base + PAGE)
        tasks.append(page.evaluate("longTasks"))
        page.context.close()
    longest = max(max(found, default=0) for found in tasks)
    return [
        *rows,
        Row("long tasks at load, most of all loads", max(map(len, tasks)), 0),
        Row("longest of them", longest, None, "ms"),
    ]


def move_rows(browser: Browser, base: str, query: str, what: str) -> list[Row]:
    """From a move of a dot to the picture of its numbers."""
    page = opened(browser, base + PAGE + query)
    # The table is fetched when it is near.
    page.locator("value-table").scroll_into_view_if_needed()
    page.locator("value-table table").wait_for()
    page.wait_for_load_state("networkidle")
    page.evaluate("scrollTo(0, 0)")
    page.evaluate("watchMoves()")
    box = page.get_by_role("slider", name="x 2", exact=True).bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    before = len(page.evaluate("longTasks"))
    for n in range(MOVES):
        page.mouse.move(x + 24 + 8 * (n % 5) + (40 if n % 2 else 0), y)
        page.wait_for_function("n => moves.length > n", arg=n)
    times = page.evaluate("moves")
    slow = len(page.evaluate("longTasks")) - before
    page.context.close()
    rows = median_and_p95(f"move, {what}", times[10:], (33, None))
    return [*rows, Row(f"long tasks while dragging, {what}", slow, 0)]


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the page of batch norm.")
    parser.add_argument("--base", help="address of a running server; default: start one")
    given = parser.parse_args().base
    busy = f"{os.getloadavg()[0]:.1f} of {os.cpu_count()} processors were busy when it began"

    def measured(base: str) -> list[Row]:
        with sync_playwright() as playwright:
            executable = find_chromium(playwright)
            browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
            before = processor_times()
            rows = load_rows(browser, base)
            rows += move_rows(browser, base, "", "a batch of 4")
            rows += move_rows(browser, base, "?m=16&x=random&up=loss", "a batch of 16")
            rows.append(others_row(before))
            browser.close()
        return rows

    if given:
        rows = measured(given.rstrip("/"))
    else:
        with served() as base:
            rows = measured(base)
    sys.stdout.write(f"{busy:<58}{'measured':>12}{'allowed':>10}\n")
    sys.stdout.writelines(f"{row}\n" for row in rows)
    return int(any(row.exceeded for row in rows))


if __name__ == "__main__":
    sys.exit(main())
