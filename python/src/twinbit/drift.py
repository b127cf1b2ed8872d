"""Drift detectors by themselves: they tell when what they watch no longer is what it was.

`PageHinkley`, `Adwin` and `KS` watch single values, such as scores, errors or a temperature; `CentroidDrift` watches
vectors. Parameters have River's names where they mean the same. A value counts in steps of 2^-unit, since all sums are
exact integers: the same bits in firmware and here.

All of them take values for independent of each other. Where one value resembles the next (smoothed scores, a slow
process), false alarms are more frequent than stated: give a higher threshold or fewer of the values.

Defaults are made for such values by themselves, most of them River's. A monitor's scores are octaves that resemble each
other, so in a recipe PageHinkley, KS and CentroidDrift have other defaults: name a kind to have those,
``recipe.with_policy("relearn", drift="page_hinkley")``. Given to `Recipe.with_policy`, a detector made here keeps the
settings that it has.

>>> values = np.random.default_rng(0).normal(size=2_000)
>>> values[1_000:] += 2
>>> detector = Adwin()
>>> for at, value in enumerate(values):
...     if detector.update(value).drift_detected:
...         print("drift told with value", at)
drift told with value 1023
>>> np.flatnonzero(detector.reset().update_many(values)).tolist()
[1023]
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from twinbit import recipe_drift
from twinbit.drift_base import DriftDetector, ScoreDrift, checked
from twinbit.errors import ShapeError, TwinbitError
from twinbit.recipe_bytes import ARITHMETIC
from twinbit.recipe_drift import Mode
from twinbit.recipe_parts import Arithmetic
from twinbit.recipe_ranges import one_of, within

__all__ = ["KS", "Adwin", "CentroidDrift", "DriftDetector", "PageHinkley"]

_ARITHMETICS: dict[int, Arithmetic] = {number: name for name, number in ARITHMETIC.items()}


class PageHinkley(ScoreDrift):
    """Page-Hinkley's test: tells a change of the mean, in the least time and memory of all (Page 1954).

    Deviations from the running mean are summed up; drift is told when the sum is further than `threshold` from its
    least value (or below its greatest one). Then all begins anew. It is blind to changes of the spread alone and to a
    mean that moves by less than `delta`, and the longer a stream was steady the longer the running mean takes to move.
    For a monitor's scores the kind ``page_hinkley`` has threshold=20, delta=0.25, alpha=1, mode="up".

    Args:
        min_instances: values before a drift can be told, 1 to 2^29.
        delta: deviation that does not count, in units of the value. Half the change that matters is a good choice.
        threshold: of the sum, in units of the value times values. A higher one tells later and is wrong less often.
        alpha: what is left of the sum with each value, above 0 up to 1. Below 1 (River's default) noise alone passes
            any threshold now and then, since the sum settles where delta no longer pulls it; 1 has no such floor.
        mode: ``both``, ``up`` or ``down``: which way the mean goes.
        unit: values count in steps of 2^-unit, up to (2^23 - 1) steps; -24 to 24.

    >>> values = np.concatenate([np.zeros(500), np.ones(500)])
    >>> np.flatnonzero(PageHinkley(threshold=20).update_many(values)).tolist()
    [520]
    """

    def __init__(
        self,
        min_instances: int = 30,
        delta: float = 0.005,
        threshold: float = 50.0,
        alpha: float = 0.9999,
        mode: Mode = "both",
        unit: int = 16,
    ) -> None:
        def make() -> recipe_drift.PageHinkley:
            return recipe_drift.PageHinkley(
                unit=unit, threshold=threshold, delta=delta, alpha=alpha, min_instances=min_instances, mode=mode
            )

        super().__init__(checked("PageHinkley", make))


class Adwin(ScoreDrift):
    """ADWIN: a window of values that is cut where two parts of it have different means (Bifet and Gavaldà 2007).

    The window is as long as its mean is steady; it is kept as sums of ever more values, so memory is small. Drift is
    told when the newer part differs from the older one by more than chance allows. `delta` is a confidence: it needs no
    threshold in the value's own unit. It is blind to changes of the spread alone, and to a mean that moves so slowly
    that a whole window hides it.

    Args:
        delta: confidence, above 0 up to 1: a smaller one tells later and is wrong less often.
        clock: values from look to look, 1 to 1000000. A drift is told up to so many values later.
        max_buckets: sums over one number of values that are kept, 2 to 8: more of them cut closer, in more memory.
        min_window_length: values that either part has at least, 1 to 1000000.
        grace_period: values that the window has at least before it is looked at, 0 to 1000000.
        rows: of sums, each over twice as many values as those of the row before, 1 to 15; the window has up to
            max_buckets (2^rows - 1) values.
        reset: after a drift all begins anew, as in River; else the oldest values are dropped only, as in the paper.
        unit: values count in steps of 2^-unit, up to (2^23 - 1) steps; -24 to 24.

    >>> values = np.random.default_rng(0).normal(size=3_000)
    >>> values[2_000:] += 0.5
    >>> np.flatnonzero(Adwin().update_many(values)).tolist()
    [2111]
    """

    def __init__(
        self,
        delta: float = 0.002,
        clock: int = 32,
        max_buckets: int = 5,
        min_window_length: int = 5,
        grace_period: int = 10,
        rows: int = 12,
        reset: bool = True,
        unit: int = 16,
    ) -> None:
        def make() -> recipe_drift.Adwin:
            return recipe_drift.Adwin(
                unit=unit,
                rows=rows,
                max_buckets=max_buckets,
                delta=delta,
                clock=clock,
                min_window_length=min_window_length,
                grace_period=grace_period,
                reset=reset,
            )

        super().__init__(checked("Adwin", make))


class KS(ScoreDrift):
    """Kolmogorov and Smirnov's test between the newest values of a window and all those before them.

    Tells any change of the distribution: of its mean, spread or shape. `alpha` is a probability, so no threshold in the
    value's own unit is needed. River's KSWIN compares with older values that it draws at random; this one compares with
    all of them, by the closed form of the critical value (Smirnov 1948). It is blind to what changes slowly against the
    window, since both parts move together, and a change is forgotten once it fills the window.
    For a monitor's scores the kind ``ks`` has alpha=1e-5, window_size=300, stat_size=100.

    Args:
        alpha: probability of a false alarm in one test, above 0 to below 1. Tests of successive values overlap: alarms
            are rarer than alpha, in values, but not independent.
        window_size: values that are kept, 2 to 1024. 8 bytes of state each.
        stat_size: the newest of them, which are compared with the others, 1 to window_size - 1.
        unit: values count in steps of 2^-unit, up to (2^23 - 1) steps; -24 to 24.

    >>> values = np.random.default_rng(0).normal(size=2_000)
    >>> values[1_000:] *= 4
    >>> np.flatnonzero(KS(alpha=0.0001, window_size=200, stat_size=50).update_many(values)).tolist()
    [1059]
    """

    def __init__(self, alpha: float = 0.005, window_size: int = 100, stat_size: int = 30, unit: int = 16) -> None:
        def make() -> recipe_drift.KS:
            return recipe_drift.KS(unit=unit, window_size=window_size, stat_size=stat_size, alpha=alpha)

        super().__init__(checked("KS", make))


class CentroidDrift(DriftDetector):
    """Distance of recent vectors' means from those that were learned, mode by mode (after Yamada and Matsutani 2023).

    It learns operating modes from the first vectors, then what the means of short windows do in normal, and tells a
    drift when a mode's recent mean is further off than normal ever takes it. Then it learns anew. Vectors should be
    standardised: features count by their size, and in fixed point they are limited to ±8. It is blind to changes of
    spread and correlation that leave the means where they are, to a mode that is not met, and while it learns.
    In a monitor the kind ``centroid`` learns as long as the monitor's detector does.

    Args:
        modes: most operating modes, found while learning, 1 to 32. Too few of them hide a shift in their spread.
        windows: recent windows that are kept of a mode, 1 to 8; they begin one after the other.
        window: vectors of a mode that a recent mean is of, 2 to 4096. A mode that learned fewer is not judged.
        learning: vectors that modes and their spread are learned from, 2 to 65536.
        calibrating: vectors after that, at least, whose windows give the threshold, 2 to 65536. They should meet every
            mode, a whole cycle; the rate is that of many calibrations, and a short one may be far off.
        rate: false drifts a vector on normal data.
        margin: octaves on top of the threshold: 1 is twice the distance.
        seed: of the windows that are drawn while calibrating.
        arithmetic: ``f32``, ``q15`` or ``q31``.
        features: numbers in a vector; None takes them from the first one.

    >>> rng = np.random.default_rng(0)
    >>> vectors = rng.normal(size=(2_000, 8)).astype(np.float32)
    >>> vectors[1_500:, 3] += 2
    >>> told = CentroidDrift(modes=1, learning=500, calibrating=500).update_many(vectors)
    >>> bool(told[:1_500].any()), bool(told[1_500:1_550].any())
    (False, True)
    """

    def __init__(
        self,
        modes: int = 8,
        windows: int = 2,
        window: int = 16,
        learning: int = 600,
        calibrating: int = 600,
        rate: float = 1e-5,
        margin: float = 0.5,
        seed: int = 1,
        arithmetic: Arithmetic = "q15",
        features: int | None = None,
    ) -> None:
        def make() -> recipe_drift.CentroidDrift:
            one_of("arithmetic", arithmetic, list(ARITHMETIC))
            within("learning", learning, 2, 65536)  # a recipe has 0, too, for what its monitor takes
            within("calibrating", calibrating, 2, 65536)
            return recipe_drift.CentroidDrift(
                modes=modes,
                windows=windows,
                window=window,
                learning=learning,
                calibrating=calibrating,
                rate=rate,
                margin=margin,
                seed=seed,
            )

        super().__init__(checked("CentroidDrift", make), ARITHMETIC[arithmetic], features)

    @property
    def arithmetic(self) -> Arithmetic:
        """What it computes in. A recipe's detectors all compute in the recipe's."""
        return _ARITHMETICS[self._arithmetic]

    def _features(self) -> int:
        return self._ready().features

    def _take(self, vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
        """Vectors, (n, features), through the core. The first ones choose the number of features."""
        fresh = self._core is None
        core = self._start(vectors.shape[1]) if self._core is None else self._core
        try:
            if vectors.shape[1] != core.features:
                raise ShapeError(
                    f"CentroidDrift: vectors have {vectors.shape[1]} numbers, those before had {core.features}"
                )
            return core.update_many(vectors)
        except TwinbitError as error:
            if fresh:
                self._core = None
            raise self._refused(error, "vector") from None

    def update(self, x: Sequence[float] | npt.NDArray[Any]) -> CentroidDrift:
        """Takes one vector, (features,). Raises ShapeError, NotFiniteError; nothing is changed then."""
        given = self._floats(x)
        if given.ndim != 1:
            raise ShapeError(f"CentroidDrift: the array has {given.ndim} axes, a vector has 1; see update_many")
        self._take(given[None, :])
        return self

    def update_many(self, vectors: npt.ArrayLike) -> npt.NDArray[np.bool_]:
        """Takes vectors in their order, as `update` would one by one, in one call.

        In: vectors, (n, features); float32 in C order is not copied, all else becomes float32.
        Returns whether each told a drift, (n,).
        Raises ShapeError, and NotFiniteError for NaN and infinity; nothing is changed then.
        """
        given = self._floats(vectors)
        if given.ndim != 2:
            raise ShapeError(f"CentroidDrift: the array has {given.ndim} axes, it should have 2: (vectors, features)")
        return self._take(given)
