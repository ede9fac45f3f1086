r"""LaTeX to native MathML, with named symbols that a page can light up or fill with numbers.

A formula names its symbols with one macro of ours, `\sym{name}{typeset}`. It is read in two
ways: `mathml` typesets the symbol and marks it with its name; `mathml_slots` leaves an empty
slot of that name, which the page fills with a number by one text write.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from math_core import LatexError, LatexToMathML

_CONVERTER = LatexToMathML(fancy_error=False)  # plain messages: a rich one carries ANSI colours
_MACRO = re.compile(r"\\sym(?![A-Za-z])")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_STYLE = re.compile(r' style="([^"]*)"')
_POSITION = re.compile(r"(\d+): (.*)", re.DOTALL)

# The converter lays out tables and "\!" by inline styles, which the pages' CSP blocks: each
# declaration becomes a class of static/css/math.css, an empty one needs no rule there.
_CLASSES = {
    "text-align:left": "math-left",
    "text-align:right": "math-right",
    "justify-items:start": "",
    "justify-items:end": "",
    "padding-left:0": "math-flush-left",
    "padding-right:0": "math-flush-right",
    "padding-left:1em": "math-gap-left",
    "margin-left:-0.16666667em": "math-tighten",
    "border-top:0.05em solid currentcolor": "math-rule-top",
    "border-right:0.05em solid currentcolor": "math-rule-right",
}


class FormulaError(ValueError):
    """A formula that cannot be typeset; `position` counts characters of `latex` from 0."""

    def __init__(self, latex: str, position: int, message: str) -> None:
        super().__init__(f'formula "{latex}", character {position + 1}: {message}')
        self.latex = latex
        self.position = position
        self.message = message


@dataclass(frozen=True)
class _Symbol:
    """One use of the macro: its name, what it typesets, and where each stands in the source."""

    name: str
    typeset: str
    typeset_at: int
    start: int
    end: int


@lru_cache(maxsize=2048)
def mathml(latex: str, *, display: bool = False) -> str:
    r"""Typeset a formula; `\sym{W1}{W_1}` reads W_1 within `<mrow data-symbol="W1">`."""
    found = _symbols(latex)
    converted = _convert(latex, found, display=display, slots=False)
    for index, symbol in enumerate(found):
        marked = f'<mrow data-symbol="{symbol.name}">'
        converted = converted.replace(f"<mrow>{_carried(index)}", marked)
    return converted


@lru_cache(maxsize=2048)
def mathml_slots(latex: str, *, display: bool = False) -> str:
    r"""Typeset a formula for numbers; `\sym{W1}{W_1}` reads `<mn data-slot="W1"></mn>`."""
    found = _symbols(latex)
    converted = _convert(latex, found, display=display, slots=True)
    for index, symbol in enumerate(found):
        converted = converted.replace(_carried(index), f'<mn data-slot="{symbol.name}"></mn>')
    return converted


def symbols(latex: str) -> tuple[str, ...]:
    """Return the names of a formula's symbols, each once, in the order of first use."""
    return tuple(dict.fromkeys(symbol.name for symbol in _symbols(latex)))


@lru_cache(maxsize=2048)
def _symbols(latex: str) -> tuple[_Symbol, ...]:
    if (quote := re.search("[«»]", latex)) is not None:
        raise FormulaError(latex, quote.start(), f'"{quote.group()}" is reserved for symbols')
    found = []
    position = 0
    while (macro := _MACRO.search(latex, position)) is not None:
        name_at, name_end = _argument(latex, macro.end(), macro.start())
        typeset_at, typeset_end = _argument(latex, name_end + 1, macro.start())
        name, typeset = latex[name_at:name_end], latex[typeset_at:typeset_end]
        if _NAME.fullmatch(name) is None:
            rule = "letters, digits and _, a letter first"
            raise FormulaError(latex, name_at, f'"{name}" is no symbol name: use {rule}')
        if (inner := _MACRO.search(typeset)) is not None:
            raise FormulaError(latex, typeset_at + inner.start(), r"\sym inside \sym")
        if not typeset.strip():
            raise FormulaError(latex, typeset_at, rf"\sym{{{name}}} typesets nothing")
        position = typeset_end + 1
        found.append(_Symbol(name, typeset, typeset_at, macro.start(), position))
    return tuple(found)


def _argument(latex: str, position: int, macro: int) -> tuple[int, int]:
    """Find the braced argument that starts at `position`: where its text starts and ends."""
    if latex[position : position + 1] != "{":
        raise FormulaError(latex, macro, r"\sym takes two braced arguments: \sym{name}{typeset}")
    depth = 0
    for found in re.finditer(r"\\.|[{}]", latex[position:], re.DOTALL):
        depth += {"{": 1, "}": -1}.get(found.group(), 0)
        if depth == 0:
            return position + 1, position + found.start()
    raise FormulaError(latex, position, r"this argument of \sym has no closing brace")


def _carried(index: int) -> str:
    # Text survives the conversion unchanged, so it carries the symbol's index through it.
    return f"<mtext>«{index}»</mtext>"


def _convert(latex: str, found: tuple[_Symbol, ...], *, display: bool, slots: bool) -> str:
    expanded, origins = "", [(0, 0)]  # origins: from this expanded position on, that source one
    position = 0
    for index, symbol in enumerate(found):
        expanded += latex[position : symbol.start] + f"{{\\text{{«{index}»}} "
        if not slots:
            origins.append((len(expanded), symbol.typeset_at))
            expanded += symbol.typeset
        origins.append((len(expanded), symbol.end - 1))
        expanded += "}"
        position = symbol.end
    expanded += latex[position:]
    try:
        converted = _CONVERTER.convert_with_local_state(expanded, displaystyle=display)
    except LatexError as error:
        raise _located(latex, str(error), origins) from None
    return _STYLE.sub(lambda style: _class(latex, style.group(1)), converted)


def _located(latex: str, report: str, origins: list[tuple[int, int]]) -> FormulaError:
    split = _POSITION.fullmatch(report)
    if split is None:
        return FormulaError(latex, 0, report)
    at = int(split.group(1))
    expanded, source = max(origin for origin in origins if origin[0] <= at)
    return FormulaError(latex, min(source + at - expanded, len(latex)), split.group(2))


def _class(latex: str, style: str) -> str:
    names = []
    for declaration in filter(None, style.split(";")):
        key = ":".join(part.strip() for part in declaration.split(":"))
        if key not in _CLASSES:
            raise FormulaError(latex, 0, f'needs the inline style "{key}", which pages refuse')
        names.append(_CLASSES[key])
    kept = " ".join(filter(None, names))
    return f' class="{kept}"' if kept else ""
