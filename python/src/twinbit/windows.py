"""Samples as the windows that a recipe's framer makes of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from twinbit.errors import ShapeError
from twinbit.frames import FramesLike, as_frames, check_channels
from twinbit.recipe import Recipe
from twinbit.times import phase_words, time_of_day

__all__ = ["last_samples", "whole_frames"]


def last_samples(recipe: Recipe, samples: int) -> npt.NDArray[np.intp]:
    """Numbers of the samples that complete the frames, in so many samples from the first one on.

    Without a framer every sample is a frame.
    """
    if recipe.framer is None:
        return np.arange(samples)
    return np.arange(recipe.framer.frames(samples)) * recipe.framer.hop + recipe.framer.window - 1


def whole_frames(
    recipe: Recipe, frames: FramesLike, phase: npt.ArrayLike | None = None
) -> tuple[npt.NDArray[Any], npt.NDArray[np.uint32] | None, pd.Index[Any]]:
    """What is given as numbers of the core; phase and index of its frames, with a framer of its windows."""
    given = check_channels(as_frames(frames, recipe.input.names), recipe.input.names)
    if phase is None and recipe.takes_clock:
        phase = time_of_day(given.index)
    turns, last = phase_words(phase), last_samples(recipe, len(given))
    if recipe.framer is None:
        return given.data, turns, given.index
    if turns is not None and len(turns) != len(given):
        raise ShapeError(f"phase: ({len(turns)},) should be ({len(given)},), turns for each sample")
    return given.data, None if turns is None else turns[last], given.index[last]
