"""What the parity tests share: the folder of objects, the recording, and how strict to be about missing tools."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from twinbit.parity.build import default_build_dir
from twinbit.parity.data import Frames
from twinbit.parity.runs import FRAMES, Case, Run, choose_frames, iterate_runs
from twinbit.parity.targets import Target, all_targets


@pytest.fixture(scope="session")
def build_dir() -> Path:
    """One folder for all objects, so that a second run compiles nothing."""
    folder = os.environ.get("TWINBIT_BUILD")
    return Path(folder) / "parity" if folder else default_build_dir()


@pytest.fixture(scope="session")
def frames() -> Frames:
    return choose_frames(FRAMES)


@pytest.fixture(scope="module")
def runs(cases: dict[tuple[str, str], Case], build_dir: Path) -> dict[tuple[str, str, str], Run]:
    """What came of a module's own `cases` on all targets, two targets at a time; by target, arithmetic, detector."""
    done = iterate_runs(all_targets(), list(cases.values()), build_dir)
    return {(run.target, run.arithmetic, run.detector): run for target in done for run in target}


@pytest.fixture(scope="session")
def require() -> Callable[[Target], None]:
    """Skips a test whose tools are not on this machine; where nothing may be left out, fails it."""

    def check(target: Target) -> None:
        missing = target.missing()
        if missing and os.environ.get("TWINBIT_TESTS_COMPLETE") == "1":
            pytest.fail(f"{target.name} needs {', '.join(missing)}")
        if missing:
            pytest.skip(f"{target.name}: not installed: {', '.join(missing)}")

    return check
