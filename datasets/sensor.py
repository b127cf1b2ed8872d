"""The accelerometer of the synthetic machine: its noise, its 16 bits, and how it fails."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .faults import Fault
from .vibration import SENSOR_NOISE

Array = npt.NDArray[np.float64]

RANGE = 16.0  # g
STEP = RANGE / 2**15  # g, of its 16 bits
LOST = 0.2  # share of the samples that a drop-out of severity 1 loses
LOST_S = 0.005  # s that one lasts on average
SPIKES = 5.0  # a second, at severity 1
LIMIT = 0.1  # g at which a saturated sensor of severity 1 stops; of 2: at half of it
OFFSET = 0.5  # g, at severity 1


def _digital(signal: Array) -> Array:
    """To the nearest step, within the range."""
    return np.asarray(np.clip(np.round(signal / STEP), -(2**15), 2**15 - 1) * STEP)


def measure(rng: np.random.Generator, signal: Array) -> Array:
    """What a sound sensor gives of an acceleration."""
    return _digital(signal + SENSOR_NOISE * rng.standard_normal(signal.shape))


def _lost(rng: np.random.Generator, severity: Array, rate: float) -> npt.NDArray[np.bool_]:
    """Samples within drop-outs, which begin at random and last LOST_S on average."""
    share = np.minimum(LOST * severity, 0.9)
    begin = rng.random(len(severity)) < share / (1 - share) / (LOST_S * rate)
    lengths = rng.geometric(min(1 / (LOST_S * rate), 1.0), len(severity))
    ends = np.where(begin, np.arange(len(severity)) + lengths, 0)
    return np.asarray((np.maximum.accumulate(ends) > np.arange(len(severity))) & (severity > 0))


def disturb(rng: np.random.Generator, signal: Array, fault: Fault, rate: float) -> None:
    """Changes samples, (samples, axes), in place as a fault of the sensor does; other faults change nothing."""
    severity = fault.at(np.arange(len(signal)) / rate)
    there = severity > 0
    axes = slice(None) if fault.axis is None else slice(fault.axis, fault.axis + 1)
    part = signal[:, axes]  # a view
    if fault.kind == "stuck" and there.any():
        part[there] = part[int(np.argmax(there))]
    elif fault.kind == "dropout":
        part[_lost(rng, severity, rate)] = 0.0  # as a bus that does not answer reads
    elif fault.kind == "spikes":
        hit = rng.random(len(signal)) < SPIKES * severity / rate
        size = (int(hit.sum()), 1)
        part[hit] = _digital(rng.choice((-1.0, 1.0), size) * rng.uniform(RANGE / 4, RANGE, size))
    elif fault.kind == "saturation":
        limit = (LIMIT / np.maximum(severity, 1e-9))[:, None]
        part[there] = _digital(np.clip(part, -limit, limit))[there]
    elif fault.kind == "offset":
        part[there] = _digital(part + OFFSET * severity[:, None])[there]
