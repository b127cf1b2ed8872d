"""SKAB, the Skoltech Anomaly Benchmark: a water circuit with 8 sensors at 1 Hz.

valve1 has 16 recordings in each of which one valve is closed for a while; anomaly-free is one long normal recording
without label columns. A few percent of the steps are longer than a second, with gaps to 76 s: see `Recording.dt_ms`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..recording import Recording
from ..root import DataNotFoundError

LABELS = ("anomaly", "changepoint")  # integers in some files, floats in others


def _read(path: Path) -> Recording:
    table = pd.read_csv(path, sep=";", parse_dates=["datetime"], index_col="datetime")
    steps = np.diff(table.index.to_numpy(dtype="datetime64[ms]")).astype(np.int64)
    marks: dict[str, npt.NDArray[np.int8]] = {
        name: np.asarray(table.pop(name) != 0, dtype=np.int8) for name in LABELS if name in table
    }
    return Recording(
        name=f"{path.parent.name}/{path.stem}",
        frames=table.astype(np.float64),
        labels=marks.pop("anomaly", None),
        frame_rate=1.0,
        dt_ms=np.concatenate([[0], steps]).astype(np.uint32),
        truth=pd.DataFrame(marks, index=table.index),
    )


def _recordings(folder: Path) -> list[Recording]:
    paths = sorted(folder.glob("*.csv"), key=lambda path: (len(path.stem), path.stem))  # 2 before 10
    if not paths:
        raise DataNotFoundError(f"there are no CSV files in {folder}")
    return [_read(path) for path in paths]


def valve1(folder: Path) -> list[Recording]:
    """The 16 recordings of valve1, in the order of their numbers."""
    return _recordings(folder / "valve1")


def anomaly_free(folder: Path) -> list[Recording]:
    """The normal recording, without labels."""
    return _recordings(folder / "anomaly-free")


PARTS = {"valve1": valve1, "anomaly-free": anomaly_free}
