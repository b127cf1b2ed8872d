"""What the suites of raw waveforms share: streams of samples, and normal files split so that a part stays unlearned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from twinbit.boards.case import Stream, Truth

__all__ = ["FOLDS", "signal_truth", "splits", "standardised", "thirds", "with_noise"]

FOLDS = 3


def thirds(stream: Stream, folds: int = FOLDS) -> Iterator[tuple[int, list[Stream], Stream]]:
    """Splits with one part kept from learning: number of the split, what learns, what is kept.

    Number 0 keeps the last part, as a machine would meet it; the others only show that the choice does not matter.
    """
    edges = np.linspace(0, len(stream), folds + 1).astype(int)
    pieces = [stream.part(int(a), int(b)) for a, b in pairwise(edges)]
    for number in range(folds):
        kept = folds - 1 - number
        yield number, _joined(stream, edges, kept), pieces[kept]


def splits(normal: Mapping[str, Stream]) -> Iterator[tuple[int, list[Stream], dict[str, Stream]]]:
    """The same split of each normal recording: its number, what learns, and by name what is kept.

    Several recordings, of speeds or loads, learn one after the other.
    """
    cut = {name: list(thirds(stream)) for name, stream in normal.items()}
    for number in range(FOLDS):
        learn = [piece for found in cut.values() for piece in found[number][1]]
        kept = {f"{name} kept": found[number][2] for name, found in cut.items()}
        yield number, learn, kept


def _joined(stream: Stream, edges: Sequence[int] | npt.NDArray[np.int_], kept: int) -> list[Stream]:
    """All but one part; parts that touch stay one stream."""
    spans = [(0, int(edges[kept])), (int(edges[kept + 1]), len(stream))]
    return [stream.part(a, b) for a, b in spans if b > a]


def standardised(samples: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Mean 0 and deviation 1, channel by channel."""
    values = samples.astype(np.float64)
    return np.ascontiguousarray((values - values.mean(axis=0)) / values.std(axis=0), dtype=np.float32)


def with_noise(samples: npt.NDArray[np.float32], decibels: float, seed: int) -> npt.NDArray[np.float32]:
    """White noise added so that the signal lies so many decibels above it (below, if negative); standardised again."""
    rng = np.random.default_rng(seed)
    signal = standardised(samples).astype(np.float64)
    noise = rng.standard_normal(signal.shape) * 10.0 ** (-decibels / 20)
    return standardised((signal + noise).astype(np.float32))


def signal_truth(stream: Stream, anomalous: bool, group: str = "", shown_only: bool = False) -> Truth:
    """The truth of a file that is normal or anomalous throughout."""
    return Truth(np.full(len(stream), anomalous, dtype=bool), {}, {"group": group, "shown_only": shown_only})
