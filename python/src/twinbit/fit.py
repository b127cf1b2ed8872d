"""Chooses a recipe's channels and numbers of frames from learning data."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from twinbit.errors import RecipeError
from twinbit.frames import Frames, FramesLike, as_frames, check_channels
from twinbit.recipe import Recipe
from twinbit.recipe_parts import Arithmetic, Channel, Input

__all__ = ["fit_input", "fit_recipe", "learning_frames"]

# The largest |value - offset| of the learning data takes 17 of the 23 bits that a raw number has: what comes later may
# be 64 times as far out, and the steps are far below any sensor's noise.
BITS = 17

# Fractional bits of a sample that is standardised already: Q3.12 and Q11.20 (core/numbers/policy.hpp).
SAMPLE_BITS: dict[Arithmetic, int] = {"f32": 20, "q15": 12, "q31": 20}


def learning_frames(learn: float | None, frames: int) -> int:
    """How many of so many frames learn: an int is frames, a float below 1 a share, None is all.

    >>> learning_frames(400, 1000), learning_frames(0.3, 1000), learning_frames(None, 50)
    (400, 300, 50)
    """
    if learn is None:
        return frames
    if isinstance(learn, float) and 0 < learn < 1:
        count = round(learn * frames)
    elif learn >= 1 and float(learn).is_integer():
        count = int(learn)
    else:
        raise RecipeError(f"learn = {learn} is neither a number of frames (1 or more) nor a share between 0 and 1")
    if count > frames:
        raise RecipeError(f"learn = {learn} frames, but there are only {frames}; use fewer, or a share such as 0.3")
    return count


def _exponent(value: float) -> int:
    """The smallest e with value <= 2^e."""
    return math.ceil(math.log2(value)) if value > 0 else 0


def _middle_and_reach(values: npt.NDArray[Any]) -> tuple[float, float, float]:
    """Mean, largest distance from it, and largest value of one channel. A constant channel reaches 2^-8 of itself."""
    finite = values[np.isfinite(values)].astype(np.float64)
    if finite.size == 0:
        return 0.0, 1.0, 1.0
    middle, largest = float(finite.mean()), float(np.abs(finite).max())
    reach = float(np.abs(finite - middle).max())
    # float32 resolves 2^-24 of a value: less than that is noise of the conversion
    if reach <= largest * 2.0**-22:
        reach = largest * 2.0**-8 or 1.0
    return middle, reach, largest


def _value_channel(name: str, values: npt.NDArray[Any]) -> Channel:
    """For engineering values: the unit gives the bits, and counts must fit 31 of them."""
    middle, reach, largest = _middle_and_reach(values)
    unit = min(BITS - _exponent(reach), 30 - _exponent(largest), 24)
    unit = max(unit, -24)
    return Channel(name, offset=math.floor(middle * 2.0**unit + 0.5), unit=unit)


def _count_channel(name: str, values: npt.NDArray[Any]) -> Channel:
    """For counts: the shift gives the bits. The unit stays 1; state it yourself where floats come, too."""
    missing = np.iinfo(values.dtype).min
    middle, reach, _ = _middle_and_reach(values[values != missing])
    shift = min(max(BITS - _exponent(reach), -24), 8)
    return Channel(name, offset=math.floor(middle + 0.5), shift=shift)


def fit_input(
    frames: FramesLike, like: Input | None = None, standardised: bool = False, arithmetic: Arithmetic = "q15"
) -> Input:
    """Offset, shift and unit of each channel from learning data.

    In: frames, (frames, channels); int16 and int32 are counts. like: an input to take the policies from.
    standardised: values have mean 0 and deviation 1 already and no scaler follows.

    >>> fit_input([[20.0, 3.0], [24.0, 3.0]]).channels[0]
    Channel(name='x0', offset=1441792, shift=0, unit=16)
    """
    data, base = as_frames(frames), like or Input()
    names = data.names or tuple(f"x{i}" for i in range(data.data.shape[1]))
    if standardised:
        bits = SAMPLE_BITS[arithmetic]
        return replace(base, channels=tuple(Channel(name, unit=bits) for name in names))
    choose = _count_channel if data.is_counts else _value_channel
    return replace(base, channels=tuple(choose(name, data.data[:, i]) for i, name in enumerate(names)))


def fit_recipe(recipe: Recipe, frames: FramesLike, learn: float | None) -> Recipe:
    """The recipe with channels and learning part from the first frames. What it has already is kept."""
    data: Frames = as_frames(frames, recipe.input.names)
    if recipe.input.channels:
        check_channels(data, recipe.input.names)
    count = learning_frames(learn, len(data)) if learn is not None or not recipe.decision.learning else 0
    decision = recipe.decision.with_frames(count, recipe.scaler is not None) if count else recipe.decision
    if recipe.input.channels:
        return replace(recipe, decision=decision)
    head = data.head(decision.frames)
    fitted = fit_input(head, recipe.input, recipe.scaler is None, recipe.arithmetic)
    return replace(recipe, input=fitted, decision=decision)
