"""A fan is carried from a silent room to a noisy one: is it told, is the new normal learned, are faults found then?

A model learns a silent room's runs at each speed. Then come that room's runs that step through the speeds, then the
noisy room's, all in recorded order; each variant begins at another point of the cycle and has another seed. The fan is
damaged in the noisy room only after that, where the model that has taken over is asked.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from twinbit.boards.case import Case, Stream, in_turn
from twinbit.boards.drift_jobs import Found, Job, first, share, worst
from twinbit.boards.figures import auc
from twinbit.boards.run import Outcome, fitted
from twinbit.datasets import DataNotFoundError, Recording, load
from twinbit.monitor import Monitor
from twinbit.recipe import Recipe
from twinbit.recipe_drift import CentroidDrift
from twinbit.recipe_parts import Arithmetic

__all__ = ["CURVE", "PART", "FanRun", "Rooms", "found", "jobs", "recipe_of", "rooms", "starts", "variant"]

PART = "fan_relearn"
QUIET, LOUD, STEPS, DAMAGE = "silentA", "noisy", "hmlo", "damage1"
VARIANTS = 20
LEARN = 275  # frames: a cycle of speeds takes 235
PIECE = 10  # frames of each speed in turn
CURVE = (50, 100, 200, 300)  # frames after the change

Frames = npt.NDArray[np.float32]
Marks = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Rooms:
    """What the variants have in common.

    Attributes:
        learn: the silent room's runs at each speed, a few frames of each in turn.
        quiet: the silent room's runs that step through the speeds.
        loud: the noisy room's.
        running: whether the fan runs in each of the noisy room's frames.
        damaged: frames of the damaged fan running in the noisy room.
        cycle: frames from one start of the speeds to the next.
        channels: names of the lines.
    """

    learn: Stream
    quiet: Frames
    loud: Frames
    running: Marks
    damaged: Frames
    cycle: int
    channels: tuple[str, ...]


@dataclass(frozen=True)
class FanRun:
    """One variant.

    Attributes:
        offset: frames by which the cycle begins later.
        change: frame with which the fan is in the other room.
        table: results, frame by frame from the first one after learning.
        area: AUC of damaged against normal running frames that were not learned; None where there are none.
        found: share of damaged running frames with an alarm, the operator's hold being set.
        outcome: what was learned first, for the cost.
    """

    offset: int
    change: int
    table: pd.DataFrame
    area: float | None
    found: float
    outcome: Outcome

    def after(self, column: str) -> Marks:
        """A column of marks, from the change on."""
        return np.asarray(self.table[column].to_numpy(dtype=bool)[self.change :])

    @property
    def told_after(self) -> int | None:
        """Frames from the change to the first drift that is told; 0 is the same frame."""
        return first(self.after("drift"))

    @property
    def told_before(self) -> int:
        """Drifts that are told before the change."""
        return int(self.table["drift"].to_numpy(dtype=bool)[: self.change].sum())

    @property
    def taken_after(self) -> int | None:
        """Frames from the change to the new normal's taking over."""
        return first(self.after("taken"))

    @property
    def again_after(self) -> int | None:
        """Frames from the change until the new model monitors."""
        taken = self.taken_after
        if taken is None:
            return None
        monitors = first((self.table["state"] == "monitoring").to_numpy()[self.change + taken :])
        return None if monitors is None else taken + monitors

    def false_alarms(self, after: int) -> float:
        """Share of frames with an alarm, from so many after the change on."""
        return share(self.after("alarm")[after:])


def _of(recordings: Sequence[Recording], room: str, kind: str, steps: bool) -> list[Recording]:
    chosen = [it for it in recordings if it.about["kind"] == kind and (it.about["speed"] == STEPS) == steps]
    if not chosen:
        raise DataNotFoundError(f"cooling_fan has no {kind} runs {'of' if steps else 'without'} {STEPS} in {room}")
    return chosen


def _running(recordings: Sequence[Recording]) -> Marks:
    return np.concatenate([it.truth["running"].to_numpy() != 0 for it in recordings])


def _frames(recordings: Sequence[Recording]) -> Frames:
    return np.concatenate([it.array for it in recordings])


