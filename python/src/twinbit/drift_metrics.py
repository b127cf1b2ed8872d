"""How soon drift detectors tell a change, and how often they tell one that is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Told", "told_drifts"]


@dataclass(frozen=True)
class Told:
    """What a detector told of a stream whose changes are known. Add them to pool streams.

    Attributes:
        delays: of each change, frames from its first one to the first that drift was told with (0: the same frame);
            None where it was missed.
        false: told in frames that are not soon after a change.
        quiet: frames that are not soon after a change.
        horizon: frames that are soon after a change.
    """

    delays: tuple[int | None, ...]
    false: int
    quiet: int
    horizon: int

    def __add__(self, other: Told) -> Told:
        if self.horizon != other.horizon:
            raise ValueError(f"horizons {self.horizon} and {other.horizon} can't be pooled: they must be the same")
        return Told(self.delays + other.delays, self.false + other.false, self.quiet + other.quiet, self.horizon)

    @property
    def missed(self) -> int:
        """Changes that were not told within the horizon."""
        return self.delays.count(None)

    @property
    def mean_delay(self) -> float | None:
        """Frames, a missed change counted as the horizon; None without changes."""
        if not self.delays:
            return None
        return float(np.mean([self.horizon if delay is None else delay for delay in self.delays]))

    @property
    def false_per_10k(self) -> float | None:
        """False alarms per 10,000 quiet frames; None without quiet frames."""
        return 10_000 * self.false / self.quiet if self.quiet else None


def told_drifts(told: npt.ArrayLike, changes: Sequence[int], horizon: int = 1_000) -> Told:
    """Judges what was told against the frames at which changes begin.

    In: told, a truth a frame; changes, in order; horizon, frames from a change on in which it may be told. All but the
    first within it count neither as found nor as false: a detector may need several to get over one change. Where the
    next change comes sooner, the horizon ends there.

    >>> told = np.zeros(3_000, bool)
    >>> told[[400, 1_030, 1_060]] = True
    >>> judged = told_drifts(told, changes=[1_000])
    >>> judged.delays, judged.false, judged.false_per_10k
    ((30,), 1, 5.0)
    """
    at = np.flatnonzero(np.asarray(told, dtype=bool))
    frames, delays, quiet = len(np.asarray(told)), [], np.ones(len(np.asarray(told)), bool)
    for number, change in enumerate(changes):
        end = min(change + horizon, *changes[number + 1 : number + 2], frames)
        quiet[change:end] = False
        soon = at[(at >= change) & (at < end)]
        delays.append(int(soon[0]) - change if len(soon) else None)
    return Told(tuple(delays), int(quiet[at].sum()), int(quiet.sum()), horizon)
