"""What users give as frames, numpy arrays or pandas tables, as the arrays that the core takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from twinbit.errors import ShapeError

__all__ = ["Frames", "FramesLike", "as_frames"]

FramesLike: TypeAlias = "npt.ArrayLike | pd.DataFrame | Frames"

# Integers of these kinds are counts of a converter; every other number is an engineering value in float32.
COUNTS = (np.dtype(np.int16), np.dtype(np.int32))


@dataclass(frozen=True)
class Frames:
    """Frames with what belongs to them.

    Attributes:
        data: (frames, channels), float32, int32 or int16 in C order.
        index: the caller's index; numbers from 0 where there was none.
        names: of the channels; None where there were none.
    """

    data: npt.NDArray[Any]
    index: pd.Index[Any]
    names: tuple[str, ...] | None = None

    def __len__(self) -> int:
        return len(self.data)

    @property
    def is_counts(self) -> bool:
        """Whether the values are integers from a converter."""
        return self.data.dtype in COUNTS

    def head(self, frames: int) -> Frames:
        """The first frames."""
        return Frames(self.data[:frames], self.index[:frames], self.names)


def _narrow(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The same numbers as the core takes them: counts stay, the rest becomes float32."""
    if values.dtype in COUNTS:
        return np.ascontiguousarray(values)
    try:
        with np.errstate(over="ignore"):  # too large for float32 becomes infinite, which the core refuses by place
            return np.ascontiguousarray(values, dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise ShapeError(
            f"frames: they should be numbers, not {values.dtype}; convert or drop other columns"
        ) from error


def _from_table(table: pd.DataFrame) -> Frames:
    for name in table.columns:
        if not (pd.api.types.is_numeric_dtype(table[name]) or pd.api.types.is_bool_dtype(table[name])):
            raise ShapeError(f"frames: column {name!r} holds {table[name].dtype}, not numbers; convert or drop it")
    kinds = set(table.dtypes)
    counts = len(kinds) == 1 and kinds <= set(COUNTS)
    values = table.to_numpy() if counts else table.to_numpy(dtype=np.float32, na_value=np.nan)
    return Frames(_narrow(values), table.index, tuple(str(name) for name in table.columns))


def as_frames(frames: FramesLike, channels: Sequence[str] | None = None) -> Frames:
    """Frames from an array (frames, channels) or a table with one column for each channel.

    In: int16 and int32 arrays are counts, all else is converted to float32. channels: names that the recipe knows; a
    table with columns of just these names is put in their order.
    Raises ShapeError that says what the shape should be.
    """
    if isinstance(frames, Frames):
        return frames
    if isinstance(frames, pd.Series):
        frames = frames.to_frame()
    if isinstance(frames, pd.DataFrame):
        if channels and set(channels) <= set(frames.columns) and len(channels) == len(frames.columns):
            frames = frames[list(channels)]
        return _from_table(frames)
    values = np.asarray(frames)
    if values.ndim != 2:
        advice = "; use reshape(1, -1) for one frame, reshape(-1, 1) for one channel" if values.ndim == 1 else ""
        raise ShapeError(f"frames: the array has {values.ndim} axes, it should have 2: (frames, channels){advice}")
    return Frames(_narrow(values), pd.RangeIndex(len(values)))


def check_channels(frames: Frames, channels: Sequence[str]) -> Frames:
    """The same frames. Raises ShapeError if they don't have one column for each channel."""
    if frames.data.shape[1] != len(channels):
        named = ", ".join(channels[:6]) + (", ..." if len(channels) > 6 else "")
        raise ShapeError(
            f"frames: they have {frames.data.shape[1]} columns, the recipe has {len(channels)} channels "
            f"({named}); give one column for each"
        )
    return frames
