"""The drift suite: what happens when normal moves. A fan that is carried away, a slow fault, a jump, normal machines.

Each part has its own page: drift_fan.py, drift_slow.py, drift_jump.py, drift_normal.py, drift_streams.py.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from twinbit.boards import drift_fan, drift_jump, drift_normal, drift_slow, drift_streams
from twinbit.boards.board import Entry
from twinbit.boards.drift_jobs import Found, Job
from twinbit.boards.run import Outcome
from twinbit.boards.suite import Result
from twinbit.parity.cost import FrameCost
from twinbit.recipe_parts import Arithmetic

__all__ = ["NAME", "PARTS", "evaluate", "jobs", "run"]

NAME = "drift"

PARTS: dict[str, Callable[[Sequence[Any]], Found]] = {
    drift_fan.PART: drift_fan.found,
    drift_slow.PART: drift_slow.found,
    drift_jump.PART: drift_jump.found,
    drift_normal.PART: drift_normal.found,
    drift_streams.PART: drift_streams.found,
}
"""What becomes of a part's runs."""

Progress = Callable[[Sequence[Job], str], Iterator[Job]]
Runs = dict[str, list[Any]]


def jobs(root: Path, arithmetic: Arithmetic) -> list[Job]:
    """All runs of all parts. Raises DataNotFoundError where the fan's recordings are not there."""
    rooms = drift_fan.rooms(root)
    return [
        *drift_normal.jobs(arithmetic), *drift_fan.jobs(rooms, arithmetic), *drift_slow.jobs(arithmetic),
        *drift_jump.jobs(arithmetic), *drift_streams.jobs(rooms, arithmetic),
    ]  # fmt: skip


def run(todo: Sequence[Job], progress: Progress, what: str) -> Runs:
    """What the jobs of each part give, in their order; as many at once as there are processors."""
    given: Runs = {part: [] for part in PARTS}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        waiting = [pool.submit(job.run) for job in todo]
        for future, job in zip(waiting, progress(todo, what), strict=True):
            given[job.part].append(future.result())
    return given


def _result(given: Runs) -> Result:
    found = {part: judge(given[part]) for part, judge in PARTS.items()}
    return Result(
        {part: one.figures for part, one in found.items()},
        [{"part": part, **row} for part, one in found.items() for row in one.rows],
        found[drift_fan.PART].words,
        "",
        {aim: met for one in found.values() for aim, met in one.aims.items()},
        [(part, one.words) for part, one in found.items()],
    )


def evaluate(
    root: Path, arithmetic: Arithmetic, progress: Progress, cost: Callable[[Outcome], FrameCost | None]
) -> Entry:
    """Runs and judges the suite in one arithmetic."""
    given = run(jobs(root, arithmetic), progress, f"{NAME} {arithmetic}")
    fans = [one.outcome for one in given[drift_fan.PART]]
    seconds, frames = sum(one.seconds for one in fans), sum(one.frames for one in fans)
    return Entry(
        NAME, arithmetic, fans[0].recipe.name, _result(given), fans[0].image_bytes, cost(fans[0]),
        1e6 * seconds / max(frames, 1), draw=partial(_draw, given, arithmetic),
    )  # fmt: skip


def _draw(given: Runs, arithmetic: str, folder: Path) -> list[Path]:
    from twinbit.boards.drift_pictures import draw  # only here: it loads matplotlib

    return draw(given, arithmetic, folder)
