"""CWRU bearings: of the normal recording of a rate a third is kept from learning and judged against each fault's file.

48 kHz recordings are compared with 48 kHz ones, 12 kHz ones with the normal recording brought to 12 kHz; frames of
0.1 s. Normal is one recording of 3 s, so rates of false alarms on it are coarse.
"""

from __future__ import annotations

from pathlib import Path

from twinbit.boards import recipes
from twinbit.boards.case import Case, Problem, Stream
from twinbit.boards.suite import Judged, Result, Suite
from twinbit.boards.versus import judge_groups
from twinbit.boards.waveform import signal_truth, splits
from twinbit.datasets import Recording, load, parts

__all__ = ["SUITE"]


def _problems(part: str, recordings: list[Recording]) -> list[Problem]:
    normal = {it.name: Stream(it.signal) for it in recordings if it.about["fault"] == "normal"}
    faults = {it.name: Stream(it.signal) for it in recordings if it.about["fault"] != "normal"}
    if not normal or not faults:
        return []
    found = []
    for number, learn, kept in splits(normal):
        scored = {**kept, **faults}
        setting = {"fold": number, "rate": recordings[0].sample_rate, "kind": "bearing"}
        truth = {name: signal_truth(stream, name in faults, name) for name, stream in scored.items()}
        found.append(Problem(Case(part, learn, scored, ("DE",), setting), truth))
    return found


def problems(root: Path) -> list[Problem]:
    """Each sample rate, in three splits."""
    return [one for part in parts("cwru", root) for one in _problems(part.split("/")[1], load(part, root))]


def judge(judged: Judged) -> Result:
    """The least AUC of all faults."""
    return judge_groups(judged, 0.999)


SUITE = Suite(
    "cwru", "cwru", "two thirds of normal learn; the last third against each fault", recipes.bearing, problems, judge
)
