"""What a frame costs on a microcontroller: instructions of a scored frame on a Cortex-M4F, under QEMU.

The monitor as it stood after learning is loaded there and goes on with the first scored stream. With a framer the
samples between two frames are counted, too: all instructions over the number of frames.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from twinbit.boards.run import Outcome
from twinbit.errors import FileError
from twinbit.parity.build import Builder, BuildError, default_build_dir
from twinbit.parity.recipes import exported
from twinbit.parity.targets import Target, find_targets
from twinbit.recipe import Recipe

__all__ = ["FrameCost", "frame_cost", "instructions"]

TARGET = "cortex-m4f"
FRAMES = 4
TIMEOUT_S = 120.0


@dataclass(frozen=True)
class FrameCost:
    """A frame on a target: instructions; image, RAM (with scratch and plan) and stack in bytes."""

    instructions: float
    image: int
    ram: int
    stack: int


@cache
def _target() -> Target | None:
    """The machine, if it can be built for and run here."""
    (target,) = find_targets([TARGET])
    return None if target.missing() else target


@cache
def _builder(build_dir: Path) -> Builder | None:
    """Compiles core once; None where that is not possible."""
    target = _target()
    if target is None:
        return None
    try:
        builder = Builder(target, build_dir, jobs=2)
        return builder if builder.core else None
    except (BuildError, FileError):
        return None


def _meter(builder: Builder, recipe: Recipe, folder: Path) -> Path:
    """The meter with the recipe linked in."""
    source = exported(recipe, folder)
    embedded = builder.root / "embedded"
    ours = [embedded / "meter" / "main.c", *(embedded / "runner" / name for name in ("probe.c", "report.c"))]
    include = f"-I{embedded / 'runner'}"
    objects = [*(builder.compile(path, include) for path in ours), builder.compile(source, f"-I{source.parent}")]
    return builder.link([*objects, *builder.platform, *builder.core], folder / "meter.elf")


def _run(target: Target, program: Path, folder: Path) -> dict[str, str]:
    """What the meter's last line says."""
    command = target.program_command(program.resolve())
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=TIMEOUT_S, check=False, stdin=subprocess.DEVNULL
    )
    lines = re.findall(r"^twinbit-runner (.*)$", done.stdout + done.stderr, flags=re.MULTILINE)
    if done.returncode != 0 or not lines:
        raise BuildError(f"{target.name}: the meter ended with {done.returncode}: {(done.stdout + done.stderr)[-300:]}")
    return dict(part.split("=") for part in lines[-1].split())


def frame_cost(
    recipe: Recipe, image: bytes, rows: npt.NDArray[np.float32], frames: int, build_dir: Path | None = None
) -> FrameCost | None:
    """Takes rows through a monitor on the target; None where toolchain or QEMU are missing.

    In: recipe, fitted. image: sealed, as it stands before the rows. rows: float32, (rows, channels). frames: whole
    frames that the rows become. build_dir: where objects are kept; the user's cache folder if None.
    """
    target, builder = _target(), _builder(build_dir or default_build_dir())
    if target is None or builder is None or frames < 1:
        return None
    with tempfile.TemporaryDirectory(prefix="twinbit-meter-") as name:
        folder = Path(name)
        (folder / "image.bin").write_bytes(image)
        head = np.array([rows.shape[1], len(rows)], dtype="<u4").tobytes()
        (folder / "rows.bin").write_bytes(head + rows.astype("<f4").tobytes())
        said = _run(target, _meter(builder, recipe, folder), folder)
    ticks = sum(map(int, said["ticks"].split(",")))
    counted = target.instructions(ticks)
    ram = sum(int(said[key]) for key in ("image", "scratch", "plan"))
    return None if counted is None else FrameCost(counted / frames, int(said["image"]), ram, int(said["stack"]))


def instructions(outcome: Outcome) -> float | None:
    """Instructions of one frame of an outcome's recipe, without the first window of a stream."""
    stream = next(iter(outcome.case.scored.values()))
    framer = outcome.recipe.framer
    count = FRAMES if framer is None else framer.hop * FRAMES
    rows = stream.frames[:count]
    found = frame_cost(outcome.recipe, outcome.image, rows, FRAMES if framer is None else len(rows) // framer.hop)
    return None if found is None else found.instructions
