"""Reads a detector's block out of its image, as capi/IMAGE.md lays it out, for oracles in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
from twinbit.detectors import Detector

LEAST = 2.0**-24
"""What is added to a squared distance for each feature, so that no score is minus infinity."""


def fields(detector: Detector, *wanted: tuple[str, int]) -> list[np.ndarray]:
    """The first fields of the block, each as (type, count): arrays begin at multiples of 8."""
    core = detector._ready()
    image, at, found = core.raw(), core.blocks[2], []
    for kind, count in wanted:
        found.append(np.frombuffer(image, dtype=kind, count=count, offset=at))
        at += -(-found[-1].nbytes // 8) * 8
    assert at <= core.blocks[3]
    return found


def level(errors: Any) -> np.ndarray:
    """The score of reconstruction errors, (frames, features), in octaves."""
    squares = np.square(np.asarray(errors, dtype=np.float64))
    return 0.5 * np.log2(squares.mean(axis=-1) + LEAST)
