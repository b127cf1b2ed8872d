"""Timing on one core: several rounds over all contestants in turn, the median of each."""

from __future__ import annotations

import gc
import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Pass = Callable[[], object]
"""Takes all frames once; this is timed."""
Start = Callable[[], Pass]
"""Makes the model ready for a pass; this is not timed."""


@dataclass(frozen=True)
class Timed:
    """Microseconds a frame: median, least and greatest of the rounds."""

    median: float
    least: float
    greatest: float


def pin() -> None:
    """Stays on one core, where the system can do that: moving between cores empties caches."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def machine() -> str:
    """What a reader has to know of this machine to read the numbers."""
    model = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            models = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
        model = models[0] if models else model
    except OSError:
        pass
    return f"{model}, Python {platform.python_version()}, one core"


def _once(start: Start) -> float:
    """Seconds of the processor that one pass took: what other programs take meanwhile does not count."""
    run = start()
    begin = time.process_time()
    run()
    return time.process_time() - begin


def _repetitions(start: Start, at_least: float) -> int:
    """How many passes take this many seconds; the first one warms up and is not counted."""
    _once(start)
    return max(1, round(at_least / max(_once(start), 1e-9)))


def _round(start: Start, repetitions: int) -> float:
    gc.collect()
    return sum(_once(start) for _ in range(repetitions)) / repetitions


def measure(works: Mapping[str, tuple[Start, int]], rounds: int, seconds: float) -> dict[str, Timed]:
    """Times each contestant.

    Args:
        works: name -> its start, and the number of frames in a pass.
        rounds: each contestant has one turn in each, so that a slow moment of the machine hits all of them.
        seconds: that a turn lasts at least, about.
    """
    repetitions = {name: _repetitions(start, seconds) for name, (start, _) in works.items()}
    turns: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, (start, frames) in works.items():
            turns[name].append(_round(start, repetitions[name]) / frames * 1e6)
    return {name: Timed(statistics.median(times), min(times), max(times)) for name, times in turns.items()}
