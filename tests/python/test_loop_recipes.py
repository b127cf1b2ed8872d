"""Recipes with a policy, and what the command line shows of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
import twinbit
from conftest import ARITHMETICS, make_recipe
from twinbit import Recipe, cli, drift
from twinbit.recipe_drift import DRIFTS, DriftKind
from twinbit.recipe_parts import (
    KS,
    Adwin,
    Autoencoder,
    Bank,
    Boxes,
    CentroidDrift,
    PageHinkley,
    Policy,
    Scaler,
    Univariate,
)

# ---- recipes


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[policy]\nkind = 'relearn'", "policy 'relearn' is never told of a drift"),
        ("[[drift]]\nkind = 'ks'", "drift detectors need a policy"),
        ("[policy]\nkind = 'hope'", "kind = 'hope' is not known; use tell, freeze, adapt, relearn or ask"),
        ("[policy]\nblocks = 2", "blocks are what adapt has learned"),
        ("[policy]\nevents = 300", "events = 300 is out of range"),
        ("[policy]\npersist_time = 60.0", "policy.persist_time needs period"),
        ("[policy]\n[[drift]]\nkind = 'luck'", r"drift\[0\].kind = 'luck' is not known"),
        ("[policy]\n[[drift]]\nkind = 'ks'\nunit = 8", "KS watches scores here"),
        ("[policy]\n[[drift]]\nkind = 'ks'\nstat_size = 400", "stat_size = 400 is out of range; use 1 to 299"),
        ("[policy]\n" + 5 * "[[drift]]\nkind = 'ks'\n", "number of drift detectors = 5 is out of range; use 0 to 4"),
        (
            "[policy]\n[[drift]]\nkind = 'page_hinkley'\nthreshold = 1e6",
            "1000000.0 is out of range for unit = 16; use 0 to 32768",
        ),
    ],
)
def test_recipes_that_do_not_fit(text: str, message: str) -> None:
    with pytest.raises(twinbit.RecipeError, match=message):
        Recipe.from_toml("[scaler]\n[kmeans]\n" + text)


def test_a_detector_by_itself_becomes_a_part() -> None:
    recipe = make_recipe().with_policy("ask", drift=[drift.PageHinkley(mode="up", threshold=9.0), KS()])
    assert recipe.drifts == (drift.PageHinkley(mode="up", threshold=9.0).part, KS())
    again = recipe.with_policy("adapt", persist=90, blocks=2).with_policy("freeze")
    assert again.drifts == recipe.drifts
    assert again.policy == Policy(kind="freeze", persist=90)
    assert make_recipe().with_policy("relearn").drifts == (PageHinkley(),)
    assert make_recipe().with_policy("adapt").drifts == ()
    with pytest.raises(twinbit.RecipeError, match="KS watches scores here"):
        make_recipe().with_policy("tell", drift=drift.KS(unit=3))
    with pytest.raises(twinbit.RecipeError, match="int is no drift detector; use PageHinkley, "):
        make_recipe().with_policy("tell", drift=3)  # type: ignore[arg-type]


def test_a_kind_by_name_has_what_suits_a_monitor() -> None:
    recipe = make_recipe()
    for name, kind in DRIFTS.items():
        part = recipe.with_policy("tell", drift=cast(DriftKind, name)).drifts[0]
        assert type(part) is kind
        assert part == kind()
    assert recipe.with_policy("ask", drift=["page_hinkley", CentroidDrift(modes=2)]).drifts == (
        PageHinkley(),
        CentroidDrift(modes=2),
    )
    by_hand = CentroidDrift(learning=recipe.decision.learning)
    centroid = recipe.with_policy("tell", drift="centroid")
    assert centroid.to_bytes() == recipe.with_policy("tell", drift=by_hand).to_bytes()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("luck", "drift = 'luck' is not known; use page_hinkley, adwin, ks or centroid"),
        (["ks", "luck"], "drift = 'luck' is not known"),
        (Adwin, r"drift = Adwin is a class; give one that is made, Adwin\(\), or a kind: 'page_hinkley', "),
        (drift.Adwin, r"drift = Adwin is a class"),
        (drift.CentroidDrift(arithmetic="f32"), "CentroidDrift works in f32 and this recipe in q15; give it"),
        ([PageHinkley(), drift.CentroidDrift(arithmetic="q31")], "works in q31 .* or take drift='centroid'"),
    ],
)
def test_what_is_no_drift_detector(given: Any, message: str) -> None:
    with pytest.raises(twinbit.RecipeError, match=message):
        make_recipe(arithmetic="q15").with_policy("tell", drift=given)


def test_a_vector_detector_of_the_recipes_arithmetic() -> None:
    for arithmetic in ARITHMETICS:
        watch = drift.CentroidDrift(arithmetic=arithmetic)
        assert watch.arithmetic == arithmetic
        assert make_recipe(arithmetic=arithmetic).with_policy("tell", drift=watch).drifts == (watch.part,)


def test_adapt_is_not_for_what_adapts_by_itself() -> None:
    for detector, words, message in (
        (Univariate(bins=1), {}, "Univariate follows every frame by itself"),
        (Boxes(), {}, r"Boxes follows every frame by itself, .* or Boxes\(adapt='calm'\)"),
        (Boxes(adapt="calm"), {"forget": 100}, "Boxes forgets by itself"),
        (Autoencoder(), {"forget": 100}, "Autoencoder forgets by itself and can't be halved; leave forget = 0"),
        (Bank(Autoencoder()), {"forget": 100}, "Autoencoder forgets by itself"),
    ):
        scaler = Scaler() if isinstance(detector, (Autoencoder, Bank)) else None
        recipe = Recipe(detector=detector, scaler=scaler)
        with pytest.raises(twinbit.RecipeError, match=message):
            recipe.with_policy("adapt", **words)
        assert recipe.with_policy("relearn", **words).policy is not None
    assert Recipe(detector=Boxes(adapt="calm"), scaler=None).with_policy("adapt").policy == Policy(kind="adapt")


@pytest.mark.parametrize("name", ["persist", "block", "health", "creep", "events", "blocks"])
def test_frames_are_whole(name: str) -> None:
    for bad in (100.5, 100.0, "100"):
        with pytest.raises(twinbit.RecipeError, match=rf"{name} = {bad!r} should be a whole number"):
            make_recipe().with_policy("adapt", **{name: bad})
    with pytest.raises(twinbit.RecipeError, match=r"window = 16.5 should be a whole number"):
        CentroidDrift(window=16.5)  # type: ignore[arg-type]
    words = make_recipe().with_policy("adapt", persist=np.int64(100))
    assert Recipe.from_bytes(words.to_bytes()).policy == Policy(kind="adapt", persist=100)


def test_centroids_are_of_scaled_frames() -> None:
    with pytest.raises(twinbit.RecipeError, match="CentroidDrift needs scaled frames"):
        Recipe.named("process").with_policy("tell", drift=CentroidDrift())
    standardised = replace(make_recipe(), scaler=None).with_policy("tell", drift=CentroidDrift())
    assert standardised.cost().image > make_recipe().cost().image


def test_times_become_frames() -> None:
    recipe = Recipe.from_toml(
        "period = 2.0\n[scaler]\n[kmeans]\n[policy]\nkind = 'ask'\npersist_time = 60.0\n"
        "[[drift]]\nkind = 'ks'\nwindow_size_time = 800.0\n[[drift]]\nkind = 'adwin'"
    )
    assert recipe.policy is not None
    assert recipe.policy.persist == 30
    assert recipe.drifts[0].window_size == 400  # type: ignore[union-attr]
    assert recipe.drifts[1] == Adwin()
    assert Recipe.from_toml(recipe.to_toml()) == recipe


def call(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = cli.run([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_a_policy_is_shown(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    frames = np.random.default_rng(0).normal(size=(900, 3))
    frames[400:] += 8
    data, recipe, saved = tmp_path / "moved.csv", tmp_path / "relearn.toml", tmp_path / "m.twinbit"
    pd.DataFrame(frames, columns=["a", "b", "c"]).to_csv(data, index=False)
    Recipe.named("kmeans").with_policy("relearn", persist=50, health=128).save(recipe)
    options = ("--recipe", recipe, "--learn", 200)
    page = tmp_path / "r.html"
    code, out, err = call(capsys, "run", data, *options, "--save", saved, "--report", page)
    assert code == 0
    assert "drifts" in out
    assert "Drift told at frame 4" in err
    assert "new normal taken over at frame 4" in err
    assert "new normal taken over" in page.read_text(encoding="utf-8")
    table = tmp_path / "scores.csv"
    code, out, _ = call(capsys, "run", data, *options, "--json", "--out", table)
    found = json.loads(out)
    assert (found["drifts"], found["taken"]) == (1, 1)
    row = found["recordings"][0]
    assert row["taken_at"] == [row["drift_at"][0] + 50]
    assert row["state"] == "monitoring"
    assert pd.read_csv(table).taken.to_numpy().nonzero()[0].tolist() == row["taken_at"]
    code, out, _ = call(capsys, "inspect", saved)
    assert code == 0
    for text in ("relearn", "last good model", "health", "PageHinkley", "taken"):
        assert text in out
    code, out, _ = call(capsys, "inspect", saved, "--json")
    found = json.loads(out)
    assert found["loop"]["good"] is True
    assert [event["event"] for event in found["events"] if event["event"] == "taken"] == ["taken"]
    assert found["health"]["frames"] > 0
    code, out, _ = call(capsys, "run", data, "--learn", 200, "--policy", "freeze", "--json")
    assert json.loads(out)["recordings"][0]["state"] == "drifting"
