"""Formatters, linters and type checkers. Each is one test; its log says what is wrong."""

from __future__ import annotations

import json
import shutil

from runner.context import ROOT, Context
from runner.pool import Step, StepError

PYTHON_FOLDERS = ["python", "datasets", "tests", "embedded"]


def _tracked(*patterns: str) -> list[str]:
    """Files of the checkout, without what builds made."""
    folders = ["core", "capi", "embedded", "python", "tests"]
    found = {file for folder in folders for pattern in patterns for file in (ROOT / folder).rglob(pattern)}
    return sorted(str(file.relative_to(ROOT)) for file in found)


def _one(context: Context, name: str, command: list[str], timeout: float = 600) -> None:
    outcome = context.run(f"tool-{name}", command, timeout)
    if not outcome.ok:
        raise StepError(outcome.tail(80))
    context.report.passed("unit")


def _clang_format(context: Context) -> None:
    files = _tracked("*.hpp", "*.cpp", "*.h", "*.c")
    _one(context, "clang-format", [str(context.venv / "bin" / "clang-format"), "--dry-run", "-Werror", *files])


def _clang_tidy(context: Context) -> None:
    folder = context.build / "host"
    commands = json.loads((folder / "compile_commands.json").read_text())
    ours = (f"{ROOT}/core/", f"{ROOT}/capi/")
    # Core's C files do nothing but include KissFFT's source.
    files = sorted({entry["file"] for entry in commands if entry["file"].startswith(ours) and ".cpp" in entry["file"]})
    program = ["clang-tidy", "--quiet", "--warnings-as-errors=*", "-p", str(folder)]
    _one(context, "clang-tidy", [*program, *files], timeout=900)


def _ruff(context: Context, *arguments: str) -> None:
    folders = [folder for folder in PYTHON_FOLDERS if (ROOT / folder).is_dir()]
    _one(context, f"ruff-{arguments[0]}", [context.python, "-m", "ruff", *arguments, *folders, "tests/run"])


def _installed_tree(context: Context) -> str:
    """The package as it is installed, as links: datasets/ is twinbit.datasets."""
    stage = context.build / "mypy"
    shutil.rmtree(stage, ignore_errors=True)
    package = stage / "twinbit"
    package.mkdir(parents=True)
    for source in (ROOT / "python" / "src" / "twinbit").iterdir():
        (package / source.name).symlink_to(source)
    (package / "datasets").symlink_to(ROOT / "datasets")
    return str(stage)


def _mypy(context: Context) -> None:
    program = [context.python, "-m", "mypy", "--strict", f"--cache-dir={context.build / 'mypy-cache'}"]
    _one(context, "mypy", ["env", f"MYPYPATH={_installed_tree(context)}", *program, "-p", "twinbit"])
    _one(context, "mypy-tests", [*program, "tests/runner", "tests/checks"])


def steps(context: Context) -> list[Step]:
    """Step by step, so that one that fails hides no other."""
    made = [
        Step("unit", "clang-format", lambda: _clang_format(context), needs=("package",), cost=5),
        Step("unit", "ruff check", lambda: _ruff(context, "check", "--no-cache"), needs=("package",), cost=5),
        Step("unit", "mypy", lambda: _mypy(context), needs=("package",), cost=40),
    ]
    if shutil.which("clang-tidy"):
        made.append(Step("unit", "clang-tidy", lambda: _clang_tidy(context), needs=("host",), cost=120))
    else:
        context.skip("unit", "clang-tidy", "clang-tidy is not installed")
    return made
