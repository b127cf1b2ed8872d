"""The rows of the closed loop go through it: told, drifting, a candidate learns, calibrates, monitoring, in that order.

That their bytes are the same everywhere is shown by test_same_bytes.py. Here is shown that those bytes are of a loop.
"""

from __future__ import annotations

import struct
from itertools import pairwise

import pytest
from twinbit.parity.compare import Entry, entries
from twinbit.parity.data import generated_frames
from twinbit.parity.loop import BACK, CHANGE, LOOPS, PERSIST
from twinbit.parity.recipes import ARITHMETICS
from twinbit.parity.runs import make_case
from twinbit.parity.script import Record

CASES = [(arithmetic, loop) for arithmetic in ARITHMETICS for loop in LOOPS]
SCALING, LEARNING, CALIBRATING, MONITORING, DRIFTING = range(5)
FLAG_DRIFT, FLAG_ASK, FLAG_TAKEN = 512, 1024, 2048
STATUS_RANGE, STATUS_UNSUPPORTED, STATUS_STATE = -18, -19, -20


@pytest.fixture(scope="module")
def played() -> dict[tuple[str, str], list[Entry]]:
    """The host's records, by arithmetic and loop. They bring frames of their own."""
    frames = generated_frames(16)
    return {(a, loop): list(entries(make_case(frames, a, loop).expected)) for a, loop in CASES}


def steps(records: list[Entry]) -> list[tuple[int, int]]:
    """Flags and state after each frame."""
    return [struct.unpack_from("<HB", e.payload, 16) for e in records if e.kind == Record.STEP]


def states(records: list[Entry]) -> list[int]:
    """Each state once, in their order."""
    passed = [state for _, state in steps(records)]
    return passed[:1] + [b for a, b in pairwise(passed) if a != b]


def statuses(records: list[Entry], kind: Record) -> list[int]:
    return [e.status for e in records if e.kind == kind]


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
def test_relearn_passes_every_state_by_itself(arithmetic: str, played: dict[tuple[str, str], list[Entry]]) -> None:
    records = played[arithmetic, "loop_relearn"]
    first = states(records)[:7]
    assert first == [SCALING, LEARNING, CALIBRATING, MONITORING, DRIFTING, LEARNING, CALIBRATING]
    assert states(records)[7] == MONITORING
    flags = [flag for flag, _ in steps(records)]
    told = next(frame for frame, flag in enumerate(flags) if flag & FLAG_DRIFT)
    taken = next(frame for frame, flag in enumerate(flags) if flag & FLAG_TAKEN)
    assert CHANGE <= told < CHANGE + 20
    assert taken == told + PERSIST


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
def test_ask_waits_for_the_operator(arithmetic: str, played: dict[tuple[str, str], list[Entry]]) -> None:
    records = played[arithmetic, "loop_ask"]
    assert states(records)[:7] == [SCALING, LEARNING, CALIBRATING, MONITORING, DRIFTING, LEARNING, CALIBRATING]
    asked = [frame for frame, (flag, _) in enumerate(steps(records)) if flag & FLAG_ASK]
    assert CHANGE + PERSIST < asked[0] < CHANGE + 80
    assert not any(flag & FLAG_TAKEN for flag, _ in steps(records))  # tb_feedback() took over, between two frames


@pytest.mark.parametrize("loop", ["loop_adapt", "loop_freeze"])
@pytest.mark.parametrize("arithmetic", ARITHMETICS)
def test_others_drift_and_return(arithmetic: str, loop: str, played: dict[tuple[str, str], list[Entry]]) -> None:
    passed = states(played[arithmetic, loop])
    assert passed[:6] == [SCALING, LEARNING, CALIBRATING, MONITORING, DRIFTING, MONITORING]


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
def test_tell_only_tells(arithmetic: str, played: dict[tuple[str, str], list[Entry]]) -> None:
    records = played[arithmetic, "loop_tell"]
    assert states(records) == [SCALING, LEARNING, CALIBRATING, MONITORING]
    told = [frame for frame, (flag, _) in enumerate(steps(records)) if flag & FLAG_DRIFT]
    assert CHANGE <= told[0] < CHANGE + 20
    assert any(BACK <= frame < BACK + 50 for frame in told)


@pytest.mark.parametrize(("arithmetic", "loop"), CASES)
def test_every_call_is_made(arithmetic: str, loop: str, played: dict[tuple[str, str], list[Entry]]) -> None:
    records = played[arithmetic, loop]
    wanted = {kind for kind in Record if kind >= Record.ROLLBACK} - {Record.DRIFT, Record.CANDIDATE}
    assert wanted <= {e.kind for e in records}
    assert statuses(records, Record.ROLLBACK) == [0]
    assert set(statuses(records, Record.RESTORE)) == {0}
    assert set(statuses(records, Record.RESTORE_ATTACHED)) == {0}
    assert statuses(records, Record.FORGET) == [0]
    unlearned = [0, STATUS_RANGE] if loop == "loop_adapt" else [STATUS_UNSUPPORTED] * 2
    assert statuses(records, Record.UNLEARN) == unlearned
    assert set(statuses(records, Record.FEEDBACK)) <= {0, STATUS_STATE}
    assert statuses(records, Record.FEEDBACK).count(0) >= 3


@pytest.mark.parametrize("loop", LOOPS)
def test_each_drift_detector_tells_by_itself(loop: str, played: dict[tuple[str, str], list[Entry]]) -> None:
    told = set()
    for arithmetic in ARITHMETICS:
        told |= {struct.unpack("<I", e.payload)[0] for e in played[arithmetic, loop] if e.kind == Record.DRIFT}
    assert told == set(range(len(LOOPS[loop].more["drifts"])))


@pytest.mark.parametrize(("arithmetic", "loop"), CASES)
def test_attached_images_are_compared(arithmetic: str, loop: str, played: dict[tuple[str, str], list[Entry]]) -> None:
    digests = {len(e.payload) for e in played[arithmetic, loop] if e.kind == Record.DIGEST}
    assert digests == ({8} if loop in ("loop_tell", "loop_freeze") else {12})
