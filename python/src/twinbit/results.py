"""Results of frames as tables, in the units of people."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from twinbit import _core
from twinbit.units import FLAGS, STATES, octaves

__all__ = ["alarm_starts", "has", "to_table"]

_STATE_TYPES: dict[bool, Any] = {loop: pd.CategoricalDtype(list(STATES[: 5 if loop else 4])) for loop in (False, True)}
"""States, by whether there is a policy."""


def has(results: npt.NDArray[np.void], flag: str) -> npt.NDArray[np.bool_]:
    """Which results carry a flag, by its name in `twinbit.units.FLAGS`."""
    found: npt.NDArray[np.bool_] = (results["flags"] & FLAGS[flag]) != 0
    return found


def alarm_starts(alarm: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    """Numbers of the frames at which an alarm begins.

    >>> alarm_starts(np.array([False, True, True, False, True])).tolist()
    [1, 4]
    """
    before = np.concatenate(([False], alarm[:-1]))
    return np.flatnonzero(alarm & ~before)


def to_table(results: npt.NDArray[np.void], index: pd.Index[Any], loop: bool = False) -> pd.DataFrame:
    """One row a frame: scores in octaves, high = anomalous. loop: the recipe has a policy.

    Columns: score, smoothed and threshold (float, NaN where there is none yet), over, alarm, skipped, held, clipped
    (bool), state (category), similarity (integer, missing before monitoring); with a policy also drift, ask, taken
    (bool).
    """
    scored = has(results, "scored")
    threshold = results["threshold"]
    known = threshold != _core.THRESHOLD_NONE
    similarity = pd.array(results["similarity"], dtype="UInt8")
    similarity[results["similarity"] == _core.SIMILARITY_NONE] = pd.NA
    return pd.DataFrame(
        {
            "score": np.where(scored, octaves(results["score"]), np.nan),
            "smoothed": np.where(scored, octaves(results["smoothed"]), np.nan),
            "threshold": np.where(known, octaves(threshold), np.nan),
            "over": has(results, "over"),
            "alarm": has(results, "alarm"),
            "state": pd.Categorical.from_codes(results["state"].astype(np.int8), dtype=_STATE_TYPES[loop]),
            "similarity": similarity,
            "skipped": has(results, "skipped"),
            "held": has(results, "held"),
            "clipped": has(results, "clipped"),
            **{flag: has(results, flag) for flag in (("drift", "ask", "taken") if loop else ())},
        },
        index=index,
    )
