"""Normal against anomalous frames: AUC and partial AUC, one frame at a time and smoothed, group by group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from twinbit.boards.case import Problem, Truth
from twinbit.boards.figures import auc, auc_interval, partial_auc
from twinbit.boards.rate import Rate, rate_of
from twinbit.boards.run import Outcome, Scored
from twinbit.boards.suite import Judged, Result

__all__ = ["Pair", "figures", "frame_labels", "judge_groups", "least", "normal_rate", "pairs", "shares_of"]

Scores = npt.NDArray[np.float64]
HALF = 0.5


@dataclass(frozen=True)
class Pair:
    """Scores of normal and of anomalous frames, octaves; smoothed ones beside them."""

    normal: Scores
    anomalous: Scores
    normal_smoothed: Scores
    anomalous_smoothed: Scores


def shares_of(marks: npt.NDArray[np.bool_], scored: Scored, window: int) -> Scores:
    """The share of each frame's `window` rows that are marked."""
    total, end = np.concatenate([[0], np.cumsum(marks)]), scored.rows + 1
    return np.asarray((total[end] - total[np.maximum(end - window, 0)]) / np.minimum(window, end))


def frame_labels(labels: npt.NDArray[np.bool_], scored: Scored, window: int) -> npt.NDArray[np.bool_]:
    """Whether each frame is anomalous: at least half of its rows are."""
    return np.asarray(shares_of(labels, scored, window) >= HALF)


def _window(outcome: Outcome) -> int:
    return outcome.recipe.framer.window if outcome.recipe.framer else 1


def _masked(problem: Problem, outcome: Outcome, mark: str | None) -> dict[str, tuple[Scored, Truth, Any, Any]]:
    """Of each stream: what was scored, its truth, labels and whether the frames count.

    A frame with some anomalous rows, but fewer than half, is neither normal nor anomalous. Normal frames count only
    if all their rows do.
    """
    found = {}
    for name, truth in problem.truth.items():
        scored = outcome.scored[name]
        window = _window(outcome)
        share = shares_of(truth.labels, scored, window)
        labels = share >= HALF
        counted = labels | (share == 0)
        if mark:
            counted &= frame_labels(truth.marks[mark], scored, window)
        if "counted" in truth.marks:
            counted &= labels | (shares_of(truth.marks["counted"], scored, window) == 1)
        found[name] = (scored, truth, labels, counted)
    return found


def pairs(problem: Problem, outcome: Outcome, mark: str | None = None) -> dict[str, Pair]:
    """Anomalous frames by `group` (what `Truth.about` calls it), each against all normal frames of the case.

    In: mark, a column of truth; only frames of which half the rows have it count.
    """
    found = _masked(problem, outcome, mark)
    low = [(scored, ~labels & counted) for scored, truth, labels, counted in found.values() if _judged(truth)]
    groups: dict[str, list[tuple[Scored, Any]]] = {}
    for scored, truth, labels, counted in found.values():
        if _judged(truth) and (labels & counted).any():
            groups.setdefault(str(truth.about.get("group", "")), []).append((scored, labels & counted))
    normal = _both(low)
    return {
        name: Pair(normal[0], both[0], normal[1], both[1]) for name, high in groups.items() for both in [_both(high)]
    }


def _judged(truth: Truth) -> bool:
    return not truth.about.get("shown_only", False)


def _both(parts: Sequence[tuple[Scored, Any]]) -> tuple[Scores, Scores]:
    """Scores and smoothed scores of chosen frames."""
    empty = [np.empty(0)]
    return (
        np.concatenate(empty + [scored.score[chosen] for scored, chosen in parts]),
        np.concatenate(empty + [scored.smoothed[chosen] for scored, chosen in parts]),
    )


def figures(pair: Pair) -> dict[str, Any]:
    """AUC of frames and of smoothed scores, partial AUC up to a rate of 0.1, 95 % interval, numbers of frames."""
    return {
        "auc": auc(pair.normal, pair.anomalous),
        "smoothed": auc(pair.normal_smoothed, pair.anomalous_smoothed),
        "partial_auc": partial_auc(pair.normal, pair.anomalous),
        "interval": auc_interval(pair.normal, pair.anomalous),
        "frames": [len(pair.normal), len(pair.anomalous)],
    }


def least(found: Mapping[str, Mapping[str, Any]], key: str = "auc") -> float | None:
    """The least of a figure over all groups."""
    return min((figure[key] for figure in found.values() if figure.get(key) is not None), default=None)


def normal_rate(judged: Judged) -> Rate:
    """The rate of false alarms over the normal frames that were scored."""
    return rate_of(
        (outcome, name, ~truth.labels)
        for problem, outcome in judged
        for name, truth in problem.truth.items()
        if _judged(truth) and not truth.labels.all()
    )


def _rows(problem: Problem, outcome: Outcome) -> list[dict[str, Any]]:
    """A row for each scored stream."""
    found = _masked(problem, outcome, None)
    return [
        {
            "case": problem.case.name,
            "file": name,
            "frames": len(scored),
            "anomalous": int(labels.sum()),
            "median_score": float(np.median(scored.score)) if len(scored) else None,
            "over_threshold": float((scored.smoothed > scored.threshold).mean()) if len(scored) else None,
        }
        for name, (scored, _, labels, _) in found.items()
    ]


def judge_groups(judged: Judged, aim: float, what: str = "auc") -> Result:
    """AUC of each case and group. Cases whose setting has a fold above 0 are other splits: they only guard.

    In: aim, for the least of the figure named by `what`.
    """
    summary: dict[str, Any] = {}
    folds: dict[str, float] = {}
    rows: list[dict[str, Any]] = []
    for problem, outcome in judged:
        fold = problem.case.setting.get("fold", 0)
        for group, pair in pairs(problem, outcome).items():
            name = "/".join(part for part in (problem.case.name, group) if part)
            if fold:
                folds[f"{name} fold {fold}"] = auc(pair.normal, pair.anomalous) or 0.0
            else:
                summary[name] = figures(pair)
        if not fold:
            rows += _rows(problem, outcome)
    main = [pair for pair in judged if not pair[0].case.setting.get("fold", 0)]
    return _result(summary, folds, rows, normal_rate(main), aim, what)


def _result(
    found: dict[str, Any], folds: dict[str, float], rows: list[dict[str, Any]], rate: Rate, aim: float, what: str
) -> Result:
    lowest = {key: least(found, key) for key in ("auc", "smoothed", "partial_auc")}
    known = [figure["auc"] for figure in found.values() if figure["auc"] is not None]
    mean = float(np.mean(known)) if known else None
    ends = [figure["interval"][0] for figure in found.values() if figure["interval"]]
    summary = {**found, "mean": {"auc": mean}, "least": lowest, "false_alarm_rate": rate.as_json()}
    guard = f"from {min(ends):.4f} (95 %)" if ends else ""
    if folds:
        summary["least"]["other_splits"] = min(folds.values())
        guard = f"other splits {min(folds.values()):.4f}"
    words = f"AUC {_number(lowest['auc'])}, smoothed {_number(lowest['smoothed'])}"
    if len(found) > 1:
        words += f" (least of {len(found)}; mean {_number(mean)})"
    value = summary["least"][what]
    return Result(summary, rows, words, guard, {f"{what} >= {aim}": value is not None and value >= aim})


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"
