"""HIT-SM bearings: as CWRU, a case for each rig and speed; each file standardised, clean and in white noise.

The noise is 12 dB above the signal. Amplitudes differ by 50 to 200 times between the files of a rig, so each file is
brought to mean 0 and deviation 1 and only the shape is judged. Clean, kurtosis alone separates them; under noise it
does not (0.66 at worst).
"""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

from twinbit.boards import recipes
from twinbit.boards.case import Case, Problem, Stream
from twinbit.boards.suite import Judged, Result, Suite
from twinbit.boards.versus import judge_groups, least
from twinbit.boards.waveform import signal_truth, splits, standardised, with_noise
from twinbit.datasets import Recording, load, parts

__all__ = ["SUITE"]

NOISE = -12.0  # dB, signal against noise
CONDITIONS = ("clean", "noise")


def _samples(recording: Recording, condition: str) -> npt.NDArray[np.float32]:
    """The noise of a file depends on its name, so that no two files have the same one."""
    seed = zlib.crc32(recording.name.encode())
    return with_noise(recording.signal, NOISE, seed) if condition == "noise" else standardised(recording.signal)


def _problems(name: str, recordings: list[Recording], condition: str) -> list[Problem]:
    normal = {it.name: Stream(_samples(it, condition)) for it in recordings if it.about["fault"] == "normal"}
    faults = {it.name: Stream(_samples(it, condition)) for it in recordings if it.about["fault"] != "normal"}
    if not normal or not faults:
        return []
    found = []
    for number, learn, kept in splits(normal):
        scored = {**kept, **faults}
        setting = {"fold": number, "rate": recordings[0].sample_rate, "kind": "bearing", "condition": condition}
        truth = {file: signal_truth(stream, file in faults, file) for file, stream in scored.items()}
        found.append(Problem(Case(name, learn, scored, ("x",), setting), truth))
    return found


def problems(root: Path) -> list[Problem]:
    """Each rig, speed and condition, in three splits."""
    found = []
    for part in parts("hit_sm_bearing", root):
        recordings = load(part, root)
        for rpm in sorted({str(it.about["rpm"]) for it in recordings}, key=int):
            same = [it for it in recordings if str(it.about["rpm"]) == rpm]
            for condition in CONDITIONS:
                found += _problems(f"{condition}/{part.split('/')[1]}-{rpm}", same, condition)
    return found


def judge(judged: Judged) -> Result:
    """The least AUC of all faults, clean and under noise."""
    of = {name: [pair for pair in judged if pair[0].case.setting["condition"] == name] for name in CONDITIONS}
    clean, noise = judge_groups(of["clean"], 0.999), judge_groups(of["noise"], 0.99)
    lowest = {name: {k: v for k, v in result.summary.items() if "/" in k} for name, result in
              (("clean", clean), ("noise", noise))}  # fmt: skip
    summary = {**lowest["clean"], **lowest["noise"]}
    summary["least"] = {f"{name}_{key}": least(lowest[name], key) for name in CONDITIONS for key in ("auc", "smoothed")}
    summary["other_splits"] = {name: result.summary["least"].get("other_splits") for name, result in
                               (("clean", clean), ("noise", noise))}  # fmt: skip
    summary["false_alarm_rate"] = clean.summary["false_alarm_rate"]
    words = f"clean: {clean.score}; noise: {noise.score}"
    aims = {f"{name}: {aim}": met for name, result in (("clean", clean), ("noise", noise))
            for aim, met in result.aims.items()}  # fmt: skip
    return Result(summary, clean.rows + noise.rows, words, f"clean: {clean.guard}; noise: {noise.guard}", aims)


SUITE = Suite(
    "hit_sm", "hit_sm_bearing", "two thirds of normal learn; the last third against each fault of its speed",
    recipes.bearing, problems, judge,
)  # fmt: skip
