"""What a frame costs on a microcontroller: instructions of a scored frame on a Cortex-M4F, under QEMU."""

from __future__ import annotations

import numpy as np

from twinbit.boards.run import Outcome
from twinbit.errors import TwinbitError
from twinbit.parity.build import BuildError
from twinbit.parity.cost import FrameCost, frame_cost
from twinbit.parity.execute import RunError

__all__ = ["instructions", "on_target"]

TARGET = "cortex-m4f"
ROWS = 100_000  # of the learning part, at most: whoever learns from more is given them again


def on_target(outcome: Outcome) -> FrameCost | None:
    """The cost of an outcome's recipe; None where toolchain or QEMU are missing or the firmware does not fit."""
    rows = np.concatenate([stream.frames for stream in outcome.case.learn])[:ROWS]
    try:
        return frame_cost(outcome.recipe, rows, TARGET)
    except (BuildError, RunError, TwinbitError):
        return None


def instructions(cost: FrameCost) -> int:
    """Of a whole frame: those of the samples between two frames are in it."""
    return cost.instructions + (cost.samples - 1) * cost.per_sample
