"""The recording that a runner reads: values and what is done after each frame. As in embedded/runner/script.h."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import Any

import numpy as np
import numpy.typing as npt

from twinbit.recipe_framer import Framer

MAGIC = 0x43524254
PRUNE_KEEP = 4
"""Hidden units that Action.PRUNE leaves."""
CANDIDATE, GOOD = 0, 1  # attached images, as TB_CANDIDATE and TB_GOOD
KINDS = {"f32": 1, "q31": 2, "q15": 3}  # F32 takes floats, Q31 int32 counts, Q15 int16 counts
DTYPES: dict[str, type[np.generic]] = {"f32": np.float32, "q31": np.int32, "q15": np.int16}


class Action(IntFlag):
    """What is done after a frame's step, in this order."""

    SCORE = 1
    SCORE_FLOAT = 2
    EXPLAIN = 4
    LEARN = 8
    EPOCH = 16
    KEEP = 32
    RESTORE = 64
    MERGE = 128
    UNMERGE = 256
    RECALIBRATE = 512
    DIGEST = 1024
    PRUNE = 2048
    ROLLBACK = 4096
    UNLEARN = 8192
    FORGET = 16384
    NOT_A_FAULT = 32768
    FAULT = 65536
    HOLD = 131072
    RELEASE = 262144
    EVENTS = 524288
    HEALTH = 1048576


class Record(IntEnum):
    """Kinds of records that a runner writes."""

    SELFTEST = 1
    INIT = 2
    STEP = 3
    SCORE = 4
    SCORE_FLOAT = 5
    EXPLAIN = 6
    LEARN = 7
    EPOCH = 8
    KEEP = 9
    RESTORE = 10
    MERGE = 11
    UNMERGE = 12
    RECALIBRATE = 13
    DIGEST = 14
    IMAGE = 15
    PRUNE = 16
    ROLLBACK = 17
    UNLEARN = 18
    FORGET = 19
    FEEDBACK = 20
    EVENTS = 21
    LOST = 22
    HEALTH = 23
    KEEP_ATTACHED = 24
    RESTORE_ATTACHED = 25
    CANDIDATE = 26
    GOOD = 27
    DRIFT = 28
    DRIFT_STATE = 29
    LOOP = 30


@dataclass(frozen=True)
class Recording:
    """Frames for one arithmetic.

    Attributes:
        arithmetic: "f32", "q15" or "q31".
        values: (frames, channels), of the dtype of the arithmetic.
        dt_ms: (frames,), milliseconds since the frame before, 0 = not known.
        phase: (frames,), a turn is 2^32.
        actions: (frames,), bits of Action.
        attached: images that the monitor is given beside its own: bits of 1 << CANDIDATE and 1 << GOOD.
        vectors: drift detectors that take whole frames where they stand alone, a bit each; others take channel 0.
    """

    arithmetic: str
    values: npt.NDArray[Any]
    dt_ms: npt.NDArray[np.uint32]
    phase: npt.NDArray[np.uint32]
    actions: npt.NDArray[np.uint32]
    attached: int = 0
    vectors: int = 0

    def to_bytes(self) -> bytes:
        """recording.bin."""
        frames, channels = self.values.shape
        body = np.empty((frames, 3 + channels), dtype="<u4")
        body[:, 0] = self.actions
        body[:, 1] = self.dt_ms
        body[:, 2] = self.phase
        wide = self.values if self.arithmetic == "f32" else self.values.astype(np.int32)
        body[:, 3:] = wide.view(np.uint32)
        head = [MAGIC, KINDS[self.arithmetic], channels, frames, self.attached, self.vectors]
        return np.array(head, dtype="<u4").tobytes() + body.tobytes()


def phases(frames: int) -> tuple[int, int, int]:
    """Frames for scaling, learning and calibrating: 3 %, 10 % and 10 % of a recording."""
    return max(frames * 3 // 100, 8), max(frames // 10, 16), max(frames // 10, 16)


def schedule(samples: int, framer: Framer | None = None) -> npt.NDArray[np.uint32]:
    """Which actions follow which sample: what `of_frames` says of the frame that it completes.

    With a framer an image is also saved, wiped and loaded in the middle of a window.
    """
    if framer is None:
        return of_frames(samples)
    frames = framer.frames(samples)
    actions = np.zeros(samples, dtype=np.uint32)
    actions[framer.window - 1 :: framer.hop] = of_frames(frames)
    between = framer.window - 1 + framer.hop * (frames // 2) + framer.hop // 2
    actions[between] |= np.uint32(Action.KEEP | Action.RESTORE | Action.DIGEST)
    return actions


def of_frames(frames: int) -> npt.NDArray[np.uint32]:
    """Which actions follow which frame: looks all the time, and each way to change the state at least once.

    In the middle of learning, two frames after it (where a detector may still be deriving its model, a part a frame)
    and at 1/2 the image is saved, wiped and loaded. At 6/10 an epoch begins, in which frames are also learned by force;
    its image is kept, merged later, taken out again; then the threshold is forgotten and found anew, and last the
    detector is pruned.
    """
    actions = np.zeros(frames, dtype=np.uint32)

    def at(where: int | slice | list[int], action: Action) -> None:
        actions[where] |= np.uint32(action)

    def share(percent: int) -> int:
        return frames * percent // 100

    scaling, learning, _ = phases(frames)
    at(slice(24, None, 25), Action.SCORE | Action.EXPLAIN)
    at(slice(49, None, 50), Action.SCORE_FLOAT)
    at(slice(39, None, 40), Action.LEARN)
    at(slice(99, None, 100), Action.DIGEST)
    at([scaling + learning // 2, scaling + learning + 2, share(50)], Action.KEEP | Action.RESTORE | Action.DIGEST)
    at(share(60), Action.EPOCH)
    at(slice(share(60), share(62)), Action.LEARN)
    at(share(65), Action.KEEP)
    at(share(82), Action.MERGE | Action.DIGEST)
    at(share(83), Action.UNMERGE | Action.DIGEST)
    at(share(84), Action.RECALIBRATE)
    at(share(90), Action.PRUNE | Action.DIGEST)
    return actions
