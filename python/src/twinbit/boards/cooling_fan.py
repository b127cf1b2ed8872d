"""Cooling fan: a room's normal runs at each speed learn; normal against damaged runs that step through the speeds.

A quarter of the frames are of a fan that is off, where no damage can show: all frames are printed, running ones count.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from twinbit.boards import recipes
from twinbit.boards.case import Case, Problem, Stream, Truth, in_turn
from twinbit.boards.suite import Judged, Result, Suite
from twinbit.boards.versus import figures, least, normal_rate, pairs
from twinbit.datasets import Recording, load, parts

__all__ = ["SUITE"]

PIECE = 25  # frames: in the hmlo runs a speed lasts about twice as long
STEPS = "hmlo"  # how the files call runs in which the speed changes


def _stream(recording: Recording) -> Stream:
    return Stream(recording.array, None if recording.dt_ms is None else recording.dt_ms / 1_000.0)


def _truth(recording: Recording) -> Truth:
    running = recording.truth["running"].to_numpy() != 0
    labels = running.copy()
    labels[:] = recording.about["kind"] != "normal"
    return Truth(labels, {"running": running}, {"group": recording.about["kind"]})


def _problem(room: str, recordings: list[Recording]) -> Problem | None:
    steady = [it for it in recordings if it.about["speed"] != STEPS and it.about["kind"] == "normal"]
    tested = {it.name: it for it in recordings if it.about["speed"] == STEPS}
    if not steady or not tested:
        return None
    learn = in_turn([_stream(it) for it in steady], PIECE)
    channels = tuple(map(str, recordings[0].frames.columns))
    case = Case(room, learn, {name: _stream(it) for name, it in tested.items()}, channels, {"kind": "spectrum"})
    return Problem(case, {name: _truth(it) for name, it in tested.items()})


def problems(root: Path) -> list[Problem]:
    """Each room and size of fan of which there are runs to learn and runs of changing speed."""
    found = [_problem(part.split("/")[1], load(part, root)) for part in parts("cooling_fan", root)]
    return [problem for problem in found if problem is not None]


def judge(judged: Judged) -> Result:
    """AUC per room and damage, over all and over running frames, per frame and smoothed."""
    summary: dict[str, Any] = {}
    rows: list[dict[str, Any]] = []
    for problem, outcome in judged:
        everything, running = pairs(problem, outcome), pairs(problem, outcome, "running")
        for damage in running:
            name = f"{problem.case.name}/{damage}"
            both = figures(everything[damage]), figures(running[damage])
            summary[name] = {
                "all": both[0]["auc"], "running": both[1]["auc"], "all_smoothed": both[0]["smoothed"],
                "running_smoothed": both[1]["smoothed"], "running_partial_auc": both[1]["partial_auc"],
                "running_interval": both[1]["interval"], "frames": both[1]["frames"],
            }  # fmt: skip
            rows.append({"file": name, **summary[name]})
    rate = normal_rate(judged)
    frame, smooth = least(summary, "running"), least(summary, "running_smoothed")
    ends = [one["running_interval"][0] for one in summary.values() if one["running_interval"]]
    everywhere = [one["all"] for one in summary.values() if one["all"] is not None]
    shown = f"; all {min(everywhere):.3f} to {max(everywhere):.3f}" if everywhere else ""
    words = f"running {frame or 0:.4f}, smoothed {smooth or 0:.4f} (least){shown}"
    summary |= {"least": {"running": frame, "running_smoothed": smooth}, "false_alarm_rate": rate.as_json()}
    aims = {"running >= 0.99": (frame or 0) >= 0.99, "smoothed >= 0.999": (smooth or 0) >= 0.999}
    return Result(summary, rows, words, f"running from {min(ends):.4f} (95 %)" if ends else "", aims)


SUITE = Suite(
    "cooling_fan", "cooling_fan", "normal runs learn; normal against damaged runs of changing speed",
    recipes.spectrum, problems, judge,
)  # fmt: skip
