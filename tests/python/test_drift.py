"""Drift detectors by themselves: what they tell against plain formulas, batches, state, pickling, threads."""

from __future__ import annotations

import contextlib
import copy
import pickle
import threading
from typing import Any

import drift_oracles
import numpy as np
import pytest
from drift_cases import ALL, Make, one_by_one, values_for
from twinbit import errors
from twinbit.datasets import drift_stream
from twinbit.drift import KS, Adwin, PageHinkley
from twinbit.drift_metrics import told_drifts


@pytest.fixture(params=ALL, ids=lambda name: name)
def make(request: pytest.FixtureRequest) -> Make:
    return ALL[request.param]


# ---- what they tell


@pytest.mark.parametrize("mode", ["both", "up", "down"])
@pytest.mark.parametrize(("delta", "threshold", "alpha"), [(0.005, 50.0, 0.9999), (0.25, 8.0, 1.0), (0.0, 20.0, 0.99)])
def test_page_hinkley_is_its_formula(mode: Any, delta: float, threshold: float, alpha: float) -> None:
    for seed in range(5):
        values = drift_stream("recurring", frames=6_000, at=1_000, seed=seed).array[:, 0]
        oracle = drift_oracles.PageHinkley(30, delta, threshold, alpha, mode)
        wanted = [oracle.update(float(x)) for x in values]
        told = PageHinkley(delta=delta, threshold=threshold, alpha=alpha, mode=mode).update_many(values)
        assert np.flatnonzero(told).tolist() == np.flatnonzero(wanted).tolist()


@pytest.mark.parametrize(("delta", "clock", "buckets", "least", "grace"), [(0.002, 32, 5, 5, 10), (0.3, 10, 2, 1, 50)])
def test_adwin_is_its_formula(delta: float, clock: int, buckets: int, least: int, grace: int) -> None:
    for seed in range(5):
        values = drift_stream("recurring", frames=1_500, at=500, period=300, seed=seed).array[:, 0]
        oracle = drift_oracles.Adwin(delta, clock, buckets, least, grace)
        wanted = [oracle.update(float(x)) for x in values]
        told = Adwin(delta, clock, buckets, least, grace).update_many(values)
        assert np.flatnonzero(told).tolist() == np.flatnonzero(wanted).tolist()


@pytest.mark.parametrize(("alpha", "window", "recent"), [(0.005, 100, 30), (0.0001, 60, 30), (0.05, 9, 2)])
def test_ks_is_its_formula(alpha: float, window: int, recent: int) -> None:
    for seed in range(5):
        values = drift_stream("recurring", frames=1_500, at=500, period=300, seed=seed).array[:, 0]
        values = np.round(values * 8) / 8  # equal values, too
        oracle = drift_oracles.KS(alpha, window, recent)
        wanted = [oracle.update(float(x)) for x in values]
        told = KS(alpha, window, recent).update_many(values)
        assert np.flatnonzero(told).tolist() == np.flatnonzero(wanted).tolist()


def test_every_detector_tells_a_jump_soon(make: Make) -> None:
    for seed in range(5):
        judged = told_drifts(make().update_many(values_for(make(), seed=seed)), [1_000], 500)
        assert judged.missed == 0
        assert judged.delays[0] is not None
        assert judged.delays[0] < 100
        assert judged.false <= 1


def test_ks_sees_the_spread_alone() -> None:
    values = drift_stream("abrupt", size=0.0, spread=3.0, seed=1).array[:, 0]
    assert told_drifts(KS(alpha=0.001, window_size=600, stat_size=200).update_many(values), [2_000], 200).missed == 0


def test_a_unit_lets_large_values_in() -> None:
    values = drift_stream(seed=2).array[:, 0] * np.float32(1_000)
    told = PageHinkley(threshold=15_000, delta=250, unit=6).update_many(values)
    same = PageHinkley(threshold=15, delta=0.25).update_many(values / np.float32(1_000))
    assert np.flatnonzero(told).tolist() == np.flatnonzero(same).tolist()


def test_a_value_beyond_the_limit_is_warned_of_once() -> None:
    detector = KS()
    assert detector.limit == pytest.approx(128, rel=1e-6)
    with pytest.warns(UserWarning, match=r"-1000 counts as 128, .* unit = 16 takes; .* such as 13"):
        detector.update_many([1.0, -1_000.0])
    detector.update(1e30)
    assert KS(unit=13).update(1_000.0).state != KS(unit=13).state


def test_told_drifts_are_judged_by_the_changes() -> None:
    told = np.zeros(1_000, np.bool_)
    told[[50, 120, 130, 420]] = True
    judged = told_drifts(told, [100, 400, 450, 800], 100)
    assert (judged.delays, judged.missed, judged.false, judged.quiet) == ((20, 20, None, None), 2, 1, 650)
    assert judged.mean_delay == (20 + 20 + 100 + 100) / 4
    still = told_drifts(told, (), 100)
    assert (still.delays, still.mean_delay, still.false_per_10k) == ((), None, 40)
    assert (judged + still).false == 5
    assert told_drifts(told[:0], ()).false_per_10k is None
    with pytest.raises(ValueError, match="must be the same"):
        _ = judged + told_drifts(told, (), 7)


