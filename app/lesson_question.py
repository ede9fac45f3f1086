"""The question of a lesson step: one answer, and wrong ones met by what they get wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, StrictFloat, StrictInt, StrictStr

from app.fields import Strict
from app.lesson_text import Text, number
from app.lesson_yaml import Block, checked

Value = (
    StrictInt
    | Annotated[StrictFloat, Field(allow_inf_nan=False)]
    | Annotated[StrictStr, Field(min_length=1)]
)
Sentence = Annotated[str, Field(min_length=1)]


class WrongModel(Strict):
    """A wrong answer and the misconception it shows."""

    answer: Value
    because: Sentence


class QuestionModel(Strict):
    """What a `:::predict` block may say."""

    question: Sentence
    answer: Value
    hint: str = ""
    unit: str = ""
    choices: Annotated[list[Value], Field(min_length=2, max_length=6)] | None = None
    wrong: tuple[WrongModel, ...] = ()


@dataclass(frozen=True)
class Answer:
    """An answer: as it is shown, and the key by which the page compares it."""

    shown: str
    key: str
    kind: Literal["number", "text"]


@dataclass(frozen=True)
class Question:
    """A question put before the figure plays; prompt, hint and sentences are HTML."""

    prompt: str
    answer: Answer
    hint: str
    unit: str
    choices: tuple[Answer, ...]
    wrong: tuple[tuple[Answer, str], ...]


def read_question(block: Block, text: Text) -> Question | None:
    """Check a question's block; None after reporting its faults."""
    model = checked(QuestionModel, block.values, block, text.report, about="predict")
    if model is None:
        return None
    answer = _answer(model.answer, block.line("answer"), text)
    choices = [
        _answer(choice, block.line("choices", index), text)
        for index, choice in enumerate(model.choices or ())
    ]
    wrong = [
        _answer(item.answer, block.line("wrong", index, "answer"), text)
        for index, item in enumerate(model.wrong)
    ]
    sentences = [
        text.inline(item.because, block.line("wrong", index, "because"))
        for index, item in enumerate(model.wrong)
    ]
    _compare(answer, choices, wrong, block, text)
    if answer is None or None in choices or None in wrong:
        return None
    return Question(
        prompt=text.inline(model.question, block.line("question")),
        answer=answer,
        hint=text.inline(model.hint, block.line("hint")),
        unit=model.unit,
        choices=tuple(choice for choice in choices if choice),
        wrong=tuple((item, told) for item, told in zip(wrong, sentences, strict=True) if item),
    )


def _answer(value: int | float | str, line: int, text: Text) -> Answer | None:
    """Read an answer; `=W2` is what the engine computed under that name."""
    if isinstance(value, str) and value.startswith("="):
        found = text.names.find(value[1:].strip(), text.report, line)
        if found is None:
            return None
        value = found
    if isinstance(value, str):
        return Answer(value, folded(value), "text")
    exact = int(value) if value == int(value) else value
    return Answer(number(value), repr(exact), "number")


def folded(answer: str) -> str:
    """Fold a text so that 3x3, 3 × 3 and "3 X 3" are one answer; the page does the same."""
    return re.sub(r"\s+", "", answer.casefold().replace("×", "x").replace("−", "-"))


def _compare(
    answer: Answer | None,
    choices: list[Answer | None],
    wrong: list[Answer | None],
    block: Block,
    text: Text,
) -> None:
    """Report answers that cannot be told apart, and answers that no choice offers."""
    seen: dict[str, str] = {} if answer is None else {answer.key: "the right answer"}
    for index, item in enumerate(wrong):
        if item is None:
            continue
        line = block.line("wrong", index, "answer")
        if item.key in seen:
            text.report.add(line, f"predict: wrong: {item.shown} is {seen[item.key]} too")
        elif answer is not None and item.kind != answer.kind and not choices:
            told = f"{item.shown} is a {item.kind}, the right answer a {answer.kind}"
            text.report.add(line, f"predict: wrong: {told}")
        seen.setdefault(item.key, f"wrong answer {index + 1}")
    _compare_choices(answer, choices, wrong, block, text)


def _compare_choices(
    answer: Answer | None,
    choices: list[Answer | None],
    wrong: list[Answer | None],
    block: Block,
    text: Text,
) -> None:
    if not choices or None in choices:
        return
    offered: list[str] = []
    for index, choice in enumerate(filter(None, choices)):
        if choice.key in offered:
            told = f"predict: choices: {choice.shown} stands there twice"
            text.report.add(block.line("choices", index), told)
        offered.append(choice.key)
    places: list[tuple[Answer | None, int, str]] = [
        (answer, block.line("answer"), "answer"),
        *((item, block.line("wrong", at, "answer"), "wrong") for at, item in enumerate(wrong)),
    ]
    for item, line, name in places:
        if item is not None and item.key not in offered:
            text.report.add(line, f"predict: {name}: {item.shown} is not among the choices")
