"""A parity run: one recipe on one target against the host."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from twinbit.recipe import Recipe
from twinbit.recipe_parts import Arithmetic

from .build import Builder, BuildError, compiler_version, default_build_dir
from .compare import Difference, first_difference
from .data import Frames, channels_for, counts_bits, for_row, generated_frames, make_recording, skab_frames
from .execute import STATES, Outcome, RunError, execute
from .footprint import Piece, link_footprint, text_bytes
from .loop import drifting_frames, loop_recording
from .recipes import ARITHMETICS, DETECTORS, exported, make_recipe
from .reference import host_results
from .script import Recording
from .targets import Target, find_targets

FRAMES = 10_000


@dataclass(frozen=True)
class Case:
    """One arithmetic and detector: its recipe, its recording, and what the host makes of them."""

    detector: str
    recipe: Recipe
    recording: Recording
    expected: bytes

    @property
    def name(self) -> str:
        """For file names."""
        return f"{self.detector}-{self.recipe.arithmetic}"


@dataclass(frozen=True)
class Run:
    """What came of a case on a target. None where nothing was measured.

    Attributes:
        target: name.
        arithmetic: "f32", "q15" or "q31".
        detector: a key of DETECTORS.
        frames: taken through the target; 0 if it was not run.
        equal: every result and the image have the host's bytes; None if it was not run.
        compiler: first line of its --version.
        flags: of the compiler.
        first_difference: where bytes first differ.
        text_bytes: flash of learning, scoring, alarms and sealing, with what that pulls from libgcc and libc.
        image_bytes: what is saved.
        ram_bytes: image, scratch and plan; with a policy also its attached images and their plans.
        stack_bytes: the most that any call used.
        instructions: a step, by the state it ended in.
        instructions_per_frame: over all steps.
        note: why it was not run, or how it failed.
    """

    target: str
    arithmetic: str
    detector: str
    frames: int = 0
    equal: bool | None = None
    compiler: str | None = None
    flags: str | None = None
    first_difference: Difference | None = None
    text_bytes: int | None = None
    image_bytes: int | None = None
    ram_bytes: int | None = None
    stack_bytes: int | None = None
    instructions: dict[str, int] = field(default_factory=dict)
    instructions_per_frame: int | None = None
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        """The object of `twinbit parity --json`."""
        names = ("target", "compiler", "flags", "arithmetic", "detector", "frames", "equal", "first_difference")
        sizes = ("text_bytes", "image_bytes", "stack_bytes", "instructions_per_frame")
        out = {name: getattr(self, name) for name in (*names, *sizes)}
        out["first_difference"] = self.first_difference.as_json() if self.first_difference else None
        return out


def choose_frames(count: int) -> Frames:
    """Real data if it is on this machine, else generated data."""
    return skab_frames(count) or generated_frames(count)


def make_case(frames: Frames, arithmetic: Arithmetic, detector: str) -> Case:
    """Recipe and recording for one arithmetic and detector, taken through the host."""
    row = DETECTORS[detector]
    frames = for_row(drifting_frames() if row.policy else frames, row.channels, row.frames)
    bits, shift = counts_bits(arithmetic, row.framer is not None)
    channels = channels_for(frames.values, bits, shift, centred=not row.spectral)
    recipe = make_recipe(arithmetic, detector, channels, len(frames.values))
    recording = loop_recording(make_recording(frames, channels, arithmetic, row.framer), recipe)
    return Case(detector, recipe, recording, host_results(recipe, recording))


def _instructions(target: Target, outcome: Outcome) -> tuple[dict[str, int], int | None]:
    by_state = {}
    for state, steps, ticks in zip(STATES, outcome.steps, outcome.ticks, strict=True):
        count = target.instructions(ticks)
        if steps and count is not None:
            by_state[state] = round(count / steps)
    total = target.instructions(sum(outcome.ticks))
    return by_state, None if total is None else round(total / max(sum(outcome.steps), 1))


def recipe_source(builder: Builder, case: Case) -> Path:
    """The case's recipe, exported to C."""
    return exported(case.recipe, builder.folder / f"recipe-{case.name}")


def footprint(builder: Builder, case: Case) -> list[Piece]:
    """What is in the smallest firmware of the case's recipe."""
    loop = case.recipe.policy is not None
    return link_footprint(builder, recipe_source(builder, case), case.recipe.arithmetic, loop=loop)


