"""A real browser on a live server; every page is watched for errors and strangers."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, expect, sync_playwright

from app.main import create_app
from app.server import listen, make_server
from app.settings import Settings
from tests.browser.explore_page import ExplorePage, until_drawn

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]
_REFUSAL = re.compile(r"Failed to load resource: (.* status of 4\d\d|net::ERR_FAILED)")
_TIMEOUT = 10_000


def _runs(executable: str) -> bool:
    """Tell a browser from a stub that only names a snap."""
    try:
        said = subprocess.run([executable, "--version"], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return said.returncode == 0 and said.stdout.startswith(("Chromium", "Google Chrome"))


def find_chromium(playwright: Playwright) -> str | None:
    given = os.environ.get("CONVLENS_CHROMIUM")
    if given:
        return given  # where it does not run, that is the failure to see
    found = (shutil.which(name) for name in _NAMES)
    own = playwright.chromium.executable_path
    candidates = [*filter(None, found), *([own] if Path(own).exists() else [])]
    return next(filter(_runs, candidates), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        executable = find_chromium(playwright)
        if executable is None:
            reason = "no Chromium: install one, or name it in CONVLENS_CHROMIUM"
            if os.environ.get("CONVLENS_REQUIRE_BROWSER") == "1":
                pytest.fail(reason)
            pytest.skip(reason)
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def base_url() -> Iterator[str]:
    """The address of a live server, without a slash at the end."""
    settings = Settings(shutdown_seconds=1)
    ready = threading.Event()
    with listen("127.0.0.1", 0) as bound:
        server = make_server(create_app(settings), settings, listening=ready.set)
        thread = threading.Thread(target=server.run, args=([bound],))
        thread.start()
        assert ready.wait(10), "the server did not start"
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        server.should_exit = True
        thread.join()


class _Watch:
    """What a page must not do, collected while it runs."""

    def __init__(self, page: Page, origin: str, *, refusals: bool) -> None:
        self.faults: list[str] = []
        self._origin = origin
        self._refusals = refusals
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"uncaught: {error}"))
        page.on("request", lambda request: self._request(request.url))
        page.on("response", lambda reply: self._response(reply.status, reply.url))

    def _console(self, message: ConsoleMessage) -> None:
        expected = self._refusals and _REFUSAL.match(message.text)
        if message.type in ("error", "warning") and not expected:
            self.faults.append(f"console {message.type}: {message.text}")

    def _request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss"):
            origin = f"{parts.scheme}://{parts.netloc}"
            if origin != self._origin:
                self.faults.append(f"request to another origin: {url}")

    def _response(self, status: int, url: str) -> None:
        if status >= 500:
            self.faults.append(f"status {status}: {url}")


@contextmanager
def _opener(browser: Browser, base_url: str) -> Iterator[Callable[..., Page]]:
    """Open pages, each in a browser profile of its own; close them and say what they did wrong.

    ``refusals=True`` allows what Chromium writes to the console for a 4xx reply, or for a request
    that is cut off, where a test is about one. ``before`` is a script that runs before those of
    the page.
    """
    opened: list[tuple[Page, _Watch]] = []

    def open_page(
        path: str,
        *,
        width: int = 1440,
        height: int = 900,
        theme: str = "light",
        reduced_motion: bool = False,
        touch: bool = False,
        refusals: bool = False,
        before: str = "",
    ) -> Page:
        context = browser.new_context(
            base_url=base_url,
            viewport={"width": width, "height": height},
            color_scheme=theme,
            reduced_motion="reduce" if reduced_motion else "no-preference",
            has_touch=touch,
        )
        context.set_default_timeout(_TIMEOUT)
        context.add_init_script(before)
        page = context.new_page()
        opened.append((page, _Watch(page, base_url, refusals=refusals)))
        page.goto(path)
        until_drawn(page)
        return page

    yield open_page
    for page, _ in opened:
        page.context.close()
    assert not [fault for _, watch in opened for fault in watch.faults]


@pytest.fixture
def open_page(browser: Browser, base_url: str) -> Iterator[Callable[..., Page]]:
    with _opener(browser, base_url) as open_page:
        yield open_page


@pytest.fixture(scope="module")
def _explored(browser: Browser, base_url: str) -> Iterator[Callable[[str], ExplorePage]]:
    """Explore at an address, opened once for a module."""
    with _opener(browser, base_url) as open_page:
        yield cache(lambda query: ExplorePage(open_page(f"/explore?{query}", refusals=True)))


@pytest.fixture(scope="module")
def go(browser: Browser, base_url: str) -> Iterator[Callable[[str], ExplorePage]]:
    """Load Explore at an address, always in the same tab, where its files are known already."""
    with _opener(browser, base_url) as open_page:
        explore = ExplorePage(open_page("/explore"))

        def go(query: str) -> ExplorePage:
            explore.page.goto(f"/explore?{query}")
            until_drawn(explore.page)
            # What comes a frame later may move what is about to be clicked.
            expect(explore.page.locator("[data-waiting]")).to_have_count(0)
            return explore

        yield go


@pytest.fixture
def visit(_explored: Callable[[str], ExplorePage]) -> Callable[[str], ExplorePage]:
    """Go to Explore at an address: as it was when it was opened, but sooner than by opening it."""

    def visit(query: str = "") -> ExplorePage:
        explore = _explored(query)
        explore.restore()
        return explore

    return visit


@pytest.fixture(scope="session")
def assert_accessible() -> Callable[[Page], None]:
    """Check a page by the rules of axe."""
    axe = Axe()

    def check(page: Page) -> None:
        results = axe.run(page)
        assert results.violations_count == 0, results.generate_report()

    return check


@pytest.fixture(scope="session")
def assert_no_sideways_scroll() -> Callable[[Page], None]:
    def check(page: Page) -> None:
        wide, seen = page.evaluate(
            "() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert wide <= seen, f"the page is {wide} pixels wide on a screen of {seen}"

    return check
