"""The comparison names the right frame, call and field, also at the ends of the data."""

from __future__ import annotations

import re
import struct

import pytest
from twinbit.parity.compare import Difference, entries, first_difference, image_of, pack
from twinbit.parity.firmware import firmware_root
from twinbit.parity.script import PRUNE_KEEP, Action, Record


def step(frame: int, score: int = 0) -> bytes:
    return pack(frame, Record.STEP, 0, struct.pack("<IiiiHBBI", frame, score, 2, 3, 4, 5, 6, 0))


IMAGE = pack(3, Record.IMAGE, 0, bytes(256)) + pack(3, Record.IMAGE, 0, bytes(10))
HOST = step(0) + step(1) + pack(1, Record.SCORE, 0, struct.pack("<i", 7)) + step(2) + IMAGE


def test_equal() -> None:
    assert first_difference(HOST, HOST) is None


def test_score_of_a_step() -> None:
    target = HOST.replace(step(2), step(2, score=9))
    assert first_difference(HOST, target) == Difference(2, "step", "score", "0", "9")


def test_status() -> None:
    score = struct.pack("<i", 7)
    target = HOST.replace(pack(1, Record.SCORE, 0, score), pack(1, Record.SCORE, -20, score))
    assert first_difference(HOST, target) == Difference(1, "score", "status", "0", "-20")


def test_byte_of_the_image() -> None:
    target = HOST[:-1] + b"\x01"
    assert first_difference(HOST, target) == Difference(3, "image", "byte 265", "0x00", "0x01")
    assert len(image_of(target)) == 266


@pytest.mark.parametrize("cut", range(1, len(HOST)))
def test_any_cut_is_a_difference(cut: int) -> None:
    assert first_difference(HOST, HOST[:cut]) is not None
    assert first_difference(HOST[:cut], HOST) is not None


def test_entries_survive_any_bytes() -> None:
    assert [entry.kind for entry in entries(b"\xff" * 40)] == [0xFFFF]
    assert first_difference(HOST, b"\xff" * 40) is not None


def test_numbers_agree_with_the_header() -> None:
    text = (firmware_root() / "embedded" / "runner" / "script.h").read_text(encoding="utf-8")
    defined = {name: int(value) for name, value in re.findall(r"#define ((?:ACTION|RECORD)_\w+) (\d+)", text)}
    assert defined == {f"ACTION_{a.name}": a.value for a in Action} | {f"RECORD_{r.name}": r.value for r in Record}
    assert f"#define SCRIPT_PRUNE_KEEP {PRUNE_KEEP}\n" in text
