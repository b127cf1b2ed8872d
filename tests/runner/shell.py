"""Runs one command with a log file and a time limit."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Outcome:
    """What became of a command: its exit code (None after the time limit), its log and its seconds."""

    code: int | None
    log: Path
    seconds: float

    @property
    def ok(self) -> bool:
        """True if the command ended with exit code 0."""
        return self.code == 0

    def tail(self, lines: int = 40) -> str:
        """The last lines of the log, after a word on how the command ended."""
        text = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
        end = f"exit code {self.code}" if self.code is not None else f"stopped after {self.seconds:.0f} s"
        return "\n".join([f"{end}; the whole log: {self.log}", *text])


def run(
    command: list[str], log: Path, *, timeout: float, env: dict[str, str] | None = None, cwd: Path | None = None
) -> Outcome:
    """Runs a command, both outputs appended to the log. At the time limit its whole process group is killed."""
    log.parent.mkdir(parents=True, exist_ok=True)
    begin = time.monotonic()
    with log.open("ab") as output:
        output.write(f"$ {' '.join(command)}\n".encode())
        output.flush()
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=env,
                cwd=cwd,
                start_new_session=True,
            )
        except OSError as error:
            output.write(f"{error}\n".encode())
            return Outcome(127, log, 0.0)
        code: int | None
        try:
            code = process.wait(timeout)
        except BaseException as error:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            if not isinstance(error, subprocess.TimeoutExpired):
                raise
            code = None
    return Outcome(code, log, time.monotonic() - begin)
