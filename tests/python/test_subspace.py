"""The subspace against batch principal components in NumPy."""

from __future__ import annotations

import numpy as np
import pytest
import twinbit
from blocks import fields, level
from conftest import ARITHMETICS
from twinbit import Subspace

WIDTHS = {"f32": ("<f4", "<f4", "<f4"), "q15": ("<u8", "<i4", "<i4"), "q31": ("<u8", "<i8", "<i4")}
PLACES = {"f32": (0, 0, 0), "q15": (40, 28, 30), "q31": (40, 40, 30)}


def data(frames: int = 3000, d: int = 8, seed: int = 0) -> np.ndarray:
    """Three directions of different strength in d features, and noise; standardised enough for no scaler."""
    rng = np.random.default_rng(seed)
    directions = np.linalg.qr(rng.normal(size=(d, 3)))[0].T
    return (rng.normal(size=(frames, 3)) * [1.6, 1.0, 0.6] @ directions + 0.05 * rng.normal(size=(frames, d))).astype(
        np.float32
    )


FRAMES = data()


def state(detector: Subspace, k: int, d: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Variances along the components, the mean, and the directions, as float64."""
    kinds, places = WIDTHS[detector.recipe.arithmetic], PLACES[detector.recipe.arithmetic]
    wanted = [(kinds[0], k), (kinds[1], d), (kinds[2], k * d)]
    found = fields(detector, ("<u4", 1), ("<u4", k), *wanted)[2:]
    length, mean, units = (array.astype(float) * 2.0**-place for array, place in zip(found, places, strict=True))
    return length, mean, units.reshape(k, d)


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
def test_components_are_the_principal_ones(arithmetic: str) -> None:
    detector = Subspace(3, amnesic=0.0, arithmetic=arithmetic, scale=False).learn(FRAMES)  # type: ignore[arg-type]
    variances, mean, directions = state(detector, 3, 8)
    values, vectors = np.linalg.eigh(np.cov(FRAMES.T))
    np.testing.assert_allclose(mean, FRAMES.mean(axis=0), atol=1e-3)
    np.testing.assert_allclose(variances, values[:-4:-1], rtol=0.1)
    assert (np.abs(np.sum(directions * vectors.T[:-4:-1], axis=1)) > 0.995).all()
    np.testing.assert_allclose(np.linalg.norm(directions, axis=1), 1, atol=1e-4)


@pytest.mark.parametrize(("arithmetic", "octaves"), [("f32", 1e-4), ("q15", 0.01), ("q31", 1e-4)])
def test_score_is_what_the_components_leave(arithmetic: str, octaves: float) -> None:
    detector = Subspace(3, arithmetic=arithmetic, scale=False).learn(FRAMES)  # type: ignore[arg-type]
    _, mean, directions = state(detector, 3, 8)
    probes = data(50, seed=1) + np.float32(0.3)
    rest = probes.astype(np.float64) - mean
    for direction in directions:
        rest -= np.outer(rest @ direction, direction)
    np.testing.assert_allclose(detector.score(probes), level(rest), atol=octaves)
    shares = detector.explain(probes).to_numpy()
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-3)
    np.testing.assert_allclose(shares, rest**2 / (rest**2).sum(axis=1, keepdims=True), atol=max(octaves, 1e-3))


def test_window_forgets() -> None:
    turned = FRAMES[:, ::-1].copy()
    old, new = (Subspace(3, window=window, scale=False).learn(FRAMES).learn(turned) for window in (0, 200))
    assert new.score(turned).mean() < old.score(turned).mean() - 0.5
    assert new.score(FRAMES).mean() > new.score(turned).mean() + 1


def test_it_does_not_merge() -> None:
    start = Subspace(1).learn(FRAMES)
    with pytest.raises(twinbit.UnsupportedError, match=r"merge: .*KMeans, Mahalanobis, ELM.*that merge"):
        start.merge(Subspace.from_bytes(start.to_bytes()))


def test_no_more_components_than_features() -> None:
    with pytest.raises(twinbit.RecipeError, match="components = 4 is out of range; use 1 to 3"):
        Subspace(4).learn(FRAMES[:, :3])
