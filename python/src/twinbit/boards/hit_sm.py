"""HIT-SM bearings: as CWRU, a case for each rig with all of its speeds; each file standardised, clean and in noise.

The noise is white, 12 dB above the signal. Amplitudes differ by 50 to 200 times between the files of a rig, so each
file is brought to mean 0 and deviation 1 and only the shape is judged. Clean, kurtosis alone separates them; under
noise it does not (0.66 at worst).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from twinbit.boards import recipes
from twinbit.boards.case import Case, Problem, Stream
from twinbit.boards.suite import Judged, Result, Suite
from twinbit.boards.versus import judge_groups
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
    """Each rig and condition, in three splits."""
    found = []
    for part in parts("hit_sm_bearing", root):
        for condition in CONDITIONS:
            found += _problems(f"{condition}/{part.split('/')[1]}", load(part, root), condition)
    return found


def judge(judged: Judged) -> Result:
    """AUC of all faults, clean and under noise: mean and least."""
    aims = {"clean": 0.999, "noise": 0.99}
    of = {name: judge_groups([pair for pair in judged if pair[0].case.setting["condition"] == name], aims[name])
          for name in CONDITIONS}  # fmt: skip
    summary: dict[str, Any] = {}
    for name, result in of.items():
        summary |= {key: figure for key, figure in result.summary.items() if key.startswith(f"{name}/")}
        summary[name] = {key: result.summary[key] for key in ("mean", "least", "false_alarm_rate")}
    summary["false_alarm_rate"] = of["clean"].summary["false_alarm_rate"]
    lowest, mean = ({name: result.summary[key]["auc"] for name, result in of.items()} for key in ("least", "mean"))
    splits = [result.summary["least"].get("other_splits") for result in of.values()]
    return Result(
        summary,
        [row for result in of.values() for row in result.rows],
        f"AUC {_both(lowest.values())} (clean, noise; least of faults; mean {_both(mean.values())})",
        f"other splits {_both(splits)}",
        {f"{name}: {aim}": met for name, result in of.items() for aim, met in result.aims.items()},
    )


def _both(values: Iterable[float | None]) -> str:
    return ", ".join("-" if value is None else f"{value:.4f}" for value in values)


SUITE = Suite(
    "hit_sm", "hit_sm_bearing", "two thirds of normal at each speed learn; the last thirds against each fault",
    recipes.bearing, problems, judge,
)  # fmt: skip
