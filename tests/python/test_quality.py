"""The pieces of the quality benchmark, and one seed of each bank on the cooling fan."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import pytest
from twinbit.datasets import DataNotFoundError, data_root

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "benchmarks"))

import quality
from quality_aims import IMAGE, missed
from quality_contestants import FAN, Contestant, contestants
from quality_data import ROOMS, Problem, ceiling_fan, cooling_fan, data_sets
from quality_run import ARITHMETICS, Runs, figures, judged, learned, run
from quality_table import Line, as_json, table


def have_data() -> bool:
    try:
        return (data_root() / "cooling_fan").is_dir()
    except DataNotFoundError:
        return False


needs_data = pytest.mark.skipif(not have_data(), reason="no recordings: set TWINBIT_DATA to the folder of data sets")

FLAGS = (np.array([True, True, False]), np.array([True, False]))
MADE = Problem(
    np.zeros((4, 2), np.float32), np.zeros((3, 2), np.float32), np.ones((2, 2), np.float32), counted={"on": FLAGS}
)


def line(kind: str = "bank of elm", data: str = "cooling fan noisy, 64 bands", **changes: object) -> Line:
    runs = {name: Runs(1000, {"running": (0.995, 0.993), "all": (0.9, 0.9)}) for name in ARITHMETICS}
    given: dict[str, object] = {"size": "4 x 8", "figure": "running", "baseline": False, "runs": runs, **changes}
    return Line(data, kind, **given)  # type: ignore[arg-type]


def with_runs(arithmetic: str, image: int, *aucs: float, **changes: object) -> Line:
    changed = line(**changes)
    return line(**changes, runs={**changed.runs, arithmetic: Runs(image, {"running": aucs, "all": aucs})})


def test_figures_count_the_frames_they_are_told() -> None:
    found = figures(MADE, np.array([0.0, 1.0, 9.0]), np.array([5.0, 6.0]))
    assert found == {"on": 1.0, "all": 4 / 6}
    assert judged([MADE]) == "on"
    assert judged([Problem(MADE.learn, MADE.normal, MADE.anomalous)]) == "all"


class Recorder:
    """Stands for a detector: remembers how many frames each call of `learn` gave it."""

    def __init__(self) -> None:
        self.calls: list[int] = []

    def learn(self, frames: np.ndarray) -> Recorder:
        self.calls.append(len(frames))
        return self


@pytest.mark.parametrize(("scaling", "calls"), [(0, [4]), (3, [3, 1])])
def test_one_pass_in_which_the_scaler_comes_first(scaling: int, calls: list[int]) -> None:
    recorder = Recorder()
    learned(recorder, Problem(MADE.learn, MADE.normal, MADE.anomalous, scaling))  # type: ignore[arg-type]
    assert recorder.calls == calls


def test_means_and_differences_are_over_seeds() -> None:
    ours, floats = Runs(8, {"all": (0.5, 0.75)}), Runs(16, {"all": (0.25, 0.25)})
    assert ours.mean("all") == 0.625
    assert ours.spread("all") == 0.125
    assert ours.above(floats, "all") == 0.375


def test_nothing_is_missed_where_all_aims_are_met() -> None:
    assert missed([line(), line("autoencoder"), line(data="digits", peer=0.99)]) == []


@pytest.mark.parametrize(
    ("missing", "what"),
    [
        (with_runs("q15", 1000, 0.989, 0.99), "an AUC of 0.9895 in Q15, the aim is 0.9900"),
        (with_runs("q15", IMAGE, 0.995, 0.993), "an image of 16384 bytes"),
        (with_runs("q31", 1000, 0.998, 0.995), r"differs by \+0.0025 between q31 and f32"),
        (with_runs("q15", 1000, 1.0, 1.0), r"differs by \+0.0060 between q15 and f32"),
        (line(data="digits", peer=0.9945), "PCA is 0.9945"),
    ],
)
def test_each_aim_can_be_missed(missing: Line, what: str) -> None:
    (found,) = missed([missing])
    assert re.search(what, found)
    assert missed([Line(**{**missing.__dict__, "baseline": True})]) == []


def test_table_and_json_have_every_figure() -> None:
    printed = table([line(), line("elm"), line(data="digits", figure="all", peer=0.5)])
    assert printed.count("AUC, running frames") == 1
    assert printed.splitlines()[-1].split() == [
        *("bank", "of", "elm", "4", "x", "8", "1,000", "0.9000", "0.0000", "0.9000", "0.9000"),
        *("+0.0000", "+0.0000", "0.5000"),
    ]
    (first, *_) = as_json([line()])["results"]  # type: ignore[misc]
    assert first["auc"] == pytest.approx(0.994)
    assert first["seeds"]["all"] == [0.9, 0.9]


@needs_data
def test_every_data_set_can_be_told_apart_by_someone() -> None:
    for data, problems in data_sets():
        assert len(contestants(data, problems[0].learn.shape[1])) >= 7
        for problem in problems:
            assert abs(float(problem.learn.mean())) < 6
            assert np.abs(problem.learn).max() < 8 or problem.scaling
    assert judged(cooling_fan(ROOMS[0])) == "running"
    assert ceiling_fan()[0].learn.shape == (292, 9)


@needs_data
@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("contestant", [one for one in FAN if one.kind.startswith("bank")], ids=lambda one: one.kind)
def test_banks_on_the_cooling_fan(contestant: Contestant, room: str) -> None:
    problems = cooling_fan(room)
    runs = {arithmetic: run(contestant, arithmetic, 1, problems) for arithmetic in ARITHMETICS}
    assert runs["q15"].mean("running") >= 0.99
    assert runs["q15"].image < IMAGE
    assert abs(runs["q15"].above(runs["f32"], "running")) <= 0.005
    assert abs(runs["q31"].above(runs["f32"], "running")) <= 0.002


@needs_data
def test_the_command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        sys, "argv", ["quality.py", "--only", "ceiling fan, low speed: autoencoder", "--seeds", "1", "--require"]
    )
    assert quality.main() == 0
    out = capsys.readouterr()
    assert "1.0000" in out.out
    assert "autoencoder" in out.err
