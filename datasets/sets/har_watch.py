"""Smartwatch at the wrist during seven shoulder exercises: 3 axes each of accelerometer and gyroscope at 50 Hz.

Frames are samples. `about` has the exercise, the subject and the side. No labels: the user says what is anomalous.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from ..files import Parts
from ..readers import read_npz
from ..recording import Recording

PARTS = ("watch",)


def _recordings(path: Path) -> list[Recording]:
    """The file has all series one after the other, with their lengths."""
    content = read_npz(path)
    rate = float(content["fs"])
    series = np.split(content["X"].astype(np.float64), np.cumsum(content["lengths"])[:-1])
    found = []
    for number, samples in enumerate(series):
        activity = str(content["y_labels"][content["y"][number]])
        found.append(
            Recording(
                name=f"{number}-{activity}",
                frames=pd.DataFrame(samples, columns=[str(name) for name in content["X_labels"]]),
                frame_rate=rate,
                sample_rate=rate,
                about={
                    "activity": activity,
                    "subject": int(content["subject"][number]),
                    "side": int(content["side"][number]),
                },
            )
        )
    return found


def parts(folder: Path) -> Parts:
    """One part: all series."""
    path = folder / "watch.npz"
    return {"watch": partial(_recordings, path)} if path.is_file() else {}
