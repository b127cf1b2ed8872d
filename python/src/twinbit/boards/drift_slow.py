"""A fault that grows slowly, under `adapt` with its budget and without. Generated frames.

The mean of all channels moves from a frame of choice on, a share of the detectable size in 100 frames. The
detectable size is the smallest constant one at which a monitor that never adapts alarms in half of the frames. A fault
that grows so slowly is learned as it comes, unless the budget bounds how far normal may creep.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from twinbit.boards.drift_jobs import Found, Job, first, share, worst
from twinbit.monitor import Monitor
from twinbit.recipe import Decision, Recipe
from twinbit.recipe_parts import Arithmetic, DetectorPart, Distance, KMeans, Mahalanobis
from twinbit.recipe_policy import Policy

__all__ = ["PART", "SlowRun", "detectable", "found", "jobs", "noise", "recipe_of", "slow"]

PART = "slow_fault"
DETECTORS: tuple[DetectorPart, ...] = (Mahalanobis(), KMeans(clusters=1), Distance())
GROWTHS = (0.001, 0.003, 0.01)  # of the detectable size in 100 frames
CHANNELS = 4
LEARN = Decision(200, 1000, 2000, smoothing=0.1, margin=0.5, k=3, n=4, hysteresis=0.125)
BEFORE = 4_000  # frames of monitoring before the fault begins: the budget's base is made of some
MOST = 3.0  # times the detectable size, where a recording ends
CONSTANT = 3_000  # frames that a constant size is tried on
STEPS = 14  # of the bisection
BUDGET = 0.5  # octaves
ADAPT = Policy(kind="adapt", block=100, forget=1000, creep=1000, budget=BUDGET)

Frames = npt.NDArray[np.float32]
Sizes = npt.NDArray[np.float64]


@dataclass(frozen=True)
class SlowRun:
    """One detector, one growth, with and without protection.

    Attributes:
        detector: its kind.
        growth: share of the detectable size in 100 frames.
        detectable: deviations of a channel.
        sizes: of the fault, frame by frame, in detectable sizes.
        protected: results under `adapt` with the budget.
        unprotected: without.
    """

    detector: str
    growth: float
    detectable: float
    sizes: Sizes
    protected: pd.DataFrame
    unprotected: pd.DataFrame

    def size_at(self, column: str) -> float | None:
        """The fault's size with the first frame that has the mark, under protection."""
        at = first(self.protected[column])
        return None if at is None else float(self.sizes[at])


def noise(frames: int, seed: int) -> Frames:
    """Frames of a machine that is well: independent normal numbers."""
    return np.random.default_rng(seed).standard_normal((frames, CHANNELS)).astype(np.float32)


def recipe_of(detector: DetectorPart, arithmetic: Arithmetic, policy: Policy | None, learn: Frames) -> Recipe:
    """The recipe of all runs but for detector, arithmetic and policy."""
    return Recipe(detector, decision=LEARN, arithmetic=arithmetic, policy=policy).fit(learn)


def detectable(recipe: Recipe, image: bytes) -> float:
    """The smallest constant size at which a monitor without a policy alarms in half of the frames, by bisection."""
    frames, low, high = noise(CONSTANT, seed=1), 0.0, 16.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        alarm = Monitor(recipe).load_image(image).run(frames + np.float32(middle))["alarm"]
        low, high = (low, middle) if share(alarm) >= 0.5 else (middle, high)
    return high


def slow(detector: DetectorPart, arithmetic: Arithmetic, growth: float, most: float = MOST) -> SlowRun:
    """Learns, finds the detectable size, and lets the fault grow up to `most` times it."""
    learn = noise(LEARN.frames, seed=0)
    frozen = recipe_of(detector, arithmetic, None, learn)
    monitor = Monitor(frozen)
    monitor.run(learn)
    size = detectable(frozen, monitor.image)
    sizes = np.concatenate([np.zeros(BEFORE), np.arange(0, most, growth / 100)])
    frames = noise(len(sizes), seed=2)
    frames += (size * sizes)[:, None].astype(np.float32)
    tables = []
    for budget in (BUDGET, 0.0):
        adapting = Monitor(recipe_of(detector, arithmetic, replace(ADAPT, budget=budget), learn))
        adapting.run(learn)
        tables.append(adapting.run(frames))
    return SlowRun(type(detector).__name__, growth, size, sizes, tables[0], tables[1])


def jobs(arithmetic: Arithmetic) -> list[Job]:
    """Each detector with each growth."""
    return [Job(PART, partial(slow, part, arithmetic, growth)) for part in DETECTORS for growth in GROWTHS]


def found(runs: Sequence[SlowRun]) -> Found:
    """The worst of all."""
    rows: list[dict[str, Any]] = [
        {
            "detector": run.detector, "growth": run.growth, "detectable": run.detectable,
            "protected_size_at_budget": run.size_at("drift"), "protected_size_at_alarm": run.size_at("alarm"),
            "unprotected_alarmed": bool(run.unprotected["alarm"].any()),
        }
        for run in runs
    ]  # fmt: skip
    size = worst(row["protected_size_at_alarm"] for row in rows)
    figures = {
        "protected_size_at_alarm": size,
        "protected_size_at_budget": worst(row["protected_size_at_budget"] for row in rows),
        "unprotected_alarmed": any(row["unprotected_alarmed"] for row in rows),
        "runs": rows,
    }
    aims = {
        "slow fault: alarm before twice the detectable size": size is not None and 0 < size < 2,
        "slow fault: none without protection": not figures["unprotected_alarmed"],
    }
    blind = "an" if figures["unprotected_alarmed"] else "no"
    words = f"alarm at {size or 0:.2f} of the detectable size; without protection {blind} alarm"
    return Found(figures, words, aims, rows)
