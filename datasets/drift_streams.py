"""Streams that change at known frames, for drift detectors: abrupt, gradual, recurring, or not at all."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from .recording import Recording

DRIFTS = ("stationary", "abrupt", "gradual", "recurring")


def _changes(kind: str, frames: int, at: int, period: int) -> tuple[int, ...]:
    """The frames at which a change begins."""
    if kind == "stationary" or at >= frames:
        return ()
    return tuple(range(at, frames, period)) if kind == "recurring" else (at,)


def _share(kind: str, frames: int, at: int, width: int, period: int) -> npt.NDArray[np.float64]:
    """How probable it is that a frame comes from the new distribution."""
    time = np.arange(frames)
    if kind == "stationary":
        return np.zeros(frames)
    if kind == "gradual":
        return np.clip((time - at + 1) / width, 0.0, 1.0)
    late = time >= at
    return np.where(late & ((time - at) // period % 2 == 0), 1.0, 0.0) if kind == "recurring" else late.astype(float)


def drift_stream(
    kind: str = "abrupt",
    frames: int = 4_000,
    at: int = 2_000,
    size: float = 1.0,
    spread: float = 1.0,
    width: int = 500,
    period: int = 1_000,
    channels: int = 1,
    seed: int = 0,
) -> Recording:
    """Makes independent normal numbers of mean 0 and deviation 1, later of mean `size` and deviation `spread`.

    "stationary" never changes; "abrupt" does at once; "gradual" mixes both distributions, a frame from the new one the
    more often the later it is; "recurring" goes to the new one and back, time and again. All kinds draw the same
    numbers from one seed, and are equal up to the frame `at`.

    Args:
        kind: one of DRIFTS.
        frames: how many, at least 1.
        at: frame of the first change, at least 0.
        size: mean of the new distribution, in deviations of the old one; may be negative.
        spread: deviation of the new distribution, above 0.
        width: of "gradual": frames until all come from the new distribution, at least 1.
        period: of "recurring": frames from change to change, at least 1.
        channels: how many, at least 1; all of them change together.
        seed: the same seed gives the same frames.

    Returns:
        A recording with channels x0, x1, ...; truth has the concept of each frame, 0 the old and 1 the new
        distribution; about["changes"] has the frames at which a change begins. No labels: drift is no anomaly.

    Raises:
        ValueError: an argument is out of its range.
    """
    if kind not in DRIFTS:
        raise ValueError(f"kind must be one of {', '.join(DRIFTS)}, not {kind!r}")
    if min(frames, width, period, channels) < 1 or at < 0 or spread <= 0:
        raise ValueError("frames, width, period and channels must be at least 1, at must be at least 0, spread above 0")
    rng = np.random.default_rng(seed)
    values = rng.standard_normal((frames, channels))
    new = rng.random(frames) < _share(kind, frames, at, width, period)
    values[new] = size + spread * values[new]
    return Recording(
        name=f"{kind}-{seed}",
        frames=pd.DataFrame(values, columns=[f"x{index}" for index in range(channels)]),
        frame_rate=1.0,
        truth=pd.DataFrame({"concept": new.astype(np.int8)}),
        about={"kind": kind, "changes": _changes(kind, frames, at, period)},
    )
