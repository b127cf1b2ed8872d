"""The whole board on the real recordings, in every arithmetic: the aims of the project. Left out where they are not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from twinbit.boards import board
from twinbit.boards.case import Problem
from twinbit.datasets import DataNotFoundError, data_root, parts
from twinbit.recipe_parts import Arithmetic, Decision

CLOSE = 0.01  # fixed point to float


def have(folder: str) -> bool:
    try:
        return bool(parts(folder))
    except DataNotFoundError:
        return False


HERE = [suite for suite in board.SUITES.values() if have(suite.folder)]
pytestmark = pytest.mark.skipif(not HERE, reason="no recordings: set TWINBIT_DATA to the folder of data sets")


def quiet(items: Sequence[Any], what: str) -> Iterator[Any]:
    yield from items


@cache
def problems(name: str) -> list[Problem]:
    return board.SUITES[name].problems(data_root())


def run(suite: board.Suite, arithmetic: Arithmetic) -> board.Entry:
    return board.evaluate_suite(suite, problems(suite.name), arithmetic, quiet, lambda outcome: None)


def areas(summary: dict[str, Any], path: str = "") -> dict[str, float]:
    """Every AUC and F1 of a summary by its place."""
    found: dict[str, float] = {}
    for key, value in summary.items():
        if isinstance(value, dict):
            found |= areas(value, f"{path}/{key}")
        elif key in ("auc", "smoothed", "f1", "all", "running", "running_smoothed") and value is not None:
            found[f"{path}/{key}"] = value
    return found


@pytest.mark.parametrize("suite", HERE, ids=lambda suite: suite.name)
def test_aims_in_every_arithmetic(suite: board.Suite) -> None:
    entries = {arithmetic: run(suite, arithmetic) for arithmetic in board.ARITHMETICS}
    for entry in entries.values():
        assert entry.result.aims
        assert all(entry.result.aims.values()), (entry.arithmetic, entry.result.score, entry.result.guard)
    floats = areas(entries["f32"].result.summary)
    assert floats or suite.name == "nab"
    for arithmetic in ("q15", "q31"):
        fixed = areas(entries[arithmetic].result.summary)
        assert fixed.keys() == floats.keys()
        assert max((abs(fixed[key] - floats[key]) for key in floats), default=0) <= CLOSE


def test_published_figures_of_the_protocol() -> None:
    """An alarm that is always on has F1 0.698 on SKAB's valve1, as the literature has it."""
    if not have("skab"):
        pytest.skip("no SKAB here")
    summary = run(board.SUITES["skab"], "q15").result.summary
    if summary["files"] == 16:
        assert summary["always_alarm_f1"] == pytest.approx(0.698, abs=5e-4)
    assert summary["false_alarm_rate"]["seen"] <= 3 * summary["false_alarm_rate"]["asked"]


def test_a_worse_recipe_misses_the_aims() -> None:
    """The aims can fail: with a threshold far out SKAB's anomalies stay unseen."""
    if not have("skab"):
        pytest.skip("no SKAB here")
    suite = board.SUITES["skab"]

    def deaf(case: board.Case) -> board.Recipe:
        recipe = suite.recipe(case)
        assert isinstance(recipe.decision, Decision)
        return replace(recipe, decision=replace(recipe.decision, margin=8.0))

    assert not all(run(replace(suite, recipe=deaf), "q15").result.aims.values())
