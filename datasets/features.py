"""Features of a window of vibration, computed on the host with NumPy."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

BANDS = {"rms_low": (10.0, 500.0), "rms_mid": (500.0, 2_000.0), "rms_high": (2_000.0, 5_500.0)}  # Hz


def band_rms(windows: Array, sample_rate: float, bands: dict[str, tuple[float, float]] = BANDS) -> dict[str, Array]:
    """RMS of each window within bands of frequency, by Parseval's theorem, without a window function.

    Args:
        windows: shape (n, samples).
        sample_rate: Hz.
        bands: name -> lowest and highest frequency in Hz, the highest one excluded.
    """
    samples = windows.shape[1]
    power = 2 * np.abs(np.fft.rfft(windows)) ** 2 / samples**2
    frequency = np.fft.rfftfreq(samples, 1 / sample_rate)
    inside = {name: (frequency >= low) & (frequency < high) for name, (low, high) in bands.items()}
    return {name: np.sqrt(power[:, chosen].sum(axis=1)) for name, chosen in inside.items()}


def shape_features(windows: Array) -> dict[str, Array]:
    """RMS, peak, crest factor and kurtosis (3 for a normal distribution) of each window about its mean."""
    centred = windows - windows.mean(axis=1, keepdims=True)
    squared = centred**2
    mean_square = np.maximum(squared.mean(axis=1), np.finfo(np.float64).tiny)
    rms, peak = np.sqrt(mean_square), np.abs(centred).max(axis=1)
    return {"rms": rms, "peak": peak, "crest": peak / rms, "kurtosis": (squared**2).mean(axis=1) / mean_square**2}


def window_features(windows: Array, sample_rate: float) -> dict[str, Array]:
    """All of the above: rms, peak, crest, kurtosis, rms_low, rms_mid, rms_high; one value a window."""
    return {**shape_features(windows), **band_rms(windows, sample_rate)}
