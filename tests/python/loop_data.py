"""Streams whose normal moves, and monitors with a policy, for the tests of the closed loop."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import twinbit
from conftest import make_recipe
from twinbit import Monitor, Recipe
from twinbit.recipe_parts import Arithmetic, Decision, PageHinkley

CHANGE, PERSIST = 400, 60
TOLD = PageHinkley(mode="up", threshold=6.0, delta=0.5, min_instances=10)


def level_jump(frames: int = 1200, by: float = 8.0, change: int = CHANGE, seed: int = 0) -> np.ndarray:
    """Noise whose mean jumps for good."""
    values = np.random.default_rng(seed).normal(size=(frames, 3))
    values[change:] += by
    return values.astype(np.float32)


def looped(kind: Any, detector: str = "kmeans", arithmetic: Arithmetic = "q15", **words: Any) -> Recipe:
    """A recipe that learns in 200 frames, with a policy."""
    decision = Decision(40, 110, 50, smoothing=0.3, margin=0.5, k=2, n=3, hysteresis=0.1)
    recipe = replace(make_recipe(detector, arithmetic), decision=decision, input=twinbit.Input()).fit(
        level_jump()[:200]
    )
    return recipe.with_policy(kind, drift=TOLD, **{"persist": PERSIST, "health": 64, "events": 200, **words})


def after(kind: Any, frames: int = 1200, **words: Any) -> tuple[Monitor, pd.DataFrame]:
    monitor = Monitor(looped(kind, **words))
    return monitor, monitor.run(level_jump(frames))


def said(monitor: Monitor) -> list[str]:
    return [str(event) for event in monitor.events.event if event not in ("state", "health", "alarm")]
