"""Driver behaviour: a smartphone's accelerometer and gyroscope, in the earth's axes, in a car with aggressive events.

A part is a trip. Frames are samples at the accelerometer's times, about 51 Hz, with the gyroscope's latest reading;
`truth` says which event a sample is in, "" for none; events called `evento_nao_agressivo` are normal driving.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from ..files import Parts, in_order
from ..readers import packed, read_csv
from ..recording import Recording

PARTS = ("trip16", "trip17", "trip20", "trip21")
SENSORS = {"a": "acelerometro_terra.csv", "g": "giroscopio_terra.csv"}
CALM = "evento_nao_agressivo"
SAMPLE_RATE = 51.0


def _sensor(folder: Path, prefix: str) -> pd.DataFrame:
    table = read_csv(packed(folder / SENSORS[prefix])).drop(columns="timestamp")
    return table.rename(columns={axis: prefix + axis for axis in "xyz"}).sort_values("uptimeNanos")


def _events(folder: Path, seconds: pd.Series[float]) -> pd.Series[str]:
    """The name of the event at each time since the trip's start."""
    found = pd.Series("", index=seconds.index)
    table = read_csv(packed(folder / "groundTruth.csv"), skipinitialspace=True)
    for begin, end, name in zip(table["inicio"], table["fim"], table["evento"], strict=True):
        found[(seconds >= begin) & (seconds <= end)] = str(name).strip()
    return found


def _trip(folder: Path) -> list[Recording]:
    both = pd.merge_asof(_sensor(folder, "a"), _sensor(folder, "g"), on="uptimeNanos").bfill()
    nanoseconds = both.pop("uptimeNanos").astype(np.int64)
    milliseconds = (nanoseconds - nanoseconds.iloc[0]) // 1_000_000  # rounded before the steps, so no error adds up
    event = _events(folder, milliseconds / 1000)
    return [
        Recording(
            name=folder.name,
            frames=both.astype(np.float64),
            labels=np.asarray((event != "") & (event != CALM), dtype=np.int8),
            frame_rate=SAMPLE_RATE,
            sample_rate=SAMPLE_RATE,
            dt_ms=np.diff(milliseconds, prepend=0).astype(np.uint32),
            truth=pd.DataFrame({"event": event}),
        )
    ]


def parts(folder: Path) -> Parts:
    """One part a folder with both sensors."""
    subs = [sub for sub in folder.iterdir() if all(packed(sub / name).is_file() for name in SENSORS.values())]
    return {sub.name: partial(_trip, sub) for sub in in_order(subs)}
