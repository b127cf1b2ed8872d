"""A synthetic machine as an accelerometer hears it without a break: raw samples of three axes, with faults at will.

The physics is that of vibration.py, sample by sample: all is tied to the shaft's angle, so lines follow the speed. The
axes are x, horizontal, and y, vertical, across the shaft, and z along it. Every cause has a generator of random numbers
of its own: a fault changes nothing before its onset, and faults add up.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from .bearing import SKF_6205, Bearing
from .faults import BEARING_KINDS, SENSOR_KINDS, Fault, strike_orders
from .operation import Course, Operation, course
from .recording import Recording
from .sensor import disturb, measure
from .vibration import DAMPING, FLOW_NOISE, IMBALANCE, NOMINAL_SPEED, RESONANCE, SLIP, load_zone, looseness

Array = npt.NDArray[np.float64]

AXES = ("x", "y", "z")
STRUCTURE = np.array([0.7, 1.0, 0.4])  # how much of a blow each axis hears
RING_S = 0.004  # s until a blow has rung down by 36 dB
IMPACT = 2.0  # g, of a fault of the bearing of severity 1 at full load
ADDED_IMBALANCE = 0.4  # g at nominal speed
ADDED_MISALIGNMENT = 0.3  # g, at 2x across the shaft
ADDED_LOOSENESS = 8.0  # times LOOSENESS of vibration.py


def _ring(time: Array) -> Array:
    """The housing's answer to a blow at time 0: a decaying sine, 0 before it."""
    omega = 2 * np.pi * RESONANCE
    after = np.maximum(time, 0.0)
    sine = np.sin(omega * np.sqrt(1 - DAMPING**2) * after)
    return np.where(time >= 0, np.exp(-DAMPING * omega * after) * sine, 0.0)


def _strikes(rng: np.random.Generator, fault: Fault, run: Course, bearing: Bearing, rate: float) -> tuple[Array, Array]:
    """When a defect is struck, in samples, and how hard."""
    strikes, passages = strike_orders(fault.kind, bearing.frequencies())
    count = int(run.turns[-1] * strikes * 1.1) + 10
    intervals = np.maximum(1 + SLIP * rng.standard_normal(count), 0.1) / strikes
    turns = np.cumsum(intervals) - float(rng.random()) / strikes
    turns = turns[(turns >= 0) & (turns < run.turns[-1])]
    when = np.interp(turns, run.turns, np.arange(len(run.turns)))
    angle = 2 * np.pi * (passages * turns + float(rng.random()))
    zone = load_zone(angle) if passages else np.ones_like(turns)
    load = np.interp(when, np.arange(len(run.load)), run.load)
    return when, IMPACT * fault.at(when / rate) * zone * (0.5 + 0.5 * load)


def _blows(rng: np.random.Generator, fault: Fault, run: Course, bearing: Bearing, rate: float) -> Array:
    """The ringing of all impacts of a bearing's defect, one value a sample, between samples as they fall."""
    when, force = _strikes(rng, fault, run, bearing, rate)
    when, force = when[force > 0], force[force > 0]
    first = np.ceil(when).astype(int)
    reach = np.arange(int(RING_S * rate))
    place = first[:, None] + reach
    answer = force[:, None] * _ring((place - when[:, None]) / rate)
    total = np.zeros(len(run.speed) + len(reach))
    np.add.at(total, place, answer)
    return total[: len(run.speed)]


def _rotor(rng: np.random.Generator, fault: Fault, run: Course, rate: float) -> Array:
    """Lines at multiples of the shaft's speed, (samples, axes)."""
    severity = fault.at(np.arange(len(run.speed)) / rate)
    turns, start = run.turns, float(rng.random())
    if fault.kind == "imbalance":  # a turning force: the axes across the shaft a quarter turn apart
        size = ADDED_IMBALANCE * severity * (run.speed / NOMINAL_SPEED) ** 2
        lines = _lines(turns + start, {1.0: (1.0, 0.8, 0.1)}, (0.0, -0.25, 0.0))
        return np.asarray(size[:, None] * lines)
    if fault.kind == "misalignment":  # 2x across the shaft, 1x and 2x along it
        size = ADDED_MISALIGNMENT * severity * (0.5 + 0.5 * run.load)
        orders = {1.0: (0.0, 0.0, 0.7), 2.0: (1.0, 0.8, 0.8), 3.0: (0.3, 0.2, 0.2)}
        return np.asarray(size[:, None] * _lines(turns + start, orders, (0.0, 0.5, 0.1)))
    across = ADDED_LOOSENESS * severity * looseness(rng, turns[None, :])[0]
    return np.asarray(across[:, None] * np.array([0.5, 1.0, 0.2]))  # mostly up and down


