"""Streams that change at known frames."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from twinbit.datasets import DRIFTS, drift_stream


@pytest.mark.parametrize("kind", DRIFTS)
def test_a_seed_gives_the_same_frames_and_all_kinds_begin_alike(kind: str) -> None:
    one, two = (drift_stream(kind, channels=3, seed=5) for _ in range(2))
    pd.testing.assert_frame_equal(one.frames, two.frames, check_exact=True)
    stationary = drift_stream("stationary", channels=3, seed=5)
    pd.testing.assert_frame_equal(one.frames[:2_000], stationary.frames[:2_000], check_exact=True)
    assert list(one.frames.columns) == ["x0", "x1", "x2"]
    assert one.array[:100].tolist() != drift_stream(kind, channels=3, seed=6).array[:100].tolist()


def test_changes_are_where_it_says() -> None:
    assert drift_stream("stationary").about["changes"] == ()
    assert drift_stream("abrupt", frames=100, at=100).about["changes"] == ()
    assert drift_stream("abrupt", at=700).about["changes"] == (700,)
    assert drift_stream("gradual", at=700).about["changes"] == (700,)
    recurring = drift_stream("recurring", frames=4_000, at=1_000, period=1_500)
    assert recurring.about["changes"] == (1_000, 2_500)
    concept = recurring.truth["concept"].to_numpy()
    assert np.flatnonzero(np.diff(concept)).tolist() == [999, 2_499]


def test_mean_and_spread_are_those_asked_for() -> None:
    values = drift_stream("abrupt", frames=20_000, at=10_000, size=-2.0, spread=0.5).frames["x0"]
    assert values[:10_000].mean() == pytest.approx(0, abs=0.05)
    assert values[:10_000].std() == pytest.approx(1, abs=0.05)
    assert values[10_000:].mean() == pytest.approx(-2, abs=0.05)
    assert values[10_000:].std() == pytest.approx(0.5, abs=0.05)


def test_gradual_drift_mixes_more_and_more() -> None:
    concept = drift_stream("gradual", frames=12_000, at=1_000, width=10_000).truth["concept"].to_numpy()
    assert concept[:1_000].sum() == 0
    assert concept[11_000:].all()
    tenths = concept[1_000:11_000].reshape(10, 1_000).mean(axis=1)
    assert np.allclose(tenths, np.arange(0.05, 1, 0.1), atol=0.06)


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "sudden"}, {"frames": 0}, {"at": -1}, {"width": 0}, {"period": 0}, {"channels": 0}, {"spread": 0.0}],
)
def test_arguments_out_of_range_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="must"):
        drift_stream(**wrong)  # type: ignore[arg-type]
