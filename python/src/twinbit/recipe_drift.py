"""The parts of a recipe that tell when normal moves: drift detectors, which stand behind the decision."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias, get_args

from twinbit.errors import RecipeError
from twinbit.recipe_fields import Q16, Q31, Part, Word, in_words, of_words, word
from twinbit.recipe_ranges import within

__all__ = [
    "DRIFTS",
    "DRIFT_STAGES",
    "KS",
    "MOST_DRIFTS",
    "SCORE_UNIT",
    "Adwin",
    "CentroidDrift",
    "DriftKind",
    "DriftPart",
    "Mode",
    "PageHinkley",
    "drift_of",
    "drift_stage",
    "drift_words",
]

MOST_DRIFTS = 4
SCORE_UNIT = 16
MOST = 2**31 - 1
MAX_FRAMES = 1048576

Mode = Literal["both", "up", "down"]
DriftKind = Literal["page_hinkley", "adwin", "ks", "centroid"]


@dataclass(frozen=True)
class InUnit(Word):
    """A word in the unit of what is watched, or finer by some bits: raw = floor(x 2^(unit + bits) + 1/2)."""

    bits: int = 0

    def to_raw(self, name: str, value: float, unit: int) -> int:
        """The word. A value above 0 never becomes 0."""
        raw, most = math.floor(math.ldexp(value, unit + self.bits) + 0.5), math.ldexp(MOST, -unit - self.bits)
        if raw > MOST:
            raise RecipeError(f"recipe: {name} = {value} is out of range for unit = {unit}; use 0 to {most:g}")
        return max(raw, 1) if value > 0 else raw


@dataclass(frozen=True)
class Fading(Word):
    """A share that is left, as the Q0.31 of what is not."""

    def encode(self, value: Any) -> int:
        """The word of a share."""
        raw = math.floor((1.0 - float(value)) * Q31 + 0.5)
        return min(raw, MOST)

    def decode(self, number: int) -> Any:
        """The share of a word."""
        return 1.0 - number / Q31


def _unit() -> Any:
    return word(SCORE_UNIT, -24, 24)


def _in_unit(default: float, bits: int = 0) -> Any:
    return field(default=default, metadata={"word": InUnit(0.0, 2.0**55, bits=bits)})


@dataclass(frozen=True, kw_only=True)
class PageHinkley(Part):
    """Page-Hinkley's test: the sum of deviations from the running mean leaves its extreme by more than a threshold.

    Attributes:
        unit: counts in one unit of the value, as a power of two, -24 to 24; in a recipe 16, that of scores.
        threshold: sum of deviations, in units of the value times frames.
        delta: deviation that does not count, in units of the value.
        alpha: what is left of the sum from frame to frame, above 0 up to 1. Below 1 the sum rests where noise alone
            passes any threshold now and then.
        min_instances: frames before a drift is told, 1 to 2^29.
        mode: ``both``, ``up`` or ``down``: which way a drift goes.
    """

    unit: int = _unit()
    threshold: float = _in_unit(20.0)
    delta: float = _in_unit(0.25, bits=8)
    alpha: float = field(default=1.0, metadata={"word": Fading(2.0**-31, 1.0)})
    min_instances: int = word(30, 1, 2**29, time="frames")
    mode: Mode = word("up", choices=get_args(Mode))

    def __post_init__(self) -> None:
        super().__post_init__()
        drift_words(self)  # what is in the unit has a range of its own


@dataclass(frozen=True, kw_only=True)
class Adwin(Part):
    """ADWIN: a window that is cut where two parts of it have different means.

    Attributes:
        unit: counts in one unit of the value, as a power of two, -24 to 24; in a recipe 16, that of scores.
        rows: of buckets, each of twice as many frames as those of the row before, 1 to 15.
        max_buckets: of one length that are kept, 2 to 8; the window has up to max_buckets (2^rows - 1) frames.
        delta: confidence: a false cut is rarer than this, above 0 to 1.
        clock: frames from look to look, 1 to 1000000.
        min_window_length: frames that each part has at least, 1 to 1000000.
        grace_period: frames that a window has at least before it is looked at, 0 to 1000000.
        reset: begin anew after a drift, instead of dropping the oldest buckets only.
    """

    unit: int = _unit()
    rows: int = word(12, 1, 15)
    max_buckets: int = word(5, 2, 8)
    delta: float = word(0.002, 2.0**-31, 1.0, Q31)
    clock: int = word(32, 1, 1000000, time="frames")
    min_window_length: int = word(5, 1, 1000000, time="frames")
    grace_period: int = word(10, 0, 1000000, time="frames")
    reset: bool = word(True)


@dataclass(frozen=True, kw_only=True)
class KS(Part):
    """Kolmogorov and Smirnov's test between the newest frames of a window and those before them.

    Attributes:
        unit: counts in one unit of the value, as a power of two, -24 to 24; in a recipe 16, that of scores.
        window_size: frames that are kept, 2 to 1024.
        stat_size: the newest of them, which are compared with the others, 1 to window_size - 1.
        alpha: probability of a false alarm in one test, above 0 to 1. It holds for scores that are independent of
            each other.
    """

    unit: int = _unit()
    window_size: int = word(300, 2, 1024, time="frames")
    stat_size: int = word(100, 1, 1023, time="frames")
    alpha: float = word(1e-5, 2.0**-31, 1.0, Q31)

    def __post_init__(self) -> None:
        super().__post_init__()
        within("stat_size", self.stat_size, 1, self.window_size - 1)


@dataclass(frozen=True, kw_only=True)
class CentroidDrift(Part):
    """Distance of recent frames' centroids from those that were learned, mode by mode (Yamada and Matsutani).

    Watches the frame, not its score: every feature counts.

    It learns the centroids from the first frames that it is given, in a monitor those that the detector learns; after a
    drift it learns anew.

    Attributes:
        modes: most operating modes, 1 to 32.
        windows: recent centroids of each mode, staggered, 1 to 8.
        window: frames of a mode that a recent centroid is the mean of, 2 to 4096.
        learning: frames that modes, centroids and spreads are learned from, 2 to 65536; 0: those of the detector.
        calibrating: frames after those whose windows make the threshold, 2 to 65536, over all modes; more keep to the
            rate better. Nothing is told before.
        rate: false drifts a frame on normal data, above 0 to 1.
        margin: octaves on top of the threshold that gives this rate, 0 to 16.
        seed: of the windows that are drawn while calibrating.
    """

    modes: int = word(8, 1, 32)
    windows: int = word(2, 1, 8)
    window: int = word(16, 2, 4096, time="frames")
    learning: int = word(0, 2, 65536, also=0, time="frames")
    calibrating: int = word(600, 2, 65536, time="frames")
    rate: float = word(1e-5, 2.0**-31, 1.0, Q31)
    margin: float = word(0.5, 0.0, 16.0, Q16)
    seed: int = word(1, -(2**31), 2**31 - 1)

    def beside(self, learning: int) -> CentroidDrift:
        """With a number of learning frames: where it is 0, as many as the detector takes, as far as that goes."""
        return replace(self, learning=self.learning or min(max(learning, 2), 65536))


DriftPart: TypeAlias = PageHinkley | Adwin | KS | CentroidDrift

DRIFTS: dict[str, type[DriftPart]] = {
    "page_hinkley": PageHinkley,
    "adwin": Adwin,
    "ks": KS,
    "centroid": CentroidDrift,
}
"""Drift detectors by the name that they have in TOML; C symbols are tb_ and this name."""

DRIFT_STAGES = {64: "page_hinkley", 65: "adwin", 66: "ks", 67: "centroid"}
"""Drift detectors by the number of their stage."""


def drift_stage(part: DriftPart) -> int:
    """The number of a drift detector's stage.

    >>> drift_stage(KS())
    66
    """
    return next(stage for stage, name in DRIFT_STAGES.items() if type(part) is DRIFTS[name])


def drift_words(part: DriftPart) -> list[int]:
    """The words of a drift detector.

    >>> drift_words(KS(window_size=60, stat_size=20, alpha=0.005))
    [16, 60, 20, 10737418]
    """
    words = []
    for name, how in in_words(type(part)):
        value = getattr(part, name)
        words.append(
            how.to_raw(name, value, getattr(part, "unit", 0)) if isinstance(how, InUnit) else how.encode(value)
        )
    return words


def drift_of(stage: int, words: Iterator[int]) -> DriftPart:
    """A drift detector from the number of its stage and its words, which the core has checked.

    >>> drift_of(66, iter([16, 60, 20, 2**30]))
    KS(unit=16, window_size=60, stat_size=20, alpha=0.5)
    """
    kind: Any = DRIFTS[DRIFT_STAGES[stage]]
    made = of_words(kind, words)
    for name, how in in_words(kind):
        if isinstance(how, InUnit):
            made[name] = math.ldexp(made[name], -made["unit"] - how.bits)
    part: DriftPart = kind(**made)
    return part
