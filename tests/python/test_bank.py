"""Banks: modes found on line, each with its own scaler and model; merging once the modes are frozen."""

from __future__ import annotations

import pickle
from itertools import permutations
from typing import Any

import numpy as np
import pytest
import twinbit
from conftest import ARITHMETICS
from twinbit import ELM, Autoencoder, Bank, KMeans, Mahalanobis, Subspace
from twinbit.detectors import Detector
from twinbit.metrics import auc

MODELS: dict[str, Any] = {
    "autoencoder": lambda **options: Autoencoder((1,), **options),
    "elm": lambda **options: ELM(3, **options),
    "subspace": lambda **options: Subspace(1, **options),
}


def data(seed: int = 0, frames: int = 300) -> np.ndarray:
    """A machine at rest, at half and at full speed: in each its own level, spread, and sign of what goes together."""
    rng = np.random.default_rng(seed)
    cause = rng.normal(size=(3, frames, 1))
    modes = [
        cause[0] * [0.2, 0.2, 0.2],
        [20, 10, 0] + cause[1] * [1.0, -1.0, 1.0],
        [40, -20, 30] + cause[2] * [3.0, 3.0, -3.0],
    ]
    frames_ = np.concatenate(modes) + np.repeat([0.02, 0.1, 0.3], frames)[:, None] * rng.normal(size=(3 * frames, 3))
    return frames_[rng.permutation(len(frames_))].astype(np.float32)


def faulty(seed: int = 1) -> np.ndarray:
    """Frames at rest that spread as if at half speed."""
    return (np.random.default_rng(seed).normal(size=(200, 3)) * 0.8).astype(np.float32)


FRAMES, FAULTS, PROBES = data(), faulty(), data(seed=2)
LABELS = np.repeat([0, 1], [len(PROBES), len(FAULTS)])
BOTH = np.concatenate([PROBES, FAULTS])


def quality(detector: Detector) -> float:
    found = auc(LABELS, detector.score(BOTH))
    assert found is not None
    return found


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
@pytest.mark.parametrize("model", MODELS)
def test_a_bank_sees_what_one_model_does_not(model: str, arithmetic: str) -> None:
    single = MODELS[model](arithmetic=arithmetic).learn(FRAMES)
    bank = Bank(MODELS[model](arithmetic=arithmetic), modes=4).learn(FRAMES)
    assert quality(bank) > 0.96
    assert quality(bank) > quality(single) + 0.05


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
@pytest.mark.parametrize("model", MODELS)
def test_explain_and_files(model: str, arithmetic: str) -> None:
    bank = Bank(MODELS[model](arithmetic=arithmetic), modes=4).learn(FRAMES)
    wrong = PROBES.copy()
    wrong[:, 1] += 25
    shares = bank.explain(wrong)
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-3)
    assert shares.mean().idxmax() == "x1"
    again = pickle.loads(pickle.dumps(bank))
    assert again.image == Bank.from_bytes(bank.to_bytes()).image == bank.image
    assert again.score(BOTH).tolist() == bank.score(BOTH).tolist()
    assert again.learn(PROBES).image == bank.learn(PROBES).image


@pytest.mark.parametrize("model", MODELS)
def test_arithmetics_agree(model: str) -> None:
    found = {a: Bank(MODELS[model](arithmetic=a), modes=4).learn(FRAMES).score(BOTH) for a in ARITHMETICS}
    assert np.median(np.abs(found["q31"] - found["f32"])) < 0.01
    assert np.median(np.abs(found["q15"] - found["f32"])) < 0.1


def test_memory_is_that_of_the_modes() -> None:
    images = [Bank(Subspace(1), modes=modes).learn(FRAMES).cost().image for modes in (1, 2, 3, 4)]
    steps = np.diff(images)
    assert (steps > 0).all()
    assert np.ptp(steps) <= 8 * 9  # nine arrays, each up to the next multiple of 8
    grown = Bank(Subspace(1), modes=2).learn(FRAMES[:20])
    assert len(grown.image) == len(grown.learn(FRAMES).image)


