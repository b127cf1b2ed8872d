"""Scores of the boards against published results, brute force, and what can be counted by hand."""

from __future__ import annotations

import csv
import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twinbit.boards.changepoint import changes, score_changes, score_recording
from twinbit.boards.figures import auc, auc_interval, interval, partial_auc
from twinbit.boards.nab import windows_of
from twinbit.boards.nab_score import (
    PROFILES,
    Part,
    best_threshold,
    normalised,
    place,
    probation,
    score_file,
    weights,
)
from twinbit.datasets import DataNotFoundError, data_root, load, parts

STANDARD = PROFILES["standard"]


def have_nab() -> bool:
    try:
        return (data_root() / "nab" / "results").is_dir()
    except DataNotFoundError:
        return False


def windowed_gaussian(values: np.ndarray, size: int = 6400, step: int = 100) -> np.ndarray:
    """NAB's detector of that name: 1 - tail probability of the last values' normal distribution, to 12 digits.

    Its results were rounded so when they were written; only then do rows reach its threshold of 1.
    """
    found = np.zeros(len(values))
    first = last = 0  # the window's first and last row
    mean, deviation = values[0], 1e-6
    for i, value in enumerate(values[1:], start=1):
        tail = 0.5 * math.erfc(abs(value - mean) / deviation / math.sqrt(2))
        found[i] = round(1 - tail, 12)
        if i < size or i - last == step:
            first, last = max(0, i + 1 - size), i
            part = values[first : i + 1]
            mean, deviation = part.mean(), part.std() or 1e-6
    return found


@pytest.mark.skipif(not have_nab(), reason="NAB is not here: set TWINBIT_DATA to the folder of data sets")
def test_a_published_detector_scores_as_published() -> None:
    """The Windowed Gaussian, run anew: scores and counts of all files as NAB's results have them."""
    folder = data_root() / "nab"
    with (folder / "results" / "published_standard_scores_open_files.csv").open() as file:
        published = {row["File"]: row for row in csv.DictReader(file) if row["Detector"] == "windowedGaussian"}
    recordings = [one for part in parts("nab") for one in load(part) if one.about["file"] in published]
    assert len(recordings) == len(published)
    for recording in recordings:
        row = published[str(recording.about["file"])]
        alarms = windowed_gaussian(recording.frames["value"].to_numpy()) >= float(row["Threshold"])
        found = score_file(alarms, windows_of(recording.truth["window"].to_numpy()))
        assert found.score == pytest.approx(float(row["Score"]), abs=1e-9)
        assert [found.tp, found.tn, found.fp, found.fn] == [int(row[key]) for key in ("TP", "TN", "FP", "FN")]


@pytest.mark.skipif(not have_nab(), reason="NAB is not here: set TWINBIT_DATA to the folder of data sets")
def test_totals_of_the_published_detectors() -> None:
    """The scale: sums of the files' published scores give the board's figures for these 35 files."""
    with (data_root() / "nab" / "results" / "published_standard_scores_open_files.csv").open() as file:
        rows = list(csv.DictReader(file))
    for name, value in (("ARTime", 67.5), ("numenta", 66.5), ("windowedGaussian", 21.9)):
        total = sum(float(row["Score"]) for row in rows if row["Detector"] == name)
        assert normalised(total, 55) == pytest.approx(value, abs=0.05)


def test_probation_counts_nothing() -> None:
    assert [probation(rows) for rows in (100, 5000, 20000)] == [15, 750, 750]
    alarms = np.arange(100) < 15
    assert score_file(alarms, [(40, 49)]).score == -1.0
    assert score_file(alarms, [(40, 49)]).fp == 0


def test_the_first_alarm_of_a_window_counts() -> None:
    value = weights(100, [(40, 49)], STANDARD)
    assert value[40] == 1.0
    assert 0 < value[49] < value[45] < value[41] < 1
    for first in (40, 44, 49):
        alarms = np.isin(np.arange(100), [first, 49])
        assert score_file(alarms, [(40, 49)]).score == pytest.approx(value[first])


def test_false_alarms_cost_less_just_behind_a_window() -> None:
    value = weights(200, [(40, 49)], STANDARD)
    assert value[39] == value[150] == -0.11
    assert -0.11 < value[55] < value[50] < 0
    low = PROFILES["reward_low_FP_rate"]
    assert weights(200, [(40, 49)], low)[39] == -0.22
    assert score_file(np.arange(200) == 100, [(40, 49)], PROFILES["reward_low_FN_rate"]).score == pytest.approx(-2.11)


def test_a_window_of_one_row() -> None:
    assert score_file(np.arange(100) == 60, [(60, 60)]).score == 1.0


