"""The harness itself: a page whose example is wrong does not pass."""

from __future__ import annotations

from pathlib import Path

import pytest
from fences import MarkerError, blocks
from library import have_compiler
from runners import ExampleError, Session


def run_page(folder: Path, text: str) -> Session:
    page = folder / "page.md"
    page.write_text(text.replace("'''", "```"))
    session = Session(folder)
    for block in blocks(page):
        session.run(block)
    return session


def test_blocks_share_names_folder_and_output(tmp_path: Path) -> None:
    session = run_page(
        tmp_path,
        """
<!-- test: setup
import pathlib
-->
'''python
pathlib.Path("made.txt").write_text("5 alarms\\n")
count = 5
'''
<!-- test: run minus="exit 3; " -->
'''sh
exit 3; cat made.txt
'''
<!-- test: output -->
'''text
5 al...
'''
'''pycon
>>> count + 1
6
'''
<!-- test: file=notes/a.toml -->
'''toml
x = 1
'''
""",
    )
    assert session.names["count"] == 5
    assert (tmp_path / "notes" / "a.toml").read_text() == "x = 1\n"


WRONG = {
    "python that raises": "'''python\n1 / 0\n'''",
    "another output": "'''python\nprint(1)\n'''\n<!-- test: output -->\n'''text\n2\n'''",
    "a shell block that nobody decided on": "'''sh\ntrue\n'''",
    "a command that fails": "<!-- test: run -->\n'''sh\nfalse\ntrue\n'''",
    "a doctest that gives something else": "'''pycon\n>>> 1 + 1\n3\n'''",
    "text to leave out that is not there": "<!-- test: run minus=\"x y\" -->\n'''sh\ntrue\n'''",
    "TOML that is not TOML": "'''toml\nx = \n'''",
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG.keys())
def test_wrong_examples_fail(tmp_path: Path, text: str) -> None:
    with pytest.raises((ExampleError, ArithmeticError, ValueError)):
        run_page(tmp_path, text)


UNCLEAR = [
    "<!-- test: skip -->\n'''sh\n'''",
    "<!-- test: run minus=\"x -->\n'''sh\n'''",
    "<!-- test: walk -->\n'''sh\n'''",
    "<!-- test: run -->\n\ntext",
    "'''python\n1",
]


@pytest.mark.parametrize("text", UNCLEAR)
def test_markers_that_nobody_understands_are_errors(tmp_path: Path, text: str) -> None:
    with pytest.raises(MarkerError, match=r"page\.md:\d"):
        run_page(tmp_path, text)


def test_a_traceback_names_the_line_of_the_page(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        run_page(tmp_path, "# Title\n\n'''python\nx = 1\nx / 0\n'''\n")
    assert caught.traceback[-1].lineno == 4  # counted from 0


@pytest.mark.skipif(not have_compiler(), reason="gcc and g++ are not installed")
def test_c_examples_are_linked_with_the_library_and_run(tmp_path: Path) -> None:
    program = '#include "twinbit.h"\n#include <stdio.h>\nint main(void) { puts(tb_status_text(%s)); return 0; }\n'
    page = "'''c\n" + program % "TB_ERR_CRC" + "'''\n<!-- test: output -->\n'''text\n%s\n'''"
    run_page(tmp_path, page % "the checksum does not match: the image is damaged")
    with pytest.raises(ExampleError):
        run_page(tmp_path, page % "ok")
    with pytest.raises(ExampleError, match="pedantic"):
        run_page(tmp_path, "'''c\nint main(void) { long long x = 0; return (int)x;; };\n'''")
