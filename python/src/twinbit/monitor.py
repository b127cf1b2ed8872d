"""The monitor: learns what is normal from the first frames of a stream, then scores each frame and raises alarms."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from twinbit import _core, model
from twinbit.errors import ImageError, TwinbitError
from twinbit.frames import Frames, FramesLike, as_frames, check_channels
from twinbit.monitor_fleet import Fleet
from twinbit.monitor_loop import Loop, attach
from twinbit.recipe import Cost, Recipe, as_recipe
from twinbit.recipe_detectors import title
from twinbit.results import to_table
from twinbit.times import Clock, phase_words
from twinbit.units import STATES, octaves
from twinbit.windows import whole_frames

__all__ = ["Monitor"]


class Monitor(Fleet, Loop):
    """A stream of frames in, scores and alarms out. High score = anomalous.

    A monitor goes through the states scaling, learning, calibrating, monitoring; the recipe says for how many frames
    each. With a policy in the recipe it may also be drifting, when normal has moved. It serves one thread at a time:
    concurrent use raises RuntimeError.

    Args:
        recipe: a `Recipe`, the name of one (``kmeans``, ``elm``, ``bank`` ...) or a file.
        learn: for a recipe without channels: how much of the first frames learns, as an int number of frames or a
            share below 1. The recipe is then fitted to the first frames that `run` or `step` gets.

    >>> rng = np.random.default_rng(0)
    >>> frames = rng.normal(size=(500, 3)).astype(np.float32)
    >>> frames[450:] += 8
    >>> monitor = Monitor("kmeans", learn=400)
    >>> table = monitor.run(frames)
    >>> monitor.state, bool(table.alarm[:450].any()), bool(table.alarm[460:].all())
    ('monitoring', False, True)
    """

    step_one: Any
    """step_one(frame) -> Result: one frame, an array, list or tuple of numbers, through the stream. The fast way."""
    score_one: Any
    """score_one(frame) -> float: the raw score of one frame in octaves. Nothing moves."""
    learn_one: Any
    """learn_one(frame): the detector learns one frame, whatever the state."""

    def __init__(self, recipe: Recipe | str | Path = "kmeans", learn: float | None = None) -> None:
        self._recipe = as_recipe(recipe)
        self._learn = learn
        self._clock = Clock(None)
        self._core: _core.Monitor | None = None
        if self._recipe.is_fitted and learn is None:
            self._start(self._recipe)

    def _start(self, recipe: Recipe) -> _core.Monitor:
        core = _core.Monitor(recipe.to_bytes())
        attach(core, recipe.policy.attached if recipe.policy else ())
        self._recipe, self._core, self._clock = recipe, core, Clock(recipe.period, carry=recipe.framer is not None)
        # bound methods of the core itself: a Python layer around them would cost as much as they do
        self.step_one, self.score_one, self.learn_one = core.step_one, core.score_one, core.learn_one
        return core

    def __getattr__(self, name: str) -> Any:
        if name in ("step_one", "score_one", "learn_one"):
            self._ready()
        raise AttributeError(f"Monitor has no attribute {name!r}")

    def _frames(self, frames: FramesLike) -> Frames:
        given = as_frames(frames, self._recipe.input.names)
        if self._core is None:
            self._start(self._recipe.fit(given, self._learn))
        return check_channels(given, self._recipe.input.names)

    # ---- the stream

    def step(
        self, frames: FramesLike, dt: npt.ArrayLike | None = None, phase: npt.ArrayLike | None = None
    ) -> npt.NDArray[np.void]:
        """Frames through the stream; results as the core gives them.

        With a framer these are samples, (samples, axes), and there is a result for each window that they complete;
        windows go on from call to call. `step_frames` also tells which samples those were.

        In: frames, (frames, channels); float32, int32 and int16 arrays in C order are not copied. dt: seconds since
        the frame before, one for each frame; None takes them from a DatetimeIndex, else from the recipe's period.
        phase: position in a cycle in turns, 0 to 1, one for each frame. Where a detector wants the time of day, None
        takes it from a DatetimeIndex, else from the recipe's period, from the first frame on.
        Returns a structured array, a field for each of tb_result's; scores are octaves * 65536.
        Raises ShapeError, MissingValueError, NotFiniteError; the monitor is then as it was before.
        """
        return self.step_frames(frames, dt, phase)[0]

    def step_frames(
        self, frames: FramesLike, dt: npt.ArrayLike | None = None, phase: npt.ArrayLike | None = None
    ) -> tuple[npt.NDArray[np.void], npt.NDArray[np.intp]]:
        """As `step`, with the number of each result's frame; with a framer, of the sample that completed it."""
        given = self._frames(frames)
        times, clock = self._clock.times(given, dt)
        if times is None:
            self._recipe.check_untimed()
        if phase is None and self._recipe.takes_clock:
            phase = self._clock.turns(given)
        if self._recipe.framer is None:
            results, at = self._ready().step_many(given.data, times, phase_words(phase)), np.arange(len(given))
        else:
            results, found = self._ready().stream(given.data, times, phase_words(phase))
            at = found.astype(np.intp)
        self._clock = clock
        return results, at

    def run(
        self, frames: FramesLike, dt: npt.ArrayLike | None = None, phase: npt.ArrayLike | None = None
    ) -> pd.DataFrame:
        """Frames through the stream; results as a table with the index of `frames`.

        With a framer these are samples, and each row has the index of the last sample of its window.

        Arguments and errors as for `step`.
        Returns columns score, smoothed, threshold (octaves, NaN where there is none yet), over, alarm, state,
        similarity (100 = typical, 50 = at the threshold), skipped, held, clipped; with a policy also drift (one is told
        with this frame), ask (a candidate waits), taken (a new normal took over).
        """
        given = self._frames(frames)
        results, at = self.step_frames(given, dt, phase)
        index = given.index if self._recipe.framer is None else given.index[at]
        return to_table(results, index, self._recipe.policy is not None)

    def score(self, frames: FramesLike, phase: npt.ArrayLike | None = None) -> pd.Series[float]:
        """The raw score of each frame in octaves, without smoothing. Nothing moves.

        With a framer these are samples, cut into windows from the first one on; so they are for `learn` and `explain`.
        Raises StateError before the detector has learned; MissingValueError for any missing value.
        """
        data, turns, index = whole_frames(self._recipe, frames, phase)
        return pd.Series(octaves(self._ready().score_many(data, turns)), index=index, name="score")

    def learn(self, frames: FramesLike, phase: npt.ArrayLike | None = None) -> Monitor:
        """The detector learns each frame, whatever the state and the score. The scaler must be frozen.

        Raises StateError while scaling; RangeError where sums are full or an autoencoder's patience has ended.
        """
        data, turns, _ = whole_frames(self._recipe, frames, phase)
        self._ready().learn_many(data, turns)
        return self

    def explain(self, frames: FramesLike, phase: npt.ArrayLike | None = None) -> pd.DataFrame:
        """Each feature's share of a frame's score; a row adds up to 1. Shares may be negative (Mahalanobis)."""
        data, turns, index = whole_frames(self._recipe, frames, phase)
        shares = self._ready().explain_many(data, turns)
        return pd.DataFrame(octaves(shares), index=index, columns=list(self._recipe.features))

    # ---- where it stands

    @property
    def state(self) -> str:
        """``scaling``, ``learning``, ``calibrating`` or ``monitoring``; with a policy also ``drifting``."""
        return STATES[self._core.state] if self._core else STATES[0]

    @property
    def frames(self) -> int:
        """Frames that the stream has seen, skipped ones too."""
        return self.header()["frames"] if self._core else 0

    @property
    def channels(self) -> Sequence[str]:
        """Names of the channels."""
        return self._recipe.input.names

    def header(self) -> dict[str, int]:
        """The fields of the image's header, by name."""
        return _core.inspect(self._ready().raw())[1]

    def cost(self) -> Cost:
        """Memory in bytes, on every target."""
        self._ready()
        return self._recipe.cost()

    def recalibrate(self) -> None:
        """Forgets the threshold and calibrates with the next frames; what was learned stays."""
        self._ready().recalibrate()

    # ---- what was learned

    def load_image(self, image: bytes, raw: bool = False, candidate: bytes = b"", good: bytes = b"") -> Monitor:
        """Takes over an image. raw also takes the memory of a running device, which is not sealed.

        In: candidate and good, what `candidate_image` and `good_image` gave, or tb_save_attached() on a device.
        Raises ImageError or DamagedImageError; the monitor is then as it was before.
        """
        self._load(model.Model(self._recipe, bytes(image), bytes(candidate), bytes(good)), raw)
        return self

    def set_policy(self, image: bytes, raw: bool = False) -> Monitor:
        """As `load_image`, for an image with other thresholds or k of n: this monitor's recipe replaces them."""
        self._ready().set_policy(bytes(image), raw)
        return self

    # ---- files

    def to_bytes(self) -> bytes:
        """Recipe and sealed images as the bytes of a model file: of a candidate and the last good model, too."""
        return model.pack(self._saved())

    @classmethod
    def from_bytes(cls, data: bytes) -> Monitor:
        """A monitor from the bytes of a model file. Raises ImageError or DamagedImageError."""
        return cls._of(model.unpack(bytes(data)))

    def save(self, path: str | Path) -> None:
        """Writes recipe and sealed images to a model file; it is the old or the new one, never half."""
        model.write(self._saved(), path)

    @classmethod
    def load(cls, path: str | Path) -> Monitor:
        """A monitor from a model file. Errors name the file."""
        try:
            return cls._of(model.read(path))
        except TwinbitError as error:
            if str(path) in str(error):
                raise
            raise ImageError(f"{path}: {error}", error.status) from error

    @classmethod
    def _of(cls, saved: model.Model) -> Monitor:
        monitor = cls(saved.recipe)
        monitor._load(saved)
        return monitor

    def __reduce__(self) -> tuple[Any, ...]:
        if self._core is None:
            return Monitor, (self._recipe, self._learn)
        return Monitor._resumed, (self.to_bytes(), self._clock, self._core.told)

    @classmethod
    def _resumed(cls, data: bytes, clock: Clock, told: int) -> Monitor:
        """A monitor that goes on where another one stood, in time, too."""
        monitor = cls.from_bytes(data)
        monitor._clock, monitor._ready().told = clock, told
        return monitor

    def __repr__(self) -> str:
        detector = title(self._recipe.detector)
        size = f", image {self.cost().image} bytes" if self._core else ""
        return (
            f"Monitor({self._recipe.name}: {detector}, {self._recipe.arithmetic}, {len(self.channels)} channels, "
            f"{self.state}{size})"
        )
