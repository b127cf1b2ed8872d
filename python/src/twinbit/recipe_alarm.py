"""The parts of a recipe that turn scores into alarms: tail, and the two kinds of decision."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TypeVar

from twinbit.errors import RecipeError
from twinbit.recipe_fields import Q16, Part, in_words, scaled, word
from twinbit.recipe_ranges import within

__all__ = ["MAX_CALIBRATING", "MAX_LEARNING", "MAX_SCALING", "MIN_CALIBRATING", "Decision", "Phases", "Steady", "Tail"]

MAX_SCALING, MAX_LEARNING, MIN_CALIBRATING, MAX_CALIBRATING = 32768, 2**31 - 1, 10, 65535
MAX_FRAMES = 1048575

Kind = TypeVar("Kind", bound="Phases")


@dataclass(frozen=True)
class Phases:
    """What all decisions have: frames before monitoring begins, and the smoothing of scores.

    Attributes:
        scaling: frames that the scaler learns from, 0 to 32768.
        learning: frames that the detector learns from; 0 where they are still to be chosen.
        calibrating: frames whose scores are counted before monitoring begins; 0 where they are still to be chosen.
        shares: how a learning part is shared out to these three.
        smoothing: weight of the newest score in the running mean, above 0 up to 1; 1 smooths nothing.
    """

    scaling: int = 0
    learning: int = 0
    calibrating: int = 0
    shares: tuple[float, float, float] = (0.15, 0.6, 0.25)
    smoothing: float = 0.1

    def __post_init__(self) -> None:
        within("scaling", self.scaling, 0, MAX_SCALING)
        within("learning", self.learning, 0, MAX_LEARNING)
        if self.calibrating or self.learning:
            within("calibrating", self.calibrating, self.least_calibrating, MAX_CALIBRATING)
        if len(self.shares) != 3 or min(self.shares) < 0 or abs(sum(self.shares) - 1) > 1e-6:
            raise RecipeError(f"recipe: shares = {self.shares} must be three numbers from 0 to 1 that add up to 1")
        within("smoothing", self.smoothing, 2.0**-31, 1.0)

    @property
    def least_calibrating(self) -> int:
        """The fewest calibrating frames."""
        return MIN_CALIBRATING

    @property
    def frames(self) -> int:
        """Frames before monitoring begins."""
        return self.scaling + self.learning + self.calibrating

    def with_frames(self: Kind, frames: int, scaler: bool) -> Kind:
        """The same decision with a learning part of so many frames, shared out by `shares`.

        Without a scaler its share goes to the detector. Scaling takes 32,768 frames at most, calibrating 65,535;
        what is left over goes to the detector, too.

        >>> d = Decision(shares=(0.25, 0.5, 0.25)).with_frames(400, scaler=True)
        >>> d.scaling, d.learning, d.calibrating
        (100, 200, 100)
        """
        least = self.least_calibrating + (2 if scaler else 1)
        if frames < least:
            raise RecipeError(f"recipe: a learning part of {frames} frames is too short; use {least} or more")
        most = min(MAX_CALIBRATING, frames - (2 if scaler else 1))
        calibrating = min(max(round(frames * self.shares[2]), self.least_calibrating), most)
        scaling = min(max(round(frames * self.shares[0]), 1), frames - calibrating - 1, MAX_SCALING) if scaler else 0
        learning = frames - calibrating - scaling
        return replace(self, scaling=scaling, learning=learning, calibrating=calibrating)


@dataclass(frozen=True)
class Decision(Phases):
    """From scores to alarms, by a threshold that the calibrating frames give.

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

    false_alarm_rate: float = 0.01
    margin: float = 0.0
    k: int = 1
    n: int = 1
    hysteresis: float = 0.0
    hold: float = 0.0
    gap: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        within("false_alarm_rate", self.false_alarm_rate, 2.0**-31, 0.5 - 2.0**-31)
        within("margin", self.margin, 0.0, 24.0)
        within("n", self.n, 1, 32)
        within("k", self.k, 1, self.n)
        within("hysteresis", self.hysteresis, 0.0, 24.0)
        within("hold", self.hold, 0.0, 2147483.0)
        within("gap", self.gap, 0.0, 2147483.0)


@dataclass(frozen=True)
class Steady(Phases, Part):
    """From scores to alarms, by a threshold that stands in the recipe: for scores that say how rare a frame is.

    Attributes:
        scaling: frames that the scaler learns from, 0 to 32768.
        learning: frames that the detector learns from; 0 where they are still to be chosen.
        calibrating: frames after that without alarms, 1 to 65535.
        shares: how a learning part is shared out to these three.
        smoothing: weight of the newest score in the running mean, above 0 up to 1; 1 smooths nothing.
        threshold: octaves, above 0 to 64.
        hold: frames from the beginning of an alarm to the next one, 1 to 1048575; it lasts one less.
        raised: octaves, 0 to 24, by which each alarm raises the threshold ...
        decay: ... which goes down again over so many frames, 1 to 1048575.
    """

    threshold: float = word(10.25, 2.0**-16, 64.0, Q16)
    hold: int = word(100, 1, MAX_FRAMES, time="frames")
    raised: float = word(1.0, 0.0, 24.0, Q16)
    decay: int = word(2000, 1, MAX_FRAMES, time="frames")

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, how in in_words(type(self)):
            how.check(name, getattr(self, name))

    @property
    def least_calibrating(self) -> int:
        """The fewest calibrating frames."""
        return 1

    def at(self, factor: float) -> Steady:
        """For frames that come so many times as often, as far as that is wise.

        What is as rare in time is rarer by log2(factor) octaves among more frames, and the threshold with it.
        """
        threshold = min(max(self.threshold + math.log2(factor), 1.0), 64.0)
        return replace(scaled(self, factor, hold=20, decay=100), threshold=threshold)


@dataclass(frozen=True)
class Tail(Part):
    """How rare a score is among all that came before: -log2 of the share of scores as high, kept up to date.

    Attributes:
        forget: frames after which counts halve, 1 to 1048575; 0: never.
    """

    forget: int = word(8000, 1, MAX_FRAMES, also=0, time="frames")

    def at(self, factor: float) -> Tail:
        """For frames that come so many times as often, as far as that is wise."""
        return scaled(self, factor, forget=500)
