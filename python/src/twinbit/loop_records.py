"""What the closed loop tells of itself, in the units of people: where it stands, its events, the trend of scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from twinbit import _core
from twinbit.recipe import Recipe
from twinbit.units import SCORE_ONE, STATES, octaves

__all__ = ["EVENTS", "WORDS", "Health", "LoopState", "events_table"]

EVENTS = {
    1: "drift",
    2: "passed",
    3: "candidate",
    4: "asked",
    5: "taken",
    6: "budget",
    7: "feedback",
    8: "rolled back",
    9: "unlearned",
    10: "alarm",
    11: "state",
    12: "health",
}
"""Kinds of events by their number."""

WORDS = ("not a fault", "fault", "hold", "release")
"""What an operator can say, by its number."""

NEVER, UNKNOWN, NO_CANDIDATE, SLOPE_ONE = 2**32 - 1, 2**31 - 1, 255, 2.0**32

_EVENT = np.dtype(
    [("frame", "<u4"), ("kind", "<u2"), ("state", "u1"), ("detail", "u1"), ("smoothed", "<i4"), ("threshold", "<i4")]
)


@dataclass(frozen=True)
class LoopState:
    """Where the loop stands.

    Attributes:
        since: frames that the drift has lasted; 0: there is none.
        over: how many of the last ones, as far as the policy looks back, were over the threshold.
        creep: octaves by which ``adapt`` has let normal creep.
        blocks: of adaptation that can be unlearned now.
        held: nothing is learned or taken over until `release`.
        asked: a candidate waits for `not_a_fault` or `fault`.
        muted: after `fault`, until frames are calm, no drift is told.
        candidate: state of the candidate that learns beside the model in charge; None where none does.
        good: there is a model to go back to.
    """

    since: int
    over: int
    creep: float
    blocks: int
    held: bool
    asked: bool
    muted: bool
    candidate: str | None
    good: bool

    @classmethod
    def of(cls, raw: dict[str, int]) -> LoopState:
        """From the core's numbers."""
        flags = {name: bool(raw[name]) for name in ("held", "asked", "muted", "good")}
        candidate = None if raw["candidate"] == NO_CANDIDATE else STATES[raw["candidate"]]
        return cls(raw["since"], raw["over"], raw["creep"] / SCORE_ONE, raw["blocks"], candidate=candidate, **flags)


@dataclass(frozen=True)
class Health:
    """The trend of the smoothed score, and when it will reach the threshold if it goes on like this.

    Attributes:
        frames: that the trend rests on; 0: too few so far.
        level: octaves, where the trend is now.
        slope: octaves a frame.
        slope_error: its standard error; None where it is not known.
        index: 100 as calibrated, 0 at the threshold; None where it is not known.
        to_threshold: frames until then; None: never, or not known.
        earliest: the least of them that is likely.
        latest: the most; None: it may never come.
        period: seconds from frame to frame, None where they are not known.
    """

    frames: int
    level: float
    slope: float
    slope_error: float | None
    index: int | None
    to_threshold: int | None
    earliest: int | None
    latest: int | None
    period: float | None

    @classmethod
    def of(cls, raw: dict[str, int], period: float | None) -> Health:
        """From the core's numbers."""
        times = {name: None if raw[name] == NEVER else raw[name] for name in ("to_threshold", "earliest", "latest")}
        error = None if raw["slope_error"] == UNKNOWN else raw["slope_error"] / SLOPE_ONE
        index = None if raw["index"] == _core.SIMILARITY_NONE else raw["index"]
        level, slope = raw["level"] / SCORE_ONE, raw["slope"] / SLOPE_ONE
        return cls(raw["frames"], level, slope, error, index, period=period, **times)

    @property
    def time_to_threshold(self) -> pd.Timedelta | None:
        """As `to_threshold`, as a time; None without a period, too."""
        return self._time(self.to_threshold)

    @property
    def earliest_time(self) -> pd.Timedelta | None:
        """As `earliest`, as a time."""
        return self._time(self.earliest)

    @property
    def latest_time(self) -> pd.Timedelta | None:
        """As `latest`, as a time."""
        return self._time(self.latest)

    def _time(self, frames: int | None) -> pd.Timedelta | None:
        if frames is None or self.period is None:
            return None
        return pd.Timedelta(seconds=frames * self.period)


def _state(number: int) -> str:
    return STATES[number] if number < len(STATES) else "?"


def _detail(event: Any, recipe: Recipe) -> str:
    """What an event's detail means."""
    kind, detail = EVENTS.get(int(event["kind"])), int(event["detail"])
    if kind == "drift":
        return type(recipe.drifts[detail]).__name__ if detail < len(recipe.drifts) else ""
    if kind in ("taken", "state"):
        return _state(detail)
    if kind == "feedback":
        return WORDS[detail] if detail < len(WORDS) else "?"
    texts = {"candidate": "anew" if detail else "", "unlearned": str(detail), "alarm": "on" if detail else "off"}
    return texts.get(kind or "", "")


def events_table(records: bytes, lost: int, recipe: Recipe) -> pd.DataFrame:
    """Events, oldest first; `attrs["lost"]` has the number of those that were overwritten.

    Columns: frame (its number), event, detail, state (after it), smoothed and threshold (octaves), slope (octaves a
    frame; only of ``health``, whose smoothed is the level of the trend).
    """
    rows: npt.NDArray[np.void] = np.frombuffer(records, dtype=_EVENT)
    health = rows["kind"] == 12
    known = ~health & (rows["threshold"] != _core.THRESHOLD_NONE)
    table = pd.DataFrame(
        {
            "frame": rows["frame"].astype(np.int64),
            "event": [EVENTS.get(int(kind), "?") for kind in rows["kind"]],
            "detail": [_detail(row, recipe) for row in rows],
            "state": [_state(int(state)) for state in rows["state"]],
            "smoothed": octaves(rows["smoothed"]),
            "threshold": np.where(known, octaves(rows["threshold"]), np.nan),
            "slope": np.where(health, rows["threshold"] / SLOPE_ONE, np.nan),
        }
    )
    table.attrs["lost"] = lost
    return table
