#!/usr/bin/env python3
"""Drift detectors against River's and frouros': delay and false alarms at an equal rate, time per update, bytes.

Each peer is tuned (by its threshold, delta or alpha; all else as in `drift_contestants.py`) to at most 2 false alarms
in 10,000 values that don't change, and twinbit's detector of that kind to at most as many as this peer then has: a test
of few values can't have every rate. Then all watch the same streams. `--check` fails where a detector of twinbit is
later than the peer by more than chance, or less than 5 times as fast as River's ADWIN, 50 times as its PageHinkley and
KSWIN. The libraries are installed in build/ by the first run. The streams of the fan need TWINBIT_DATA.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")  # before NumPy is loaded

from drift_contestants import CONTESTANTS, LIBRARIES, Contestant, Library, Ours, Peer  # noqa: E402
from drift_data import HORIZON, Set, sets  # noqa: E402
from drift_table import Outcome, Speed, as_json, missed, table  # noqa: E402
from drift_tuning import tuned  # noqa: E402
from timing import pin  # noqa: E402
from twinbit.drift_metrics import told_drifts  # noqa: E402

RATE = 2e-4  # false alarms a value
VALUES = 4_000  # in a stream that tunes, as in those that are watched
ROUNDS = 7
Libraries = Mapping[str, Library]
TIMED = {"twinbit": (8, 50_000), "river": (1, 50_000), "frouros": (1, 20_000)}
"""Streams and values of one timed pass; a hundredth of the values where a test takes a fifth of a millisecond."""


@dataclass(frozen=True)
class Settings:
    """How much is run."""

    seeds: int
    tuning: int  # streams that tune


def tune(libraries: Libraries, one: Set, settings: Settings) -> dict[Contestant, float]:
    """Parameters for streams of this set: of each peer, then of ours at the rate that the peer has."""
    still, parameters = one.still(settings.tuning, VALUES), {}
    most = round(RATE * still.size)
    for contestant in CONTESTANTS:
        print(f"{one.steady}: {contestant.family}: {contestant.library}", file=sys.stderr, flush=True)
        asked = most if contestant.library == "twinbit" else round(RATE * still.size)
        parameters[contestant], most = tuned(contestant, libraries[contestant.library], still, asked)
    return parameters


def watch(contestant: Contestant, library: Library, one: Set, parameter: float) -> Outcome:
    """All streams of a set."""
    told = library.told(contestant.name, parameter, one.streams)
    judged = [told_drifts(mask, one.changes, HORIZON) for mask in told]
    return Outcome(one.name, contestant, parameter, sum(judged[1:], judged[0]))


def race(libraries: Libraries, parameters: Mapping[Contestant, float], one: Set) -> list[Speed]:
    """Each contestant in turn, in several rounds, on values that don't change; medians."""
    times: dict[Contestant, list[float]] = {contestant: [] for contestant in CONTESTANTS}
    sizes: dict[Contestant, int | None] = {}
    pin()
    for _ in range(ROUNDS):
        for contestant in CONTESTANTS:
            count, values = TIMED[contestant.library]
            still = one.still(count, values // (100 if contestant.traced else 1))
            library, parameter = libraries[contestant.library], parameters[contestant]
            time, sizes[contestant] = library.time(contestant.name, parameter, still)
            times[contestant].append(time)
    return [Speed(contestant, tuple(times[contestant]), sizes[contestant]) for contestant in CONTESTANTS]


def measure(libraries: Libraries, settings: Settings) -> tuple[list[Outcome], list[Speed]]:
    """Everything."""
    parameters: dict[str, dict[Contestant, float]] = {}
    outcomes = []
    watched = sets(settings.seeds)
    for one in watched:
        if one.steady not in parameters:
            parameters[one.steady] = tune(libraries, one, settings)
        for contestant in CONTESTANTS:
            parameter = parameters[one.steady][contestant]
            outcomes.append(watch(contestant, libraries[contestant.library], one, parameter))
    return outcomes, race(libraries, parameters[watched[0].steady], watched[0])


def main() -> int:
    """Runs the benchmark; exit code 1 if --check is given and an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--check", action="store_true", help="fail if an aim is missed")
    parser.add_argument("--seeds", type=int, default=30, help="streams of each kind (default 30)")
    parser.add_argument("--tuning", type=int, default=75, help="streams of 4,000 values that tune (default 75)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        peers = {name: Peer(name, Path(folder)) for name in LIBRARIES}
        try:
            outcomes, speeds = measure({"twinbit": Ours(), **peers}, Settings(arguments.seeds, arguments.tuning))
        finally:
            for peer in peers.values():
                peer.close()
    print(json.dumps(as_json(outcomes, speeds), indent=2) if arguments.json else table(outcomes, speeds))
    failures = missed(outcomes, speeds)
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures and arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())
