"""What the modules of several data sets need: parts, files in order, times."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from .recording import Recording

Loader = Callable[[], list[Recording]]
"""Loads one part of a set."""

Parts = Mapping[str, Loader]
"""The parts that a folder holds."""


def in_order(paths: Iterable[Path]) -> list[Path]:
    """Sorted with numbers in names as numbers: 2 before 10."""

    def key(path: Path) -> list[tuple[int, int, str]]:
        pieces = re.split(r"(\d+)", path.name)
        return [(0, int(piece), "") if piece.isdigit() else (1, 0, piece) for piece in pieces if piece]

    return sorted(paths, key=key)


def milliseconds(times: pd.DatetimeIndex) -> npt.NDArray[np.uint32]:
    """Since the frame before, 0 for the first; a clock that goes back, as at the end of summer time, counts as 0."""
    steps = np.diff(times.to_numpy(dtype="datetime64[ms]")).astype(np.int64)
    return np.concatenate([[0], np.maximum(steps, 0)]).astype(np.uint32)


def blocks(keys: pd.DataFrame) -> list[slice]:
    """Runs of rows with the same keys."""
    changes = np.flatnonzero(keys.ne(keys.shift()).any(axis=1))
    ends = [*changes[1:], len(keys)]
    return [slice(int(begin), int(end)) for begin, end in zip(changes, ends, strict=True)]
