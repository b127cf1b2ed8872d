"""What all drift detectors by themselves share: updates, one by one or many at once, state, pickling."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from twinbit import _core
from twinbit.errors import NotFiniteError, RecipeError, ShapeError, StateError, TwinbitError
from twinbit.recipe_drift import DriftPart, drift_stage, drift_words

__all__ = ["DriftDetector", "ScoreDrift", "checked"]

Self = TypeVar("Self", bound="DriftDetector")

LARGEST = 2**23 - 1
"""Most counts of 2^-unit that a single value may have; sums stay exact up to it."""


def checked(name: str, make: Callable[[], DriftPart]) -> DriftPart:
    """A part whose words are all in range. RecipeError names the detector instead of a recipe."""
    try:
        part = make()
        drift_words(part)
        return part
    except RecipeError as error:
        raise RecipeError(f"{name}: {str(error).removeprefix('recipe: ')}") from None


class DriftDetector:
    """What all drift detectors share. They work as River's do: `update` with each value, then ask `drift_detected`.

    After a drift a detector goes on by itself and can tell the next one. It serves one thread at a time: concurrent use
    raises RuntimeError. The same values give the same bytes of state here and in firmware (tb_drift_... of twinbit.h).
    """

    def __init__(self, part: DriftPart, arithmetic: int = 1, features: int | None = 1) -> None:
        self._part, self._arithmetic = part, arithmetic
        self._core: _core.Drift | None = None
        if features is not None:
            self._start(features)

    def _start(self, features: int) -> _core.Drift:
        self._core = _core.Drift(drift_stage(self._part), drift_words(self._part), self._arithmetic, features)
        return self._core

    def _ready(self) -> _core.Drift:
        if self._core is None:
            raise StateError(
                f"{type(self).__name__}: it has seen nothing and does not know its features; update it first"
            )
        return self._core

    @property
    def part(self) -> DriftPart:
        """Its settings, as a part of a recipe."""
        return self._part

    @property
    def drift_detected(self) -> bool:
        """Whether the last value told a drift; after `update_many`, the last one of them."""
        return self._core is not None and self._core.detected

    @property
    def state(self) -> bytes:
        """All that it knows: what a device with the same settings and values has in its memory, to the byte."""
        return self._ready().state

    @property
    def size(self) -> int:
        """Bytes of the state, which never grows."""
        return self._ready().size

    def load_state(self: Self, state: bytes) -> Self:
        """Takes over the state of a detector with the same settings, such as a device's memory.

        Raises DamagedImageError for bytes that no such detector has; this one is then as it was before.
        """
        self._ready().load(bytes(state))
        return self

    def reset(self: Self) -> Self:
        """Back to before the first value."""
        if self._core is not None:
            self._core.reset()
        return self

    def clone(self: Self) -> Self:
        """Another detector with the same settings, that has seen nothing. `copy.copy` copies what was seen, too."""
        return copy.copy(self).reset()

    def __reduce__(self) -> tuple[Any, ...]:
        seen = None if self._core is None else (self._features(), self._core.state, self._core.detected)
        return _restore, (type(self), self._part, self._arithmetic, seen)

    def _features(self) -> int:
        return 1

    def _floats(self, values: npt.ArrayLike) -> npt.NDArray[np.float32]:
        """The values as the core takes them."""
        try:
            with np.errstate(over="ignore"):  # too large for float32 becomes infinite, which the core refuses by place
                return np.asarray(values, dtype=np.float32, order="C")
        except (TypeError, ValueError) as error:
            raise ShapeError(f"{type(self).__name__}: values should be numbers in an array; {error}") from None

    def _refused(self, error: TwinbitError, what: str) -> TwinbitError:
        """The core's error in the words of a detector without a recipe."""
        if isinstance(error, NotFiniteError):
            at = f"{what} {error.frame} " if error.frame >= 0 else ""
            text = f"{at}is NaN or infinite; leave missing values out before, nothing was changed"
            return NotFiniteError(
                f"{type(self).__name__}: {text if at else f'the {what} {text}'}", error.status, error.frame
            )
        return error

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={value!r}" for name, value in vars(self._part).items())
        return f"{type(self).__name__}({values})"


def _restore(kind: type[Self], part: DriftPart, arithmetic: int, seen: tuple[int, bytes, bool] | None) -> Self:
    """A detector from what `__reduce__` wrote."""
    made = kind.__new__(kind)
    DriftDetector.__init__(made, part, arithmetic, seen[0] if seen else None)
    if seen:
        made._ready().load(*seen[1:])
    return made


class ScoreDrift(DriftDetector):
    """A drift detector that watches single values, such as scores."""

    _told_limit = False

    @property
    def limit(self) -> float:
        """Largest value that is told apart, (2^23 - 1) / 2^unit; what is beyond counts as much."""
        return float(np.ldexp(LARGEST, -vars(self._part)["unit"]))

    def _watch(self, least: float, most: float) -> None:
        """Warns, once, of values that count as less than they are."""
        if not self._told_limit and (most > self.limit or least < -self.limit):
            self._told_limit = True
            unit = vars(self._part)["unit"]
            fits = unit - int(np.ceil(np.log2(max(abs(least), abs(most)) / self.limit)))
            warnings.warn(
                f"{type(self).__name__}: {least if -least > most else most:g} counts as {self.limit:g}, the most that "
                f"unit = {unit} takes; choose a smaller unit, such as {max(fits, -24)}, if that is a usual value",
                stacklevel=3,
            )

    def update(self: Self, x: float) -> Self:
        """Takes one value. Raises NotFiniteError for NaN and infinity; nothing is changed then."""
        try:
            self._ready().update_one(x)
        except TwinbitError as error:
            raise self._refused(error, "value") from None
        self._watch(x, x)  # type: ignore[attr-defined]
        return self

    def update_many(self, values: npt.ArrayLike) -> npt.NDArray[np.bool_]:
        """Takes values in their order, as `update` would one by one, in one call.

        In: values, (n,); float32 in C order is not copied, all else becomes float32.
        Returns whether each told a drift, (n,).
        Raises ShapeError, and NotFiniteError for NaN and infinity; nothing is changed then.
        """
        given = self._floats(values)
        if given.ndim != 1:
            raise ShapeError(
                f"{type(self).__name__}: the array has {given.ndim} axes, it should have 1: (values,); "
                "CentroidDrift takes vectors"
            )
        try:
            told = self._ready().update_many(given)
        except TwinbitError as error:
            raise self._refused(error, "value") from None
        if len(given):
            self._watch(float(given.min()), float(given.max()))
        return told
