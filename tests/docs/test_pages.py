"""The examples of the pages do what the pages say, and their links lead somewhere."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from fences import Block
from library import have_compiler
from runners import Session

LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def test_example(block: Block, sessions: dict[Path, Session], tmp_path_factory: pytest.TempPathFactory) -> None:
    if block.page not in sessions:
        sessions[block.page] = Session(tmp_path_factory.mktemp("page"))
    if block.options.get("needs") == "data" and not os.environ.get("TWINBIT_DATA"):
        pytest.skip("real recordings: TWINBIT_DATA is not set")
    if block.language == "c" and block.action != "file" and not have_compiler():
        pytest.skip("gcc and g++ are not installed")
    session = sessions[block.page]
    session.run(block)
    assert session.folder.is_dir()


def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    lost = [link for link in LINK.findall(text) if not (page.parent / link).exists()]
    assert lost == [], f"{page} links to what is not there"
