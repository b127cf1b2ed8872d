"""Ceiling fan: an accelerometer on its base, windows of a second at 200 Hz, as it is and with a coin on a blade.

`low` has three recordings at low speed: normal; normal while the base is moved by hand, which is unlike the first; and
with the coin. `off` is one of the fan standing still. Frames are `axis_features` of the windows, in octaves; `raw` is
the windows, in g.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from ..arrays import read_npz
from ..features import axis_features
from ..recording import Recording

SAMPLE_RATE = 200.0


def _recording(folder: Path, run: str) -> Recording:
    windows = read_npz(folder / f"fan_0_{run}.npz")["X"]
    return Recording(
        name=run.replace("_", "/", 1),
        frames=pd.DataFrame(axis_features(windows.astype(np.float64))),
        labels=np.full(len(windows), "1_weight" in run, dtype=np.int8),
        frame_rate=1.0,
        sample_rate=SAMPLE_RATE,
        raw=windows.astype(np.float32),
    )


def low(folder: Path) -> list[Recording]:
    """Low speed: normal, normal with a moved base, with a coin on a blade."""
    return [_recording(folder, f"low_{what}") for what in ("0_weight", "0_weight-moving", "1_weight")]


def off(folder: Path) -> list[Recording]:
    """The fan stands still."""
    return [_recording(folder, "off_0_weight")]


PARTS = {"low": low, "off": off}
