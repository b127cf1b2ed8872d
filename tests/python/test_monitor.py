"""The monitor: what it tells, what it refuses, and with which words."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import twinbit
from conftest import LEARN, held, make_frames, make_recipe
from twinbit import Monitor, Recipe


def test_it_learns_and_alarms(recipe: Recipe, frames: np.ndarray) -> None:
    monitor = Monitor(recipe)
    result = monitor.run(frames)
    assert monitor.state == "monitoring"
    assert list(result.state.cat.categories) == ["scaling", "learning", "calibrating", "monitoring"]
    assert (result.state[:49] == "scaling").all()
    assert (result.state[150:199] == "calibrating").all()
    scored = result.score.notna().to_numpy().argmax()  # an ELM derives its model first, a row of it a frame
    assert 150 <= scored < 160
    begin = scored + 49
    assert result.threshold[:begin].isna().all()
    assert result.threshold[begin + 1 :].notna().all()
    assert result.similarity[:begin].isna().all()
    assert not result.alarm[:300].any()
    assert result.alarm[303:].all()
    assert (result.smoothed[300:] > result.threshold[300:]).equals(result.over[300:])
    assert (result.similarity[303:] < 50).all()


def test_pandas_in_pandas_out(table: pd.DataFrame) -> None:
    monitor = Monitor("kmeans", learn=LEARN)
    result = monitor.run(table)
    assert result.index.equals(table.index)
    assert monitor.channels == ("speed", "load", "heat")
    assert monitor.score(table).index.equals(table.index)
    shares = monitor.explain(table[-20:])
    assert list(shares.columns) == ["speed", "load", "heat"]
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-3)
    assert (shares.speed > 0.5).all()


def test_columns_are_found_by_name(table: pd.DataFrame) -> None:
    monitor, twin = Monitor("kmeans", learn=LEARN), Monitor("kmeans", learn=LEARN)
    monitor.run(table), twin.run(table)
    turned = table[["heat", "speed", "load"]]
    pd.testing.assert_frame_equal(monitor.run(turned), twin.run(table))


def test_learn_share_and_default_name(frames: np.ndarray) -> None:
    assert Monitor("kmeans", learn=0.5).run(frames).state.eq("monitoring").idxmax() == 199
    assert Monitor("mahalanobis", learn=100).run(frames).state.eq("monitoring").idxmax() == 99


def test_counts_are_counts() -> None:
    counts = (make_frames() * 100).astype(np.int16)
    images = set()
    for given in (counts, counts.astype(np.int32)):
        monitor = Monitor("kmeans", learn=LEARN)
        result = monitor.run(given)
        assert monitor.recipe.input.channels[0].unit == 0
        assert not result.clipped[:300].any()
        assert result.alarm[310:].all()
        images.add(monitor.image)
    assert len(images) == 1


def test_missing_values(frames: np.ndarray) -> None:
    gap = frames.copy()
    gap[220, 1] = np.nan
    with pytest.raises(twinbit.NotFiniteError, match=r'step: frame 220, channel 1: .*missing = "hold"') as caught:
        Monitor(make_recipe()).run(gap)
    assert (caught.value.name, caught.value.frame, caught.value.channel) == ("TB_ERR_NOT_FINITE", 220, 1)
    result = Monitor(held(make_recipe(), "hold")).run(gap)
    assert result.held.to_numpy().nonzero()[0].tolist() == [220]
    result = Monitor(held(make_recipe(), "skip")).run(gap)
    assert result.skipped.to_numpy().nonzero()[0].tolist() == [220]
    assert np.isnan(result.score[220])


def test_missing_counts(frames: np.ndarray) -> None:
    counts = (frames * 100).astype(np.int16)
    counts[220, 1] = np.iinfo(np.int16).min
    recipe = Recipe(input=twinbit.Input(missing="refuse")).fit(counts, 200)
    with pytest.raises(twinbit.MissingValueError, match="frame 220, channel 1"):
        Monitor(recipe).run(counts)
    assert Monitor(held(recipe, "hold")).run(counts).held[220]


def test_infinity_is_refused(frames: np.ndarray) -> None:
    frames[3, 2] = np.inf
    with pytest.raises(twinbit.NotFiniteError, match="frame 3, channel 2"):
        Monitor(make_recipe()).run(frames)
    with pytest.raises(twinbit.NotFiniteError, match="frame 3, channel 2"):
        Monitor(make_recipe()).run(np.where(np.isinf(frames), 1e300, frames.astype(np.float64)))


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ([1.0, 2.0, 3.0], r"1 axes, it should have 2: \(frames, channels\); use reshape\(1, -1\)"),
        (np.zeros((2, 3, 4)), "3 axes"),
        (np.zeros((5, 2)), r"2 columns, the recipe has 3 channels \(x0, x1, x2\)"),
        ([["a", "b", "c"]], "numbers"),
        (pd.DataFrame({"a": ["x"], "b": [1.0], "c": [2.0]}), "column 'a' holds"),
    ],
)
def test_shapes(given: object, text: str) -> None:
    with pytest.raises(twinbit.ShapeError, match=text):
        Monitor(make_recipe()).run(given)  # type: ignore[arg-type]


def test_one_frame_errors(learned: Monitor) -> None:
    with pytest.raises(twinbit.ShapeError, match="step_one"):
        learned.step_one([1.0, 2.0])
    with pytest.raises(twinbit.ShapeError):
        learned.step_one(np.zeros((1, 3), dtype=np.float32))
    with pytest.raises(twinbit.NotFiniteError, match="step_one: channel 2"):
        learned.step_one([1.0, 2.0, float("nan")])
    with pytest.raises(TypeError):
        learned.step_one([1.0, 2.0, "three"])
    with pytest.raises(TypeError):
        learned.step_one(7)


def test_one_result(learned: Monitor, frames: np.ndarray) -> None:
    result = learned.step_one(frames[LEARN])
    assert (result.frame, result.state, result.scored, result.alarm) == (LEARN, 3, True, False)
    assert result.threshold is not None
    assert result.similarity is not None
    assert 50 <= result.similarity <= 100
    assert learned.frames == LEARN + 1
    fresh = Monitor(make_recipe()).step_one(frames[0])
    assert fresh.threshold is None
    assert fresh.similarity is None


def test_before_it_can(frames: np.ndarray) -> None:
    with pytest.raises(twinbit.StateError, match="has no channels yet"):
        Monitor("kmeans").score_one([1.0])
    with pytest.raises(twinbit.StateError, match=r"score: .*more frames"):
        Monitor(make_recipe()).score(frames)
    with pytest.raises(twinbit.RecipeError, match="learn = 500 frames, but there are only 400"):
        Monitor("kmeans", learn=500).run(frames)


def test_hold_needs_time(frames: np.ndarray, table: pd.DataFrame) -> None:
    recipe = make_recipe()
    recipe = replace(recipe, decision=replace(recipe.decision, hold=5.0))
    with pytest.raises(twinbit.RecipeError, match="needs time"):
        Monitor(recipe).run(frames)
    by_dt = Monitor(recipe).run(frames, dt=np.ones(len(frames)))
    by_index = Monitor(recipe).run(table.set_axis(["x0", "x1", "x2"], axis=1))
    by_period = Monitor(replace(recipe, period=1.0)).run(frames)
    assert by_dt.alarm.tolist() == by_index.alarm.tolist() == by_period.alarm.tolist()


def test_two_threads_at_once_raise() -> None:
    monitor = Monitor(make_recipe())
    many = np.ascontiguousarray(np.tile(make_frames(4000), (500, 1)))
    running, errors = threading.Event(), []

    def work() -> None:
        running.set()
        monitor.step(many)

    worker = threading.Thread(target=work)
    worker.start()
    running.wait()
    while worker.is_alive() and not errors:
        try:
            monitor.step_one(many[0])
        except RuntimeError as error:
            errors.append(str(error))
    worker.join()
    assert errors
    assert "used by another thread" in errors[0]
    monitor.step_one(many[0])  # and it is free again


def test_phase_makes_two_features() -> None:
    turns = np.linspace(0, 20, 400)
    monitor = Monitor(make_recipe(phase=True))
    monitor.run(make_frames(), phase=turns)
    assert list(monitor.explain(make_frames()[:2], phase=turns[:2]).columns)[3:] == ["cos(phase)", "sin(phase)"]
    with pytest.raises(twinbit.ShapeError, match="phase"):
        monitor.run(make_frames(), phase=np.full(400, np.nan))
    with pytest.raises(ValueError, match="one number for each frame"):
        monitor.run(make_frames(), phase=turns[:5])


def test_recalibrate(learned: Monitor, frames: np.ndarray) -> None:
    learned.recalibrate()
    assert learned.state == "calibrating"
    result = learned.run(frames[LEARN : LEARN + 60])
    assert result.state.iloc[-1] == "monitoring"


def test_repr_and_header(learned: Monitor) -> None:
    assert repr(learned).startswith("Monitor(recipe: KMeans, q15, 3 channels, monitoring, image ")
    assert learned.header()["frames"] == LEARN
    assert len(learned.image) == learned.cost().image == learned.recipe.cost().image
    assert learned.cost().ram == sum((learned.cost().image, learned.cost().scratch, learned.cost().plan))


def test_selftest(recipe: Recipe) -> None:
    recipe.selftest()
