"""NAB, the Numenta Anomaly Benchmark: univariate series, most of them one value in five minutes.

A part is a folder of series. An anomaly is a window of time, one or several a series: `labels` is 1 within them,
`truth` has the number of the window (0: none) and the instants that people labelled, about which the windows lie.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..files import Parts, in_order, milliseconds
from ..readers import read_csv
from ..recording import Recording
from ..root import DataNotFoundError

PARTS = (
    *("artificialNoAnomaly", "artificialWithAnomaly", "realAdExchange", "realAWSCloudwatch"),
    *("realKnownCause", "realTraffic", "realTweets"),
)


def _json(folder: Path, name: str) -> dict[str, Any]:
    path = folder / name
    if not path.is_file():
        raise DataNotFoundError(f"{path} is missing")
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def profiles(folder: Path) -> dict[str, dict[str, float]]:
    """What a hit, a miss and a false alarm count in each of NAB's three application profiles."""
    return {name: entry["CostMatrix"] for name, entry in _json(folder, "config/profiles.json").items()}


def _truth(times: pd.DatetimeIndex, windows: list[list[str]], labelled: list[str]) -> pd.DataFrame:
    window = np.zeros(len(times), dtype=np.int8)
    for number, (begin, end) in enumerate(windows, start=1):
        window[(times >= pd.Timestamp(begin)) & (times <= pd.Timestamp(end))] = number  # both ends, as NAB's scorer
    marked = times.isin(pd.DatetimeIndex(pd.to_datetime(labelled)))
    return pd.DataFrame({"window": window, "labelled": marked.astype(np.int8)}, index=times)


def _recordings(folder: Path, part: str) -> list[Recording]:
    windows = _json(folder, "labels/combined_windows.json")
    instants = "labels/combined_labels.json"  # only what people marked: windows are what is scored
    labelled = _json(folder, instants) if (folder / instants).is_file() else {}
    found = []
    for path in in_order((folder / "data" / part).glob("*.csv")):
        file = f"{part}/{path.name}"
        table = read_csv(path, parse_dates=["timestamp"], index_col="timestamp").astype(np.float64)
        times = pd.DatetimeIndex(table.index)
        truth = _truth(times, windows.get(file, []), labelled.get(file, []))
        steps = milliseconds(times)
        found.append(
            Recording(
                name=f"{part}/{path.stem}",
                frames=table,
                labels=np.asarray(truth["window"] > 0, dtype=np.int8) if file in windows else None,
                frame_rate=1000 / max(float(np.median(steps[1:])), 1.0),
                dt_ms=steps,
                truth=truth,
                about={"file": file},
            )
        )
    return found


def parts(folder: Path) -> Parts:
    """One part a folder with series under data/."""
    subs = sorted(sub for sub in (folder / "data").glob("*") if any(sub.glob("*.csv")))
    return {sub.name: partial(_recordings, folder, sub.name) for sub in subs}
