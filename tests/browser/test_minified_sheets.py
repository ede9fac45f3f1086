"""Style sheets travel minified: the browser must read the same rules from them."""

from __future__ import annotations

from pathlib import Path

import rcssmin
from playwright.sync_api import Browser

SHEETS = (Path(__file__).parents[2] / "static" / "css").glob("*.css")

# A value with a variable in it is told as it was written: spaces beside commas mean nothing there.
_RULES = """(source) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(source);
  const bare = (text) =>
    text.replace(/\\s+/g, " ").replace(/, |(?<=\\() | (?=\\))/g, (gap) => gap.trim());
  return [...sheet.cssRules].map((rule) => bare(rule.cssText));
}"""


def test_minified_sheets_have_the_same_rules(browser: Browser):
    page = browser.new_page()
    for sheet in sorted(SHEETS):
        source = sheet.read_text("utf-8")
        rules = page.evaluate(_RULES, source)
        assert rules, sheet.name
        assert page.evaluate(_RULES, rcssmin.cssmin(source)) == rules, sheet.name
    page.close()
