"""The parts of a recipe that make features of a window's samples, and other features of features."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, get_args

from twinbit.errors import RecipeError
from twinbit.recipe_bands import Bands, Envelope, transform_sizes
from twinbit.recipe_fields import Part, part_words, read_part, word
from twinbit.recipe_framer import Framer
from twinbit.recipe_ranges import one_of, within

__all__ = [
    "STATISTICS",
    "Bands",
    "Envelope",
    "Extractor",
    "Framer",
    "Lags",
    "Octaves",
    "Statistic",
    "TimeFeatures",
    "Transform",
]

Statistic = Literal[
    "mean", "slope", "rms", "peak", "crest", "kurtosis", "skewness", "crossings",
    "shape", "clearance", "impulse", "difference", "mobility",
]  # fmt: skip
STATISTICS: tuple[Statistic, ...] = get_args(Statistic)


@dataclass(frozen=True)
class TimeFeatures(Part):
    """Figures of a window's samples, in octaves unless said otherwise.

    ``mean`` and ``slope`` (later half less earlier half) are in the input's unit; ``rms``, ``peak``, ``crest``,
    ``kurtosis``, ``shape``, ``clearance``, ``impulse``, ``difference`` (RMS of the steps from sample to sample) and
    ``mobility`` (that over RMS) in octaves; ``skewness`` and ``crossings`` (of zero, a share) are plain numbers.

    Attributes:
        of: which figures; they come in the order of the list above, whatever the order here.
        fused: the mean over all axes instead of a figure for each.
    """

    of: tuple[Statistic, ...] = ("rms", "crest", "kurtosis", "difference")
    fused: bool = False

    def __post_init__(self) -> None:
        if not self.of:
            raise RecipeError(f"recipe: time features need at least one of {', '.join(STATISTICS)}")
        for name in self.of:
            one_of("time feature", name, STATISTICS)
        object.__setattr__(self, "of", tuple(name for name in STATISTICS if name in self.of))

    def words(self, framer: Framer) -> list[int]:
        """The words of the part: capi/RECIPE.md, time. The framer makes no difference."""
        return [sum(1 << STATISTICS.index(name) for name in self.of), int(self.fused)]

    @classmethod
    def of_words(cls, words: Iterator[int], framer: Framer) -> TimeFeatures:
        """The part from its words."""
        mask, fused = next(words), next(words)
        return cls(tuple(name for i, name in enumerate(STATISTICS) if mask >> i & 1), bool(fused))

    def names(self, axes: Sequence[str], framer: Framer) -> tuple[str, ...]:
        """Names of the features, in order."""
        return tuple(f"{axis} {name}" for axis in framer.per_axis(axes, self.fused) for name in self.of)


MAX_LAGGED = 65536
"""Numbers that lags remember."""


@dataclass(frozen=True)
class Lags(Part):
    """A frame's features together with those of frames before it, for slow data whose course matters.

    Attributes:
        lags: how many frames back in time, 1 to 16.
        step: frames from one to the next, 1 to 1024; no more than 1024 frames in all.
        now: the frame's own features.
        lagged: those of the frames before.
        differences: what the frame's are less those of the frames before.
    """

    lags: int = word(1, 1, 16)
    step: int = word(1, 1, 1024)
    now: bool = True
    lagged: bool = False
    differences: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        within("lags times step", self.lags * self.step, 1, 1024)
        if not (self.now or self.lagged or self.differences):
            raise RecipeError("recipe: lags give nothing without now, lagged or differences; set one of them")

    def words(self) -> list[int]:
        """The words of the part: capi/RECIPE.md, lags."""
        return [self.lags, self.step, self.now + 2 * self.lagged + 4 * self.differences]

    @classmethod
    def of_words(cls, words: Iterator[int]) -> Lags:
        """The part from its words."""
        lags, step, what = next(words), next(words), next(words)
        return cls(lags, step, bool(what & 1), bool(what & 2), bool(what & 4))

    def names(self, features: Sequence[str]) -> tuple[str, ...]:
        """Names of the features that come out, in order."""
        within("lags times step times features", self.lags * self.step * len(features), 1, MAX_LAGGED)
        out = list(features) if self.now else []
        for lag in range(self.step, self.lags * self.step + 1, self.step):
            out += [f"{name} {lag} ago" for name in features] if self.lagged else []
            out += [f"{name} since {lag} ago" for name in features] if self.differences else []
        return tuple(out)


@dataclass(frozen=True)
class Octaves(Part):
    """log2 of means of neighbouring features: for an input that is a spectrum already. Its offsets must be 0.

    Attributes:
        width: features that go into one, 1 to all.
    """

    width: int = word(1, 1, 4096)

    def words(self) -> list[int]:
        """The words of the part: capi/RECIPE.md, octaves."""
        return part_words(self)

    @classmethod
    def of_words(cls, words: Iterator[int]) -> Octaves:
        """The part from its words."""
        return read_part(cls, words)

    def names(self, features: Sequence[str]) -> tuple[str, ...]:
        """Names of the features that come out, in order."""
        within("width of octaves", self.width, 1, len(features))
        groups = [features[at : at + self.width] for at in range(0, len(features), self.width)]
        return tuple(group[0] if len(group) == 1 else f"{group[0]} to {group[-1]}" for group in groups)


Transform: TypeAlias = "Lags | Octaves"
Extractor: TypeAlias = "TimeFeatures | Bands | Envelope"


def at_rate(framer: Framer, rate: float, extractors: Sequence[Extractor]) -> Framer:
    """A framer for samples that come at this rate, in Hz: window and hop keep their time where it is known.

    Its window is a length that transforms can have if an extractor needs one of all of it.
    """
    if framer.rate is None:
        return replace(framer, rate=rate)
    window = max(2, round(framer.window * rate / framer.rate))
    banded = [part.bands if isinstance(part, Envelope) else part for part in extractors]
    if any(isinstance(part, Bands) and part.size == 0 for part in banded):
        step = 4 if any(isinstance(part, Envelope) for part in extractors) else 2
        window = min((size for size in transform_sizes(4096) if size % step == 0), key=lambda size: abs(size - window))
    hop = min(max(1, round(framer.hop * rate / framer.rate)), window)
    return replace(framer, window=window, hop=hop, rate=rate)


def for_window(extractors: Sequence[Extractor], window: int) -> tuple[Extractor, ...]:
    """Extractors whose transforms are no longer than a window."""

    def bands(part: Bands, step: int) -> Bands:
        if part.size <= window:
            return part
        sizes = [size for size in transform_sizes(window) if size % step == 0]
        return replace(part, size=max(sizes, default=0), hop=0)

    def fitting(part: Extractor) -> Extractor:
        if isinstance(part, Envelope):
            return replace(part, bands=bands(part.bands, 4))
        return bands(part, 2) if isinstance(part, Bands) else part

    return tuple(map(fitting, extractors))
