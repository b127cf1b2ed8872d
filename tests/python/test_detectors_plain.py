"""Detectors of slow and of simple data by themselves."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import twinbit
from twinbit import Boxes, Deviation, Distance, Seasonal, Univariate

ARITHMETICS = ("f32", "q15", "q31")
KINDS: dict[str, Any] = {
    "distance": lambda **options: Distance(2, few=5, **options),
    "shared": lambda **options: Distance(2, "shared", few=5, **options),
    "deviation": Deviation,
    "boxes": lambda **options: Boxes(average=1, **options),
    "seasonal": lambda **options: Seasonal(1, average=1, **options),
    "univariate": lambda **options: Univariate(1, 16, **options),
}
MERGES = ("distance", "shared", "deviation")


def data(kind: str, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Rows to learn from, and one of each, normal and far off in the first channel."""
    channels = 1 if kind == "univariate" else 3
    normal = np.random.default_rng(seed).normal(20, 1, (500, channels)).astype(np.float32)
    far = normal[:1].copy()
    far[0, 0] += 60
    return normal, np.concatenate([normal[100:101], far])


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_far_off_scores_higher(kind: str, arithmetic: str, tmp_path: Path) -> None:
    normal, both = data(kind)
    detector = KINDS[kind](arithmetic=arithmetic).learn(normal)
    image = detector.image
    near, far = detector.score(both)
    assert far > near + 0.5
    shares = detector.explain(both)
    assert list(shares.columns) == [f"x{i}" for i in range(normal.shape[1])]
    assert shares.iloc[1].idxmax() == "x0"
    assert detector.image == image
    detector.save(tmp_path / "d.twinbit")
    for copy in (type(detector).load(tmp_path / "d.twinbit"), pickle.loads(pickle.dumps(detector))):
        assert copy.score(both).tolist() == [near, far]
    assert detector.learn_score(both)[0] == pytest.approx(near)
    assert detector.image != image


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
@pytest.mark.parametrize("kind", KINDS)
def test_merging(kind: str, arithmetic: str) -> None:
    normal, _ = data(kind)
    start = KINDS[kind](arithmetic=arithmetic).learn(normal[:200]).new_epoch()
    first, second = (type(start).from_bytes(start.to_bytes()) for _ in range(2))
    first.learn(normal[200:350])
    second.learn(normal[350:])
    if kind not in MERGES:
        with pytest.raises(twinbit.UnsupportedError):
            first.merge(second)
        return
    before = first.image
    first.merge(second)
    assert first.image != before
    if arithmetic != "f32":
        assert (
            first.unmerge(second).score(normal[:5]).tolist()
            == type(start)
            .from_bytes(twinbit.model.pack(twinbit.model.Model(first.recipe, before)))
            .score(normal[:5])
            .tolist()
        )


@pytest.mark.parametrize("kind", [Seasonal, Univariate])
def test_times_of_day_come_from_the_index(kind: Any) -> None:
    rng = np.random.default_rng(1)
    index = pd.date_range("2026-01-01", periods=2000, freq="30min")
    day = 10 * np.sin(2 * np.pi * index.hour / 24)
    table = pd.DataFrame({"load": 50 + day + rng.normal(size=2000)}, index=index)
    detector = kind(bins=24).learn(table)
    with pytest.raises(twinbit.ShapeError, match="give a table with a DatetimeIndex, or set bins to 1"):
        detector.score(table.to_numpy())
    with pytest.raises(twinbit.ShapeError, match="DatetimeIndex"):
        kind(bins=24).learn(table.to_numpy())
    assert detector.score(table[:3]).shape == (3,)
    assert list(detector.explain(table[:3]).columns) == ["load", "time of day"]
    blind = kind(bins=1).learn(table)
    assert blind.score(table.to_numpy()[:3]).shape == (3,)


def test_words_by_name() -> None:
    part = Univariate(1, level=99).recipe.detector
    assert isinstance(part, twinbit.recipe_parts.Univariate)
    assert part.level == 99
    with pytest.raises(twinbit.RecipeError, match="level = 0 is out of range"):
        Seasonal(1, level=0)
