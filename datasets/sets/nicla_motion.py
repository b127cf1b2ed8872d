"""Nicla Vision: a board moved as on land, at sea and in a lift, and idle; accelerometer and gyroscope at 59 Hz.

Frames are samples. The file is an export of Edge Impulse: one JSON a recording. `about` has the motion, as labelled
there. No labels: the user says what is anomalous.
"""

from __future__ import annotations

import json
import zipfile
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..files import Parts
from ..readers import ReadError
from ..recording import Recording

PARTS = ("training", "testing")


def _recording(content: dict[str, Any], name: str, label: str) -> Recording:
    payload = content["payload"]
    rate = 1000 / float(payload["interval_ms"])
    columns = [sensor["name"] for sensor in payload["sensors"]]
    return Recording(
        name=name,
        frames=pd.DataFrame(payload["values"], columns=columns).astype(np.float64),
        frame_rate=rate,
        sample_rate=rate,
        about={"motion": label},
    )


def _recordings(path: Path, part: str) -> list[Recording]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = json.loads(archive.read("info.labels"))["files"]
            return [
                _recording(json.loads(archive.read(entry["path"])), entry["name"], entry["label"]["label"])
                for entry in entries
                if entry["category"] == part
            ]
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise ReadError(f"{path}: it is no export of Edge Impulse ({error})") from error


def parts(folder: Path) -> Parts:
    """Both halves of the one export in the folder."""
    paths = sorted(folder.glob("*.zip"))
    return {part: partial(_recordings, paths[0], part) for part in PARTS} if paths else {}
