"""Rolling bearings: the frequencies at which a local defect strikes.

With n rolling elements of diameter d on a pitch circle of diameter D, contact angle a, outer race fixed, and no slip
(Randall and Antoni 2011, eq. 1 to 4), in multiples of the shaft's rotation:

    BPFO = n/2 (1 - d/D cos a)              an element passes a defect on the outer race
    BPFI = n/2 (1 + d/D cos a)              ... on the inner race
    FTF  = 1/2 (1 - d/D cos a)              the cage goes round
    BSF  = D/(2d) (1 - (d/D cos a)^2)       an element spins; its defect strikes both races, so at 2 BSF

Randall, R. B. and Antoni, J.: Rolling element bearing diagnostics - a tutorial. Mechanical Systems and Signal
Processing 25 (2011) 485-520.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class FaultFrequencies:
    """Defect frequencies in multiples of the shaft's rotation."""

    outer: float
    inner: float
    ball: float
    cage: float


@dataclass(frozen=True)
class Bearing:
    """Geometry of a rolling bearing: number of elements, two diameters in mm, contact angle in degrees."""

    elements: int
    element_diameter: float
    pitch_diameter: float
    contact_angle: float = 0.0

    def __post_init__(self) -> None:
        """Refuses a geometry that can't turn."""
        if self.elements < 1 or not 0 < self.element_diameter < self.pitch_diameter:
            raise ValueError("a bearing needs elements that are smaller than their pitch circle")

    def frequencies(self) -> FaultFrequencies:
        """Defect frequencies without slip, in multiples of the shaft's rotation."""
        ratio = self.element_diameter / self.pitch_diameter * math.cos(math.radians(self.contact_angle))
        return FaultFrequencies(
            outer=self.elements / 2 * (1 - ratio),
            inner=self.elements / 2 * (1 + ratio),
            ball=self.pitch_diameter / (2 * self.element_diameter) * (1 - ratio**2),
            cage=(1 - ratio) / 2,
        )


SKF_6205 = Bearing(elements=9, element_diameter=7.94, pitch_diameter=39.04)
"""The deep-groove ball bearing of many test rigs (dimensions as the Case Western Reserve bearing centre gives them)."""
