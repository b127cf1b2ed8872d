"""The continuous machine against physics: where lines are, what modulates them, and what a sensor's faults do."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from twinbit.datasets import SKF_6205, STEADY, Fault, Operation, Recording, in_windows, machine_waveform
from twinbit.datasets.faults import KINDS, SENSOR_KINDS
from twinbit.datasets.sensor import STEP

Array = npt.NDArray[np.float64]

SPEED = 30.0  # Hz, of STEADY
ORDERS = SKF_6205.frequencies()
SECONDS = 10.0  # lines 0.1 Hz wide
AXIS = {"x": 0, "y": 1, "z": 2}


def made(*faults: Fault, seed: int = 1, seconds: float = SECONDS, operation: Operation = STEADY) -> Recording:
    return machine_waveform(seconds, seed, faults, operation)


def amplitudes(signal: Array) -> Array:
    """Of the sines in a signal of whole seconds, 0.1 Hz apart."""
    return np.asarray(2 * np.abs(np.fft.rfft(signal)) / len(signal))


def line(spectrum: Array, hertz: float, width: float = 0.15) -> float:
    near = slice(int((hertz - width) * SECONDS), int((hertz + width) * SECONDS) + 2)
    return float(spectrum[near].max())


def envelope(signal: Array, rate: float) -> Array:
    """Of the band about the housing's resonance, 2 to 5 kHz, by the analytic signal; without its mean."""
    spectrum = np.fft.fft(signal)
    frequency = np.fft.fftfreq(len(signal), 1 / rate)
    spectrum[(frequency < 2_000) | (frequency > 5_000)] = 0
    found = np.abs(2 * np.fft.ifft(spectrum))
    return np.asarray(found - found.mean())


def envelope_spectrum(recording: Recording) -> Array:
    return amplitudes(envelope(recording.frames["y"].to_numpy(), 12_000.0))


def test_the_same_seed_gives_the_same_bits() -> None:
    one, two, other = (made(Fault("inner"), seed=seed, seconds=1, operation=Operation()) for seed in (3, 3, 4))
    assert one.array.tobytes() == two.array.tobytes()
    assert one.array.tobytes() != other.array.tobytes()


@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_changes_nothing_before_its_onset(kind: str) -> None:
    healthy = made(seconds=2, operation=Operation())
    faulty = made(Fault(kind, onset=1), seconds=2, operation=Operation())
    assert healthy.array[:12_000].tobytes() == faulty.array[:12_000].tobytes()
    assert healthy.array[12_000:].tobytes() != faulty.array[12_000:].tobytes()
    assert faulty.labels is not None
    assert faulty.labels.tolist() == [0] * 12_000 + [1] * 12_000
    assert faulty.truth[kind].max() == 1


@pytest.mark.parametrize(
    ("kind", "order", "modulation"),
    [
        ("outer", ORDERS.outer, None),
        ("inner", ORDERS.inner, 1.0),
        ("ball", 2 * ORDERS.ball, ORDERS.cage),
        ("cage", ORDERS.cage, None),
    ],
)
def test_bearing_faults_have_lines_in_the_envelope(kind: str, order: float, modulation: float | None) -> None:
    spectrum = envelope_spectrum(made(Fault(kind)))
    hertz = np.arange(len(spectrum)) / SECONDS
    low = (hertz > 5) & (hertz < 250)
    floor = float(np.median(spectrum[low]))
    assert line(spectrum, order * SPEED, 0.01 * order * SPEED) > 8 * floor
    sides = [order - modulation, order + modulation] if modulation else []
    for side in sides:  # a defect that goes through the load zone
        assert line(spectrum, side * SPEED, 0.01 * order * SPEED) > 4 * floor
    if kind in ("outer", "inner", "ball"):  # the strongest is the fault's own, or one that modulates it
        strongest = float(hertz[low][spectrum[low].argmax()]) / SPEED
        wanted = [order, *sides, *([modulation] if modulation else [])]
        assert min(abs(strongest / one - 1) for one in wanted) < 0.03


def test_lines_follow_the_shaft_while_its_speed_changes() -> None:
    varied = Operation(points=((20.0, 0.5), (34.0, 0.5)), dwell=(2.0, 3.0), ramp=1.0)
    recording = made(Fault("outer"), operation=varied)
    speed = recording.truth["speed"].to_numpy()
    assert speed.max() / speed.min() > 1.5
    found = envelope(recording.frames["y"].to_numpy(), 12_000.0)
    turns = np.cumsum(speed) / 12_000
    even = np.arange(0, turns[-1], 1 / 64)
    spectrum = np.abs(np.fft.rfft(np.interp(even, turns, found)))
    orders = np.arange(len(spectrum)) * 64 / len(even)
    inside = (orders > 1.5) & (orders < 6)
    assert orders[inside][spectrum[inside].argmax()] == pytest.approx(ORDERS.outer, rel=0.02)


