"""What users install: a wheel that brings its pages along and runs anywhere."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
import sysconfig
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest

ROOT = Path(__file__).parents[2]
_REFERENCE = re.compile(r"""(?:href|src)="([^"#?]+)"|url\("?([^")]+)"?\)|\bfrom "([^"]+)";""")
_PAGES = ["/", "/explore", "/image", "/lessons"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    _run(
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(folder),
        str(ROOT),
    )
    return next(folder.glob("convlens-*.whl"))


@pytest.fixture(scope="module")
def command(wheel, tmp_path_factory) -> Path:
    """The command of the wheel, installed beside the packages that this environment has."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=False)
    bin_dir = folder / ("Scripts" if sys.platform == "win32" else "bin")
    _run(
        sys.executable, "-m", "pip", "--python", str(bin_dir / "python"),
        "install", "--quiet", "--no-deps", "--no-index", str(wheel),
    )  # fmt: skip
    packages = next(folder.rglob("site-packages"))
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return bin_dir / "convlens"


@pytest.fixture(scope="module")
def site(command, tmp_path_factory) -> Iterator[str]:
    """The address of the installed command, run from an empty folder."""
    with _started(command, tmp_path_factory.mktemp("elsewhere")) as address:
        yield address


@contextlib.contextmanager
def _started(command: Path, folder: Path) -> Iterator[str]:
    process = subprocess.Popen(
        [command, "--no-browser", "--port", "0"],
        cwd=folder,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        said = process.stdout.readline()
        found = re.search(r"http://\S+", said)
        yield found[0] if found else pytest.fail(said + process.stdout.read())
    finally:
        process.terminate()
        process.communicate(timeout=15)


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def _fetch(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as reply:
        assert reply.status == 200
        content = reply.read()
    return "" if b"\0" in content else content.decode()


def _assets(address: str, pages: list[str]) -> set[str]:
    """Fetch pages and whatever they refer to, and that refers to."""
    fetched: set[str] = set()
    waiting = [urljoin(address, page) for page in pages]
    while waiting:
        url = waiting.pop()
        text = _fetch(url)
        fetched.add(url)
        named = (next(filter(None, groups)) for groups in _REFERENCE.findall(text))
        found = {urljoin(url, name) for name in named}
        waiting += [url for url in found - fetched if "/static/" in url and url not in waiting]
    return {url for url in fetched if "/static/" in url}


def test_the_wheel_holds_the_program_and_its_files_and_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()

    tops = {name.split("/")[0] for name in names}
    assert tops == {"app", "engine", f"{wheel.name.split('-py3')[0]}.dist-info"}
    assert "app/_assets/templates/base.html" in names
    assert "app/_assets/static/css/base.css" in names
    assert "app/py.typed" in names
    assert not [name for name in names if "node_modules" in name or "__pycache__" in name]


def test_the_installed_command_serves_its_pages_with_all_their_files(site):
    assets = _assets(site, _PAGES)

    suffixes = {Path(url).suffix for url in assets}
    assert suffixes >= {".css", ".js", ".svg", ".ttf"}
    assert len(assets) > 10


def test_the_installed_command_has_the_lessons(site):
    assert 'href="/lessons/' in _fetch(f"{site}lessons")
