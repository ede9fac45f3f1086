"""Lessons: Markdown files read and checked at start-up, every fault told at once.

A level-2 heading starts a step. Its text, its figure and its question stand below it; blocks are
colon fences whose YAML is checked like a request to the API.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

from markdown_it.token import Token
from pydantic import BeforeValidator, Field

from app.assets import asset_dir
from app.catalogue import OPERATIONS, Operation
from app.fields import Strict
from app.lesson_step import Step, StepReader
from app.lesson_text import parse
from app.lesson_yaml import Block, Report, checked, read_block
from app.nearest import did_you_mean
from app.settings import Settings

SHIPPED = asset_dir("templates") / "lessons"
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class FrontMatter(Strict):
    """What stands between the two --- lines at the top of a lesson."""

    title: Annotated[str, Field(min_length=1, max_length=60)]
    slug: Slug
    order: Annotated[int, Field(ge=1)]
    minutes: Annotated[int, Field(ge=1, le=120)] | None = None
    needs: Annotated[tuple[Slug, ...], BeforeValidator(_as_list)] = ()
    goal: Annotated[str, Field(max_length=160)] = ""


@dataclass(frozen=True)
class Lesson:
    """A lesson that has passed every check."""

    title: str
    slug: str
    minutes: int | None
    needs: tuple[str, ...]
    goal: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Lessons:
    """All lessons in their order."""

    lessons: tuple[Lesson, ...] = ()

    def __iter__(self) -> Iterator[Lesson]:
        return iter(self.lessons)

    def __len__(self) -> int:
        return len(self.lessons)

    def find(self, slug: str) -> Lesson | None:
        """Give the lesson of that slug, if there is one."""
        return next((lesson for lesson in self.lessons if lesson.slug == slug), None)


class LessonError(ValueError):
    """Lessons with faults; `faults` holds one sentence each, ``file:line: what is wrong``."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True)
class _Draft:
    """A file as it was read: whatever of it could be read."""

    folder: Path
    report: Report
    block: Block
    front: FrontMatter | None
    steps: tuple[Step, ...]

    def line(self, name: str) -> int:
        return self.block.line(name)


def load(
    folders: Sequence[Path],
    limits: Settings | None = None,
    *,
    operations: Mapping[str, Operation] = OPERATIONS,
) -> Lessons:
    """Read every lesson of some folders, in the order of folders and then of `order`.

    Raises
    ------
    LessonError
        With every fault of every file.
    """
    drafts, faults = _read(folders, limits or Settings(), operations)
    if told := [fault for folder in faults.values() for fault in folder]:
        raise LessonError(told)
    found = [(draft, draft.front) for draft in drafts if draft.front is not None]
    found.sort(key=lambda pair: (folders.index(pair[0].folder), pair[1].order))
    return Lessons(
        tuple(
            Lesson(front.title, front.slug, front.minutes, front.needs, front.goal, draft.steps)
            for draft, front in found
        )
    )


def check(
    folder: Path,
    limits: Settings | None = None,
    *,
    operations: Mapping[str, Operation] = OPERATIONS,
    beside: Sequence[Path] = (SHIPPED,),
) -> list[str]:
    """List every fault of a folder's lessons, which stand `beside` others and may need them."""
    others = [other for other in beside if other.resolve() != folder.resolve()]
    return _read([*others, folder], limits or Settings(), operations)[1][folder]


def folders_of(settings: Settings) -> list[Path]:
    """List the folders of a server's lessons: the shipped ones, then a teacher's own."""
    return [SHIPPED, *([settings.lessons] if settings.lessons else [])]


