"""SKAB, the Skoltech Anomaly Benchmark: a water circuit with 8 sensors at 1 Hz.

A part is a folder of CSV files: in valve1 and valve2 a valve is closed for a while, `other` has leaks, imbalance,
cavitation and more; anomaly-free is one long normal recording without label columns. A few percent of the steps are
longer than a second, with gaps to 76 s: see `Recording.dt_ms`.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..files import Parts, in_order, milliseconds
from ..readers import read_csv
from ..recording import Recording

PARTS = ("anomaly-free", "valve1", "valve2", "other")
LABELS = ("anomaly", "changepoint")  # integers in some files, floats in others


def _read(path: Path) -> Recording:
    table = read_csv(path, sep=";", parse_dates=["datetime"], index_col="datetime")
    marks: dict[str, npt.NDArray[np.int8]] = {
        name: np.asarray(table.pop(name) != 0, dtype=np.int8) for name in LABELS if name in table
    }
    return Recording(
        name=f"{path.parent.name}/{path.stem}",
        frames=table.astype(np.float64),
        labels=marks.pop("anomaly", None),
        frame_rate=1.0,
        dt_ms=milliseconds(pd.DatetimeIndex(table.index)),
        truth=pd.DataFrame(marks, index=table.index),
    )


def _recordings(folder: Path) -> list[Recording]:
    return [_read(path) for path in in_order(folder.glob("*.csv"))]


def parts(folder: Path) -> Parts:
    """One part a folder with CSV files."""
    return {sub.name: partial(_recordings, sub) for sub in sorted(folder.iterdir()) if any(sub.glob("*.csv"))}
