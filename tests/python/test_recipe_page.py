"""capi/RECIPE.md: every default that stands there is the one that Python has."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from twinbit import Decision, Recipe
from twinbit.recipe_drift import DRIFTS, drift_words
from twinbit.recipe_fields import Part, in_words
from twinbit.recipe_parts import (
    ELM,
    Bank,
    Boxes,
    Centre,
    Deviation,
    Distance,
    KMeans,
    Lags,
    Octaves,
    Policy,
    Seasonal,
    Steady,
    Subspace,
    Tail,
    Univariate,
)

PLAIN: dict[str, tuple[type[Part], int]] = {
    "centre": (Centre, 0),
    "octaves": (Octaves, 0),
    "deviation": (Deviation, 0),
    "distance": (Distance, 0),
    "boxes": (Boxes, 0),
    "seasonal": (Seasonal, 0),
    "univariate": (Univariate, 0),
    "tail": (Tail, 0),
    "steady": (Steady, 4),
    "policy": (Policy, 3),
}
"""Sections of parts whose fields are their words, in order, and the number of the first one."""


@pytest.fixture(scope="module")
def sections() -> dict[str, str]:
    page = next((p / "capi" / "RECIPE.md" for p in Path(__file__).parents if (p / "capi").is_dir()), None)
    if page is None:
        pytest.skip("not in a checkout")
    parts = re.split(r"^## ", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {part.splitlines()[0].split(",")[0]: part for part in parts}


@pytest.mark.parametrize(
    ("section", "line", "value"),
    [
        ("kmeans", r"\| 0 \| clusters \| 1 to 256 \| (\S+) \|", KMeans().clusters),
        ("kmeans", r"\| 1 \| prior.*?\| 0 to 65536 \| (\S+) \|", KMeans().prior),
        ("elm", r"\| 1 \| units, N \| 1 to 256 \| (\S+) \|", ELM().units),
        ("elm", r"\| 3 \| gain.*?\| -8 to 8 \| (\S+) \|", ELM().gain),
        ("elm", r"\| 4 \+ m \| ridge.*?\| Q15.16, above 0 \| (\S+) \|", ELM().ridge),
        ("elm", r"\| 5 \+ m \| forget.*?\| 0, 2 to 65536 \| (\S+) \|", ELM().forget),
        ("subspace", r"\| 0 \| components \| \| .*? \| (\S+) \| yes", Subspace().components),
        ("subspace", r"\| 1 \| amnesic.*?\| 0 to 4 \| (\S+) \|", Subspace().amnesic),
        ("subspace", r"\| 2 \| window.*?\| 0, 2 to 65536 \| (\S+) \|", Subspace().window),
        ("bank_autoencoder", r"\| 0 \| modes.*?\| 1 to 16 \| (\S+) \|", Bank().modes),
        ("bank_autoencoder", r"\| last \| few.*?\| 1 to 65536 \| (\S+) \|", Bank().few),
        ("lags", r"\| 0 \| lags \| 1 to 16 \| (\S+) \|", Lags().lags),
        ("lags", r"\| 1 \| step.*?\| 1 to 1024 \| (\S+) \|", Lags().step),
        ("lags", r"\| 2 \| what.*?\| 1 to 7 \| (\S+) \|", Lags().words()[2]),
        ("policy", r"\| 0 \| events.*?\| 0 to 256 \| (\S+) \|", Policy().events),
        ("policy", r"\| 1 \| blocks.*?\| 0 to 16 \| (\S+) \|", Policy().blocks),
        ("decision", r"\| 0 \| smoothing.*?\| 1 to 2\^31 - 1 \| (\S+) \|", Decision().smoothing),
        ("decision", r"\| 4 \| false-alarm rate.*?\| above 0 to 0.5 \| (\S+) \|", Decision().false_alarm_rate),
        ("decision", r"\| 0 \| smoothing.*\| (\S+) \|\n", Recipe.named("kmeans").decision.smoothing),
        ("decision", r"\| 5 \| margin.*\| (\S+) \|\n", 0.375),
        ("decision", r"\| 4 \| false.*\| (\S+) \|\n", 0.02),
        ("decision", r"\| 7 \| n: .*\| (\S+) \|\n", 4),
        ("decision", r"\| 8 \| hysteresis.*\| (\S+) \|\n", 0.125),
    ],
)
def test_defaults(sections: dict[str, str], section: str, line: str, value: float) -> None:
    found = re.search(line, sections[section])
    assert found, line
    assert float(found[1]) == value


def test_shipped_decisions_are_those_of_the_page() -> None:
    for name, margin in (("kmeans", 0.3), ("mahalanobis", 0.375), ("elm", 0.375), ("bank", 0.375)):
        decision = Recipe.named(name).decision
        assert isinstance(decision, Decision)
        assert (decision.margin, decision.false_alarm_rate, decision.n, decision.hysteresis) == (margin, 0.02, 4, 0.125)


def rows(text: str) -> dict[int, str]:
    """Number of a word -> its default, as it stands in the section's first table."""
    lines = text[text.index("| word |") :].splitlines()
    at = [cell.strip() for cell in lines[0].split("|")].index("recipe" if "| recipe |" in lines[0] else "default")
    found = {}
    for line in lines[2:]:
        if not line.startswith("| "):
            break
        cells = [cell.strip() for cell in line.split("|")]
        numbers = [int(number) for number in cells[1].split(",")]
        defaults = cells[at].split(", ") if len(numbers) > 1 else [cells[at]]
        found.update(zip(numbers, defaults, strict=True))
    return found


@pytest.mark.parametrize("section", PLAIN)
def test_defaults_of_plain_parts(sections: dict[str, str], section: str) -> None:
    kind, first = PLAIN[section]
    listed, made = rows(sections[section]), kind()
    fields = list(in_words(kind))
    assert set(range(first, first + len(fields))) == {number for number in listed if number >= first}
    for number, (name, how) in enumerate(fields, first):
        text, value = listed[number], how.encode(getattr(made, name))
        assert value == written(text, how), f"{section}, word {number}: {text}"


@pytest.mark.parametrize("section", DRIFTS)
def test_defaults_of_drift_detectors(sections: dict[str, str], section: str) -> None:
    part = DRIFTS[section]()
    listed, words = rows(sections[section]), drift_words(part)
    assert set(listed) == set(range(len(words)))
    for number, (_, how) in enumerate(in_words(type(part))):
        text = listed[number]
        wanted = 0 if text == "fitted" else written(text, how)
        assert words[number] == wanted, f"{section}, word {number}: {text}"


def written(text: str, how: Any) -> int:
    """The word that a default stands for: a word with its meaning in brackets, a choice, or a number."""
    exact = re.fullmatch(r"(-?\d+) \((.*)\)", text)
    if exact:
        return int(exact[1])
    if how.choices:
        return int(text) if text.isdigit() else how.choices.index(text)
    return how.encode(float(text) if how.scale > 1 else int(text))
