"""The rows of the closed loop: each policy with drift detectors, on a stream that drifts twice.

Normal A with a short fault, then a change to normal B. The policies go through it as they do in the field: told,
drifting, a candidate learns and calibrates, monitoring. In a second change the operator has the word.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from twinbit.recipe import Recipe
from twinbit.recipe_bytes import ARITHMETIC
from twinbit.recipe_drift import KS, Adwin, CentroidDrift, PageHinkley, drift_stage, drift_words
from twinbit.recipe_parts import ELM, Distance, KMeans, Mahalanobis
from twinbit.recipe_policy import Policy

from .data import Frames
from .row import Row
from .script import Action, Recording

CHANNELS = 4
FRAMES = 900
FAULT, CHANGE, BACK = (209, 211), 260, 580
"""Frames of a short fault; first ones of normal B and of normal C."""
PERSIST = 40
DRIFTS = {
    "page_hinkley": PageHinkley(threshold=8.0, delta=0.05, mode="up"),
    "adwin": Adwin(rows=4, max_buckets=4, clock=8),
    "ks": KS(window_size=40, stat_size=16, alpha=0.001),
    "centroid": CentroidDrift(modes=2, windows=1, window=16, learning=80, calibrating=60, rate=0.001, margin=1.5),
}


def _policy(kind: str, *drifts: str, **words: float) -> dict[str, object]:
    """Parts of a row."""
    made = Policy(kind=kind, persist=PERSIST, events=4, health=64, **words)  # type: ignore[arg-type]
    return {"drifts": tuple(DRIFTS[name] for name in drifts), "policy": made}


def _row(detector: object, kind: str, *drifts: str, **words: float) -> Row:
    return Row(detector, CHANNELS, FRAMES, more=_policy(kind, *drifts, **words))  # type: ignore[arg-type]


LOOPS: dict[str, Row] = {
    "loop_tell": _row(ELM(units=6), "tell", "page_hinkley", "adwin", "ks"),
    "loop_freeze": _row(Distance(modes=2, rate=0.02), "freeze", "page_hinkley"),
    "loop_adapt": _row(Mahalanobis(), "adapt", "adwin", block=20, forget=60, creep=40, budget=0.5, blocks=2),
    "loop_relearn": _row(KMeans(clusters=4), "relearn", "centroid"),
    "loop_ask": _row(Mahalanobis(), "ask", "ks"),
}
"""By name."""


def drifting_frames(count: int = FRAMES, seed: int = 5) -> Frames:
    """Two operating points with noise; at CHANGE and at BACK their levels move for good."""
    rng = np.random.default_rng(seed)
    index = np.arange(count)
    point = ((index // 9) % 2)[:, None] * np.array([1.0, -0.6, 0.4, 0.0])
    values = point + 0.15 * rng.normal(size=(count, CHANNELS))
    values[(index >= FAULT[0]) & (index < FAULT[1])] += np.array([2.0, 0.0, -2.0, 1.0])
    values[index >= CHANGE] += np.array([1.2, 0.8, 0.0, -1.0])
    values[index >= BACK] += np.array([-0.4, 0.9, 1.1, 0.3])
    return Frames(values, np.full(count, 1000, dtype=np.uint32), "generated data that drifts", real=False)


def loop_schedule(frames: int) -> npt.NDArray[np.uint32]:
    """Which actions follow which frame.

    All images are saved, wiped and loaded while the scaler learns, twice while a candidate learns beside the model in
    charge, after it took over, while monitoring, and while the operator holds. The second change is held, released,
    said to be a fault, then to be none; after it the model is rolled back, what was learned forgotten and unlearned.
    """
    actions = np.zeros(frames, dtype=np.uint32)

    def at(where: int | slice | list[int], action: Action) -> None:
        actions[where] |= np.uint32(action)

    at(slice(24, None, 25), Action.SCORE | Action.EXPLAIN)
    at(slice(19, None, 20), Action.DIGEST)
    at(slice(59, None, 60), Action.EVENTS | Action.HEALTH)
    restarts = [10, 150, 215, CHANGE + 25, CHANGE + 36, CHANGE + 90, CHANGE + 200, CHANGE + 300, BACK + 15]
    at(restarts, Action.KEEP | Action.RESTORE | Action.DIGEST)
    at([CHANGE + 80, CHANGE + 130], Action.NOT_A_FAULT)
    at(CHANGE + 290, Action.UNLEARN | Action.DIGEST)
    at(BACK + 12, Action.HOLD)
    at(BACK + 80, Action.RELEASE)
    at(BACK + 90, Action.FAULT | Action.DIGEST)
    at(BACK + 130, Action.NOT_A_FAULT | Action.DIGEST)
    at(BACK + 200, Action.ROLLBACK | Action.DIGEST)
    at(BACK + 220, Action.RELEASE)
    at(BACK + 240, Action.FORGET | Action.DIGEST)
    at(BACK + 260, Action.UNLEARN | Action.EVENTS | Action.HEALTH)
    return actions


def loop_recording(recording: Recording, recipe: Recipe) -> Recording:
    """The recording with the loop's schedule, the images that its policy needs, and what its drift detectors take."""
    if recipe.policy is None:
        return recording
    attached = sum(1 << ("candidate", "good").index(name) for name in recipe.policy.attached)
    vectors = sum(1 << at for at, part in enumerate(recipe.drifts) if isinstance(part, CentroidDrift))
    return replace(recording, actions=loop_schedule(len(recording.values)), attached=attached, vectors=vectors)


def drift_parts(recipe: Recipe, recording: Recording) -> list[tuple[int, list[int], int, int]]:
    """Each drift detector by itself: stage, words, arithmetic and values of a frame."""
    made = []
    for at, part in enumerate(recipe.drifts):
        whole = bool(recording.vectors & 1 << at)
        features = recording.values.shape[1] if whole else 1
        arithmetic = ARITHMETIC[recipe.arithmetic] if whole else 0
        made.append((drift_stage(part), drift_words(part), arithmetic, features))
    return made