def _read(
    folders: Sequence[Path], limits: Settings, operations: Mapping[str, Operation]
) -> tuple[list[_Draft], dict[Path, list[str]]]:
    """Read all files, then compare them; the faults are listed by folder."""
    drafts: list[_Draft] = []
    faults: dict[Path, list[str]] = {}
    for folder in folders:
        paths = sorted(folder.glob("*.md"))
        missing = "no lesson (*.md) in it" if folder.is_dir() else "no such folder"
        faults[folder] = [] if paths else [f"{folder}: {missing}"]
        drafts += [_draft(path, limits, operations) for path in paths]
    _compare(drafts)
    _follow_needs(drafts)
    for draft in drafts:
        faults[draft.folder] += draft.report.sentences()
    return drafts, faults


def _draft(path: Path, limits: Settings, operations: Mapping[str, Operation]) -> _Draft:
    report = Report(path)
    empty = _Draft(path.parent, report, Block({}, 1, {}), None, ())
    content = path.read_bytes()
    try:
        source = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        report.add(line, "not UTF-8 text; save the file as UTF-8")
        return empty
    tokens = parse(source)
    if not tokens or tokens[0].type != "front_matter":
        report.add(1, "starts without front matter: ---, title, slug, order, ---")
        return empty
    block = read_block(tokens[0].content, 1, report)
    front = None
    if block is not None:
        front = checked(FrontMatter, block.values, block, report, about="front matter")
    reader = StepReader(operations, limits, report, source.splitlines())
    steps = tuple(reader.read(heading, body) for heading, body in _split(tokens[1:], report))
    if not steps:
        report.add(1, "no step: a step starts with a ## heading")
    return _Draft(path.parent, report, block or empty.block, front, steps)


def _split(
    tokens: Sequence[Token], report: Report
) -> Iterator[tuple[Sequence[Token], Sequence[Token]]]:
    """Cut a file at its level-2 headings; the heading itself is three tokens."""
    starts = [
        index
        for index, token in enumerate(tokens)
        if token.type == "heading_open" and token.tag == "h2" and token.level == 0
    ]
    before = tokens[: starts[0]] if starts else tokens
    if before and before[0].map:
        report.add(before[0].map[0] + 1, "text before the first step: a step starts with ##")
    for start, end in pairwise([*starts, len(tokens)]):
        yield tokens[start : start + 3], tokens[start + 3 : end]


def _compare(drafts: Sequence[_Draft]) -> None:
    """Report slugs used twice, and orders used twice in one folder."""
    slugs: dict[str, _Draft] = {}
    orders: dict[tuple[Path, int], _Draft] = {}
    for draft in drafts:
        if draft.front is None:
            continue
        slug, order = draft.front.slug, draft.front.order
        for name, value, other in (
            ("slug", slug, slugs.setdefault(slug, draft)),
            ("order", order, orders.setdefault((draft.folder, order), draft)),
        ):
            if other is not draft:
                taken = f"{other.report.path.name}:{other.line(name)}"
                draft.report.add(draft.line(name), f"{name}: {value} is taken by {taken}")


def _follow_needs(drafts: Sequence[_Draft]) -> None:
    """Report needs that point nowhere or in a circle."""
    by_slug = {draft.front.slug: draft for draft in reversed(drafts) if draft.front}
    needs = {slug: draft.front.needs for slug, draft in by_slug.items() if draft.front}
    for slug, draft in by_slug.items():
        for index, needed in enumerate(needs[slug]):
            if needed not in needs:
                told = f"needs: no lesson {needed}{did_you_mean(needed, needs)}"
                draft.report.add(draft.block.line("needs", index), told)
    told_of: set[str] = set()
    for slug, draft in by_slug.items():
        circle = _circle(slug, needs)
        if circle and not told_of.intersection(circle):
            told_of.update(circle)
            path = " needs ".join((*circle, slug))
            draft.report.add(draft.line("needs"), f"needs: in a circle: {path}")


def _circle(slug: str, needs: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Find a way from a lesson back to itself."""
    ways: list[tuple[str, ...]] = [(slug,)]
    seen = set()
    while ways:
        way = ways.pop(0)
        for needed in needs.get(way[-1], ()):
            if needed == slug:
                return way
            if needed not in seen:
                seen.add(needed)
                ways.append((*way, needed))
    return ()
