"""Levels that the targets' own builds do not use: vectorised on Cortex-M55, unrolled on M4F, unoptimised on RISC-V."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from twinbit.parity.build import Builder
from twinbit.parity.data import Frames
from twinbit.parity.recipes import ARITHMETICS, DETECTORS
from twinbit.parity.runs import make_case, run_case
from twinbit.parity.targets import Target, embedded_target

LEVELS = [("cortex-m55", "-O3"), ("cortex-m4f", "-O3"), ("rv32imafc", "-O0")]


@pytest.mark.parametrize("detector", DETECTORS)
@pytest.mark.parametrize("arithmetic", ARITHMETICS)
@pytest.mark.parametrize(("name", "level"), LEVELS)
def test_same_bytes_at_other_levels(
    name: str,
    level: str,
    arithmetic: str,
    detector: str,
    frames: Frames,
    build_dir: Path,
    require: Callable[[Target], None],
) -> None:
    target = embedded_target(name).with_flags(f"{name}+{level[1:]}", optimise=level)
    require(target)
    found = next(a for a in ARITHMETICS if a == arithmetic)
    run = run_case(Builder(target, build_dir), make_case(frames, found, detector))
    assert run.equal, str(run.first_difference)
