"""What a suite asks: what a monitor may see (a case), and apart from it what is known of the frames (the truth).

Runs take cases only. A case has frames, times and phases and nothing else, so nothing that scores can look at labels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["PAUSE", "Case", "Problem", "Stream", "Truth", "day_phase", "in_turn", "split"]

PAUSE = 86_400.0  # seconds before a stream that does not go on from the last: longer than any gap of a recipe

Labels = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Stream:
    """Frames, or samples of a raw signal, in the order of time.

    Attributes:
        frames: float32, (rows, channels), C order.
        dt: seconds since the row before; None where nothing tells it.
        phase: turns of a cycle; None without one.
        follows: it goes on from the stream before it, without a pause.
    """

    frames: npt.NDArray[np.float32]
    dt: npt.NDArray[np.float64] | None = None
    phase: npt.NDArray[np.float64] | None = None
    follows: bool = False

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.frames)

    def part(self, first: int, last: int) -> Stream:
        """Rows first to last - 1. What does not begin at row 0 of a stream still begins with a pause."""

        def cut(values: npt.NDArray[np.float64] | None) -> npt.NDArray[np.float64] | None:
            return None if values is None else values[first:last]

        return Stream(np.ascontiguousarray(self.frames[first:last]), cut(self.dt), cut(self.phase))

    def times(self) -> npt.NDArray[np.float64]:
        """Seconds for each row as a monitor takes them: 0 is not known, a pause stands before a new stream."""
        dt = np.zeros(len(self)) if self.dt is None else self.dt.copy()
        if not self.follows and len(dt):
            dt[0] = PAUSE
        return dt


@dataclass(frozen=True)
class Case:
    """One monitor: what it learns from, then what copies of it score.

    Attributes:
        name: a row of the board.
        learn: streams, one after the other.
        scored: name -> stream. Each goes through a copy of the monitor as it stood after learning.
        channels: names of the columns.
        setting: what a recipe may depend on, such as the rate of samples in Hz: how the sensor is wired, no label.
    """

    name: str
    learn: Sequence[Stream]
    scored: Mapping[str, Stream]
    channels: tuple[str, ...]
    setting: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Truth:
    """What is known of a scored stream, one entry a row.

    Attributes:
        labels: whether a row is anomalous.
        marks: further columns, such as change points or whether a fan runs.
        about: what holds for the stream as a whole.
    """

    labels: Labels
    marks: Mapping[str, Labels] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Problem:
    """A case and, by the names of its scored streams, the truth."""

    case: Case
    truth: Mapping[str, Truth]


def split(stream: Stream, share: float) -> tuple[Stream, Stream]:
    """The first share of a stream and the rest, which follows it."""
    at = round(share * len(stream))
    rest = stream.part(at, len(stream))
    return stream.part(0, at), Stream(rest.frames, rest.dt, rest.phase, follows=True)


def in_turn(streams: Sequence[Stream], piece: int) -> list[Stream]:
    """Pieces of so many rows of each stream in turn: a machine that changes between its states."""
    longest = max(len(stream) for stream in streams)
    cut = [stream.part(at, at + piece) for at in range(0, longest, piece) for stream in streams]
    return [stream for stream in cut if len(stream)]


def day_phase(index: pd.DatetimeIndex) -> npt.NDArray[np.float64]:
    """Time of day in turns, 0 = midnight."""
    midnight = index.normalize()
    return np.asarray((index - midnight).total_seconds(), dtype=np.float64) / 86_400.0
