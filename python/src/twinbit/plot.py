"""Pictures of a recording: what came in, its score against the threshold, and which channels made it."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from twinbit.results import alarm_starts

if TYPE_CHECKING:
    from twinbit.evaluate import Outcome

__all__ = ["contributions", "contributions_figure", "data_uri", "recording_figure"]

INK, SCORE, LIMIT, ALARM, LABEL, LEARN = "#27313b", "#1f5f99", "#e08214", "#c4263a", "#fbe3e5", "#eef1f4"
DRIFT, ASK, TAKEN = "#7b4fa3", "#b08900", "#2e8b57"
MOST_LINES = 12
MOST_BARS = 10
MOST_POINTS = 4000
MOST_WINDOWS = 50


def _spans(mask: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and last + 1 of each run of true."""
    starts, ends = alarm_starts(mask), alarm_starts(~mask)
    ends = ends[ends > 0]
    return [(int(a), int(b)) for a, b in zip(starts, [*ends[-len(starts) :], len(mask)][: len(starts)], strict=False)]


def _standardised(outcome: Outcome) -> npt.NDArray[np.float64]:
    """Channels on one scale: mean and deviation of the learning part."""
    values = outcome.frames.to_numpy(dtype=np.float64)
    part = values[: max(outcome.learned_rows, 2)]
    with np.errstate(invalid="ignore"):
        spread = np.nanstd(part, axis=0)
        return np.asarray((values - np.nanmean(part, axis=0)) / np.where(spread > 0, spread, 1.0))


