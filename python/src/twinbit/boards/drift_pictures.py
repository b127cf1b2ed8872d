"""Pictures of the drift suite: scores with threshold, the monitor's state below them, and what was told when."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from twinbit.boards import drift_fan, drift_jump, drift_slow, drift_streams
from twinbit.boards.drift_fan import FanRun
from twinbit.boards.drift_jump import Jump
from twinbit.boards.drift_slow import SlowRun
from twinbit.boards.drift_streams import StreamRun
from twinbit.plot import ALARM, DRIFT, INK, LIMIT, SCORE, TAKEN
from twinbit.units import STATES

__all__ = ["draw", "fan_figure", "jump_figure", "score_axes", "slow_figure", "streams_figure"]

BANDS = dict(zip(STATES, ("#c9d3dc", "#a9c6e3", "#f3cf9b", "#d9ead3", "#d5c3e6"), strict=True))
"""Colour of each state."""
STATE_ROOM = 0.06  # of the height
LOWEST = 1.0  # percent of the scores may lie below what is shown
PALE = "#9dbbd6"


def draw(given: dict[str, list[Any]], arithmetic: str, folder: Path) -> list[Path]:
    """Writes one picture for each part; gives their paths."""
    figures = {
        "fan": fan_figure(given[drift_fan.PART][0]),
        "slow": slow_figure(given[drift_slow.PART][-1]),
        "jump": jump_figure(given[drift_jump.PART]),
        "streams": streams_figure(given[drift_streams.PART]),
    }
    written = []
    for name, figure in figures.items():
        path = folder / f"drift-{name}-{arithmetic}.png"
        figure.savefig(path, dpi=110)
        written.append(path)
    return written


def _clean(figure: Figure, title: str) -> Figure:
    figure.axes[0].set_title(title, loc="left", fontsize=11, color=INK)
    for axes in figure.axes:
        axes.spines[["top", "right"]].set_visible(False)
    return figure


def _states(axes: Axes, table: pd.DataFrame) -> None:
    """The state of each frame as a band below the scores, with its name where there is room."""
    low, high = axes.get_ylim()
    top = low - STATE_ROOM * (high - low)
    states = table["state"].to_numpy(dtype=str)
    edges = [0, *(np.flatnonzero(states[1:] != states[:-1]) + 1), len(states)]
    for a, b in pairwise(edges):
        axes.axvspan(a, b, 0, STATE_ROOM / (1 + STATE_ROOM), color=BANDS[states[a]], lw=0)
        if (b - a) / len(states) > 0.05:
            axes.text((a + b) / 2, (low + top) / 2, states[a], ha="center", va="center", fontsize=7, color=INK)
    axes.set_ylim(top, high)


def score_axes(axes: Axes, table: pd.DataFrame, legend: bool = True) -> None:
    """Scores, threshold, alarms, marks of drifts, and the band of states. table: as `Monitor.run` gives it."""
    x = np.arange(len(table))
    axes.plot(x, table["score"], lw=0.4, color=PALE, label="score of the frame")
    axes.plot(x, table["smoothed"], lw=1.1, color=SCORE, label="smoothed")
    axes.plot(x, table["threshold"], lw=1.2, color=LIMIT, label="threshold")
    low = float(np.nanpercentile(table["score"], LOWEST))  # a frame that happens to lie at the mean scores very low
    high = axes.get_ylim()[1]
    high += 0.1 * (high - low)
    alarm = table["alarm"].to_numpy(dtype=bool)
    axes.fill_between(x, high - 0.03 * (high - low), high, where=alarm, color=ALARM, lw=0, step="mid", label="alarm")
    axes.set_ylim(low, high)
    for column, color, label in (("drift", DRIFT, "drift told"), ("taken", TAKEN, "new normal takes over")):
        for at in np.flatnonzero(table[column].to_numpy(dtype=bool)):
            axes.axvline(float(at), color=color, lw=1.4, label=label)
            label = "_"
    _states(axes, table)
    axes.set_xlim(0, max(len(table) - 1, 1))
    axes.set_ylabel("score, octaves")
    if legend:
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=6, frameon=False, fontsize=8, borderpad=0)


def fan_figure(run: FanRun) -> Figure:
    """The fan that is carried to another room."""
    figure = Figure(figsize=(12, 4.2), layout="constrained")
    axes = figure.subplots()
    score_axes(axes, run.table)
    axes.axvline(run.change, color=INK, lw=1.0, ls=":")
    low, high = axes.get_ylim()
    axes.text(run.change - 4, low + 0.8 * (high - low), "the room changes", ha="right", fontsize=8, color=INK)
    axes.set_xlabel("frame")
    return _clean(figure, f"fan_relearn: {drift_fan.QUIET}, then {drift_fan.LOUD}\n")


def _piecewise(values: pd.Series[float], pieces: int = 1_000) -> tuple[Any, Any]:
    """Means of pieces of a long series, and the number of the first frame of each."""
    step = max(len(values) // pieces, 1)
    cut = values.to_numpy(dtype=np.float64)[: len(values) // step * step].reshape(-1, step)
    return np.arange(len(cut)) * step, cut.mean(axis=1)


def slow_figure(run: SlowRun) -> Figure:
    """The slow fault, with protection and without."""
    figure = Figure(figsize=(12, 4.2), layout="constrained")
    axes = figure.subplots()
    for table, color, label in ((run.unprotected, PALE, "adapt alone"), (run.protected, SCORE, "adapt with a budget")):
        at, smoothed = _piecewise(table["smoothed"])
        axes.plot(run.sizes[at], smoothed, lw=1.2, color=color, label=label)
    axes.axhline(float(run.protected["threshold"].iloc[0]), color=LIMIT, lw=1.2, label="threshold")
    for column, color, label in (("drift", DRIFT, "the budget is spent"), ("alarm", ALARM, "first alarm")):
        size = run.size_at(column)
        if size is not None:
            axes.axvline(size, color=color, lw=1.4, label=f"{label}: {size:.2f}")
    axes.axvline(2, color=INK, lw=1.0, ls=":", label="twice the detectable size")
    axes.set_xlabel("size of the fault, in detectable sizes")
    axes.set_ylabel("smoothed score, octaves")
    axes.legend(frameon=False, fontsize=8)
    about = f"slow_fault: {run.detector}, {100 * run.growth:g} % of the detectable size in 100 frames"
    return _clean(figure, about)


def jump_figure(runs: Sequence[Jump]) -> Figure:
    """The level jump under each policy."""
    figure = Figure(figsize=(12, 6.4), layout="constrained")
    panels = figure.subplots(1 + len(runs), sharex=True)
    panels[0].plot(runs[0].flow, lw=0.5, color=INK)
    panels[0].set_ylabel("flow")
    for axes, run in zip(panels[1:], runs, strict=True):
        score_axes(axes, run.table, legend=run is runs[0])
        axes.set_title(run.kind, loc="right", fontsize=9)
    panels[-1].set_xlabel("frame")
    return _clean(figure, "level_jump: after River's issue 948")


def streams_figure(runs: Sequence[StreamRun]) -> Figure:
    """Delay and false alarms of each detector on each kind of stream."""
    rows = pd.DataFrame([run.row for run in runs])
    figure = Figure(figsize=(12, 3.8), layout="constrained")
    columns = {"delay": "delay, frames", "false_alarms_per_10k": "false alarms in 10,000 frames"}
    for axes, (column, label) in zip(figure.subplots(1, 2), columns.items(), strict=True):
        known = rows.dropna(subset=[column])
        streams = list(known["stream"].unique())
        for i, (detector, own) in enumerate(known.groupby("detector", sort=False)):
            x = np.array([streams.index(stream) for stream in own["stream"]])
            axes.bar(x + 0.2 * i - 0.3, own[column], 0.18, label=str(detector))
        axes.set_xticks(np.arange(len(streams)), streams)
        axes.set_yscale("symlog", linthresh=10 if column == "delay" else 1)
        axes.set_ylabel(label)
    figure.axes[1].legend(frameon=False, fontsize=8, loc="upper left")
    return _clean(figure, "streams: mean delay (a missed change counts 1,000) and false alarms")
