"""Fault frequencies of bearings, by formula and in the synthetic signal."""

import numpy as np
import pytest
from twinbit.datasets import SKF_6205, Bearing, rotating_machine
from twinbit.datasets.vibration import load_zone


def test_skf_6205_has_the_published_orders() -> None:
    orders = SKF_6205.frequencies()
    assert orders.outer == pytest.approx(3.585, abs=1e-3)
    assert orders.inner == pytest.approx(5.415, abs=1e-3)
    assert orders.cage == pytest.approx(0.398, abs=1e-3)
    assert orders.ball == pytest.approx(2.357, abs=1e-3)


def test_races_share_the_passages_of_all_elements() -> None:
    orders = Bearing(12, 10.0, 60.0, contact_angle=15.0).frequencies()
    assert orders.outer + orders.inner == pytest.approx(12)
    assert orders.outer == pytest.approx(12 * orders.cage)


@pytest.mark.parametrize("geometry", [(0, 8.0, 39.0), (9, 39.0, 39.0), (9, -1.0, 39.0)])
def test_a_geometry_that_cannot_turn_is_refused(geometry: tuple[int, float, float]) -> None:
    with pytest.raises(ValueError, match="pitch circle"):
        Bearing(*geometry)


@pytest.mark.parametrize(("fault", "order"), [("outer", 3.585), ("inner", 5.415), ("ball", 2 * 2.357)])
def test_envelope_of_the_signal_has_a_line_at_the_fault_frequency(fault: str, order: float) -> None:
    recording = rotating_machine(frames=200, seed=3, fault=fault, onset=0, growth=15, keep_raw=True)
    assert recording.raw is not None
    assert recording.sample_rate is not None
    speed = recording.truth["speed"].to_numpy()[-50:]
    spectrum = np.abs(np.fft.rfft(_envelope(recording.raw[-50:].astype(np.float64)), n=16_384))
    orders = np.fft.rfftfreq(16_384, 1 / recording.sample_rate)[None, :] / speed[:, None]
    grid = np.arange(2.0, 8.0, 0.02)
    mean = np.mean([np.interp(grid, o, s) for o, s in zip(orders, spectrum, strict=True)], axis=0)
    assert grid[mean.argmax()] == pytest.approx(order, rel=0.03)


def _envelope(windows: np.ndarray) -> np.ndarray:
    """Rectified high frequencies, without their mean: the simplest envelope detector."""
    high = np.abs(np.diff(windows, axis=1))
    return np.asarray((high - high.mean(axis=1, keepdims=True)) * np.hanning(high.shape[1]))


def test_load_zone_is_narrower_than_half_a_turn_and_greatest_in_its_middle() -> None:
    angle = np.linspace(-np.pi, np.pi, 721)
    load = load_zone(angle)
    assert load.max() == load[360] == 1
    assert np.all(load[np.abs(angle) > np.pi / 2] == 0)
