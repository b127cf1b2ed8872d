"""SKAB: in each file the first 400 rows learn and the rest is scored, row by row; figures are pooled over all files.

Files without labels are normal: 40 % of them learn, and they show the rate of false alarms.

F1, share of false alarms (FAR) and of missed ones (MAR) are counted over the scored rows; an alarm that is always on
has F1 0.698 on valve1, so F1 means nothing without the other two. The change point score is the board's own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from twinbit import metrics
from twinbit.boards import recipes
from twinbit.boards.case import Case, Problem, Stream, Truth, split
from twinbit.boards.changepoint import score_changes
from twinbit.boards.figures import interval
from twinbit.boards.rate import Rate, rate_of
from twinbit.boards.run import Outcome
from twinbit.boards.suite import Judged, Result, Suite
from twinbit.datasets import Recording, load, parts

__all__ = ["LEARN", "SUITE"]

LEARN = 400
LEARN_UNLABELLED = 0.4  # of a file that is no part of the board: long enough to see how the circuit drifts
STREAM = "rest"


def _stream(recording: Recording) -> Stream:
    dt = None if recording.dt_ms is None else recording.dt_ms / 1_000.0
    return Stream(recording.array, dt)


def _problem(recording: Recording) -> Problem:
    learn = LEARN if recording.labels is not None else round(LEARN_UNLABELLED * len(recording))
    head, rest = split(_stream(recording), learn / len(recording))
    case = Case(recording.name, (head,), {STREAM: rest}, tuple(map(str, recording.frames.columns)))
    if recording.labels is None:
        return Problem(case, {})
    marks = {str(name): recording.truth[name].to_numpy()[LEARN:] != 0 for name in recording.truth}
    return Problem(case, {STREAM: Truth(recording.labels[LEARN:] != 0, marks)})


def problems(root: Path) -> list[Problem]:
    """Every file of every folder; one without labels counts for the rate of false alarms only."""
    found = [recording for part in parts("skab", root) for recording in load(part, root)]
    return [_problem(recording) for recording in found if len(recording) > LEARN]


def _counts(problem: Problem, outcome: Outcome) -> metrics.Counts:
    scored = outcome.scored[STREAM]
    return metrics.count(problem.truth[STREAM].labels[scored.rows], scored.alarm)


def _changes(judged: Judged) -> dict[str, float | None]:
    """The change point score of files with labelled changes."""
    given = []
    for problem, outcome in judged:
        truth, stream = problem.truth[STREAM], problem.case.scored[STREAM]
        alarm = np.zeros(len(stream), dtype=bool)
        alarm[outcome.scored[STREAM].rows] = outcome.scored[STREAM].alarm
        times = np.cumsum(stream.dt if stream.dt is not None else np.ones(len(stream)))
        given.append((times, alarm, truth.marks.get("changepoint", np.zeros(len(stream), dtype=bool))))
    return score_changes(given)


def _row(problem: Problem, outcome: Outcome) -> dict[str, Any]:
    scored = outcome.scored[STREAM]
    row: dict[str, Any] = {"file": problem.case.name, "rows": len(scored), "alarm_rows": int(scored.alarm.sum())}
    if STREAM in problem.truth:
        counts = _counts(problem, outcome)
        labels = problem.truth[STREAM].labels[scored.rows]
        row |= {"f1": counts.f1, "far": counts.far, "mar": counts.mar, "auc": metrics.auc(labels, scored.smoothed)}
    return row


def _rates(judged: Judged) -> tuple[Rate, Rate]:
    """False alarms asked for and seen: before the first anomaly of a file; in recordings that are normal throughout."""
    before = [
        (outcome, STREAM, np.cumsum(problem.truth[STREAM].labels) == 0)
        for problem, outcome in judged
        if STREAM in problem.truth
    ]
    return rate_of(before), rate_of((outcome, STREAM, None) for problem, outcome in judged if not problem.truth)


def judge(judged: Judged) -> Result:
    """F1, FAR, MAR pooled over the labelled files; the interval is over files."""
    labelled = [(problem, outcome) for problem, outcome in judged if STREAM in problem.truth]
    counted = [_counts(problem, outcome) for problem, outcome in labelled]
    total = sum(counted, metrics.Counts())
    change = _changes(labelled)
    before, throughout = _rates(judged)
    least = interval(counted, lambda some: sum(some, metrics.Counts()).f1)
    without = [sum(counted[:i] + counted[i + 1 :], metrics.Counts()).f1 for i in range(len(counted))]
    summary = {
        "f1": total.f1, "far": total.far, "mar": total.mar, "files": len(labelled), "changepoint": change,
        "f1_interval": least, "f1_least_without_a_file": min((f for f in without if f is not None), default=None),
        "always_alarm_f1": metrics.Counts(total.hit + total.missed, 0, total.false + total.quiet, 0).f1,
        "false_alarm_rate": (throughout if throughout.frames else before).as_json(),
        "false_alarm_rate_before_anomalies": before.as_json(),
    }  # fmt: skip
    return Result(
        summary,
        [_row(problem, outcome) for problem, outcome in judged],
        _words(total, change["standard"]),
        f"F1 {_span(least)} over files" if least else "",
        {"F1 >= 0.83": (total.f1 or 0) >= 0.83, "FAR <= 10 %": (total.far or 0) <= 10},
    )


def _words(total: metrics.Counts, change: float | None) -> str:
    if total.f1 is None or total.far is None or total.mar is None:
        return "-"
    return f"F1 {total.f1:.3f}, FAR {total.far:.1f} %, MAR {total.mar:.1f} %, changes {change or 0:.1f}"


def _span(span: list[float]) -> str:
    return f"{span[0]:.3f} to {span[1]:.3f}"


SUITE = Suite("skab", "skab", "per file 400 rows learn, the rest is scored", recipes.process, problems, judge)
