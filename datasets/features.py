"""Features of a window or a spectrum of vibration, computed on the host with NumPy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

BANDS = {"rms_low": (10.0, 500.0), "rms_mid": (500.0, 2_000.0), "rms_high": (2_000.0, 5_500.0)}  # Hz
LEAST_RMS = 2.0**-16  # below any sensor; keeps logarithms of a constant signal finite


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


def log_band_means(spectra: Array, width: int = 8, least: float = 2.0**-16) -> Array:
    """The mean of each `width` neighbouring bins, the last band may be narrower, as log2: one octave is twice as loud.

    On the cooling fan bands of equal width in Hz find the operating modes better than bands of equal width in octaves.

    Args:
        spectra: shape (n, bins), none below 0.
        width: bins in a band; 1 keeps the bins.
        least: taken for anything below it.
    """
    starts = np.arange(0, spectra.shape[1], width)
    sizes = np.diff([*starts, spectra.shape[1]])
    means: Array = np.add.reduceat(spectra, starts, axis=1) / sizes
    return np.log2(np.maximum(means, least))


def axis_features(windows: Array, axes: Sequence[str] = ("x", "y", "z")) -> dict[str, Array]:
    """How much each axis moves, how fast, and how spiky that is, in octaves: "x rms", "x step", "x crest", "y rms", ...

    `rms` is about the window's mean, `step` the RMS of the differences of neighbouring samples, `crest` is peak / rms.

    Args:
        windows: shape (n, samples, axes).
        axes: their names.
    """
    centred = windows - windows.mean(axis=1, keepdims=True)
    rms = np.maximum(np.sqrt((centred**2).mean(axis=1)), LEAST_RMS)
    step = np.maximum(np.sqrt((np.diff(windows, axis=1) ** 2).mean(axis=1)), LEAST_RMS)
    crest = np.maximum(np.abs(centred).max(axis=1) / rms, LEAST_RMS)
    named = {"rms": rms, "step": step, "crest": crest}
    return {f"{axis} {name}": np.log2(named[name][:, i]) for i, axis in enumerate(axes) for name in named}
