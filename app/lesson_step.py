"""One step of a lesson: a heading, some text, at most one figure and at most one question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from markdown_it.token import Token

from app.catalogue import Operation
from app.exercises import KINDS, Exercise, ExerciseModel, size_task
from app.lesson_figure import Figure, read_figure
from app.lesson_question import Question, read_question
from app.lesson_text import Names, Text, parse, words
from app.lesson_yaml import Report, checked, read_block
from app.nearest import did_you_mean
from app.settings import Settings

WORDS = 60
BLOCKS = ("viz", "predict", "exercise", "note")


@dataclass(frozen=True)
class Step:
    """One screen; `heading` and `prose` are HTML, `title` is the heading as plain text."""

    title: str
    heading: str
    prose: str
    figure: Figure | None
    question: Question | None
    exercise: Exercise | None


@dataclass(frozen=True)
class _Fence:
    """A ::: block: its kind, what follows the kind, its YAML or Markdown, its line."""

    kind: str
    argument: str
    content: str
    line: int


@dataclass(frozen=True)
class StepReader:
    """Reads the steps of one file."""

    operations: Mapping[str, Operation]
    limits: Settings
    report: Report
    lines: Sequence[str]

    def read(self, heading: Sequence[Token], body: Sequence[Token]) -> Step:
        """Read a step from the tokens of its heading and those below it."""
        line = _line(heading[0])
        fences = [
            fence for token in body if token.type == "colon_fence" for fence in self._fence(token)
        ]
        self._count(fences)
        figures = [fence for fence in fences if fence.kind == "viz"]
        figure = self._figure(figures[0]) if figures else None
        names = Names(figure.names if figure else None, broken=bool(figures) and figure is None)
        text = Text(names, self.report)
        question, exercise = None, None
        for fence in fences:
            if fence.kind == "predict" and question is None:
                above = any(other.line < fence.line for other in figures)
                question = self._question(fence, text if above else Text(Names(), self.report))
            elif fence.kind == "exercise" and exercise is None:
                exercise = self._exercise(fence)
        step = Step(
            title=heading[1].content.replace("$", ""),
            heading=text.inline(heading[1].content, line),
            prose=self._prose(body, text, line),
            figure=figure,
            question=question,
            exercise=exercise,
        )
        if not body:
            self.report.add(line, "this step is empty")
        return step

    def _fence(self, token: Token) -> Iterator[_Fence]:
        kind, _, argument = token.info.strip().partition(" ")
        line, last = _line(token), token.map[1] if token.map else 0
        if set(self.lines[last - 1].strip()) != {":"} or last == line:
            self.report.add(line, f":::{kind} is never closed by :::")
        if kind not in BLOCKS:
            hint = did_you_mean(kind, BLOCKS) or f"; there are {', '.join(BLOCKS)}"
            self.report.add(line, f":::{kind}: unknown block{hint}")
            return
        argument = argument.strip()
        known: Mapping[str, object] = {"viz": self.operations, "exercise": KINDS}.get(kind, {})
        if argument not in known and (known or argument):
            self.report.add(line, _argument_fault(kind, argument, list(known)))
            argument = ""
        yield _Fence(kind, argument, token.content, line)

    def _count(self, fences: Sequence[_Fence]) -> None:
        for kinds, told in (
            (("viz",), "a second figure: a step shows one"),
            (("predict", "exercise"), "a second question: a step asks one"),
        ):
            for fence in [fence for fence in fences if fence.kind in kinds][1:]:
                self.report.add(fence.line, told)

    def _figure(self, fence: _Fence) -> Figure | None:
        block = read_block(fence.content, fence.line, self.report)
        if block is None or not fence.argument:
            return None
        return read_figure(self.operations[fence.argument], block, self.report, self.limits)

    def _question(self, fence: _Fence, text: Text) -> Question | None:
        block = read_block(fence.content, fence.line, self.report)
        return None if block is None else read_question(block, text)

    def _exercise(self, fence: _Fence) -> Exercise | None:
        block = read_block(fence.content, fence.line, self.report)
        if block is None:
            return None
        about = f"exercise {fence.argument}".strip()
        model = checked(ExerciseModel, block.values, block, self.report, about=about)
        if model is None or not fence.argument:
            return None
        first = size_task(model.first) if model.first else KINDS[fence.argument](model.seed)
        return Exercise(fence.argument, model.seed, first)

    def _prose(self, body: Sequence[Token], text: Text, line: int) -> str:
        """Render the text between the blocks and inside notes, which together stay short."""
        parts, count = [], 0
        for is_fence, group in groupby(
            body, lambda token: token.type == "colon_fence" and token.level == 0
        ):
            tokens = list(group)
            if not is_fence:
                count += words(tokens)
                parts.append(text.block(tokens))
                continue
            for token in tokens:
                if token.info.strip() == "note":
                    inner = parse("\n" * _line(token) + token.content)
                    count += words(inner)
                    parts.append(f'<aside class="note">{text.block(inner)}</aside>')
        if count > WORDS:
            self.report.add(line, f"{count} words in one step: say it in {WORDS}, or in two steps")
        return "\n".join(parts)


def _argument_fault(kind: str, argument: str, known: Sequence[str]) -> str:
    if not known:
        return f":::{kind} takes nothing behind it"
    hint = did_you_mean(argument, known) or f"; there are {', '.join(known)}"
    return f":::{kind}: {argument or 'nothing named'} is unknown{hint}"


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 0