def _lines(turns: Array, orders: dict[float, tuple[float, float, float]], phases: tuple[float, float, float]) -> Array:
    """Sines at orders of the shaft, each with an amplitude and, in turns, a phase an axis."""
    lines = [
        np.array(sizes) * np.sin(2 * np.pi * (order * turns[:, None] + np.array(phases)))
        for order, sizes in orders.items()
    ]
    return np.asarray(np.sum(lines, axis=0))


def _healthy(rng: np.random.Generator, run: Course, rate: float) -> Array:
    """A machine without faults: a rest of imbalance and misalignment, and noise of flow and friction."""
    samples = len(run.speed)
    start = rng.random(2)
    imbalance = IMBALANCE * (run.speed / NOMINAL_SPEED) ** 2
    once = imbalance[:, None] * _lines(run.turns + start[0], {1.0: (1.0, 0.8, 0.1)}, (0.0, -0.25, 0.0))
    twice = 0.25 * IMBALANCE * run.load
    pairs = twice[:, None] * _lines(run.turns + start[1], {2.0: (1.0, 0.8, 0.5)}, (0.0, 0.5, 0.1))
    flow = FLOW_NOISE * (run.speed / NOMINAL_SPEED) * (0.4 + 0.6 * run.load)
    kernel = _ring(np.arange(int(RING_S * rate)) / rate)
    noise = [np.convolve(flow * rng.standard_normal(samples), kernel)[:samples] for _ in AXES]
    return np.asarray(once + pairs + np.stack(noise, axis=1) * STRUCTURE)


def machine_waveform(
    seconds: float = 60.0,
    seed: int = 0,
    faults: Sequence[Fault] = (),
    operation: Operation | None = None,
    sample_rate: float = 12_000.0,
    bearing: Bearing = SKF_6205,
) -> Recording:
    """Makes raw samples of a machine and its accelerometer, 16 bits, +-16 g.

    Args:
        seconds: length.
        seed: the same seed gives the same bits on one version of NumPy.
        faults: what fails, of the machine and of its sensor.
        operation: how speed and load change; by default between three points.
        sample_rate: Hz, at least twice the housing's resonance of 3.3 kHz.
        bearing: its geometry.

    Returns:
        A recording whose frames are samples in g, columns x, y and z. labels are 1 while any fault is there, from its
        first trace on; truth has speed in Hz, load, and the severity of each fault by its kind.

    Raises:
        ValueError: an argument is out of its range.
    """
    samples = int(seconds * sample_rate)
    if samples < 2 or sample_rate < 2 * RESONANCE:
        raise ValueError("seconds must give some samples and sample_rate be at least 6600 Hz")
    ways = np.random.SeedSequence(seed).spawn(3 + len(faults))
    rngs = [np.random.default_rng(way) for way in ways]
    run = course(rngs[0], operation or Operation(), samples, sample_rate)
    signal = _healthy(rngs[1], run, sample_rate)
    for rng, fault in zip(rngs[3:], faults, strict=True):
        if fault.kind in BEARING_KINDS:
            signal += _blows(rng, fault, run, bearing, sample_rate)[:, None] * STRUCTURE
        elif fault.kind not in SENSOR_KINDS:
            signal += _rotor(rng, fault, run, sample_rate)
    signal = measure(rngs[2], signal * run.loudness[:, None])
    for rng, fault in zip(rngs[3:], faults, strict=True):
        disturb(rng, signal, fault, sample_rate)
    return _recording(seed, faults, run, signal, sample_rate)


def _recording(seed: int, faults: Sequence[Fault], run: Course, signal: Array, rate: float) -> Recording:
    time = np.arange(len(signal)) / rate
    truth = {"speed": run.speed, "load": run.load}
    for fault in faults:
        truth[fault.kind] = truth.get(fault.kind, np.zeros(len(signal))) + fault.at(time)
    hurt = np.sum([truth[fault.kind] for fault in faults], axis=0) if faults else np.zeros(len(signal))
    kinds = "-".join(fault.kind for fault in faults) or "healthy"
    return Recording(
        name=f"waveform-{kinds}-{seed}",
        frames=pd.DataFrame(signal, columns=list(AXES)),
        labels=(hurt > 0).astype(np.int8),
        frame_rate=rate,
        sample_rate=rate,
        truth=pd.DataFrame(truth),
        about={"faults": tuple(faults)},
    )
