"""Ceiling fan: an accelerometer on its base, windows of a second at 200 Hz, as it is and with coins on a blade.

A part is a speed. `low` has three recordings: normal; normal while the base is moved by hand, which is unlike the
first; and with the coin. `off` is one of the fan standing still. Frames are `axis_features` of the windows, in
octaves; `raw` is the windows, in g.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from ..features import axis_features
from ..files import Parts
from ..readers import read_npz
from ..recording import Recording

PARTS = ("low", "off")
SAMPLE_RATE = 200.0
NAME = re.compile(r"fan_\d+_(?P<speed>[a-z]+)_(?P<weight>\d+)_weight(?P<moving>-moving)?\.npz")


def _recording(path: Path) -> Recording:
    match = NAME.fullmatch(path.name)
    assert match, "only such paths are passed"
    windows = read_npz(path)["X"]
    weight = int(match["weight"])
    return Recording(
        name=f"{match['speed']}/{weight}_weight{match['moving'] or ''}",
        frames=pd.DataFrame(axis_features(windows.astype(np.float64))),
        labels=np.full(len(windows), weight > 0, dtype=np.int8),
        frame_rate=1.0,
        sample_rate=SAMPLE_RATE,
        raw=windows.astype(np.float32),
        about={"speed": match["speed"], "weight": weight, "moving": match["moving"] is not None},
    )


def _recordings(paths: list[Path]) -> list[Recording]:
    return [_recording(path) for path in paths]


def parts(folder: Path) -> Parts:
    """One part a speed."""
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.glob("*.npz"), key=lambda path: path.stem):
        if match := NAME.fullmatch(path.name):
            found.setdefault(match["speed"], []).append(path)
    return {part: partial(_recordings, paths) for part, paths in found.items()}