def test_imbalance_is_a_line_at_the_speed_that_grows_with_its_square() -> None:
    size = {}
    for speed in (20.0, 30.0):
        operation = Operation(points=((speed, 0.6),), wander=0.0)
        for fault in (True, False):
            recording = made(*[Fault("imbalance")] * fault, operation=operation)
            size[speed, fault] = line(amplitudes(recording.frames["x"].to_numpy()), speed)
    assert size[30.0, False] == pytest.approx(0.12, abs=0.01)
    assert 0.4 - 0.12 < size[30.0, True] < 0.4 + 0.12
    assert size[30.0, True] / size[20.0, True] == pytest.approx(2.25, rel=0.03)


def test_misalignment_is_at_twice_the_speed_and_along_the_shaft() -> None:
    recording, healthy = made(Fault("misalignment")), made()
    across, along = (amplitudes(recording.frames[axis].to_numpy()) for axis in "xz")
    before = amplitudes(healthy.frames["z"].to_numpy())
    assert line(across, 2 * SPEED) > 1.5 * line(across, SPEED)
    assert line(across, 3 * SPEED) > 0.05
    assert line(along, SPEED) > 5 * line(before, SPEED)


def test_looseness_has_half_harmonics() -> None:
    loose, healthy = (amplitudes(r.frames["y"].to_numpy()) for r in (made(Fault("looseness")), made()))
    for order in (0.5, 1.5, 2.5, 3.0, 5.5):
        assert line(loose, order * SPEED) > 0.05
        assert line(healthy, order * SPEED) < 0.01


def test_drift_and_growth() -> None:
    drifting = made(operation=Operation(points=((30.0, 0.6),), wander=0.0, drift=2.0))
    first, last = (float(part.std()) for part in np.split(drifting.frames["x"].to_numpy(), 10)[::9])
    assert last / first == pytest.approx(2 ** (2 * 0.9), rel=0.1)
    assert drifting.labels is not None
    assert drifting.labels.max() == 0
    growing = Fault("outer", onset=2, end=9, severity=3, growth=1)
    at = growing.at(np.array([0, 1.9, 2, 3, 5, 8, 8.9, 9]))
    assert at.tolist() == [0, 0, 3 / 64, 3 / 32, 3 / 8, 3, 3, 0]


@pytest.mark.parametrize("kind", SENSOR_KINDS)
def test_a_sensor_fails_as_told(kind: str) -> None:
    sound = made(seconds=4).frames.to_numpy()
    broken = made(Fault(kind, onset=1, end=3, axis=1), seconds=4).frames.to_numpy()
    assert np.array_equal(sound[:, [0, 2]], broken[:, [0, 2]])
    part, was = broken[12_000:36_000, 1], sound[12_000:36_000, 1]
    assert np.array_equal(sound[36_000:, 1], broken[36_000:, 1])
    changed = part != was
    truths = {
        "stuck": np.all(part == was[0]),
        "dropout": 0.1 < changed.mean() < 0.3 and np.all(part[changed] == 0),
        "spikes": 2 < changed.sum() < 25 and np.abs(part[changed]).min() >= 4,
        "saturation": np.abs(part).max() < 0.1 + STEP and changed.mean() > 0.1,
        "offset": np.allclose(part - was, 0.5, atol=STEP),
    }
    assert truths[kind]


def test_samples_are_of_sixteen_bits() -> None:
    steps = made(Fault("spikes"), seconds=2).frames.to_numpy() / STEP
    assert np.array_equal(steps, np.round(steps))
    assert np.abs(steps).max() <= 2**15


def test_windows_and_their_features() -> None:
    recording = made(Fault("outer", onset=2.5), seconds=4.2)
    windows = in_windows(recording, 12_000)
    assert windows.frames.shape == (4, 9)
    assert windows.labels is not None
    assert windows.labels.tolist() == [0, 0, 1, 1]
    assert windows.frames["y crest"].iloc[3] > windows.frames["y crest"].iloc[0] + 0.5
    assert windows.raw is not None
    assert np.array_equal(windows.signal, recording.signal[:48_000])
    assert windows.truth["speed"].tolist() == [30.0] * 4
    with pytest.raises(ValueError, match="no window of 0"):
        in_windows(recording, 0)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (lambda: Fault("rust"), "must be one of"),
        (lambda: Fault("outer", onset=2, end=1), "end after it began"),
        (lambda: Operation(points=()), "points must be"),
        (lambda: Operation(dwell=(2, 1)), "dwell must be"),
        (lambda: machine_waveform(0), "some samples"),
        (lambda: machine_waveform(1, sample_rate=3_000), "at least 6600"),
    ],
)
def test_what_cannot_be_is_refused(wrong: object, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        wrong()  # type: ignore[operator]
