"""The pages of the lessons, and their endless exercises."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from app.dependencies import Work, render
from app.exercises import KINDS, Task
from app.lesson_figure import script_json
from app.lessons import Lesson, Lessons
from app.nearest import did_you_mean
from app.problem import Refused
from app.wire import encode_trace

router = APIRouter(include_in_schema=False)


async def _lessons(request: Request) -> Lessons:
    lessons: Lessons = request.app.state.lessons
    return lessons


AllLessons = Annotated[Lessons, Depends(_lessons)]
Seed = Annotated[int, Query(ge=0, le=2**32 - 1)]


@router.get("/lessons")
async def lesson_list(request: Request, lessons: AllLessons) -> Response:
    return render(request, "lessons.html", page="lessons", lessons=lessons)


@router.get("/lessons/{slug}")
async def lesson_start(request: Request, slug: str, lessons: AllLessons) -> Response:
    return _page(request, lessons, _lesson(lessons, slug), 1)


@router.get("/lessons/{slug}/{step:int}")
async def lesson_step(request: Request, slug: str, step: int, lessons: AllLessons) -> Response:
    lesson = _lesson(lessons, slug)
    if not 1 <= step <= len(lesson.steps):
        raise Refused(404, f"The lesson {lesson.title} has the steps 1 to {len(lesson.steps)}")
    return _page(request, lessons, lesson, step)


@router.get("/api/exercises/{kind}")
async def exercise(kind: str, work: Work, seed: Seed = 0) -> Response:
    if kind not in KINDS:
        hint = did_you_mean(kind, KINDS) or f"; there are {', '.join(KINDS)}"
        raise Refused(404, f"There is no exercise {kind[:40]}{hint}")
    content = await work.run(lambda: orjson.dumps(plain_task(KINDS[kind](seed))))
    return Response(content, media_type="application/json")


def plain_task(task: Task) -> dict[str, Any]:
    """Give a task as the page reads it."""
    return {
        "prompt": task.prompt,
        "answer": task.answer,
        "wrong": task.wrong,
        "working": encode_trace(task.working, steps=False),
    }


def _lesson(lessons: Lessons, slug: str) -> Lesson:
    lesson = lessons.find(slug)
    if lesson is None:
        hint = did_you_mean(slug, [lesson.slug for lesson in lessons])
        raise Refused(404, f"There is no lesson {slug[:60]}{hint}")
    return lesson


def _page(request: Request, lessons: Lessons, lesson: Lesson, number: int) -> Response:
    step = lesson.steps[number - 1]
    needed = [other for slug in lesson.needs if (other := lessons.find(slug))]
    return render(
        request,
        "lesson.html",
        page="lessons",
        lesson=lesson,
        step=step,
        number=number,
        needed=needed if number == 1 else [],
        task=script_json(plain_task(step.exercise.first)) if step.exercise else None,
    )
