"""The host's side of a parity run: the same script through the Python bindings, written down as a runner does it."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from twinbit import _core
from twinbit.errors import TwinbitError
from twinbit.recipe import Recipe
from twinbit.recipe_bytes import pack as pack_recipe

from .compare import pack
from .script import PRUNE_KEEP, Action, Record, Recording

IMAGE_PIECE = 256


def fnv1a(data: bytes) -> int:
    """FNV-1a, 32 bits."""
    value = 2166136261
    for byte in data:
        value = ((value ^ byte) * 16777619) & 0xFFFFFFFF
    return value


class Replay:
    """Takes a recording through a monitor of this process and collects the records.

    Args:
        recipe: a fitted recipe.
        recording: values and actions.
    """

    def __init__(self, recipe: Recipe, recording: Recording) -> None:
        self.recipe = pack_recipe(recipe)
        self.recording = recording
        self.records: list[bytes] = []
        self.monitor = _core.Monitor(self.recipe)
        self.kept = b""
        self.window = recipe.framer.window if recipe.framer else 1

    def run(self) -> bytes:
        """The bytes of results.bin."""
        self._call(0, Record.SELFTEST, lambda: _core.selftest(self.recipe))
        self.records.append(pack(0, Record.INIT, 0, struct.pack("<I", _core.sizes(self.recipe)[0])))
        stops = np.flatnonzero(self.recording.actions) + 1
        first = 0
        for stop in [*map(int, stops), len(self.recording.values)]:
            self._steps(first, stop)
            if stop > first:
                self._actions(stop - 1)
            first = stop
        image = self.monitor.save()
        for at in range(0, len(image), IMAGE_PIECE):
            piece = image[at : at + IMAGE_PIECE]
            self.records.append(pack(len(self.recording.values), Record.IMAGE, 0, piece))
        return b"".join(self.records)

    def _steps(self, first: int, stop: int) -> None:
        r = self.recording
        if stop > first:
            results = self.monitor.step_many(r.values[first:stop], dt=r.dt_ms[first:stop], phase=r.phase[first:stop])
            for frame, result in enumerate(results, first):
                self.records.append(pack(frame, Record.STEP, 0, result.tobytes()))

    def _call(self, frame: int, kind: Record, call: Callable[[], object]) -> None:
        status = 0
        try:
            call()
        except TwinbitError as error:
            status = error.status
        self.records.append(pack(frame, kind, status))

    def _look(self, frame: int, kind: Record, call: Callable[[], bytes], size: int) -> None:
        status, payload = 0, bytes(size)
        try:
            payload = call()
        except TwinbitError as error:
            status = error.status
        self.records.append(pack(frame, kind, status, payload))

    def _whole(self, frame: int) -> npt.NDArray[Any]:
        """The last samples, as many as a whole frame has; zeros where there were none yet."""
        recorded = self.recording.values
        values = recorded[max(0, frame + 1 - self.window) : frame + 1]
        missing = np.zeros((self.window - len(values), recorded.shape[1]), dtype=recorded.dtype)
        return np.concatenate([missing, values])

    def _actions(self, frame: int) -> None:
        """In the order of embedded/runner/main.c."""
        todo, m = Action(int(self.recording.actions[frame])), self.monitor
        values, phase = self._whole(frame), self.recording.phase[frame : frame + 1]
        if Action.SCORE in todo:
            self._look(frame, Record.SCORE, lambda: m.score_many(values, phase=phase).tobytes(), 4)
        if Action.SCORE_FLOAT in todo:
            floats = values if self.recording.arithmetic == "f32" else values.astype(np.float32) * np.float32(2.0**-8)
            self._look(frame, Record.SCORE_FLOAT, lambda: m.score_many(floats, phase=phase).tobytes(), 4)
        if Action.EXPLAIN in todo:
            size = 4 * m.features
            self._look(frame, Record.EXPLAIN, lambda: m.explain_many(values, phase=phase).tobytes(), size)
        if Action.LEARN in todo:
            self._call(frame, Record.LEARN, lambda: m.learn_many(values, phase=phase))
        if Action.EPOCH in todo:
            self._call(frame, Record.EPOCH, m.new_epoch)
        self._image_actions(frame, todo)

    def _image_actions(self, frame: int, todo: Action) -> None:
        if Action.KEEP in todo:
            self.kept = self.monitor.save()
            self.records.append(pack(frame, Record.KEEP, 0))
        if Action.RESTORE in todo:
            self.monitor = _core.Monitor(self.recipe)
            self._call(frame, Record.RESTORE, lambda: self.monitor.load(self.kept))
        if Action.MERGE in todo:
            self._call(frame, Record.MERGE, lambda: self.monitor.merge(self.kept))
        if Action.UNMERGE in todo:
            self._call(frame, Record.UNMERGE, lambda: self.monitor.unmerge(self.kept))
        if Action.RECALIBRATE in todo:
            self._call(frame, Record.RECALIBRATE, self.monitor.recalibrate)
        if Action.PRUNE in todo:
            self._call(frame, Record.PRUNE, lambda: self.monitor.prune(PRUNE_KEEP))
        if Action.DIGEST in todo:
            self.records.append(pack(frame, Record.DIGEST, 0, struct.pack("<I", fnv1a(self.monitor.raw()))))


def host_results(recipe: Recipe, recording: Recording) -> bytes:
    """What a runner must write, byte for byte."""
    return Replay(recipe, recording).run()
