"""Deviation and Distance in whole monitors against NumPy; what they reach on recordings: test_boards_real.py."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from twinbit import Monitor, Recipe
from twinbit.recipe_parts import Decision, Deviation, Distance, Scaler

Array = npt.NDArray[np.float64]
BOUNDS = [("f32", 2e-3), ("q15", 0.05), ("q31", 2e-3)]


def slow(rows: int = 900, seed: int = 0) -> Array:
    """A noisy pressure, a temperature that creeps, a voltage with an offset; from row 700 on the pressure is high."""
    rng = np.random.default_rng(seed)
    frames = rng.normal(size=(rows, 3)) * [0.3, 0.05, 2.0] + [1.0, 20.0, 230.0]
    frames[:, 1] += 0.4 * np.sin(np.arange(rows) / 120)
    frames[700:, 0] += 1.5
    return np.asarray(frames)


def deviations(frames: Array, calm: npt.NDArray[np.bool_], learn: int, words: Deviation) -> Array:
    """The formulas on top of core/detectors/deviation.hpp, for the frames after those learned."""
    a = words.smoothing
    e = frames.copy()
    for t in range(1, len(e)):
        e[t] = e[t - 1] + a * (frames[t] - e[t - 1])
    mean, own = e[words.settle : learn].mean(axis=0), e[words.settle : learn].std(axis=0)
    floor = frames[:learn].std(axis=0) * np.sqrt(a / (2 - a))
    width = np.maximum(own, floor) ** 2 / floor
    scores = np.empty(len(e) - learn)
    for t in range(learn, len(e)):
        scores[t - learn] = np.log2(np.abs((e[t] - mean) / width).max())
        mean = mean + words.rate * (e[t] - mean) * calm[t]
    return scores


@pytest.mark.parametrize(("arithmetic", "octaves"), BOUNDS)
def test_deviation_is_the_formula(arithmetic: Any, octaves: float) -> None:
    frames, words = slow(), Deviation(settle=20, rate=0.02)
    decision = Decision(0, 300, 100, smoothing=1.0, false_alarm_rate=0.001)
    recipe = Recipe(words, scaler=None, decision=decision, arithmetic=arithmetic).fit(frames[:300])
    table = Monitor(recipe).run(frames)
    calm = ~(table["over"] | table["alarm"]).to_numpy()
    assert not calm[700:].any() or calm[710:].mean() < 0.1
    expected = deviations(frames.astype(np.float32).astype(float), calm, 300, words)
    found = table["score"].to_numpy()[300:]
    near = expected > -4  # close to 0 a logarithm shows the last bit of what was rounded
    assert near.mean() > 0.9
    np.testing.assert_allclose(found[near], expected[near], atol=octaves)


def mixed(rows: int, seed: int, modes: int = 1) -> Array:
    """Correlated features of one or more operating points, one after the other in turns of 10."""
    rng = np.random.default_rng(seed)
    turn = (np.arange(rows) // 10) % modes
    centre = np.array([[0.0, 0, 0, 0], [9, -9, 9, 3], [-9, 9, 9, -3]])[turn]
    common = rng.normal(size=(rows, 1)) * [1, 0.5, -1, 0]
    return np.asarray(centre + common + 0.4 * rng.normal(size=(rows, 4)))


def squares(z: Array, learned: Array, turn: npt.NDArray[np.int_], at: npt.NDArray[np.int_], words: Distance) -> Array:
    """The formulas on top of core/detectors/distance.hpp: mean squared distance; which mode a frame has is known."""
    means = np.array([learned[turn == j].mean(axis=0) for j in range(words.modes)])
    rest, away = learned - means[turn], z - means[at]
    if words.kind == "shared":
        covariance = rest.T @ rest / len(rest)
        shrunk = covariance * (1 - words.shrinkage) + np.diag(np.diag(covariance)) * words.shrinkage
        shrunk += np.eye(4) * (2.0**-24 + 2.0**-12 * np.trace(covariance) / 4)
        return np.asarray(np.einsum("ti,ij,tj->t", away, np.linalg.inv(shrunk), away) / 4)
    count = np.bincount(turn)
    own = np.array([(rest[turn == j] ** 2).sum(axis=0) for j in range(words.modes)])
    scale = (own + 32 * (rest**2).mean(axis=0)) / (count + 32)[:, None]
    return np.asarray((away**2 / scale[at]).mean(axis=1))


@pytest.mark.parametrize("modes", [1, 3])
@pytest.mark.parametrize("kind", ["diagonal", "shared"])
@pytest.mark.parametrize(("arithmetic", "octaves"), BOUNDS)
def test_distance_is_the_formula(arithmetic: Any, octaves: float, kind: Any, modes: int) -> None:
    frames, words = mixed(600, 1, modes), Distance(modes, kind, few=5)
    decision = Decision(60, 240, 100, smoothing=1.0)
    recipe = Recipe(words, scaler=Scaler(), decision=decision, arithmetic=arithmetic).fit(frames[:400])
    table = Monitor(recipe).run(frames)
    z = (frames - frames[:60].mean(axis=0)) / frames[:60].std(axis=0)
    turn = (np.arange(600) // 10) % modes
    expected = 0.5 * np.log2(squares(z[300:], z[60:300], turn[60:300], turn[300:], words))
    np.testing.assert_allclose(table["score"].to_numpy()[300:], expected, atol=octaves)


def test_a_following_mean_forgives_drift_and_not_a_jump() -> None:
    frames = mixed(900, 2)
    creeping = frames + np.linspace(0, 3, 900)[:, None]
    jump = frames + 6 * (np.arange(900) > 700)[:, None]
    decision = Decision(60, 240, 200, smoothing=0.3, false_alarm_rate=0.01, margin=0.25)
    alarms = {}
    for rate in (0.0, 0.03):
        recipe = Recipe(Distance(rate=rate), scaler=Scaler(), decision=decision).fit(frames[:300])
        for name, stream in (("creeping", creeping), ("jump", jump)):
            alarms[name, rate] = Monitor(recipe).run(stream)["alarm"].to_numpy()[720:].mean()
    assert alarms["creeping", 0.0] > 0.9
    assert alarms["creeping", 0.03] < 0.1
    assert alarms["jump", 0.03] > 0.9


def test_a_process_that_is_judged_without_its_drift_alarms_more() -> None:
    """The width counts: judged by white noise alone, what drifts by itself is anomalous all the time."""
    frames = pd.DataFrame(slow(1500, 3)[:, 1:2])
    recipe = Recipe.named("process")
    drifting = Monitor(recipe, learn=600)
    drifting.run(frames[:600])
    quiet = drifting.run(frames[600:])["alarm"].mean()
    short = Monitor(replace(recipe, detector=Deviation(settle=0)), learn=60)  # too short to see the drift
    short.run(frames[:60])
    assert quiet < 0.02
    assert short.run(frames[60:])["alarm"].mean() > 5 * quiet
