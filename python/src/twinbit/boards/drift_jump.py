"""A level that jumps for good, under `relearn` and under `freeze`: what River's issue 948 is about. Generated frames.

One channel moves to another level and stays there. A detector that does not learn anomalous values alarms for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from twinbit.boards.drift_jobs import Found, Job, first, share
from twinbit.monitor import Monitor
from twinbit.recipe import Decision, Recipe
from twinbit.recipe_drift import PageHinkley
from twinbit.recipe_parts import Arithmetic, Distance
from twinbit.recipe_policy import Policy, PolicyKind

__all__ = ["PART", "Jump", "found", "jobs", "jump"]

PART = "level_jump"
LEVELS = (160.0, 190.0)  # of a flow, before and after
NOISE = 2.0
QUIET, LOUD = 2_000, 3_000  # frames before and after the jump
LAST = 1_000  # frames at the end that are judged
PHASES = Decision(100, 400, 500, smoothing=0.1, margin=0.5, k=3, n=4, hysteresis=0.125)


@dataclass(frozen=True)
class Jump:
    """One policy.

    Attributes:
        kind: of the policy.
        flow: the channel after learning.
        table: results.
    """

    kind: PolicyKind
    flow: npt.NDArray[np.float32]
    table: pd.DataFrame

    @property
    def figures(self) -> dict[str, Any]:
        """Frames from the jump to what happened, and how many of the last frames alarm."""
        after = self.table.iloc[QUIET:]
        late = share(after["alarm"].to_numpy()[-LAST:])
        return {
            "told_before": int(self.table["drift"].to_numpy()[:QUIET].sum()),
            "told_after": first(after["drift"]), "taken_after": first(after["taken"]),
            "alarms_after": late, "learned": late < 0.5,
        }  # fmt: skip


def jump(kind: PolicyKind, arithmetic: Arithmetic) -> Jump:
    """A flow that jumps to another level."""
    rng = np.random.default_rng(0)
    level = np.repeat(LEVELS, (PHASES.frames + QUIET, LOUD))
    flow = (level + NOISE * rng.standard_normal(len(level))).astype(np.float32)[:, None]
    drift = PageHinkley(threshold=20.0, delta=0.5, alpha=1.0, mode="up")
    recipe = Recipe(Distance(), decision=PHASES, arithmetic=arithmetic, drifts=(drift,), policy=Policy(kind=kind))
    monitor = Monitor(recipe.fit(flow[: PHASES.frames]))
    monitor.run(flow[: PHASES.frames])
    rest = flow[PHASES.frames :]
    return Jump(kind, rest[:, 0], monitor.run(rest))


def jobs(arithmetic: Arithmetic) -> list[Job]:
    """Both policies."""
    kinds: tuple[PolicyKind, ...] = ("relearn", "freeze")
    return [Job(PART, partial(jump, kind, arithmetic)) for kind in kinds]


def found(runs: Sequence[Jump]) -> Found:
    """By policy."""
    figures = {run.kind: run.figures for run in runs}
    learned, frozen = (figures[kind]["learned"] for kind in ("relearn", "freeze"))
    aims = {"level jump: learned under relearn": learned, "level jump: never under freeze": not frozen}
    words = f"{'' if learned else 'not '}learned under relearn, {'' if frozen else 'not '}under freeze"
    return Found(figures, words, aims, [{"policy": kind, **row} for kind, row in figures.items()])
