"""UCI Accelerometer: a computer's fan with weights on its blades, 3 axes in g at 50 Hz; frames are samples.

Its authors call configuration 1 of the weights normal, 2 perpendicular and 3 opposite: these two count as anomalous.
A recording is one configuration at one speed, 20 to 100 % in steps of 5; below 40 % the weights hardly show.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from ..files import Parts, blocks, in_order
from ..readers import read_csv
from ..recording import Recording

PARTS = ("configurations",)
SAMPLE_RATE = 50.0
NORMAL = 1


def _recordings(paths: list[Path]) -> list[Recording]:
    table = pd.concat([read_csv(path) for path in paths], ignore_index=True)
    found: list[Recording] = []
    for rows in blocks(table[["wconfid", "pctid"]]):
        block = table.iloc[rows]
        weights, speed = int(block["wconfid"].iloc[0]), int(block["pctid"].iloc[0])
        name = f"configuration{weights}/{speed}"
        again = sum(recording.name.split("-")[0] == name for recording in found)
        found.append(
            Recording(
                name=f"{name}-{again + 1}" if again else name,
                frames=block[["x", "y", "z"]].astype(np.float64).reset_index(drop=True),
                labels=np.full(len(block), weights != NORMAL, dtype=np.int8),
                frame_rate=SAMPLE_RATE,
                sample_rate=SAMPLE_RATE,
                about={"configuration": weights, "speed": speed},
            )
        )
    return found


def parts(folder: Path) -> Parts:
    """One part: every block of all files."""
    paths = in_order([*folder.glob("*.csv"), *folder.glob("*.csv.gz")])
    return {"configurations": partial(_recordings, paths)} if paths else {}
