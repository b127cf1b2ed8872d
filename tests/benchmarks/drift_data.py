"""What the drift benchmark watches: generated streams, and scores of a model that learned the cooling fan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from twinbit import Bank, Subspace
from twinbit.datasets import DataNotFoundError, Recording, drift_stream, load, log_band_means

Scores = npt.NDArray[np.float64]
Streams = npt.NDArray[np.float32]

HORIZON = 1_000
KINDS = {
    "abrupt": {"frames": 4_000, "at": 2_000},
    "gradual": {"frames": 4_000, "at": 2_000, "width": 500},
    "recurring": {"frames": 5_000, "at": 1_000, "period": 1_000},
}
BAND, MIDDLE = 8, 3.5  # bins of 1 Hz in a band; octaves below full scale that are the middle of a band


@dataclass(frozen=True)
class Set:
    """Streams of one kind, one a seed, and longer ones of the same that don't change.

    Attributes:
        name: of the kind.
        changes: the values with which changes begin.
        streams: (seeds, values), standardised by what is normal.
        still: makes (streams, values) without a change, from other seeds: tuning takes them.
        steady: name of what makes the still ones; sets with the same one are tuned once.
    """

    name: str
    changes: tuple[int, ...]
    streams: Streams
    still: Callable[[int, int], Streams]
    steady: str


def _still(count: int, values: int) -> Streams:
    streams = [drift_stream("stationary", frames=values, seed=10_000 + seed).array[:, 0] for seed in range(count)]
    return np.stack(streams)


def generated(seeds: int) -> Iterator[Set]:
    """Normal numbers whose mean changes by one deviation; other seeds for each kind."""
    for number, (kind, times) in enumerate(KINDS.items()):
        recordings = [drift_stream(kind, seed=1_000 * number + seed, **times) for seed in range(seeds)]
        changes = recordings[0].about["changes"]
        assert isinstance(changes, tuple)
        yield Set(kind, changes, np.stack([one.array[:, 0] for one in recordings]), _still, "normal numbers")


def _octaves(recordings: list[Recording]) -> npt.NDArray[np.float32]:
    spectra = np.concatenate([recording.frames.to_numpy() for recording in recordings])
    return np.float32(log_band_means(spectra, BAND) + MIDDLE)


def fan_scores() -> tuple[Scores, Scores]:
    """Scores of a bank that learned the fan in the silent room, of other normal frames there and in the noisy room.

    The speed steps through all four. Standardised by those of the silent room.
    """
    silent, noisy = load("cooling_fan/silentA"), load("cooling_fan/noisy")
    model = Bank(Subspace(6, scale=False), modes=4).learn(_octaves(silent[:4]))
    before, after = model.score(_octaves(silent[4:6])), model.score(_octaves(noisy[4:6]))
    return (before - before.mean()) / before.std(), (after - before.mean()) / before.std()


def fan(seeds: int) -> Iterator[Set]:
    """The fan is carried from the silent room to the noisy one; nothing where there is no data.

    There are 470 normal frames of each room only. A stream draws from them at random, as a fan does whose speed changes
    at any time: each value is one that was recorded, but not in the order of recording.
    """
    try:
        before, after = fan_scores()
    except DataNotFoundError:
        return

    def still(count: int, values: int) -> Streams:
        return np.random.default_rng(10_000).choice(before, (count, values)).astype(np.float32)

    rng, times = np.random.default_rng(1), KINDS["abrupt"]
    at, frames = times["at"], times["frames"]
    parts = rng.choice(before, (seeds, at)), rng.choice(after, (seeds, frames - at))
    yield Set("fan", (at,), np.concatenate(parts, axis=1).astype(np.float32), still, "scores of the fan")


def sets(seeds: int) -> list[Set]:
    """All of them."""
    return [*generated(seeds), *fan(seeds)]
