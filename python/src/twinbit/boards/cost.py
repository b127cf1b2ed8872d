"""What a frame costs on a microcontroller: instructions of a scored frame on a Cortex-M4F, under QEMU."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from twinbit.boards.run import Outcome

__all__ = ["instructions"]

TARGET = "cortex-m4f"
ROWS = 4  # scored rows (of a framer: windows) behind the learning part


def instructions(outcome: Outcome) -> float | None:
    """Instructions of one frame of an outcome's recipe; None where toolchain or QEMU are missing."""
    try:
        measure: Any = import_module("twinbit.parity.cost").frame_cost
    except ModuleNotFoundError:
        return None
    stream = next(iter(outcome.case.scored.values()))
    learned = np.concatenate([one.frames for one in outcome.case.learn])
    found = measure(outcome.recipe, np.concatenate([learned, stream.frames]), TARGET)
    return None if found is None else float(found.instructions)
