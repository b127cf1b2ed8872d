"""The meter counts what a step costs, and the same number each time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from twinbit import Monitor, Recipe
from twinbit.boards.cost import TARGET, frame_cost
from twinbit.parity.targets import Target, find_targets
from twinbit.recipe_parts import KMeans


@pytest.mark.parametrize("arithmetic", ["f32", "q15"])
def test_instructions_of_a_frame(arithmetic: str, build_dir: Path, require: Callable[[Target], None]) -> None:
    require(find_targets([TARGET])[0])
    frames = np.random.default_rng(0).normal(size=(220, 4)).astype(np.float32)
    found = []
    for clusters in (2, 8):
        recipe = Recipe(KMeans(clusters), arithmetic=arithmetic).fit(frames, 200)  # type: ignore[arg-type]
        monitor = Monitor(recipe)
        monitor.run(frames[:200])
        rows = frames[200:210]
        costs = [frame_cost(recipe, monitor.image, rows[:count], count, build_dir) for count in (5, 10)]
        assert all(cost is not None and cost.image == recipe.cost().image for cost in costs)
        assert all(cost is not None and cost.ram == recipe.cost().ram for cost in costs)
        found.append([cost.instructions for cost in costs if cost is not None])
    (two, more_of_two), (eight, more_of_eight) = found
    assert two == pytest.approx(more_of_two, rel=0.05)
    assert eight == pytest.approx(more_of_eight, rel=0.05)
    assert 500 < two < eight < 8 * two  # six clusters more are looked at
