"""The ELM against batch ridge regression in NumPy; fleets; pruning down to a smaller recipe and image."""

from __future__ import annotations

import pickle
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
import twinbit
from blocks import LEAST, fields, level
from conftest import ARITHMETICS, make_frames, make_recipe
from hypothesis import given, settings
from hypothesis import strategies as st
from twinbit import ELM, KMeans, Monitor, export

UNITS, D = 7, 4
SUMS = {"f32": "<f4", "q15": "<i4", "q31": "<i8"}


def data(frames: int = 300, seed: int = 0) -> np.ndarray:
    """Four features with two causes, in standard deviations."""
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(2, frames, 1))
    return (np.hstack([a, b, np.tanh(a), (a - b) / 2]) + 0.1 * rng.normal(size=(frames, D))).astype(np.float32)


FRAMES = data()


def make(arithmetic: str = "q15", **options: object) -> ELM:
    return ELM(UNITS, arithmetic=arithmetic, scale=False, **options)  # type: ignore[arg-type]


def sums(detector: ELM, units: int = UNITS) -> tuple[int, np.ndarray, np.ndarray]:
    """Frames, U and V of an image, raw."""
    kind = SUMS[detector.recipe.arithmetic]
    wanted = (kind, units * (units + 1) // 2), (kind, units * D)
    _, count, triangle, v = fields(detector, ("<u4", 1), ("<u4", 1), *wanted)
    u = np.zeros((units, units), dtype=triangle.dtype)
    u[np.tril_indices(units)] = triangle
    return int(count[0]), np.tril(u) + np.tril(u, -1).T, v.reshape(units, D)


def hidden(frames: np.ndarray, **options: object) -> np.ndarray:
    """What the hidden layer makes of each frame, in F32: V of one frame alone is h x^T."""
    detector, found = make("f32", **options).learn(frames[:1]), []
    for x in frames.astype(np.float64):
        v = sums(detector.new_epoch().learn([x]))[2]
        found.append(v @ x / (x @ x))
    return np.array(found)


def ridge(h: np.ndarray, x: np.ndarray, ridge: float) -> np.ndarray:
    """The output weights of batch ridge regression."""
    return np.linalg.solve(h.T @ h + ridge * np.eye(h.shape[1]), h.T @ x)


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu", "linear"])
@pytest.mark.parametrize("strength", [0.5, 4.0])
def test_it_is_batch_ridge_regression(activation: str, strength: float) -> None:
    options = {"activation": activation, "ridge": strength, "seed": 9}
    detector = make("f32", **options).learn(FRAMES)
    h, x = hidden(FRAMES, **options), FRAMES.astype(np.float64)
    count, u, v = sums(detector)
    assert count == len(FRAMES)
    np.testing.assert_allclose(u, h.T @ h, rtol=1e-5, atol=1e-4)
    np.testing.assert_allclose(v, h.T @ x, rtol=1e-5, atol=1e-3)
    errors = h @ ridge(h, x, strength) - x
    lengths = np.sqrt(D * (4.0 ** detector.score(FRAMES) - LEAST))
    np.testing.assert_array_less(np.abs(lengths - np.linalg.norm(errors, axis=1)), 1e-5 * np.linalg.norm(x, axis=1))
    shares = errors**2 / (errors**2).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(detector.explain(FRAMES).to_numpy(), shares, atol=2e-3)


@pytest.mark.parametrize(("arithmetic", "octaves"), [("q15", 0.05), ("q31", 0.001)])
def test_fixed_point_scores_like_float(arithmetic: str, octaves: float) -> None:
    found = np.abs(make(arithmetic).learn(FRAMES).score(FRAMES) - make("f32").learn(FRAMES).score(FRAMES))
    assert np.median(found) < octaves


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
def test_tens_of_frames_are_enough(arithmetic: str) -> None:
    detector = make(arithmetic, ridge=0.1).learn(FRAMES[:40])
    wrong = FRAMES[40:].copy()
    wrong[:, 3] *= -1
    assert np.median(detector.score(wrong)) > np.quantile(detector.score(FRAMES[40:]), 0.9)


def test_gain_and_seed_decide_the_hidden_layer() -> None:
    base = hidden(FRAMES[:20])
    small = hidden(FRAMES[:20], gain=-4, activation="linear")
    np.testing.assert_allclose(16 * small, hidden(FRAMES[:20], activation="linear"), rtol=1e-4, atol=1e-4)
    assert np.abs(base - hidden(FRAMES[:20], seed=2)).mean() > 0.1


def test_forgetting_follows_a_change() -> None:
    turned = FRAMES[:, ::-1].copy()
    keeps, forgets = (make(forget=forget).learn(np.tile(FRAMES, (4, 1))).learn(turned) for forget in (0, 64))
    assert forgets.score(turned).mean() < keeps.score(turned).mean() - 0.3
    assert sums(forgets)[0] < 64
    with pytest.raises(twinbit.UnsupportedError, match="ELM without forget"):
        forgets.merge(ELM.from_bytes(forgets.to_bytes()))


# ---- fleets


def fleet(arithmetic: str) -> tuple[ELM, list[ELM]]:
    start = make(arithmetic).learn(FRAMES[:50]).new_epoch()
    return start, [ELM.from_bytes(start.to_bytes()).learn(FRAMES[i::3]) for i in range(3)]


@pytest.mark.parametrize("arithmetic", ["q15", "q31"])
def test_merged_in_any_order_they_are_the_union(arithmetic: str) -> None:
    start, parts = fleet(arithmetic)
    union = start.learn(FRAMES)
    for one, other, third in permutations(parts):
        merged = ELM.from_bytes(one.to_bytes()).merge(other).merge(third)
        for mine, theirs in zip(sums(merged), sums(union), strict=True):
            np.testing.assert_array_equal(mine, theirs)
        assert merged.score(FRAMES).tolist() == union.score(FRAMES).tolist()


def test_in_float_they_are_the_union_but_for_rounding() -> None:
    start, (one, other, third) = fleet("f32")
    merged = one.merge(other).merge(third)
    np.testing.assert_allclose(merged.score(FRAMES), start.learn(FRAMES).score(FRAMES), atol=1e-3)
    with pytest.raises(twinbit.UnsupportedError, match="unmerge"):
        merged.unmerge(third)


@settings(max_examples=20, deadline=None)
@given(arithmetic=st.sampled_from(["q15", "q31"]), cut=st.integers(1, len(FRAMES) - 1))
def test_unmerge_gives_the_block_back(arithmetic: str, cut: int) -> None:
    start = make(arithmetic).learn(FRAMES[:50]).new_epoch()  # type: ignore[arg-type]
    one, other = (ELM.from_bytes(start.to_bytes()).learn(part) for part in (FRAMES[:cut], FRAMES[cut:]))
    before = sums(one)
    one.merge(other).unmerge(other)
    for mine, theirs in zip(sums(one), before, strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_another_seed_or_scaler_is_refused() -> None:
    with pytest.raises(twinbit.ImageError, match="another recipe"):
        make(seed=1).learn(FRAMES).merge(make(seed=2).learn(FRAMES))
    one, other = (ELM(UNITS).learn(part) for part in (FRAMES[:150], 3 * FRAMES[:150]))
    before = one.image
    with pytest.raises(twinbit.TwinbitError, match="merge"):  # another scale is another input, too
        one.merge(other)
    assert one.image == before


# ---- pruning


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
@pytest.mark.parametrize("keep", [1, 4, UNITS])
def test_a_pruned_copy_scores_the_same_bits(arithmetic: str, keep: int) -> None:
    detector = make(arithmetic).learn(FRAMES).prune(keep)
    smaller = detector.pruned()
    part = smaller.recipe.detector
    assert isinstance(part, twinbit.recipe_parts.ELM)
    assert len(part.in_use) == keep
    assert smaller.score(FRAMES).tolist() == detector.score(FRAMES).tolist()
    assert smaller.explain(FRAMES).equals(detector.explain(FRAMES))
    assert (smaller.cost().image < detector.cost().image) == (keep < UNITS)
    assert detector.learn(FRAMES).score(FRAMES).tolist() == smaller.learn(FRAMES).score(FRAMES).tolist()


def test_pruning_is_regression_with_fewer_units() -> None:
    h, x = hidden(FRAMES), FRAMES.astype(np.float64)
    detector = make("f32").learn(FRAMES).prune(3)
    rows = list(detector.pruned().recipe.detector.in_use)  # type: ignore[union-attr]
    errors = h[:, rows] @ ridge(h[:, rows], x, 1.0) - x
    np.testing.assert_allclose(detector.score(FRAMES), level(errors), atol=2e-3)
    worst = [np.square(h[:, [i]] @ ridge(h[:, [i]], x, 1.0) - x).sum() for i in range(UNITS)]
    assert np.square(errors).sum() < np.median(worst)


def test_pruned_again_and_saved(tmp_path: Path) -> None:
    first = make().learn(FRAMES).prune(5).pruned()
    second = first.prune(2).pruned()
    assert set(second.recipe.detector.in_use) < set(first.recipe.detector.in_use)  # type: ignore[union-attr]
    second.save(tmp_path / "small.twinbit")
    again = ELM.load(tmp_path / "small.twinbit")
    assert again.image == second.image == pickle.loads(pickle.dumps(second)).image
    assert twinbit.Recipe.from_toml(again.recipe.to_toml()) == again.recipe


def test_images_merge_only_with_the_same_units_left() -> None:
    start, (one, other, third) = fleet("q15")
    with pytest.raises(twinbit.MergeError, match=r"merge: .*bases.*same units left"):
        one.prune(4).merge(other)
    basis = start.learn(FRAMES).prune(4).new_epoch()
    left, right = (ELM.from_bytes(basis.to_bytes()).learn(part) for part in (FRAMES[::2], FRAMES[1::2]))
    assert left.merge(right).score(FRAMES).tolist() == basis.learn(FRAMES).score(FRAMES).tolist()
    assert third.pruned().image == third.image


def test_what_can_not_be_pruned() -> None:
    detector = make().learn(FRAMES)
    for keep in (0, UNITS + 1):
        with pytest.raises(twinbit.RangeError, match=f"prune: keep = {keep} is out of range; use 1 to {UNITS}"):
            detector.prune(keep)
    with pytest.raises(twinbit.StateError, match="learned nothing yet"):
        make().prune(2)
    monitor = Monitor.from_bytes(KMeans(2).learn(FRAMES).to_bytes())
    with pytest.raises(twinbit.UnsupportedError, match=r"prune: .*ELM prunes"):
        monitor.prune(2)
    with pytest.raises(twinbit.RecipeError, match="only an ELM can be pruned, and this is KMeans"):
        monitor.pruned()


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
def test_a_pruned_monitor_goes_on_as_the_whole_one(arithmetic: str) -> None:
    frames = make_frames()
    whole = Monitor(make_recipe("elm", arithmetic))  # type: ignore[arg-type]
    whole.step(frames[:250])
    whole.prune(2)
    assert whole.state == "calibrating"
    smaller = whole.pruned()
    assert smaller.channels == whole.channels
    assert smaller.frames == whole.frames
    ours, theirs = smaller.step(frames[150:300])[-40:], whole.step(frames[150:300])[-40:]
    assert ours["score"].tolist() == theirs["score"].tolist()
    assert whole.state == "monitoring"
    later = whole.pruned()
    assert later.step(frames[300:320]).tobytes() == whole.step(frames[300:320]).tobytes()
    copy = Monitor(smaller.recipe).load_image(smaller.image)
    assert copy.step(frames[:5]).tobytes() == smaller.step(frames[:5]).tobytes()
    text = export.render(smaller.recipe, "pump", smaller.image)["pump.c"]
    assert f"tb_elm_{arithmetic}" in text