# ---- batches


def test_a_batch_is_its_values_one_by_one(make: Make) -> None:
    values = values_for(make(), "recurring", frames=3_000)
    single, batch, parts = make(), make(), make()
    told = one_by_one(single, values)
    assert told.any()
    assert batch.update_many(values).tolist() == told.tolist()
    assert np.concatenate([parts.update_many(part) for part in np.array_split(values, 7)]).tolist() == told.tolist()
    assert single.state == batch.state == parts.state


def test_other_types_of_numbers_become_float32(make: Make) -> None:
    values = values_for(make())
    wanted = make().update_many(values).tolist()
    assert make().update_many(values.astype(np.float64)).tolist() == wanted
    assert make().update_many(values.tolist()).tolist() == wanted
    assert make().update_many(np.asfortranarray(np.repeat(values, 2, axis=0))[::2]).tolist() == wanted
    whole = np.round(values).astype(np.int32)
    assert make().update_many(whole).tolist() == make().update_many(whole.astype(np.float32)).tolist()


def test_drift_detected_is_that_of_the_last_value(make: Make) -> None:
    values = values_for(make())
    at = int(np.flatnonzero(make().update_many(values))[0])
    detector = make()
    assert not detector.drift_detected
    detector.update_many(values[: at + 1])
    assert detector.drift_detected
    detector.update_many(values[:0])
    assert detector.drift_detected
    assert not detector.update(values[0]).drift_detected


def test_no_values_tell_nothing(make: Make) -> None:
    values = values_for(make())[:0]
    assert make().update_many(values).shape == (0,)


# ---- state


def test_pickled_at_any_step_it_goes_on_as_if_it_had_not_been(make: Make) -> None:
    values = values_for(make(), frames=1_600)
    whole = make()
    told = whole.update_many(values)
    steps = [0, 1, 5, 299, 600, 799, *(np.flatnonzero(told)[:2] + 1).tolist()]
    for step in steps:
        detector = make()
        detector.update_many(values[:step])
        again = pickle.loads(pickle.dumps(detector))
        assert (again.drift_detected, repr(again)) == (detector.drift_detected, repr(detector))
        assert again.update_many(values[step:]).tolist() == told[step:].tolist()
        assert again.state == whole.state


def test_state_is_of_one_size_and_can_be_loaded(make: Make) -> None:
    values = values_for(make())
    detector, other = make(), make()
    detector.update_many(values[:700])
    other.update_many(values[:1])
    assert len(detector.state) == detector.size == other.size
    assert other.load_state(detector.state).update_many(values[700:]).tolist() == (
        detector.update_many(values[700:]).tolist()
    )
    assert other.state == detector.state


def test_a_clone_is_fresh_and_a_copy_is_not(make: Make) -> None:
    values = values_for(make())
    detector = make()
    fresh = detector.update_many(values[:1]) is not None and detector.clone().state
    detector.update_many(values[1:500])
    assert detector.clone().state == fresh != detector.state
    assert copy.copy(detector).state == detector.state
    assert copy.deepcopy(detector).reset().state == fresh
    assert type(detector.clone()) is type(detector)


def test_damaged_states_are_refused_and_change_nothing(make: Make) -> None:
    detector = make()
    detector.update_many(values_for(detector)[:700])
    before = detector.state
    for wrong in (b"", before[:-1], before + b"\0"):
        with pytest.raises(errors.ImageError):
            detector.load_state(wrong)
    rng = np.random.default_rng(1)
    for _ in range(200):
        forged = bytearray(before)
        forged[rng.integers(len(forged))] ^= 1 << rng.integers(8)
        with contextlib.suppress(errors.DamagedImageError):
            detector.load_state(bytes(forged)).update_many(values_for(detector)[:300])
        detector.load_state(before)


def test_forged_states_of_nothing_but_ones_never_hang(make: Make) -> None:
    detector = make()
    detector.update_many(values_for(detector)[:10])
    with pytest.raises(errors.DamagedImageError):
        detector.load_state(b"\xff" * detector.size)


# ---- threads


def test_two_threads_at_once_raise() -> None:
    detector = KS()
    many = np.tile(values_for(detector), 1_000)
    running, found = threading.Event(), []

    def work() -> None:
        running.set()
        detector.update_many(many)

    worker = threading.Thread(target=work)
    worker.start()
    running.wait()
    while worker.is_alive() and not found:
        try:
            detector.update(1.0)
        except RuntimeError as error:
            found.append(str(error))
    worker.join()
    assert found
    assert "this drift detector is being used by another thread" in found[0]
    detector.update(1.0)  # and it is free again
