"""Recordings through monitors, and what came of it: alarms, cost, and quality where labels are known."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from twinbit import metrics
from twinbit.frames import as_frames
from twinbit.monitor import Monitor
from twinbit.recipe import Recipe
from twinbit.results import alarm_starts, to_table

__all__ = ["Outcome", "evaluate", "loop_text", "short_names", "summary"]


_LOOP = {"drifts": "drift", "taken": "taken"}
"""Figures of a policy, and the flags that they count."""


@dataclass(frozen=True)
class Outcome:
    """One recording after its monitor.

    Attributes:
        name: of the recording.
        frames: what went in; samples where the recipe has a framer.
        table: results, one row a frame, as `Monitor.run` gives them.
        labels: of each frame, 1 = anomalous, 0 = normal, NaN = not known; None without labels.
        monitor: as it stands after the last frame.
        learned: frames of the learning part; quality counts the frames after it.
        seconds: time of the core for all frames.
        ends: number of the row of `frames` that completed each frame.
    """

    name: str
    frames: pd.DataFrame
    table: pd.DataFrame
    labels: npt.NDArray[np.float64] | None
    monitor: Monitor
    learned: int
    seconds: float
    ends: npt.NDArray[np.intp]

    @property
    def learned_rows(self) -> int:
        """Rows of `frames` that learned."""
        return self.monitor.recipe.samples_of(self.learned)

    @property
    def alarm(self) -> npt.NDArray[np.bool_]:
        """Whether the alarm was on, frame by frame."""
        found: npt.NDArray[np.bool_] = self.table["alarm"].to_numpy(dtype=bool)
        return found

    @property
    def alarms(self) -> int:
        """How often an alarm began."""
        return len(alarm_starts(self.alarm))

    def told(self, flag: str) -> list[int]:
        """Numbers of the frames with a flag of the policy: drift, ask or taken. None without a policy."""
        if flag not in self.table:
            return []
        return [int(at) for at in alarm_starts(self.table[flag].to_numpy(dtype=bool))]

    def learning_again(self) -> npt.NDArray[np.bool_]:
        """Frames after the learning part that learn or calibrate, since a new normal has taken over."""
        again: npt.NDArray[np.bool_] = self.table["state"].isin(["scaling", "learning", "calibrating"]).to_numpy()
        return again & (np.arange(len(self.table)) >= self.learned)

    @property
    def first_alarm(self) -> int | None:
        """Number of the first frame with an alarm, from 0."""
        starts = alarm_starts(self.alarm)
        return int(starts[0]) if len(starts) else None

    def judged(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_], npt.NDArray[np.float64]]:
        """Labels, alarms and smoothed scores of the labelled frames after the learning part."""
        if self.labels is None:
            return np.empty(0), np.empty(0, dtype=bool), np.empty(0)
        part = (np.arange(len(self.table)) >= self.learned) & ~np.isnan(self.labels)
        return self.labels[part], self.alarm[part], self.table["smoothed"].to_numpy(dtype=np.float64)[part]


def evaluate(
    name: str,
    frames: pd.DataFrame,
    recipe: Recipe,
    learn: float | None = None,
    labels: npt.NDArray[np.float64] | None = None,
) -> Outcome:
    """Runs one recording through a monitor of its own.

    In: labels, one a row of frames. With a framer a frame is anomalous if more than half of its labelled samples are.
    """
    given = as_frames(frames, recipe.input.names)
    monitor = Monitor(recipe.fit(given, learn))
    begin = time.perf_counter()
    results, at = monitor.step_frames(given)
    seconds = time.perf_counter() - begin
    table = to_table(results, given.index[at], monitor.recipe.policy is not None)
    if labels is not None and monitor.recipe.framer is not None:
        labels = _of_windows(labels, at, monitor.recipe.framer.window)
    return Outcome(name, frames, table, labels, monitor, monitor.recipe.decision.frames, seconds, at)


def _of_windows(labels: npt.NDArray[np.float64], at: npt.NDArray[np.intp], window: int) -> npt.NDArray[np.float64]:
    """Labels of windows that end at these samples, by the majority of the samples that have one."""
    known = ~np.isnan(labels)
    counts = [np.concatenate([[0], np.cumsum(part)]) for part in (known, np.where(known, labels, 0.0) > 0)]
    labelled, anomalous = (count[at + 1] - count[at + 1 - window] for count in counts)
    return np.where(labelled > 0, (2 * anomalous > labelled).astype(np.float64), np.nan)


def loop_text(outcome: Outcome) -> str:
    """What a policy told, as a sentence; empty without one or where nothing happened."""
    said = {"drift": "drift told", "ask": "asks", "taken": "new normal taken over"}
    found = {text: outcome.told(flag) for flag, text in said.items()}
    parts = [
        f"{text} at frame {' and '.join(f'{at:,}' for at in frames[:3])}" for text, frames in found.items() if frames
    ]
    now = [f"now {outcome.table['state'].iloc[-1]}"] if parts else []
    sentence = "; ".join(parts + now)
    return f"{sentence[:1].upper()}{sentence[1:]}." if sentence else ""


def short_names(names: Sequence[str]) -> list[str]:
    """Paths without the folders that all of them share.

    >>> short_names(["/data/a/1.csv", "/data/b/1.csv"]), short_names(["/data/1.csv"])
    (['a/1.csv', 'b/1.csv'], ['1.csv'])
    """
    split = [Path(name).parts for name in names]
    shared = 0
    while all(len(parts) > shared + 1 and parts[: shared + 1] == split[0][: shared + 1] for parts in split):
        shared += 1
    return [str(Path(*parts[shared:])) for parts in split]


def summary(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Figures of recordings together; what is undefined is None.

    Returns files, frames, alarms (how often one began), image_bytes (of the largest), us_per_frame, auc, f1 (0 to 1),
    far and mar (percent). Quality is pooled over the labelled frames after each learning part. Where a recipe has a
    policy also drifts and taken: how often a drift was told, and how often a new normal took over.
    """
    frames = sum(len(outcome.table) for outcome in outcomes)
    judged = [outcome.judged() for outcome in outcomes]
    labels, alarms, scores = (np.concatenate([part[i] for part in judged]) for i in range(3))
    counts = metrics.count(labels, alarms)
    labelled = len(labels) > 0
    seconds = sum(outcome.seconds for outcome in outcomes)
    looped = any("drift" in outcome.table for outcome in outcomes)
    loop = {key: sum(len(outcome.told(flag)) for outcome in outcomes) for key, flag in _LOOP.items()} if looped else {}
    return {
        "files": len(outcomes),
        "frames": frames,
        "alarms": sum(outcome.alarms for outcome in outcomes),
        "image_bytes": max(outcome.monitor.cost().image for outcome in outcomes),
        "us_per_frame": 1e6 * seconds / frames if frames else None,
        "auc": metrics.auc(labels, scores) if labelled else None,
        "f1": counts.f1 if labelled else None,
        "far": counts.far if labelled else None,
        "mar": counts.mar if labelled else None,
        **loop,
    }
