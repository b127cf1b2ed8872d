"""What the quality benchmark learns and scores: each data set as problems.

Frames are made ready for a device without a scaler stage where it meets its operating modes one after the other: one
octave, or half the range of a pixel, is one unit, and the middle is about 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from twinbit.datasets import Recording, load, log_band_means

Frames = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

ROOMS = ("silentA", "noisy")
BAND = 8  # bins of 1 Hz: 64 bands
MIDDLE = {BAND: 3.5, 1: 4.0}  # octaves below full scale: about the middle of a band, of a bin
SCALING = 100  # frames of the ceiling fan that its scaler learns from
LEARNED = 0.7  # share of the normal digits


@dataclass(frozen=True)
class Problem:
    """Frames to learn in their order, then two kinds to tell apart.

    Attributes:
        learn: in one pass.
        normal: frames that should score low.
        anomalous: frames that should score high.
        scaling: how many of the first frames the scaler learns from; 0 without a scaler.
        counted: name of a figure -> which of the normal and of the anomalous frames count for it; empty: all.
    """

    learn: Frames
    normal: Frames
    anomalous: Frames
    scaling: int = 0
    counted: Mapping[str, tuple[Mask, Mask]] = field(default_factory=dict)


def _octaves(recordings: list[Recording], width: int) -> Frames:
    spectra = np.concatenate([recording.frames.to_numpy() for recording in recordings])
    return np.float32(log_band_means(spectra, width) + MIDDLE[width])


def _running(recordings: list[Recording]) -> Mask:
    return np.concatenate([recording.truth["running"].to_numpy() == 1 for recording in recordings])


def cooling_fan(room: str, width: int = BAND) -> list[Problem]:
    """Learns h, m, l, o one after the other; damage1 against normal while the speed steps through them."""
    runs = load(f"cooling_fan/{room}")
    learn, normal, damaged = runs[:4], runs[4:6], runs[6:]
    off = {"running": (_running(normal), _running(damaged))}
    return [Problem(_octaves(learn, width), _octaves(normal, width), _octaves(damaged, width), counted=off)]


def ceiling_fan() -> list[Problem]:
    """Learns half of the normal windows at low speed; a coin on a blade against the other half."""
    normal, _, coin = (recording.array for recording in load("ceiling_fan/low"))
    half = len(normal) // 2
    return [Problem(normal[:half], normal[half:], coin, SCALING)]


def digits() -> list[Problem]:
    """Each digit in turn is the anomaly; of the others the first 70 % are learned."""
    (recording,) = load("digits/images")
    pixels, digit = recording.array / np.float32(8) - np.float32(1), recording.truth["digit"].to_numpy()

    def without(one: int) -> Problem:
        others = pixels[digit != one]
        learned = round(LEARNED * len(others))
        return Problem(others[:learned], others[learned:], pixels[digit == one])

    return [without(one) for one in range(10)]


def data_sets() -> Iterator[tuple[str, list[Problem]]]:
    """Name -> its problems, whose figures are averaged."""
    for room in ROOMS:
        yield f"cooling fan {room}, 64 bands", cooling_fan(room)
    for room in ROOMS:
        yield f"cooling fan {room}, 511 bins", cooling_fan(room, 1)
    yield "ceiling fan, low speed", ceiling_fan()
    yield "digits", digits()
