"""A bounded place for work that would block the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Semaphore
from typing import ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Busy(Exception):
    """Every worker is taken and the queue is full; try again in `retry_after` seconds."""

    retry_after = 1


class WorkPool:
    """Run functions in a few threads and let a limited number of them wait.

    Memory is then `workers` times the largest job, however large the crowd.
    """

    def __init__(self, *, workers: int, queue: int) -> None:
        self._threads = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="convlens-work")
        self._places = Semaphore(workers + queue)

    async def run(
        self,
        function: Callable[Arguments, Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        """Call `function` in a worker and return its result.

        Raises
        ------
        Busy
            If no place is free.
        """
        if not self._places.acquire(blocking=False):
            raise Busy
        job = self._threads.submit(function, *args, **kwargs)
        # The job's own end frees its place: a caller may be cancelled while its thread runs on.
        job.add_done_callback(lambda _: self._places.release())
        return await asyncio.wrap_future(job)

    def close(self) -> None:
        """Drop what waits and let what runs end."""
        self._threads.shutdown(wait=False, cancel_futures=True)
