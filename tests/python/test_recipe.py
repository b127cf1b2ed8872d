"""Recipes: text, bytes, ranges, fitting, and the memory they tell."""

from __future__ import annotations

import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import twinbit
from conftest import make_recipe
from hypothesis import given, settings
from hypothesis import strategies as st
from recipe_strategies import recipes
from signal_recipes import data_for
from twinbit import Decision, Recipe, _core, recipe_files
from twinbit.recipe_parts import (
    ELM,
    Autoencoder,
    Bank,
    KMeans,
    Layer,
    Subspace,
)
from twinbit.recipe_words import detector_of, detector_words, stage_of


@settings(max_examples=100, deadline=None)
@given(recipe=recipes)
def test_toml_and_back(recipe: Recipe) -> None:
    assert Recipe.from_toml(recipe.to_toml()) == recipe


@settings(max_examples=100, deadline=None)
@given(recipe=recipes)
def test_bytes_are_canonical(recipe: Recipe) -> None:
    data = recipe.to_bytes()
    assert _core.canonical(data) == data
    assert Recipe.from_bytes(data).to_bytes() == data


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=80), at=st.integers(0, 60), flip=st.integers(1, 255), mend=st.booleans())
def test_damaged_bytes_are_refused(data: bytes, at: int, flip: int, mend: bool) -> None:
    good = bytearray(make_recipe().to_bytes())
    good[at] ^= flip
    if mend:  # a checksum that fits lets deeper checks speak; then the recipe may even be another valid one
        good[-4:] = zlib.crc32(good[:-4]).to_bytes(4, "little")
    for bytes_ in (data, bytes(good)):
        refused = None
        try:
            again = Recipe.from_bytes(bytes_).to_bytes()
        except twinbit.RecipeError as error:
            refused, again = error, bytes_
        assert again == bytes_
        assert refused is None or str(refused).startswith("recipe: ")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("= 3", "this is not TOML"),
        ("[input]", r"one detector, \[kmeans\], \[mahalanobis\], .* or \[univariate\]; found none"),
        ("[kmeans]\n[mahalanobis]", "found .kmeans. and .mahalanobis."),
        ("[kmeans]\nclusters = 0", "clusters = 0 is out of range; use 1 to 256"),
        ("[kmeans]\nclusters = 'many'", "kmeans.clusters = 'many' should be int"),
        ("[kmeans]\nclusters = true", "should be int"),
        ("[kmeans]\ncluster = 3", "kmeans.cluster is not known; kmeans has clusters, prior, frozen"),
        ("[kmeans]\n[decision]\nk = 3\nn = 2", "k = 3 is out of range; use 1 to 2"),
        ("[kmeans]\n[decision]\nshares = [0.5, 0.1, 0.1]", "add up to 1"),
        ("[kmeans]\n[decision]\nsmoothing_time = 3", "needs period"),
        ("[kmeans]\n[input]\nmissing = 'guess'", "'guess' is not known; use refuse, hold or skip"),
        ("arithmetic = 'q7'\n[kmeans]", "'q7' is not known"),
        ("format = 2\n[kmeans]", "format = 1 only"),
        ("colour = 1\n[kmeans]", "colour is not known"),
        ("[kmeans]\n[[input.channel]]\nshift = 9", "shift of channel 'x0' = 9 is out of range; use -24 to 8"),
        ("kmeans = 3", r"kmeans should be a table, \[kmeans\]"),
        ("[autoencoder]\nlayers = 8", r"autoencoder.layers should be a list, such as \[8\]"),
        ("[autoencoder]\nlayers = []", "number of hidden layers = 0 is out of range; use 1 to 5"),
        ("[autoencoder]\nlayers = [0]", "units of a layer = 0 is out of range; use 1 to 512"),
        ("[autoencoder]\nlayers = [true]", r"autoencoder.layers\[0\].units = True should be int"),
        ("[autoencoder]\nlayers = [{activation = 'relu'}]", r"autoencoder.layers\[0\] needs units"),
        ("[autoencoder]\nlayers = [{units = 3, width = 2}]", r"layers\[0\].width is not known"),
        (
            "[autoencoder]\nlayers = [{units = 3, activation = 'elu'}]",
            "'elu' is not known; use linear, tanh, sigmoid or",
        ),
        ("[autoencoder]\nrate = 0.6", "rate = 0.6 is out of range; use .* to 0.5"),
        ("[autoencoder]\nmomentum = 1", "momentum = 1.0 is out of range; use 0.0 to 0.99"),
        ("[autoencoder]\nmomentum = 'none'", "autoencoder.momentum = 'none' should be a number"),
        ("[autoencoder]\ndecay = 0.2", "decay = 0.2 is out of range; use 0.0 to 0.1"),
        ("[elm]\nunits = 257", "units = 257 is out of range; use 1 to 256"),
        ("[elm]\nridge = 0", "ridge = 0.0 is out of range"),
        ("[elm]\nforget = 1", "forget = 1 is out of range; use 2 to 65536"),
        ("[elm]\ngain = 9", "gain = 9 is out of range; use -8 to 8"),
        ("[elm]\nkept = 3", "elm.kept should be a list, such as"),
        ("[elm]\nkept = [2, 1]", r"kept = \[2, 1\] should be unit numbers from 0 to 15, ascending"),
        ("[elm]\nkept = [16]", "from 0 to 15"),
        ("[subspace]\ncomponents = 33", "components = 33 is out of range; use 1 to 32"),
        ("[subspace]\nwindow = 1", "window = 1 is out of range; use 2 to 65536"),
        ("[bank]", r"a bank needs one model, \[bank.autoencoder\], \[bank.elm\] or \[bank.subspace\]; found none"),
        ("[bank.elm]\n[bank.subspace]", r"found \[bank.elm\] and \[bank.subspace\]"),
        ("[bank]\nof = 3\n[bank.elm]", "bank.of is not known; bank has modes, few"),
        ("[bank]\nmodes = 17\n[bank.elm]", "modes = 17 is out of range; use 1 to 16"),
        ("[bank.elm]\nunit = 3", "bank.elm.unit is not known; bank.elm has units, activation"),
    ],
)
def test_mistakes_are_named(text: str, message: str) -> None:
    with pytest.raises(twinbit.RecipeError, match=message):
        Recipe.from_toml(text)