def _thinned(values: npt.NDArray[np.float64]) -> tuple[npt.NDArray[Any], npt.NDArray[np.float64]]:
    """Rows to draw and their numbers: of long signals the least and the greatest value of each piece."""
    step = len(values) // MOST_POINTS + 1
    if step == 1:
        return np.arange(len(values)), values
    pieces = values[: len(values) // step * step].reshape(-1, step, values.shape[1])
    ends = np.stack([pieces.min(axis=1), pieces.max(axis=1)], axis=1).reshape(-1, values.shape[1])
    return np.repeat(np.arange(len(pieces)) * step, 2), ends


def _draw_signals(axes: Axes, outcome: Outcome) -> None:
    """Few channels as lines, one above the other; many as a map."""
    x, values = _thinned(np.clip(_standardised(outcome), -8, 8))
    names = list(outcome.frames.columns)
    if len(names) > MOST_LINES:
        axes.imshow(
            values.T, aspect="auto", cmap="RdBu_r", vmin=-6, vmax=6, interpolation="nearest",
            extent=(float(x[0]), float(x[-1]) + 1, len(names) - 0.5, -0.5),
        )  # fmt: skip
        axes.set_ylabel("channel")
        return
    for i in range(len(names)):
        low, high = np.nanmin(values[:, i], initial=0.0), np.nanmax(values[:, i], initial=0.0)
        lane = (values[:, i] - low) / max(high - low, 1e-9)  # each in its own range, 0.85 of a lane high
        axes.plot(x, 0.85 * lane - i, lw=0.6, color=INK)
    axes.set_yticks([0.4 - i for i in range(len(names))], names, fontsize=8)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(-len(names) + 0.9, 1.0)


def _draw_scores(axes: Axes, outcome: Outcome, x: npt.NDArray[Any]) -> None:
    table = outcome.table
    axes.plot(x, table["score"], lw=0.5, color="#9dbbd6", label="score of the frame")
    axes.plot(x, table["smoothed"], lw=1.1, color=SCORE, label="smoothed score")
    axes.plot(x, table["threshold"], lw=1.2, color=LIMIT, label="threshold")
    alarm = outcome.alarm
    low, high = axes.get_ylim()
    axes.fill_between(
        x, low, low + 0.04 * (high - low), where=alarm, color=ALARM, lw=0, step="mid", label="alarm"
    )  # fmt: skip
    axes.set_ylim(low, high)
    axes.set_ylabel("score, octaves")
    axes.set_xlabel("frame" if outcome.monitor.recipe.framer is None else "sample")


_MARKS = {"drift": (DRIFT, ":", "drift told"), "ask": (ASK, "--", "asks"), "taken": (TAKEN, "-", "new normal")}
"""Flags of a policy as lines: colour, kind of line, name."""


def _draw_loop(axes: Sequence[Axes], outcome: Outcome) -> None:
    """Lines where a drift was told, where the policy asks and where a new normal took over; shades where it learns."""
    last = len(outcome.ends) - 1
    for start, end in _spans(outcome.learning_again()):
        for one in axes:
            one.axvspan(int(outcome.ends[start]), int(outcome.ends[min(end, last)]), color=LEARN, lw=0, zorder=-2)
    for flag, (colour, line, name) in _MARKS.items():
        for i, at in enumerate(outcome.told(flag)):
            for one in axes:
                one.axvline(int(outcome.ends[at]), color=colour, ls=line, lw=1.3, label=name if i == 0 else None)


def recording_figure(outcome: Outcome, title: str = "") -> Figure:
    """Signals above, each in its own range; scores with threshold, labels and alarms below."""
    rows = min(len(outcome.frames.columns), MOST_LINES)
    figure = Figure(figsize=(10.5, 3.2 + 0.28 * rows), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=[0.8 + 0.22 * rows, 2.4])
    x = outcome.ends
    _draw_signals(above, outcome)
    _draw_scores(below, outcome, x)
    many = len(outcome.frames.columns) > MOST_LINES
    for axes in (above, below):
        axes.axvspan(0, outcome.learned_rows, color=LEARN, zorder=-2, alpha=0 if many and axes is above else 1)
        axes.spines[["top", "right"]].set_visible(False)
        axes.set_xlim(0, max(len(outcome.frames) - 1, 1))
    labels = np.nan_to_num(outcome.labels) > 0 if outcome.labels is not None else np.zeros(len(x), dtype=bool)
    for i, (start, end) in enumerate(_spans(labels)):
        first, last = (int(x[min(edge, len(x) - 1)]) for edge in (start, end))
        for axes in (above, below) if not many else (below,):
            axes.axvspan(first, last, color=LABEL, lw=0, zorder=-1, label="labelled anomalous" if i == 0 else None)
    _draw_loop((above, below), outcome)
    below.plot([], [], color=LEARN, lw=8, label="learning part")
    handles, texts = below.get_legend_handles_labels()
    figure.legend(handles, texts, loc="outside lower center", ncols=len(handles), frameon=False, fontsize=8)
    above.set_title(title, loc="left", fontsize=11, color=INK)
    return figure


def contributions(outcome: Outcome) -> pd.Series[float]:
    """Mean share of each feature in the scores of the frames with an alarm, largest first; empty without alarms.

    Where a new normal has taken over, only frames after it: the model before it is gone.
    """
    framer, alarm = outcome.monitor.recipe.framer, outcome.alarm.copy()
    alarm[: max(outcome.told("taken"), default=-1) + 1] = False
    if framer is not None:
        ends = outcome.ends[alarm]
        ends = ends[:: len(ends) // MOST_WINDOWS + 1]
        windows = [outcome.frames.iloc[end + 1 - framer.window : end + 1] for end in ends]
        parts = [outcome.monitor.explain(window) for window in windows if window.notna().all(axis=None)]
    else:
        usable = alarm & outcome.frames.notna().all(axis=1).to_numpy()
        parts = [outcome.monitor.explain(outcome.frames[usable])] if usable.any() else []
    return pd.concat(parts).mean().sort_values(ascending=False) if parts else pd.Series(dtype=float)


def contributions_figure(shares: pd.Series[float]) -> Figure:
    """Which features made the alarms, as bars."""
    shown = shares.head(MOST_BARS)[::-1]
    figure = Figure(figsize=(10.5, 0.6 + 0.3 * len(shown)), layout="constrained")
    axes = figure.subplots()
    axes.barh([str(name) for name in shown.index], shown.to_numpy() * 100, color=SCORE, height=0.65)
    axes.set_xlabel("share of the score while the alarm was on, percent")
    axes.tick_params(axis="y", labelsize=8, length=0)
    axes.spines[["top", "right", "left"]].set_visible(False)
    return figure


def data_uri(figure: Figure) -> str:
    """A figure as a PNG inside a data: address, so that a page needs no other file."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=130)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
