"""The recipes of parity and budget runs, and the exported C that a runner is linked with."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from twinbit.recipe import Recipe
from twinbit.recipe_parts import Arithmetic, Channel, Decision, Input, KMeans, Mahalanobis, Scaler

from .script import phases

ARITHMETICS: tuple[Arithmetic, ...] = get_args(Arithmetic)
DETECTORS: dict[str, KMeans | Mahalanobis] = {"kmeans": KMeans(clusters=8), "mahalanobis": Mahalanobis()}


def make_recipe(arithmetic: Arithmetic, detector: str, channels: tuple[Channel, ...], frames: int) -> Recipe:
    """Input that holds missing values, scaler, detector and decision for a recording of so many frames."""
    scaling, learning, calibrating = phases(frames)
    decision = Decision(
        scaling=scaling,
        learning=learning,
        calibrating=calibrating,
        smoothing=0.3,
        false_alarm_rate=0.01,
        margin=0.25,
        k=2,
        n=3,
        hysteresis=0.1,
        hold=5.0,
        gap=60.0,
    )
    return Recipe(DETECTORS[detector], Input(channels, "hold"), Scaler(), decision, arithmetic)


def exported(recipe: Recipe, folder: Path) -> Path:
    """Writes the recipe as `twinbit export` does, with the name that the runner looks for; returns the C file."""
    from twinbit.export import render  # here, since twinbit.export imports this package

    folder.mkdir(parents=True, exist_ok=True)
    for name, text in render(recipe, "runner").items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "runner.c"
