"""The boards on made-up data: every suite runs, finds what is there, and looks at no label before it has scored."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from boards_data import make_root
from twinbit import cli
from twinbit.boards import board
from twinbit.boards.case import Case, Problem, Stream, Truth, in_turn, split
from twinbit.boards.run import Scored, run_case
from twinbit.boards.versus import frame_labels, pairs, shares_of
from twinbit.boards.waveform import splits, standardised, with_noise


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_root(tmp_path_factory.mktemp("data"))


def quiet(items: Sequence[Any], what: str) -> Iterator[Any]:
    yield from items


def entry(name: str, root: Path) -> board.Entry:
    return board.evaluate_suite(
        board.SUITES[name], board.SUITES[name].problems(root), "q15", quiet, lambda outcome: None
    )


@pytest.mark.parametrize("name", board.SUITES)
def test_every_suite_finds_the_fault(name: str, root: Path) -> None:
    found = entry(name, root)
    summary = found.result.summary
    assert found.image > 0
    assert found.result.rows
    json.dumps(summary, allow_nan=False)
    if name == "skab":
        assert summary["f1"] > 0.8
        assert summary["files"] == 2
        assert summary["false_alarm_rate"]["frames"] == 540
        assert summary["false_alarm_rate_before_anomalies"]["frames"] == 400
    elif name == "nab":
        assert summary["windows"] == 1
        assert summary["standard"] > 50
    elif name == "cooling_fan":
        assert summary["cellar/damage2"]["running"] > 0.95
        assert summary["cellar/damage2"]["running"] > summary["cellar/damage2"]["all"]
    elif name == "hit_sm":
        assert summary["clean"]["least"]["auc"] > 0.95
    else:
        assert summary["least"]["auc"] > 0.95


@pytest.mark.parametrize("name", board.SUITES)
def test_scores_do_not_know_the_labels(name: str, root: Path) -> None:
    """The truth of scored frames turned round: runs take cases only, so every score and alarm stays as it was."""
    suite = board.SUITES[name]
    problem = suite.problems(root)[0]
    outcome = run_case(problem.case, suite.recipe(problem.case))
    turned = {key: replace(truth, labels=~truth.labels) for key, truth in problem.truth.items()}
    again = run_case(Problem(problem.case, turned).case, suite.recipe(problem.case))
    assert again.image == outcome.image
    for key, scored in outcome.scored.items():
        for column in fields(Scored):
            assert np.array_equal(getattr(scored, column.name), getattr(again.scored[key], column.name), equal_nan=True)


def test_labels_in_the_files_change_no_score(root: Path, tmp_path: Path) -> None:
    """SKAB with other labels in its files gives the same alarms, and other figures."""
    before = entry("skab", root)
    for path in (root / "skab").glob("valve7/*.csv"):
        head, *lines = path.read_text().splitlines()
        other = tmp_path / "skab" / "valve7" / path.name
        other.parent.mkdir(parents=True, exist_ok=True)
        rows = [";".join([*line.split(";")[:-2], str(float(i % 2)), "0.0"]) for i, line in enumerate(lines)]
        other.write_text("\n".join([head, *rows]))
    after = entry("skab", tmp_path)
    alarms = [[outcome.scored["rest"].alarm for _, outcome in found.outcomes][-2:] for found in (before, after)]
    assert all(np.array_equal(a, b) for a, b in zip(*alarms, strict=True))
    assert before.result.summary["f1"] != after.result.summary["f1"]


def test_a_case_has_no_place_for_labels() -> None:
    assert {one.name for one in fields(Stream)} == {"frames", "dt", "phase", "follows"}
    assert {one.name for one in fields(Case)} == {"name", "learn", "scored", "channels", "setting"}


def test_the_command(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["evaluate", "--data", str(root), "--suite", "skab,cooling_fan", "--arithmetic", "q15,f32", "--no-cost"]
    assert cli.run([*arguments, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found["suites"]) == {"skab", "cooling_fan"}
    assert {"f1", "far", "mar", "changepoint"} <= set(found["suites"]["skab"])
    assert {"all", "running"} <= set(found["suites"]["cooling_fan"]["cellar/damage2"])
    assert list(found["arithmetics"]) == ["q15", "f32"]
    assert found["arithmetics"]["q15"] == found["suites"]
    assert found["costs"]["f32"]["skab"]["image_bytes"] > 0
    assert found["costs"]["f32"]["skab"]["m4f_instructions"] is None
    files = [row["file"] for row in found["rows"] if (row["suite"], row["arithmetic"]) == ("skab", "f32")]
    assert files == ["anomaly-free/normal", "valve7/1", "valve7/2"]


def test_pictures(root: Path, tmp_path: Path) -> None:
    arguments = ["evaluate", "--data", str(root), "--suite", "uci_fan", "--arithmetic", "q15", "--no-cost", "--json"]
    assert cli.run([*arguments, "--plots", str(tmp_path / "new")]) == 0
    (picture,) = (tmp_path / "new").glob("*.png")
    assert picture.name == "uci-fan-fan-q15.png"
    assert picture.stat().st_size > 20_000


def test_the_table(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["evaluate", "--data", str(root), "--suite", "nslkdd", "--no-cost"]) == 0
    out = capsys.readouterr().out
    assert [line.split()[1] for line in out.splitlines() if line.startswith("nslkdd")] == ["f32", "q15", "q31"]
    assert "AUC 1.0000" in out


def test_missing_data_is_said(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["evaluate", "--data", str(tmp_path), "--suite", "skab"]) == 2
    assert "Skoltech" in capsys.readouterr().err
    assert cli.run(["evaluate", "--data", str(tmp_path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found["missing"]) == {*board.SUITES, "drift"}
    assert cli.run(["evaluate", "--suite", "nothing"]) == 2
    assert "--suite nothing" in capsys.readouterr().err
    assert cli.run(["evaluate", "--data", str(tmp_path / "none")]) == 2


@pytest.mark.parametrize(
    ("suite", "missing"),
    [
        ("cooling_fan", "cooling_fan/12cm_hmlo_*"),
        ("cwru", "cwru/*normal*"),
        ("hit_sm", "hit_sm_bearing/*Normal*"),
        ("ceiling_fan", "ceiling_fan/*1_weight*"),
    ],
)
def test_what_can_not_be_judged_is_said(
    suite: str, missing: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make_root(tmp_path)
    for path in root.glob(missing):
        path.unlink()
    assert cli.run(["evaluate", "--data", str(root), "--suite", suite, "--no-cost"]) == 2
    assert f"no recordings that {suite} can learn and score" in capsys.readouterr().err


def test_aims_that_are_missed_can_fail(root: Path, tmp_path: Path) -> None:
    """A SKAB without anything to find misses F1 >= 0.83."""
    for path in (root / "skab" / "valve7").glob("*.csv"):
        lines = path.read_text().splitlines()
        other = tmp_path / "skab" / "x" / path.name
        other.parent.mkdir(parents=True, exist_ok=True)
        other.write_text("\n".join(line for i, line in enumerate(lines) if not 580 < i < 760))
    arguments = ["evaluate", "--suite", "skab", "--no-cost", "--require", "--arithmetic", "q15", "--data"]
    assert cli.run([*arguments, str(tmp_path)]) == 1


def test_frames_belong_to_the_kind_of_most_rows() -> None:
    labels = np.arange(20) >= 10
    rows = np.array([4, 9, 12, 13, 19])
    none = np.zeros(5)
    scored = Scored(rows, none, none, none, none > 0)
    assert frame_labels(labels, scored, 1).tolist() == [False, False, True, True, True]
    assert frame_labels(labels, scored, 5).tolist() == [False, False, True, True, True]
    assert frame_labels(labels, scored, 7).tolist() == [False, False, False, True, True]
    assert shares_of(labels, scored, 5).tolist() == [0, 0, 0.6, 0.8, 1]
    assert shares_of(labels, scored, 20).tolist() == [0, 0, 3 / 13, 4 / 14, 0.5]


def test_streams_are_cut_without_losing_rows() -> None:
    frames = np.arange(20, dtype=np.float32).reshape(10, 2)
    stream = Stream(frames, np.ones(10), np.linspace(0, 0.9, 10))
    head, rest = split(stream, 0.4)
    assert [len(head), len(rest), rest.follows, head.follows] == [4, 6, True, False]
    assert head.times()[0] > 3600
    assert rest.times().tolist() == [1] * 6
    pieces = in_turn([stream.part(0, 4), stream.part(4, 10)], 3)
    assert [piece.frames[0, 0] for piece in pieces] == [0, 8, 6, 14]
    assert sum(len(piece) for piece in pieces) == 10
    for number, learn, kept in splits({"a": stream}):
        together = np.concatenate([*(piece.frames for piece in learn), kept["a kept"].frames])
        assert sorted(together[:, 0].tolist()) == frames[:, 0].tolist()
        assert (number == 0) == (kept["a kept"].frames[-1, 0] == 18)


def test_noise_has_the_stated_level() -> None:
    signal = np.sin(np.arange(100_000) * 0.1).astype(np.float32)[:, None] * 7 + 3
    noisy = with_noise(signal, -12.0, 1)
    clean = standardised(signal)
    assert clean.std() == pytest.approx(1, abs=1e-4)
    assert noisy.std() == pytest.approx(1, abs=1e-4)
    share = float((clean[:, 0] * noisy[:, 0]).mean())  # of the deviation that is signal: 1 / sqrt(1 + 10^1.2)
    assert share == pytest.approx(0.2437, abs=0.01)
    assert not np.array_equal(noisy, with_noise(signal, -12.0, 2))


def test_only_counted_rows_count(root: Path) -> None:
    """What a trip's monitor learned is not judged."""
    suite = board.SUITES["driver"]
    (problem,) = suite.problems(root)
    truth = problem.truth["trip"]
    assert not (truth.marks["counted"] & ~truth.labels)[:1500].any()
    learned = sum(len(stream) for stream in problem.case.learn)
    assert learned == int((~truth.marks["counted"]).sum())
    outcome = run_case(problem.case, suite.recipe(problem.case))
    (pair,) = pairs(problem, outcome).values()
    assert len(pair.normal) + len(pair.anomalous) < len(outcome.scored["trip"])
    everything = Problem(problem.case, {"trip": Truth(truth.labels)})
    (pair,) = pairs(everything, outcome).values()
    shares = shares_of(truth.labels, outcome.scored["trip"], 102)
    assert len(pair.normal) == int((shares == 0).sum())
    assert len(pair.anomalous) == int((shares >= 0.5).sum())
    assert ((shares > 0) & (shares < 0.5)).any()
