"""The files of the checkout that the checks look at."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
C_LIKE = {".hpp", ".cpp", ".h", ".c"}
BUILT = {"build", "__pycache__", ".git", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"}


@cache
def tracked() -> tuple[Path, ...]:
    """Files under version control; without git, all that no build made."""
    if (ROOT / ".git").exists():
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
        return tuple(path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file())
    return tuple(path for path in ROOT.rglob("*") if path.is_file() and not BUILT & set(path.parts))


def with_suffix(*suffixes: str) -> list[Path]:
    """Tracked files by suffix."""
    return [path for path in tracked() if path.suffix in suffixes]


def name(path: Path) -> str:
    """The path inside the checkout, with slashes."""
    return path.relative_to(ROOT).as_posix()


def code_lines(path: Path) -> Iterator[str]:
    """The lines of a C or C++ file with comments and strings blanked."""

    def blank(match: re.Match[str]) -> str:
        return re.sub(r"[^\n]", " ", match.group(0))

    text = path.read_text(encoding="utf-8")
    pattern = r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'(?![0-9])'
    yield from re.sub(pattern, blank, text, flags=re.DOTALL).split("\n")
