"""No detector saturates on the data sets, in fixed-point types that count: SKAB and both rooms of the cooling fan."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import sources
from test_symbols import build_folder
from twinbit import datasets

SAMPLE_LIMIT = 8 - 2**-12
Array = npt.NDArray[np.float64]


@pytest.fixture(scope="module")
def program() -> Path:
    """Learns and scores with every detector in Q15 and Q31."""
    folder = build_folder() / "host"
    subprocess.run(["cmake", "--build", str(folder), "--target", "saturation_counts"], cwd=sources.ROOT, check=True)
    return folder / "tests" / "unit" / "saturation_counts"


def skab() -> Array:
    """valve1, its recordings one after the other, standardised."""
    values = np.concatenate([np.asarray(r.frames, dtype=np.float64) for r in datasets.load("skab/valve1")])
    standardised: Array = (values - values.mean(axis=0)) / values.std(axis=0)
    return standardised


def cooling_fan(room: str) -> Array:
    """64 bands in octaves about -3.5: h, m, l, o, then hmlo, normal and damaged."""
    runs = [datasets.log_band_means(np.asarray(r.frames)) for r in datasets.load(f"cooling_fan/{room}")]
    return np.concatenate(runs) + 3.5


def recording(data: str, path: Path) -> None:
    """What saturation_counts reads: every frame is learned and scored. A scaler would limit samples to ±8."""
    try:
        values = skab() if data == "skab" else cooling_fan(data)
    except FileNotFoundError as missing:
        pytest.skip(f"{missing} (TWINBIT_DATA)")
    limited = np.clip(values, -SAMPLE_LIMIT, SAMPLE_LIMIT).astype("<f4")
    head = np.array([*limited.shape, len(limited)], dtype="<u4")
    path.write_bytes(head.tobytes() + limited.tobytes())


@pytest.mark.parametrize("data", ["skab", "silentA", "noisy"])
def test_nothing_saturates(data: str, program: Path, tmp_path: Path) -> None:
    recording(data, tmp_path / "recording.bin")
    done = subprocess.run([str(program), str(tmp_path / "recording.bin")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(re.findall("^ok ", done.stdout, re.MULTILINE)) == 2 * 13
