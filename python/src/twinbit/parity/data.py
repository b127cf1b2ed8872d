"""The sensor values of a parity run: real ones from SKAB where they are, else generated ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from twinbit.recipe_parts import Arithmetic, Channel, Framer

from .script import DTYPES, Recording, schedule

CHANNELS = 8


@dataclass(frozen=True)
class Frames:
    """Sensor values.

    Attributes:
        values: (frames, 8) float64, engineering units.
        dt_ms: (frames,) milliseconds since the frame before, 0 = not known.
        source: where they come from, for people.
        real: measured on a machine, not generated.
    """

    values: npt.NDArray[np.float64]
    dt_ms: npt.NDArray[np.uint32]
    source: str
    real: bool


def skab_frames(count: int) -> Frames | None:
    """The first frames of SKAB valve1, its recordings one after the other; None where the data is not to be had."""
    from twinbit import datasets

    try:
        recordings = datasets.load("skab/valve1")
    except FileNotFoundError:
        return None
    values = np.concatenate([np.asarray(r.frames, dtype=np.float64) for r in recordings])
    steps = np.concatenate([np.asarray(r.dt_ms, dtype=np.uint32) for r in recordings])
    if len(values) < count:
        return None
    return Frames(values[:count], steps[:count], "SKAB valve1", real=True)


def generated_frames(count: int, seed: int = 1) -> Frames:
    """Eight correlated sensors with slow operating modes, noise, outliers and, from 30 % to 55 %, short faults."""
    rng = np.random.default_rng(seed)
    mode = (np.arange(count) // 500) % 4
    level = rng.normal(size=(4, CHANNELS))[mode]
    mixing = rng.normal(size=(CHANNELS, CHANNELS)) / 3
    values = level + rng.normal(size=(count, CHANNELS)) @ mixing
    values += np.where(rng.random((count, CHANNELS)) < 0.001, 20.0, 0.0)
    index = np.arange(count)
    fault = (index > count * 0.3) & (index < count * 0.55) & (index % 200 < 10)
    values[fault] += rng.choice([-15.0, 15.0], size=CHANNELS)
    scale = 10.0 ** np.arange(-2, CHANNELS - 2)[None, :] / 100
    return Frames(values * scale + 3 * scale, np.full(count, 1000, dtype=np.uint32), "generated data", real=False)


def for_row(frames: Frames, channels: int, most: int) -> Frames:
    """At most so many frames of so many channels: the sensors, then the sensors one frame ago, two frames ago ...

    Where there is no frame ago, the first one stands for it.
    """
    values, width = frames.values[:most], frames.values.shape[1]
    delays = [np.maximum(np.arange(len(values)) - delay, 0) for delay in range(-(-channels // width))]
    wide = np.concatenate([values[delay] for delay in delays], axis=1)[:, :channels]
    return replace(frames, values=wide, dt_ms=frames.dt_ms[:most])


def channels_for(values: npt.NDArray[np.float64], bits: int, shift: int, centred: bool = True) -> tuple[Channel, ...]:
    """The finest power of two at which all counts of a channel fit `bits` bits, and their median (or 0) as offset."""
    out = []
    for index, column in enumerate(values.T):
        unit = int(np.floor((bits - 1) - np.log2(np.abs(column).max() + 1e-12)) - 1)
        unit = max(-24, min(24, unit))
        out.append(Channel(f"x{index}", int(np.round(np.median(column) * 2.0**unit)) if centred else 0, shift, unit))
    return tuple(out)


def counts_bits(arithmetic: Arithmetic, framed: bool = False) -> tuple[int, int]:
    """Bits of a count and the shift into the raw format: 16-bit counts for Q15, 22-bit ones for the others.

    A framer keeps 16 bits of a raw number in Q15, so there is no room to shift.
    """
    return (16, 0 if framed else 4) if arithmetic == "q15" else (22, -1)


def quantised(
    values: npt.NDArray[np.float64], channels: tuple[Channel, ...], arithmetic: Arithmetic
) -> npt.NDArray[Any]:
    """Values as the runner feeds them: floats for F32, counts for the others."""
    if arithmetic == "f32":
        return values.astype(np.float32)
    units = 2.0 ** np.array([channel.unit for channel in channels])
    return np.floor(values * units + 0.5).astype(DTYPES[arithmetic])


def make_recording(
    frames: Frames, channels: tuple[Channel, ...], arithmetic: Arithmetic, framer: Framer | None = None
) -> Recording:
    """Frames with their schedule of actions. The phase is the time, a turn an hour."""
    time_ms = np.cumsum(frames.dt_ms, dtype=np.uint64)
    phase = ((time_ms << np.uint64(32)) // np.uint64(3_600_000)).astype(np.uint32)
    values = quantised(frames.values, channels, arithmetic)
    return Recording(arithmetic, values, frames.dt_ms, phase, schedule(len(frames.values), framer))
