"""Monitors that take samples: windows, times, errors, counts, and the command line on raw recordings."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import twinbit
from signal_recipes import ARITHMETICS, RATE, RECIPES, data_for, make_samples, ready
from test_cli import call
from twinbit import Monitor, Recipe, _core
from twinbit.evaluate import evaluate
from twinbit.plot import contributions, recording_figure
from twinbit.times import Clock

SAMPLES = make_samples()
FRAMED = [name for name, recipe in RECIPES.items() if recipe.framer]


def started(name: str, arithmetic: Any = "q15") -> Monitor:
    monitor = Monitor(ready(name, arithmetic))
    monitor.step(SAMPLES)
    return monitor


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
@pytest.mark.parametrize("name", FRAMED)
def test_batches_may_be_split_anywhere(name: str, arithmetic: Any) -> None:
    recipe = ready(name, arithmetic)
    whole, parts, singly = Monitor(recipe), Monitor(recipe), _core.Monitor(recipe.to_bytes())
    table = whole.run(SAMPLES)
    cuts = [0, 1, 30, 31, 200, 4000, 4001, len(SAMPLES)]
    results = [parts.step(SAMPLES[a:b]) for a, b in pairwise(cuts)]
    assert np.concatenate(results).tobytes() == Monitor(recipe).step(SAMPLES).tobytes()
    every = singly.step_many(SAMPLES)
    gathering = every["flags"] & 256 != 0
    assert every[~gathering].tobytes() == np.concatenate(results).tobytes()
    assert whole.image == parts.image == singly.save()
    framer = recipe.framer
    assert framer
    assert (
        table.index.tolist()
        == list(range(framer.window - 1, len(SAMPLES), framer.hop))
        == list(np.flatnonzero(~gathering))
    )
    assert whole.frames == framer.frames(len(SAMPLES)) == len(table)


def test_what_is_held_is_told_wherever_a_batch_is_split() -> None:
    fitted = ready("bands")
    recipe = replace(fitted, input=replace(fitted.input, missing="hold"))
    samples = SAMPLES[:3000].copy()
    samples[::29] = np.nan
    whole, parts = Monitor(recipe), Monitor(recipe)
    results = [parts.step(samples[i : i + 7]) for i in range(0, len(samples), 7)]
    assert np.concatenate(results).tobytes() == whole.step(samples).tobytes()
    assert whole.image == parts.image


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
@pytest.mark.parametrize("name", FRAMED)
def test_faults_are_seen(name: str, arithmetic: Any) -> None:
    recipe = ready(name, arithmetic)
    table = Monitor(recipe).run(SAMPLES)
    fault = table.index >= len(SAMPLES) * 3 // 4
    watched = table.state == "monitoring"
    assert table.alarm[watched & ~fault].mean() < 0.15
    assert table.alarm[fault][:10].any()  # a tail gets used to it


def test_phases_of_windows_are_one_a_sample() -> None:
    monitor = started("bands")
    for wrong in (9, len(SAMPLES) + 1):
        with pytest.raises(twinbit.ShapeError, match=rf"phase: \({wrong},\) should be \({len(SAMPLES)},\)"):
            monitor.score(SAMPLES, np.zeros(wrong))
    assert len(monitor.score(SAMPLES, np.zeros(len(SAMPLES)))) == monitor.frames


def test_windows_score_and_explain_as_the_stream_does() -> None:
    monitor = started("bands")
    image, framer = monitor.image, monitor.recipe.framer
    assert framer
    scores = monitor.score(SAMPLES[-200:])
    assert scores.index.tolist() == [63, 79, 95, 111, 127, 143, 159, 175, 191]
    shares = monitor.explain(SAMPLES[-framer.window :])
    assert shares.columns.tolist() == list(monitor.recipe.features)
    assert "x0 250-500 Hz" in shares.iloc[0].nlargest(2).index or shares.iloc[0].filter(like="x0").sum() > 0.8
    assert monitor.image == image
    last = Monitor(monitor.recipe).load_image(image).step(SAMPLES[-framer.hop :])
    assert len(last) == 1
    assert monitor.learn(SAMPLES[: framer.window]).image != image
    assert len(monitor.score(SAMPLES[:63])) == 0


def test_time_goes_on_between_samples() -> None:
    at = np.round(np.arange(9600) * 1e9 / 3200).astype(np.int64)
    index = pd.DatetimeIndex(pd.Timestamp("2026-01-01") + pd.to_timedelta(at, unit="ns"))
    clock, total = Clock(None, carry=True), 0
    for part in (index[:1], index[1:700], index[700:]):
        times, clock = clock.times(twinbit.frames.as_frames(pd.DataFrame({"x": np.zeros(len(part))}, index=part)), None)
        assert times is not None
        assert times.max(initial=0) <= 1
        total += int(times.sum())
    assert total == 2999  # 9,599 steps of 0.3125 ms
    times, _ = Clock(None, carry=True).times(twinbit.frames.as_frames(np.zeros((4, 1))), [0.0004, np.nan, 0.0004, -1])
    assert times is not None
    assert times.tolist() == [0, 0, 0, 0]


def test_a_gap_empties_the_window() -> None:
    recipe = Recipe.from_toml(ready("bands").to_toml().replace("gap = 0.0", "gap = 1.0", 1))
    dt = np.full(640, 1 / RATE)
    dt[100] = 3600.0
    _, at = Monitor(recipe).step_frames(SAMPLES[:640], dt=dt)
    assert at.tolist()[:4] == [63, 79, 95, 163]


def test_a_bad_sample_changes_nothing() -> None:
    monitor = started("time")
    image, bad = monitor.image, SAMPLES[:100].copy()
    bad[70, 1] = np.inf
    with pytest.raises(twinbit.NotFiniteError) as error:
        monitor.step(bad)
    assert (error.value.frame, error.value.channel) == (70, 1)
    with pytest.raises(twinbit.NotFiniteError) as error:
        monitor.score(bad)
    assert (error.value.frame, error.value.channel) == (2, 1)  # the third window
    assert monitor.image == image
    with pytest.raises(twinbit.ShapeError, match="2 channels"):
        monitor.step(SAMPLES[:, :1])


@pytest.mark.parametrize("arithmetic", ["q15", "q31"])
def test_counts_of_both_widths(arithmetic: Any) -> None:
    counts = np.round(SAMPLES * 3000).astype(np.int16)
    recipe = Recipe.from_toml(RECIPES["bands"].to_toml().replace('"q15"', f'"{arithmetic}"')).fit(counts, 0.5)
    narrow, wide = Monitor(recipe), Monitor(recipe)
    assert narrow.run(counts).equals(wide.run(counts.astype(np.int32)))
    assert narrow.image == wide.image
    assert narrow.score(counts[-300:]).equals(wide.score(counts[-300:].astype(np.int32)))
    assert narrow.explain(counts[-64:]).equals(wide.explain(counts[-64:].astype(np.int32)))
    narrow.learn(counts[:64])
    assert narrow.image == wide.learn(counts[:64].astype(np.int32)).image


def test_what_happened_to_samples_is_told_with_their_frame() -> None:
    recipe = Recipe.from_toml(ready("time").to_toml().replace('missing = "refuse"', 'missing = "hold"'))
    samples = SAMPLES[:320].copy()
    samples[70, 0], samples[200, 1] = np.nan, 1e9
    table = Monitor(recipe).run(samples)
    assert np.flatnonzero(table.held).tolist() == [2]
    assert np.flatnonzero(table.clipped).tolist() == [6]


def test_one_sample_at_a_time() -> None:
    recipe = ready("time")
    one, many = Monitor(recipe), Monitor(recipe)
    many.step(SAMPLES[:65])
    results = [one.step_one(sample) for sample in SAMPLES[:65].tolist()]
    assert [i for i, result in enumerate(results) if not result.gathering] == [31, 63]
    assert one.image == many.image
    learned = started("time")
    window = SAMPLES[:32]
    assert learned.score_one(window.ravel()) == learned.score(window).iloc[0]
    assert learned.score_one(window.ravel().tolist()) == learned.score(window).iloc[0]


def test_saved_in_the_middle_of_a_window(tmp_path: Path) -> None:
    recipe = ready("envelope")
    whole, first = Monitor(recipe), Monitor(recipe)
    whole.step(SAMPLES)
    first.step(SAMPLES[:7777])
    first.save(tmp_path / "m.twinbit")
    second = Monitor.load(tmp_path / "m.twinbit")
    assert second.recipe == recipe
    second.step(SAMPLES[7777:])
    assert second.image == whole.image


def test_labels_and_pictures_of_windows() -> None:
    labels = (np.arange(len(SAMPLES)) >= 9000).astype(float)
    labels[:10] = np.nan
    outcome = evaluate("a", pd.DataFrame(SAMPLES, columns=["x", "y"]), RECIPES["bands"], 0.5, labels)
    assert outcome.labels is not None
    assert len(outcome.labels) == len(outcome.table) == len(outcome.ends)
    assert outcome.learned_rows == outcome.ends[outcome.learned - 1] + 1
    assert outcome.labels[outcome.ends < 9000].max() == 0
    assert outcome.labels[outcome.ends >= 9064].min() == 1
    shares = contributions(outcome)
    assert shares.index[0].startswith("x ")
    assert recording_figure(outcome).axes[1].get_xlabel() == "sample"


def test_time_of_day_comes_from_the_index() -> None:
    recipe = ready("univariate")
    data = data_for(recipe)
    assert isinstance(data, pd.DataFrame)
    turns = (data.index.hour * 60 + data.index.minute) / 1440
    by_index, by_phase, by_period = Monitor(recipe), Monitor(recipe), Monitor(recipe)
    by_index.run(data)
    by_phase.run(data, phase=turns)
    by_period.run(data.to_numpy())
    assert by_index.image == by_phase.image
    assert by_index.score(data[:1]).iloc[0] == by_phase.score(data[:1], phase=turns[:1]).iloc[0]
    assert len(by_period.image) == len(by_index.image)


@pytest.mark.parametrize("suffix", ["npz", "csv", "wav"])
def test_command_line_on_raw_samples(capsys: pytest.CaptureFixture[str], tmp_path: Path, suffix: str) -> None:
    path, samples = tmp_path / f"raw.{suffix}", make_samples(60_000)
    if suffix == "npz":
        np.savez(path, x=samples)
    elif suffix == "csv":
        pd.DataFrame(samples, columns=["a", "b"]).to_csv(path, index=False)
    else:
        wavfile = pytest.importorskip("scipy.io.wavfile")
        wavfile.write(path, 1000, (samples * 8000).astype(np.int16))
    out = tmp_path / "scores.csv"
    rate = [] if suffix == "wav" else ["--rate", 1000]
    code, text, _ = call(
        capsys,
        "run",
        path,
        "--recipe",
        "bearing",
        *rate,
        "--learn",
        0.5,
        "--json",
        "--out",
        out,
        "--save",
        tmp_path / "m.twinbit",
    )
    assert code == 0
    scores = pd.read_csv(out)
    assert json.loads(text)["frames"] == len(scores)
    assert scores["sample"].diff().dropna().unique().tolist() == [50.0]
    loaded = Monitor.load(tmp_path / "m.twinbit").recipe
    assert loaded.framer
    assert (loaded.framer.rate, loaded.framer.window) == (1000.0, 100)


def test_a_rate_needs_a_recipe_of_samples(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    np.save(tmp_path / "raw.npy", make_samples(2000))
    code, _, err = call(capsys, "run", tmp_path / "raw.npy", "--rate", 10)
    assert code == 2
    assert "takes frames, not samples" in err
