"""The command line: tables, JSON, files and one-line errors."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import numpy as np
import pandas as pd
import pytest
from conftest import make_frames
from twinbit import Monitor, Recipe, cli, io, metrics, recipe_files

FIGURE = {"type": ["number", "null"]}
QUALITY = {"auc": FIGURE, "f1": FIGURE, "far": FIGURE, "mar": FIGURE}
TOTAL = {
    "files": {"type": "integer"},
    "frames": {"type": "integer"},
    "alarms": {"type": "integer"},
    "image_bytes": {"type": "integer"},
    "us_per_frame": {"type": "number"},
    **QUALITY,
}
RECORDING = {**TOTAL, "file": {"type": "string"}, "first_alarm": {"type": ["integer", "null"]}}


def exactly(properties: dict) -> dict:
    return {
        "type": "object", "properties": properties, "required": list(properties), "additionalProperties": False
    }  # fmt: skip


SCHEMA = exactly({**TOTAL, "recordings": {"type": "array", "items": exactly(RECORDING)}})


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    paths = []
    for seed in range(2):
        table = pd.DataFrame(make_frames(seed=seed), columns=["speed", "load", "heat"])
        table["anomaly"] = (np.arange(len(table)) >= 300).astype(int)
        table.insert(0, "time", pd.date_range("2026-01-01", periods=len(table), freq="s"))
        paths.append(tmp_path / f"pump{seed}.csv")
        table.to_csv(paths[-1], sep=";", index=False)
    return paths


def call(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = cli.run([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_run_json(capsys: pytest.CaptureFixture[str], files: list[Path]) -> None:
    code, out, _ = call(capsys, "run", *files, "--learn", 200, "--label", "anomaly", "--json")
    assert code == 0
    found = json.loads(out)
    jsonschema.validate(found, SCHEMA)
    assert (found["files"], found["frames"], len(found["recordings"])) == (2, 800, 2)
    assert found["f1"] > 0.9
    assert found["auc"] > 0.95
    assert all(300 <= item["first_alarm"] < 310 for item in found["recordings"])
    assert found["alarms"] == sum(item["alarms"] for item in found["recordings"]) >= 2


def test_run_json_without_label(capsys: pytest.CaptureFixture[str], files: list[Path]) -> None:
    code, out, _ = call(capsys, "run", files[0], "--learn", "0.5", "--json")
    found = json.loads(out)
    jsonschema.validate(found, SCHEMA)
    assert (code, found["auc"], found["f1"], found["far"], found["mar"]) == (0, None, None, None, None)


def test_figures_count_frames_after_the_learning_part(
    capsys: pytest.CaptureFixture[str], files: list[Path], tmp_path: Path
) -> None:
    scores = tmp_path / "scores.csv"
    _, out, _ = call(capsys, "run", *files, "--learn", 200, "--label", "anomaly", "--json", "--out", scores)
    found, table = json.loads(out), pd.read_csv(scores)
    assert len(table) == 800
    part = table[table.frame >= 200]
    counts = metrics.count(part.label, part.alarm)
    assert found["f1"] == counts.f1
    assert found["far"] == counts.far
    assert found["mar"] == counts.mar
    assert found["auc"] == pytest.approx(metrics.auc(part.label, part.smoothed))


@pytest.mark.parametrize("arithmetic", ["f32", "q15", "q31"])
def test_the_options_do_what_python_does(
    capsys: pytest.CaptureFixture[str], files: list[Path], tmp_path: Path, arithmetic: str
) -> None:
    saved = tmp_path / "m.twinbit"
    options = ["--recipe", "mahalanobis", "--arithmetic", arithmetic, "--false-alarm-rate", 0.005]
    code, out, _ = call(
        capsys, "run", files[0], *options, "--columns", "heat,speed", "--learn", "200", "--save", saved
    )  # fmt: skip
    assert code == 0
    assert "pump0.csv" in out
    model = Monitor.load(saved)
    assert model.channels == ("heat", "speed")
    assert model.recipe.arithmetic == arithmetic
    assert model.recipe.decision.false_alarm_rate == pytest.approx(0.005)
    assert model.frames == 400


@pytest.mark.parametrize("name", recipe_files.names(of_frames=True))
def test_it_learns_the_bytes_that_python_learns(
    capsys: pytest.CaptureFixture[str], files: list[Path], tmp_path: Path, name: str
) -> None:
    saved = tmp_path / "m.twinbit"
    code, _, _ = call(capsys, "run", files[0], "--recipe", name, "--learn", 200, "--label", "anomaly", "--save", saved)
    assert code == 0
    monitor = Monitor(name, learn=200)
    monitor.run(io.read(files[0], label="anomaly").frames)
    assert Monitor.load(saved).image == monitor.image
    assert Monitor.load(saved).recipe == monitor.recipe


def test_several_models_and_a_recipe_file(
    capsys: pytest.CaptureFixture[str], files: list[Path], tmp_path: Path
) -> None:
    recipe = tmp_path / "mine.toml"
    Recipe.named("kmeans").save(recipe)
    code, _, err = call(capsys, "run", *files, "--recipe", recipe, "--save", tmp_path / "m.twinbit")
    assert code == 0
    assert "anomaly (named like a label)" in err
    assert {path.name for path in tmp_path.glob("m*.twinbit")} == {"m-pump0.twinbit", "m-pump1.twinbit"}


def test_table_has_every_recording_and_the_total(capsys: pytest.CaptureFixture[str], files: list[Path]) -> None:
    _, out, _ = call(capsys, "run", *files, "--label", "anomaly")
    for word in ("pump0.csv", "pump1.csv", "all 2", "800", "F1", "FAR %"):
        assert word in out


def test_report_is_self_contained(capsys: pytest.CaptureFixture[str], files: list[Path], tmp_path: Path) -> None:
    page = tmp_path / "r.html"
    code, _, _ = call(capsys, "run", *files, "--learn", 200, "--label", "anomaly", "--report", page)
    text = page.read_text(encoding="utf-8")
    assert code == 0
    assert text.count("data:image/png;base64,") == 4
    for outside in ("http://", "https://", "<script", "@import", 'src="/', 'href="/'):
        assert outside not in text
    assert "pump1.csv" in text


def test_names_are_escaped_in_the_report(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "<b>&.csv"
    pd.DataFrame(make_frames(), columns=["<i>", "b", "c"]).to_csv(path, index=False)
    call(capsys, "run", path, "--report", tmp_path / "r.html")
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;&amp;.csv" in text
    assert "<b>&" not in text


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["run", "nofile.csv"], "nofile.csv: there is no such file"),
        (["run", "{0}", "--label", "anomly"], "pump0.csv: there is no column 'anomly'; did you mean 'anomaly'?"),
        (["run", "{0}", "--columns", "speed,lod"], "did you mean 'load'?"),
        (["run", "{0}", "--learn", "1000"], "there are only 400; use fewer"),
        (["run", "{0}", "--learn", "1.5"], "neither a number of frames (1 or more) nor a share"),
        (["run", "{0}", "--learn", "many"], "--learn many: it is no number"),
        (["run", "{0}", "--learn", "5"], "a learning part of 5 frames is too short"),
        (["run", "{0}", "--recipe", "pca"], "use autoencoder, bank, bearing, elm"),
        (["run", "{0}", "--false-alarm-rate", "2"], "it should be between 0 and 0.5"),
        (["run", "{0}", "--out", "/nowhere/a.csv"], "/nowhere/a.csv: it can't be written"),
        (["run", "{0}", "--arithmetic", "q7"], "see twinbit run --help"),
        (["run"], "see twinbit run --help"),
        (["runn"], "see twinbit --help"),
        (["export", "kmeans", "{dir}/x"], "no channels or no learning part yet"),
        (["export", "{dir}/none.twinbit", "{dir}/x"], "none.twinbit: there is no such file"),
        (["export", "elm", "{dir}/x", "--keep", "3"], "--keep: a recipe has learned nothing that could be pruned"),
        (["inspect", "{dir}/none"], "none: there is no such file"),
        (["demo", "--fault", "rust"], "use outer, inner, ball, cage, imbalance"),
    ],
)
def test_errors_are_one_line(
    capsys: pytest.CaptureFixture[str], files: list[Path], tmp_path: Path, arguments: list[str], text: str
) -> None:
    code, out, err = call(capsys, *(word.format(files[0], dir=tmp_path) for word in arguments))
    assert (code, out) == (2, "")
    assert err.startswith("twinbit: error: ")
    assert text in err
    assert err.count("\n") == 1


def test_a_bad_value_is_named_by_file_and_column(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    frames = make_frames()
    frames[7, 1] = np.inf
    path = tmp_path / "inf.csv"
    pd.DataFrame(frames, columns=["a", "b", "c"]).to_csv(path, index=False)
    code, _, err = call(capsys, "run", path)
    assert code == 2
    assert f"{path}: step: frame 7, column 'b': a value is not finite" in err


def test_held_values_are_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    frames = make_frames()
    frames[200, 1] = np.nan
    path = tmp_path / "gap.csv"
    pd.DataFrame(frames, columns=["a", "b", "c"]).to_csv(path, index=False)
    code, _, err = call(capsys, "run", path)
    assert code == 0
    assert "frames with a missing value, for which the last one was held: 1" in err


def test_inspect(capsys: pytest.CaptureFixture[str], tmp_path: Path, learned: Monitor) -> None:
    image, damaged, saved = tmp_path / "image.bin", tmp_path / "bad.bin", tmp_path / "m.twinbit"
    image.write_bytes(learned.image)
    damaged.write_bytes(learned.image[:-9])
    learned.save(saved)
    code, out, _ = call(capsys, "inspect", image)
    assert code == 0
    assert "monitoring" in out
    assert "nothing is wrong with the header" in out
    code, out, _ = call(capsys, "inspect", saved)
    assert code == 0
    assert "KMeans, 3 channels" in out
    code, out, _ = call(capsys, "inspect", damaged)
    assert code == 1
    assert "wrong: image: the bytes end before the image does" in out
    code, out, _ = call(capsys, "inspect", damaged, "--json")
    found = json.loads(out)
    assert (code, found["arithmetic"], len(found["problems"])) == (1, "q15", 1)


def test_export_prunes(capsys: pytest.CaptureFixture[str], files: list[Path], tmp_path: Path) -> None:
    saved = tmp_path / "m.twinbit"
    call(capsys, "run", files[0], "--recipe", "elm", "--learn", "200", "--save", saved)
    code, out, _ = call(capsys, "inspect", saved)
    assert code == 0
    assert "elm: ELM, 3 channels" in out
    sizes = []
    for options in ([], ["--keep", 2]):
        code, _, err = call(capsys, "export", saved, tmp_path / "firmware", *options)
        assert code == 0
        sizes.append(int(err.split("image ")[1].split(",")[0]))
    assert sizes[1] < 0.9 * sizes[0]
    assert "ELM, q15" in (tmp_path / "firmware" / "m.h").read_text()
    code, _, err = call(capsys, "export", saved, tmp_path / "firmware", "--keep", 13)
    assert (code, "prune: keep = 13 is out of range; use 1 to 12" in err) == (2, True)


def test_demo(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "twinbit.cli", "demo", "--frames", "600"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    lines = [line.split() for line in done.stdout.splitlines()]
    rows = [line for line in lines if line and line[0] in recipe_files.names(of_frames=True)]
    assert [row[:3] for row in rows] == [
        [d, a, "600"] for d in recipe_files.names(of_frames=True) for a in ("f32", "q15", "q31")
    ]
    assert (tmp_path / "twinbit-demo" / "demo.png").read_bytes()[:4] == b"\x89PNG"
    page = (tmp_path / "twinbit-demo" / "report.html").read_text(encoding="utf-8")
    assert page.count("data:image/png") == 2 * len(recipe_files.names(of_frames=True))


def test_json_goes_alone_to_stdout(tmp_path: Path, files: list[Path]) -> None:
    command = [sys.executable, "-m", "twinbit.cli", "run", str(files[0]), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    jsonschema.validate(json.loads(done.stdout), SCHEMA)
    command = [sys.executable, "-m", "twinbit.cli", "demo", "--frames", "300", "--json", "--out", str(tmp_path / "d")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert len(json.loads(done.stdout)["runs"]) == 3 * len(recipe_files.names(of_frames=True))


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "--version")
    assert (code, out.split()[0]) == (0, "twinbit")
    for command in ("demo", "run", "export", "inspect", "parity"):
        code, out, _ = call(capsys, command, "--help")
        assert code == 0
        assert "Usage" in out
