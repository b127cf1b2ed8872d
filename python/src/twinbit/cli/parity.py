"""`twinbit parity`: the same recording through host and firmware, every result and the image compared."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from twinbit.parity import Run, choose_frames, find_targets, run_parity
from twinbit.parity.recipes import ARITHMETICS, DETECTORS
from twinbit.parity.runs import FRAMES

COLUMNS = ("target", "arith", "detector", "frames", "equal", "flash", "RAM", "stack", "instr")
LEGEND = (
    "flash: bytes that learning, scoring, alarms and sealing take; RAM: bytes of image, scratch and plan; "
    "stack: bytes, the worst call; instr: instructions a frame, counted on bare metal"
)


def _shown(value: int | None) -> str:
    return "-" if value is None else f"{value:,}"


def _row(run: Run) -> list[str]:
    equal = {True: "[green]yes[/]", False: "[bold red]NO[/]", None: "not run"}[run.equal]
    sizes = (run.text_bytes, run.ram_bytes, run.stack_bytes, run.instructions_per_frame)
    return [run.target, run.arithmetic, run.detector, _shown(run.frames), equal, *map(_shown, sizes)]


def _table(runs: list[Run]) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold underline")
    for name in COLUMNS:
        right = name not in COLUMNS[:3] and name != "equal"
        table.add_column(name, justify="right" if right else "left", no_wrap=True)
    for run in runs:
        table.add_row(*_row(run))
    return table


def _conclusion(runs: list[Run]) -> str:
    done = [run for run in runs if run.equal is not None]
    same = sum(run.equal is True for run in done)
    left = f", {len(runs) - len(done)} not run" if len(done) < len(runs) else ""
    return f"{same} of {len(done)} runs gave the host's bytes in every result and in the image{left}."


def _print(console: Console, runs: list[Run], source: str) -> None:
    console.print(_table(runs))
    for run in runs:
        if run.first_difference:
            place = f"{run.target}, {run.detector} {run.arithmetic}"
            console.print(f"[bold red]{place}: {run.first_difference}[/]", soft_wrap=True)
    for note in dict.fromkeys(f"{run.target}: {run.note}" for run in runs if run.note):
        console.print(note, soft_wrap=True, markup=False)
    console.print(f"Input: {source}. {_conclusion(runs)}")
    console.print(LEGEND, style="dim")


def parity(
    targets: Annotated[
        str | None, typer.Option(help="Names, separated by commas: cortex-m0, rv32imac, host, ...", show_default="all")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of the table.")] = False,
    frames: Annotated[int, typer.Option(min=1000, help="Length of the recording.")] = FRAMES,
    build_dir: Annotated[
        Path | None, typer.Option(help="Where objects are kept.", show_default="the user's cache folder")
    ] = None,
) -> None:
    """Build for every target whose tools are found, and prove that it computes the host's bytes."""
    console = Console(stderr=as_json)
    names = targets.split(",") if targets else None
    total = len(find_targets(names)) * len(ARITHMETICS) * len(DETECTORS)
    data = choose_frames(frames)
    runs: list[Run] = []
    with Progress(console=console, transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("building and running", total=total)

        def seen(run: Run) -> None:
            runs.append(run)
            bar.update(task, advance=1, description=run.target)

        result: dict[str, Any] = run_parity(names, frames=data, build_dir=build_dir, progress=seen)
    if as_json:
        print(json.dumps(result, indent=2))
    else:
        _print(console, runs, data.source)
    raise typer.Exit(0 if result["equal"] else 1)
