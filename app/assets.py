"""Static files: read once, named by a hash of the tree, compressed once, cached for ever.

Scripts and sheets are joined and minified for the way, by libraries that keep every name: what
runs is what is read here, without comments and spaces. A test compares the syntax trees.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import importlib.util
from collections.abc import Callable, Collection, Iterator
from functools import cached_property
from pathlib import Path

import rcssmin
import rjsmin
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.nearest import did_you_mean
from app.pack import modules_of, pack_modules

# The system's own table may differ from machine to machine, and modules need an exact type.
_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
_PACKED_ALREADY = {".jpg", ".png", ".webp", ".woff2"}
_FONT = "fonts/STIXTwoMath-Regular.ttf"
# Chromium then compiles functions while a script arrives, and not each when it is first called.
_AT_ONCE = "//# allFunctionsCalledOnLoad\n"


def asset_dir(name: str) -> Path:
    """Find a folder of assets: inside the package in a wheel, beside it in a checkout."""
    package = Path(__file__).resolve().parent
    inside = package / "_assets" / name
    return inside if inside.is_dir() else package.parent / name


class StaticFile:
    """One file in memory."""

    def __init__(self, name: str, body: bytes) -> None:
        suffix = Path(name).suffix
        self.body = body
        self.media_type = _TYPES.get(suffix, "application/octet-stream")
        self._packs = suffix not in _PACKED_ALREADY

    @cached_property
    def packed(self) -> bytes | None:
        """The gzipped body, or None where that saves too little."""
        packed = gzip.compress(self.body, compresslevel=9, mtime=0) if self._packs else self.body
        return packed if len(packed) < 0.9 * len(self.body) else None

    @property
    def is_slow_to_pack(self) -> bool:
        """Whether packing must not happen on the event loop."""
        return len(self.body) > 200_000 and "packed" not in self.__dict__


class Assets:
    """The tree of static files under addresses that change with any of its bytes.

    Relative imports between modules stay inside one version of the tree, so a page never mixes
    two versions and needs no import map.

    Parameters
    ----------
    folder : path
        The root of the tree.
    live : bool
        For development: read the tree again at every use, and let nothing be cached.
    """

    def __init__(self, folder: Path, *, live: bool = False) -> None:
        self._folder = folder
        self._live = live
        self._files: dict[str, StaticFile] = {}
        self.version = ""
        self._read()

    def url(self, path: str) -> str:
        """Give the address of a file.

        Raises
        ------
        LookupError
            If there is no such file.
        """
        self._refresh()
        if path not in self._files:
            raise LookupError(f"no static file {path}{did_you_mean(path, self._files)}")
        return f"/static/{self.version}/{path}"

    def script(self, path: str, parts: Collection[str] = ()) -> str:
        """Give the address of a page's module, with all that it imports packed into it.

        `parts` are the paths of all modules that the page may fetch later.
        """
        if self._live:
            return self.url(path)

        def pack() -> str:
            return _minified(pack_modules(path, self._text, parts=parts))

        return self._made(f"packed/{path}", pack)

    def part(self, path: str, of: str, parts: Collection[str] = ()) -> str:
        """Give the address of a module that a page fetches later, without what it has already."""
        if self._live:
            return self.url(path)

        def pack() -> str:
            present = modules_of(of, self._text, parts=parts)
            return _minified(pack_modules(path, self._text, present=present))

        return self._made(f"packed/{path}", pack)

    def styles(self, *names: str) -> list[str]:
        """Give the addresses of style sheets, by their names: one for all of them."""
        paths = [f"css/{name}.css" for name in names]
        if self._live or not paths:
            return [self.url(path) for path in paths]
        together = f"css/{'+'.join(names)}.css"
        return [self._made(together, lambda: rcssmin.cssmin("".join(map(self._text, paths))))]

    def _text(self, path: str) -> str:
        return self._files[path].body.decode()

    def _made(self, name: str, make: Callable[[], str]) -> str:
        """Make a file from others of the tree when it is first asked for."""
        if name not in self._files:
            self._files[name] = StaticFile(name, make().encode())
        return self.url(name)

    async def endpoint(self, request: Request) -> Response:
        """Answer ``/static/{version}/{path}``."""
        self._refresh()
        file = self._files.get(request.path_params["path"])
        is_current = self._live or request.path_params["version"] == self.version
        if file is None or not is_current:
            raise HTTPException(404)
        headers = {"Vary": "Accept-Encoding", "Cache-Control": "no-store"}
        if not self._live:
            headers["Cache-Control"] = "public, max-age=31536000, immutable"
        body = file.body
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            if file.is_slow_to_pack:
                await asyncio.to_thread(lambda: file.packed)
            if file.packed is not None:
                body = file.packed
                headers["Content-Encoding"] = "gzip"
        return Response(body, headers=headers, media_type=file.media_type)

    def _refresh(self) -> None:
        if self._live:
            self._read()

    def _read(self) -> None:
        found = dict(sorted(self._sources()))
        digest = hashlib.blake2b(digest_size=8)
        files = {}
        for name, path in found.items():
            body = path.read_bytes()
            digest.update(f"{name}\0{len(body)}\0".encode() + body)
            files[name] = StaticFile(name, body)
        self._files, self.version = files, digest.hexdigest()

    def _sources(self) -> Iterator[tuple[str, Path]]:
        for path in self._folder.rglob("*"):
            name = path.relative_to(self._folder).as_posix()
            if path.is_file() and not any(part.startswith(".") for part in name.split("/")):
                yield name, path
        font = _math_font()
        if font is not None:
            yield _FONT, font


def _minified(script: str) -> str:
    return _AT_ONCE + str(rjsmin.jsmin(script))


def _math_font() -> Path | None:
    """Find the font inside the ziamath package, whose import would warn."""
    spec = importlib.util.find_spec("ziamath")
    font = Path(spec.origin).parent / _FONT if spec and spec.origin else None
    return font if font and font.is_file() else None
