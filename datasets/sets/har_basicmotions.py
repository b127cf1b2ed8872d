"""BasicMotions: a smartwatch while walking, resting, running and playing badminton, 10 s at 10 Hz each.

Frames are samples of a 3-axis accelerometer, then a gyroscope. `about` has the activity. No labels: the user says
what is anomalous.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pandas as pd

from ..files import Parts
from ..readers import packed, read_arff_series
from ..recording import Recording

PARTS = ("train", "test")
AXES = ("ax", "ay", "az", "gx", "gy", "gz")
SAMPLE_RATE = 10.0


def _recordings(path: Path) -> list[Recording]:
    return [
        Recording(
            name=f"{number}-{activity}",
            frames=pd.DataFrame(samples, columns=list(AXES)),
            frame_rate=SAMPLE_RATE,
            sample_rate=SAMPLE_RATE,
            about={"activity": activity},
        )
        for number, (samples, activity) in enumerate(read_arff_series(path))
    ]


def parts(folder: Path) -> Parts:
    """Both halves, packed or not."""
    paths = {part: packed(folder / f"BasicMotions_{part.upper()}.arff") for part in PARTS}
    return {part: partial(_recordings, path) for part, path in paths.items() if path.is_file()}
