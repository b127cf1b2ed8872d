"""Detectors of slow and of simple data by themselves: distance to modes, deviation, boxes, time of day, one channel."""

from __future__ import annotations

from typing import Any

from twinbit import recipe_parts
from twinbit.detector import Detector
from twinbit.recipe_parts import Arithmetic, DetectorPart
from twinbit.recipe_plain import Adapt, Covariance

__all__ = ["Boxes", "Deviation", "Distance", "Seasonal", "Univariate"]


class Distance(Detector):
    """Distance to the nearest of a few operating modes, each feature in units of its deviation there.

    With one mode and ``diagonal`` it is the smallest baseline; ``shared`` takes one covariance for all modes, for
    features that move together. It fails where normal is one long thin cloud of several modes (use `Mahalanobis`).

    Args:
        modes: 1 to 16, found while learning.
        kind: ``diagonal`` or ``shared``.
        shrinkage: of the shared covariance toward its diagonal, 0 to 1.
        few: frames below which a mode is not judged by.
        arithmetic: ``f32``, ``q15`` or ``q31``.
        scale: standardise by the frames of the first `learn`; else give standardised values.

    >>> rng = np.random.default_rng(0)
    >>> modes = np.concatenate([rng.normal(-4, 1, (300, 2)), rng.normal(4, 1, (300, 2))])
    >>> detector = Distance(modes=2).learn(rng.permutation(modes))
    >>> near, between = detector.score([[4.0, 4.0], [0.0, 0.0]])
    >>> bool(near < between)
    True
    """

    def __init__(
        self,
        modes: int = 1,
        kind: Covariance = "diagonal",
        shrinkage: float = 0.1,
        few: int = 20,
        arithmetic: Arithmetic = "q15",
        scale: bool = True,
    ) -> None:
        super().__init__(recipe_parts.Distance(modes, kind, shrinkage, few=few), arithmetic, scale)


class _Raw(Detector):
    """A detector that brings its own scale."""

    def __init__(self, part: DetectorPart, arithmetic: Arithmetic, bins: int = 1) -> None:
        super().__init__(part, arithmetic, scale=False, clock=bins > 1)


class Deviation(_Raw):
    """Running average of each channel against its own scale; a channel that drifts by itself counts less.

    For slow process data, such as pressures and flows, where faults last. It fails on faults that come and go faster
    than the average follows, and on wrong combinations of values that are normal one by one. Learning and scoring both
    go on from row to row, so give rows in their order.

    Args:
        smoothing: weight of the newest row in the average.
        settle: first rows whose average is not counted.
        arithmetic: ``f32``, ``q15`` or ``q31``.

    >>> rng = np.random.default_rng(0)
    >>> detector = Deviation().learn(rng.normal(20, 1, (400, 3)))
    >>> near, far = detector.score([[20.0, 20.0, 20.0], [20.0, 60.0, 20.0]])
    >>> bool(far > near + 2)
    True
    """

    def __init__(self, smoothing: float = 0.1, settle: int = 30, arithmetic: Arithmetic = "q15") -> None:
        super().__init__(recipe_parts.Deviation(smoothing, settle), arithmetic)


class Boxes(_Raw):
    """A codebook of boxes, as in adaptive resonance: how far a row lies outside the nearest one.

    Learns for ever, in fixed memory: a box that was not used for longest makes room. It fails where what is new comes
    often: it is normal soon.

    Args:
        boxes: 1 to 256.
        side: mean side up to which a box grows, in shares of each feature's range.
        average: rows over which novelty is averaged.
        adapt: what moves boxes in a monitor after learning: ``never``, ``calm`` rows or ``always``.
        arithmetic: ``f32``, ``q15`` or ``q31``.

    >>> rng = np.random.default_rng(0)
    >>> detector = Boxes(average=1).learn(rng.uniform(0, 1, (500, 2)))
    >>> inside, outside = detector.score([[0.5, 0.5], [0.5, 3.0]])
    >>> bool(outside > inside)
    True
    """

    def __init__(
        self,
        boxes: int = 64,
        side: float = 0.2,
        average: int = 6,
        adapt: Adapt = "always",
        arithmetic: Arithmetic = "q15",
    ) -> None:
        super().__init__(recipe_parts.Boxes(boxes, side, average, adapt), arithmetic)


class Seasonal(_Raw):
    """Deviation from what is usual at this time of day, channel by channel.

    With `bins` above 1 give tables with a DatetimeIndex. It fails where the week matters more than the day.

    Args:
        bins: times of day that are told apart, 1 to 96.
        arithmetic: ``f32``, ``q15`` or ``q31``.
        words: other fields of `twinbit.recipe_parts.Seasonal`, by name.

    >>> rng = np.random.default_rng(0)
    >>> detector = Seasonal(bins=1, average=1).learn(rng.normal(20, 1, (400, 1)))
    >>> near, far = detector.score([[20.0], [60.0]])
    >>> bool(far > near)
    True
    """

    def __init__(self, bins: int = 24, arithmetic: Arithmetic = "q15", **words: Any) -> None:
        super().__init__(recipe_parts.Seasonal(bins, **words), arithmetic, bins)


class Univariate(_Raw):
    """One channel judged by the time of day, by its course, and by both; scores say how rare a value is.

    Adapts for ever. Scores are octaves of rarity, added up over three ways to look at the value. With `bins` above 1
    give tables with a DatetimeIndex.

    Args:
        bins: times of day that are told apart, 1 to 96.
        boxes: of each of the two codebooks, 1 to 256.
        arithmetic: ``f32``, ``q15`` or ``q31``.
        words: other fields of `twinbit.recipe_parts.Univariate`, by name.

    >>> rng = np.random.default_rng(0)
    >>> detector = Univariate(bins=1).learn(rng.normal(20, 1, (400, 1)))
    >>> near, far = detector.score([[20.0], [60.0]])
    >>> bool(far > near)
    True
    """

    def __init__(self, bins: int = 24, boxes: int = 64, arithmetic: Arithmetic = "q15", **words: Any) -> None:
        super().__init__(recipe_parts.Univariate(bins, boxes, **words), arithmetic, bins)
