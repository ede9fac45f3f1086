from __future__ import annotations

import asyncio
import threading

import pytest
from fastapi import APIRouter

from app.dependencies import Work
from app.work import Busy, WorkPool


@pytest.fixture
def pool():
    pool = WorkPool(workers=1, queue=1)
    yield pool
    pool.close()


@pytest.fixture
def gate():
    gate = threading.Event()
    yield gate
    gate.set()


def test_work_runs_in_another_thread_and_returns_its_result(pool):
    def work(base: int, *, power: int) -> tuple[int, bool]:
        return base**power, threading.current_thread() is threading.main_thread()

    assert asyncio.run(pool.run(work, 2, power=5)) == (32, False)


def test_an_error_of_the_work_reaches_its_caller(pool):
    with pytest.raises(ZeroDivisionError):
        asyncio.run(pool.run(lambda: 1 // 0))


def test_one_request_more_than_workers_and_queue_is_sent_away(pool, gate):
    async def crowd():
        waiting = [asyncio.create_task(pool.run(gate.wait)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await pool.run(gate.wait)
        gate.set()
        return await asyncio.gather(*waiting)

    assert asyncio.run(crowd()) == [True, True]


def test_places_are_free_again_after_work_and_after_errors(pool):
    async def series():
        for _ in range(5):
            with pytest.raises(ZeroDivisionError):
                await pool.run(lambda: 1 // 0)
        return await pool.run(lambda: "done")

    assert asyncio.run(series()) == "done"


def test_a_caller_who_leaves_does_not_free_the_place_of_work_still_running(pool, gate):
    async def leave():
        started = threading.Event()
        task = asyncio.create_task(pool.run(lambda: (started.set(), gate.wait())))
        waiting = asyncio.create_task(pool.run(lambda: "second"))
        await asyncio.to_thread(started.wait)
        task.cancel()
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await pool.run(lambda: "third")
        gate.set()
        return await waiting

    assert asyncio.run(leave()) == "second"


def test_a_full_queue_is_answered_503_with_the_time_to_wait(client_with):
    router = APIRouter()

    @router.get("/api/probe")
    async def probe(work: Work) -> None:
        raise Busy

    reply = client_with(router).get("/api/probe")

    assert reply.status_code == 503
    assert reply.headers["Retry-After"] == "1"
    assert reply.json()["detail"]["message"].endswith("try again in a second")
