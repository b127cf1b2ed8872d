"""Which recipe a suite has: one of those that ship, fixed in advance; only how the sensor is wired is set here.

That is: rate of the samples, windows that the data comes in, time from value to value. Nothing depends on a file's
values, let alone on its labels.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Any

from twinbit.boards.case import Case
from twinbit.recipe import Decision, Recipe

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

__all__ = [
    "bearing",
    "driver",
    "left_out_folders",
    "nslkdd",
    "process",
    "spectrum",
    "uci_fan",
    "univariate",
    "univariate_left_out",
    "vibration",
]

PAUSE = 3600.0  # seconds: files begin with a longer one, so that windows and smoothing begin anew


def _shipped(name: str) -> Recipe:
    """A recipe by name, for files that don't follow one another."""
    return _apart(Recipe.named(name))


def _apart(recipe: Recipe) -> Recipe:
    framer = None if recipe.framer is None else replace(recipe.framer, gap=recipe.framer.gap or PAUSE)
    decision = recipe.decision
    if isinstance(decision, Decision):
        decision = replace(decision, gap=decision.gap or PAUSE)
    return replace(recipe, framer=framer, decision=decision)


def _own(name: str) -> Recipe:
    """A recipe that no user would want but for this very set."""
    return Recipe.from_toml((resources.files("twinbit") / "boards" / f"{name}.toml").read_text(encoding="utf-8"))


def process(case: Case) -> Recipe:
    """Slow multichannel sensors."""
    return _shipped("process")


def spectrum(case: Case) -> Recipe:
    """The input is a spectrum already."""
    return _shipped("spectrum")


def bearing(case: Case) -> Recipe:
    """Frames of 0.1 s at the case's rate."""
    return _shipped("bearing").at_rate(float(case.setting["rate"]))


def vibration(case: Case) -> Recipe:
    """Windows as the data comes in them, else of the recipe's own time."""
    recipe, rate, window = _shipped("vibration"), float(case.setting["rate"]), case.setting.get("window")
    if window is None or recipe.framer is None:
        return recipe.at_rate(rate)
    return replace(recipe, framer=replace(recipe.framer, rate=rate, window=int(window), hop=int(window)))


def uci_fan(case: Case) -> Recipe:
    """Many speeds, few samples a second."""
    return _own("uci_fan").at_rate(float(case.setting["rate"]))


def driver(case: Case) -> Recipe:
    """Attitude of a car."""
    return _own("driver").at_rate(float(case.setting["rate"]))


def nslkdd(case: Case) -> Recipe:
    """Records that do not follow one another: nothing is smoothed."""
    return replace(Recipe.named("mahalanobis"), decision=Decision(smoothing=1.0, false_alarm_rate=0.02))


def univariate(case: Case) -> Recipe:
    """One value at a time with the time of day, made for the time from value to value."""
    return _at_period(_shipped("univariate"), case)


def _at_period(recipe: Recipe, case: Case) -> Recipe:
    period = case.setting.get("period")
    return recipe.at_period(float(period)) if period and recipe.period is not None else recipe


@cache
def _left_out() -> dict[str, Any]:
    """Folder -> part of the recipe -> constants chosen with that folder left out."""
    source = resources.files("twinbit") / "boards" / "nab_left_out.toml"
    return tomllib.loads(source.read_text(encoding="utf-8")) if source.is_file() else {}


def left_out_folders() -> list[str]:
    """The folders without which constants were chosen."""
    return sorted(_left_out())


def univariate_left_out(case: Case) -> Recipe:
    """As `univariate`, with the constants that were chosen on the other folders.

    A folder that is not in nab_left_out.toml was not among those that the shipped constants were chosen on.
    """
    recipe, constants = _shipped("univariate"), _left_out().get(str(case.setting["folder"]), {})
    changed = {part: replace(getattr(recipe, part), **words) for part, words in constants.items()}
    return _at_period(replace(recipe, **changed), case)
