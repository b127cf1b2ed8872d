#!/usr/bin/env python3
"""AUC of the autoencoders on real data: every kind, alone and in a bank, in every arithmetic, learned in one pass.

Needs the folder of data sets (TWINBIT_DATA) and scikit-learn. Means over seeds; beside them the image in Q15 and the
differences of Q15 and Q31 to F32 with the same seeds. `--require` fails where an aim is missed (see `quality_aims.py`).
"""

from __future__ import annotations

import argparse
import json
import os
import sys

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")  # before NumPy is loaded

from quality_aims import missed  # noqa: E402
from quality_contestants import Contestant, contestants  # noqa: E402
from quality_data import Problem, data_sets  # noqa: E402
from quality_run import ARITHMETICS, judged, pca, run  # noqa: E402
from quality_table import Line, as_json, table  # noqa: E402


def measure(data: str, problems: list[Problem], contestant: Contestant, seeds: int) -> Line:
    """One line of the table."""
    print(f"{data}: {contestant.kind} {contestant.size}", file=sys.stderr, flush=True)
    runs = {arithmetic: run(contestant, arithmetic, seeds, problems) for arithmetic in ARITHMETICS}
    peer = pca(problems, contestant.components) if data == "digits" and contestant.components else None
    return Line(data, contestant.kind, contestant.size, judged(problems), contestant.baseline, runs, peer)


def main() -> int:
    """Runs the benchmark; exit code 1 if --require is given and an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--require", action="store_true", help="fail if an aim is missed")
    parser.add_argument("--seeds", type=int, default=5, help="runs of each that has a seed (default 5)")
    parser.add_argument("--only", default="", help="data sets and kinds whose names, joined by ': ', contain this text")
    arguments = parser.parse_args()
    lines: list[Line] = []
    for data, problems in data_sets():
        tried = contestants(data, problems[0].learn.shape[1])
        chosen = [one for one in tried if arguments.only in f"{data}: {one.kind}"]
        lines += [measure(data, problems, one, arguments.seeds) for one in chosen]
    print(json.dumps(as_json(lines), indent=2) if arguments.json else table(lines))
    failures = missed(lines)
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures and arguments.require else 0


if __name__ == "__main__":
    sys.exit(main())
