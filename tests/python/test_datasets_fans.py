"""Loaders of the fans and the digits, on small made-up copies and, where they are there, on the real recordings."""

from pathlib import Path

import numpy as np
import pytest
from twinbit.datasets import DataNotFoundError, axis_features, data_root, load, log_band_means, manifest

SPEEDS = {"h": 0.4, "m": 0.3, "l": 0.2, "o": 0.1}


def spectra(*levels: float) -> dict[str, np.ndarray]:
    """One spectrum a level, whose first bin is 0 as in the files, two seconds apart."""
    x = np.repeat(np.array(levels, np.float32)[:, None], 512, axis=1)
    x[:, 0] = 0
    return {"X": x, "t": np.array([f"2022-02-10-01-{58 + i // 30:02}-{i * 2 % 60:02}" for i in range(len(levels))])}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A data folder with a room of the cooling fan, the ceiling fan at low speed, and four digits."""
    for name in ("cooling_fan", "ceiling_fan", "digits"):
        (tmp_path / name).mkdir()
    for speed, level in SPEEDS.items():
        np.savez(tmp_path / "cooling_fan" / f"12cm_{speed}_normal_noisy.npz", **spectra(level, level))
    for what in ("normal", "damage1"):
        for i in (1, 2):
            file = tmp_path / "cooling_fan" / f"12cm_hmlo_{what}_noisy_{i}.npz"
            np.savez(file, **spectra(*(SPEEDS.values()), i))
    windows = np.random.default_rng(1).normal(size=(3, 200, 3)).astype(np.float32)
    for run in ("0_weight", "0_weight-moving", "1_weight"):
        np.savez(tmp_path / "ceiling_fan" / f"fan_0_low_{run}.npz", X=windows, fs=200)
    images = np.arange(256, dtype=np.uint8).reshape(4, 64) % 17
    np.savez(tmp_path / "digits" / "digits.npz", X=images, y=np.array([3, 1, 4, 1], np.uint8))
    return tmp_path


def real_root() -> Path:
    """The real recordings: the usual places, or beside this checkout when the package is installed elsewhere."""
    try:
        return data_root()
    except DataNotFoundError:
        beside = Path(__file__).resolve().parents[3] / "shared" / "data"
        if not (beside / "cooling_fan").is_dir():
            pytest.skip("no recordings on this machine: set TWINBIT_DATA")
        return beside


def test_cooling_fan_has_runs_labels_times_and_what_runs(small: Path) -> None:
    found = load("cooling_fan/noisy", small)
    assert [r.name for r in found][:4] == [f"noisy/{speed}_normal" for speed in SPEEDS]
    assert [r.name for r in found][4:] == [f"noisy/hmlo_{what}_{i}" for what in ("normal", "damage1") for i in (1, 2)]
    assert [int(r.labels.max()) for r in found if r.labels is not None] == [0, 0, 0, 0, 0, 0, 1, 1]
    last = found[-1]
    assert last.frames.shape == (5, 511)
    assert (last.frames.columns[0], last.frames.columns[-1]) == ("1 Hz", "511 Hz")
    assert last.truth["running"].tolist() == [1, 1, 1, 0, 1]  # above the midpoint of 0.1 and 0.2
    assert last.dt_ms is not None
    assert last.dt_ms.tolist() == [0, 2000, 2000, 2000, 2000]
    assert found[-2].frames.iloc[4, 0] == 1  # file 1 of the two; file 2 has a 2 there
    assert last.frames.iloc[4, 0] == 2


def test_ceiling_fan_has_features_and_windows(small: Path) -> None:
    found = load("ceiling_fan/low", small)
    assert [r.name for r in found] == ["low/0_weight", "low/0_weight-moving", "low/1_weight"]
    assert [int(r.labels.max()) for r in found if r.labels is not None] == [0, 0, 1]
    assert found[0].raw is not None
    assert found[0].raw.shape == (3, 200, 3)
    assert found[0].frames.shape == (3, 9)
    assert found[0].sample_rate == 200
    with pytest.raises(DataNotFoundError, match="no files of off"):
        load("ceiling_fan/off", small)


def test_digits(small: Path) -> None:
    (found,) = load("digits/images", small)
    assert found.labels is None
    assert found.truth["digit"].tolist() == [3, 1, 4, 1]
    assert found.frames.shape == (4, 64)
    assert found.frames["0,1"].tolist() == [1, 14, 10, 6]


def test_log_band_means() -> None:
    found = log_band_means(np.array([[1.0, 3, 4, 12, 0, 0, 2], [0, 0, 0, 0, 0, 0, 0.5]]), width=2)
    assert found.tolist() == [[1, 3, -16, 1], [-16, -16, -16, -1]]


def test_axis_features() -> None:
    square = np.tile([3.0, 1.0], 100)
    windows = np.stack([square, 4 * square, np.zeros(200)], axis=1)[None]
    found = axis_features(windows)
    assert list(found)[:4] == ["x rms", "x step", "x crest", "y rms"]
    assert [round(float(found[name][0]), 12) for name in found] == [0, 1, 0, 2, 3, 0, -16, -16, -16]


def test_real_fans_and_digits_are_what_the_benchmarks_were_made_with() -> None:
    root = real_root()
    for room in ("silentA", "noisy"):
        found = load(f"cooling_fan/{room}", root)
        assert [len(r) for r in found] == [300] * 4 + [235] * 4
        assert all(np.isfinite(r.array).all() and r.array.max() < 1 for r in found)
        for recording in found[4:]:
            assert 0.7 < recording.truth["running"].mean() < 0.8
    assert [len(r) for r in load("ceiling_fan/low", root)] == [585, 299, 580]
    assert len(load("ceiling_fan/off", root)[0]) == 578
    (digits,) = load("digits/images", root)
    assert np.bincount(digits.truth["digit"]).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    for name in ("cooling_fan", "ceiling_fan", "digits"):
        assert manifest(name).differences(root) == {}
