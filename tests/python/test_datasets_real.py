"""The real recordings, where they are there: their bytes, their sizes, and that a detector may take them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from twinbit.datasets import DataNotFoundError, available, data_root, load, manifest, set_names

SIZES = {
    "ceiling_fan": (4, 2_042),
    "cooling_fan": (16, 4_280),
    "cwru": (17, 2_378_670),
    "digits": (1, 1_797),
    "driver_behavior": (1, 20_675),
    "har_basicmotions": (80, 8_000),
    "har_watch": (84, 139_628),
    "hit_sm_bearing": (21, 2_752_512),
    "mlperf_tiny_ad01": (1, 196),
    "mnist": (1, 10_000),
    "nab": (35, 181_653),
    "nicla_motion": (54, 29_027),
    "nslkdd": (2, 36_464),
    "skab": (17, 27_565),
    "tower_fan_mpu6050": (2, 240),
    "uci_fan_accelerometer": (34, 102_000),
}
"""Recordings and frames of the copy that the benchmarks were made with."""


@pytest.fixture(scope="module")
def root() -> Path:
    """The usual places, or beside this checkout when the package is installed elsewhere."""
    try:
        return data_root()
    except DataNotFoundError:
        beside = Path(__file__).resolve().parents[3] / "shared" / "data"
        if not beside.is_dir():
            pytest.skip("no recordings on this machine: set TWINBIT_DATA")
        return beside


def test_every_set_is_known_here() -> None:
    assert sorted(SIZES) == set_names()


@pytest.mark.parametrize("name", SIZES)
def test_it_is_what_the_benchmarks_were_made_with(name: str, root: Path) -> None:
    found = [part for part in available(root) if part.startswith(f"{name}/")]
    if not found:
        pytest.skip(f"no {name} on this machine: set TWINBIT_DATA")
    differences = manifest(name).differences(root)
    if differences:
        pytest.skip(f"{root / name} holds another part of the set: {len(differences)} files differ")
    recordings = [recording for part in found for recording in load(part, root)]
    assert len({recording.name for recording in recordings}) == len(recordings) or name == "har_basicmotions"
    for recording in recordings:
        assert np.isfinite(recording.array).all()
        assert recording.signal.flags.c_contiguous
        assert recording.labels is None or set(recording.labels) <= {0, 1}
    count, frames = SIZES[name]
    assert len(recordings) >= count
    if len(recordings) == count:  # a folder may hold more
        assert sum(map(len, recordings)) == frames


def test_traps_of_the_data_are_known(root: Path) -> None:
    if not {"cwru/48k", "hit_sm_bearing/mfs", "driver_behavior/trip17"} <= set(available(root)):
        pytest.skip("not all recordings are on this machine: set TWINBIT_DATA")
    normal = [r for part in ("cwru/12k", "cwru/48k") for r in load(part, root) if r.about["fault"] == "normal"]
    assert {r.sample_rate for r in normal} == {12_000, 48_000}
    deviations = [float(np.std(r.signal)) for r in load("hit_sm_bearing/mfs", root)]
    assert max(deviations) / min(deviations) > 50
    (trip,) = load("driver_behavior/trip17", root)
    assert trip.labels is not None
    assert 0.05 < trip.labels.mean() < 0.15
    assert trip.dt_ms is not None
    assert np.median(trip.dt_ms) == pytest.approx(1000 / 51, abs=1)
