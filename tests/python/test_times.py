"""Time and phase on their way into the core."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from conftest import make_frames, make_recipe
from twinbit import Monitor, ShapeError
from twinbit.frames import Frames
from twinbit.times import Clock, phase_words, seconds_to_ms

STAMPS = pd.DatetimeIndex(["2026-01-01 00:00:00", "2026-01-01 00:00:01.5", "2026-01-01 00:00:01", "2026-03-01"])


def frames(index: pd.Index) -> Frames:
    return Frames(np.zeros((len(index), 1), dtype=np.float32), index)


def test_times_of_an_index() -> None:
    times, clock = Clock(None).times(frames(STAMPS), None)
    assert times is not None
    assert times.tolist() == [0, 1500, 0, 2**32 - 1]  # backwards is not known; 59 days are limited to 49
    times, _ = clock.times(frames(pd.DatetimeIndex(["2026-03-01 00:00:02"])), None)
    assert times is not None
    assert times.tolist() == [2000]


def test_times_of_a_period() -> None:
    clock = Clock(0.25)
    times, clock = clock.times(frames(pd.RangeIndex(3)), None)
    assert times is not None
    assert times.tolist() == [0, 250, 250]
    times, _ = clock.times(frames(pd.RangeIndex(2)), None)
    assert times is not None
    assert times.tolist() == [250, 250]
    assert Clock(None).times(frames(pd.RangeIndex(2)), None)[0] is None


def test_dt_wins_and_has_a_shape() -> None:
    times, _ = Clock(1.0).times(frames(STAMPS), [0.1, 0.2, 0.3, 0.4])
    assert times is not None
    assert times.tolist() == [100, 200, 300, 400]
    with pytest.raises(ShapeError, match=r"dt: \(2,\) should be \(4,\)"):
        Clock(1.0).times(frames(STAMPS), [0.1, 0.2])


def test_limits() -> None:
    assert seconds_to_ms([1e12, -1.0, np.inf, np.nan, 0.0005]).tolist() == [2**32 - 1, 0, 2**32 - 1, 0, 1]
    words = phase_words([-0.25, 1 - 1e-12, 2.0])
    assert words is not None
    assert words.tolist() == [3 * 2**30, 0, 0]


def test_a_gap_restarts_the_smoothing() -> None:
    from dataclasses import replace

    recipe = make_recipe()
    recipe = replace(recipe, decision=replace(recipe.decision, gap=10.0))
    dt = np.ones(400)
    dt[250] = 11.0
    result = Monitor(recipe).run(make_frames(), dt=dt)
    assert result.smoothed[250] == result.score[250]
    assert result.smoothed[251] != result.score[251]
