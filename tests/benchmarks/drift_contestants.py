"""Drift detectors side by side: twinbit's in this process, River's and frouros' in environments of their own."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import time
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from twinbit.drift import KS, Adwin, PageHinkley
from twinbit.drift_base import ScoreDrift

HERE = Path(__file__).resolve().parent
BUILD = HERE.parents[1] / "build"
LIBRARIES = ("river", "frouros")

Streams = npt.NDArray[np.float32]
Told = list[npt.NDArray[np.bool_]]


class Library(Protocol):
    """What every library can do with its detector of one name."""

    def told(self, name: str, parameter: float, streams: Streams) -> Told:
        """Which values of each stream, (streams, values), told a drift."""

    def time(self, name: str, parameter: float, values: Streams) -> tuple[float, int | None]:
        """Nanoseconds of processor time an update, once, and bytes of the detector's state afterwards."""


@dataclass(frozen=True)
class Contestant:
    """A detector whose parameter is tuned to a rate of false alarms; all else stays as it is.

    Attributes:
        family: the two contestants of one family are compared.
        library: twinbit, river or frouros.
        name: of the detector in that library.
        low: where to look for its parameter, on a logarithmic scale: from here,
        high: up to here.
        eager: whether a higher parameter alarms more often.
        traced: a test of p-values, for which one run serves all parameters; the window that must fill after a drift.
    """

    family: str
    library: str
    name: str
    low: float
    high: float
    eager: bool
    traced: int = 0


def pair(family: str, ours: str, library: str, theirs: str, low: float, high: float) -> tuple[Contestant, Contestant]:
    """A peer and ours. Thresholds alarm less often the higher they are; all else is a probability."""
    eager, traced = not theirs.startswith("Page"), 100 if theirs == "KSWIN" else 0
    peer = Contestant(f"{family}, {library}", library, theirs, low, high, eager, traced)
    return peer, Contestant(peer.family, "twinbit", ours, low, high, eager)


CONTESTANTS = (
    *pair("Page-Hinkley", "PageHinkley", "river", "PageHinkley", 1.0, 1e3),
    *pair("Page-Hinkley upwards", "PageHinkleyUp", "frouros", "PageHinkley", 1.0, 1e3),
    *pair("ADWIN", "Adwin", "river", "ADWIN", 1e-9, 0.99),
    *pair("ADWIN", "Adwin", "frouros", "ADWIN", 1e-9, 0.99),
    *pair("Kolmogorov-Smirnov", "KS", "river", "KSWIN", 1e-9, 0.1),
    *pair("Kolmogorov-Smirnov", "KS", "frouros", "KSWIN", 1e-9, 0.1),
)
"""Each peer, and ours after it, which is tuned to its rate."""

MAKERS: dict[str, Callable[[float], ScoreDrift]] = {
    "PageHinkley": lambda parameter: PageHinkley(threshold=parameter, delta=0.25),
    "PageHinkleyUp": lambda parameter: PageHinkley(threshold=parameter, delta=0.25, mode="up"),
    "Adwin": lambda parameter: Adwin(delta=parameter),
    "KS": lambda parameter: KS(alpha=parameter),
}


class Ours:
    """twinbit, in batches."""

    def told(self, name: str, parameter: float, streams: Streams) -> Told:
        """One call a stream."""
        return [MAKERS[name](parameter).update_many(values) for values in streams]

    def time(self, name: str, parameter: float, values: Streams) -> tuple[float, int | None]:
        """One call a stream."""
        detector = MAKERS[name](parameter)
        gc.collect()
        begin = time.process_time()
        for row in values:
            detector.update_many(row)
        return (time.process_time() - begin) / values.size * 1e9, detector.size


def environment(library: str) -> Path:
    """The Python of a library's environment in build/, made when it is not there yet."""
    folder = BUILD / f"drift-{library}"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    done = folder / "installed"
    wanted = (HERE / f"drift_{library}.txt").read_text(encoding="utf-8")
    if not done.exists() or done.read_text(encoding="utf-8") != wanted:
        print(f"installing {library} in {folder}", file=sys.stderr, flush=True)
        venv.create(folder, clear=True, with_pip=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "-r", str(HERE / f"drift_{library}.txt")]
        subprocess.run(pip, check=True)
        done.write_text(wanted, encoding="utf-8")
    return python


class Peer:
    """A library in an environment of its own, asked by a pipe."""

    def __init__(self, library: str, folder: Path) -> None:
        self._library, self._folder = library, folder
        command = [str(environment(library)), str(HERE / "drift_worker.py"), library]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def _ask(self, do: str, name: str, parameter: float, streams: Streams) -> dict[str, Any]:
        file = self._folder / f"{self._library}.npy"
        np.save(file, streams)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        request = {"do": do, "detector": name, "parameter": parameter, "streams": str(file)}
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._library} ended; its error stands above")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def told(self, name: str, parameter: float, streams: Streams) -> Told:
        """A loop of `update` over each stream."""
        masks = [np.zeros(len(values), np.bool_) for values in streams]
        for mask, found in zip(masks, self._ask("told", name, parameter, streams)["told"], strict=True):
            mask[found] = True
        return masks

    def trace(self, name: str, streams: Streams) -> npt.NDArray[np.float64]:
        """The p-value of each value's test, (streams, values)."""
        found: npt.NDArray[np.float64] = np.load(self._ask("trace", name, 0.0, streams)["trace"])
        return found

    def time(self, name: str, parameter: float, values: Streams) -> tuple[float, int | None]:
        """A loop of `update` over the first stream."""
        answer = self._ask("time", name, parameter, values)
        return answer["ns"], answer["bytes"]

    def close(self) -> None:
        """Ends the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
