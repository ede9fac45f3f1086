"""Measure the cases in this process, at a fixed number of threads; each line out is JSON.

The benchmark starts it; by itself it would load NumPy with whatever the environment says.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import json
import os
import platform
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench.engine_cases import Case, Contest, relative_error
from tests.bench.engine_layers import LAYERS
from tests.bench.engine_pictures import PICTURES

CASES = (*LAYERS, *PICTURES)

Clock = Callable[[], float]

_BATCH_SECONDS = 0.05
_MOST_TRIES = 3


@dataclass(frozen=True)
class Row:
    """What was measured of a case; a note where nothing could be."""

    name: str
    what: str
    peer: str
    target: float | None
    most_memory: float | None
    ours_ms: float | None = None
    peer_ms: float | None = None
    error: float | None = None
    memory: float | None = None
    quiet: int = 0
    rounds: int = 0
    note: str = ""


def measure(case: Case, rounds: int, clock: Clock) -> Row:
    """Check a case, then time it against its peer in turns."""
    told = (case.name, case.what, case.peer, case.target, case.memory)
    try:
        contest = case.prepare(np.random.default_rng(0))
    except ModuleNotFoundError as missing:
        gone = "missing" if str(missing.name).startswith("engine") else "not installed"
        return Row(*told, note=f"{missing.name} is {gone}")
    except ImportError as missing:
        return Row(*told, note=str(missing))
    error, memory = check(contest)
    if not error <= case.error:
        return Row(*told, error=error, memory=memory, note=f"error above {case.error:g}")
    times, quiet = take_turns(contest, rounds, clock)
    ours, peer = (1000 * statistics.median(column) for column in zip(*times, strict=True))
    return Row(*told, ours, peer, error, memory, quiet, len(times))


def check(contest: Contest) -> tuple[float, float]:
    """Compare our first call with the exact result, and trace the memory it takes at most."""
    gc.collect()
    tracemalloc.start()
    results = contest.results()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    kept = sum(array.nbytes for array in (*contest.given, *results))
    return relative_error(results, contest.exact()), peak / kept


def take_turns(
    contest: Contest, rounds: int, clock: Clock
) -> tuple[list[tuple[float, float]], int]:
    """Time both in rounds; those in which the machine was busy are repeated, up to a bound.

    Returns the seconds of a call, ours and the peer's, of each quiet round, and how many were
    quiet. If too few were, all rounds are returned.
    """
    calls = [calls_a_batch(call, clock) for call in (contest.ours, contest.peer)]
    quiet: list[tuple[float, float]] = []
    all_rounds: list[tuple[float, float]] = []
    gc.disable()
    while len(quiet) < rounds and len(all_rounds) < _MOST_TRIES * rounds:
        began, busy = time.perf_counter(), foreign_seconds()
        taken = batch(contest.ours, calls[0], clock), batch(contest.peer, calls[1], clock)
        busy, lasted = foreign_seconds() - busy, time.perf_counter() - began
        all_rounds.append(taken)
        # The clock of the processors ticks a hundred times a second.
        if busy <= 0.02 + 0.05 * lasted:
            quiet.append(taken)
    gc.enable()
    enough = len(quiet) >= min(3, rounds)
    return (quiet if enough else all_rounds), len(quiet)


def calls_a_batch(call: Callable[[], object], clock: Clock) -> int:
    """Warm up, and say how many calls fill a batch."""
    count, seconds = 1, batch(call, 1, clock)
    while (seconds := batch(call, count, clock)) * count < _BATCH_SECONDS / 2:
        count *= 2
    return max(1, round(_BATCH_SECONDS / seconds))


def batch(call: Callable[[], object], count: int, clock: Clock) -> float:
    """Seconds of a call, on average."""
    began = clock()
    for _ in range(count):
        call()
    return (clock() - began) / count


def foreign_seconds() -> float:
    """Processor time that others have used so far; 0 where the system does not tell."""
    stat = Path("/proc/stat")
    if not stat.exists():
        return 0.0
    first = stat.read_text().split("\n", 1)[0]
    user, nice, system, _idle, _wait, irq, soft, steal, *_ = map(int, first.split()[1:])
    busy = (user + nice + system + irq + soft + steal) / os.sysconf("SC_CLK_TCK")
    return busy - time.process_time()


def limit_threads(threads: int) -> dict[str, str]:
    """Hold the peers to so many threads; returns their versions."""
    versions = {"Python": platform.python_version(), "NumPy": np.__version__}
    for module, name in {
        "torch": "torch",
        "scipy": "SciPy",
        "cv2": "OpenCV",
        "PIL": "Pillow",
    }.items():
        try:
            peer: Any = importlib.import_module(module)
        except ImportError:
            versions[name] = "not installed"
            continue
        versions[name] = peer.__version__
        if module == "torch":
            peer.set_num_threads(threads)
        if module == "cv2":
            peer.setNumThreads(threads)
    return versions


def main() -> None:
    parser = argparse.ArgumentParser(prog="engine_speed.py")
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--rounds", type=int, required=True)
    names = [case.name for case in CASES]
    parser.add_argument("--only", nargs="+", choices=names, default=names)
    given = parser.parse_args()
    say(limit_threads(given.threads))
    # One thread's processor time is that of a quiet clock, also where it has to wait for others.
    clock = time.process_time if given.threads == 1 else time.perf_counter
    for case in CASES:
        if case.name in given.only:
            say(asdict(measure(case, given.rounds, clock)))


def say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
