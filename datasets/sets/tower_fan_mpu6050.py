"""Tower fan: the magnitude of acceleration on a computer's fan, as it is and blocked, 128 samples a window.

Nominally 500 Hz, in counts of an MPU6050 at 16,384 a g. Some readings are near zero: the bus failed, not the fan.
Frames are `axis_features` of the windows, in octaves; `raw` is the windows, in counts.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from ..features import axis_features
from ..files import Parts, in_order
from ..readers import read_csv
from ..recording import Recording

PARTS = ("fan",)
SAMPLE_RATE = 500.0


def _recordings(paths: list[Path]) -> list[Recording]:
    found = []
    for path in paths:
        for label, rows in read_csv(path).groupby("label"):
            windows = rows.drop(columns="label").to_numpy(dtype=np.float64)[:, :, None]
            kind = "blocked" if label else "normal"
            found.append(
                Recording(
                    name=f"{path.name.split('.')[0]}/{kind}",
                    frames=pd.DataFrame(axis_features(windows, axes=("magnitude",))),
                    labels=np.full(len(windows), label != 0, dtype=np.int8),
                    frame_rate=SAMPLE_RATE / windows.shape[1],
                    sample_rate=SAMPLE_RATE,
                    raw=windows.astype(np.float32),
                    about={"state": kind},
                )
            )
    return found


def parts(folder: Path) -> Parts:
    """One part: all files."""
    paths = in_order([*folder.glob("*.csv"), *folder.glob("*.csv.gz")])
    return {"fan": partial(_recordings, paths)} if paths else {}
