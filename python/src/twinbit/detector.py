"""What all detectors by themselves share: learning, scoring, merging, files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from twinbit import _core, model
from twinbit.errors import ImageError, RecipeError, ShapeError, StateError, TwinbitError
from twinbit.fit import fit_input
from twinbit.frames import Frames, FramesLike, as_frames, check_channels
from twinbit.recipe import Cost, Recipe
from twinbit.recipe_parts import (
    MAX_CALIBRATING,
    MAX_LEARNING,
    MAX_SCALING,
    Arithmetic,
    Decision,
    DetectorPart,
    Input,
    Scaler,
)
from twinbit.times import phase_words, time_of_day
from twinbit.units import octaves

__all__ = ["Detector"]

Self = TypeVar("Self", bound="Detector")

# Calls for one frame: attributes of the object that are the core's own methods.
_CALLS = ("learn_one", "score_one", "learn_score_one")


class Detector:
    """What all detectors share. High score = anomalous, in octaves: 1 more is twice as far from normal.

    KMeans and Mahalanobis measure in normal spreads, so that 0 is typical. The others measure what they can't
    reconstruct, so that 0 is an error as large as one standard deviation a feature.
    """

    learn_one: Any
    """learn_one(frame): learns one frame, an array, list or tuple of numbers. The fast way."""
    score_one: Any
    """score_one(frame) -> float: the score of one frame. Nothing moves."""
    learn_score_one: Any
    """learn_score_one(frame) -> float: the score of one frame, which is learned afterwards."""

    def __init__(self, part: DetectorPart, arithmetic: Arithmetic, scale: bool, clock: bool = False) -> None:
        scaler = Scaler() if scale else None
        self._recipe = Recipe(part, Input(phase=clock), scaler, arithmetic=arithmetic, name="detector")
        self._core: _core.Monitor | None = None

    def _use(self, recipe: Recipe) -> _core.Monitor:
        core = _core.Monitor(recipe.to_bytes())
        self._recipe, self._core = recipe, core
        self.learn_one, self.score_one, self.learn_score_one = core.learn_one, core.score_one, core.learn_score_one
        return core

    def _forget(self) -> None:
        """Back to before the first call, whose frames were refused."""
        self._core = None
        self._recipe = replace(self._recipe, input=Input(phase=self._recipe.input.phase), decision=Decision())
        for name in _CALLS:
            self.__dict__.pop(name, None)

    def _start(self, frames: Frames) -> None:
        """Chooses the input from the first frames; with a scaler, they set its mean and deviation, too."""
        recipe = self._recipe
        if not len(frames):
            raise StateError("detector: the first frames choose its channels and scale, and there are none; give some")
        scaling = min(len(frames), MAX_SCALING) if recipe.scaler else 0
        core = self._use(
            replace(
                recipe,
                input=fit_input(frames, recipe.input, recipe.takes_standardised, recipe.arithmetic),
                decision=Decision(scaling, MAX_LEARNING, MAX_CALIBRATING, smoothing=1.0),
            )
        )
        if scaling:
            core.step_many(frames.data[:scaling])

    def _given(self, frames: FramesLike) -> Frames:
        return check_channels(as_frames(frames, self._recipe.input.names), self._recipe.input.names)

    def _turns(self, frames: Frames) -> npt.NDArray[np.uint32] | None:
        """The time of day of each frame, for detectors that tell it apart. Raises ShapeError if there is none."""
        if not self._recipe.takes_clock:
            return None
        turns = time_of_day(frames.index)
        if turns is None:
            raise ShapeError("frames: they need a time of day; give a table with a DatetimeIndex, or set bins to 1")
        return phase_words(turns)

    def _learn(self, data: npt.NDArray[Any]) -> None:
        self._ready().learn_many(data)

    def _ready(self) -> _core.Monitor:
        if self._core is None:
            raise StateError("detector: it has learned nothing yet; call learn(frames) first")
        return self._core

    def __getattr__(self, name: str) -> Any:
        if name in _CALLS:
            self._ready()
        raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")

    def learn(self: Self, frames: FramesLike) -> Self:
        """Learns frames, (frames, channels). With `scale`, the first call also sets mean and deviation.

        Raises ShapeError, MissingValueError, NotFiniteError, and RangeError when the sums have reached the number of
        frames that they are exact for. A call that fails changes nothing.
        """
        fresh = self._core is None
        try:
            if fresh:
                self._start(as_frames(frames))
            given = self._given(frames)
            if self._recipe.takes_clock:
                self._ready().learn_many(given.data, self._turns(given))
            else:
                self._learn(given.data)
        except TwinbitError:
            if fresh:
                self._forget()
            raise
        return self

    def score(self, frames: FramesLike) -> npt.NDArray[np.float64]:
        """The score of each frame in octaves, (frames,). Nothing moves. Raises StateError before `learn`."""
        core, given = self._ready(), self._given(frames)
        return octaves(core.score_many(given.data, self._turns(given)))

    def learn_score(self, frames: FramesLike) -> npt.NDArray[np.float64]:
        """The score of each frame before it is learned, (frames,). Call `learn` with some frames first."""
        core, given = self._ready(), self._given(frames)
        return octaves(core.learn_score_many(given.data, self._turns(given)))

    def explain(self, frames: FramesLike) -> pd.DataFrame:
        """Each feature's share of a frame's score; a row adds up to 1."""
        core, given = self._ready(), self._given(frames)
        names = list(self._recipe.features)
        return pd.DataFrame(
            octaves(core.explain_many(given.data, self._turns(given))), index=given.index, columns=names
        )

    def new_epoch(self: Self) -> Self:
        """Begins an epoch: statistics are emptied, and copies that are made from now on can be merged.

        Autoencoders and subspaces go on from what they have learned; rate and patience begin anew. A bank's modes and
        scalers stand still from now on.
        """
        self._ready().new_epoch()
        return self

    def merge(self: Self, other: Self) -> Self:
        """Adds what another detector learned on the same basis. Raises MergeError."""
        self._ready().merge(other._ready().save())
        return self

    def unmerge(self: Self, other: Self) -> Self:
        """Takes out again what `merge` added. q15 and q31 only."""
        self._ready().unmerge(other._ready().save())
        return self

    @property
    def recipe(self) -> Recipe:
        """The recipe that the detector stands in."""
        return self._recipe

    @property
    def image(self) -> bytes:
        """The sealed image."""
        return self._ready().save()

    def cost(self) -> Cost:
        """Memory in bytes, on every target."""
        return Cost(*self._ready().sizes)

    def to_bytes(self) -> bytes:
        """The detector as the bytes of a model file."""
        return model.pack(model.Model(self._recipe, self.image))

    @classmethod
    def from_bytes(cls: type[Self], data: bytes) -> Self:
        """A detector from the bytes of a model file."""
        return cls._of(model.unpack(bytes(data)))

    def save(self, path: str | Path) -> None:
        """Writes a model file."""
        model.write(model.Model(self._recipe, self.image), path)

    @classmethod
    def load(cls: type[Self], path: str | Path) -> Self:
        """A detector from a model file."""
        return cls._of(model.read(path))

    @classmethod
    def _of(cls: type[Self], saved: model.Model) -> Self:
        made = cls.__new__(cls)
        if type(saved.recipe.detector).__name__ != cls.__name__:
            raise ImageError(f"model: it holds {type(saved.recipe.detector).__name__}, not {cls.__name__}")
        made._use(saved.recipe).load(saved.image)
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        if self._core is None:
            raise RecipeError("detector: it has learned nothing yet, so there is nothing to pickle; call learn first")
        return type(self).from_bytes, (self.to_bytes(),)

    def __repr__(self) -> str:
        size = f", image {self.cost().image} bytes" if self._core else ", nothing learned"
        return f"{type(self).__name__}({self._recipe.arithmetic}, {len(self._recipe.input.channels)} channels{size})"
