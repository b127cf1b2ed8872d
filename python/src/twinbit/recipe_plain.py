"""Detectors of a few numbers each, whose fields are their words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from twinbit.recipe_fields import Q16, Q31, Part, scaled, word

__all__ = ["Adapt", "Boxes", "Covariance", "Deviation", "Distance", "Seasonal", "Univariate"]

Covariance = Literal["diagonal", "shared"]
Adapt = Literal["never", "calm", "always"]
MAX_FRAMES = 1048576


@dataclass(frozen=True)
class Deviation(Part):
    """Each channel's running average against its own drift-inflated scale; the largest of all channels counts.

    For slow process data. Takes channels as they come: no scaler before it.

    Attributes:
        smoothing: weight of the newest frame in a channel's running average, above 0 up to 1.
        settle: first frames whose average is not counted, 0 to 65535.
        rate: share by which the mean follows frames that raise no alarm, 0 to 1.
    """

    smoothing: float = word(0.1, 2.0**-31, 1.0, Q31, time="weight")
    settle: int = word(30, 0, 65535, time="frames")
    rate: float = word(0.01, 0.0, 1.0, Q31, time="weight")


@dataclass(frozen=True)
class Distance(Part):
    """Squared distance from the nearest mode's mean, each feature in units of that mode's own deviation.

    Attributes:
        modes: most operating modes, 1 to 16, found while learning.
        kind: ``diagonal``, or one covariance ``shared`` by all modes (up to 256 features).
        shrinkage: of the shared covariance toward its diagonal, 0 to 1.
        rate: share by which a mode's mean follows frames that raise no alarm, 0 to 1.
        few: frames below which a mode is not judged by, 1 to 65536.
    """

    modes: int = word(1, 1, 16)
    kind: Covariance = word("diagonal", choices=get_args(Covariance))
    shrinkage: float = word(0.1, 0.0, 1.0, Q16)
    rate: float = word(0.0, 0.0, 1.0, Q31, time="weight")
    few: int = word(20, 1, 65536)


@dataclass(frozen=True)
class Boxes(Part):
    """A codebook of boxes, as in adaptive resonance: how far a frame lies outside the nearest one.

    Takes channels as they come: no scaler before it. 1 to 32 features.

    Attributes:
        boxes: 1 to 256.
        side: mean side up to which a box grows, in shares of each feature's range, 2^-16 to 8.
        average: frames over which novelty is averaged.
        adapt: after learning, boxes ``never`` move, with ``calm`` frames (those without an alarm), or ``always``.
    """

    boxes: int = word(64, 1, 256)
    side: float = word(0.2, 2.0**-16, 8.0, Q16)
    average: int = word(6, 1, MAX_FRAMES, time="frames")
    adapt: Adapt = word("always", choices=get_args(Adapt))


@dataclass(frozen=True)
class Seasonal(Part):
    """Deviation from what is usual at this time of day, for 1 to 32 channels. Takes them as they come: no scaler.

    With more than one bin the input has a phase: the time of day.

    Attributes:
        bins: times of day that are told apart, 1 to 96.
        level: frames over which the level is averaged.
        bin: frames of its own over which a bin's offset and spread are averaged.
        spread: frames over which the spread of all bins is averaged.
        share: of the bin's own spread in what a deviation is judged by, 0 to 1.
        average: frames over which the judged deviation is averaged.
    """

    bins: int = word(24, 1, 96)
    level: int = word(500, 1, MAX_FRAMES, time="frames")
    bin: int = word(60, 1, MAX_FRAMES)
    spread: int = word(4000, 1, MAX_FRAMES, time="frames")
    share: float = word(0.75, 0.0, 1.0, Q16)
    average: int = word(24, 1, MAX_FRAMES, time="frames")

    def at(self, factor: float) -> Seasonal:
        """For frames that come so many times as often, as far as that is wise."""
        return scaled(self, factor, level=30, spread=30)


@dataclass(frozen=True)
class Univariate(Part):
    """One channel judged in three ways whose rarities are added: time of day, course of the value, course of both.

    Takes the channel as it comes: no scaler. With more than one bin the input has a phase: the time of day.

    Attributes:
        bins: times of day that are told apart, 1 to 96.
        boxes: of each of the two codebooks, 1 to 256.
        level: frames over which the level is averaged.
        bin: frames of its own over which a bin's offset and spread are averaged.
        spread: frames over which the spread of all bins is averaged.
        share: of the bin's own spread in what a deviation is judged by, 0 to 1.
        average: frames over which the judged deviation is averaged.
        fast: frames of the shortest average of the value that the codebooks see.
        middle: frames of the middle one.
        slow: frames of the longest one.
        fast_z: frames of the shorter average of the judged deviation that a codebook sees.
        slow_z: frames of the longer one.
        novelty: frames over which novelty is averaged.
        side: mean side up to which a box grows, in shares of each feature's range, 2^-16 to 8.
        scale: side that one judged deviation has in a box, 0 to 0.25.
        forget: frames after which counts of rarity halve; 0: never.
    """

    bins: int = word(16, 1, 96)
    boxes: int = word(64, 1, 256)
    level: int = word(700, 1, MAX_FRAMES, time="frames")
    bin: int = word(60, 1, MAX_FRAMES)
    spread: int = word(4000, 1, MAX_FRAMES, time="frames")
    share: float = word(0.8, 0.0, 1.0, Q16)
    average: int = word(24, 1, MAX_FRAMES)
    fast: int = word(2, 1, MAX_FRAMES, time="frames")
    middle: int = word(8, 1, MAX_FRAMES, time="frames")
    slow: int = word(120, 1, MAX_FRAMES, time="frames")
    fast_z: int = word(2, 1, MAX_FRAMES, time="frames")
    slow_z: int = word(10, 1, MAX_FRAMES, time="frames")
    novelty: int = word(6, 1, MAX_FRAMES)
    side: float = word(0.15, 2.0**-16, 8.0, Q16)
    scale: float = word(0.04, 0.0, 0.25, Q16)
    forget: int = word(8000, 1, MAX_FRAMES, also=0, time="frames")

    def at(self, factor: float) -> Univariate:
        """For frames that come so many times as often, as far as that is wise."""
        small = {"fast": 2, "middle": 2, "slow": 2, "fast_z": 2, "slow_z": 2}
        return scaled(self, factor, level=30, spread=30, forget=500, **small)
