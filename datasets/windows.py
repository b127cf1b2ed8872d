"""A waveform in windows, with the features of each: for detectors that take features made on the host."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .features import axis_features
from .recording import Recording


def in_windows(recording: Recording, samples: int) -> Recording:
    """Cuts a continuous waveform into windows that don't overlap; what is left at the end is dropped.

    Args:
        recording: its frames are samples.
        samples: of a window.

    Returns:
        A recording with `axis_features` of each window as frames, the windows as raw, and a label 1 where any sample of
        the window has one. truth has the greatest value within each window.

    Raises:
        ValueError: there is not one whole window.
    """
    count = len(recording) // samples if samples > 0 else 0
    if count == 0:
        raise ValueError(f"{recording.name}: {len(recording)} samples have no window of {samples}")
    used = count * samples
    windows = recording.signal[:used].reshape(count, samples, -1)
    axes = [str(name) for name in recording.frames.columns]
    rate = None if recording.sample_rate is None else recording.sample_rate / samples
    truth = {
        name: column.to_numpy()[:used].reshape(count, samples).max(axis=1) for name, column in recording.truth.items()
    }
    labels = None if recording.labels is None else recording.labels[:used].reshape(count, samples).max(axis=1)
    return Recording(
        name=recording.name,
        frames=pd.DataFrame(axis_features(windows.astype(np.float64), axes)),
        labels=labels,
        frame_rate=rate,
        sample_rate=recording.sample_rate,
        raw=windows,
        truth=pd.DataFrame(truth),
        about=recording.about,
    )
