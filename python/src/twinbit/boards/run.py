"""Runs cases: one monitor learns, and a copy of it goes through each scored stream. Truth never comes here."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from twinbit.boards.case import Case, Stream
from twinbit.fit import fit_input, scale_of
from twinbit.frames import Frames
from twinbit.monitor import Monitor
from twinbit.recipe import Recipe

__all__ = ["Outcome", "Scored", "fitted", "run_case"]

Recipes = Callable[[Case], Recipe]


@dataclass(frozen=True)
class Scored:
    """What came of a stream, one entry a frame that was scored.

    Attributes:
        rows: of the stream, at which the frame was whole.
        score: of the frame, octaves.
        smoothed: octaves.
        threshold: octaves, with the margin.
        alarm: whether the alarm was on.
    """

    rows: npt.NDArray[np.intp]
    score: npt.NDArray[np.float64]
    smoothed: npt.NDArray[np.float64]
    threshold: npt.NDArray[np.float64]
    alarm: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        """Number of frames."""
        return len(self.rows)


@dataclass(frozen=True)
class Outcome:
    """A case after its monitor.

    Attributes:
        case: as it was given.
        recipe: fitted to the learning part.
        image: what was learned, sealed.
        scored: by the names of the case's streams.
        image_bytes: of the image.
        seconds: of the core.
        frames: that went through it.
    """

    case: Case
    recipe: Recipe
    image: bytes
    scored: Mapping[str, Scored]
    seconds: float
    frames: int

    @property
    def image_bytes(self) -> int:
        """Bytes of the image."""
        return self.recipe.cost().image


def fitted(recipe: Recipe, case: Case) -> Recipe:
    """The recipe with the channels of the case's learning part and, where it has none, its number of frames."""
    decision, values = recipe.decision, np.concatenate([stream.frames for stream in case.learn])
    if not decision.learning:  # windows don't reach over the pause between two streams
        count = sum(recipe.frames_in(len(stream)) for stream in case.learn)
        decision = decision.with_frames(count, recipe.scaler is not None)
    frames = Frames(values, pd.RangeIndex(len(values)), case.channels)
    given = fit_input(frames, recipe.input, recipe.takes_standardised, recipe.arithmetic, scale_of(recipe))
    return replace(recipe, input=given, decision=decision)


def _step(monitor: Monitor, stream: Stream) -> tuple[pd.DataFrame, float]:
    begin = time.perf_counter()
    table = monitor.run(stream.frames, dt=stream.times(), phase=stream.phase)
    return table, time.perf_counter() - begin


def _kept(table: pd.DataFrame) -> Scored:
    """The rows at which a frame was whole and scored: what the table is indexed by."""
    part = table[table["score"].notna().to_numpy()]
    rows = part.index.to_numpy(dtype=np.intp)
    numbers = {name: part[name].to_numpy(dtype=np.float64) for name in ("score", "smoothed", "threshold")}
    return Scored(rows=rows, alarm=part["alarm"].to_numpy(dtype=bool), **numbers)


def run_case(case: Case, recipe: Recipe) -> Outcome:
    """Learns and scores. recipe: a template; what it lacks is chosen from the learning part."""
    whole = fitted(recipe, case)
    monitor, seconds, frames = Monitor(whole), 0.0, 0
    for stream in case.learn:
        _, took = _step(monitor, stream)
        seconds, frames = seconds + took, frames + len(stream)
    image, scored = monitor.image, {}
    for name, stream in case.scored.items():
        table, took = _step(Monitor(whole).load_image(image), stream)
        scored[name] = _kept(table)
        seconds, frames = seconds + took, frames + len(stream)
    return Outcome(case, whole, image, scored, seconds, frames)
