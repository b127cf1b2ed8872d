"""Runs a runner in a folder of its own and reads its last line."""

from __future__ import annotations

import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .targets import Target

TIMEOUT_S = 180.0
STATES = ("scaling", "learning", "calibrating", "monitoring", "drifting")


class RunError(RuntimeError):
    """A runner did not come to its end; the text has what it printed."""


@dataclass(frozen=True)
class Outcome:
    """What a runner left behind.

    Attributes:
        results: the bytes of results.bin: every result and the sealed image.
        frames: taken through tb_step.
        failed: of them, with an error status.
        image: bytes of the image.
        scratch: bytes.
        plan: bytes.
        stack: bytes, the most that a call used.
        steps: number of steps by the state they ended in.
        ticks: their counter ticks.
    """

    results: bytes
    frames: int
    failed: int
    image: int
    scratch: int
    plan: int
    stack: int
    steps: tuple[int, ...]
    ticks: tuple[int, ...]


def run_program(target: Target, program: Path, folder: Path, timeout_s: float, name: str) -> str:
    """Runs a program in a folder; returns what its last line says behind the program's name.

    Raises:
        RunError: it failed, took longer than timeout_s, or has no such line.
    """
    command = target.program_command(program.resolve())
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired as late:
        raise RunError(f"{target.name}: no end within {timeout_s:.0f} s") from late
    said = done.stdout + done.stderr
    lines: list[str] = re.findall(rf"^{name} (\w+=.*)$", said, flags=re.MULTILINE)
    if done.returncode != 0 or not lines:
        raise RunError(f"{target.name}: {name} ended with status {done.returncode}: {said.strip()[-500:]}")
    return lines[-1]


def execute(target: Target, program: Path, recording: bytes, timeout_s: float = TIMEOUT_S) -> Outcome:
    """Runs a program on a recording.

    Raises:
        RunError: it failed, took longer than timeout_s, or said nothing.
    """
    with tempfile.TemporaryDirectory(prefix="twinbit-parity-") as name:
        folder = Path(name)
        (folder / "recording.bin").write_bytes(recording)
        said = run_program(target, program, folder, timeout_s, "twinbit-runner")
        results = (folder / "results.bin").read_bytes()
    line = dict(part.split("=") for part in said.split())
    numbers = {key: int(value) for key, value in line.items() if "," not in value}
    lists = {key: tuple(map(int, value.split(","))) for key, value in line.items() if "," in value}
    return Outcome(results=results, steps=lists["steps"], ticks=lists["ticks"], **numbers)
