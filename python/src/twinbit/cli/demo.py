"""twinbit demo: a rotating machine whose bearing fails, found by a model that a microcontroller could have learned."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, get_args

import typer

from twinbit.cli import show
from twinbit.datasets import FAULTS, rotating_machine
from twinbit.errors import FileError, RecipeError
from twinbit.evaluate import Outcome, evaluate, summary
from twinbit.recipe import Recipe
from twinbit.recipe_files import names
from twinbit.recipe_parts import Arithmetic

__all__ = ["demo"]

LEARN = 0.4
ONSET = 0.6


def _cases(recording: Any) -> list[Outcome]:
    """Each detector in each arithmetic on the same recording."""
    cases = list(itertools.product(names(of_frames=True), get_args(Arithmetic)))
    outcomes = []
    for name, arithmetic in show.progress(cases, "learning and scoring"):
        recipe = replace(Recipe.named(name), arithmetic=arithmetic)
        outcomes.append(evaluate(recording.name, recording.frames, recipe, LEARN, recording.labels.astype(float)))
    return outcomes


def _row(outcome: Outcome, onset: int) -> dict[str, Any]:
    recipe, figures = outcome.monitor.recipe, summary([outcome])
    after = [i for i in outcome.alarm.nonzero()[0] if i >= onset]
    return {
        "detector": recipe.name,
        "arithmetic": recipe.arithmetic,
        "frames": figures["frames"],
        "alarms": figures["alarms"],
        "false_alarm_percent": figures["far"],
        "found_after_frames": int(after[0]) - onset if after else None,
        "auc": figures["auc"],
        "image_bytes": figures["image_bytes"],
        "ram_bytes": outcome.monitor.cost().ram,
        "us_per_frame": figures["us_per_frame"],
    }


def _write(outcomes: list[Outcome], folder: Path) -> list[Path]:
    from twinbit import report  # only here: they load matplotlib, a third of a second
    from twinbit.plot import recording_figure

    picture, page = folder / "demo.png", folder / "report.html"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        recording_figure(outcomes[0], _title(outcomes[0])).savefig(picture, dpi=130)
    except OSError as error:
        raise FileError(f"{folder}: it can't be written ({error.strerror}); choose another with --out") from error
    shown = [
        replace(outcome, name=_title(outcome)) for outcome in outcomes if outcome.monitor.recipe.arithmetic == "q15"
    ]
    report.write(shown, page, "A machine that fails")
    return [picture, page]


def _title(outcome: Outcome) -> str:
    return f"{outcome.name}, {outcome.monitor.recipe.name}"


def demo(
    out: Annotated[Path, typer.Option(help="Folder for the picture and the report.")] = Path("twinbit-demo"),
    frames: Annotated[int, typer.Option(min=100, help="Length of the recording; a frame is a minute.")] = 2000,
    seed: Annotated[int, typer.Option(help="Another seed gives another machine.")] = 0,
    fault: Annotated[str, typer.Option(help=f"What fails: {', '.join(FAULTS)}.")] = "outer",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a table.")] = False,
) -> None:
    """Make a rotating machine with a developing bearing fault, learn what is normal, and find the fault.

    Each line of the table is one detector in one arithmetic; q15 is what a Cortex-M0 would run, bit for bit.
    """
    if fault not in FAULTS:
        raise RecipeError(f"--fault {fault}: it is not known; use {', '.join(FAULTS)}")
    onset = int(frames * ONSET)
    recording = rotating_machine(frames, seed, fault, onset)
    outcomes = _cases(recording)
    rows = [_row(outcome, onset) for outcome in outcomes]
    written = _write(outcomes, out)
    if as_json:
        show.print_json({"onset": onset, "runs": rows, "files": [str(path) for path in written]})
        return
    heads = ["detector", "", "frames", "alarms", "false %", "found after", "AUC", "image B", "RAM B", "µs/frame"]
    title = f"{fault} fault from frame {onset:,} on, {LEARN:.0%} of {frames:,} frames learn"
    show.print_table(title, heads, [_cells(row) for row in rows])
    show.print_note(
        f"found after: frames from the fault's first trace to the alarm. Wrote {written[0]} and {written[1]}"
    )


def _cells(row: dict[str, Any]) -> list[str]:
    digits = {"false_alarm_percent": 1, "auc": 3}
    return [value if isinstance(value, str) else show.number(value, digits.get(key, 2)) for key, value in row.items()]
