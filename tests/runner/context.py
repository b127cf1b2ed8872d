"""What every step knows: folders, environment, how strict to be."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from runner import shell
from runner.pool import StepError
from runner.report import Report

ROOT = Path(__file__).resolve().parents[2]
"""The checkout."""


@dataclass(frozen=True)
class Context:
    """Shared by all steps, never changed."""

    report: Report
    complete: bool
    """Nothing may be left out for want of a tool: under CI, and with --install."""
    in_ci: bool
    jobs: int

    @property
    def build(self) -> Path:
        """Everything that tests make is under this folder."""
        return ROOT / "build"

    @property
    def venv(self) -> Path:
        """The virtual environment that the package is installed in."""
        return self.build / "venv"

    @property
    def python(self) -> str:
        """Its interpreter."""
        return str(self.venv / "bin" / "python")

    @property
    def data(self) -> Path | None:
        """The real recordings: TWINBIT_DATA, else shared/data beside the checkout; None if there are none."""
        named = os.environ.get("TWINBIT_DATA")
        folder = Path(named) if named else ROOT.parent / "shared" / "data"
        return folder if folder.is_dir() else None

    def environment(self) -> dict[str, str]:
        """The environment of every command: the virtual environment's programs come first."""
        env = dict(os.environ)
        env["PATH"] = f"{self.venv / 'bin'}{os.pathsep}{env.get('PATH', '')}"
        env["VIRTUAL_ENV"] = str(self.venv)
        env["TWINBIT_BUILD"] = str(self.build)
        env["TWINBIT_TESTS_COMPLETE"] = "1" if self.complete else "0"
        env["MPLBACKEND"] = "Agg"
        env["CTEST_OUTPUT_ON_FAILURE"] = "1"
        for name in ("PYTHONPATH", "PYTHONHOME", "CFLAGS", "CXXFLAGS", "LDFLAGS"):
            env.pop(name, None)
        if self.data:
            env["TWINBIT_DATA"] = str(self.data)
        return env

    def run(self, log: str, command: list[str], timeout: float) -> shell.Outcome:
        """Runs a command in the checkout, its output in build/logs/<log>.log."""
        path = self.build / "logs" / f"{log}.log"
        return shell.run(command, path, timeout=timeout, env=self.environment(), cwd=ROOT)

    def must(self, log: str, command: list[str], timeout: float) -> None:
        """As run(), but anything except success ends the step."""
        outcome = self.run(log, command, timeout)
        if not outcome.ok:
            raise StepError(f"{' '.join(command[:6])}: {outcome.tail()}")

    def skip(self, label: str, name: str, reason: str) -> None:
        """A test that did not run. Where runs are complete that is a failure, unless only real data is missing."""
        wants_data = "TWINBIT_DATA" in reason
        if self.complete and (self.in_ci or not wants_data):
            self.report.failed(label, name, f"left out, though nothing may be: {reason}")
        else:
            self.report.left_out(label, name, reason)


def make(report: Report, install: bool) -> Context:
    """The context of this run."""
    in_ci = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
    return Context(report=report, complete=install or in_ci, in_ci=in_ci, jobs=max(1, os.cpu_count() or 1))
