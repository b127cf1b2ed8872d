"""Runs the examples of a page, one after the other in one temporary folder, and keeps what they print."""

from __future__ import annotations

import contextlib
import doctest
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import library
from fences import Block

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TIMEOUT = 300  # seconds, for a command of a page


class ExampleError(AssertionError):
    """An example of a page that does not do what the page says. Its text names page and line."""


def _fail(block: Block, text: str) -> ExampleError:
    return ExampleError(f"{block.page}:{block.line}: {text}")


class Session:
    """What the examples of a page share: a folder, the names of Python, and what the last one printed."""

    def __init__(self, folder: Path) -> None:
        """Examples run in `folder`."""
        self.folder = folder
        self.names: dict[str, Any] = {"__name__": "__main__"}
        self.printed = ""

    def run(self, block: Block) -> None:
        """Does with one block what its language and its marker ask for.

        Raises:
            ExampleError: it does not do what the page says, or the page does not say whether to run it.
        """
        if block.action == "skip":
            return
        code = _without(block)
        if "file" in block.options:
            target = self.folder / block.options["file"]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(code, encoding="utf-8")
        if block.action == "output":
            self._compare(block)
        elif block.action != "file":
            self._by_language(block, code)

    def _by_language(self, block: Block, code: str) -> None:
        if block.language in ALWAYS:
            ALWAYS[block.language](self, block, code)
        elif block.action == "run":
            if block.language not in WHEN_TOLD:
                raise _fail(block, f"don't know how to run {block.language or 'a block without a language'}")
            WHEN_TOLD[block.language](self, block, code)
        elif block.language in WHEN_TOLD:
            raise _fail(block, "say '<!-- test: run -->' or '<!-- test: skip REASON -->' above this block")

    def _compare(self, block: Block) -> None:
        if not matches(block.code, self.printed):
            raise _fail(block, f"the example prints something else:\n{self.printed}")

    def python(self, block: Block, code: str) -> None:
        """Runs a block with the names of the blocks before it."""
        shown = io.StringIO()
        padded = "\n" * (block.line - 1) + code  # so that tracebacks have the page's lines
        with _chdir(self.folder), contextlib.redirect_stdout(shown):
            exec(compile(padded, str(block.page), "exec"), self.names)
        self.printed = shown.getvalue()

    def pycon(self, block: Block, code: str) -> None:
        """Runs a block of >>> lines and compares what they give."""
        test = doctest.DocTestParser().get_doctest(code, self.names, block.page.name, str(block.page), block.line - 1)
        shown = io.StringIO()
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
        with _chdir(self.folder):
            failed = runner.run(test, out=shown.write, clear_globs=False).failed
        self.names.update(test.globs)
        if failed:
            raise _fail(block, shown.getvalue())

    def shell(self, block: Block, code: str) -> None:
        """Runs a block with bash; the first command that fails ends it."""
        lines = [line[2:] if line.startswith("$ ") else line for line in code.splitlines()]
        self.printed = self._call(block, ["bash", "-euo", "pipefail", "-c", "\n".join(lines)])

    def c(self, block: Block, code: str) -> None:
        """Compiles a program as strict C99, links it with the library, and runs it."""
        source = self.folder / block.options.get("file", "example.c")
        source.write_text(code, encoding="utf-8")
        patterns = block.options.get("sources", "").split()
        further = [str(path) for pattern in patterns for path in self._files(block, pattern)]
        program = source.with_suffix("")
        self._call(block, library.compile_c([str(source), *further], program))
        self.printed = self._call(block, [str(program)])

    def _files(self, block: Block, pattern: str) -> list[Path]:
        found = sorted(self.folder.glob(pattern))
        if not found:
            raise _fail(block, f"no file of the page is called {pattern}")
        return found

    def _call(self, block: Block, command: list[str]) -> str:
        done = subprocess.run(
            command, cwd=self.folder, capture_output=True, text=True, timeout=TIMEOUT, check=False, env=os.environ
        )
        if done.returncode:
            raise _fail(block, f"exit code {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def toml(self, block: Block, code: str) -> None:
        """Reads a block as TOML."""
        tomllib.loads(code)

    def json(self, block: Block, code: str) -> None:
        """Reads a block as JSON."""
        json.loads(code)


Runner = Callable[[Session, Block, str], None]
ALWAYS: dict[str, Runner] = {
    "python": Session.python,
    "pycon": Session.pycon,
    "c": Session.c,
    "toml": Session.toml,
    "json": Session.json,
}
"""Run without being told."""
WHEN_TOLD: dict[str, Runner] = dict.fromkeys(("sh", "bash", "shell", "console"), Session.shell)
"""Run if the page says so; the page has to say what to do with them."""


@contextlib.contextmanager
def _chdir(folder: Path) -> Iterator[None]:
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _without(block: Block) -> str:
    minus = block.options.get("minus", "")
    if minus and minus not in block.code:
        raise _fail(block, f"there is no {minus!r} in it to leave out")
    return block.code.replace(minus, "") if minus else block.code


def matches(expected: str, printed: str) -> bool:
    """Compares word by word; `...` stands for any text."""
    checker = doctest.OutputChecker()
    return checker.check_output(expected, printed, doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
