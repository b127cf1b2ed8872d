"""What a suite is: how its data becomes problems, which recipe it has, and how what came out is judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from twinbit.boards.case import Case, Problem
from twinbit.boards.run import Outcome
from twinbit.recipe import Recipe

__all__ = ["Judged", "Result", "Suite"]

Judged = Sequence[tuple[Problem, Outcome]]


@dataclass(frozen=True)
class Result:
    """A suite in one arithmetic.

    Attributes:
        summary: its figures, for JSON.
        rows: a row for each file or scored stream, for JSON.
        score: the main figures in words.
        guard: what guards against tuning, in words.
        aims: what the project wants of it -> whether it is met.
        details: main figures of its parts, in words, with their names; for a table that has a row for each part.
    """

    summary: dict[str, Any]
    rows: list[dict[str, Any]]
    score: str
    guard: str
    aims: Mapping[str, bool] = field(default_factory=dict)
    details: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Suite:
    """One board.

    Attributes:
        name: on the command line.
        folder: of its data set.
        about: one line for people: what learns, what is scored.
        recipe: the shipped recipe of a case, the same for every file; it may depend on how the sensor is wired only.
        problems: the data folder -> problems; raises DataNotFoundError if it is not there.
        judge: problems with their outcomes -> the result.
        left_out: the recipe of a case with the constants that were chosen without its folder; None where none were.
        guard: adds what came of `left_out` to the result.
    """

    name: str
    folder: str
    about: str
    recipe: Callable[[Case], Recipe]
    problems: Callable[[Path], list[Problem]]
    judge: Callable[[Judged], Result]
    left_out: Callable[[Case], Recipe] | None = None
    guard: Callable[[Result, Judged], Result] | None = None
