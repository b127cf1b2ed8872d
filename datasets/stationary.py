"""Stationary vectors for tests: a few modes, each a correlated normal distribution."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .recording import Recording


def stationary(
    frames: int = 2_000,
    channels: int = 8,
    modes: int = 3,
    seed: int = 0,
    dwell: int = 25,
    shift_at: int | None = None,
    shift: float = 4.0,
) -> Recording:
    """Makes frames from a mixture of correlated normal distributions that stays the same, or shifts once.

    A mode has its own mean (spread 5 about 0) and its own covariance A A^T, with diagonal about 1; the machine stays
    in a mode for `dwell` frames on average. From `shift_at` on every channel is `shift` higher: an anomaly.

    Args:
        frames: how many, at least 1.
        channels: how many, at least 1.
        modes: how many, at least 1.
        seed: the same seed gives the same frames.
        dwell: frames in a mode on average, at least 1.
        shift_at: frame of the shift; None for none.
        shift: in units of a channel's deviation within a mode, about.

    Returns:
        A recording with channels x0, x1, ...; labels are 1 from `shift_at` on; truth has the mode of each frame.

    Raises:
        ValueError: an argument is out of its range.
    """
    if min(frames, channels, modes, dwell) < 1:
        raise ValueError("frames, channels, modes and dwell must be at least 1")
    rng = np.random.default_rng(seed)
    means = 5 * rng.standard_normal((modes, channels))
    mixing = rng.standard_normal((modes, channels, channels)) / np.sqrt(channels)
    change = rng.random(frames) < 1 / dwell
    mode = rng.integers(modes, size=frames)[np.maximum.accumulate(np.where(change, np.arange(frames), 0))]
    noise = np.einsum("fij,fj->fi", mixing[mode], rng.standard_normal((frames, channels)))
    late = np.arange(frames) >= (frames if shift_at is None else shift_at)
    values = means[mode] + noise + shift * late[:, None]
    return Recording(
        name=f"stationary-{seed}",
        frames=pd.DataFrame(values, columns=[f"x{index}" for index in range(channels)]),
        labels=late.astype(np.int8),
        frame_rate=1.0,
        truth=pd.DataFrame({"mode": mode}),
    )
