"""HIT-SM: bearings with faults of 2, 5 or 8 degrees of a race at 600, 900 and 1200 rpm; frames are samples at 51.2 kHz.

A part is a rig. Amplitudes differ by 50 to 200 times between files of one rig, so only the shape tells: standardise
each file before comparing them.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from ..files import Parts, in_order
from ..readers import read_npz
from ..recording import Recording

PARTS = ("mfs",)
NAME = re.compile(
    r"(?P<rig>.+)_(?P<label>Normal|(?P<fault>IR|OR)(?P<degrees>\d+))_(?P<rpm>\d+)(_\w+)?\.npz", re.IGNORECASE
)


def _recording(path: Path, match: re.Match[str]) -> Recording:
    content = read_npz(path)
    samples, rate = content["x"], float(content["fs"])
    fault = match["fault"] or "normal"
    about = {"fault": fault, "degrees": int(match["degrees"] or 0), "rpm": int(match["rpm"]), "label": match["label"]}
    return Recording(
        name=path.stem,
        frames=pd.DataFrame({"x": samples.reshape(-1).astype(np.float64)}),
        labels=np.full(samples.size, fault != "normal", dtype=np.int8),
        frame_rate=rate,
        sample_rate=rate,
        about=about,
    )


def _recordings(folder: Path, matches: list[re.Match[str]]) -> list[Recording]:
    return [_recording(folder / match.string, match) for match in matches]


def parts(folder: Path) -> Parts:
    """One part a rig."""
    found: dict[str, list[re.Match[str]]] = {}
    for path in in_order(folder.glob("*.npz")):
        if match := NAME.fullmatch(path.name):
            found.setdefault(match["rig"], []).append(match)
    return {part: partial(_recordings, folder, matches) for part, matches in found.items()}