def test_modes_whose_patience_has_ended_are_left_out() -> None:
    bank = Bank(Autoencoder((1,), patience=80, improvement=0.2), modes=4).learn(FRAMES).new_epoch()
    rest = PROBES[PROBES[:, 0] < 10]  # at rest
    bank.learn(np.tile(rest, (3, 1)))
    before = bank.score(BOTH)
    with pytest.raises(twinbit.RangeError, match=r"learn: frame 0: .*new_epoch"):
        bank.learn(rest)
    assert bank.score(BOTH).tolist() == before.tolist()
    only_others = PROBES[PROBES[:, 0] > 10]
    single = Bank.from_bytes(bank.to_bytes()).learn(only_others[:50])
    mixed = np.concatenate([rest[:20], only_others[:50], rest[20:40]])
    assert bank.learn(mixed).image == single.image


# ---- fleets


def fleet(arithmetic: str) -> tuple[Bank, list[Bank]]:
    start = Bank(ELM(3, arithmetic=arithmetic), modes=4).learn(FRAMES).new_epoch()  # type: ignore[arg-type]
    return start, [Bank.from_bytes(start.to_bytes()).learn(PROBES[i::3]) for i in range(3)]


@pytest.mark.parametrize("arithmetic", ["q15", "q31"])
def test_banks_of_elms_merge_in_any_order_to_the_union(arithmetic: str) -> None:
    start, parts = fleet(arithmetic)
    before = parts[0].score(BOTH)
    union = start.learn(PROBES).score(BOTH)
    for one, other, third in permutations(parts):
        merged = Bank.from_bytes(one.to_bytes()).merge(other).merge(third)
        assert merged.score(BOTH).tolist() == union.tolist()
        merged.unmerge(other)
    parts[0].merge(parts[1]).unmerge(parts[1])
    assert parts[0].score(BOTH).tolist() == before.tolist()


def test_modes_that_still_move_do_not_merge() -> None:
    one, other = (Bank(ELM(3), modes=4).learn(FRAMES) for _ in range(2))
    with pytest.raises(twinbit.MergeError, match=r"merge: .*new_epoch"):
        one.merge(other)


@pytest.mark.parametrize("model", ["autoencoder", "subspace"])
def test_other_models_do_not_merge(model: str) -> None:
    start = Bank(MODELS[model](), modes=2).learn(FRAMES).new_epoch()
    with pytest.raises(twinbit.UnsupportedError, match="merge: the detector"):
        start.learn(PROBES).merge(Bank.from_bytes(start.to_bytes()))


# ---- what it is made of


def test_arithmetic_and_scale_are_those_of_the_model() -> None:
    bank = Bank(Subspace(2, arithmetic="f32", scale=False), modes=3, few=7)
    part = twinbit.recipe_parts.Bank(twinbit.recipe_parts.Subspace(2), 3, 7)
    assert (bank.recipe.detector, bank.recipe.arithmetic, bank.recipe.scaler) == (part, "f32", None)
    assert repr(twinbit.Monitor(bank.recipe)) == "Monitor(detector: Bank of Subspace, f32, 0 channels, scaling)"


def test_what_can_not_be_a_bank() -> None:
    for wrong in (KMeans(), Mahalanobis(), Bank(ELM()), "elm"):
        with pytest.raises(twinbit.RecipeError, match="is no model for it; give an Autoencoder, ELM or Subspace"):
            Bank(wrong)  # type: ignore[arg-type]
    with pytest.raises(twinbit.RecipeError, match="has learned already"):
        Bank(Subspace(1).learn(FRAMES))
    with pytest.raises(twinbit.RecipeError, match="modes = 17 is out of range; use 1 to 16"):
        Bank(ELM(), modes=17)
    with pytest.raises(twinbit.RecipeError, match="a bank of KMeans is not known"):
        twinbit.recipe_parts.Bank(twinbit.recipe_parts.KMeans())  # type: ignore[arg-type]
    with pytest.raises(twinbit.RecipeError, match="with 3 features components = 4 is out of range; use 1 to 3"):
        Bank(Subspace(4)).learn(FRAMES)
