"""The promise: every target, arithmetic and detector gives the host's bytes, learning included.

Over 10,000 frames (k-means, Mahalanobis) or 2,500.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from twinbit.parity.compare import entries
from twinbit.parity.data import Frames
from twinbit.parity.loop import LOOPS
from twinbit.parity.recipes import ARITHMETICS, DETECTORS
from twinbit.parity.runs import FRAMES, Case, Run, make_case
from twinbit.parity.script import Record, phases
from twinbit.parity.targets import Target, all_targets

TARGETS = {target.name: target for target in all_targets()}
CASES = [(arithmetic, detector) for arithmetic in ARITHMETICS for detector in DETECTORS]
WAITS = {"bank_autoencoder", "bank_elm", "bank_subspace", "bands_envelope", "octaves_lags", "deviation"}
OF_LOOPS = {kind for kind in Record if kind >= Record.ROLLBACK}
"""Records that only closed loops write: test_loop.py."""
LOOKS = {Record.SCORE, Record.SCORE_FLOAT, Record.EXPLAIN, Record.LEARN}
MERGES = {"kmeans", "mahalanobis", "elm", "bank_elm", "bands_envelope", "octaves_lags", "deviation"}
PRUNES = {"elm", "elm_forgetting"}
FLAG_ALARM, STATUS_RANGE, STATUS_UNSUPPORTED = 4, -18, -19


@pytest.fixture(scope="module")
def cases(frames: Frames) -> dict[tuple[str, str], Case]:
    """The host's side of each case, by arithmetic and detector."""
    return {(arithmetic, detector): make_case(frames, arithmetic, detector) for arithmetic, detector in CASES}


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
    run = runs[name, arithmetic, detector]
    assert run.first_difference is None, str(run.first_difference)
    assert run.equal, run.note
    assert run.frames == DETECTORS[detector].frames <= FRAMES


def test_data_is_real(frames: Frames) -> None:
    if not frames.real:
        pytest.skip("SKAB is not on this machine (TWINBIT_DATA): the runs above used generated data")
    assert frames.source == "SKAB valve1"


def status_of(kind: int, arithmetic: str, detector: str) -> int:
    """What a call says once the detector has learned."""
    if kind in {Record.MERGE, Record.UNMERGE} and detector not in MERGES:
        return STATUS_UNSUPPORTED
    if kind == Record.UNMERGE and arithmetic == "f32":
        return STATUS_UNSUPPORTED
    return STATUS_UNSUPPORTED if kind == Record.PRUNE and detector not in PRUNES else 0


@pytest.mark.parametrize(("arithmetic", "detector"), [case for case in CASES if case[1] not in LOOPS])
def test_the_script_reaches_everything(arithmetic: str, detector: str, cases: dict[tuple[str, str], Case]) -> None:
    """Equal bytes would prove little if the calls failed everywhere."""
    states, found, row = set(), set(), DETECTORS[detector]
    scaling, learning, _ = phases(row.framer.frames(row.frames) if row.framer else row.frames)
    # Some wait for modes with enough frames; one of the autoencoders has lost its patience by the end.
    ready = scaling + (learning if detector in WAITS else 2)
    ready = row.framer.samples(ready + 1) if row.framer else ready
    ends = detector == "autoencoder_deep"
    for entry in entries(cases[arithmetic, detector].expected):
        found.add(entry.kind)
        if entry.kind == Record.STEP:
            states.add(entry.payload[18])
        early = entry.frame < ready and entry.kind in LOOKS
        full = ends and entry.kind == Record.LEARN and entry.status == STATUS_RANGE
        if not (early or full):  # before anything is learned, scores are refused
            assert entry.status == status_of(entry.kind, arithmetic, detector), f"{entry.name} of frame {entry.frame}"
    assert found == set(Record) - OF_LOOPS
    assert states == ({0, 1, 2, 3} if row.scaler else {1, 2, 3})


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
def test_alarms_come_and_go(arithmetic: str, cases: dict[tuple[str, str], Case]) -> None:
    results = [entries(cases[arithmetic, detector].expected) for detector in DETECTORS]
    steps = [entry.payload for records in results for entry in records if entry.kind == Record.STEP]
    assert 0 < sum(payload[16] & FLAG_ALARM != 0 for payload in steps) < len(steps) // 2
