"""Detectors by themselves."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import twinbit
from conftest import ARITHMETICS, make_frames
from twinbit import ELM, Autoencoder, Bank, KMeans, Mahalanobis, Subspace

KINDS: dict[str, Any] = {
    "kmeans": KMeans,
    "mahalanobis": Mahalanobis,
    "autoencoder": lambda **options: Autoencoder((2,), **options),
    "elm": lambda **options: ELM(6, **options),
    "subspace": lambda **options: Subspace(1, **options),
    "bank of autoencoder": lambda **options: Bank(Autoencoder((1,), **options), modes=3),
    "bank of elm": lambda **options: Bank(ELM(2, **options), modes=3),
    "bank of subspace": lambda **options: Bank(Subspace(1, **options), modes=3),
}
NORMAL = make_frames()[:300]
FAULT = make_frames()[300:]


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
@pytest.mark.parametrize("kind", KINDS)
def test_faults_score_higher(kind: str, arithmetic: str) -> None:
    detector = KINDS[kind](arithmetic=arithmetic).learn(NORMAL)
    assert detector.score(FAULT).min() > np.quantile(detector.score(NORMAL), 0.99)
    shares = detector.explain(FAULT)
    assert (shares.mean().idxmax(), list(shares.columns)) == ("x0", ["x0", "x1", "x2"])
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-3)


@pytest.mark.parametrize("kind", ["kmeans", "mahalanobis"])
def test_arithmetics_agree(kind: str) -> None:
    scores = {a: KINDS[kind](arithmetic=a).learn(NORMAL).score(np.concatenate([NORMAL, FAULT])) for a in ARITHMETICS}
    np.testing.assert_allclose(scores["q31"], scores["f32"], atol=0.01)
    assert np.median(np.abs(scores["q15"] - scores["f32"])) < 0.01


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
@pytest.mark.parametrize("kind", KINDS)
def test_learn_score_is_score_then_learn(kind: str, arithmetic: str) -> None:
    one, other, third = (KINDS[kind](arithmetic=arithmetic).learn(NORMAL) for _ in range(3))
    together = one.learn_score(FAULT)
    apart = []
    for frame in FAULT:
        apart.append(other.score_one(frame))
        other.learn_one(frame)
    assert together.tolist() == apart
    assert [third.learn_score_one(frame) for frame in FAULT] == apart
    assert one.image == other.image == third.image


def test_counts_of_both_widths() -> None:
    counts = (NORMAL * 50).astype(np.int16)
    counts[5, 1] = 7
    one, other = KMeans(4).learn(counts), KMeans(4).learn(counts.astype(np.int32))
    assert one.learn_score(counts).tolist() == other.learn_score(counts.astype(np.int32)).tolist()
    counts[9, 2] = np.iinfo(np.int16).min
    with pytest.raises(twinbit.MissingValueError, match="learn_score: frame 9, channel 2"):
        one.learn_score(counts)


def test_without_scale() -> None:
    rng = np.random.default_rng(0)
    frames = rng.normal(size=(300, 2)).astype(np.float32)
    detector = Mahalanobis(scale=False).learn(frames)
    far, near = detector.score([[5.0, 5.0], [0.0, 0.5]])
    assert far > 1 > near
    assert detector.recipe.scaler is None


def test_a_refused_first_batch_leaves_it_fresh() -> None:
    bad = NORMAL.copy()
    bad[10, 0] = np.nan
    detector = KMeans(4)
    with pytest.raises(twinbit.NotFiniteError, match="frame 10, channel 0"):
        detector.learn(bad)
    assert "nothing learned" in repr(detector)
    assert detector.learn(NORMAL).image == KMeans(4).learn(NORMAL).image


def test_before_it_learned() -> None:
    for call in (lambda d: d.score(NORMAL), lambda d: d.score_one(NORMAL[0]), lambda d: d.learn_one(NORMAL[0])):
        with pytest.raises(twinbit.StateError, match="learned nothing yet"):
            call(KMeans())
    for kind in KINDS.values():
        with pytest.raises(twinbit.StateError, match="learned nothing yet"):
            kind().explain(NORMAL)
    with pytest.raises(twinbit.StateError, match="there are none"):
        KMeans().learn(NORMAL[:0])
    with pytest.raises(twinbit.RecipeError, match="nothing to pickle"):
        pickle.dumps(KMeans())


def test_files_and_pickle(tmp_path: Path) -> None:
    detector = Mahalanobis(0.1).learn(pd.DataFrame(NORMAL, columns=["a", "b", "c"]))
    detector.save(tmp_path / "d.twinbit")
    again = Mahalanobis.load(tmp_path / "d.twinbit")
    assert again.image == detector.image == pickle.loads(pickle.dumps(detector)).image
    assert list(again.explain(FAULT).columns) == ["a", "b", "c"]
    assert repr(again) == f"Mahalanobis(q15, 3 channels, image {detector.cost().image} bytes)"


def test_full_sums_say_so() -> None:
    detector = Mahalanobis().learn(NORMAL)
    many = np.tile(NORMAL, (220, 1))  # with the first 300 more than 2^16
    before = detector.image
    with pytest.raises(twinbit.RangeError, match=r"learn: frame 65\d\d\d: .*overflow.*new_epoch"):
        detector.learn(many)
    assert detector.image == before


def test_fleet() -> None:
    start = Mahalanobis().learn(NORMAL).new_epoch()
    one, other = (Mahalanobis.from_bytes(start.to_bytes()).learn(part) for part in (NORMAL[:150], NORMAL[150:]))
    before = one.score(FAULT)
    assert one.merge(other).score(FAULT).tolist() == start.learn(NORMAL).score(FAULT).tolist()
    assert one.unmerge(other).score(FAULT).tolist() == before.tolist()
