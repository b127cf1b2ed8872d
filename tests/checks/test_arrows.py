"""Includes point left only: numbers, memory, image, linear, signal, detectors, drift, monitor, capi, then the users."""

from __future__ import annotations

import re
from pathlib import Path

import sources

ROOMS = ["numbers", "memory", "image", "linear", "signal", "detectors", "drift", "monitor", "capi"]
CONTRACT = "twinbit.h"
"""Types and declarations only: the rooms that make recipes and images real may name them."""
FIRST_WITH_CONTRACT = "image"
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')


def rank(room: str) -> int:
    return ROOMS.index(room)


def room_of(path: Path) -> str:
    parts = path.relative_to(sources.ROOT).parts
    return parts[1] if parts[0] == "core" else parts[0]


def problem(path: Path, included: str) -> str | None:
    """What is wrong with this include, or None."""
    room = room_of(path)
    where = f"{sources.name(path)} includes {included}"
    if included == CONTRACT:
        return None if rank(room) >= rank(FIRST_WITH_CONTRACT) else f"{where}: too early for the contract"
    if "/" not in included:
        return None if room == "capi" else f'{where}: core\'s includes name their room, as in "numbers/fixed.hpp"'
    target = included.split("/")[0]
    if target not in ROOMS:
        return f"{where}: no such room"
    return None if rank(target) <= rank(room) else f"{where}: that arrow points right"


def includes(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [match.group(1) for line in lines if (match := INCLUDE.match(line))]


def core_files() -> list[Path]:
    return [path for path in sources.with_suffix(*sources.C_LIKE) if sources.name(path).startswith(("core/", "capi/"))]


def test_every_core_file_is_in_a_room() -> None:
    files = core_files()
    assert files
    assert {room_of(path) for path in files} <= set(ROOMS)


def test_arrows_point_left() -> None:
    found = [text for path in core_files() for included in includes(path) if (text := problem(path, included))]
    assert not found, "\n".join(found)


def test_a_right_arrow_is_seen() -> None:
    numbers = sources.ROOT / "core" / "numbers" / "x.hpp"
    assert problem(numbers, "monitor/input.hpp")
    assert problem(numbers, "twinbit.h")
    assert problem(sources.ROOT / "core" / "monitor" / "x.hpp", "numbers/fixed.hpp") is None


def test_firmware_and_python_use_the_c_interface_only() -> None:
    users = [
        path for path in sources.with_suffix(*sources.C_LIKE) if sources.name(path).startswith(("python/", "embedded/"))
    ]
    assert users
    found = [
        f"{sources.name(path)} includes {included}"
        for path in users
        for included in includes(path)
        if included.split("/")[0] in ROOMS
    ]
    assert not found, "\n".join(found)
