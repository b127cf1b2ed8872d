"""The command line of tests/run."""

from __future__ import annotations

import argparse

from runner import context as contexts
from runner import system
from runner.labels import LABELS, plan
from runner.pool import Pool
from runner.report import Report


def _arguments(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="tests/run",
        description="Builds twinbit and runs its tests. Everything it makes is in build/. "
        "Ends with a line of counts; the exit code is 0 only if nothing failed.",
    )
    parser.add_argument("labels", nargs="*", metavar="LABEL", help=f"all if none is named: {' '.join(LABELS)}")
    parser.add_argument(
        "--install", action="store_true", help="install missing system packages (apt) and leave nothing out"
    )
    parsed = parser.parse_args(given)
    unknown = [label for label in parsed.labels if label not in LABELS]
    if unknown:
        parser.error(f"no such label: {', '.join(unknown)} (there are {', '.join(LABELS)})")
    return parsed


def main(given: list[str]) -> int:
    """Runs what was asked for. Returns the exit code."""
    arguments = _arguments(given)
    chosen = [label for label in LABELS if not arguments.labels or label in arguments.labels]
    report = Report()
    context = contexts.make(report, arguments.install)
    system.prepare(context, chosen)
    if context.data is None:
        report.say("No real data (TWINBIT_DATA, or shared/data beside the checkout): generated data instead.")
    Pool(report, workers=context.jobs).run(plan(context, chosen))
    return report.finish(chosen)
