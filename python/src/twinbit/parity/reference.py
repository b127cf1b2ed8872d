"""The host's side of a parity run: the same script through the Python bindings, written down as a runner does it."""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from twinbit import _core
from twinbit.errors import TwinbitError
from twinbit.recipe import Recipe
from twinbit.recipe_bytes import pack as pack_recipe

from .compare import pack
from .loop import drift_parts
from .script import CANDIDATE, GOOD, PRUNE_KEEP, Action, Record, Recording

IMAGE_PIECE = 256
EVENTS_MAX = 16
LOOP = struct.Struct("<IIiI5B3x")
LOOP_FIELDS = ("since", "over", "creep", "blocks", "held", "asked", "muted", "candidate", "good")


def loop_bytes(fields: dict[str, int]) -> bytes:
    """tb_loop as it lies in memory."""
    return LOOP.pack(*(fields[name] for name in LOOP_FIELDS))


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
        self.attached = [which for which in (CANDIDATE, GOOD) if recording.attached & 1 << which]
        self.monitor = self._joined()
        self.kept = b""
        self.kept_attached: dict[int, bytes] = {}
        self.window = recipe.framer.window if recipe.framer else 1
        self.alone = [_core.Drift(*part) for part in drift_parts(recipe, recording)]
        self.told = [self._tell(drift, index) for index, drift in enumerate(self.alone)]

    def _joined(self) -> _core.Monitor:
        """A fresh monitor with the images that it is given."""
        monitor = _core.Monitor(self.recipe)
        for which in self.attached:
            monitor.attach(which)
        return monitor

    def _tell(self, drift: _core.Drift, index: int) -> npt.NDArray[np.bool_]:
        """Where a drift detector by itself tells a drift."""
        values = self.recording.values
        wide = values if values.dtype == np.float32 else values.astype(np.int32)
        whole = self.recording.vectors & 1 << index
        told: npt.NDArray[np.bool_] = drift.update_many(wide if whole else np.ascontiguousarray(wide[:, 0]))
        return told

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
        end = len(self.recording.values)
        for which in self.attached:
            kind = (Record.CANDIDATE, Record.GOOD)[which]
            try:
                self._pieces(end, kind, self.monitor.save_attached(which))
            except TwinbitError as error:
                self.records.append(pack(end, kind, error.status))
        self._pieces(end, Record.IMAGE, self.monitor.save())
        for drift in self.alone:
            self._pieces(end, Record.DRIFT_STATE, drift.state)
        return b"".join(self.records)

    def _pieces(self, frame: int, kind: Record, image: bytes) -> None:
        for at in range(0, len(image), IMAGE_PIECE):
            self.records.append(pack(frame, kind, 0, image[at : at + IMAGE_PIECE]))

    def _steps(self, first: int, stop: int) -> None:
        r = self.recording
        if stop > first:
            results = self.monitor.step_many(r.values[first:stop], dt=r.dt_ms[first:stop], phase=r.phase[first:stop])
            for frame, result in enumerate(results, first):
                self.records.append(pack(frame, Record.STEP, 0, result.tobytes()))
                for index, told in enumerate(self.told):
                    if told[frame]:
                        self.records.append(pack(frame, Record.DRIFT, 0, struct.pack("<I", index)))

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
            self._keep(frame)
        if Action.RESTORE in todo:
            self._restore(frame)
        if Action.MERGE in todo:
            self._call(frame, Record.MERGE, lambda: self.monitor.merge(self.kept))
        if Action.UNMERGE in todo:
            self._call(frame, Record.UNMERGE, lambda: self.monitor.unmerge(self.kept))
        if Action.RECALIBRATE in todo:
            self._call(frame, Record.RECALIBRATE, self.monitor.recalibrate)
        if Action.PRUNE in todo:
            self._call(frame, Record.PRUNE, lambda: self.monitor.prune(PRUNE_KEEP))
        self._loop_actions(frame, todo)
        if Action.DIGEST in todo:
            images = [self.monitor.raw(), *(self.monitor.raw_attached(which) for which in self.attached)]
            self.records.append(pack(frame, Record.DIGEST, 0, struct.pack(f"<{len(images)}I", *map(fnv1a, images))))

    def _keep(self, frame: int) -> None:
        for which in self.attached:
            self.kept_attached.pop(which, None)
            status = 0
            try:
                self.kept_attached[which] = self.monitor.save_attached(which)
            except TwinbitError as error:
                status = error.status
            self.records.append(pack(frame, Record.KEEP_ATTACHED, status, struct.pack("<I", which)))
        self.kept = self.monitor.save()
        self.records.append(pack(frame, Record.KEEP, 0))

    def _restore(self, frame: int) -> None:
        self.monitor = self._joined()
        self.monitor.load(self.kept)
        for which, kept in self.kept_attached.items():
            self.monitor.load_attached(which, kept)
            self.records.append(pack(frame, Record.RESTORE_ATTACHED, 0, struct.pack("<I", which)))
        self.records.append(pack(frame, Record.RESTORE, 0))

    def _loop_actions(self, frame: int, todo: Action) -> None:
        """In the order of embedded/runner/loop.c."""
        m = self.monitor
        calls: list[tuple[Action, Record, Callable[[], None]]] = [
            (Action.ROLLBACK, Record.ROLLBACK, m.rollback),
            (Action.UNLEARN, Record.UNLEARN, lambda: m.unlearn(1)),
            (Action.FORGET, Record.FORGET, m.forget),
        ]
        words = (Action.NOT_A_FAULT, Action.FAULT, Action.HOLD, Action.RELEASE)
        calls += [(action, Record.FEEDBACK, partial(m.feedback, word)) for word, action in enumerate(words)]
        for action, record, call in calls:
            if action in todo:
                self._call(frame, record, call)
        if Action.EVENTS in todo:
            events, lost = m.events()
            self.records.append(pack(frame, Record.EVENTS, 0, events[-EVENTS_MAX * 16 :]))
            self.records.append(pack(frame, Record.LOST, 0, struct.pack("<I", lost)))
        if Action.HEALTH in todo:
            self._look(frame, Record.HEALTH, m.health_raw, 32)
            self._look(frame, Record.LOOP, lambda: loop_bytes(m.loop()), LOOP.size)


def host_results(recipe: Recipe, recording: Recording) -> bytes:
    """What a runner must write, byte for byte."""
    return Replay(recipe, recording).run()
