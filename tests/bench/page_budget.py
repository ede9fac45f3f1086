"""Measure Explore against its budgets, in a real browser: python tests/bench/page_budget.py

Run it by hand on a quiet machine, after ``pip install -e '.[test]'``; ``--base URL`` measures a
server that is running already, otherwise one is started in this process. It prints a table of
what was measured beside what is allowed, and ends with 1 where a budget is exceeded.

How each line is measured:

- *Bytes* are the bodies as they came over the wire (Chromium's ``encodedDataLength`` without the
  heads of the replies), for the page and everything it loads, the math font and ``/api`` aside.
  The browser asks for gzip, as all do; the cache is empty.
- *Long tasks* are those of the Long Tasks API (above 50 ms) in the first second.
- *First grid* is the time from the start of the navigation to the end of the first frame that
  shows a gridcell: an observer set before any script of the page waits for the cell and then for
  two frames, since the first may already be under way. Every load has an empty cache, and nothing
  else is measured meanwhile, since watching the network slows it down.
- *Step* and *hover* are the work between an event and the picture that follows: its handlers run,
  then style and layout are forced by reading the box of the picture. The time until the next frame
  is shown beside it: that adds the wait for the screen, up to 16.7 ms at 60 frames a second.
- *Setting* is the time from a click on a stepper to the frame after the reply has changed the
  picture, server included: an observer waits for the first change of the output's cells and then
  for the end of that frame. The stride goes to and fro between 1 and 2.

Two rows tell how fast the machine was meanwhile, as a virtual one may be slow for minutes: *empty
page* is the time until the browser shows the few characters of ``/healthz``, loaded in turn with
the page and the same for all versions of it; *taken by others* is the share of the time wanted that
the host gave to other machines (the "steal" of Linux; 0 on a machine of one's own).

The last three use a 7x7x3 input and 2 filters. Stepping and hovering may make no request. All but
the bytes of the page are measured on every tab.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

LAYER = "/explore?w=7&h=7&d=3&k=2"
TABS = ("forward", "backward", "volume")
ROUNDS = {"load": 7, "step": 200, "hover": 200, "setting": 60}
_FONT = ".ttf"
_PROCESSORS = Path("/proc/stat")

_FIRST_PAINT = """new Promise((done) => new PerformanceObserver((list) =>
  done(list.getEntries()[0].startTime)).observe({ type: "paint", buffered: true }))"""
_IN_PAGE = Path(__file__).with_suffix(".js")


@dataclass(frozen=True)
class Row:
    """One line of the table; without a limit it is only told."""

    what: str
    measured: float
    limit: float | None
    unit: str = ""

    @property
    def exceeded(self) -> bool:
        return self.limit is not None and self.measured > self.limit

    def __str__(self) -> str:
        allowed = "" if self.limit is None else f"{self.limit:g} {self.unit}".strip()
        measured = f"{self.measured:.1f}".removesuffix(".0")
        verdict = "over" if self.exceeded else "" if self.limit is None else "ok"
        return f"{self.what:<64}{f'{measured} {self.unit}'.strip():>12}{allowed:>10}  {verdict}"


def median_and_p95(
    what: str, times: list[float], limits: tuple[float | None, float | None]
) -> list[Row]:
    """Summarise some durations in milliseconds."""
    ordered = sorted(times)
    high = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    return [
        Row(f"{what}, median of {len(times)}", statistics.median(times), limits[0], "ms"),
        Row(f"{what}, 95th percentile", high, limits[1], "ms"),
    ]


class Requests:
    """What a page asks for, and how many bytes come back."""

    def __init__(self, page: Page) -> None:
        self.urls: dict[str, str] = {}
        self.bytes: dict[str, float] = {}
        self._heads: dict[str, float] = {}
        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.responseReceived", self._received)
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def _asked(self, event: dict[str, Any]) -> None:
        self.urls[event["requestId"]] = event["request"]["url"]

    def _received(self, event: dict[str, Any]) -> None:
        self._heads[event["requestId"]] = event["response"]["encodedDataLength"]

    def _finished(self, event: dict[str, Any]) -> None:
        of_head = self._heads.get(event["requestId"], 0)
        self.bytes[event["requestId"]] = event["encodedDataLength"] - of_head

    def size(self) -> float:
        """Bytes of all replies but the math font's."""
        counted = [key for key, url in self.urls.items() if not url.endswith(_FONT)]
        return sum(self.bytes.get(key, 0) for key in counted)

    def foreign(self, base: str) -> int:
        """How many requests went to another origin."""
        return sum(
            urlsplit(url).scheme in ("http", "https", "ws", "wss")
            and urlsplit(url).netloc != urlsplit(base).netloc
            for url in self.urls.values()
        )


@contextmanager
def served() -> Iterator[str]:
    """Run a server in this process."""
    from app.main import create_app
    from app.server import listen, make_server
    from app.settings import Settings

    settings = Settings(shutdown_seconds=1)
    ready = threading.Event()
    with listen("127.0.0.1", 0) as bound:
        server = make_server(create_app(settings), settings, listening=ready.set)
        thread = threading.Thread(target=server.run, args=([bound],))
        thread.start()
        ready.wait(10)
        try:
            yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def processor_times() -> tuple[float, float]:
    """Give the time that processors worked since the start, and the time the host took."""
    if not _PROCESSORS.exists():
        return 0, 0
    user, nice, system, _, _, irq, soft, steal = map(
        float, _PROCESSORS.read_text().split(maxsplit=9)[1:9]
    )
    return user + nice + system + irq + soft, steal


