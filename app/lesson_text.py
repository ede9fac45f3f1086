"""A lesson's Markdown: parsed once, checked token by token, rendered with its formulas and numbers.

Text may name what the engine computed for the step's figure: `{=W2}` is replaced by the number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from app.lesson_yaml import Report
from app.math import FormulaError, mathml
from app.nearest import did_you_mean

_LOOKUP = re.compile(r"\{=\s*(\w+)\s*\}")
_WORD = re.compile(r"\w[\w'\u2019.,×-]*")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_MATH = {"math_inline": False, "math_inline_double": True, "math_block": True}
_REFUSED = {
    "image": "a picture: the figures of a lesson are :::viz blocks",
    "hr": "a ruler: a step is one idea, the next one starts with ##",
    "heading_open": "a heading inside a step: a step is one idea, the next one starts with ##",
    "colon_fence": "a ::: block inside another: it starts at the left margin",
}


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.disable("text_join")  # an escaped character stays a token of its own: \$ is no formula
    parser.use(front_matter_plugin).use(colon_fence_plugin)
    return parser.use(
        dollarmath_plugin,
        allow_labels=False,
        allow_space=False,
        allow_digits=False,
        allow_blank_lines=False,
        double_inline=True,
        renderer=lambda latex, how: mathml(latex, display=how["display_mode"]),
    )


_PARSER = _parser()


def parse(source: str) -> list[Token]:
    """Split a lesson into Markdown tokens."""
    return _PARSER.parse(source)


def words(tokens: Sequence[Token]) -> int:
    """Count the words a student reads; a formula is one word."""
    return sum(
        1 if token.type in _MATH else len(_WORD.findall(token.content))
        for token, _ in _leaves(tokens, 0)
    )


def number(value: float) -> str:
    """Write a number as prose does: 55, 2.5, 34,944, with a true minus sign."""
    exact = f"{value:,.0f}" if value == int(value) else f"{value:,.6g}"
    return (exact if abs(value) >= 10_000 else exact.replace(",", "")).replace("-", "−")


@dataclass(frozen=True)
class Names:
    """What the engine computed for a step's figure; `values` is None where there is no figure.

    `broken` means that the figure has a fault of its own: then a missing name is not a second one.
    """

    values: Mapping[str, float] | None = None
    broken: bool = False

    def find(self, name: str, report: Report, line: int) -> float | None:
        """Look a name up, or report why it cannot be."""
        if self.broken:
            return None
        if self.values is None:
            report.add(line, f"={name}: looks into a figure, but no :::viz stands above")
            return None
        if name not in self.values:
            hint = did_you_mean(name, self.values) or f"; it knows {', '.join(self.values)}"
            report.add(line, f"={name}: the engine computed no {name} for this figure{hint}")
        return self.values.get(name)


@dataclass(frozen=True)
class Text:
    """Turns Markdown into HTML, with the names of one step's figure at hand."""

    names: Names
    report: Report

    def block(self, tokens: Sequence[Token]) -> str:
        """Render paragraphs, lists and formulas."""
        for token in tokens:
            if token.type in _REFUSED:
                self.report.add(_line(token), _REFUSED[token.type])
                return ""
        return self._render(tokens, 0)

    def inline(self, source: str, line: int) -> str:
        """Render one sentence of a block's settings."""
        tokens = _PARSER.parseInline(source.strip())
        for token in tokens:
            token.map = None  # its lines are the sentence's own, not the file's
        return self._render(tokens, line)

    def _render(self, tokens: Sequence[Token], line: int) -> str:
        sound = [self._prepare(token, at) for token, at in _leaves(tokens, line)]
        if not all(sound):
            return ""
        return str(_PARSER.renderer.render(tokens, _PARSER.options, {})).strip()

    def _prepare(self, token: Token, line: int) -> bool:
        """Fill in the numbers of a token; false after reporting what is wrong with it."""
        fault = _REFUSED.get(token.type)
        if token.type == "text" and "$" in token.content:
            fault = r"a $ that opens or closes no formula (a plain one is written \$)"
        elif token.type == "text" and (tag := _TAG.search(token.content)) is not None:
            fault = f"{tag.group()}: HTML is not read, only Markdown"
        if fault is not None:
            self.report.add(line, fault)
            return False
        lookups = {name: self.names.find(name, self.report, line) for name in _names(token)}
        if None in lookups.values():
            return False
        write = _latex_number if token.type in _MATH else number
        written = {name: write(value or 0.0) for name, value in lookups.items()}
        token.content = _LOOKUP.sub(lambda found: written[found.group(1)], token.content)
        if token.type == "text_special":
            token.type = "text"
        return token.type not in _MATH or self._typesets(token, line)

    def _typesets(self, token: Token, line: int) -> bool:
        try:
            mathml(token.content.strip(), display=_MATH[token.type])
        except FormulaError as error:
            self.report.add(line, str(error))
            return False
        return True


def _latex_number(value: float) -> str:
    return number(value).replace("−", "-").replace(",", "{,}")


def _names(token: Token) -> list[str]:
    return _LOOKUP.findall(token.content)


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 0


def _leaves(tokens: Sequence[Token], line: int) -> Iterator[tuple[Token, int]]:
    """List the tokens that hold text, each with its line in the file."""
    for token in tokens:
        at = _line(token) or line
        if token.type != "inline":
            if token.content:
                yield token, at
            continue
        for child in token.children or ():
            yield child, at
            at += child.type in ("softbreak", "hardbreak") or child.content.count("\n")
