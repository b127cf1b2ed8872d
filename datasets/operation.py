"""How a synthetic machine runs: the course of its speed and load, sample by sample."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

GRID = 10.0  # Hz, of what wanders: machines don't change faster
WANDER_S = 2.0  # s over which speed and load forget where they were


@dataclass(frozen=True)
class Operation:
    """Operating points and what moves about them.

    Attributes:
        points: speed in Hz and load, 0 to 1, of each; a recording goes from one to another at random.
        dwell: s at one point, at least and at most.
        ramp: s from one point to the next.
        wander: standard deviation of the speed about its point, as a share; load wanders six times as much.
        drift: octaves by which all vibration is louder at the end of the recording than at its start, as in a warming
            machine; no fault.
    """

    points: tuple[tuple[float, float], ...] = ((24.0, 0.35), (30.0, 0.60), (34.0, 0.90))
    dwell: tuple[float, float] = (5.0, 15.0)
    ramp: float = 1.0
    wander: float = 0.003
    drift: float = 0.0

    def __post_init__(self) -> None:
        """Refuses what can't be."""
        if not self.points or any(speed <= 0 or not 0 <= load <= 1 for speed, load in self.points):
            raise ValueError("points must be some, with speeds above 0 and loads from 0 to 1")
        if not 0 < self.dwell[0] <= self.dwell[1] or self.ramp < 0 or self.wander < 0:
            raise ValueError("dwell must be two times above 0 in order; ramp and wander must not be negative")


STEADY = Operation(points=((30.0, 0.60),), wander=0.0)
"""One point that nothing moves about: lines in the spectrum are where formulas have them."""


@dataclass(frozen=True)
class Course:
    """Speed in Hz, load, turns of the shaft since the start, and loudness, of each sample."""

    speed: Array
    load: Array
    turns: Array
    loudness: Array


def _plan(rng: np.random.Generator, operation: Operation, seconds: float) -> tuple[Array, Array]:
    """Times, and the operating point held from each of them on: never the same one twice in a row."""
    times, points = [0.0], [int(rng.integers(len(operation.points)))]
    while len(operation.points) > 1 and times[-1] < seconds:
        times.append(times[-1] + float(rng.uniform(*operation.dwell)))
        points.append((points[-1] + int(rng.integers(1, len(operation.points)))) % len(operation.points))
    return np.array(times), np.array([operation.points[point] for point in points])


def _wander(rng: np.random.Generator, count: int) -> Array:
    """A first-order autoregressive process of unit variance on the grid."""
    memory = np.exp(-1 / (GRID * WANDER_S))
    value, out = float(rng.standard_normal()), np.empty(count)
    for index, step in enumerate(rng.standard_normal(count) * np.sqrt(1 - memory**2)):
        value = memory * value + step
        out[index] = value
    return out


def course(rng: np.random.Generator, operation: Operation, samples: int, rate: float) -> Course:
    """The course of a recording."""
    time = np.arange(samples) / rate
    starts, points = _plan(rng, operation, samples / rate)
    ends = np.repeat(starts, 2)[1:]  # a point is held until the next begins; then the ramp
    ends[1::2] += operation.ramp
    held = np.repeat(points, 2, axis=0)[:-1]
    grid = np.arange(int(samples / rate * GRID) + 2) / GRID
    wandering = [np.interp(time, grid, _wander(rng, len(grid))) for _ in range(2)]
    speed = np.interp(time, ends, held[:, 0]) * (1 + operation.wander * wandering[0])
    load = np.clip(np.interp(time, ends, held[:, 1]) * (1 + 6 * operation.wander * wandering[1]), 0.0, 1.0)
    loudness = np.exp2(operation.drift * np.arange(samples) / max(samples - 1, 1))
    return Course(speed, load, np.concatenate([[0.0], np.cumsum(speed[:-1])]) / rate, loudness)
