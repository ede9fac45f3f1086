"""The README's promises, kept: its commands, its example, its links, its names."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

from app.settings import limit_rows

ROOT = Path(__file__).parents[1]
TEST_COMMAND = "bash tests/run.sh"
RUN_COMMAND = "python3 -m venv .venv && .venv/bin/pip install -e . && .venv/bin/convlens"
# Read by the tests and by Settings beside its limits.
OTHER_VARIABLES = {
    "CONVLENS_CHROMIUM",
    "CONVLENS_LESSONS",
    "CONVLENS_RELOAD",
    "CONVLENS_REQUIRE_BROWSER",
}


@pytest.fixture(scope="module")
def readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


def fences(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("command", [RUN_COMMAND, TEST_COMMAND])
def test_one_command_each_runs_and_tests(readme, command):
    assert command in [fence.strip() for fence in fences(readme, "bash")]


def test_the_test_command_is_what_continuous_integration_calls():
    assert TEST_COMMAND in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_the_example_prints_what_the_readme_says(readme):
    example = re.search(
        r"^```python\n(.*?)^```\n+(?:.*\n)?\n*```text\n(.*?)^```$", readme, re.S | re.M
    )
    assert example, "a python fence followed by its output in a text fence"
    printed = io.StringIO()

    with contextlib.redirect_stdout(printed):
        exec(compile(example[1], "README.md", "exec"), {})

    assert printed.getvalue().split() == example[2].split()


def test_every_link_into_the_project_leads_to_a_file(readme):
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", readme)

    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_variable_that_the_readme_names_exists(readme):
    named = set(re.findall(r"CONVLENS_[A-Z_]*[A-Z]", readme))

    assert named - OTHER_VARIABLES <= {row.variable for row in limit_rows()}


def test_the_readme_names_the_packages_that_a_bare_system_lacks(readme):
    assert "python3-venv" in readme
