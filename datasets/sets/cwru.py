"""CWRU: a motor's drive end while its bearing has a fault of some mils in a race or ball; frames are samples in g.

Parts are the sample rates, since a recording is compared with ones of its own rate only: the gain differs, too. The
normal recordings are of 48 kHz, though the published .mat do not say so; 12k has a decimated one (derived_12k_...).
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..files import Parts, in_order
from ..readers import read_csv, read_npz
from ..recording import Recording

PARTS = ("12k", "48k")
NAME = re.compile(r"(?P<fault>IR|B|OR)(at(?P<at>\d+))?_?(?P<size>\d+)(at(?P<at2>\d+))?_(?P<load>\d)")


def _from_name(stem: str) -> dict[str, object]:
    """Fault, its diameter and the load from 12k_OR007at6_0, 48k_ORat6_7_0, or ..._normal_0_first3.05s."""
    match = NAME.search(stem)
    if not match:
        load = re.search(r"normal_(\d)", stem)
        return {"fault": "normal", "size_mil": 0, "load_hp": int(load[1]) if load else None}
    place = match["at"] or match["at2"]
    fault = match["fault"] + (f"@{place}" if place else "")
    return {"fault": fault, "size_mil": int(match["size"]), "load_hp": int(match["load"])}


def _speeds(folder: Path) -> dict[str, float]:
    """Revolutions a minute of the files that the index names."""
    path = folder / "index.csv"
    if not path.is_file():
        return {}
    table = read_csv(path)
    return {str(file): float(rpm) for file, rpm in zip(table["file"], table["rpm"], strict=True)}


def _recording(path: Path, rpm: float | None) -> Recording:
    content: dict[str, Any] = read_npz(path)
    samples, rate = content["DE"], float(content["fs"])
    about = {**_from_name(path.stem), "rpm": rpm, "fs": rate}
    return Recording(
        name=path.stem,
        frames=pd.DataFrame({"DE": samples.reshape(-1).astype(np.float64)}),
        labels=np.full(samples.size, about["fault"] != "normal", dtype=np.int8),
        frame_rate=rate,
        sample_rate=rate,
        about=about,
    )


def _recordings(folder: Path, paths: list[Path]) -> list[Recording]:
    speeds = _speeds(folder)
    return [_recording(path, speeds.get(path.name)) for path in paths]


def parts(folder: Path) -> Parts:
    """One part a sample rate, as the names of the files tell it."""
    found: dict[str, list[Path]] = {}
    for path in in_order(folder.glob("*.npz")):
        if rate := re.match(r"(derived_)?(\d+k)_", path.name):
            found.setdefault(rate[2], []).append(path)
    return {part: partial(_recordings, folder, found[part]) for part in sorted(found)}
