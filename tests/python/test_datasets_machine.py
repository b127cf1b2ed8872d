"""The synthetic machine: repeatable, sane, and with a fault that grows from nothing."""

import functools
import time

import numpy as np
import pandas as pd
import pytest
from twinbit.datasets import FAULTS, rotating_machine, stationary
from twinbit.datasets.features import band_rms, shape_features


def test_the_same_seed_gives_the_same_recording() -> None:
    one, two, other = (rotating_machine(frames=300, seed=seed, keep_raw=True) for seed in (5, 5, 6))
    pd.testing.assert_frame_equal(one.frames, two.frames, check_exact=True)
    assert one.raw is not None
    assert two.raw is not None
    assert one.raw.tobytes() == two.raw.tobytes()
    assert not one.frames.equals(other.frames)


def test_default_recording_has_what_the_demo_needs() -> None:
    begin = time.perf_counter()
    recording = rotating_machine()
    assert time.perf_counter() - begin < 3
    assert recording.frames.shape == (2_000, 8)
    assert np.isfinite(recording.array).all()
    assert recording.array.dtype == np.float32
    assert recording.labels is not None
    assert recording.labels.sum() == 800
    assert recording.frame_rate == pytest.approx(1 / 60)
    assert recording.raw is None


def test_speed_and_load_vary_while_the_machine_is_healthy() -> None:
    truth = rotating_machine(frames=600, fault=None).truth
    assert truth["speed"].max() / truth["speed"].min() > 1.3
    assert truth["load"].max() > 2 * truth["load"].min()
    assert (truth["severity"] == 0).all()


@functools.cache
def healthy_machine() -> pd.DataFrame:
    return rotating_machine(seed=2, fault=None).frames


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_begins_undetectable_and_ends_obvious(fault: str) -> None:
    healthy = healthy_machine()
    failing = rotating_machine(seed=2, fault=fault, onset=1_200, growth=100).frames
    telling = "kurtosis" if fault in ("outer", "inner", "ball", "cage") else "rms_low"
    first, last = slice(1_200, 1_300), slice(1_900, 2_000)
    spread = healthy[telling].std()
    assert abs(failing[telling][first].median() - healthy[telling][first].median()) < spread
    assert abs(failing[telling][last].median() - healthy[telling][last].median()) > 3 * spread


def test_before_the_onset_a_fault_changes_nothing_but_the_random_numbers() -> None:
    recording = rotating_machine(frames=500, fault="inner", onset=400)
    assert (recording.truth["severity"][:400] == 0).all()
    assert recording.truth["severity"][400] == 1
    assert recording.labels is not None
    assert recording.labels[399] == 0
    assert recording.labels[400] == 1


@pytest.mark.parametrize("wrong", [{"frames": 0}, {"fault": "rust"}, {"onset": -1}, {"growth": 0.0}])
def test_arguments_out_of_range_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="must"):
        rotating_machine(**wrong)  # type: ignore[arg-type]


def test_features_of_a_sine_are_the_textbook_ones() -> None:
    time_axis = np.arange(2_048) / 12_000
    sine = 2 * np.sin(2 * np.pi * 128 * 12_000 / 2_048 * time_axis)[None, :]  # 750 Hz, whole periods
    shape, bands = shape_features(sine), band_rms(sine, 12_000)
    assert shape["rms"][0] == pytest.approx(np.sqrt(2))
    assert shape["crest"][0] == pytest.approx(np.sqrt(2), rel=1e-3)
    assert shape["kurtosis"][0] == pytest.approx(1.5)
    assert bands["rms_mid"][0] == pytest.approx(np.sqrt(2))
    assert bands["rms_high"][0] == pytest.approx(0, abs=1e-9)


def test_stationary_vectors_are_repeatable_and_shift_where_told() -> None:
    one, two = (stationary(frames=1_000, channels=5, seed=4, shift_at=700) for _ in range(2))
    pd.testing.assert_frame_equal(one.frames, two.frames, check_exact=True)
    assert list(one.frames.columns) == ["x0", "x1", "x2", "x3", "x4"]
    assert one.labels is not None
    assert one.labels.sum() == 300
    plain = stationary(frames=1_000, channels=5, seed=4)
    difference = one.frames - plain.frames
    assert (difference[:700] == 0).all(axis=None)
    assert np.allclose(difference[700:], 4.0)


def test_stationary_modes_differ_in_mean_and_have_unit_spread() -> None:
    recording = stationary(frames=6_000, channels=8, modes=3, seed=1)
    groups = recording.frames.groupby(recording.truth["mode"])
    assert groups.ngroups == 3
    assert groups.mean().std().mean() > 2
    assert 0.6 < groups.std().mean().mean() < 1.4
