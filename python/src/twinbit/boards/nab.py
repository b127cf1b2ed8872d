"""NAB: each series is one stream, scored by the benchmark's own rules; the threshold is the same for all of them.

Alarms are what counts, where they begin. The first rows of a file, NAB's probation, set the input's scale and are the
recipe's learning part; the detector goes on learning. "left_out" is the score when each folder is scored with
constants that were chosen without it (nab_left_out.toml; a folder that nobody had seen is left out by itself).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from twinbit.boards import recipes
from twinbit.boards.case import Case, Problem, Stream, Truth, day_phase, split
from twinbit.boards.figures import interval
from twinbit.boards.nab_score import PROFILES, FileScore, normalised, probation, score_file
from twinbit.boards.run import Outcome
from twinbit.boards.suite import Judged, Result, Suite
from twinbit.datasets import Recording, load, parts
from twinbit.results import alarm_starts

__all__ = ["SUITE", "windows_of"]

STREAM = "rest"


def windows_of(numbers: npt.NDArray[np.int8]) -> list[tuple[int, int]]:
    """First and last row of each window from its number in each row (0: none)."""
    return [(int(rows[0]), int(rows[-1])) for n in range(1, int(numbers.max(initial=0)) + 1)
            if len(rows := np.flatnonzero(numbers == n))]  # fmt: skip


def _problem(recording: Recording) -> Problem:
    index = recording.frames.index
    phase = day_phase(index) if isinstance(index, pd.DatetimeIndex) else None
    dt = None if recording.dt_ms is None else recording.dt_ms / 1_000.0
    head, rest = split(Stream(recording.array, dt, phase), probation(len(recording)) / len(recording))
    folder = recording.name.rpartition("/")[0]
    period = None if dt is None else float(np.median(dt[1 : len(head)]))
    setting = {"folder": folder, "kind": "univariate", "period": period}
    case = Case(recording.name, [head], {STREAM: rest}, ("value",), setting)
    if recording.labels is None:
        return Problem(case, {})
    labels = recording.labels[len(head) :] != 0
    return Problem(case, {STREAM: Truth(labels, about={"windows": windows_of(_numbers(recording))})})


def _numbers(recording: Recording) -> npt.NDArray[np.int8]:
    return recording.truth["window"].to_numpy(dtype=np.int8)


def problems(root: Path) -> list[Problem]:
    """Every labelled series of every folder."""
    found = [_problem(recording) for part in parts("nab", root) for recording in load(part, root)]
    return [problem for problem in found if problem.truth]


def _detections(problem: Problem, outcome: Outcome) -> npt.NDArray[np.bool_]:
    """The rows of the whole file at which an alarm begins."""
    learned = sum(len(stream) for stream in problem.case.learn)
    found = np.zeros(learned + len(problem.case.scored[STREAM]), dtype=bool)
    scored = outcome.scored[STREAM]
    found[learned + scored.rows[alarm_starts(scored.alarm)]] = True
    return found


def _scores(problem: Problem, outcome: Outcome) -> dict[str, FileScore]:
    windows = problem.truth[STREAM].about["windows"]
    return {name: score_file(_detections(problem, outcome), windows, one) for name, one in PROFILES.items()}


def board_scores(judged: Judged) -> dict[str, float | None]:
    """The three profiles over all files."""
    found = [_scores(problem, outcome) for problem, outcome in judged]
    windows = sum(len(problem.truth[STREAM].about["windows"]) for problem, _ in judged)
    return {name: normalised(sum(one[name].score for one in found), windows, PROFILES[name]) for name in PROFILES}


def _row(problem: Problem, outcome: Outcome) -> dict[str, Any]:
    standard = _scores(problem, outcome)["standard"]
    windows = len(problem.truth[STREAM].about["windows"])
    return {"file": problem.case.name, "windows": windows, "alarms": int(_detections(problem, outcome).sum()),
            "score": standard.score, "tp": standard.tp, "fp": standard.fp, "fn": standard.fn,
            "tn": standard.tn}  # fmt: skip


def judge(judged: Judged) -> Result:
    """NAB's scores over all files, by profile, and by folder."""
    total = board_scores(judged)
    folders = sorted({problem.case.setting["folder"] for problem, _ in judged})
    by_folder = {name: board_scores([pair for pair in judged if pair[0].case.setting["folder"] == name])["standard"]
                 for name in folders}  # fmt: skip
    files = [([problem.truth[STREAM].about["windows"]], _scores(problem, outcome)["standard"].score)
             for problem, outcome in judged]  # fmt: skip
    span = interval(files, lambda some: normalised(sum(s for _, s in some), sum(len(w[0]) for w, _ in some)))
    summary = {**total, "windows": sum(len(windows[0]) for windows, _ in files), "files": len(files),
               "folders": by_folder, "standard_interval": span}  # fmt: skip
    words = "standard {:.1f}, low FP {:.1f}, low FN {:.1f}".format(*(value or 0.0 for value in total.values()))
    aims = {"standard >= 70": (total["standard"] or 0) >= 70}
    return Result(summary, [_row(problem, outcome) for problem, outcome in judged], words,
                  f"{span[0]:.1f} to {span[1]:.1f} over files" if span else "", aims)  # fmt: skip


def guard(result: Result, apart: Judged) -> Result:
    """Adds what the constants chosen without each folder score."""
    if not recipes.left_out_folders():
        return result
    found = judge(apart).summary
    left_out = {name: found[name] for name in (*PROFILES, "folders")}
    value = found["standard"] or 0.0
    words = f"folders left out {value:.1f}; {result.guard}"
    aims = {**result.aims, "left out >= 64": value >= 64}
    return replace(result, summary={**result.summary, "left_out": left_out}, guard=words, aims=aims)


SUITE = Suite(
    "nab", "nab", "each series is scored by NAB's rules", recipes.univariate, problems, judge,
    recipes.univariate_left_out, guard,
)  # fmt: skip
