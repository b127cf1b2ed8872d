"""The parts of a recipe: input and scaler, and all others by name. Each checks its own ranges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from twinbit.errors import RecipeError
from twinbit.recipe_alarm import MAX_CALIBRATING, MAX_LEARNING, MAX_SCALING, Decision, Steady, Tail
from twinbit.recipe_detectors import (
    ELM,
    Activation,
    Autoencoder,
    Bank,
    DetectorPart,
    Inner,
    KMeans,
    Layer,
    Mahalanobis,
    Subspace,
)
from twinbit.recipe_drift import KS, Adwin, CentroidDrift, DriftPart, PageHinkley
from twinbit.recipe_fields import Part, word
from twinbit.recipe_plain import Boxes, Deviation, Distance, Seasonal, Univariate
from twinbit.recipe_policy import Policy
from twinbit.recipe_ranges import within
from twinbit.recipe_signal import Bands, Envelope, Framer, Lags, Octaves, TimeFeatures

__all__ = [
    "ELM",
    "KS",
    "MAX_CALIBRATING",
    "MAX_LEARNING",
    "MAX_SCALING",
    "Activation",
    "Adwin",
    "Arithmetic",
    "Autoencoder",
    "Bands",
    "Bank",
    "Boxes",
    "Centre",
    "CentroidDrift",
    "Channel",
    "Decision",
    "DetectorPart",
    "Deviation",
    "Distance",
    "DriftPart",
    "Envelope",
    "Framer",
    "Inner",
    "Input",
    "KMeans",
    "Lags",
    "Layer",
    "Mahalanobis",
    "Missing",
    "Octaves",
    "PageHinkley",
    "Policy",
    "Scaler",
    "Seasonal",
    "Steady",
    "Subspace",
    "Tail",
    "TimeFeatures",
    "Univariate",
    "within",
]

Arithmetic = Literal["f32", "q15", "q31"]
Missing = Literal["refuse", "hold", "skip"]


@dataclass(frozen=True)
class Channel:
    """How one channel's values become raw numbers: raw = half_up((x * 2^unit - offset) * 2^shift), 24 bits.

    Attributes:
        name: for people; not part of the binary recipe.
        offset: in counts, about the middle of what the sensor gives.
        shift: power of two applied to counts less their offset, -24 to 8.
        unit: counts in one engineering unit, as a power of two, -24 to 24. Only float input uses it.
    """

    name: str
    offset: int = 0
    shift: int = 0
    unit: int = 0

    def __post_init__(self) -> None:
        within(f"offset of channel {self.name!r}", self.offset, -(2**31), 2**31 - 1)
        within(f"shift of channel {self.name!r}", self.shift, -24, 8)
        within(f"unit of channel {self.name!r}", self.unit, -24, 24)


@dataclass(frozen=True)
class Input:
    """The channels of a frame, and what a missing value (NaN) does.

    Attributes:
        channels: 1 to 4096 of them; none yet in a recipe that still has to be fitted to data.
        missing: ``refuse`` raises, ``hold`` takes the channel's last value, ``skip`` leaves the frame out.
        phase: adds sine and cosine of the frame's phase as 2 features.
    """

    channels: tuple[Channel, ...] = ()
    missing: Missing = "refuse"
    phase: bool = False

    def __post_init__(self) -> None:
        within("number of channels", len(self.channels), 0, 4096)
        if self.missing not in ("refuse", "hold", "skip"):
            raise RecipeError(f"recipe: missing = {self.missing!r} is not known; use refuse, hold or skip")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the channels, in order."""
        return tuple(channel.name for channel in self.channels)

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the features: the channels, then cosine and sine of the phase if it is used."""
        return self.names + (("cos(phase)", "sin(phase)") if self.phase else ())


@dataclass(frozen=True)
class Scaler:
    """Standardises each feature by mean and deviation of the scaling frames, and limits it to ±8."""


@dataclass(frozen=True)
class Centre(Part):
    """Takes the mean of the scaling frames off each feature and keeps its unit: for octaves, which have one already.

    Attributes:
        gain: octaves by which a feature is made larger (or smaller) before it is limited to ±8, -8 to 8.
    """

    gain: int = word(0, -8, 8)


def channel_names(count: int, names: Sequence[str] | None = None) -> tuple[str, ...]:
    """Names for so many channels: the given ones, else x0, x1, ..."""
    return tuple(names) if names else tuple(f"x{i}" for i in range(count))
