"""Finds the examples in a Markdown page, and what its author says about testing them.

An example is a fenced block. The line above it may carry a comment that says what to do with it:

    <!-- test: run -->                     run it (Python and C are run without being told)
    <!-- test: run minus="TEXT" -->        ... without this text, which must be in it
    <!-- test: run needs=data -->          ... where TWINBIT_DATA has the recordings
    <!-- test: run sources="a.c b/*.c" --> C: compile and link these files of the page's folder, too
    <!-- test: file=NAME -->               write it to this file in the page's folder
    <!-- test: output -->                  it is what the block before it prints; ... stands for any text
    <!-- test: skip REASON -->             leave it; the reason is for readers of the page's source

A comment `<!-- test: setup` with lines of Python up to `-->` is run like a block, but readers don't see it.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path

FENCE = re.compile(r"^(?P<indent> *)(?P<ticks>`{3,})(?P<language>[\w+-]*)\s*$")
MARKER = re.compile(r"^\s*<!-- test: (?P<text>.*?) -->\s*$")
SETUP = "<!-- test: setup"
ACTIONS = ("run", "skip", "output", "setup", "file")


@dataclass(frozen=True)
class Block:
    """One example.

    Attributes:
        page: the Markdown file.
        line: number of its first line of code, from 1.
        language: as written after the fence, or "".
        code: its text, each line ended.
        action: one of ACTIONS, or "" where the page says nothing.
        options: minus, needs, sources, file, and for skip the reason.
    """

    page: Path
    line: int
    language: str
    code: str
    action: str = ""
    options: dict[str, str] = field(default_factory=dict)


class MarkerError(ValueError):
    """A comment that nobody understands. It names page and line."""


def _marker(text: str, where: str) -> tuple[str, dict[str, str]]:
    if text.split()[:1] == ["skip"]:
        reason = text.removeprefix("skip").strip()
        if not reason:
            raise MarkerError(f"{where}: skip needs a reason")
        return "skip", {"reason": reason}
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise MarkerError(f"{where}: {error} in 'test: {text}'") from error
    action = words.pop(0) if words and "=" not in words[0] else "file"
    options = dict(word.split("=", 1) for word in words if "=" in word)
    known = {"minus", "needs", "sources", "file"}
    if action not in ACTIONS or len(options) != len(words) or not options.keys() <= known:
        raise MarkerError(f"{where}: don't understand 'test: {text}'")
    return action, options


def _until(lines: list[str], start: int, end: re.Pattern[str], where: str) -> int:
    for number in range(start, len(lines)):
        if end.match(lines[number]):
            return number
    raise MarkerError(f"{where}: it is never closed")


def _fenced(page: Path, lines: list[str], number: int, fence: re.Match[str]) -> tuple[Block, int]:
    where = f"{page}:{number + 1}"
    close = _until(lines, number + 1, re.compile(rf"^ *{fence['ticks']}`*\s*$"), where)
    marked = MARKER.match(lines[number - 1]) if number else None
    action, options = _marker(marked["text"], where) if marked else ("", {})
    code = "".join(line.removeprefix(fence["indent"]) + "\n" for line in lines[number + 1 : close])
    return Block(page, number + 2, fence["language"], code, action, options), close


def blocks(page: Path) -> list[Block]:
    """The examples of a page in their order.

    Raises:
        MarkerError: a marker is not understood, stands above nothing, or a fence is never closed.
    """
    lines, found, number = page.read_text(encoding="utf-8").splitlines(), [], 0
    while number < len(lines):
        fence, where = FENCE.match(lines[number]), f"{page}:{number + 1}"
        if fence:
            block, number = _fenced(page, lines, number, fence)
            found.append(block)
        elif lines[number].strip() == SETUP:
            close = _until(lines, number + 1, re.compile(r"^\s*-->\s*$"), where)
            code = "".join(line + "\n" for line in lines[number + 1 : close])
            found.append(Block(page, number + 2, "python", code, "setup"))
            number = close
        elif MARKER.match(lines[number]) and not (number + 1 < len(lines) and FENCE.match(lines[number + 1])):
            raise MarkerError(f"{where}: there is no fenced block right below this marker")
        number += 1
    return found