def test_layers_have_a_short_form() -> None:
    recipe = Recipe.from_toml("[autoencoder]\nlayers = [8, {units = 4, activation = 'relu'}, {units = 8}]")
    assert recipe.detector == Autoencoder((Layer(8), Layer(4, "relu"), Layer(8)))


def test_words_of_the_page() -> None:
    """Words in the order of capi/RECIPE.md, layout first, written out by hand."""
    words = {
        Autoencoder((Layer(8), Layer(3, "relu")), "sigmoid", 2**32 - 1, 0.5, 100, 0.25, 0.75, 0.0625, 300, 0.5): (
            *(-1, 1, 2, 8, 1, 3, 3, 2),
            *(2**30, 100, 2**29, 3 * 2**29, 2**27, 300, 32768),
        ),
        Autoencoder(): (1, 0, 1, 8, 1, 0, 214748365, 0, 0, 0, 0, 0, 655),
        ELM(40, "relu", -2, 5, 0.5, 1000, (0, 31, 32, 39)): (5, 40, 3, -2, -(2**31) + 1, 129, 32768, 1000),
        ELM(32): (1, 32, 1, 0, -1, 65536, 0),
        Subspace(3, 1.5, 500): (3, 98304, 500),
        Bank(Subspace(3, 1.5, 500), 6, 10): (6, 3, 98304, 500, 10),
        Bank(ELM(2), 4, 20): (4, 1, 2, 1, 0, 3, 65536, 0, 20),
    }
    for part, expected in words.items():
        assert tuple(detector_words(part)) == expected
        assert detector_of(stage_of(part), list(expected)) == part or part == Autoencoder()


