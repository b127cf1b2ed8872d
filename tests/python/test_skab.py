"""Real data: SKAB valve1, one recipe for all files. Left out where the data is not on the machine."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from twinbit import Recipe, cli, io
from twinbit.datasets import DataNotFoundError, data_root
from twinbit.evaluate import evaluate, summary


def valve1() -> list[Path]:
    try:
        return sorted((data_root() / "skab" / "valve1").glob("*.csv"))
    except DataNotFoundError:
        return []


FILES = valve1()
pytestmark = pytest.mark.skipif(not FILES, reason="SKAB is not here: set TWINBIT_DATA to the folder of data sets")


def figures(arithmetic: str, capsys: pytest.CaptureFixture[str]) -> dict:
    arguments = ["run", *map(str, FILES), "--learn", "400", "--label", "anomaly", "--arithmetic", arithmetic, "--json"]
    assert cli.run(arguments) == 0
    return json.loads(capsys.readouterr().out)


def test_quality_in_every_arithmetic(capsys: pytest.CaptureFixture[str]) -> None:
    found = {arithmetic: figures(arithmetic, capsys) for arithmetic in ("f32", "q15", "q31")}
    for total in found.values():
        assert total["files"] == 16
        assert total["frames"] == 18160
        assert total["f1"] >= 0.75
        assert total["far"] <= 45
    for key, tolerance in (("f1", 0.01), ("auc", 0.01), ("far", 1.0), ("mar", 1.0)):
        values = [total[key] for total in found.values()]
        assert max(values) - min(values) <= tolerance


def test_nothing_is_limited_in_normal_data() -> None:
    for path in FILES[:4]:
        recording = io.read(path, label="anomaly")
        outcome = evaluate(str(path), recording.frames, Recipe.named("kmeans"), 400, recording.labels)
        assert not outcome.table.clipped.any()


def test_a_bad_recipe_does_not_pass() -> None:
    """The figures can fail: without learning modes and with a threshold far out nothing is found."""
    recipe = Recipe.named("kmeans")
    recipe = replace(recipe, decision=replace(recipe.decision, margin=8.0))
    outcomes = []
    for path in FILES:
        recording = io.read(path, label="anomaly")
        outcomes.append(evaluate(str(path), recording.frames, recipe, 400, recording.labels))
    assert (summary(outcomes)["f1"] or 0) < 0.75
