"""Cooling fan: vibration spectra of a 12 cm fan, in a silent room (silentA) and beside a ventilator (noisy).

A room has eight recordings: normal at a high, middle and low speed and off (h, m, l, o; 300 spectra each), then normal
and with holes in the blades (damage1) while the speed steps through these four (hmlo; 235 spectra, twice each). A
quarter of the hmlo spectra are of a fan that is off, where no damage can show: the column `running` of `truth` says
which are not.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..arrays import read_npz
from ..recording import Recording

SPEEDS = ("h", "m", "l", "o")
RUNS = (
    *(f"{speed}_normal" for speed in SPEEDS),
    *(f"hmlo_{what}_{i}" for what in ("normal", "damage1") for i in (1, 2)),
)
BINS = 511  # of 1 Hz; the first column of the files is always 0

Spectra = npt.NDArray[np.float64]


def _path(folder: Path, room: str, run: str) -> Path:
    """12cm_h_normal_silentA.npz; 12cm_hmlo_normal_silentA_1.npz, whose number is at the end."""
    run, number = (run[:-2], run[-2:]) if run[-2] == "_" else (run, "")
    return folder / f"12cm_{run}_{room}{number}.npz"


def _milliseconds(stamps: npt.NDArray[np.str_]) -> npt.NDArray[np.uint32]:
    """Since the spectrum before, from 2022-02-10-01-08-23."""
    times = [datetime.strptime(str(stamp), "%Y-%m-%d-%H-%M-%S") for stamp in stamps]
    steps = [round((b - a).total_seconds() * 1000) for a, b in pairwise(times)]
    return np.array([0, *steps], dtype=np.uint32)


def _recording(room: str, run: str, content: Mapping[str, npt.NDArray[Any]], midpoint: float) -> Recording:
    spectra: Spectra = content["X"][:, 1:].astype(np.float64)
    return Recording(
        name=f"{room}/{run}",
        frames=pd.DataFrame(spectra, columns=[f"{hertz} Hz" for hertz in range(1, BINS + 1)]),
        labels=np.full(len(spectra), "damage" in run, dtype=np.int8),
        frame_rate=0.5,
        dt_ms=_milliseconds(content["t"]),
        truth=pd.DataFrame({"running": (spectra.mean(axis=1) > midpoint).astype(np.int8)}),
    )


def room(folder: Path, name: str) -> list[Recording]:
    """The eight recordings of a room, in the order of `RUNS`."""
    content = {run: read_npz(_path(folder, name, run)) for run in RUNS}
    level = {speed: float(content[f"{speed}_normal"]["X"][:, 1:].mean(dtype=np.float64)) for speed in ("l", "o")}
    midpoint = (level["l"] + level["o"]) / 2
    return [_recording(name, run, content[run], midpoint) for run in RUNS]


PARTS = {name: partial(room, name=name) for name in ("silentA", "noisy")}
