"""Faults of a machine and of its sensor, for `machine_waveform`: what fails, when, how badly, how fast it grows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .bearing import FaultFrequencies

Array = npt.NDArray[np.float64]

BEARING_KINDS = ("outer", "inner", "ball", "cage")
ROTOR_KINDS = ("imbalance", "misalignment", "looseness")
SENSOR_KINDS = ("stuck", "dropout", "spikes", "saturation", "offset")
KINDS = (*BEARING_KINDS, *ROTOR_KINDS, *SENSOR_KINDS)
LEAST_SHARE = 1 / 64  # of the severity, where a growing fault begins


@dataclass(frozen=True)
class Fault:
    """One fault.

    Attributes:
        kind: of the bearing "outer" (BPFO), "inner" (BPFI), "ball" (2 BSF) or "cage" (FTF); of the rotor "imbalance",
            "misalignment" or "looseness"; of the sensor "stuck", "dropout", "spikes", "saturation" or "offset".
        onset: s.
        end: s; None is the recording's end.
        severity: 1 is plain to see: an impact of 2 g, an added imbalance of 0.4 g at nominal speed, 20 % of the samples
            lost, five spikes a second, a limit of 0.1 g, an offset of 0.5 g.
        growth: s in which it doubles, from 1/64 of the severity on; 0: it is as bad at once.
        axis: of a fault of the sensor; None is all of them.
    """

    kind: str
    onset: float = 0.0
    end: float | None = None
    severity: float = 1.0
    growth: float = 0.0
    axis: int | None = None

    def __post_init__(self) -> None:
        """Refuses what can't be."""
        if self.kind not in KINDS:
            raise ValueError(f"a fault must be one of {', '.join(KINDS)}, not {self.kind!r}")
        if self.onset < 0 or self.growth < 0 or self.severity <= 0 or (self.end is not None and self.end <= self.onset):
            raise ValueError("a fault must have a severity above 0, begin at 0 or later, and end after it began")

    def at(self, time: Array) -> Array:
        """Its severity at some instants, 0 while it is not there."""
        age = time - self.onset
        grown = np.ones_like(time)
        if self.growth > 0:
            grown = np.minimum(LEAST_SHARE * np.exp2(np.clip(age / self.growth, 0, 60)), 1.0)
        there = (age >= 0) & (time < (np.inf if self.end is None else self.end))
        return np.where(there, self.severity * grown, 0.0)


def strike_orders(kind: str, orders: FaultFrequencies) -> tuple[float, float]:
    """Impacts a turn of the shaft, and turns of the defect through the load zone a turn of the shaft.

    A defect of the outer race sits in the load zone; one of a ball strikes both races as the ball spins, while the cage
    carries it round; a cracked cage rubs once as it goes round.
    """
    return {
        "outer": (orders.outer, 0.0),
        "inner": (orders.inner, 1.0),
        "ball": (2 * orders.ball, orders.cage),
        "cage": (orders.cage, 0.0),
    }[kind]
