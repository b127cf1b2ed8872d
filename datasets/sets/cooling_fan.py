"""Cooling fan: vibration spectra of fans of 8, 12 and 14 cm in silent rooms and beside a ventilator (noisy).

A part is a room, of the 12 cm fan; of another size 8cm-silentA and so on. It has recordings at a high, middle and low
speed and off (h, m, l, o; 300 spectra each), and others in which the speed steps through these four (hmlo; 235
spectra), of a normal fan and of fans with holes (damage1) or a chipped blade (damage2). A quarter of the hmlo spectra
are of a fan that is off, where no damage can show: the column `running` of `truth` says which are not.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..files import Parts
from ..readers import read_npz
from ..recording import Recording
from ..root import DataNotFoundError

PARTS = ("silentA", "silentB", "noisy")
BINS = 511  # of 1 Hz; the first column of the files is always 0
SPEEDS = ("h", "m", "l", "o", "hmlo")
KINDS = ("normal", "damage1", "damage2")
NAME = re.compile(r"(?P<size>\d+cm)_(?P<speed>[hmlo]+)_(?P<kind>[a-z]+\d*)_(?P<room>[A-Za-z]+)(_(?P<number>\d+))?\.npz")

Match = re.Match[str]


def _rank(match: Match) -> tuple[int, int, str, int]:
    """The four speeds, then the steps through them; normal before damaged."""
    speed, kind = match["speed"], match["kind"]
    places = (names.index(name) if name in names else 9 for names, name in ((SPEEDS, speed), (KINDS, kind)))
    return (*places, kind, int(match["number"] or 0))  # type: ignore[return-value]


def _milliseconds(stamps: npt.NDArray[np.str_]) -> npt.NDArray[np.uint32]:
    """Since the spectrum before, from 2022-02-10-01-08-23."""
    times = [datetime.strptime(str(stamp), "%Y-%m-%d-%H-%M-%S") for stamp in stamps]
    steps = [round((b - a).total_seconds() * 1000) for a, b in pairwise(times)]
    return np.array([0, *steps], dtype=np.uint32)


def _midpoint(folder: Path, matches: list[Match]) -> float:
    """Between the mean levels of a fan that is off and one at its lowest speed: above it, the fan runs."""
    levels = []
    for speed in ("l", "o"):
        files = [match.string for match in matches if match["speed"] == speed and match["kind"] == "normal"]
        if not files:
            raise DataNotFoundError(f"{folder} has no normal recording at speed {speed}, which tells off from running")
        levels.append(float(read_npz(folder / files[0])["X"][:, 1:].mean(dtype=np.float64)))
    return sum(levels) / 2


def _recording(path: Path, match: Match, midpoint: float, part: str) -> Recording:
    content: dict[str, npt.NDArray[Any]] = read_npz(path)
    spectra = content["X"][:, 1:].astype(np.float64)
    number = f"_{match['number']}" if match["number"] else ""
    return Recording(
        name=f"{part}/{match['speed']}_{match['kind']}{number}",
        frames=pd.DataFrame(spectra, columns=[f"{hertz} Hz" for hertz in range(1, BINS + 1)]),
        labels=np.full(len(spectra), match["kind"] != "normal", dtype=np.int8),
        frame_rate=0.5,
        dt_ms=_milliseconds(content["t"]),
        truth=pd.DataFrame({"running": (spectra.mean(axis=1) > midpoint).astype(np.int8)}),
        about=match.groupdict(),
    )


def _recordings(folder: Path, matches: list[Match], part: str) -> list[Recording]:
    midpoint = _midpoint(folder, matches)
    return [_recording(folder / match.string, match, midpoint, part) for match in sorted(matches, key=_rank)]


def parts(folder: Path) -> Parts:
    """One part a room and size of fan."""
    found: dict[str, list[Match]] = {}
    for path in sorted(folder.glob("*.npz")):
        if match := NAME.fullmatch(path.name):
            size = "" if match["size"] == "12cm" else f"{match['size']}-"
            found.setdefault(size + match["room"], []).append(match)
    return {part: partial(_recordings, folder, matches, part) for part, matches in found.items()}
