"""The whole board: every suite in every arithmetic, with what it costs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from twinbit.boards import cooling_fan, cwru, fans, hit_sm, nab, skab, tables
from twinbit.boards.case import Case, Problem
from twinbit.boards.cost import instructions
from twinbit.boards.run import Outcome, run_case
from twinbit.boards.suite import Judged, Result, Suite
from twinbit.parity.cost import FrameCost
from twinbit.recipe import Recipe
from twinbit.recipe_parts import Arithmetic

__all__ = ["ARITHMETICS", "SUITES", "Entry", "as_json", "evaluate_suite"]

ARITHMETICS: tuple[Arithmetic, ...] = ("f32", "q15", "q31")

SUITES: Mapping[str, Suite] = {
    suite.name: suite
    for suite in (
        *(skab.SUITE, nab.SUITE, cooling_fan.SUITE, cwru.SUITE, hit_sm.SUITE),
        *(fans.CEILING_FAN, fans.UCI_FAN, fans.TOWER_FAN, tables.NSLKDD, tables.DRIVER),
    )
}


@dataclass(frozen=True)
class Entry:
    """A suite in one arithmetic.

    Attributes:
        suite: its name.
        arithmetic: of the recipe.
        recipe: its name.
        result: what was judged.
        image: bytes of the largest image.
        cost: of a frame on a Cortex-M4F; None where it could not be measured.
        us_per_row: of this machine's core, microseconds.
        outcomes: for pictures.
        draw: writes pictures of its own into a folder and gives their paths; None where outcomes make them.
    """

    suite: str
    arithmetic: str
    recipe: str
    result: Result
    image: int
    cost: FrameCost | None
    us_per_row: float
    outcomes: Judged = field(default_factory=list)
    draw: Callable[[Path], list[Path]] | None = None


Progress = Callable[[Sequence[Problem], str], Iterator[Problem]]


def _run_all(
    problems: Sequence[Problem], recipe: Callable[[Case], Recipe], arithmetic: Arithmetic, progress: Progress, what: str
) -> list[Outcome]:
    """All cases, as many at once as there are processors: the core works without Python's lock."""

    def one(case: Case) -> Outcome:
        return run_case(case, replace(recipe(case), arithmetic=arithmetic))

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        waiting = [pool.submit(one, problem.case) for problem in problems]
        return [future.result() for future, _ in zip(waiting, progress(problems, what), strict=True)]


def evaluate_suite(
    suite: Suite,
    problems: Sequence[Problem],
    arithmetic: Arithmetic,
    progress: Progress,
    cost: Callable[[Outcome], FrameCost | None],
) -> Entry:
    """Runs and judges a suite's problems. Scores are made from cases alone; only then is the truth looked at."""
    outcomes = _run_all(problems, suite.recipe, arithmetic, progress, f"{suite.name} {arithmetic}")
    judged = list(zip(problems, outcomes, strict=True))
    result = suite.judge(judged)
    if suite.left_out is not None and suite.guard is not None:
        apart = _run_all(problems, suite.left_out, arithmetic, progress, f"{suite.name} {arithmetic}, left out")
        result = suite.guard(result, list(zip(problems, apart, strict=True)))
    rows, seconds = sum(one.frames for one in outcomes), sum(one.seconds for one in outcomes)
    largest = max(outcomes, key=lambda outcome: outcome.image_bytes)
    return Entry(
        suite.name, arithmetic, largest.recipe.name, result, largest.image_bytes, cost(largest),
        1e6 * seconds / max(rows, 1), judged,
    )  # fmt: skip


def _by_arithmetic(entries: Sequence[Entry], arithmetic: str) -> dict[str, Any]:
    return {entry.suite: entry.result.summary for entry in entries if entry.arithmetic == arithmetic}


def as_json(entries: Sequence[Entry], missing: Mapping[str, str]) -> dict[str, Any]:
    """The board as one object.

    suites: suite -> figures in the first arithmetic asked for. arithmetics: the same for each arithmetic. costs:
    arithmetic -> suite -> recipe, image bytes, microseconds a row here, and on a Cortex-M4F instructions of a frame,
    bytes of flash and RAM (None where no toolchain is). rows: one for each file or scored stream, suite and
    arithmetic. aims: what the project wants -> whether it is met. missing: suites whose data is not here -> why.
    """
    asked = list(dict.fromkeys(entry.arithmetic for entry in entries))
    return {
        "suites": _by_arithmetic(entries, asked[0]) if asked else {},
        "arithmetics": {name: _by_arithmetic(entries, name) for name in asked},
        "costs": {name: {entry.suite: _cost(entry) for entry in entries if entry.arithmetic == name} for name in asked},
        "aims": {name: {entry.suite: dict(entry.result.aims) for entry in entries if entry.arithmetic == name}
                 for name in asked},
        "rows": [{"suite": entry.suite, "arithmetic": entry.arithmetic, **row}
                 for entry in entries for row in entry.result.rows],
        "missing": dict(missing),
    }  # fmt: skip


def _cost(entry: Entry) -> dict[str, Any]:
    return {
        "recipe": entry.recipe,
        "image_bytes": entry.image,
        "m4f_instructions": None if entry.cost is None else instructions(entry.cost),
        "m4f_flash": None if entry.cost is None else entry.cost.flash,
        "m4f_ram": None if entry.cost is None else entry.cost.ram,
        "us_per_row": entry.us_per_row,
    }
