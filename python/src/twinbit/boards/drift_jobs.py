"""What the parts of the drift suite share: jobs that run side by side, and figures over many of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Found", "Job", "first", "share", "worst"]

Marks = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Job:
    """One run of a part.

    Attributes:
        part: of the suite.
        run: gives what the part's figures are made of.
    """

    part: str
    run: Callable[[], Any]


@dataclass(frozen=True)
class Found:
    """What a part came to.

    Attributes:
        figures: for JSON.
        words: the main ones, for people.
        aims: what the project wants -> whether it is met.
        rows: one object a run, for JSON.
    """

    figures: Any
    words: str
    aims: dict[str, bool]
    rows: list[dict[str, Any]] = field(default_factory=list)


def first(marks: npt.ArrayLike) -> int | None:
    """Number of the first mark.

    >>> first([False, True, True]), first([False])
    (1, None)
    """
    at = np.flatnonzero(np.asarray(marks))
    return int(at[0]) if len(at) else None


def share(marks: npt.ArrayLike) -> float:
    """Share of frames that are marked; of no frames it is 0."""
    given = np.asarray(marks)
    return float(given.mean()) if len(given) else 0.0


def worst(values: Iterable[float | None], least: bool = False) -> float | None:
    """The greatest value, or the least; None where one is missing, for that is worse than any.

    >>> worst([3, 5]), worst([3, 5], least=True), worst([3, None])
    (5, 3, None)
    """
    given: Sequence[float | None] = list(values)
    known = [value for value in given if value is not None]
    if not known or len(known) < len(given):
        return None
    return min(known) if least else max(known)
