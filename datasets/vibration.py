"""Vibration of a rotating machine with a rolling bearing, as an accelerometer on its housing sees it.

What is in the signal, in g:
- imbalance: the force m e w^2 of a rotor's eccentric mass, a sine at 1x whose acceleration grows with the square of
  speed, and a smaller 2x from misalignment that grows with load;
- misalignment raises the 2x and adds a 3x; looseness adds harmonics and half-harmonics of the shaft, as a foot that
  strikes its base each turn, or each second one, does (Randall 2011, chapter 2);
- flow and friction: broadband noise that grows with speed and load and passes through the same structure;
- a local defect of the bearing: one impulse each time it is struck, which makes the structure ring at its resonance.
  The times are those of Randall and Antoni (2011): the kinematic period, each interval varied at random by a percent
  or so, since the elements slip. The amplitudes are those of McFadden and Smith (1984): a defect that moves (inner race
  at the shaft's frequency, ball at the cage's) strikes with the load q(theta) = (1 - (1 - cos theta)/(2 e))^(3/2), and
  not at all outside the loaded zone; a defect of the fixed outer race sits in that zone and is struck evenly;
- the sensor's white noise.

Randall, R. B.: Vibration-based Condition Monitoring. Wiley 2011. McFadden, P. D. and Smith, J. D.: Model for the
vibration produced by a single point defect in a rolling element bearing. Journal of Sound and Vibration 96 (1984)
69-82. Randall and Antoni: see bearing.py.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .bearing import FaultFrequencies
from .faults import strike_orders

Array = npt.NDArray[np.float64]

SAMPLE_RATE = 12_000.0  # Hz
SAMPLES = 2_048  # of a frame: 0.17 s, five turns at 30 Hz
RUN_IN = 256  # samples before a frame, so that what rang before it still rings in it; sum is 2^8 * 9 for the FFT
RESONANCE = 3_300.0  # Hz, of the housing
DAMPING = 0.05  # of critical: rings for about 1 ms
NOMINAL_SPEED = 30.0  # Hz
IMBALANCE = 0.12  # g at nominal speed
FLOW_NOISE = 0.05  # g per sample before the structure, at nominal speed and full load
SENSOR_NOISE = 0.02  # g
SLIP = 0.01  # standard deviation of an interval between impacts, as a share of it
LOOSE_ORDERS = np.arange(1, 13) / 2  # of the shaft, 0.5x to 6x
LOOSENESS = 0.04  # g at 1x for a looseness of 1; falls with the order
LOAD_ZONE = 0.45  # e in q(theta); below 0.5 there is clearance, and the zone is narrower than half a turn


@dataclass(frozen=True)
class Condition:
    """How the machine runs in each of several frames: shaft speed in Hz, load 0 to 1, impulse of an impact in g."""

    speed: Array
    load: Array
    impact: Array
    imbalance: Array  # times the normal one
    misalignment: Array | None = None  # times the normal one; None is 1
    looseness: Array | None = None  # 0 is none; None is 0

    def part(self, frames: slice) -> Condition:
        """Some of the frames."""
        optional = (None if value is None else value[frames] for value in (self.misalignment, self.looseness))
        return Condition(self.speed[frames], self.load[frames], self.impact[frames], self.imbalance[frames], *optional)


def structure_response() -> npt.NDArray[np.complex128]:
    """Transfer function of the housing at an rfft's frequencies over run-in and frame: a decaying sine."""
    time = np.arange(RUN_IN + SAMPLES) / SAMPLE_RATE
    omega = 2 * np.pi * RESONANCE
    ring = np.exp(-DAMPING * omega * time) * np.sin(omega * np.sqrt(1 - DAMPING**2) * time)
    return np.fft.rfft(ring)


def load_zone(angle: Array) -> Array:
    """Share of the greatest load at an angle from its direction (Stribeck; exponent 3/2 for balls)."""
    inside = np.maximum(1 - (1 - np.cos(angle)) / (2 * LOAD_ZONE), 0)
    return np.asarray(inside**1.5)


def impacts(rng: np.random.Generator, state: Condition, fault: str, orders: FaultFrequencies) -> Array:
    """Impulses of a defect, shape (frames, RUN_IN + SAMPLES), spread over the two samples that each falls between."""
    strikes, passages = strike_orders(fault, orders)
    frames, length = len(state.speed), RUN_IN + SAMPLES
    period = SAMPLE_RATE / (strikes * state.speed)  # samples
    count = int(np.ceil(length / period.min() * 1.1)) + 2
    intervals = period[:, None] * (1 + SLIP * rng.standard_normal((frames, count)))
    when = np.cumsum(intervals, axis=1) - rng.random((frames, 1)) * period[:, None]
    angle = 2 * np.pi * (passages * state.speed[:, None] * when / SAMPLE_RATE + rng.random((frames, 1)))
    force = state.impact[:, None] * (load_zone(angle) if passages else np.ones_like(angle))
    train = np.zeros((frames, length + 1))
    row, kept = np.nonzero((when >= 0) & (when < length - 1))
    place, fraction = np.divmod(when[row, kept], 1)
    np.add.at(train, (row, place.astype(int)), force[row, kept] * (1 - fraction))
    np.add.at(train, (row, place.astype(int) + 1), force[row, kept] * fraction)
    return train[:, :length]


def looseness(rng: np.random.Generator, turns: Array) -> Array:
    """Harmonics and half-harmonics at the given turns of the shaft (last axis: time), for a looseness of 1, in g."""
    total = np.zeros_like(turns)
    for order in LOOSE_ORDERS:
        phase = rng.random((*turns.shape[:-1], 1))
        total += LOOSENESS * order**-0.7 * np.sin(2 * np.pi * (order * turns + phase))
    return total


def _tones(rng: np.random.Generator, state: Condition) -> Array:
    """Imbalance at 1x and misalignment at 2x, shape (frames, SAMPLES)."""
    time = np.arange(SAMPLES) / SAMPLE_RATE
    turns = state.speed[:, None] * time + rng.random((len(state.speed), 1))
    once = IMBALANCE * state.imbalance * (state.speed / NOMINAL_SPEED) ** 2
    twice = 0.25 * IMBALANCE * state.load
    if state.misalignment is not None:
        twice = twice * state.misalignment
    tones = once[:, None] * np.sin(2 * np.pi * turns) + twice[:, None] * np.sin(4 * np.pi * turns + 0.6)
    if state.misalignment is not None:
        thrice = 0.3 * np.maximum(twice - 0.25 * IMBALANCE * state.load, 0)
        tones += thrice[:, None] * np.sin(6 * np.pi * turns + 1.1)
    if state.looseness is not None:
        tones += state.looseness[:, None] * looseness(rng, turns)
    return np.asarray(tones)


def vibration(rng: np.random.Generator, state: Condition, fault: str | None, orders: FaultFrequencies) -> Array:
    """Acceleration in g, shape (frames, SAMPLES). fault is "outer", "inner", "ball", "cage" or None."""
    flow = FLOW_NOISE * (state.speed / NOMINAL_SPEED) * (0.4 + 0.6 * state.load)
    shape = (len(state.speed), RUN_IN + SAMPLES)
    excitation = flow[:, None] * rng.standard_normal(shape)
    if fault is not None:
        excitation += impacts(rng, state, fault, orders)
    ringing = np.fft.irfft(np.fft.rfft(excitation) * structure_response(), n=shape[1])[:, RUN_IN:]
    return np.asarray(ringing + _tones(rng, state) + SENSOR_NOISE * rng.standard_normal((shape[0], SAMPLES)))
