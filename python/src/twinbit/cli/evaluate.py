"""twinbit evaluate: the public boards, by their own protocols."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from twinbit.cli import show
from twinbit.cli.run import Arithmetic
from twinbit.datasets import DataNotFoundError, data_root
from twinbit.errors import FileError, RecipeError

if TYPE_CHECKING:
    from twinbit.boards.board import Entry
    from twinbit.boards.case import Problem
    from twinbit.boards.run import Outcome
    from twinbit.boards.suite import Suite
    from twinbit.parity.cost import FrameCost
    from twinbit.recipe_parts import Arithmetic as RecipeArithmetic

__all__ = ["evaluate"]

DRIFT = "drift"
BOARDS = ("skab", "nab", "cooling_fan", "cwru", "hit_sm", "ceiling_fan", "uci_fan", "tower_fan", "nslkdd", "driver")
NAMES = (*BOARDS, DRIFT)


def _chosen(given: Sequence[str] | None, known: Sequence[str], option: str) -> list[str]:
    """Names from an option that may be given more than once and hold several, separated by commas; all by default."""
    names = [name.strip() for part in given or () for name in part.split(",") if name.strip()]
    for name in names:
        if name not in known:
            raise RecipeError(f"{option} {name}: it is not known; there are {', '.join(known)}")
    return list(dict.fromkeys(names)) or list(known)


def _root(data: Path | None) -> Path:
    try:
        return data_root(data)
    except DataNotFoundError as error:
        raise FileError(f"{error}; give the folder of data sets with --data") from error


def _problems(suite: Suite, root: Path) -> list[Problem]:
    """What the folder holds of a suite. Raises DataNotFoundError if there is nothing to score, or nothing to learn."""
    found = suite.problems(root)
    if not found:
        raise DataNotFoundError(f"{root / suite.folder} has no recordings that {suite.name} can learn and score")
    return found


def _entries(
    name: str, root: Path, kinds: Sequence[RecipeArithmetic], cost: Callable[[Outcome], FrameCost | None]
) -> list[Entry]:
    """A suite in each arithmetic. Raises DataNotFoundError where the folder has nothing of it."""
    from twinbit.boards import board, drift

    if name == DRIFT:
        return [drift.evaluate(root, kind, show.progress, cost) for kind in kinds]
    problems = _problems(board.SUITES[name], root)
    return [board.evaluate_suite(board.SUITES[name], problems, kind, show.progress, cost) for kind in kinds]


def _cost(wanted: bool) -> Callable[[Outcome], FrameCost | None]:
    """Counts instructions of a frame on a Cortex-M4F, where toolchain and QEMU are there."""
    if not wanted:
        return lambda outcome: None
    from twinbit.boards.cost import on_target

    return on_target


def _table(entries: Sequence[Entry], missing: dict[str, str]) -> None:
    heads = ["suite", "", "figures", "guard", "false %: asked, seen, margin", "image B", "M4F instr."]
    show.print_table("Boards: one fixed recipe a suite", heads, [row for entry in entries for row in _rows(entry)])
    for entry in entries:
        if entry.suite == DRIFT and entry.arithmetic == entries[0].arithmetic:
            _streams(entry)
    for entry in entries:
        missed = [aim for aim, met in entry.result.aims.items() if not met]
        if missed:
            show.print_note(f"{entry.suite} {entry.arithmetic}: missed {', '.join(missed)}")
    if missing:
        show.print_note("no data here for " + ", ".join(missing))
    show.print_note(
        "false alarms: normal frames kept from learning whose smoothed score is above the threshold less its margin: "
        "asked, seen; then with it. guard: other splits, constants chosen with the folder left out, or a 95 % "
        "interval. image: of the largest model. instructions: of a scored frame on a Cortex-M4F under QEMU"
    )


def _streams(entry: Entry) -> None:
    """Delay and false alarms of each drift detector by itself."""
    heads = ["detector", "stream", "delay, frames", "missed", "false in 10,000", "state B"]
    rows = [
        [row["detector"], row["stream"], show.number(row["delay"], 1), f"{row['missed']} of {row['changes']}",
         show.number(row["false_alarms_per_10k"]), show.number(row["bytes"])]
        for row in entry.result.summary["streams"]
    ]  # fmt: skip
    show.print_table(f"Drift detectors by themselves, {entry.arithmetic}", heads, rows)


def _rows(entry: Entry) -> list[list[str]]:
    """A row of the table, or one for each part."""
    cells = _cells(entry)
    parts = [[f"{entry.suite} {part}", cells[1], words, "", "", "", ""] for part, words in entry.result.details]
    return [[parts[0][0], cells[1], parts[0][2], *cells[3:]], *parts[1:]] if parts else [cells]


def _cells(entry: Entry) -> list[str]:
    from twinbit.boards.cost import instructions

    rate: dict[str, Any] | None = entry.result.summary.get("false_alarm_rate")
    seen = "-"
    if rate and rate["seen"] is not None:
        seen = " ".join(f"{100 * rate[key]:.2g}" for key in ("asked", "seen", "with_margin"))
    return [
        entry.suite, entry.arithmetic, entry.result.score, entry.result.guard or "-", seen, show.number(entry.image),
        show.number(None if entry.cost is None else instructions(entry.cost)),
    ]  # fmt: skip


def _draw(entries: Sequence[Entry], folder: Path) -> None:
    from twinbit.boards import pictures  # only here: it loads matplotlib, a third of a second

    try:
        folder.mkdir(parents=True, exist_ok=True)
        drawn = [entry.draw(folder) if entry.draw else pictures.draw(entry, folder) for entry in entries]
    except OSError as error:
        raise FileError(f"{folder}: it can't be written ({error.strerror}); choose another with --plots") from error
    show.print_note(f"wrote {sum(map(len, drawn))} pictures to {folder}")


def evaluate(
    data: Annotated[
        Path | None,
        typer.Option(help="Folder of data sets. Default: TWINBIT_DATA, or shared/data beside the checkout."),
    ] = None,
    suite: Annotated[list[str] | None, typer.Option(help=f"Suites, separated by commas: {', '.join(NAMES)}.")] = None,
    arithmetic: Annotated[list[str] | None, typer.Option(help="Number formats: f32, q15, q31. Default: all.")] = None,
    cost: Annotated[bool, typer.Option(help="Count instructions on a Cortex-M4F, if its toolchain is there.")] = True,
    plots: Annotated[Path | None, typer.Option(help="Folder for pictures of signals, scores and features.")] = None,
    require: Annotated[bool, typer.Option("--require", help="Exit code 1 if an aim is missed.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a table.")] = False,
) -> None:
    """Score public data sets by their boards' own protocols, one fixed recipe a suite.

    Whatever files the folders hold are evaluated. Labels are looked at only after everything is scored.
    The suite drift shows what happens when normal moves.
    """
    from twinbit.boards import board  # only here: it is much to load

    root = _root(data)
    suites = _chosen(suite, NAMES, "--suite")
    kinds = _chosen(arithmetic, [kind.value for kind in Arithmetic], "--arithmetic")
    entries: list[board.Entry] = []
    missing: dict[str, str] = {}
    count = _cost(cost)
    for name in suites:
        try:
            entries += _entries(name, root, [known for known in board.ARITHMETICS if known in kinds], count)
        except DataNotFoundError as error:
            if suite:
                raise FileError(str(error)) from error
            missing[name] = str(error)
    entries.sort(key=lambda entry: (suites.index(entry.suite), kinds.index(entry.arithmetic)))
    if plots is not None:
        _draw(entries, plots)
    if as_json:
        show.print_json(board.as_json(entries, missing))
    else:
        _table(entries, missing)
    if require and not all(met for entry in entries for met in entry.result.aims.values()):
        raise typer.Exit(1)
