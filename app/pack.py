"""Modules and style sheets joined for the way: one request instead of forty.

The sources stay native modules, read and served as such in development (``--reload``). For
everyone else a page's modules travel as one script, each in a scope of its own, in the order in
which the browser would have run them. That needs no more than what our modules use: named imports
and exports, no cycles; a test holds them to it.

What only a tab of a page needs is a part: a further script, fetched when the tab is opened. Its
modules meet those of the page's script, which keeps each under its path for them. What all parts
need travels with the page; what some need, with each of these, and it runs once.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection

_IMPORT = re.compile(r'^import (?:\{([^}]*)\} from )?"(\.[^"]+)";\n?', re.MULTILINE)
_KEPT = "globalThis.modules"
_EXPORT = re.compile(r"^export ((?:async )?(?:function|class|const|let) (\w+))", re.MULTILINE)


def imports_of(source: str) -> list[str]:
    """List the paths that a module imports, as it writes them."""
    return [path for _, path in _IMPORT.findall(source)]


def modules_of(entry: str, read: Callable[[str], str], *, parts: Collection[str] = ()) -> list[str]:
    """List a module and all that it imports, directly or not, in the order in which they run.

    Parameters
    ----------
    entry : str
        Path of the module, relative to the root of the tree.
    read : callable
        Gives the source of a path.
    parts : collection of str
        Paths of the parts that the page may fetch: what all of them need is listed as well.

    Raises
    ------
    ValueError
        If modules import each other in a circle.
    """
    order: list[str] = []

    def add(path: str, above: tuple[str, ...]) -> None:
        if path in above:
            raise ValueError(f"modules import each other: {' -> '.join((*above, path))}")
        if path in order:
            return
        for name in imports_of(read(path)):
            add(_beside(path, name), (*above, path))
        order.append(path)

    needed = [set(modules_of(part, read)) for part in parts]
    for path in sorted(set[str]().union(*needed).intersection(*needed)):
        add(path, ())
    add(entry, ())
    return order


def pack_modules(
    entry: str,
    read: Callable[[str], str],
    *,
    parts: Collection[str] = (),
    present: Collection[str] = (),
) -> str:
    """Join a module and all that it imports, directly or not, into one script.

    Parameters
    ----------
    entry, read, parts
        As for `modules_of`.
    present : collection of str
        Paths of the modules that an earlier script of the page has brought.
    """
    wanted = (path for path in modules_of(entry, read, parts=parts) if path not in present)
    scopes = "".join(_scope(read(path), path) for path in wanted)
    return f"const modules = ({_KEPT} ??= {{}});\n{scopes}"


def _beside(path: str, name: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), name))


def _scope(source: str, path: str) -> str:
    def take(found: re.Match[str]) -> str:
        names, name = found.groups()
        return "" if names is None else f'const {{{names}}} = modules["{_beside(path, name)}"];\n'

    exported = ", ".join(name for _, name in _EXPORT.findall(source))
    body = _EXPORT.sub(r"\1", _IMPORT.sub(take, source))
    return f'modules["{path}"] ??= (() => {{\n{body}\nreturn {{{exported}}};\n}})();\n'