def others_row(before: tuple[float, float]) -> Row:
    """Tell how much of the time wanted since `before` went to other machines of the host."""
    worked, taken = (now - then for now, then in zip(processor_times(), before, strict=True))
    share = 100 * taken / max(1, worked + taken)
    return Row("processor time taken by others meanwhile", share, None, "%")


@contextmanager
def opened(browser: Browser, url: str) -> Iterator[Page]:
    """Load a page with an empty cache, and wait until its first grid is there."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.add_init_script(path=_IN_PAGE)
    page.goto(url)
    page.evaluate("firstGrid")
    yield page
    context.close()


def request_rows(browser: Browser, base: str) -> list[Row]:
    """What one load brings over the wire."""
    with opened(browser, base) as page:
        requests = Requests(page)
        page.goto(f"{base}/explore", wait_until="networkidle")
    rows = [
        Row("bytes of /explore and its assets, without the font", requests.size() / 1000, 60, "kB"),
        Row("requests", len(requests.urls), None),
        Row("requests to other origins", requests.foreign(base), 0),
    ]
    for tab, limit in (("backward", 60), ("volume", 80)):
        with opened(browser, base) as page:
            requests = Requests(page)
            page.goto(f"{base}/explore?tab={tab}", wait_until="networkidle")
        rows.append(Row(f"bytes with the tab {tab}", requests.size() / 1000, limit, "kB"))
    return rows


def empty_page(browser: Browser, base: str) -> float:
    """Milliseconds until the browser shows a page that has next to nothing."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"{base}/healthz")
    found: float = page.evaluate(_FIRST_PAINT)
    context.close()
    return found


def load_rows(browser: Browser, base: str, tab: str) -> list[Row]:
    """The time to the first grid, and long tasks."""
    grids, long_tasks, empty = [], [], []
    for _ in range(ROUNDS["load"]):
        empty.append(empty_page(browser, base))
        with opened(browser, f"{base}/explore?tab={tab}") as page:
            grids.append(page.evaluate("firstGrid"))
            page.wait_for_timeout(1000)
            long_tasks.append(page.evaluate("longTasks"))
    worst = max(max(tasks, default=0) for tasks in long_tasks)
    first = f"{tab}: first grid, median of {len(grids)} cold loads"
    return [
        Row(f"{tab}: long tasks at load, most of all loads", max(map(len, long_tasks)), 0),
        Row(f"{tab}: longest of them", worst, None, "ms"),
        Row(first, statistics.median(grids), 300, "ms"),
        Row("an empty page, median of as many", statistics.median(empty), None, "ms"),
    ]


def repaint_rows(browser: Browser, base: str, tab: str) -> list[Row]:
    """Work and frames of steps and hovers, and the requests that they make."""
    rows: list[Row] = []
    with opened(browser, f"{base}{LAYER}&tab={tab}") as page:
        requests = Requests(page)
        for kind in ("step", "hover"):
            page.evaluate("given => measureRepaint(given)", [kind, 20])
            work, shown = page.evaluate("given => measureRepaint(given)", [kind, ROUNDS[kind]])
            rows += median_and_p95(f"{tab}, {kind}: handlers, style, layout", work, (8, 16))
            rows += median_and_p95(f"{tab}, {kind}: until the next frame", shown, (None, None))
        asked = [url for url in requests.urls.values() if not url.endswith("icon.svg")]
        rows.append(Row(f"{tab}: requests while stepping and hovering", len(asked), 0))
    return rows


def setting_rows(browser: Browser, base: str, tab: str) -> list[Row]:
    """From a changed setting to its picture, server included."""
    with opened(browser, f"{base}{LAYER}&tab={tab}") as page:
        page.evaluate("measureSetting(6)")
        times = page.evaluate("rounds => measureSetting(rounds)", ROUNDS["setting"])
    return median_and_p95(f"{tab}, setting: from the click to the new output", times, (33, 66))


def measure(base: str) -> list[Row]:
    """Measure everything."""
    from tests.browser.conftest import ARGUMENTS, find_chromium

    with sync_playwright() as playwright:
        executable = find_chromium(playwright)
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        before = processor_times()
        rows = request_rows(browser, base)
        for tab in TABS:
            rows += load_rows(browser, base, tab)
            rows += repaint_rows(browser, base, tab)
            rows += setting_rows(browser, base, tab)
        rows.append(others_row(before))
        browser.close()
    return rows


def main() -> int:
    sys.path.insert(0, str(Path(__file__).parents[2]))
    parser = argparse.ArgumentParser(description="Measure Explore against its budgets.")
    parser.add_argument("--base", help="address of a running server; default: start one")
    given = parser.parse_args().base
    busy = f"{os.getloadavg()[0]:.1f} of {os.cpu_count()} processors were busy when it began"
    if given:
        rows = measure(given.rstrip("/"))
    else:
        with served() as base:
            rows = measure(base)
    sys.stdout.write(f"{busy:<64}{'measured':>12}{'allowed':>10}\n")
    sys.stdout.writelines(f"{row}\n" for row in rows)
    return int(any(row.exceeded for row in rows))


if __name__ == "__main__":
    sys.exit(main())
