"""What a recipe costs on a target, as counted there."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from twinbit.errors import TwinbitError
from twinbit.parity.cost import FrameCost, frame_cost
from twinbit.parity.targets import Target, embedded_target
from twinbit.recipe import Recipe
from twinbit.recipe_detectors import KMeans
from twinbit.recipe_parts import Framer, Scaler, TimeFeatures

TARGET = embedded_target("cortex-m4f")
VALUES = np.random.default_rng(5).normal(size=(600, 3)).astype(np.float32)


@pytest.fixture
def counted(build_dir: Path, require: Callable[[Target], None]) -> Callable[[Recipe], FrameCost]:
    """The cost of a recipe that learns from VALUES."""
    require(TARGET)

    def count(recipe: Recipe) -> FrameCost:
        cost = frame_cost(recipe, VALUES, TARGET.name, build_dir)
        assert cost is not None
        return cost

    return count


def test_frames(counted: Callable[[Recipe], FrameCost]) -> None:
    recipe = Recipe(KMeans(8), scaler=Scaler(), arithmetic="q15").fit(VALUES, 400)
    cost = counted(recipe)
    assert (cost.image, cost.ram) == (recipe.cost().image, recipe.cost().ram)
    assert 6000 < cost.flash < 10_000
    assert 1000 < cost.instructions <= cost.most < 5000
    assert 200 < cost.stack < 1000
    assert (cost.samples, cost.per_sample) == (1, 0)
    assert cost.per_second(10.0) == 10 * cost.instructions


def test_windows_cost_by_their_samples_too(counted: Callable[[Recipe], FrameCost]) -> None:
    recipe = Recipe(
        KMeans(4), scaler=Scaler(), arithmetic="q15", framer=Framer(16, 8), extractors=(TimeFeatures(("rms", "mean")),)
    ).fit(VALUES, 40)
    cost = counted(recipe)
    assert cost.samples == 8
    assert 100 < cost.per_sample < cost.instructions
    assert cost.per_second(8.0) == cost.instructions + 7 * cost.per_sample


def test_no_tools_no_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda tool: None)
    recipe = Recipe(KMeans(2)).fit(VALUES, 100)
    assert frame_cost(recipe, VALUES) is None


def test_frames_that_never_watch(counted: Callable[[Recipe], FrameCost]) -> None:
    recipe = Recipe(KMeans(2)).fit(VALUES, 100)
    endless = replace(recipe, decision=replace(recipe.decision, learning=2**31 - 1))
    with pytest.raises(TwinbitError, match="do not bring"):
        counted(endless)
