"""The drift suite on made-up data and, where they are, on the fan's recordings: it shows what the loop promises."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from boards_data import carried_fan
from twinbit import Monitor, cli
from twinbit.boards import drift, drift_fan, drift_normal, drift_slow, drift_streams
from twinbit.boards.drift_jobs import worst
from twinbit.datasets import DataNotFoundError, data_root
from twinbit.recipe_parts import KMeans


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return carried_fan(tmp_path_factory.mktemp("data"))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """As few runs as there can be."""
    monkeypatch.setattr(drift_fan, "VARIANTS", 1)
    monkeypatch.setattr(drift_slow, "DETECTORS", (KMeans(clusters=1),))
    monkeypatch.setattr(drift_slow, "GROWTHS", (0.01,))
    monkeypatch.setattr(drift_normal, "FRAMES", 1_000)
    monkeypatch.setattr(drift_streams, "SEEDS", 2)


@cache
def real() -> drift_fan.Rooms:
    try:
        return drift_fan.rooms(data_root())
    except DataNotFoundError:
        pytest.skip("no recordings: set TWINBIT_DATA to the folder of data sets")


def evaluate(root: Path, *options: str) -> int:
    return cli.run(["evaluate", "--suite", "drift", "--data", str(root), "--arithmetic", "q15", "--no-cost", *options])


@pytest.mark.usefixtures("small")
def test_the_command(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(root, "--json", "--require", "--plots", str(tmp_path)) == 0
    found = json.loads(capsys.readouterr().out)
    figures = found["suites"]["drift"]
    assert list(figures) == list(drift.PARTS)
    fan = figures["fan_relearn"]
    assert fan["told_before"] == 0
    assert fan["told_after"] <= 75
    assert list(fan["false_alarms"]) == ["50", "100", "200", "300"]
    assert fan["false_alarms"]["300"] <= 0.06
    assert fan["auc_after"] >= 0.98
    assert 1 < figures["slow_fault"]["protected_size_at_alarm"] < 2
    assert figures["slow_fault"]["unprotected_alarmed"] is False
    assert figures["level_jump"]["relearn"]["learned"]
    assert not figures["level_jump"]["freeze"]["learned"]
    assert {"detector", "stream", "delay", "false_alarms_per_10k"} <= set(figures["streams"][0])
    assert {row["detector"] for row in figures["streams"]} == {"page_hinkley", "adwin", "ks", "centroid"}
    assert {row["part"] for row in found["rows"]} == set(drift.PARTS)
    assert all(found["aims"]["q15"]["drift"].values())
    assert found["costs"]["q15"]["drift"]["image_bytes"] > 0
    pictures = {path.stem for path in tmp_path.glob("*.png") if path.stat().st_size > 20_000}
    assert pictures == {f"drift-{part}-q15" for part in ("fan", "slow", "jump", "streams")}


@pytest.mark.usefixtures("small")
def test_the_table(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(root) == 0
    out = capsys.readouterr().out
    assert [line.split()[1] for line in out.splitlines() if line.startswith("drift ")] == list(drift.PARTS)
    assert "without protection no alarm" in out
    assert sum(line.startswith("page_hinkley") for line in out.splitlines()) == 5


def test_without_the_fan_it_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(tmp_path) == 2
    assert "cooling_fan" in capsys.readouterr().err
    root = carried_fan(tmp_path)
    for path in (root / "cooling_fan").glob("*damage1*"):
        path.unlink()
    assert evaluate(root) == 2
    assert "damage1" in capsys.readouterr().err


def table(drifts: Sequence[int], taken: Sequence[int], alarms: Sequence[int]) -> pd.DataFrame:
    marks: dict[str, Any] = {}
    for name, at in (("drift", drifts), ("taken", taken), ("alarm", alarms)):
        marks[name] = np.isin(np.arange(1000), at)
    return pd.DataFrame({**marks, "state": ["monitoring"] * 600 + ["learning"] * 50 + ["monitoring"] * 350})


def fan_run(drifts: Sequence[int], taken: Sequence[int], alarms: Sequence[int], area: float | None) -> Any:
    return drift_fan.FanRun(0, 500, table(drifts, taken, alarms), area, 0.9, outcome=None)  # type: ignore[arg-type]


def test_figures_of_the_fan() -> None:
    good = fan_run([520, 700], [600], [*range(500, 600), 900], 0.99)
    assert (good.told_before, good.told_after, good.taken_after, good.again_after) == (0, 20, 100, 150)
    assert good.false_alarms(50) == 51 / 450
    assert good.false_alarms(300) == 1 / 200
    found = drift_fan.found([good, good])
    assert all(found.aims.values())
    assert found.figures["false_alarms"]["300"] == 1 / 200
    early = drift_fan.found([good, fan_run([10, 30, 520], [600], [], 0.99)])
    assert [aim for aim, met in early.aims.items() if not met] == ["fan: no drift told before the change"]
    assert early.figures["told_before"] == 2
    late = drift_fan.found([good, fan_run([590], [], range(500, 1000), 0.97)])
    assert [late.figures[name] for name in ("told_after", "monitors_after", "auc_after")] == [90, None, 0.97]
    assert sum(late.aims.values()) == 1
    never = drift_fan.found([fan_run([], [], [], None)])
    assert never.figures["told_after"] is None
    assert never.figures["auc_after"] is None
    json.dumps(never.figures, allow_nan=False)


def test_a_missing_figure_is_the_worst() -> None:
    assert worst([]) is None
    assert worst([1.0, None]) is None
    assert worst([1, 4]) == 4
    assert worst([1, 4], least=True) == 1


def test_the_budget_is_what_protects() -> None:
    run = drift_slow.slow(KMeans(clusters=1), "q31", 0.01, most=2.5)
    budget, alarm = run.size_at("drift"), run.size_at("alarm")
    assert budget is not None
    assert alarm is not None
    assert 0.3 < budget < 1 < alarm < 2
    assert not run.unprotected["alarm"].any()
    assert not run.unprotected["drift"].any()
    missed = drift_slow.found([replace(run, protected=run.unprotected)])
    assert missed.figures["protected_size_at_alarm"] is None
    assert sum(missed.aims.values()) == 1


def test_the_detectable_size_alarms_in_half_of_the_frames() -> None:
    run = drift_slow.slow(KMeans(clusters=1), "f32", 0.01, most=0.01)
    frames = drift_slow.noise(drift_slow.CONSTANT, 7)
    learn = drift_slow.noise(drift_slow.LEARN.frames, 0)
    monitor = Monitor(drift_slow.recipe_of(KMeans(clusters=1), "f32", None, learn))
    monitor.run(learn)
    alarms = monitor.run(frames + np.float32(run.detectable))["alarm"]
    assert 0.35 < alarms.mean() < 0.65


def test_drifts_of_a_machine_are_counted() -> None:
    found = drift_normal.found([drift_normal.NormalRun(100_000, np.array([5, 9]), 0.0)])
    assert found.figures["told"] == 2
    assert not any(found.aims.values())


def test_the_fan_that_was_recorded() -> None:
    """One variant; `twinbit evaluate --suite drift --require` has all."""
    run = drift_fan.variant(real(), drift_fan.recipe_of("q15", seed=4), 60)
    found = drift_fan.found([run])
    assert all(found.aims.values()), found.figures
    assert found.figures["damaged_alarmed"] > 0.5
