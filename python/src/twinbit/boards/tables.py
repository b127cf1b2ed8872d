"""Records of a network (nslkdd), and a phone in a car (driver): a training part and a test part of labelled rows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from twinbit.boards import recipes
from twinbit.boards.case import Case, Problem, Stream, Truth
from twinbit.boards.suite import Judged, Result, Suite
from twinbit.boards.versus import judge_groups
from twinbit.datasets import Recording, load, parts

__all__ = ["DRIVER", "NSLKDD"]

SKEWED = 2.0  # size of the skewness of a column's normal training rows above which it becomes log(1 + x)
BLOCK = 30.0  # seconds of a trip that learn, then as many that are scored, and so on

Mask = npt.NDArray[np.bool_]


def _skewed(rows: npt.NDArray[np.float64]) -> Mask:
    """Columns whose distribution has a long tail."""
    spread = rows.std(axis=0)
    centred = (rows - rows.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    return np.asarray((np.abs((centred**3).mean(axis=0)) > SKEWED) & (rows.min(axis=0) >= 0))


def nslkdd(root: Path) -> list[Problem]:
    """The normal rows of the training part learn; the test part is scored row by row."""
    train, test = (load(part, root) for part in ("nslkdd/train", "nslkdd/test"))
    rows = np.concatenate([it.frames.to_numpy(np.float64)[_normal(it)] for it in train])
    skewed = _skewed(rows)

    def frames(values: npt.NDArray[np.float64]) -> Stream:
        return Stream(np.ascontiguousarray(np.where(skewed, np.log1p(np.maximum(values, 0)), values), dtype=np.float32))

    scored = {it.name: frames(it.frames.to_numpy(np.float64)) for it in test}
    truth = {it.name: Truth(~_normal(it)) for it in test}
    channels = tuple(map(str, train[0].frames.columns))
    return [Problem(Case("test", [frames(rows)], scored, channels, {"kind": "nslkdd"}), truth)]


def _normal(recording: Recording) -> Mask:
    if recording.labels is None:
        return np.ones(len(recording), dtype=bool)
    return np.asarray(recording.labels == 0)


def _pieces(stream: Stream, chosen: Mask) -> list[Stream]:
    """The runs of chosen rows."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], chosen.astype(int), [0]])))
    return [stream.part(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _trip(recording: Recording) -> Problem:
    dt = recording.dt_ms if recording.dt_ms is not None else np.zeros(len(recording), dtype=np.uint32)
    sensors = [name for name in recording.frames.columns if str(name).startswith("a")]  # the accelerometer
    values = np.ascontiguousarray(recording.frames[sensors].to_numpy(dtype=np.float32))
    stream, normal = Stream(values, dt / 1_000.0), _normal(recording)
    learned = ((np.cumsum(dt) / 1_000.0 // BLOCK) % 2 == 0) & normal
    setting = {"rate": recording.sample_rate, "kind": "driver"}
    channels = tuple(map(str, sensors))
    case = Case(recording.name, _pieces(stream, learned), {"trip": stream}, channels, setting)
    return Problem(case, {"trip": Truth(~normal, {"counted": ~learned})})


def driver(root: Path) -> list[Problem]:
    """Each trip: normal samples of every other block learn; the whole trip is scored, what was learned not counted."""
    return [_trip(recording) for part in parts("driver_behavior", root) for recording in load(part, root)]


def _judge_nslkdd(judged: Judged) -> Result:
    return judge_groups(judged, 0.9)


def _judge_driver(judged: Judged) -> Result:
    return judge_groups(judged, 0.99)


NSLKDD = Suite(
    "nslkdd",
    "nslkdd",
    "normal rows of the training part learn; AUC on the test part",
    recipes.nslkdd,
    nslkdd,
    _judge_nslkdd,
)
DRIVER = Suite(
    "driver", "driver_behavior", "normal samples of every other 30 s learn; aggressive events against the rest",
    recipes.driver, driver, _judge_driver,
)  # fmt: skip
