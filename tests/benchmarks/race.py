"""A benchmark as a program: times all contestants at several sizes, prints ratios to a reference, checks targets."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version

from timing import Start, Timed, machine, measure, pin

Results = Mapping[str, Mapping[str, Timed]]
"""Size -> contestant -> what it took."""


@dataclass(frozen=True)
class Race:
    """What is timed: per size a function that makes name -> (start of a pass, its number of frames).

    Attributes:
        sizes: name of a size -> its contestants.
        reference: the contestant that the others are compared with.
        packages: whose versions a reader has to know.
        missed: targets that a run misses, in words.
    """

    sizes: Mapping[str, Callable[[], Mapping[str, tuple[Start, int]]]]
    reference: str
    packages: Sequence[str]
    missed: Callable[[Results], list[str]]


def report(race: Race, timed: Results) -> dict[str, object]:
    """Everything that was measured, for --json."""
    rows = [
        {
            "size": size,
            "contestant": name,
            "us_per_frame": round(times.median, 4),
            "least": round(times.least, 4),
            "greatest": round(times.greatest, 4),
            "times_reference": round(of_size[race.reference].median / times.median, 2),
        }
        for size, of_size in timed.items()
        for name, times in of_size.items()
    ]
    versions = {name: version(name) for name in race.packages}
    return {"reference": race.reference, "machine": machine(), "versions": versions, "results": rows}


def table(race: Race, timed: Results) -> str:
    """Microseconds a frame, and in brackets how many times as fast as the reference that is."""
    lines = [f"{'learn + score, us a frame':<30}" + "".join(f"{size:>20}" for size in timed)]
    for name in next(iter(timed.values())):
        cells = ""
        for of_size in timed.values():
            median = of_size[name].median
            cells += f"{median:>10.3f} ({of_size[race.reference].median / median:>6.1f}x)"
        lines.append(f"{name:<30}{cells}")
    return "\n".join([*lines, f"({machine()}; x: times as fast as {race.reference})"])


def run(race: Race, description: str | None) -> int:
    """The program; exit code 1 if --require is given and a target is missed."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--require", action="store_true", help="fail if a target is missed")
    parser.add_argument("--rounds", type=int, default=7, help="of which the median is taken (default 7)")
    parser.add_argument("--seconds", type=float, default=0.2, help="a turn lasts at least this long (default 0.2)")
    arguments = parser.parse_args()
    pin()
    timed = {size: measure(make(), arguments.rounds, arguments.seconds) for size, make in race.sizes.items()}
    print(json.dumps(report(race, timed), indent=2) if arguments.json else table(race, timed))
    failures = race.missed(timed)
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures and arguments.require else 0
