"""Fans under an accelerometer: a ceiling fan with a coin on a blade, a computer's fan that is blocked or unbalanced.

Of normal windows the first 60 % learn, the rest is judged against the anomalous ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from twinbit.boards import recipes
from twinbit.boards.case import Case, Problem, Stream, Truth, in_turn
from twinbit.boards.suite import Judged, Result, Suite
from twinbit.boards.versus import judge_groups
from twinbit.boards.waveform import signal_truth
from twinbit.datasets import Recording, load, parts

__all__ = ["CEILING_FAN", "TOWER_FAN", "UCI_FAN"]

LEARN = 0.6
PIECE = 500  # samples, 10 s at 50 Hz: how long a speed lasts while the computer's fan is learned


def _windows(recording: Recording, share: float = LEARN) -> tuple[Stream, Stream]:
    """The first share of a recording's windows and the rest, as samples."""
    window = recording.window or 1
    signal = recording.signal
    at = round(share * len(signal) / window) * window
    whole = Stream(signal)
    return whole.part(0, at), whole.part(at, len(signal))


def _kept(normal: Mapping[str, tuple[Stream, Stream]]) -> dict[str, Stream]:
    """What was not learned, by name."""
    return {f"{name} kept": kept for name, (_, kept) in normal.items()}


def _ceiling(speed: str, recordings: list[Recording]) -> Problem | None:
    still = [it for it in recordings if not it.about["moving"]]
    normal = {it.name: _windows(it) for it in still if not it.about["weight"]}
    coins = {it.name: it for it in still if it.about["weight"]}
    if not normal or not coins:
        return None
    moving = {it.name: it for it in recordings if it.about["moving"]}
    scored = {**_kept(normal), **{name: Stream(it.signal) for name, it in {**coins, **moving}.items()}}
    truth = {name: signal_truth(stream, name in coins, name if name in coins else "", name in moving)
             for name, stream in scored.items()}  # fmt: skip
    setting = {"rate": still[0].sample_rate, "window": still[0].window, "kind": "ceiling_fan"}
    return Problem(Case(speed, [learn for learn, _ in normal.values()], scored, ("x", "y", "z"), setting), truth)


def ceiling_fan(root: Path) -> list[Problem]:
    """Each speed of which there are normal and weighted recordings; a moved base is shown, not judged."""
    found = [_ceiling(part.split("/")[1], load(part, root)) for part in parts("ceiling_fan", root)]
    return [problem for problem in found if problem is not None]


def tower_fan(root: Path) -> list[Problem]:
    """Normal against blocked."""
    found = []
    for part in parts("tower_fan_mpu6050", root):
        recordings = load(part, root)
        normal = {it.name: _windows(it) for it in recordings if it.labels is not None and not it.labels.any()}
        blocked = {it.name: Stream(it.signal) for it in recordings if it.labels is not None and it.labels.any()}
        if not normal or not blocked:
            continue
        scored = {**_kept(normal), **blocked}
        truth = {name: signal_truth(stream, name in blocked, name if name in blocked else "")
                 for name, stream in scored.items()}  # fmt: skip
        setting = {"rate": recordings[0].sample_rate, "window": recordings[0].window, "kind": "tower_fan"}
        learn = [learned for learned, _ in normal.values()]
        found.append(Problem(Case(part.split("/")[1], learn, scored, ("magnitude",), setting), truth))
    return found


def uci_fan(root: Path) -> list[Problem]:
    """Configuration 1 at all speeds learns; each other configuration at all speeds against what was kept of it."""
    found = []
    for part in parts("uci_fan_accelerometer", root):
        recordings = load(part, root)
        halves = {it.name: _windows(it) for it in recordings if it.about["configuration"] == 1}
        if not halves:
            continue
        learn = in_turn([learned for learned, _ in halves.values()], PIECE)
        scored = _kept(halves)
        truth: dict[str, Truth] = {name: signal_truth(stream, False) for name, stream in scored.items()}
        for it in recordings:
            if it.about["configuration"] != 1:
                scored[it.name] = Stream(it.signal)
                truth[it.name] = signal_truth(scored[it.name], True, f"configuration{it.about['configuration']}")
        setting = {"rate": recordings[0].sample_rate, "kind": "uci_fan"}
        found.append(Problem(Case("fan", learn, scored, ("x", "y", "z"), setting), truth))
    return found


def _judge_strict(judged: Judged) -> Result:
    return judge_groups(judged, 0.999)


def _judge_uci(judged: Judged) -> Result:
    return judge_groups(judged, 0.94)


CEILING_FAN = Suite(
    "ceiling_fan", "ceiling_fan", "60 % of normal learn; the rest against a coin on a blade",
    recipes.vibration, ceiling_fan, _judge_strict,
)  # fmt: skip
TOWER_FAN = Suite(
    "tower_fan", "tower_fan_mpu6050", "60 % of normal learn; the rest against a blocked fan",
    recipes.vibration, tower_fan, _judge_strict,
)  # fmt: skip
UCI_FAN = Suite(
    "uci_fan", "uci_fan_accelerometer", "60 % of configuration 1 learn; the rest against other weights, all speeds",
    recipes.uci_fan, uci_fan, _judge_uci,
)  # fmt: skip
