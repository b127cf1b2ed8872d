"""Recipes of samples and of slow data that the tests share, and data for any recipe that comes with twinbit."""

from __future__ import annotations

import numpy as np
import pandas as pd
from conftest import make_frames
from twinbit import Recipe
from twinbit.recipe_parts import (
    Arithmetic,
    Bands,
    Bank,
    Boxes,
    Centre,
    Decision,
    Deviation,
    Distance,
    Envelope,
    Framer,
    Input,
    KMeans,
    Lags,
    Octaves,
    Scaler,
    Seasonal,
    Steady,
    Subspace,
    Tail,
    TimeFeatures,
    Univariate,
)
from twinbit.recipe_signal import STATISTICS

RATE = 1000.0
RECIPES: dict[str, Recipe] = {
    "bands": Recipe(
        Distance(2, rate=0.01),
        scaler=Centre(),
        framer=Framer(64, 16, "line", RATE),
        extractors=(Bands(6, taper="hamming", level=True), Bands(4, "linear", 100.0, 400.0, fused=True)),
    ),
    "envelope": Recipe(
        Bank(Subspace(2), modes=2, few=8),
        framer=Framer(96, 48, rate=RATE),
        extractors=(Envelope(100.0, 400.0, bands=Bands(4, "linear", size=64, hop=16)), TimeFeatures(("rms",), True)),
    ),
    "time": Recipe(
        KMeans(2), framer=Framer(32, 32), extractors=(TimeFeatures(STATISTICS),), transforms=(Lags(2, lagged=True),)
    ),
    "time and boxes": Recipe(
        Boxes(8, adapt="never"), scaler=None, framer=Framer(32, 16), extractors=(TimeFeatures(),), tail=Tail(forget=64)
    ),
    "octaves": Recipe(Distance(1, "shared", few=4), scaler=Centre(1), transforms=(Octaves(2), Lags(1, 2))),
    "deviation": Recipe(Deviation(settle=5), scaler=None),
    "seasonal": Recipe(
        Seasonal(4, bin=20),
        Input(phase=True),
        None,
        Steady(learning=100, calibrating=100, smoothing=1.0, threshold=4.0),
        tail=Tail(),
        period=600.0,
    ),
    "univariate": Recipe(
        Univariate(4, 8), Input(phase=True), None, Steady(learning=100, calibrating=100, smoothing=1.0), period=600.0
    ),
}
ARITHMETICS: tuple[Arithmetic, ...] = ("f32", "q15", "q31")


def make_samples(count: int = 12_000, axes: int = 2, seed: int = 0) -> np.ndarray:
    """Two tones and noise; from three quarters on a third tone, as strong as the first, on axis 0."""
    rng = np.random.default_rng(seed)
    t = np.arange(count)[:, None] / RATE
    samples = np.sin(2 * np.pi * 50 * t) + 0.4 * np.sin(2 * np.pi * 130 * t) + 0.2 * rng.normal(size=(count, axes))
    samples[count * 3 // 4 :, 0] += np.sin(2 * np.pi * 300 * t[count * 3 // 4 :, 0])
    return (samples * np.arange(1, axes + 1)).astype(np.float32)


def data_for(recipe: Recipe) -> np.ndarray | pd.DataFrame:
    """Samples, spectra, one channel with its time, or frames."""
    if recipe.framer is not None:
        return make_samples(60_000 if recipe.framer.window > 500 else 12_000)
    if any(isinstance(part, Octaves) for part in recipe.transforms):
        return np.abs(make_frames(channels=64))
    if recipe.takes_clock:
        index = pd.date_range("2026-01-01", periods=400, freq="10min")
        return pd.DataFrame(make_frames(channels=1), index=index, columns=["load"])
    return make_frames()


def ready(name: str, arithmetic: Arithmetic = "q15") -> Recipe:
    """One of the recipes, fitted to its data."""
    from dataclasses import replace

    recipe = replace(RECIPES[name], arithmetic=arithmetic)
    if isinstance(recipe.decision, Decision):
        recipe = replace(recipe, decision=Decision(smoothing=0.3, margin=0.25, k=2, n=3, hysteresis=0.1))
    return recipe.fit(data_for(recipe), 0.5)


__all__ = ["ARITHMETICS", "RATE", "RECIPES", "Scaler", "data_for", "make_samples", "ready"]
