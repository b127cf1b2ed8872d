"""What the drift benchmark prints, and what it asks for."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

import numpy as np
from drift_contestants import Contestant
from timing import machine
from twinbit.drift_metrics import Told

AT_LEAST = {"ADWIN": 5.0, "PageHinkley": 50.0, "KSWIN": 50.0}
"""How many times as long River's detectors must take as the same one of twinbit."""
CHANCE = 2.0  # standard errors by which a mean delay may be longer


@dataclass(frozen=True)
class Outcome:
    """A contestant on all streams of a kind."""

    stream: str
    contestant: Contestant
    parameter: float
    told: Told


@dataclass(frozen=True)
class Speed:
    """Nanoseconds of processor time an update, of each round, and bytes of state (of peers, as pickle writes it)."""

    contestant: Contestant
    rounds: tuple[float, ...]
    size: int | None

    @property
    def ns(self) -> float:
        """The median."""
        return median(self.rounds)


def _ours(contestant: Contestant) -> bool:
    return contestant.library == "twinbit"


def _delays(outcome: Outcome) -> np.ndarray:
    told = outcome.told
    return np.array([told.horizon if delay is None else delay for delay in told.delays], np.float64)


def later(ours: Outcome, theirs: Outcome) -> tuple[float, float]:
    """Mean of how many values later ours tells a change, pair by pair, and the standard error of that."""
    difference = _delays(ours) - _delays(theirs)
    return float(difference.mean()), float(difference.std(ddof=1)) / math.sqrt(len(difference))


def pairs(outcomes: list[Outcome]) -> Iterator[tuple[Outcome, Outcome]]:
    """Ours and a peer of the same family on the same streams."""
    for ours in outcomes:
        for theirs in outcomes:
            same = (ours.stream, ours.contestant.family) == (theirs.stream, theirs.contestant.family)
            if same and _ours(ours.contestant) and not _ours(theirs.contestant):
                yield ours, theirs


def ratio(speeds: list[Speed], peer: Speed) -> float:
    """How many times as long a peer takes as ours of the same family: the median of all rounds' ratios."""
    (ours,) = (one for one in speeds if _ours(one.contestant) and one.contestant.family == peer.contestant.family)
    return median(theirs / mine for theirs, mine in zip(peer.rounds, ours.rounds, strict=True))


def missed(outcomes: list[Outcome], speeds: list[Speed]) -> list[str]:
    """Aims that this run misses, in words."""
    found = []
    for ours, theirs in pairs(outcomes):
        mean, error = later(ours, theirs)
        if mean > CHANCE * error:
            name = f"{theirs.contestant.library} {theirs.contestant.name}"
            found.append(f"{ours.stream}: {ours.contestant.name} is {mean:.1f} ± {error:.1f} values later than {name}")
    for speed in speeds:
        aim = AT_LEAST.get(speed.contestant.name, 0.0)
        if speed.contestant.library == "river" and ratio(speeds, speed) < aim:
            times = ratio(speeds, speed)
            found.append(f"river {speed.contestant.name} takes {times:.1f} times as long as ours, the aim is {aim:.0f}")
    return found


def _delay_lines(outcomes: list[Outcome]) -> Iterator[str]:
    yield "| stream | detector | tuned to | mean delay | median | missed | false alarms in 10k |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: |"
    for one in outcomes:
        name, delays = f"{one.contestant.library} {one.contestant.name}", _delays(one)
        yield (
            f"| {one.stream} | {name} | {one.parameter:.3g} | {delays.mean():.1f} | {np.median(delays):.0f} "
            f"| {one.told.missed} of {len(delays)} | {one.told.false_per_10k:.1f} |"
        )


def _speed_lines(speeds: list[Speed]) -> Iterator[str]:
    yield "| detector | ns an update | times ours | bytes of state |"
    yield "| --- | ---: | ---: | ---: |"
    for one in speeds:
        times = "" if _ours(one.contestant) else f"{ratio(speeds, one):,.1f}"
        size = "" if one.size is None else f"{one.size:,}"
        yield f"| {one.contestant.library} {one.contestant.name} | {one.ns:,.1f} | {times} | {size} |"


def table(outcomes: list[Outcome], speeds: list[Speed]) -> str:
    """Both tables, for people."""
    return "\n".join([*_delay_lines(outcomes), "", *_speed_lines(speeds), f"({machine()})"])


def as_json(outcomes: list[Outcome], speeds: list[Speed]) -> dict[str, object]:
    """Everything that was measured, for --json."""
    streams = [
        {
            "stream": one.stream,
            "family": one.contestant.family,
            "library": one.contestant.library,
            "detector": one.contestant.name,
            "parameter": one.parameter,
            "delay": round(float(_delays(one).mean()), 2),
            "missed": one.told.missed,
            "false_alarms_per_10k": one.told.false_per_10k,
        }
        for one in outcomes
    ]
    times = [
        {
            "family": one.contestant.family,
            "library": one.contestant.library,
            "detector": one.contestant.name,
            "ns_per_update": round(one.ns, 2),
            "times_ours": round(ratio(speeds, one), 2),
            "bytes": one.size,
        }
        for one in speeds
    ]
    return {"machine": machine(), "streams": streams, "speed": times}
