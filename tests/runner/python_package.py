"""The virtual environment of the tests, and the package in it, installed as a user would: pip install."""

from __future__ import annotations

import shutil
import sys

from runner.context import ROOT, Context
from runner.pool import Step, StepError

TOOLS = ["cmake>=3.21", "ninja", "cmeel-eigen>=3.4"]
"""Build tools and Eigen come from the package index, so that any machine has the same ones."""


def _venv(context: Context) -> None:
    if not _works(context):
        shutil.rmtree(context.venv, ignore_errors=True)
        context.must("venv", [sys.executable, "-m", "venv", str(context.venv)], timeout=300)
    _pip(context, "tools", *TOOLS)


def _works(context: Context) -> bool:
    """False for a virtual environment that was never finished or whose interpreter is gone or another one."""
    test = f"import sys, pip; assert sys.version_info[:2] == {sys.version_info[:2]}"
    return context.run("venv", [context.python, "-c", test], timeout=60).ok


def _pip(context: Context, log: str, *arguments: str) -> None:
    command = [context.python, "-m", "pip", "install", "--disable-pip-version-check", "--retries", "5", *arguments]
    if not context.run(f"pip-{log}", command, timeout=1200).ok:
        outcome = context.run(f"pip-{log}", command, timeout=1200)
        if not outcome.ok:
            raise StepError(f"pip install {' '.join(arguments)}: {outcome.tail()}")


def _package(context: Context) -> None:
    _pip(context, "package", f"{ROOT}[test]")


def steps(context: Context, label: str, *, package: bool) -> list[Step]:
    """Steps "venv" and, if asked for, "package"."""
    made = [Step(label, "venv", lambda: _venv(context), cost=1000)]
    if package:
        made.append(Step(label, "package", lambda: _package(context), needs=("venv",), cost=900))
    return made
