"""Endless practice: tasks made from a seed, their answers and the usual slips from the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Annotated

from pydantic import Field, model_validator

from app.fields import Strict
from app.settings import LIMITS
from engine.shapes import conv2d_output_shape
from engine.size_trace import trace_output_size
from engine.trace import Trace

Side = Annotated[int, Field(ge=1, le=LIMITS.calculator_side)]


class SizeSettings(Strict):
    """The four numbers of the output-size formula, along one direction."""

    size: Side
    filter: Side
    stride: Side = 1
    padding: Annotated[int, Field(ge=0, le=LIMITS.calculator_side)] = 0

    @model_validator(mode="after")
    def _fits(self) -> SizeSettings:
        padded = self.size + 2 * self.padding
        if self.filter > padded:
            raise ValueError(
                f"filter: {self.filter} does not fit into {padded} padded columns; "
                "use a smaller filter or more padding"
            )
        return self


@dataclass(frozen=True)
class Task:
    """One task: a prompt, the answer, slips with what each gets wrong, the worked solution."""

    prompt: str
    answer: int
    wrong: tuple[tuple[int, str], ...]
    working: Trace


def size_task(settings: SizeSettings) -> Task:
    """Ask for the output width of one setting."""
    size, filter_, stride, padding = (
        settings.size,
        settings.filter,
        settings.stride,
        settings.padding,
    )
    answer = _width(settings)
    wrong: dict[int, str] = {}
    for slip, because in _slips(settings):
        if slip > 0 and slip != answer:
            wrong.setdefault(slip, because)
    border = f"padding {padding} on both sides" if padding else "no padding"
    return Task(
        prompt=f"An input {size} columns wide, a filter {filter_} wide, stride {stride}, {border}. "
        "How wide is the output?",
        answer=answer,
        wrong=tuple(wrong.items()),
        working=trace_output_size(size, filter_, stride=stride, padding=(padding, padding)),
    )


def _width(settings: SizeSettings, *, sides: tuple[int, int] | None = None, stride: int = 0) -> int:
    """Ask the engine for the width, perhaps with another padding or stride."""
    left, right = sides or (settings.padding, settings.padding)
    if settings.filter > settings.size + left + right:
        return 0
    *_, width = conv2d_output_shape(
        (1, 1, 1, settings.size),
        (1, 1, 1, settings.filter),
        stride=(1, stride or settings.stride),
        padding=((0, 0), (left, right)),
    )
    return width


def _slips(settings: SizeSettings) -> Iterator[tuple[int, str]]:
    """List the usual slips, commonest first, each as what the engine gives for it."""
    padding, stride, filter_ = settings.padding, settings.stride, settings.filter
    if padding:
        yield (
            _width(settings, sides=(0, 0)),
            f"That leaves out the padding: {padding} at each end gives 2·{padding} more columns.",
        )
    yield (
        _width(settings) - 1,
        "That counts the moves. The place where the filter starts is a stop too: add 1.",
    )
    if padding:
        yield (
            _width(settings, sides=(0, padding)),
            f"That adds the padding once. It stands at both ends: 2·{padding}, not {padding}.",
        )
    # Rounding up is the floor after padding by S - 1 more: ceil(a / S) = floor((a + S - 1) / S).
    yield (
        _width(settings, sides=(padding, padding + stride - 1)),
        "That rounds up. The last window would reach past the edge, so the floor drops it.",
    )
    if stride > 1:
        yield (
            _width(settings, stride=1),
            f"That is the width at stride 1. This filter moves {stride} columns at a time.",
        )
    yield (
        settings.size - filter_ + 2 * padding,
        "That is the room to move. Divide it by the stride, then add 1 for the first stop.",
    )
    yield (
        settings.size,
        "That is the input's width. Each output needs a whole window, so count where one fits.",
    )


def make_size_task(seed: int) -> Task:
    """Make up a setting; about half of them leave columns over."""
    chance = Random(seed)
    filter_ = chance.choice((3, 3, 5, 7, 11))
    stride = chance.choice((1, 2, 2, 3, 4))
    padding = chance.choice((0, 1, filter_ // 2))
    moves = chance.randint(2, 15)
    left_over = chance.choice((0, chance.randrange(stride)))
    size = filter_ - 2 * padding + moves * stride + left_over
    while size < 2 * padding + 1:
        size += stride
    return size_task(SizeSettings(size=size, filter=filter_, stride=stride, padding=padding))


@dataclass(frozen=True)
class Exercise:
    """Endless tasks of one kind, made from the seeds after `seed`; `first` begins."""

    kind: str
    seed: int
    first: Task


class ExerciseModel(Strict):
    """What an `:::exercise` block may say."""

    seed: Annotated[int, Field(ge=0, le=9999)] = 1
    first: SizeSettings | None = None


KINDS: Mapping[str, Callable[[int], Task]] = {"output-size": make_size_task}
