"""One recording: frames in the order of time, with what is known about each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd


@dataclass(frozen=True)
class Recording:
    """Frames of one machine, in the order of time.

    Attributes:
        name: what it is called, unique within its set.
        frames: one row a frame, one column a channel or feature; float64, finite. Of a waveform, a sample each.
        labels: int8, one a frame, 1 = anomalous; None if the set has no labels.
        frame_rate: frames a second, nominal; None if frames are not equally spaced.
        dt_ms: uint32, milliseconds since the frame before, 0 for the first; None if not known.
        sample_rate: of the raw signal, Hz; None for sensors that give frames themselves.
        raw: float32, (frames, samples) or (frames, samples, axes), what each frame was computed from; None if not kept.
        truth: further columns of one value a frame that no detector may see, such as a fault's severity.
        about: what holds for the whole recording, such as the fault and the speed. No detector may see it either.
    """

    name: str
    frames: pd.DataFrame
    labels: npt.NDArray[np.int8] | None = None
    frame_rate: float | None = None
    dt_ms: npt.NDArray[np.uint32] | None = None
    sample_rate: float | None = None
    raw: npt.NDArray[np.float32] | None = None
    truth: pd.DataFrame = field(default_factory=pd.DataFrame)
    about: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Checks that everything has one entry a frame."""
        for what, values in (("labels", self.labels), ("dt_ms", self.dt_ms), ("raw", self.raw)):
            if values is not None and len(values) != len(self.frames):
                raise ValueError(f"{self.name}: {len(values)} {what} for {len(self.frames)} frames")

    def __len__(self) -> int:
        """Number of frames."""
        return len(self.frames)

    @property
    def array(self) -> npt.NDArray[np.float32]:
        """The frames as a C-contiguous float32 array of shape (frames, channels), as twinbit takes them."""
        return np.ascontiguousarray(self.frames.to_numpy(dtype=np.float32))

    @property
    def signal(self) -> npt.NDArray[np.float32]:
        """The samples one after the other, (samples, axes), as a framer takes them: those of `raw`, else the frames.

        Where `window` is not None, only that many samples belong together.
        """
        if self.raw is None:
            return self.array
        axes = self.raw.shape[2] if self.raw.ndim == 3 else 1
        return np.ascontiguousarray(self.raw.reshape(-1, axes))

    @property
    def window(self) -> int | None:
        """Samples of each window in `raw`, between which time is missing; None if the signal has no such seams."""
        return None if self.raw is None else int(self.raw.shape[1])