def test_smoothing_in_seconds() -> None:
    recipe = Recipe.from_toml("period = 2.0\n[kmeans]\n[decision]\nsmoothing_time = 20")
    assert recipe.decision.smoothing == pytest.approx(1 - np.exp(-0.1))


def test_files(tmp_path: Path) -> None:
    recipe = make_recipe()
    for name in ("a.toml", "a.tbr"):
        recipe.save(tmp_path / name)
        assert Recipe.load(tmp_path / name).to_bytes() == recipe.to_bytes()
    with pytest.raises(twinbit.FileError, match=r"a\.json.*\.toml or \.tbr"):
        recipe.save(tmp_path / "a.json")
    with pytest.raises(twinbit.FileError, match=r"b\.toml: there is no such file"):
        Recipe.load(tmp_path / "b.toml")
    (tmp_path / "c.toml").write_text("[kmeans]\nclusters = 999")
    with pytest.raises(twinbit.RecipeError, match=r"c\.toml: recipe: clusters = 999"):
        Recipe.load(tmp_path / "c.toml")
    with pytest.raises(twinbit.RecipeError, match="'pca' is not known; use autoencoder, bank, bearing, elm"):
        Recipe.load("pca")


@pytest.mark.parametrize("name", recipe_files.names())
def test_shipped_recipes(name: str) -> None:
    recipe = Recipe.named(name)
    assert recipe.name == name
    assert not recipe.is_fitted
    with pytest.raises(twinbit.RecipeError, match="fit it to data"):
        recipe.cost()
    assert recipe.fit(data_for(recipe), None if recipe.decision.learning else 0.5).cost().image > 0


@pytest.mark.parametrize("frames", [12, 13, 40, 400, 70_000, 400_000])
@pytest.mark.parametrize("scaler", [True, False])
def test_learning_part_is_used_up(frames: int, scaler: bool) -> None:
    for shares in ((0.25, 0.5, 0.25), (0.0, 0.0, 1.0), (1.0, 0.0, 0.0)):
        decision = Decision(shares=shares).with_frames(frames, scaler)
        assert decision.frames == frames
        assert bool(decision.scaling) == scaler
    with pytest.raises(twinbit.RecipeError, match="too short"):
        Decision().with_frames(10, scaler)


@pytest.mark.parametrize("arithmetic", ["f32", "q15", "q31"])
def test_fit_leaves_head_room(arithmetic: str) -> None:
    rng = np.random.default_rng(3)
    scale = np.array([1e-6, 1e-3, 1, 1e3, 1e6], dtype=np.float64)
    frames = (5 + rng.normal(size=(500, 5))) * scale
    frames[:, 2] = 7.0  # constant
    recipe = Recipe(arithmetic=arithmetic).fit(frames, 400)  # type: ignore[arg-type]
    for i, channel in enumerate(recipe.input.channels):
        raw = frames[:400, i] * 2.0**channel.unit - channel.offset
        assert abs(raw).max() < 2**17 + 1
        assert abs(raw).max() >= 2**10 or i in (0, 2)
    result = twinbit.Monitor(recipe).run(frames)
    assert not result.clipped.any()
    assert not result.alarm[:500].all()


def test_standardised_values_need_no_scaler() -> None:
    rng = np.random.default_rng(4)
    frames = rng.normal(size=(600, 3)).astype(np.float32)
    frames[500:] += 5
    for arithmetic in ("f32", "q15", "q31"):
        recipe = Recipe(KMeans(2), scaler=None, arithmetic=arithmetic).fit(frames, 400)  # type: ignore[arg-type]
        result = twinbit.Monitor(recipe).run(frames)
        assert result.score[550] > 1.0
        assert (result.state[:2] == "learning").all()


def test_cost_is_what_the_monitor_has(recipe: Recipe) -> None:
    assert recipe.cost() == twinbit.Monitor(recipe).cost()
    wider = replace(recipe, input=replace(recipe.input, channels=recipe.input.channels * 2))
    assert wider.cost().image > recipe.cost().image
