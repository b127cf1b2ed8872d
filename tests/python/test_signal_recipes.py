"""Recipes of samples, spectra and slow data: text, bytes, names of features, fitting, rates and periods."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
import twinbit
from hypothesis import given, settings
from hypothesis import strategies as st
from signal_recipes import ARITHMETICS, RATE, RECIPES, data_for, make_samples, ready
from twinbit import Channel, Decision, Input, Recipe, _core, recipe_files
from twinbit.recipe_bands import transform_sizes
from twinbit.recipe_parts import (
    Bands,
    Boxes,
    Centre,
    Deviation,
    Distance,
    Envelope,
    Framer,
    Lags,
    Octaves,
    Scaler,
    Seasonal,
    Steady,
    Tail,
    TimeFeatures,
    Univariate,
)
from twinbit.recipe_signal import STATISTICS

shares = st.floats(0, 1)
counts = st.integers(1, 2**20 - 1)
floors = st.floats(-60, 60)
tapers = st.sampled_from(["rectangular", "hann", "hamming", "blackman", "flat_top"])
common: dict[str, Any] = {"taper": tapers, "shape": st.booleans(), "level": st.booleans(), "floor": floors}
bands = st.builds(
    Bands,
    st.integers(1, 9),
    st.sampled_from(["log", "linear", "mel"]),
    st.none() | st.floats(0, 50),
    st.none() | st.floats(400, 600),
    size=st.sampled_from([0, 64, 72]),
    hop=st.integers(0, 96),
    fused=st.booleans(),
    **common,
)
edges = st.sets(st.integers(0, 24), min_size=2).map(sorted).map(lambda bins: tuple(bin_ * RATE / 96 for bin_ in bins))
envelopes = st.builds(
    Envelope,
    st.none() | st.floats(0, 100),
    st.none() | st.floats(200, 500),
    st.sampled_from(["hilbert", "rectify"]),
    st.builds(Bands, edges=edges, size=st.just(96), **common) | st.builds(Bands, st.integers(1, 9), st.just("linear")),
)
times = st.builds(TimeFeatures, st.sets(st.sampled_from(STATISTICS), min_size=1).map(tuple), st.booleans())
framers = st.builds(
    Framer,
    st.just(96),
    st.integers(1, 96),
    st.sampled_from(["none", "mean", "line"]),
    st.just(RATE),
    st.floats(0, 1e4),
)
lags = st.builds(Lags, st.integers(1, 4), st.integers(1, 16), st.booleans(), st.booleans(), st.just(True))
chains = st.lists(lags | st.builds(Octaves, st.integers(1, 2)), max_size=2).map(tuple)
plain = st.builds(Distance, st.integers(1, 16), st.just("diagonal"), shares, shares, st.integers(1, 65536))
raw = st.one_of(
    st.builds(Deviation, st.floats(2.0**-31, 1), st.integers(0, 65535), shares),
    st.builds(Boxes, st.integers(1, 256), st.floats(2.0**-16, 8), counts, st.sampled_from(["never", "calm", "always"])),
)
univariates = st.builds(
    Univariate,
    st.integers(2, 96),
    st.integers(1, 256),
    *[counts] * 3,
    shares,
    *[counts] * 7,
    st.floats(2.0**-16, 8),
    st.floats(0, 0.25),
    st.just(0) | counts,
)
seasonals = st.builds(Seasonal, st.integers(2, 96), counts, counts, counts, shares, counts)
steadies = st.builds(
    Steady, st.integers(0, 32768), counts, st.integers(1, 65535), st.just((0.2, 0.3, 0.5)), st.floats(2.0**-31, 1),
    st.floats(2.0**-15, 64), counts, st.floats(0, 24), counts,
)  # fmt: skip
decisions = steadies | st.just(Decision(5, 50, 20))
tails = st.none() | st.builds(Tail, st.just(0) | counts)
channel = st.builds(Channel, st.just("x"), st.integers(-9, 9), st.integers(-4, 4), st.integers(-4, 4))


def inputs(count: int, phase: bool = False) -> st.SearchStrategy[Input]:
    return st.builds(Input, st.tuples(*[channel] * count), st.just("hold"), st.just(phase))


arithmetics = st.sampled_from(ARITHMETICS)
framed = st.builds(
    Recipe, plain, inputs(2), st.just(Scaler()) | st.builds(Centre, st.integers(-8, 8)), decisions, arithmetics,
    framer=framers, extractors=st.lists(bands | envelopes | times, min_size=1, max_size=2).map(tuple),
    transforms=st.lists(lags, max_size=1).map(tuple), tail=tails,
)  # fmt: skip
slow = st.builds(Recipe, raw, inputs(3), st.none(), decisions, arithmetics, tail=tails)
timed = st.builds(Recipe, univariates | seasonals, inputs(1, True), st.none(), decisions, arithmetics, tail=tails)
spectral = st.builds(Recipe, plain, inputs(4), st.just(Centre()), decisions, arithmetics, transforms=chains)
recipes = framed | slow | timed | spectral


@settings(max_examples=80, deadline=None)
@given(recipe=recipes)
def test_toml_and_back(recipe: Recipe) -> None:
    assert Recipe.from_toml(recipe.to_toml()) == recipe


@settings(max_examples=150, deadline=None)
@given(recipe=recipes)
def test_bytes_are_canonical_and_features_are_named(recipe: Recipe) -> None:
    data = recipe.to_bytes()
    assert _core.canonical(data) == data
    assert Recipe.from_bytes(data).to_bytes() == data
    assert len(recipe.features) == _core.Monitor(data).features


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[framer]\n[kmeans]", r"it has a framer but no \[\[features\]\]"),
        ("[[features]]\nkind = 'time'\n[kmeans]", r"it has features but no a? ?\[framer\]"),
        ("[framer]\nwindow = 1\n[kmeans]", "window = 1 is out of range; use 2 to 65536"),
        ("[framer]\nwindow = 64\nhop = 65\n[kmeans]", "hop = 65 is out of range; use 1 to 64"),
        ("[framer]\ndetrend = 'high'\n[kmeans]", "detrend = 'high' is not known; use none, mean or line"),
        ("[framer]\nstep = 3\n[kmeans]", "framer.step is not known; framer has window, hop"),
        ("[[features]]\nkind = 'fft'\n[kmeans]", r"features\[0\].kind = 'fft' is not known; use time or bands or env"),
        ("features = 3\n[kmeans]", r"features should be a list of tables, \[\[features\]\]"),
        ("[[features]]\nkind = 'time'\nof = ['rms', 'mode']\n[kmeans]", "time feature = 'mode' is not known; use mean"),
        ("[[features]]\nkind = 'time'\nof = []\n[kmeans]", "time features need at least one of mean, slope"),
        ("[[features]]\nkind = 'time'\nof = 'rms'\n[kmeans]", r"features\[0\].of should be a list, such as"),
        ("[[features]]\nkind = 'bands'\ncount = 0\n[kmeans]", "count of bands = 0 is out of range"),
        ("[[features]]\nkind = 'bands'\nspacing = 'octave'\n[kmeans]", "'octave' is not known; use linear, log or mel"),
        ("[[features]]\nkind = 'bands'\nedges = [3, 2]\n[kmeans]", "edges of bands should be two or more frequencies"),
        ("[[features]]\nkind = 'envelope'\nbands = 3\n[kmeans]", r"features\[0\].bands should be a table"),
        ("[[transform]]\nkind = 'lags'\nlags = 17\n[kmeans]", "lags = 17 is out of range; use 1 to 16"),
        ("[[transform]]\nkind = 'lags'\nlags = 16\nstep = 100\n[kmeans]", "lags times step = 1600 is out of range"),
        ("[scaler]\n[centre]\n[kmeans]", r"one scaler at most, \[scaler\] or \[centre\]; found \[scaler\] and"),
        ("[centre]\ngain = 9\n[kmeans]", "gain = 9 is out of range; use -8 to 8"),
        ("[scaler]\n[deviation]", "Deviation brings its own scale; take the scaler out"),
        ("[univariate]", "Univariate needs a phase; set input.phase, or bins to 1"),
        ("[input]\nphase = true\n[seasonal]\nbins = 1", "Seasonal takes no phase"),
        ("[deviation]\nsettle_time = 3", "deviation.settle_time needs period"),
        ("[deviation]\nsmoothing = 0", "smoothing = 0.0 is out of range"),
        ("[boxes]\nadapt = 'slowly'", "adapt = 'slowly' is not known; use never, calm or always"),
        ("[distance]\nkind = 'full'", "kind = 'full' is not known; use diagonal or shared"),
        ("[decision]\n[steady]\n[kmeans]", r"it has one decision, \[decision\] or \[steady\]; found \[decision\] and"),
        ("[steady]\nthreshold = 65\n[kmeans]", "threshold = 65.0 is out of range"),
        ("[tail]\nforget = -1\n[kmeans]", "forget = -1 is out of range"),
        ("period = 3\n[framer]\n[[features]]\nkind = 'time'\n[scaler]\n[kmeans]", "take period out, set framer.rate"),
        ("[framer]\n[[features]]\nkind = 'time'\n[kmeans]", r"features need a \[scaler\], or a \[centre\]"),
        ("[input]\nphase = true\n[framer]\n[[features]]\nkind = 'time'\n[scaler]\n[kmeans]", "phase does not go with"),
    ],
)
def test_mistakes_are_named(text: str, message: str) -> None:
    with pytest.raises(twinbit.RecipeError, match=message):
        Recipe.from_toml(text)


@pytest.mark.parametrize(
    ("part", "framer", "message"),
    [
        (Bands(), Framer(66, 33), "not to be had with a window of 66; use 64"),
        (Bands(), Framer(60, 30), "a window has at least 64 samples"),
        (Bands(40), Framer(64, 32), "40 bands do not fit between lines 1 and 33"),
        (Bands(2, high=1e-3), Framer(64, 32), "2 bands do not fit between lines 1 and 0"),
        (Bands(edges=(0.1, 0.101)), Framer(64, 32), "edges of bands should be 0.015625 apart or more"),
        (Bands(edges=(0.1, 0.7)), Framer(64, 32), "up to 0.515625"),
        (Envelope(0.2, 0.2), Framer(64, 32), "band-pass should be 0.015625 wide or more"),
        (Envelope(bands=Bands(4, size=90)), Framer(96, 32), "size = 90 should be a multiple of 4"),
        (Bands(4, hop=70), Framer(64, 32), "hop of bands = 70 is out of range; use 1 to 64"),
    ],
)
def test_bands_that_can_not_be(part: Bands | Envelope, framer: Framer, message: str) -> None:
    recipe = Recipe(framer=framer, extractors=(part,))
    with pytest.raises(twinbit.RecipeError, match=message):
        recipe.fit(make_samples(4000), 20).to_bytes()


def test_names_say_what_a_feature_is() -> None:
    assert ready("bands").features[:3] == ("x0 15.62-31.25 Hz", "x0 31.25-46.88 Hz", "x0 46.88-93.75 Hz")
    assert ready("bands").features[6] == "x0 level"
    assert ready("bands").features[-1].startswith("all ")
    assert ready("envelope").features[0].endswith("Hz of envelope")
    assert Bands(8, "linear").names(("x",), Framer(1024, 512, rate=51_200.0))[-1] == "x 22450-25650 Hz"
    assert {"x0 kurtosis", "x1 rms since 2 ago"} < set(ready("time").features)
    assert ready("octaves").features[0] == "x0 to x1"
    assert ready("univariate").features == ("load", "time of day")
    wide = Recipe(framer=Framer(64, 32), extractors=(Bands(2, "linear"),), input=Input((Channel("x"),)))
    assert wide.features == ("x 0.01562-0.2656", "x 0.2656-0.5156")


@pytest.mark.parametrize("count", [1, 7, 31, 32])
@pytest.mark.parametrize("spacing", ["linear", "log", "mel"])
def test_bands_cover_their_range(spacing: Any, count: int) -> None:
    bins = Bands(count, spacing).bins(Framer(64, 32, rate=RATE))
    assert (bins[0], bins[-1], len(bins)) == (1, 33, count + 1)
    assert all(low < high for low, high in pairwise(bins))


def test_bands_by_frequency() -> None:
    framer = Framer(1000, 500, rate=1000.0)
    assert Bands(2, "linear", 100.0, 200.0).bins(framer) == (100, 150, 200)
    assert Bands(2, "log", 100.0, 400.0).bins(framer) == (100, 200, 400)
    assert Bands(edges=(0.0, 10.0, 500.0)).bins(framer) == (0, 10, 500)
    assert Bands(5, "linear", 100.0, 200.0).words(framer)[-3:] == [5, 100, 20]
    assert transform_sizes(4096)[-1] == 4096


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
@pytest.mark.parametrize("name", RECIPES)
def test_fit_leaves_head_room(name: str, arithmetic: Any) -> None:
    recipe = ready(name, arithmetic)
    data = np.asarray(data_for(recipe), dtype=np.float64)
    unit = 2.0 ** np.array([channel.unit for channel in recipe.input.channels])
    raw = data * unit - np.array([channel.offset for channel in recipe.input.channels])
    half = np.abs(raw[: len(raw) // 2]).max()
    limit = 2.0**15 if recipe.framer and arithmetic == "q15" else 2.0**23
    assert limit / 256 < half <= limit / 8 + 1
    if name == "octaves":
        assert all(channel.offset == 0 for channel in recipe.input.channels)


def test_counts_of_16_bits_stay_as_they_are() -> None:
    counts = np.round(make_samples() * 3000).astype(np.int16)
    recipe = replace(RECIPES["bands"], arithmetic="q15").fit(counts, 0.5)
    assert {channel.shift for channel in recipe.input.channels} == {0}
    wide = replace(RECIPES["bands"], arithmetic="q15").fit(counts.astype(np.int32) << 8, 0.5)
    assert all(channel.shift < 0 for channel in wide.input.channels)


def test_learning_is_counted_in_frames() -> None:
    recipe = RECIPES["bands"].fit(make_samples(1600), 50)
    assert recipe.decision.frames == 50
    assert recipe.frames_in(1600) == 97
    assert RECIPES["bands"].fit(make_samples(1600), 0.5).decision.frames == 48  # half to even
    with pytest.raises(twinbit.RecipeError, match="there are only 97"):
        RECIPES["bands"].fit(make_samples(1600), 98)


def test_another_rate_keeps_times() -> None:
    bearing = Recipe.named("bearing")
    fast = bearing.at_rate(48000.0)
    assert bearing.framer
    assert fast.framer
    assert fast.framer.window / 48000 == pytest.approx(bearing.framer.window / (bearing.framer.rate or 0))
    assert fast.framer.period == pytest.approx(bearing.framer.period)
    whole = RECIPES["bands"].at_rate(1111.0).framer
    assert whole
    assert whole.window == 72
    assert Recipe.named("vibration").at_rate(3200.0).frame_period is not None
    with pytest.raises(twinbit.RecipeError, match="a rate is for recipes with a framer"):
        Recipe.named("kmeans").at_rate(10.0)


def test_another_period_keeps_times_half_way() -> None:
    hourly = Recipe.named("univariate").at_period(1200.0)
    before = Recipe.named("univariate")
    assert isinstance(hourly.detector, Univariate)
    assert isinstance(before.detector, Univariate)
    assert hourly.detector.level == before.detector.level // 2
    assert hourly.detector.fast == max(2, before.detector.fast // 2)
    assert isinstance(hourly.decision, Steady)
    assert isinstance(before.decision, Steady)
    assert hourly.decision.decay == before.decision.decay // 2
    assert hourly.decision.threshold == before.decision.threshold - 1.0
    values = pd.DataFrame({"load": np.arange(900.0)}, index=pd.date_range("2026-01-01", periods=900, freq="20min"))
    assert before.fit(values).period == 1200.0
    with pytest.raises(twinbit.RecipeError, match="no period to change"):
        Recipe.named("kmeans").at_period(3.0)


def test_a_period_that_is_very_short_stops_at_the_limits() -> None:
    fast = Recipe.named("univariate").at_period(0.001)
    assert isinstance(fast.detector, Univariate)
    assert fast.detector.forget == 2**20
    assert Tail().at(1e6).forget == 2**20 - 1
    assert Steady().at(1e6).decay == 2**20 - 1


@pytest.mark.parametrize("name", recipe_files.names())
def test_shipped_recipes_say_when_and_run(name: str) -> None:
    recipe = Recipe.named(name)
    data = data_for(recipe)
    monitor = twinbit.Monitor(recipe, learn=None if recipe.decision.learning else 0.5)
    table = monitor.run(data)
    assert table.state.iloc[-1] == ("monitoring" if recipe.policy is None else "drifting")  # it ends with a fault
    assert table.score.notna().any()
    monitor.recipe.selftest()
