"""Measure the engine against its peers: python tests/bench/engine_speed.py

Run it by hand on a quiet machine, with the peers at hand (``pip install torch scipy
opencv-python-headless pillow``); one that is missing is named in the table. It prints a table for
one thread and one for two, and ends with 1 where a target is missed. ``--markdown`` prints it for
the README, ``--only alexnet gaussian`` measures these cases; a name that does not exist lists all.

How it is measured:

- Our call and the peer's take turns in one process, started for the number of threads: OpenBLAS
  reads it when NumPy loads. Its idle threads sleep soon (they would spin and slow the peer down),
  and freed memory stays in the process, for both.
- First the result is compared with float64, or with whole numbers for bytes: only then a time
  counts. *Error* is the largest difference over the largest number.
- *Memory* is the peak of our first call, its output included, over input plus output, as Python's
  allocator saw it (what the peers allocate it cannot see).
- A time is the median of the rounds, of a call in a batch of at least 50 ms: of the processor with
  one thread, of the clock with two. Rounds during which other processes were at work are repeated,
  three times as many at most; a ``?`` marks a line for which too few rounds were quiet, so that all
  were taken.
- Targets are for one thread.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]

_HEADS = ("case", "peer", "ours ms", "peer ms", "ratio", "target", "", "error", "memory")
_LEFT = (0, 1, 6)
_WIDTHS = (34, 20, 10, 10, 8, 8, 6, 10, 8)


def environment(threads: int) -> dict[str, str]:
    """Settings that must be there before NumPy loads."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
    }
    return kept | {
        "OPENBLAS_NUM_THREADS": str(threads),
        "OMP_NUM_THREADS": str(threads),
        "OPENBLAS_THREAD_TIMEOUT": "4",
        "MALLOC_TRIM_THRESHOLD_": str(1 << 32),
        "MALLOC_MMAP_THRESHOLD_": str(1 << 32),
    }


def measured(threads: int, rounds: int, only: list[str]) -> Iterator[dict[str, Any]]:
    """Run the cases in a process of their own; the first line holds the versions."""
    command = [sys.executable, "-m", "tests.bench.engine_rounds"]
    command += ["--threads", str(threads), "--rounds", str(rounds)]
    command += ["--only", *only] if only else []
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(threads), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield from map(json.loads, process.stdout)
    if process.returncode:
        raise SystemExit(process.returncode)


def verdict(row: dict[str, Any], threads: int) -> str:
    """Say whether a line reaches its targets; nothing where it has none."""
    if row["ours_ms"] is None:
        return "" if row["error"] is None else "wrong"
    if threads != 1 or row["target"] is None:
        return ""
    reached = row["ours_ms"] <= row["target"] * row["peer_ms"]
    if row["most_memory"] is not None:
        reached = reached and row["memory"] <= row["most_memory"]
    return "ok" if reached else "missed"


def cells(row: dict[str, Any], threads: int) -> list[str]:
    """Lay out a line of the table."""
    error, memory = (
        "" if row[name] is None else form.format(row[name])
        for name, form in (("error", "{:.1e}"), ("memory", "{:.2f}"))
    )
    target = "" if row["target"] is None or threads != 1 else f"{row['target']:g}"
    if row["note"]:
        said = verdict(row, threads)
        return [row["what"], row["peer"], row["note"], "", "", target, said, error, memory]
    ours, peer = row["ours_ms"], row["peer_ms"]
    sure = "" if row["quiet"] >= min(3, row["rounds"]) else "?"
    times = [f"{ours:.3g}", f"{peer:.3g}", f"{ours / peer:.2f}{sure}"]
    return [row["what"], row["peer"], *times, target, verdict(row, threads), error, memory]


def line(texts: list[str], markdown: bool) -> str:
    if markdown:
        return f"| {' | '.join(texts)} |"
    padded = [
        f"{text:<{width}}" if at in _LEFT else f"{text:>{width}}"
        for at, (text, width) in enumerate(zip(texts, _WIDTHS, strict=True))
    ]
    return "  ".join(padded).rstrip()


def machine() -> str:
    """Name the processor."""
    listed = Path("/proc/cpuinfo")
    if listed.exists():
        for entry in listed.read_text().splitlines():
            if entry.startswith("model name"):
                return entry.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def show(threads: int, given: argparse.Namespace) -> bool:
    """Print the table for a number of threads as it grows; say whether all targets are reached."""
    rows = measured(threads, given.rounds, given.only)
    versions = ", ".join(f"{name} {version}" for name, version in next(rows, {}).items())
    count = "one thread" if threads == 1 else f"{threads} threads"
    write(f"{count}, {machine()}, {os.cpu_count()} processors; {versions}\n")
    write(line(list(_HEADS), given.markdown))
    if given.markdown:
        write(line([":--" if at in _LEFT else "--:" for at in range(len(_HEADS))], True))
    reached = True
    for row in rows:
        write(line(cells(row, threads), given.markdown))
        reached = reached and verdict(row, threads) in ("", "ok")
    write("")
    return reached


def write(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the engine against its peers.")
    parser.add_argument("--threads", type=int, choices=(1, 2), help="default: one, then two")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="these cases")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--markdown", action="store_true", help="print the table for the README")
    given = parser.parse_args()
    threads = (1, 2) if given.threads is None else (given.threads,)
    reached = [show(count, given) for count in threads]
    return int(not all(reached))


if __name__ == "__main__":
    sys.exit(main())
