"""The framer of a recipe: windows of a stream of samples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from twinbit.recipe_fields import Part, of_words, part_words, word
from twinbit.recipe_ranges import within

__all__ = ["Detrend", "Framer"]

Detrend = Literal["none", "mean", "line"]
DETRENDS: tuple[Detrend, ...] = get_args(Detrend)

MAX_AXES, MAX_WINDOW, MAX_CELLS, MAX_MS = 64, 65536, 65536, 2**31 - 1


@dataclass(frozen=True)
class Framer(Part):
    """Cuts a stream of samples into windows, whose features are what all later parts call a frame.

    Attributes:
        window: samples of a frame, 2 to 65536.
        hop: samples from one frame to the next, 1 to window.
        detrend: what is taken off each axis before its features are made: ``none``, its ``mean`` or a ``line``.
        rate: samples a second; frequencies of other parts are in Hz then. None: not known; they are in cycles a
            sample then, 0 to 0.5, and frames of samples without a time have none.
        gap: a pause longer than this many seconds empties the window; 0: never. Needs samples with their time.
    """

    window: int = word(1024, 2, MAX_WINDOW)
    hop: int = word(512, 1, MAX_WINDOW)
    detrend: Detrend = word("mean", choices=DETRENDS)
    rate: float | None = None
    gap: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        within("hop", self.hop, 1, self.window)
        if self.rate is not None:
            within("rate", self.rate, 1e-6, 1e9)
        within("gap", self.gap, 0.0, MAX_MS / 1000)

    @property
    def period(self) -> float | None:
        """Seconds from frame to frame; None where the rate is not known."""
        return None if self.rate is None else self.hop / self.rate

    @property
    def frequency(self) -> float:
        """Samples a second; 1 where the rate is not known, so that frequencies are in cycles a sample."""
        return self.rate or 1.0

    @property
    def unit(self) -> str:
        """What frequencies are in, for names of features."""
        return " Hz" if self.rate else ""

    def frames(self, samples: int) -> int:
        """Whole windows in so many samples.

        >>> Framer(1024, 512).frames(2048)
        3
        """
        return max(0, (samples - self.window) // self.hop + 1)

    def samples(self, frames: int) -> int:
        """Samples that so many frames take.

        >>> Framer(1024, 512).samples(3)
        2048
        """
        return self.window + (frames - 1) * self.hop if frames > 0 else 0

    def check_axes(self, axes: int) -> None:
        """Raises RecipeError where there are too many axes for one framer."""
        within("with a framer the number of channels", axes, 1, MAX_AXES)
        within("window times channels", self.window * axes, 1, MAX_CELLS)

    def per_axis(self, axes: Sequence[str], fused: bool) -> Sequence[str]:
        """What names of features begin with: the axes, or one word for all of them."""
        return ("all",) if fused and len(axes) > 1 else axes

    def words(self, axes: int) -> list[int]:
        """The words of the part: capi/RECIPE.md, framer. A frame that has a time has at least 1 ms."""
        time = 0 if self.period is None else max(1, min(round(self.period * 1000), MAX_MS))
        return [axes, *part_words(self), time, round(self.gap * 1000)]

    @classmethod
    def of_words(cls, words: Iterator[int]) -> Framer:
        """The part from its words. They have the time from frame to frame in whole milliseconds, not the rate."""
        next(words)
        made, time, gap = of_words(cls, words), next(words), next(words)
        return cls(**made, rate=made["hop"] * 1000 / time if time else None, gap=gap / 1000)
