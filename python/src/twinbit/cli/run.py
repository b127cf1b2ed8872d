"""twinbit run: learn and score recordings from files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from twinbit import io
from twinbit.cli import show
from twinbit.errors import FileError, RecipeError, TwinbitError
from twinbit.evaluate import Outcome, evaluate, loop_text, short_names, summary
from twinbit.recipe import Decision, Recipe
from twinbit.recipe_files import names

__all__ = ["Arithmetic", "run"]

DEFAULT_LEARN = 0.3


class Arithmetic(str, Enum):
    """The number formats, as the command line takes them."""

    f32 = "f32"
    q15 = "q15"
    q31 = "q31"


class PolicyName(str, Enum):
    """The policies, as the command line takes them."""

    tell = "tell"
    freeze = "freeze"
    adapt = "adapt"
    relearn = "relearn"
    ask = "ask"


def _split(names: Sequence[str] | None) -> list[str]:
    """Names from options that may be given more than once and hold several, separated by commas."""
    return [name.strip() for part in names or () for name in part.split(",") if name.strip()]


def _share(text: str | None) -> float | None:
    """400 is an int, frames; 0.3 is a float, a share."""
    if text is None:
        return None
    try:
        return int(text) if text.strip().lstrip("+-").isdigit() else float(text)
    except ValueError:
        raise RecipeError(
            f"--learn {text}: it is no number; give frames, such as 400, or a share, such as 0.3"
        ) from None


def choose_recipe(source: str, arithmetic: Arithmetic | None, false_alarms: float | None) -> Recipe:
    """The recipe by name or file, with what the options change in it."""
    recipe = Recipe.load(source)
    if arithmetic is not None:
        recipe = replace(recipe, arithmetic=arithmetic.value)
    if false_alarms is not None:
        if not 0 < false_alarms < 0.5:
            raise RecipeError(f"--false-alarm-rate {false_alarms}: it should be between 0 and 0.5, such as 0.01")
        if not isinstance(recipe.decision, Decision):
            raise RecipeError("--false-alarm-rate: this recipe has a fixed threshold; set steady.threshold in a file")
        recipe = replace(recipe, decision=replace(recipe.decision, false_alarm_rate=false_alarms))
    return recipe


def at_rate(recipe: Recipe, asked: float | None, recording: io.Recording) -> Recipe:
    """The recipe for a recording's samples: at the rate that was asked for, else at the file's own if it has one."""
    if asked is not None and not 0 < asked < 1e9:
        raise RecipeError(f"--rate {asked}: it should be samples a second, such as 3200")
    if asked is not None and recipe.framer is None:
        raise RecipeError(f"--rate: recipe {recipe.name!r} takes frames, not samples; use vibration or bearing")
    rate = asked or recording.rate
    return recipe if recipe.framer is None or rate is None or recipe.input.channels else recipe.at_rate(rate)


def _named(recording: io.Recording, error: TwinbitError) -> TwinbitError:
    """The error with the file, and the column's name for its number."""
    where, text = f"{recording.path}", str(error)
    if error.channel >= 0:
        text = text.replace(f"channel {error.channel}:", f"column {recording.frames.columns[error.channel]!r}:", 1)
    return type(error)(f"{where}: {text}", error.status, error.frame, error.channel)


def _evaluate(recording: io.Recording, recipe: Recipe, learn: float | None) -> Outcome:
    if learn is None and not recipe.decision.learning:
        learn = DEFAULT_LEARN
    try:
        return evaluate(str(recording.path), recording.frames, recipe, learn, recording.labels)
    except TwinbitError as error:
        raise _named(recording, error) from error


def _row(outcome: Outcome) -> dict[str, Any]:
    row = {"file": outcome.name, **summary([outcome]), "first_alarm": outcome.first_alarm}
    if outcome.monitor.recipe.policy is not None:
        row |= {"drift_at": outcome.told("drift"), "taken_at": outcome.told("taken"), "state": outcome.monitor.state}
    return row


def _notes(recordings: Sequence[io.Recording], outcomes: Sequence[Outcome]) -> None:
    """What was decided for the user, and what happened to values: never silent."""
    left: dict[str, str] = {}
    for recording in recordings:
        left |= {name: why for name, why in recording.left_out.items() if why not in ("not asked for", "excluded")}
    if left:
        show.print_note("not inputs: " + ", ".join(f"{name} ({why})" for name, why in left.items()))
    for flag, text in (
        ("held", "frames with a missing value, for which the last one was held"),
        ("skipped", "frames with a missing value, which were skipped"),
        ("clipped", "frames with a value far outside what was learned, which was limited"),
    ):
        count = sum(int(outcome.table[flag].sum()) for outcome in outcomes)
        if count:
            show.print_note(f"{text}: {count:,}")
    for outcome in outcomes:
        if text := loop_text(outcome):
            show.print_note(f"{outcome.name}: {text}")


