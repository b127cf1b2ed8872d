"""The parts of a recipe that look at a window's spectrum: energies of bands, and those of the envelope."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal, get_args

from twinbit.errors import RecipeError
from twinbit.recipe_fields import Q16, Part, of_words, part_words, word
from twinbit.recipe_framer import Framer
from twinbit.recipe_ranges import one_of, within

__all__ = ["Bands", "Demodulate", "Envelope", "Spacing", "Taper", "transform_sizes"]

Taper = Literal["rectangular", "hann", "hamming", "blackman", "flat_top"]
Spacing = Literal["linear", "log", "mel"]
Demodulate = Literal["hilbert", "rectify"]

MIN_SIZE, MAX_SIZE, MAX_BANDS, MAX_SEGMENTS = 64, 4096, 2048, 4096
FLOOR = 60.0


def transform_sizes(most: int) -> list[int]:
    """Lengths that the transform takes, up to `most`: even, with half of it 2^a 3^b 5^c.

    >>> transform_sizes(100)
    [64, 72, 80, 90, 96, 100]
    """

    def smooth(number: int) -> bool:
        for factor in (2, 3, 5):
            while number % factor == 0:
                number //= factor
        return number == 1

    return [size for size in range(MIN_SIZE, min(most, MAX_SIZE) + 1, 2) if smooth(size // 2)]


def _mel(frequency: float) -> float:
    return 2595.0 * math.log10(1.0 + frequency / 700.0)


def _of_mel(mel: float) -> float:
    return 700.0 * (math.pow(10.0, mel / 2595.0) - 1.0)


def _rising(at: Sequence[float], first: int) -> tuple[int, ...]:
    """Whole numbers near those given, each at least one above the one before it."""
    out = [first]
    for place in at:
        out.append(max(out[-1] + 1, math.floor(place + 0.5)))
    return tuple(out)


@dataclass(frozen=True)
class Bands(Part):
    """Energies of frequency bands, in octaves of RMS: 1 more is twice the amplitude.

    Frequencies are in Hz where the framer has a rate, else in cycles a sample.

    Attributes:
        count: of bands, 1 to 2048.
        spacing: of their edges: ``log``, ``linear`` or ``mel``.
        low: lower end of the first band; None: the first line above 0.
        high: upper end of the last band; None: half the rate.
        edges: all ends of bands, rising, instead of count, spacing, low and high.
        size: of the transform, 64 to 4096 and no more than the window; 0: the window. See `transform_sizes`.
        hop: samples from one transform to the next (Welch: their power is averaged); 0: half the size.
        taper: ``rectangular``, ``hann``, ``hamming``, ``blackman`` or ``flat_top``.
        fused: the mean power over all axes instead of bands for each.
        shape: each band less the mean of all, so that only the shape of the spectrum counts.
        level: one more feature: octaves of the RMS of the whole window.
        floor: octaves of a raw unit, -60 to 60; bands below it count as this.
    """

    count: int = 32
    spacing: Spacing = "log"
    low: float | None = None
    high: float | None = None
    edges: tuple[float, ...] = ()
    size: int = 0
    hop: int = 0
    taper: Taper = word("hann", choices=get_args(Taper))
    fused: bool = word(False)
    shape: bool = word(False)
    level: bool = word(False)
    floor: float = word(-FLOOR, -FLOOR, FLOOR, Q16)

    def __post_init__(self) -> None:
        super().__post_init__()
        one_of("spacing of bands", self.spacing, get_args(Spacing))
        within("count of bands", self.count, 1, MAX_BANDS)
        if self.edges and (len(self.edges) < 2 or list(self.edges) != sorted(set(self.edges)) or self.edges[0] < 0):
            raise RecipeError("recipe: edges of bands should be two or more frequencies, rising, such as [10, 100]")
        if self.low is not None:
            within("low of bands", self.low, 0.0, 1e9)
        if self.high is not None:
            within("high of bands", self.high, self.low or 0.0, 1e9)

    def transform(self, framer: Framer) -> int:
        """Points of the transform. Raises RecipeError where there is none of that size."""
        size = self.size or framer.window
        sizes = transform_sizes(framer.window)
        if size not in sizes:
            near = min(sizes, key=lambda known: abs(known - size)) if sizes else None
            advice = f"use {near}" if near else "a window has at least 64 samples"
            raise RecipeError(f"recipe: bands of {size} samples are not to be had with a window of {framer.window}; "
                              f"{advice} (half of it 2^a 3^b 5^c)")  # fmt: skip
        return size

    def _ends(self, line: float, lines: int) -> tuple[int, int]:
        """First line of the first band, and the line after the last band."""
        first = 1 if self.low is None else math.floor(self.low / line + 0.5)
        end = lines if self.high is None else min(math.floor(self.high / line + 0.5), lines)
        if first + self.count > end:
            raise RecipeError(f"recipe: {self.count} bands do not fit between lines {first} and {end} of the spectrum, "
                              f"{line:.6g} apart; use fewer bands or longer windows")  # fmt: skip
        return first, end

    def bins(self, framer: Framer, fold: int = 2) -> tuple[int, ...]:
        """Lines of the spectrum at which bands begin, and the one after the last; there are size / fold + 1 lines."""
        size = self.transform(framer)
        line, lines = framer.frequency / size, size // fold + 1
        if self.edges:
            placed = [math.floor(edge / line + 0.5) for edge in self.edges]
            if len(set(placed)) < len(placed) or placed[-1] > lines:
                raise RecipeError(f"recipe: edges of bands should be {line:.6g} apart or more, and up to "
                                  f"{lines * line:.6g}")  # fmt: skip
            return tuple(placed)
        first, end = self._ends(line, lines)
        share = [i / self.count for i in range(1, self.count + 1)]
        if self.spacing == "linear":
            return _rising([first + part * (end - first) for part in share], first)
        low, high = max(first, 0.5) * line, end * line
        if self.spacing == "log":
            at = [low * (high / low) ** part for part in share]
        else:
            at = [_of_mel(_mel(low) + part * (_mel(high) - _mel(low))) for part in share]
        placed = list(_rising([frequency / line for frequency in at], first))
        for i in range(self.count, 0, -1):  # what was pushed up by steps of one makes room at the top
            placed[i] = min(placed[i], end - (self.count - i))
        return tuple(placed)

    def words(self, framer: Framer, fold: int = 2) -> list[int]:
        """The words of the part: capi/RECIPE.md, bands."""
        size, bins = self.transform(framer), self.bins(framer, fold)
        width = bins[1] - bins[0]
        even = not self.edges and self.spacing == "linear" and bins[-1] - bins[0] == width * self.count
        hop = self.hop or size // 2
        within("hop of bands", hop, 1, framer.window)
        within("transforms in a window", 1 + (framer.window - size) // hop, 1, MAX_SEGMENTS)
        if even:
            return [size, hop, *part_words(self), self.count, bins[0], width]
        return [size, hop, *part_words(self), len(bins) - 1, 0, 0, *bins]

    @classmethod
    def of_words(cls, words: Iterator[int], framer: Framer) -> Bands:
        """The part from its words. Bands of other than equal width come back as edges."""
        size, hop = next(words), next(words)
        made: dict[str, Any] = {"size": size, "hop": hop, **of_words(cls, words)}
        line = framer.frequency / size
        count, first, width = next(words), next(words), next(words)
        if width:
            return cls(count, "linear", first * line, (first + count * width) * line, **made)
        return cls(count, edges=tuple(next(words) * line for _ in range(count + 1)), **made)

    def names(self, axes: Sequence[str], framer: Framer, fold: int = 2) -> tuple[str, ...]:
        """Names of the features, in order: axis and frequencies."""
        line = framer.frequency / self.transform(framer)
        ends = [f"{float(f'{edge * line:.4g}'):g}" for edge in self.bins(framer, fold)]  # 11400, not 1.14e+04
        bands = [f"{low}-{high}{framer.unit}" for low, high in pairwise(ends)]
        whole = ["level"] if self.level else []
        return tuple(f"{axis} {name}" for axis in framer.per_axis(axes, self.fused) for name in [*bands, *whole])


@dataclass(frozen=True)
class Envelope(Part):
    """The spectrum of the envelope behind a band-pass: how often something strikes, for bearings and gears.

    Attributes:
        low: lower end of the band-pass, where the structure rings; None: the first line above 0.
        high: its upper end; None: half the rate.
        demodulate: ``hilbert`` (amplitude of the analytic signal) or ``rectify``.
        bands: of the envelope's spectrum, which ends at a quarter of the rate.
    """

    low: float | None = None
    high: float | None = None
    demodulate: Demodulate = word("hilbert", choices=get_args(Demodulate))
    bands: Bands = field(default_factory=lambda: Bands(16, "linear"))

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.low is not None:
            within("low of the envelope", self.low, 0.0, 1e9)
        if self.high is not None:
            within("high of the envelope", self.high, self.low or 0.0, 1e9)

    def _pass(self, framer: Framer) -> tuple[int, int]:
        """Lines of the band-pass: from the first to before the second."""
        size = self.bands.transform(framer)
        if size % 4:
            raise RecipeError(f"recipe: an envelope's size = {size} should be a multiple of 4")
        line = framer.frequency / size
        low = 1 if self.low is None else max(1, math.floor(self.low / line + 0.5))
        high = size // 2 if self.high is None else min(math.floor(self.high / line + 0.5), size // 2)
        if low >= high:
            raise RecipeError(
                f"recipe: the envelope's band-pass should be {line:.6g} wide or more, below half the rate"
            )
        return low, high

    def words(self, framer: Framer) -> list[int]:
        """The words of the part: capi/RECIPE.md, envelope."""
        return [*self._pass(framer), *part_words(self), *self.bands.words(framer, 4)]

    @classmethod
    def of_words(cls, words: Iterator[int], framer: Framer) -> Envelope:
        """The part from its words."""
        low, high, made = next(words), next(words), of_words(cls, words)
        bands = Bands.of_words(words, framer)
        line = framer.frequency / bands.size
        return cls(low * line, high * line, bands=bands, **made)

    def names(self, axes: Sequence[str], framer: Framer) -> tuple[str, ...]:
        """Names of the features, in order."""
        self._pass(framer)
        return tuple(f"{name} of envelope" for name in self.bands.names(axes, framer, 4))
