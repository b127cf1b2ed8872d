"""A synthetic rotating machine whose bearing, or balance, fails slowly.

The machine changes between three operating points, and speed and load wander about each. A fault begins at a frame of
choice, far below the noise, and grows exponentially, as spalls do once they spread, up to a limit. Each frame is a
window of 0.17 s, taken once a minute (vibration.py has the physics), of which the features in features.py are kept,
and the speed as a tachometer gives it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from .bearing import SKF_6205, Bearing
from .faults import BEARING_KINDS, ROTOR_KINDS
from .features import window_features
from .recording import Recording
from .vibration import SAMPLE_RATE, SAMPLES, Condition, vibration

Array = npt.NDArray[np.float64]

FAULTS = (*BEARING_KINDS, *ROTOR_KINDS)
POINTS = np.array([[24.0, 0.35], [30.0, 0.60], [34.0, 0.90]])  # speed in Hz, load: part, normal and full duty
DWELL = (15, 45)  # frames at one point, at least and at most
FIRST_IMPACT = 0.03  # g, where a fault begins: a third of the RMS of the noise about the resonance
LAST_IMPACT = 6.0  # g
LAST_IMBALANCE = 6.0  # times the normal one
LAST_MISALIGNMENT = 24.0  # times the normal one
LAST_LOOSENESS = 8.0
FRAME_MS = 60_000
_CHUNK = 256  # frames synthesised at once: bounds the memory


def _duty(rng: np.random.Generator, frames: int) -> npt.NDArray[np.intp]:
    """Operating point of each frame: never the same one twice in a row, each for a random while."""
    points = np.empty(0, dtype=np.intp)
    at = int(rng.integers(len(POINTS)))
    while len(points) < frames:
        points = np.concatenate([points, np.full(rng.integers(*DWELL, endpoint=True), at)])
        at = (at + int(rng.integers(1, len(POINTS)))) % len(POINTS)
    return points[:frames]


def _wander(rng: np.random.Generator, frames: int, memory: float) -> Array:
    """A first-order autoregressive process of unit variance; memory is its correlation from frame to frame."""
    steps = rng.standard_normal(frames) * np.sqrt(1 - memory**2)
    value, out = float(rng.standard_normal()), np.empty(frames)
    for index, step in enumerate(steps):
        value = memory * value + step
        out[index] = value
    return out


def _severity(frames: int, onset: int, growth: float) -> Array:
    """0 before the fault, then 1 and doubling every `growth` frames."""
    age = np.arange(frames) - onset
    return np.where(age >= 0, np.exp2(np.minimum(np.maximum(age, 0) / growth, 60.0)), 0.0)


def _condition(rng: np.random.Generator, frames: int, fault: str | None, severity: Array) -> Condition:
    point = POINTS[_duty(rng, frames)]
    load = np.clip(point[:, 1] + 0.03 * _wander(rng, frames, 0.8), 0.05, 1.0)
    speed = point[:, 0] * (1 + 0.005 * _wander(rng, frames, 0.7)) * (1 - 0.01 * load)  # a motor slips under load
    impact = np.minimum(FIRST_IMPACT * severity, LAST_IMPACT) * (0.5 + 0.5 * load) * (fault in BEARING_KINDS)
    swell = 1 + np.minimum(0.01 * severity, LAST_IMBALANCE - 1) * (fault == "imbalance")
    imbalance = swell * (1 + 0.03 * _wander(rng, frames, 0.95))
    misalignment = 1 + np.minimum(0.08 * severity, LAST_MISALIGNMENT - 1) if fault == "misalignment" else None
    looseness = np.minimum(0.01 * severity, LAST_LOOSENESS) if fault == "looseness" else None
    return Condition(speed, load, impact, imbalance, misalignment, looseness)


def _windows(rng: np.random.Generator, state: Condition, fault: str | None, bearing: Bearing) -> Array:
    struck = fault if fault in BEARING_KINDS else None
    return vibration(rng, state, struck, bearing.frequencies())


def _chunks(state: Condition) -> list[Condition]:
    starts = range(0, len(state.speed), _CHUNK)
    parts = [slice(start, start + _CHUNK) for start in starts]
    return [state.part(p) for p in parts]


def rotating_machine(
    frames: int = 2_000,
    seed: int = 0,
    fault: str | None = "outer",
    onset: int | None = None,
    growth: float | None = None,
    bearing: Bearing = SKF_6205,
    keep_raw: bool = False,
) -> Recording:
    """Makes a recording of a machine in which a fault develops.

    Args:
        frames: how many, at least 1; one a minute.
        seed: the same seed gives the same recording on one version of NumPy.
        fault: "outer", "inner", "ball" or "cage" (a local defect of the bearing), "imbalance", "misalignment",
            "looseness", or None for a healthy machine.
        onset: frame at which the fault begins; by default after 60 % of the frames.
        growth: frames in which the fault doubles; by default a twelfth of the frames that follow the onset.
        bearing: its geometry.
        keep_raw: keeps the acceleration in g, float32 of shape (frames, 2048), 16 MB for 2,000 frames.

    Returns:
        A recording with 8 features: rms, peak, crest, kurtosis, rms_low (10 to 500 Hz), rms_mid (to 2 kHz),
        rms_high (to 5.5 kHz), all of acceleration in g, and speed in Hz. labels are 1 from the onset on, also while
        nobody could see the fault yet; truth has speed, load and severity (0, then 1 and doubling).

    Raises:
        ValueError: an argument is out of its range.
    """
    if frames < 1 or (fault is not None and fault not in FAULTS):
        raise ValueError(f"frames must be at least 1 and fault one of {', '.join(FAULTS)}, or None")
    begin = frames if fault is None else (frames * 6 // 10 if onset is None else onset)
    doubling = max(frames - begin, 1) / 12 if growth is None else growth
    if begin < 0 or doubling <= 0:
        raise ValueError("onset must not be negative and growth must be greater than 0")
    rng = np.random.default_rng(seed)
    severity = _severity(frames, begin, doubling)
    state = _condition(rng, frames, fault, severity)
    features, raw = _measure(rng, state, fault, bearing, keep_raw)
    return Recording(
        name=f"machine-{fault or 'healthy'}-{seed}",
        frames=features,
        labels=(np.arange(frames) >= begin).astype(np.int8),
        frame_rate=1_000 / FRAME_MS,
        dt_ms=np.where(np.arange(frames) > 0, FRAME_MS, 0).astype(np.uint32),
        sample_rate=SAMPLE_RATE,
        raw=raw,
        truth=pd.DataFrame({"speed": state.speed, "load": state.load, "severity": severity}),
    )


def _measure(
    rng: np.random.Generator, state: Condition, fault: str | None, bearing: Bearing, keep_raw: bool
) -> tuple[pd.DataFrame, npt.NDArray[np.float32] | None]:
    """Synthesises the windows chunk by chunk; gives their features and, where wanted, the windows themselves."""
    tables: list[pd.DataFrame] = []
    kept: list[npt.NDArray[np.float32]] = []
    for part in _chunks(state):
        windows = _windows(rng, part, fault, bearing)
        tables.append(pd.DataFrame(window_features(windows, SAMPLE_RATE)))
        if keep_raw:
            kept.append(windows.astype(np.float32))
    features = pd.concat(tables, ignore_index=True)
    features["speed"] = state.speed + 0.01 * rng.standard_normal(len(features))  # a tachometer's resolution
    return features, np.concatenate(kept) if keep_raw else None


__all__ = ["FAULTS", "SAMPLES", "rotating_machine"]
