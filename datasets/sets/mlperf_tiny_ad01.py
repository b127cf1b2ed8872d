"""MLPerf Tiny, anomaly detection: a toy car's sound as log-mel spectra, as the benchmark gives them to its model.

A recording is a file of 200 frames of 128 bands; `frames` are the 196 windows of 5 neighbouring ones that the model
takes, 640 values each. `about` has the score of the published float model, a mean over the windows, where it is known.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from ..files import Parts, in_order
from ..readers import ReadError, read_csv
from ..recording import Recording

PARTS = ("toycar",)
BANDS = 128
TOGETHER = 5


def _scores(folder: Path) -> dict[str, float]:
    """The published float scores, from normal_id_01_00000000 on."""
    files = folder.glob("reference_scores/tflite_anomaly_score_*.csv")
    tables = [read_csv(path, header=None, names=["file", "score"]) for path in files]
    pairs = [pair for table in tables for pair in zip(table["file"], table["score"], strict=True)]
    return {str(file).removesuffix(".wav"): float(score) for file, score in pairs}


def _recording(path: Path, scores: dict[str, float]) -> Recording:
    spectra = np.fromfile(path, dtype="<f4").astype(np.float64)
    if spectra.size < BANDS * TOGETHER or spectra.size % BANDS:
        raise ReadError(f"{path}: {spectra.size} values are not frames of {BANDS} bands; is the file whole?")
    windows = np.lib.stride_tricks.sliding_window_view(spectra, BANDS * TOGETHER)[::BANDS]
    name = path.name.partition("_hist")[0]
    return Recording(
        name=name,
        frames=pd.DataFrame(windows.copy()),
        labels=np.full(len(windows), name.startswith("anomaly"), dtype=np.int8),
        about={"reference_score": scores.get(name)},
    )


def _recordings(folder: Path, paths: list[Path]) -> list[Recording]:
    scores = _scores(folder)
    return [_recording(path, scores) for path in paths]


def parts(folder: Path) -> Parts:
    """One part: every input."""
    paths = in_order(folder.glob("*.bin"))
    return {"toycar": partial(_recordings, folder, paths)} if paths else {}
