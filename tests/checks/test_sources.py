"""What may not be in the repository: addresses of this or that machine, other people's data, files without a word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sources

# Written in pieces, or this file would name them itself.
HOSTS = ["pypi" + ".org", "pythonhosted" + ".org", "deb.debian" + ".org", "snapshot.debian" + ".org", "npmjs" + ".org"]
PATHS = ["/work" + "/", "/root" + "/", "/opt/" + "pypi"]
DATA = {".csv", ".tsv", ".parquet", ".npz", ".npy", ".mat", ".h5", ".zip", ".gz", ".xz", ".7z"}
LARGEST = 200_000
"""Bytes of a file."""
COMMENT = {
    ".hpp": r"//|/\*",
    ".cpp": r"//|/\*",
    ".h": r"//|/\*",
    ".c": r"//|/\*",
    ".cmake": "#",
    ".sh": "#",
    ".ld": r"/\*",
}


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


@pytest.mark.parametrize("forbidden", HOSTS + PATHS)
def test_no_machine_is_named(forbidden: str) -> None:
    # A path begins a word: "network/" is none.
    pattern = re.compile(
        rf"(?<![\w.}}$-]){re.escape(forbidden)}" if forbidden.startswith("/") else re.escape(forbidden)
    )
    found = [sources.name(path) for path in sources.tracked() if pattern.search(text_of(path))]
    assert not found


def test_no_data_is_committed() -> None:
    found = [sources.name(path) for path in sources.tracked() if path.suffix in DATA]
    assert not found


def test_files_are_small() -> None:
    found = [sources.name(path) for path in sources.tracked() if path.stat().st_size > LARGEST]
    assert not found


def test_every_source_begins_with_what_it_is() -> None:
    silent = [
        sources.name(path)
        for path in sources.tracked()
        if path.suffix in COMMENT and not re.match(COMMENT[path.suffix], text_of(path))
    ]
    assert not silent


def test_no_work_is_left_for_later() -> None:
    pattern = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    suffixes = (*sources.C_LIKE, ".py", ".cmake", ".md", ".sh")
    found = [sources.name(path) for path in sources.with_suffix(*suffixes) if pattern.search(text_of(path))]
    assert not found
