"""The check can fail: a build with fused multiply-add computes other bits, and the first differing frame is named."""

from __future__ import annotations

import platform
from collections.abc import Callable
from pathlib import Path

import pytest
from twinbit.parity.build import Builder
from twinbit.parity.compare import Difference, entries, first_difference, pack
from twinbit.parity.data import Frames
from twinbit.parity.execute import execute
from twinbit.parity.runs import Case, link_runner, make_case, run_case
from twinbit.parity.script import Record
from twinbit.parity.targets import Target, embedded_target, host_target

BROKEN = ("-ffp-contract=fast", "-DTWINBIT_TEST_CONTRACTION")
STATUS_SELFTEST = -22


def has_fma() -> bool:
    """Can this machine run code for a Haswell, the first x86 with fused multiply-add?"""
    cpuinfo = Path("/proc/cpuinfo")
    return platform.machine() == "x86_64" and cpuinfo.is_file() and " fma " in cpuinfo.read_text(encoding="utf-8")


def broken(name: str) -> Target:
    if name == "cortex-m4f":
        return embedded_target(name).with_flags(f"{name}+contraction", *BROKEN)
    return host_target("gcc", "O2").with_flags("host+contraction", "-march=haswell", *BROKEN)


def without_selftest(results: bytes) -> bytes:
    """The records of the frames alone."""
    kept = (entry for entry in entries(results) if entry.kind != Record.SELFTEST)
    return b"".join(pack(entry.frame, Record(entry.kind), entry.status, entry.payload) for entry in kept)


@pytest.fixture(scope="module", params=["cortex-m4f", "host"])
def builder(request: pytest.FixtureRequest, build_dir: Path, require: Callable[[Target], None]) -> Builder:
    if request.param == "host" and not has_fma():
        pytest.skip("this machine has no fused multiply-add")
    target = broken(request.param)
    require(target)
    return Builder(target, build_dir)


@pytest.fixture(scope="module", params=["kmeans", "mahalanobis"])
def case(request: pytest.FixtureRequest, frames: Frames) -> Case:
    return make_case(frames, "f32", request.param)


def test_contraction_is_caught(builder: Builder, case: Case) -> None:
    run = run_case(builder, case)
    assert run.equal is False
    assert run.first_difference is not None


def test_the_first_differing_frame_is_named(builder: Builder, case: Case) -> None:
    results = execute(builder.target, link_runner(builder, case), case.recording.to_bytes()).results
    ours, theirs = without_selftest(case.expected), without_selftest(results)
    difference = first_difference(ours, theirs)
    assert isinstance(difference, Difference)
    assert f"frame {difference.frame}" in str(difference)
    before = [entry for entry in entries(ours) if entry.frame < difference.frame]
    assert before == [entry for entry in entries(theirs) if entry.frame < difference.frame]


def test_the_selftest_sees_it_on_the_target(builder: Builder, case: Case) -> None:
    """What a user's firmware would be told at boot."""
    results = execute(builder.target, link_runner(builder, case), case.recording.to_bytes()).results
    assert next(entries(results)).status == STATUS_SELFTEST


def test_fixed_point_does_not_care(builder: Builder, frames: Frames) -> None:
    run = run_case(builder, make_case(frames, "q15", "kmeans"))
    assert run.equal, str(run.first_difference)