def link_runner(builder: Builder, case: Case) -> Path:
    """The runner with the case's recipe."""
    source = recipe_source(builder, case)
    objects = [*builder.runner, builder.compile(source, f"-I{source.parent}"), *builder.core]
    return builder.link(objects, builder.folder / f"runner-{case.name}.elf")


def run_case(builder: Builder, case: Case) -> Run:
    """Links a runner with the case's recipe, runs it and compares."""
    target = builder.target
    outcome = execute(target, link_runner(builder, case), case.recording.to_bytes())
    difference = first_difference(case.expected, outcome.results)
    by_state, mean = _instructions(target, outcome)
    return Run(
        target=target.name,
        arithmetic=case.recipe.arithmetic,
        detector=case.detector,
        frames=outcome.frames,
        equal=difference is None,
        compiler=compiler_version(target.cc),
        flags=" ".join(builder.flags),
        first_difference=difference,
        text_bytes=text_bytes(footprint(builder, case)),
        image_bytes=outcome.image,
        ram_bytes=outcome.scratch + (1 + case.recording.attached.bit_count()) * (outcome.image + outcome.plan),
        stack_bytes=outcome.stack,
        instructions=by_state,
        instructions_per_frame=mean,
    )


def _run_or_fail(builder: Builder, case: Case) -> Run:
    """A tool that fails is a run that is not equal, with its words as the note: the other runs go on."""
    try:
        return run_case(builder, case)
    except (BuildError, RunError) as error:
        recipe, target = case.recipe, builder.target
        flags = " ".join(builder.flags)
        return Run(target.name, recipe.arithmetic, case.detector, equal=False, flags=flags, note=str(error))


def run_target(target: Target, cases: list[Case], build_dir: Path) -> list[Run]:
    """All cases on one target; runs without a verdict if its tools are not on this machine."""
    missing = target.missing()
    if missing:
        note = "not found: " + ", ".join(missing)
        return [Run(target.name, case.recipe.arithmetic, case.detector, note=note) for case in cases]
    builder = Builder(target, build_dir)
    return [_run_or_fail(builder, case) for case in cases]


def iterate_runs(
    targets: list[Target], cases: list[Case], build_dir: Path | None = None, jobs: int | None = None
) -> Iterator[list[Run]]:
    """The runs of each target as they get done, `jobs` targets at a time, in the order of the targets."""
    folder = build_dir or default_build_dir()
    with ThreadPoolExecutor(jobs or min(2, os.cpu_count() or 1)) as pool:
        yield from pool.map(lambda target: run_target(target, cases, folder), targets)


def verdict(runs: list[Run]) -> bool:
    """Something was run and nothing differs."""
    return any(run.equal for run in runs) and all(run.equal is not False for run in runs)


def run_parity(
    targets: list[str] | None = None,
    *,
    arithmetics: tuple[Arithmetic, ...] = ARITHMETICS,
    detectors: tuple[str, ...] = tuple(DETECTORS),
    frames: Frames | int = FRAMES,
    build_dir: Path | None = None,
    jobs: int | None = None,
    progress: Callable[[Run], None] | None = None,
) -> dict[str, Any]:
    """Runs host and targets on the same recording and compares every result and the final image, byte for byte.

    Args:
        targets: names as in embedded/targets, "host" or a host build such as "host-gcc-O2"; None for all.
        arithmetics: of "f32", "q15", "q31".
        detectors: keys of DETECTORS.
        frames: sensor values, or how many frames of real data, if it is on this machine, else of generated data. The
            costlier detectors take the first 2,500 of them.
        build_dir: where objects are kept; the user's cache folder if None.
        jobs: targets that are built and run at once; 2 if None.
        progress: called with each run when its target is done.

    Returns:
        {"equal": bool, "runs": [...]}, as `twinbit parity --json` prints it. A run whose tools are not on this machine
        has equal None.

    Raises:
        TwinbitError: an unknown target, or the firmware sources are not here.
    """
    chosen = find_targets(targets)
    data = choose_frames(frames) if isinstance(frames, int) else frames
    cases = [make_case(data, arithmetic, detector) for arithmetic in arithmetics for detector in detectors]
    runs: list[Run] = []
    for done in iterate_runs(chosen, cases, build_dir, jobs):
        runs += done
        for run in done:
            if progress:
                progress(run)
    return {"equal": verdict(runs), "runs": [run.as_json() for run in runs]}
