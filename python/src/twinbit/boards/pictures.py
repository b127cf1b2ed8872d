"""Pictures of a suite: signal, spectrum, scores with threshold, labels and alarms, and which features made them."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from twinbit.boards.board import Entry
from twinbit.boards.case import Problem
from twinbit.boards.run import Outcome, Scored
from twinbit.boards.versus import frame_labels
from twinbit.monitor import Monitor
from twinbit.plot import ALARM, INK, LABEL, LIMIT, SCORE

__all__ = ["draw", "figure_of"]

PICTURES = 2  # of a suite
MOST_LANES = 12
MOST_POINTS = 3_000
MOST_BARS = 10
MAP_FROM = 64  # columns: from here on the frames are a spectrum

Values = npt.NDArray[np.float64]


def draw(entry: Entry, folder: Path) -> list[Path]:
    """Writes pictures of the first cases with anomalies; gives their paths."""
    written = []
    usable = [pair for pair in entry.outcomes if _streams(pair[0]) and not pair[0].case.setting.get("fold", 0)]
    for problem, outcome in usable[:: max(1, len(usable) // PICTURES)][:PICTURES]:
        name = re.sub(r"[^A-Za-z0-9-]+", "-", f"{entry.suite}-{problem.case.name}-{entry.arithmetic}")
        path = folder / f"{name}.png"
        title = f"{entry.suite}: {problem.case.name}, recipe {entry.recipe}, {entry.arithmetic}"
        figure_of(problem, outcome, title).savefig(path, dpi=110)
        written.append(path)
    return written


def _streams(problem: Problem) -> list[str]:
    """A normal and an anomalous stream, or one that is both."""
    truth = {name: one for name, one in problem.truth.items() if not one.about.get("shown_only")}
    mixed = [name for name, one in truth.items() if one.labels.any() and not one.labels.all()]
    if mixed:
        return mixed[:1]
    kinds = [[name for name, one in truth.items() if one.labels.all() == kind] for kind in (False, True)]
    return [kind[0] for kind in kinds] if all(kinds) else []


def _window(outcome: Outcome) -> int:
    return outcome.recipe.framer.window if outcome.recipe.framer else 1


def figure_of(problem: Problem, outcome: Outcome, title: str) -> Figure:
    """Four panels of one case."""
    names = _streams(problem)
    figure = Figure(figsize=(12, 8), layout="constrained")
    panels = figure.subplot_mosaic(
        [["signal", "signal"], ["scores", "scores"], ["spectrum", "features"]], height_ratios=[1.1, 1.2, 1.0]
    )
    _signal(panels["signal"], problem, names)
    _scores(panels["scores"], problem, outcome, names)
    if _has_spectrum(problem, outcome, names):
        _spectrum(panels["spectrum"], problem, outcome, names)
    else:
        _distribution(panels["spectrum"], problem, outcome, names)
    _features(panels["features"], problem, outcome, names)
    panels["signal"].set_title(title, loc="left", fontsize=11, color=INK)
    for axes in panels.values():
        axes.spines[["top", "right"]].set_visible(False)
    return figure


def _has_spectrum(problem: Problem, outcome: Outcome, names: list[str]) -> bool:
    """Whether frames are spectra or windows of a waveform."""
    return _window(outcome) > 1 or problem.case.scored[names[0]].frames.shape[1] >= MAP_FROM


def _distribution(axes: Axes, problem: Problem, outcome: Outcome, names: list[str]) -> None:
    """How scores of normal and of anomalous frames are spread."""
    scored, labels = _together(problem, outcome, names)
    low, high = np.percentile(scored.score, (0.2, 99.8))
    edges = np.linspace(float(low), float(high), 60).tolist()
    for kind, color in ((False, SCORE), (True, ALARM)):
        values = np.clip(scored.score[labels == kind], edges[0], edges[-1])
        axes.hist(values, edges, density=True, color=color, alpha=0.55, label="anomalous" if kind else "normal")
    axes.set_xlabel("score of the frame, octaves")
    axes.set_yticks([])
    axes.legend(frameon=False, fontsize=8)


def _signal(axes: Axes, problem: Problem, names: list[str]) -> None:
    """Channels in lanes, each in its own range; very many as a map. Of long signals as much as can be seen."""
    each = MOST_POINTS // len(names)
    parts = [problem.case.scored[name].frames[:each] for name in names]
    step = 1
    if len(names) == 1:
        step = max(1, len(problem.case.scored[names[0]]) // MOST_POINTS)
        parts = [problem.case.scored[names[0]].frames[::step]]
    values = np.concatenate(parts).astype(np.float64)
    if values.shape[1] > MOST_LANES:
        shown = np.log10(np.maximum(values, 1e-6)) if values.min() >= 0 else values
        low, high = np.percentile(shown, (1, 99))
        axes.imshow(shown.T, aspect="auto", origin="lower", cmap="viridis", vmin=low, vmax=high)
        axes.set_ylabel("channel")
    else:
        for i in range(values.shape[1]):
            lane = values[:, i] - values[:, i].min()
            axes.plot(0.85 * lane / max(float(lane.max()), 1e-12) - i, lw=0.6, color=INK)
        axes.set_yticks([0.4 - i for i in range(values.shape[1])], problem.case.channels, fontsize=8)
    if len(names) > 1:
        axes.axvline(len(parts[0]) - 0.5, color=ALARM, lw=1.0)
        axes.set_xlabel(f"signal: {names[0]} | {names[1]}")
    else:
        labels = problem.truth[names[0]].labels[::step]
        low, high = axes.get_ylim()
        axes.fill_between(np.arange(len(labels)), low, high, where=labels, color=LABEL, lw=0, zorder=-1)
        axes.set_ylim(low, high)
        axes.set_xlabel("signal" if step == 1 else f"signal, every {step}th row")
    axes.set_xlim(0, len(values) - 1)


def _together(problem: Problem, outcome: Outcome, names: list[str]) -> tuple[Scored, npt.NDArray[np.bool_]]:
    """Streams one behind the other, and whether each frame is anomalous."""
    parts = [outcome.scored[name] for name in names]
    labels = [frame_labels(problem.truth[name].labels, outcome.scored[name], _window(outcome)) for name in names]
    columns = ("score", "smoothed", "threshold", "alarm")
    joined = {column: np.concatenate([getattr(part, column) for part in parts]) for column in columns}
    both = np.concatenate(labels)
    return Scored(rows=np.arange(len(both)), **joined), both


def _scores(axes: Axes, problem: Problem, outcome: Outcome, names: list[str]) -> None:
    scored, labels = _together(problem, outcome, names)
    x = scored.rows
    axes.plot(x, scored.score, lw=0.5, color="#9dbbd6", label="score of the frame")
    axes.plot(x, scored.smoothed, lw=1.1, color=SCORE, label="smoothed")
    axes.plot(x, scored.threshold, lw=1.2, color=LIMIT, label="threshold")
    low, high = axes.get_ylim()
    axes.fill_between(x, low, high, where=labels, color=LABEL, lw=0, step="mid", zorder=-1, label="labelled anomalous")
    axes.fill_between(
        x, low, low + 0.05 * (high - low), where=scored.alarm, color=ALARM, lw=0, step="mid", label="alarm"
    )
    axes.set_ylim(low, high)
    axes.set_xlim(0, max(len(x) - 1, 1))
    axes.set_ylabel("score, octaves")
    axes.set_xlabel("frame")
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=5, frameon=False, fontsize=8, borderpad=0)


def _spectra(frames: npt.NDArray[np.float32], window: int) -> Values:
    """Mean amplitude spectrum of the first channel over windows, without their mean."""
    count = len(frames) // window
    cut = frames[: count * window, 0].reshape(count, window).astype(np.float64)
    tapered = (cut - cut.mean(axis=1, keepdims=True)) * np.hanning(window)
    return np.asarray(np.abs(np.fft.rfft(tapered)).mean(axis=0) / window)


def _spectrum(axes: Axes, problem: Problem, outcome: Outcome, names: list[str]) -> None:
    """Mean amplitude spectrum of normal and of anomalous rows."""
    window, rate = _window(outcome), problem.case.setting.get("rate")
    for kind, color in ((False, SCORE), (True, ALARM)):
        parts = [problem.case.scored[name].frames[problem.truth[name].labels == kind] for name in names]
        frames = np.concatenate(parts)
        if frames.shape[1] >= MAP_FROM:
            spectrum, x = frames.mean(axis=0, dtype=np.float64), np.arange(1, frames.shape[1] + 1, dtype=np.float64)
        else:
            spectrum = _spectra(frames, window)
            x = np.arange(len(spectrum)) * (float(rate) if rate else 1.0) / window
        axes.semilogy(
            x[1:], np.maximum(spectrum[1:], 1e-12), lw=0.8, color=color, label="anomalous" if kind else "normal"
        )
    unit = "Hz" if rate or problem.case.scored[names[0]].frames.shape[1] >= MAP_FROM else "cycles a row"
    axes.set_xlabel(f"spectrum, {unit}")
    axes.legend(frameon=False, fontsize=8)


def _features(axes: Axes, problem: Problem, outcome: Outcome, names: list[str]) -> None:
    """Mean shares of the features in the scores of anomalous frames."""
    stream, truth = problem.case.scored[names[-1]], problem.truth[names[-1]]
    frames = np.ascontiguousarray(stream.frames[truth.labels])
    phase = None if stream.phase is None else stream.phase[truth.labels]
    monitor = Monitor(outcome.recipe).load_image(outcome.image)
    shares = monitor.explain(frames, phase).mean().sort_values(ascending=False).head(MOST_BARS)[::-1]
    axes.barh([str(name) for name in shares.index], 100 * shares.to_numpy(), color=SCORE, height=0.65)
    axes.tick_params(axis="y", labelsize=8, length=0)
    axes.set_xlabel("share of the score of anomalous frames, percent")
