"""twinbit data: which public recordings are on this machine, and how to get more."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from twinbit import datasets
from twinbit.cli import show
from twinbit.errors import FileError

__all__ = ["data"]

data = typer.Typer(name="data", no_args_is_help=True, help="Public recordings: what is here, and downloading more.")

Folder = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="Folder of all data sets; else TWINBIT_DATA."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a table.")]


def _entry(name: str, folder: Path | None) -> dict[str, Any]:
    """One data set: its manifest, and what of it is here."""
    source = datasets.manifest(name)
    try:
        parts = datasets.parts(name, folder)
        differences = source.differences(folder)
    except datasets.DataNotFoundError:
        parts, differences = [], dict.fromkeys(source.files, "missing")
    return {
        "set": name,
        "title": source.title,
        "url": source.url,
        "licence": source.licence,
        "citation": source.citation,
        "parts": parts,
        "files": len(source.files),
        "differences": differences,
        "fetchable": source.fetchable,
    }


def _state(entry: dict[str, Any]) -> str:
    if not entry["parts"]:
        return "-"
    return "as checked" if not entry["differences"] else f"{len(entry['differences'])} of {entry['files']} differ"


@data.command("list")
def list_sets(folder: Folder = None, as_json: AsJson = False) -> None:
    """Show all data sets that are known, what of them is on this machine, and under which licence they are."""
    entries = [_entry(name, folder) for name in datasets.set_names()]
    if as_json:
        show.print_json({"sets": entries})
        return
    rows = [
        (
            entry["set"],
            str(len(entry["parts"]) or "-"),
            _state(entry),
            "yes" if entry["fetchable"] else "by hand",
            entry["licence"].split(";")[0],
        )
        for entry in entries
    ]
    show.print_table("Data sets", ("set", "parts here", "files", "fetch", "licence"), rows)
    show.print_note("Cite the authors: `twinbit data list --json` has whom. None of the data is part of twinbit.")


@data.command("fetch")
def fetch_sets(
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="Data sets, such as skab.")],
    folder: Folder = None,
    as_json: AsJson = False,
) -> None:
    """Download data sets from where they are published; files that are here already and are right stay."""
    unknown = [name for name in names if name not in datasets.set_names()]
    if unknown:
        raise FileError(f"no data set is called {unknown[0]!r}; there are {', '.join(datasets.set_names())}")
    written: dict[str, list[str]] = {}
    for name in names:
        source = datasets.manifest(name)
        show.print_note(f"{source.title}: {source.url or 'its source is not known'}, licence: {source.licence}")
        try:
            written[name] = [str(path) for path in datasets.fetch(name, folder, sys.stderr.isatty())]
        except (datasets.FetchError, datasets.DataNotFoundError) as error:
            raise FileError(str(error)) from error
        count = len(written[name])
        show.print_note(f"{count} files are new" if count else "everything is there already")
    if as_json:
        show.print_json({"written": written})
