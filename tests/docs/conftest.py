"""Every example of every Markdown page in the checkout becomes a test, in the order of the page."""

from __future__ import annotations

from pathlib import Path

import pytest
from fences import Block, blocks
from library import ROOT
from runners import Session

SKIPPED_FOLDERS = {"build", "dist", "node_modules"}


def pages() -> list[Path]:
    """All Markdown files of the checkout, without what builds and tools made."""
    found = [path.relative_to(ROOT) for path in ROOT.rglob("*.md")]
    kept = [path for path in found if not any(part in SKIPPED_FOLDERS or part.startswith(".") for part in path.parts)]
    return sorted(ROOT / path for path in kept)


def name_of(block: Block) -> str:
    """Page and line of a block, as an editor takes them."""
    return f"{block.page.relative_to(ROOT)}:{block.line}"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Hands out the pages, and their blocks."""
    if "page" in metafunc.fixturenames:
        metafunc.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
    if "block" in metafunc.fixturenames:
        found = [block for page in pages() for block in blocks(page) if block.action != "skip"]
        metafunc.parametrize("block", found, ids=name_of)


@pytest.fixture(scope="session")
def sessions() -> dict[Path, Session]:
    """The session of each page, made when its first example runs."""
    return {}