def rooms(root: Path) -> Rooms:
    """Both rooms. Raises DataNotFoundError where they are not there."""
    quiet, loud = load(f"cooling_fan/{QUIET}", root), load(f"cooling_fan/{LOUD}", root)
    pieces = in_turn([Stream(it.array) for it in _of(quiet, QUIET, "normal", steps=False)], PIECE)
    learn = np.concatenate([piece.frames for piece in pieces])[:LEARN]
    before, after = _of(quiet, QUIET, "normal", steps=True), _of(loud, LOUD, "normal", steps=True)
    damaged = _of(loud, LOUD, DAMAGE, steps=True)
    return Rooms(
        Stream(np.ascontiguousarray(learn)), _frames(before), _frames(after), _running(after),
        _frames(damaged)[_running(damaged)], len(before[0]), tuple(map(str, before[0].frames.columns)),
    )  # fmt: skip


def recipe_of(arithmetic: Arithmetic, seed: int = 1) -> Recipe:
    """The shipped recipe; the seed is of the windows that its centroid detector draws."""
    recipe = Recipe.named("spectrum_relearn")
    drifts = tuple(replace(part, seed=seed) if isinstance(part, CentroidDrift) else part for part in recipe.drifts)
    return replace(recipe, arithmetic=arithmetic, drifts=drifts)


def _case(given: Rooms) -> Case:
    return Case(f"{QUIET} to {LOUD}", [given.learn], {}, given.channels)


def variant(given: Rooms, recipe: Recipe, offset: int) -> FanRun:
    """A model learns, the rooms change, and what has taken over judges the damaged fan."""
    case = _case(given)
    monitor = Monitor(fitted(recipe, case))
    monitor.run(given.learn.frames)
    image = monitor.image
    before, after = (np.roll(frames, -offset, axis=0) for frames in (given.quiet, given.loud))
    begin = time.perf_counter()
    table = monitor.run(np.concatenate([before, after]))
    outcome = Outcome(case, monitor.recipe, image, {}, time.perf_counter() - begin, len(table))
    unseen = after[CURVE[-1] :][np.roll(given.running, -offset)[CURVE[-1] :]]
    normal, anomalous = (np.asarray(monitor.score(frames), dtype=np.float64) for frames in (unseen, given.damaged))
    monitor.hold()  # else a fault that lasts as long would be learned, too
    alarmed = share(monitor.run(given.damaged)["alarm"])
    return FanRun(offset, len(before), table, auc(normal, anomalous), alarmed, outcome)


def starts(given: Rooms) -> list[int]:
    """Frames by which the cycle begins later, of each variant."""
    return [round(i * given.cycle / VARIANTS) for i in range(VARIANTS)]


def jobs(given: Rooms, arithmetic: Arithmetic) -> list[Job]:
    """A run for each start in the cycle, with a seed of its own."""
    return [
        Job(PART, partial(variant, given, recipe_of(arithmetic, seed), offset))
        for seed, offset in enumerate(starts(given), start=1)
    ]


def _row(run: FanRun) -> dict[str, Any]:
    return {
        "offset": run.offset, "told_before": run.told_before, "told_after": run.told_after,
        "taken_after": run.taken_after, "monitors_after": run.again_after,
        "false_alarms": {str(after): run.false_alarms(after) for after in CURVE},
        "auc_after": run.area, "damaged_alarmed": run.found,
    }  # fmt: skip


def found(runs: Sequence[FanRun]) -> Found:
    """The worst of all variants."""
    curve = {str(after): worst(run.false_alarms(after) for run in runs) for after in CURVE}
    told, again = worst(run.told_after for run in runs), worst(run.again_after for run in runs)
    area, last, before = worst((run.area for run in runs), least=True), curve["300"], sum(it.told_before for it in runs)
    figures = {
        "told_after": told, "told_before": before, "false_alarms": curve, "auc_after": area, "monitors_after": again,
        "damaged_alarmed": float(np.mean([run.found for run in runs])),
        "variants": len(runs),
    }  # fmt: skip
    aims = {
        "fan: no drift told before the change": before == 0,
        "fan: told within 75 frames": told is not None and told <= 75,
        "fan: monitors again within 300 frames": again is not None and again <= 300,
        "fan: false alarms from frame 300 <= 6 %": last is not None and last <= 0.06,
        "fan: AUC afterwards >= 0.98": area is not None and area >= 0.98,
    }
    shares = ", ".join(f"{100 * (rate or 0):.1f}" for rate in curve.values())
    at = ", ".join(map(str, CURVE))
    words = f"told after {told} frames; false alarms {shares} % from frame {at}; AUC {area or 0:.3f}"
    return Found(figures, words, aims, [_row(run) for run in runs])
