"""Chooses a recipe's channels and numbers of frames from learning data."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from twinbit.errors import RecipeError
from twinbit.frames import Frames, FramesLike, as_frames, check_channels
from twinbit.recipe import Recipe
from twinbit.recipe_parts import Arithmetic, Channel, Input, Seasonal, Steady, Univariate
from twinbit.recipe_signal import Octaves

__all__ = ["fit_input", "fit_recipe", "learning_frames"]

# The largest |value - offset| of the learning data takes 17 of the 23 bits that a raw number has: what comes later may
# be 64 times as far out, and the steps are far below any sensor's noise.
BITS = 17

# With a framer Q15 keeps raw numbers in 16 bits: 12 leave room for vibration that is 8 times as strong.
FRAMED_BITS = 12

# A spectrum's small lines count as much as its large ones: 19 bits leave room for lines that are 16 times as high.
SPECTRUM_BITS = 19

# One channel whose values may be anything: 20 bits leave room for values 8 times as large.
UNIVARIATE_BITS = 20

# First rows that show the scale of one channel: no alarm among them counts on NAB's board.
PROBATION, PROBATION_SHARE = 750, 0.15

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


@dataclass(frozen=True)
class Scale:
    """How a channel's offset and power of two are chosen.

    Attributes:
        bits: that the largest |value - offset| takes.
        centred: the offset is the mean; else it is 0.
        as_is: 16-bit counts stay as they are.
    """

    bits: int = BITS
    centred: bool = True
    as_is: bool = False


def scale_of(recipe: Recipe) -> Scale:
    """What the parts behind the input want of raw numbers."""
    if recipe.framer is not None:
        return Scale(FRAMED_BITS, as_is=True) if recipe.arithmetic == "q15" else Scale()
    if isinstance(recipe.detector, Univariate):
        return Scale(UNIVARIATE_BITS, centred=False)
    if any(isinstance(part, Octaves) for part in recipe.transforms):
        return Scale(SPECTRUM_BITS, centred=False)
    return Scale()


def _middle_and_reach(values: npt.NDArray[Any], centred: bool) -> tuple[float, float, float]:
    """Mean or 0, largest distance from it, and largest value of one channel. A constant one reaches 2^-8 of itself."""
    finite = values[np.isfinite(values)].astype(np.float64)
    if finite.size == 0:
        return 0.0, 1.0, 1.0
    middle, largest = float(finite.mean()) if centred else 0.0, float(np.abs(finite).max())
    reach = float(np.abs(finite - middle).max())
    # float32 resolves 2^-24 of a value: less than that is noise of the conversion
    if reach <= largest * 2.0**-22:
        reach = largest * 2.0**-8 or 1.0
    return middle, reach, largest


def _value_channel(name: str, values: npt.NDArray[Any], scale: Scale) -> Channel:
    """For engineering values: the unit gives the bits, and counts must fit 31 of them."""
    middle, reach, largest = _middle_and_reach(values, scale.centred)
    unit = min(scale.bits - _exponent(reach), 30 - _exponent(largest), 24)
    unit = max(unit, -24)
    return Channel(name, offset=math.floor(middle * 2.0**unit + 0.5), unit=unit)


def _count_channel(name: str, values: npt.NDArray[Any], scale: Scale) -> Channel:
    """For counts: the shift gives the bits. The unit stays 1; state it yourself where floats come, too."""
    missing = np.iinfo(values.dtype).min
    middle, reach, _ = _middle_and_reach(values[values != missing], scale.centred)
    narrow = scale.as_is and values.dtype == np.int16
    shift = 0 if narrow else min(max(scale.bits - _exponent(reach), -24), 8)
    return Channel(name, offset=math.floor(middle + 0.5), shift=shift)


def fit_input(
    frames: FramesLike,
    like: Input | None = None,
    standardised: bool = False,
    arithmetic: Arithmetic = "q15",
    scale: Scale | None = None,
) -> Input:
    """Offset, shift and unit of each channel from learning data.

    In: frames, (frames, channels); int16 and int32 are counts. like: an input to take the policies from.
    standardised: values have mean 0 and deviation 1 already and no scaler follows. scale: None has room for most.

    >>> fit_input([[20.0, 3.0], [24.0, 3.0]]).channels[0]
    Channel(name='x0', offset=1441792, shift=0, unit=16)
    """
    data, base = as_frames(frames), like or Input()
    names = data.names or tuple(f"x{i}" for i in range(data.data.shape[1]))
    if standardised:
        bits = SAMPLE_BITS[arithmetic]
        return replace(base, channels=tuple(Channel(name, unit=bits) for name in names))
    choose = _count_channel if data.is_counts else _value_channel
    wanted = scale or Scale()
    return replace(base, channels=tuple(choose(name, data.data[:, i], wanted) for i, name in enumerate(names)))


def _for_period(recipe: Recipe, data: Frames) -> Recipe:
    """The recipe for the time from frame to frame that the data has, where a recipe without times is made for one."""
    timed = isinstance(recipe.detector, (Univariate, Seasonal)) or recipe.tail or isinstance(recipe.decision, Steady)
    if not timed or recipe.period is None or not isinstance(data.index, pd.DatetimeIndex) or len(data) < 2:
        return recipe
    period = float(np.median(np.diff(data.index.to_numpy()).astype("timedelta64[ms]").astype(np.int64))) / 1000
    return recipe if period <= 0 else recipe.at_period(period)


def _least_for_scale(recipe: Recipe, frames: int) -> int:
    """How many frames the scale of the input is chosen from, at least: one channel learns from few, so take more."""
    return min(PROBATION, round(frames * PROBATION_SHARE)) if isinstance(recipe.detector, Univariate) else 0


def fit_recipe(recipe: Recipe, frames: FramesLike, learn: float | None) -> Recipe:
    """The recipe with channels and learning part from the first frames. What it has already is kept."""
    data: Frames = as_frames(frames, recipe.input.names)
    recipe = recipe if recipe.input.channels else _for_period(recipe, data)
    if recipe.input.channels:
        check_channels(data, recipe.input.names)
    whole = recipe.frames_in(len(data))
    count = learning_frames(learn, whole) if learn is not None or not recipe.decision.learning else 0
    decision = recipe.decision.with_frames(count, recipe.scaler is not None) if count else recipe.decision
    if recipe.input.channels:
        return replace(recipe, decision=decision)
    head = data.head(max(recipe.samples_of(decision.frames), _least_for_scale(recipe, len(data))))
    fitted = fit_input(head, recipe.input, recipe.takes_standardised, recipe.arithmetic, scale_of(recipe))
    return replace(recipe, input=fitted, decision=decision)