def test_windows_by_their_times() -> None:
    stamps = pd.date_range("2014-01-01", periods=10, freq="h")
    limits = [["2014-01-01 06:00:00", "2014-01-01 08:00:00"], ["2014-01-01 01:00:00", "2014-01-01 02:00:00"]]
    assert place(stamps, limits) == [(1, 2), (6, 8)]
    with pytest.raises(KeyError, match="no row"):
        place(stamps, [["2014-01-01 06:30:00", "2014-01-01 08:00:00"]])
    assert windows_of(np.array([0, 1, 1, 0, 2], dtype=np.int8)) == [(1, 2), (4, 4)]


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), st.sampled_from(list(PROFILES)))
def test_the_best_threshold(seed: int, name: str) -> None:
    rng, profile = np.random.default_rng(seed), PROFILES[name]
    files = [Part(rng.integers(0, 12, 80).astype(float), [(20, 29), (50, 59)]),
             Part(rng.integers(0, 12, 60).astype(float), [(5, 12)] if seed % 2 else [])]  # fmt: skip

    def total(threshold: float) -> float:
        return sum(score_file(one.scores >= threshold, one.windows, profile).score for one in files)

    threshold, found = best_threshold(files, profile)
    assert found == pytest.approx(total(threshold))
    assert found == pytest.approx(max(total(t) for t in [np.inf, *range(12)]))


def test_changes_of_an_alarm() -> None:
    assert changes([False, True, True, False]).tolist() == [False, True, False, True]


def test_change_points_earn_by_their_place_in_the_window() -> None:
    times, labelled = np.arange(300.0), np.arange(300) == 100
    early, middle, late = (score_recording(times, times >= at, labelled, STANDARD) for at in (85, 100, 115))
    assert early == pytest.approx(1.0)
    assert late == pytest.approx(-0.11)
    assert middle == pytest.approx((1 - 0.11) / 2, abs=0.002)
    assert score_recording(times, times >= 120, labelled, STANDARD) == pytest.approx(-1.11)
    assert score_recording(times, (times >= 85) & (times < 200), labelled, STANDARD) == pytest.approx(0.89)


def test_windows_that_overlap_are_cut() -> None:
    """At 100 and 110: the second begins where the first ends, at 115; a change at 90 counts for the first only."""
    times = np.arange(300.0)
    labelled = np.isin(times, [100, 110])
    both = (times >= 85) & (times < 116)
    assert score_recording(times, times >= 85, labelled, STANDARD) == pytest.approx(0.0, abs=1e-9)
    assert score_recording(times, both, labelled, STANDARD) > 1.5


def test_the_change_point_scale() -> None:
    times, labelled = np.arange(300.0), np.arange(300) == 100
    nothing = score_changes([(times, times < 0, labelled)])
    assert nothing == dict.fromkeys(PROFILES, 0.0)
    assert score_changes([(times, times >= 85, labelled)])["standard"] == pytest.approx(100.0)
    assert score_changes([(times, times >= 85, times < 0)])["standard"] is None


values = st.lists(st.integers(0, 8), min_size=1, max_size=30).map(lambda found: np.array(found, dtype=float))


@settings(max_examples=30)
@given(values, values, st.sampled_from([0.1, 0.4, 1.0]))
def test_partial_auc_is_the_area_of_the_curve(normal: np.ndarray, anomalous: np.ndarray, most: float) -> None:
    """By brute force: at 4,000 rates the share found, straight between thresholds."""
    curve = [(0.0, 0.0)] + [(float((normal >= t).mean()), float((anomalous >= t).mean())) for t in range(8, -1, -1)]
    rates = (np.arange(4_000) + 0.5) / 4_000 * most
    found = []
    for rate in rates:
        (a, low), (b, high) = next((p, q) for p, q in itertools.pairwise(curve) if p[0] <= rate < q[0])
        found.append(low + (high - low) * (rate - a) / (b - a))
    assert partial_auc(normal, anomalous, most) == pytest.approx(float(np.mean(found)), abs=1e-3)
    if most == 1.0:
        assert partial_auc(normal, anomalous, 1.0) == pytest.approx(auc(normal, anomalous))


def test_undefined_figures_are_none() -> None:
    empty, some = np.empty(0), np.arange(5.0)
    assert auc(empty, some) is None
    assert partial_auc(some, empty) is None
    assert normalised(1.0, 0) is None
    assert interval([1], lambda found: 1.0) is None
    assert interval([1, 2], lambda found: None) is None
    assert auc_interval(some, empty) is None


def test_intervals_cover_the_mean() -> None:
    """In 40 draws of 60 numbers the 95 % interval of the mean holds the true one in at least 33."""
    rng = np.random.default_rng(1)
    covered = 0
    for seed in range(40):
        found = interval(list(rng.normal(size=60)), lambda some: float(np.mean(some)), seed)
        assert found is not None
        covered += found[0] <= 0 <= found[1]
    assert 33 <= covered < 40 or covered == 40
    low, high = auc_interval(rng.normal(size=400), rng.normal(1, 1, 400)) or [0, 0]
    assert low < 0.76 < high < low + 0.15
