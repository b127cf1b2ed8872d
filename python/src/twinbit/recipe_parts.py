"""The parts of a recipe: input, scaler, decision, and the detectors by name. Each checks its own ranges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from twinbit.errors import RecipeError
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
from twinbit.recipe_ranges import within

__all__ = [
    "ELM",
    "Activation",
    "Arithmetic",
    "Autoencoder",
    "Bank",
    "Channel",
    "Decision",
    "DetectorPart",
    "Inner",
    "Input",
    "KMeans",
    "Layer",
    "Mahalanobis",
    "Missing",
    "Scaler",
    "Subspace",
    "within",
]

Arithmetic = Literal["f32", "q15", "q31"]
Missing = Literal["refuse", "hold", "skip"]

MAX_SCALING, MAX_LEARNING, MIN_CALIBRATING, MAX_CALIBRATING = 32768, 2**31 - 1, 10, 65535


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
class Decision:
    """From scores to alarms.

    Attributes:
        scaling: frames that the scaler learns from, 0 to 32768.
        learning: frames that the detector learns from; 0 where they are still to be chosen.
        calibrating: frames whose scores give the threshold, 10 to 65535; 0 where they are still to be chosen.
        shares: how a learning part is shared out to these three.
        smoothing: weight of the newest score in the running mean, above 0 up to 1; 1 smooths nothing.
        false_alarm_rate: share of normal frames, up to 0.5, whose smoothed score is above the threshold less margin.
        margin: octaves added to the threshold.
        k: frames over the threshold ...
        n: ... among the last n, 1 to 32, that set the alarm on.
        hysteresis: octaves below the threshold that end an alarm.
        hold: seconds that an alarm lasts at least; needs frames with their time.
        gap: a pause longer than this many seconds restarts smoothing and k of n; 0: never.
    """

    scaling: int = 0
    learning: int = 0
    calibrating: int = 0
    shares: tuple[float, float, float] = (0.15, 0.6, 0.25)
    smoothing: float = 0.1
    false_alarm_rate: float = 0.01
    margin: float = 0.0
    k: int = 1
    n: int = 1
    hysteresis: float = 0.0
    hold: float = 0.0
    gap: float = 0.0

    def __post_init__(self) -> None:
        within("scaling", self.scaling, 0, MAX_SCALING)
        within("learning", self.learning, 0, MAX_LEARNING)
        if self.calibrating or self.learning:
            within("calibrating", self.calibrating, MIN_CALIBRATING, MAX_CALIBRATING)
        if len(self.shares) != 3 or min(self.shares) < 0 or abs(sum(self.shares) - 1) > 1e-6:
            raise RecipeError(f"recipe: shares = {self.shares} must be three numbers from 0 to 1 that add up to 1")
        within("smoothing", self.smoothing, 2.0**-31, 1.0)
        within("false_alarm_rate", self.false_alarm_rate, 2.0**-31, 0.5 - 2.0**-31)
        within("margin", self.margin, 0.0, 24.0)
        within("n", self.n, 1, 32)
        within("k", self.k, 1, self.n)
        within("hysteresis", self.hysteresis, 0.0, 24.0)
        within("hold", self.hold, 0.0, 2147483.0)
        within("gap", self.gap, 0.0, 2147483.0)

    @property
    def frames(self) -> int:
        """Frames before monitoring begins."""
        return self.scaling + self.learning + self.calibrating

    def with_frames(self, frames: int, scaler: bool) -> Decision:
        """The same decision with a learning part of so many frames, shared out by `shares`.

        Without a scaler its share goes to the detector. Scaling takes 32,768 frames at most, calibrating 65,535;
        what is left over goes to the detector, too.

        >>> d = Decision(shares=(0.25, 0.5, 0.25)).with_frames(400, scaler=True)
        >>> d.scaling, d.learning, d.calibrating
        (100, 200, 100)
        """
        least = MIN_CALIBRATING + (2 if scaler else 1)
        if frames < least:
            raise RecipeError(f"recipe: a learning part of {frames} frames is too short; use {least} or more")
        most = min(MAX_CALIBRATING, frames - (2 if scaler else 1))
        calibrating = min(max(round(frames * self.shares[2]), MIN_CALIBRATING), most)
        scaling = min(max(round(frames * self.shares[0]), 1), frames - calibrating - 1, MAX_SCALING) if scaler else 0
        learning = frames - calibrating - scaling
        return replace(self, scaling=scaling, learning=learning, calibrating=calibrating)


def channel_names(count: int, names: Sequence[str] | None = None) -> tuple[str, ...]:
    """Names for so many channels: the given ones, else x0, x1, ..."""
    return tuple(names) if names else tuple(f"x{i}" for i in range(count))
