"""Modules and style sheets joined for the way: one request instead of forty.

The sources stay native modules, read and served as such in development (``--reload``). For
everyone else a page's modules travel as one script, each in a scope of its own, in the order in
which the browser would have run them. That needs no more than what our modules use: named imports
and exports, no cycles; a test holds them to it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

_IMPORT = re.compile(r'^import (?:\{([^}]*)\} from )?"(\.[^"]+)";\n?', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:function|class|const|let) (\w+))", re.MULTILINE)


def imports_of(source: str) -> list[str]:
    """List the paths that a module imports, as it writes them."""
    return [path for _, path in _IMPORT.findall(source)]


def pack_modules(entry: str, read: Callable[[str], str]) -> str:
    """Join a module and all that it imports, directly or not, into one script.

    Parameters
    ----------
    entry : str
        Path of the module, relative to the root of the tree.
    read : callable
        Gives the source of a path.

    Raises
    ------
    ValueError
        If modules import each other in a circle.
    """
    order: dict[str, int] = {}
    packed: list[str] = []

    def add(path: str, above: tuple[str, ...]) -> None:
        if path in above:
            raise ValueError(f"modules import each other: {' -> '.join((*above, path))}")
        if path in order:
            return
        source, folder = read(path), posixpath.dirname(path)
        inner = {
            name: posixpath.normpath(posixpath.join(folder, name)) for name in imports_of(source)
        }
        for found in inner.values():
            add(found, (*above, path))
        order[path] = len(order)
        numbers = {name: order[found] for name, found in inner.items()}
        packed.append(_scope(source, order[path], numbers))

    add(entry, ())
    return "".join(packed)


def _scope(source: str, number: int, imported: dict[str, int]) -> str:
    def take(found: re.Match[str]) -> str:
        names, path = found.groups()
        return "" if names is None else f"const {{{names}}} = m{imported[path]};\n"

    exported = ", ".join(name for _, name in _EXPORT.findall(source))
    body = _EXPORT.sub(r"\1", _IMPORT.sub(take, source))
    return f"const m{number} = (() => {{\n{body}\nreturn {{{exported}}};\n}})();\n"
