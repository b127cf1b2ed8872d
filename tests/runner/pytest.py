"""Runs a folder of pytest tests in the virtual environment."""

from __future__ import annotations

from runner import junit
from runner.context import ROOT, Context
from runner.pool import StepError

NO_TESTS = 5
"""pytest's exit code when it found none."""


def run(context: Context, label: str, folder: str, *, timeout: float) -> None:
    """Reports every test of tests/<folder>."""
    if not (ROOT / "tests" / folder).is_dir():
        raise StepError(f"tests/{folder} does not exist")
    results = context.build / "results" / f"{folder}.xml"
    results.parent.mkdir(parents=True, exist_ok=True)
    results.unlink(missing_ok=True)
    command = [context.python, "-m", "pytest", f"tests/{folder}", f"--junitxml={results}", "-p", "no:cacheprovider"]
    outcome = context.run(f"pytest-{folder}", command, timeout=timeout)
    if outcome.code is None or outcome.code == NO_TESTS or not results.exists():
        raise StepError(f"pytest tests/{folder}: {outcome.tail()}")
    counted = junit.collect(context, label, folder, results)
    if counted == 0:
        raise StepError(f"pytest tests/{folder}: {outcome.tail()}")
