"""Raw numbers of the core and the units of people."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["FLAGS", "SCORE_ONE", "STATES", "octaves", "signed", "to_q16", "to_q31", "unsigned"]

SCORE_ONE = 65536
"""A score of 1 octave, as a raw number: scores are raw * 2^-16."""

STATES = ("scaling", "learning", "calibrating", "monitoring", "drifting")
"""States of a monitor, by their number. The last one only with a policy."""

FLAGS = {
    "scored": 1,
    "over": 2,
    "alarm": 4,
    "skipped": 8,
    "held": 16,
    "clipped": 32,
    "new_state": 64,
    "full": 128,
    "gathering": 256,
    "drift": 512,
    "ask": 1024,
    "taken": 2048,
}
"""Flags of a result, by name."""


def octaves(raw: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Raw scores in octaves: 1 more is twice as far from normal.

    >>> octaves([65536, -32768]).tolist()
    [1.0, -0.5]
    """
    return np.asarray(raw, dtype=np.float64) / SCORE_ONE


def to_q31(share: float) -> int:
    """A share in (0, 1] as Q0.31; 1 becomes the largest number, 2^31 - 1.

    >>> to_q31(0.5), to_q31(1.0)
    (1073741824, 2147483647)
    """
    return min(max(round(share * 2**31), 1), 2**31 - 1)


def to_q16(number: float) -> int:
    """A number as Q15.16.

    >>> to_q16(1.5)
    98304
    """
    return round(number * 65536)


def signed(number: int) -> int:
    """32 bits, 0 to 2^32 - 1, as the word that has the same bits.

    >>> signed(5), signed(0xFFFFFFFF)
    (5, -1)
    """
    return number - 2**32 if number >= 2**31 else number


def unsigned(word: int) -> int:
    """The 32 bits of a word, 0 to 2^32 - 1.

    >>> unsigned(-1)
    4294967295
    """
    return word & 0xFFFFFFFF
