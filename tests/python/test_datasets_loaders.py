"""Manifests, the data folder, and the SKAB loader on a small made-up copy and, where it is there, on the real one."""

from pathlib import Path

import numpy as np
import pytest
from twinbit.datasets import DataNotFoundError, Recording, available, data_root, load, manifest, parts, set_names

HEADER = "datetime;Accelerometer1RMS;Pressure"
ROWS = ["2020-03-09 10:14:33;0.02;0.05", "2020-03-09 10:14:34;0.03;0.38", "2020-03-09 10:15:44;0.04;0.38"]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A data folder with two labelled recordings, one with floats and one with integers, and a normal one."""
    for part in ("valve1", "anomaly-free"):
        (tmp_path / "skab" / part).mkdir(parents=True)
    marks = {"2": ["0.0;0.0", "1.0;1.0", "1.0;0.0"], "10": ["0;0", "0;0", "1;1"]}
    for name, mark in marks.items():
        lines = [HEADER + ";anomaly;changepoint", *(f"{row};{m}" for row, m in zip(ROWS, mark, strict=True))]
        (tmp_path / "skab" / "valve1" / f"{name}.csv").write_text("\n".join(lines))
    (tmp_path / "skab" / "anomaly-free" / "anomaly-free.csv").write_text("\n".join([HEADER, *ROWS]))
    return tmp_path


def real_root() -> Path:
    """The real recordings: the usual places, or beside this checkout when the package is installed elsewhere."""
    try:
        return data_root()
    except DataNotFoundError:
        beside = Path(__file__).resolve().parents[3] / "shared" / "data"
        if not (beside / "skab").is_dir():
            pytest.skip("no SKAB recordings on this machine: set TWINBIT_DATA")
        return beside


def test_labels_times_and_order(small: Path) -> None:
    first, second = load("skab/valve1", small)
    assert [first.name, second.name] == ["valve1/2", "valve1/10"]
    assert first.labels is not None
    assert second.labels is not None
    assert first.labels.tolist() == [0, 1, 1]
    assert second.labels.tolist() == [0, 0, 1]
    assert first.truth["changepoint"].tolist() == [0, 1, 0]
    assert list(first.frames.columns) == ["Accelerometer1RMS", "Pressure"]
    assert first.dt_ms is not None
    assert first.dt_ms.tolist() == [0, 1_000, 70_000]


def test_a_recording_without_labels_says_so(small: Path) -> None:
    (normal,) = load("skab/anomaly-free", small)
    assert normal.labels is None
    assert normal.frames.shape == (3, 2)


def test_unknown_names_list_the_known_ones(small: Path) -> None:
    with pytest.raises(KeyError, match="skab/valve1"):
        load("skab/valve9", small)
    with pytest.raises(KeyError, match="nothing"):
        manifest("nothing")


def test_missing_data_says_where_it_was_sought_and_where_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(DataNotFoundError, match=r"github\.com/waico/SKAB.*GPL-3\.0"):
        load("skab/valve1", tmp_path)
    with pytest.raises(DataNotFoundError, match="the folder given"):
        data_root(tmp_path / "absent")
    (tmp_path / "skab" / "valve1").mkdir(parents=True)
    with pytest.raises(DataNotFoundError, match="no files of valve1"):
        load("skab/valve1", tmp_path)


def test_the_environment_names_the_folder(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWINBIT_DATA", str(small))
    assert data_root() == small
    assert len(load("skab/valve1")) == 2
    assert available() == parts("skab") == ["skab/anomaly-free", "skab/valve1"]
    monkeypatch.setenv("TWINBIT_DATA", str(small / "absent"))
    with pytest.raises(DataNotFoundError, match="TWINBIT_DATA"):
        data_root()
    assert available() == []


def test_manifest_tells_missing_and_different_files(small: Path) -> None:
    differences = manifest("skab").differences(small)
    assert differences["valve1/2.csv"] == "different"
    assert differences["valve1/0.csv"] == "missing"
    with pytest.raises(DataNotFoundError, match="is missing"):
        manifest("skab").file("valve1/0.csv", small)


def test_every_set_has_a_complete_manifest() -> None:
    for name in set_names():
        found = manifest(name)
        assert found.title
        assert found.url.startswith("https://") or name == "tower_fan_mpu6050"  # its source is not known
        assert found.licence
        assert found.citation
        assert found.files
        assert all(len(digest) in (0, 64) for digest in found.files.values())
        assert found.fetchable or found.converted


def test_recordings_refuse_parts_of_another_length(small: Path) -> None:
    frames = load("skab/valve1", small)[0].frames
    with pytest.raises(ValueError, match="2 labels for 3 frames"):
        Recording("wrong", frames, labels=np.zeros(2, np.int8))


def test_real_skab_is_what_the_benchmarks_were_made_with() -> None:
    root = real_root()
    recordings = load("skab/valve1", root)
    assert len(recordings) == 16
    assert sum(len(r) for r in recordings) == 18_160
    assert all(r.frames.shape[1] == 8 and np.isfinite(r.array).all() for r in recordings)
    assert all(r.labels is not None and 0 < r.labels.sum() < len(r) for r in recordings)
    assert len(load("skab/anomaly-free", root)[0]) == 9_405
    assert manifest("skab").differences(root) == {}
