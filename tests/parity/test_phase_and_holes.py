"""Same bytes with what a plain recording lacks: a phase, and values that are missing and held.

Input does that before any detector: two of them are enough.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from twinbit.parity.compare import entries
from twinbit.parity.data import Frames
from twinbit.parity.recipes import ARITHMETICS
from twinbit.parity.reference import host_results
from twinbit.parity.runs import Case, Run, choose_frames, make_case
from twinbit.parity.script import Record
from twinbit.parity.targets import Target, all_targets

TARGETS = {target.name: target for target in all_targets()}
CASES = [(arithmetic, detector) for arithmetic in ARITHMETICS for detector in ("kmeans", "mahalanobis")]
FRAMES = 2000
FLAG_HELD = 16


def with_phase_and_holes(case: Case) -> Case:
    """The recipe with a phase input; every 37th frame that is only stepped lacks one value."""
    recipe = replace(case.recipe, input=replace(case.recipe.input, phase=True))
    values = case.recording.values.copy()
    holes = np.flatnonzero(case.recording.actions == 0)[1::37]
    missing = np.nan if values.dtype.kind == "f" else np.iinfo(values.dtype).min
    values[holes, holes % values.shape[1]] = missing
    recording = replace(case.recording, values=values)
    return Case(f"{case.detector}+phase", recipe, recording, host_results(recipe, recording))


@pytest.fixture(scope="module")
def cases() -> dict[tuple[str, str], Case]:
    frames: Frames = choose_frames(FRAMES)
    return {(a, d): with_phase_and_holes(make_case(frames, a, d)) for a, d in CASES}


@pytest.mark.parametrize(("arithmetic", "detector"), CASES)
@pytest.mark.parametrize("name", TARGETS)
def test_same_bytes(
    name: str,
    arithmetic: str,
    detector: str,
    runs: dict[tuple[str, str, str], Run],
    require: Callable[[Target], None],
) -> None:
    require(TARGETS[name])
    run = runs[name, arithmetic, f"{detector}+phase"]
    assert run.first_difference is None, str(run.first_difference)
    assert run.equal, run.note
    assert run.frames == FRAMES


@pytest.mark.parametrize(("arithmetic", "detector"), CASES)
def test_values_are_held(arithmetic: str, detector: str, cases: dict[tuple[str, str], Case]) -> None:
    case = cases[arithmetic, detector]
    assert len(case.recipe.input.features) == len(case.recipe.input.channels) + 2
    flags = [
        int.from_bytes(entry.payload[16:18], "little") for entry in entries(case.expected) if entry.kind == Record.STEP
    ]
    assert len(flags) == FRAMES
    assert sum(bool(flag & FLAG_HELD) for flag in flags) > 40
