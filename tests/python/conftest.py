"""What the Python tests share: generated frames, and monitors that have learned them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from twinbit import Monitor, Recipe
from twinbit.recipe_parts import (
    ELM,
    Arithmetic,
    Autoencoder,
    Bank,
    Decision,
    DetectorPart,
    Input,
    KMeans,
    Layer,
    Mahalanobis,
    Scaler,
    Subspace,
)

ARITHMETICS: tuple[Arithmetic, ...] = ("f32", "q15", "q31")
DETECTORS: dict[str, DetectorPart] = {
    "kmeans": KMeans(clusters=4),
    "mahalanobis": Mahalanobis(),
    "autoencoder": Autoencoder((Layer(3), Layer(2, "relu")), rate=0.2, momentum=0.5, patience=90),
    "elm": ELM(6, kept=(0, 1, 3, 5)),
    "subspace": Subspace(1),
    "bank_autoencoder": Bank(Autoencoder((Layer(1),)), modes=3, few=8),
    "bank_elm": Bank(ELM(2, forget=64), modes=2, few=8),
    "bank_subspace": Bank(Subspace(1), modes=2, few=8),
}
LEARN = 200


def make_frames(count: int = 400, channels: int = 3, seed: int = 0) -> np.ndarray:
    """Two operating modes, and from three quarters on a fault in the first channel."""
    rng = np.random.default_rng(seed)
    mode = rng.integers(0, 2, (count, 1))
    frames = 20 + 5 * mode * np.arange(1, channels + 1) + rng.normal(size=(count, channels))
    frames[count * 3 // 4 :, 0] += 40
    return frames.astype(np.float32)


def make_recipe(detector: str = "kmeans", arithmetic: Arithmetic = "q15", **input_: object) -> Recipe:
    decision = Decision(50, 100, 50, smoothing=0.3, margin=0.25, k=2, n=3, hysteresis=0.1)
    recipe = Recipe(DETECTORS[detector], Input(**input_), Scaler(), decision, arithmetic)  # type: ignore[arg-type]
    return recipe.fit(make_frames())


@pytest.fixture
def frames() -> np.ndarray:
    return make_frames()


@pytest.fixture
def table(frames: np.ndarray) -> pd.DataFrame:
    index = pd.date_range("2026-01-01", periods=len(frames), freq="s")
    return pd.DataFrame(frames, index=index, columns=["speed", "load", "heat"])


@pytest.fixture(params=[(d, a) for d in DETECTORS for a in ARITHMETICS], ids="-".join)
def recipe(request: pytest.FixtureRequest) -> Recipe:
    detector, arithmetic = request.param
    return make_recipe(detector, arithmetic)


@pytest.fixture
def learned(frames: np.ndarray) -> Monitor:
    monitor = Monitor(make_recipe())
    monitor.run(frames[:LEARN])
    return monitor


def held(recipe: Recipe, policy: str) -> Recipe:
    return replace(recipe, input=replace(recipe.input, missing=policy))  # type: ignore[arg-type]
