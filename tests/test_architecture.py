"""The house rules that a machine can check: who imports whom, and how long a file may be."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.catalogue import OPERATIONS

ROOT = Path(__file__).parents[1]
FOLDERS = ("app", "engine", "static", "templates", "tests")
HAND_WRITTEN = {".py", ".js", ".css", ".html"}
ELSEWHERE = {"node_modules", "output"}
MOST_LINES = 300
TOP = {".ci", ".github", ".gitignore", "README.md", "pyproject.toml", *FOLDERS}


def imported_packages(path):
    """List the top-level packages that a module imports."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    plain = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    taken = [n.module or "" for n in nodes if isinstance(n, ast.ImportFrom) and n.level == 0]
    return {name.partition(".")[0] for name in plain + taken}


def modules_of(package):
    paths = sorted((ROOT / package).rglob("*.py"))
    return [pytest.param(path, id=str(path.relative_to(ROOT))) for path in paths]


@pytest.mark.parametrize("path", modules_of("engine"))
def test_engine_imports_only_numpy_and_the_standard_library(path):
    assert imported_packages(path) <= sys.stdlib_module_names | {"numpy", "engine"}


@pytest.mark.parametrize("path", modules_of("app"))
def test_app_imports_nothing_of_the_tests(path):
    assert "tests" not in imported_packages(path)


def test_no_view_names_an_operation():
    views = sorted((ROOT / "static" / "js" / "views").rglob("*.js"))
    words = [
        (path.name, word)
        for path in views
        for word in re.findall(r"""["'`](\w+)["'`]""", path.read_text(encoding="utf-8"))
    ]

    # Cells of the border are called padding as well, and an element is laid out as a block.
    ids = OPERATIONS.keys() - {"padding", "block"}
    assert [(name, word) for name, word in words if word in ids] == []
    assert len(views) > 40


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_hand_written_file_is_longer_than_300_lines(folder):
    files = [p for p in (ROOT / folder).rglob("*") if p.suffix in HAND_WRITTEN]
    lengths = {
        str(p.relative_to(ROOT)): len(p.read_text(encoding="utf-8").splitlines())
        for p in files
        if not ELSEWHERE & set(p.relative_to(ROOT).parts)
    }

    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a checkout")
def test_the_top_level_holds_what_the_readme_maps_and_nothing_that_was_built():
    listed = ["git", "-c", f"safe.directory={ROOT}", "ls-files"]
    ran = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True)
    files = [Path(line) for line in ran.stdout.splitlines()]

    assert {path.parts[0] for path in files} == TOP
    assert [path for path in files if path.suffix in {".whl", ".gz", ".zip", ".so"}] == []