def _table(outcomes: Sequence[Outcome]) -> None:
    labelled = any(outcome.labels is not None for outcome in outcomes)
    looped = outcomes[0].monitor.recipe.policy is not None
    columns = ["recording", "frames", "alarms", "first alarm"] + (["drifts", "taken"] if looped else [])
    columns += ["image B", "µs/frame"] + (["AUC", "F1", "FAR %", "MAR %"] if labelled else [])

    def cells(name: str, figures: dict[str, Any], first: Any) -> list[str]:
        out = [name, *(show.number(figures[key]) for key in ("frames", "alarms"))]
        out += [
            "" if first == "" else show.number(first),
            *(show.number(figures[key]) for key in (("drifts", "taken") if looped else ())),
            *(show.number(figures[k]) for k in ("image_bytes", "us_per_frame")),
        ]
        quality = [show.number(figures[key], 3) for key in ("auc", "f1")] + [
            show.number(figures[key], 1) for key in ("far", "mar")
        ]
        return out + (quality if labelled else [])

    names = short_names([outcome.name for outcome in outcomes])
    rows = [cells(name, summary([it]), it.first_alarm) for name, it in zip(names, outcomes, strict=True)]
    total = cells(f"all {len(outcomes)}", summary(outcomes), "") if len(outcomes) > 1 else []
    recipe = outcomes[0].monitor.recipe
    show.print_table(f"{recipe.name}, {recipe.arithmetic}", columns, rows, total)


def _scores(outcome: Outcome) -> pd.DataFrame:
    table = outcome.table.copy()
    if outcome.monitor.recipe.framer is not None:
        table.insert(0, "sample", outcome.ends)
    if isinstance(table.index, pd.DatetimeIndex):
        table.insert(0, "time", table.index)
    table.insert(0, "frame", range(len(table)))
    table.insert(0, "file", outcome.name)
    if outcome.labels is not None:
        table["label"] = outcome.labels
    return table


def _write_scores(outcomes: Sequence[Outcome], path: Path) -> None:
    try:
        pd.concat([_scores(outcome) for outcome in outcomes]).to_csv(path, index=False)
    except OSError as error:
        raise FileError(f"{path}: it can't be written ({error.strerror or error}); choose another folder") from error


def _save(outcomes: Sequence[Outcome], path: Path) -> list[Path]:
    """One model for one recording; for several, each has its recording's name behind the model's."""
    if len(outcomes) == 1:
        outcomes[0].monitor.save(path)
        return [path]
    written: list[Path] = []
    for outcome in outcomes:
        target = path.with_name(f"{path.stem}-{Path(outcome.name).stem}{path.suffix}")
        if target in written:
            target = target.with_name(f"{target.stem}-{len(written)}{path.suffix}")
        outcome.monitor.save(target)
        written.append(target)
    return written


def run(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="CSV, NPZ, NPY, Parquet, WAV, MAT.")],
    recipe: Annotated[
        str, typer.Option(help=f"Name ({', '.join(names())}) or file (.toml, .tbr, .twinbit) of the recipe.")
    ] = "kmeans",
    columns: Annotated[
        list[str] | None, typer.Option(help="Inputs by name, separated by commas. Default: every numeric column.")
    ] = None,
    exclude: Annotated[list[str] | None, typer.Option(help="Columns that are no inputs, separated by commas.")] = None,
    learn: Annotated[
        str | None, typer.Option(help="How much of each file learns: 400 is frames, 0.3 a share. Default: 0.3.")
    ] = None,
    rate: Annotated[
        float | None, typer.Option(help="Samples a second, for recipes of raw samples. Default: the file's, if known.")
    ] = None,
    label: Annotated[
        str | None, typer.Option(help="Column with 1 = anomalous. It is judged against, never an input.")
    ] = None,
    arithmetic: Annotated[Arithmetic | None, typer.Option(help="Number format. Default: the recipe's.")] = None,
    false_alarm_rate: Annotated[
        float | None, typer.Option(help="Share of normal frames above the threshold. Default: the recipe's.")
    ] = None,
    policy: Annotated[
        PolicyName | None, typer.Option(help="What to do when normal moves. Default: the recipe's, if it has one.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write scores of all frames to this CSV.")] = None,
    report_file: Annotated[Path | None, typer.Option("--report", help="Write an HTML report.")] = None,
    save: Annotated[Path | None, typer.Option(help="Write the learned model; several files get a model each.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a table.")] = False,
) -> None:
    """Learn and score recordings. Each FILE is one recording, learned and scored by itself.

    The first part of a file is taken as normal; the rest is scored. Alarms are counted by their beginnings. With a
    recipe of raw samples (vibration, bearing) a frame is a window of samples.
    With a label, AUC, F1, FAR and MAR count the frames after the learning part, pooled over all files.
    """
    chosen, share = choose_recipe(recipe, arithmetic, false_alarm_rate), _share(learn)
    if policy is not None:
        chosen = chosen.with_policy(policy.value)
    recordings, outcomes = [], []
    for path in show.progress(files, "learning and scoring"):
        recordings.append(io.read(path, _split(columns), label, _split(exclude)))
        outcomes.append(_evaluate(recordings[-1], at_rate(chosen, rate, recordings[-1]), share))
    if out is not None:
        _write_scores(outcomes, out)
    if report_file is not None:
        from twinbit import report  # only here: it loads matplotlib, a third of a second

        title = files[0].name if len(files) == 1 else f"{len(files)} recordings"
        report.write(outcomes, report_file, title)
    written = [path for path in (out, report_file) if path is not None] + (_save(outcomes, save) if save else [])
    if as_json:
        show.print_json({**summary(outcomes), "recordings": [_row(outcome) for outcome in outcomes]})
        return
    _table(outcomes)
    _notes(recordings, outcomes)
    if written:
        show.print_note("wrote " + ", ".join(map(str, written)))
