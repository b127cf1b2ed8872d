"""Flash that a monitor takes: read from the map of the smallest firmware that learns, scores and seals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from .build import Builder

# An input section that went into the program: name, address, size, object. A long name stands on a line of its own.
_SECTION = re.compile(r"^ (\.\S+)\s+0x[0-9a-f]+\s+0x([0-9a-f]+)\s+(\S.*)$")
_FLASH = (".text", ".rodata", ".data", ".srodata", ".sdata", ".ARM.ex", ".init_array", ".vectors")


@dataclass(frozen=True)
class Piece:
    """A section of the program. size is in bytes; member names the object, with its library if it came from one."""

    section: str
    size: int
    member: str


def read_map(path: Path) -> list[Piece]:
    """The sections that take flash, from a GNU linker map."""
    text = path.read_text(encoding="utf-8", errors="replace")
    text = text[text.index("Linker script and memory map") :]
    text = re.sub(r"^( \.\S+)\n +(?=0x)", r"\1 ", text, flags=re.MULTILINE)
    pieces = []
    for line in text.splitlines():
        match = _SECTION.match(line)
        if match and match[1].startswith(_FLASH) and int(match[2], 16):
            pieces.append(Piece(match[1], int(match[2], 16), match[3].strip()))
    return pieces


def link_footprint(builder: Builder, recipe: Path, arithmetic: str, *, loop: bool = False) -> list[Piece]:
    """Links the smallest firmware for a recipe and returns what is in it: core, recipe, libgcc and libc.

    With loop it also gives a policy its memory, takes feedback and rolls back. The recipe is lean, as firmware that
    calls no more than this compiles it: explanation, merge and epochs are not in it. Neither are the firmware's own
    file, startup code and, on hosts, the C library.
    """
    source = builder.root / "embedded" / "footprint" / "firmware.c"
    define = (["-DFOOTPRINT_F32"] if arithmetic == "f32" else []) + (["-DFOOTPRINT_LOOP"] if loop else [])
    firmware = builder.compile(source, *define)
    lean = builder.compile(recipe, f"-I{recipe.parent}", "-DRUNNER_LEAN")
    out = builder.folder / f"footprint-{recipe.parent.name}.elf"
    entry = ("-Wl,-e,firmware", "-Wl,-u,firmware", "-nostartfiles")
    builder.link([firmware, lean, *builder.core], out, *entry)
    ours = str(builder.folder)
    return [
        piece
        for piece in read_map(Path(f"{out}.map"))
        if str(firmware) not in piece.member
        and (builder.target.bare or ours in piece.member or "libgcc.a" in piece.member)
    ]


def text_bytes(pieces: list[Piece]) -> int:
    """Bytes of flash."""
    return sum(piece.size for piece in pieces)
