"""What a recipe costs on a microcontroller: its firmware is built, and run under QEMU on frames that it watches."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from twinbit import _core
from twinbit.errors import TwinbitError
from twinbit.recipe import Recipe
from twinbit.recipe_bytes import pack

from .build import Builder, default_build_dir
from .execute import RunError, run_program
from .footprint import link_footprint, text_bytes
from .targets import Target, embedded_target

__all__ = ["FrameCost", "frame_cost"]

COUNTED = 8
"""Frames that are run on the target."""
MONITORING = 3
ROUNDS_OF_FRAMES = 1_000_000
"""Rows after which a monitor that does not watch is given up."""
MISSING = -(2**31)
MOST_COUNT = 2**31 - 1
TIMEOUT_S = 300.0


@dataclass(frozen=True)
class FrameCost:
    """A monitor's cost on a target while it watches. Instructions are executed ones, not cycles.

    Attributes:
        target: name, as in embedded/targets.
        flash: bytes of code and constants: stepping, alarms, sealing, the recipe, what that pulls from libgcc and libc.
        image: bytes of what is saved.
        ram: bytes of image, scratch and plan.
        stack: bytes, the most that tb_init, tb_load or a step used.
        instructions: of a step that makes a whole frame, mean.
        most: of the dearest step.
        per_sample: of a step that only takes a sample into its window, mean; 0 without a framer.
        samples: steps that make a frame: the hop, 1 without a framer.
    """

    target: str
    flash: int
    image: int
    ram: int
    stack: int
    instructions: int
    most: int
    per_sample: int
    samples: int

    def per_second(self, rate: float) -> float:
        """Instructions a second where samples, or frames without a framer, come so many times a second."""
        return rate / self.samples * (self.instructions + (self.samples - 1) * self.per_sample)


def frame_cost(
    recipe: Recipe, frames: npt.ArrayLike, target: str = "cortex-m4f", build_dir: Path | None = None
) -> FrameCost | None:
    """Builds firmware with the recipe and counts what a step of it executes once it watches.

    The monitor learns on this machine, from the frames again and again until it watches; the target loads its image
    and goes on with frames that follow.

    Args:
        recipe: a fitted one.
        frames: (rows, channels) in engineering units: frames, or samples where there is a framer.
        target: of embedded/targets: "cortex-m0", "cortex-m4f" ...
        build_dir: where objects are kept; the user's cache folder if None.

    Returns:
        None where the target's tools are not on this machine.

    Raises:
        TwinbitError: the frames never bring the monitor to watch, or the firmware sources are not here.
        BuildError: it does not fit the target's memory.
        RunError: the firmware did not come to its end.
    """
    machine = embedded_target(target)
    if machine.missing():
        return None
    values = np.ascontiguousarray(frames, dtype=np.float32)
    image = learned(recipe, values)
    builder = Builder(machine, build_dir or default_build_dir())
    source = _exported(builder, recipe, image)
    said = _run(machine, _link(builder, recipe, source), _words(recipe, _following(recipe, values)))
    pieces = link_footprint(builder, source, recipe.arithmetic)
    return _figures(machine, recipe, said, text_bytes(pieces))


def learned(recipe: Recipe, values: npt.NDArray[np.float32]) -> bytes:
    """The image of a monitor that has learned from the values, as often as it took until it watches."""
    monitor = _core.Monitor(pack(recipe))
    for _ in range(1 + ROUNDS_OF_FRAMES // max(len(values), 1)):
        monitor.step_many(values)
        if monitor.state == MONITORING:
            return monitor.save()
    raise TwinbitError("cost: the frames do not bring the monitor to watch")


def _following(recipe: Recipe, values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Rows for the target: as many as make COUNTED frames."""
    rows = COUNTED * (recipe.framer.hop if recipe.framer else 1)
    return np.resize(values, (rows, values.shape[1]))


def _words(recipe: Recipe, values: npt.NDArray[np.float32]) -> bytes:
    """samples.bin: floats, or counts where the arithmetic takes counts."""
    if recipe.arithmetic == "f32":
        return values.astype("<f4").tobytes()
    scale = np.ldexp(1.0, [channel.unit for channel in recipe.input.channels])
    counts = np.clip(np.floor(values.astype(np.float64) * scale + 0.5), -MOST_COUNT, MOST_COUNT)
    return np.where(np.isnan(values), MISSING, counts).astype("<i4").tobytes()


def _exported(builder: Builder, recipe: Recipe, image: bytes) -> Path:
    """The recipe with what was learned, as C; returns the C file. Its folder is named by what is in it."""
    from twinbit.export import render  # here, since twinbit.export imports this package

    files = render(recipe, "runner", image)
    digest = hashlib.sha256("".join(files.values()).encode()).hexdigest()[:16]
    folder = builder.folder / f"cost-{digest}"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "runner.c"


def _link(builder: Builder, recipe: Recipe, source: Path) -> Path:
    """The firmware that counts. Explanation, merge and epochs are left out, as in the flash that is told."""
    include = f"-I{source.parent}"
    define = ["-DCOST_F32"] if recipe.arithmetic == "f32" else []
    root = builder.root / "embedded"
    objects = [
        builder.compile(root / "cost" / "main.c", include, *define),
        builder.compile(root / "runner" / "probe.c"),
        builder.compile(source, include, "-DRUNNER_LEAN"),
        *builder.platform,
        *builder.core,
    ]
    return builder.link(objects, source.parent / "cost.elf")


def _run(machine: Target, program: Path, samples: bytes) -> dict[str, int]:
    """The numbers of the last line."""
    with tempfile.TemporaryDirectory(prefix="twinbit-cost-") as folder:
        (Path(folder) / "samples.bin").write_bytes(samples)
        line = run_program(machine, program, Path(folder), TIMEOUT_S, "twinbit-cost")
    return {key: int(value) for key, value in (part.split("=") for part in line.split())}


def _figures(machine: Target, recipe: Recipe, said: dict[str, int], flash: int) -> FrameCost:
    if said["failed"] or not said["frames"]:
        raise RunError(f"{machine.name}: {said['failed']} steps failed, {said['frames']} frames were scored")

    def mean(ticks: str, steps: str) -> int:
        return round((machine.instructions(said[ticks]) or 0) / max(said[steps], 1))

    cost = recipe.cost()
    return FrameCost(
        target=machine.name,
        flash=flash,
        image=cost.image,
        ram=cost.ram,
        stack=max(said["step_stack"], said["start_stack"]),
        instructions=mean("frame_ticks", "frames"),
        most=round(machine.instructions(said["most_ticks"]) or 0),
        per_sample=mean("sample_ticks", "samples"),
        samples=recipe.framer.hop if recipe.framer else 1,
    )
