"""Does a machine whose speed and load change tell drifts where there are none? Generated frames of normal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from twinbit.boards.drift_jobs import Found, Job
from twinbit.datasets import rotating_machine
from twinbit.monitor import Monitor
from twinbit.recipe import Decision, Recipe
from twinbit.recipe_drift import CentroidDrift, PageHinkley
from twinbit.recipe_parts import Arithmetic, Distance
from twinbit.recipe_policy import Policy

__all__ = ["PART", "NormalRun", "found", "jobs", "normal"]

PART = "normal"
FRAMES = 100_000  # that are watched
PHASES = Decision(500, 2500, 2000, smoothing=0.3, margin=0.5, k=2, n=3, hysteresis=0.25)
RATE = 1e-5  # false drifts a frame that the recipe asks for
DRIFTS = (
    PageHinkley(threshold=20.0, delta=0.5, alpha=1.0, mode="up"),
    CentroidDrift(window=24, learning=2500, calibrating=2000, rate=RATE, margin=0.25),
)
_LOCK = Lock()


@dataclass(frozen=True)
class NormalRun:
    """What was told.

    Attributes:
        frames: that were watched.
        told: frames with which a drift was told.
        alarms: share of frames with an alarm.
    """

    frames: int
    told: npt.NDArray[np.intp]
    alarms: float


@cache
def _machine(frames: int) -> npt.NDArray[np.float32]:
    return rotating_machine(frames, seed=1, fault=None).array


def normal(arithmetic: Arithmetic, frames: int) -> NormalRun:
    """A monitor that only tells, over a healthy machine."""
    with _LOCK:  # it takes half a minute: once is enough
        values = _machine(PHASES.frames + frames)
    recipe = Recipe(Distance(modes=4, few=10), decision=PHASES, arithmetic=arithmetic, drifts=DRIFTS,
                    policy=Policy(kind="tell"))  # fmt: skip
    monitor = Monitor(recipe.fit(values[: PHASES.frames]))
    monitor.run(values[: PHASES.frames])
    table = monitor.run(values[PHASES.frames :])
    return NormalRun(len(table), np.flatnonzero(table["drift"]), float(table["alarm"].mean()))


def jobs(arithmetic: Arithmetic) -> list[Job]:
    """One run."""
    return [Job(PART, partial(normal, arithmetic, FRAMES))]


def found(runs: Sequence[NormalRun]) -> Found:
    """Drifts told against those that the stated rate allows."""
    frames, told = sum(run.frames for run in runs), sum(len(run.told) for run in runs)
    allowed = RATE * frames
    figures: dict[str, Any] = {
        "frames": frames, "told": told, "stated_rate": RATE, "expected": allowed,
        "alarms": float(np.mean([run.alarms for run in runs])),
    }  # fmt: skip
    words = f"{told} false drifts in {frames:,} frames, {allowed:g} stated"
    return Found(figures, words, {"normal: no drift told more often than stated": told <= allowed}, [figures])
