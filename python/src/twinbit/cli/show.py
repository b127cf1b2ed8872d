"""Tables, progress and JSON, the same way in every command. Notes and progress go to stderr, results to stdout."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

__all__ = ["number", "print_json", "print_note", "print_table", "progress"]

Item = TypeVar("Item")


def number(value: Any, digits: int = 2) -> str:
    """A figure for people; a dash where it is undefined.

    >>> number(1234), number(0.5), number(None)
    ('1,234', '0.50', '-')
    """
    if value is None:
        return "-"
    return f"{value:,.{digits}f}" if isinstance(value, float) else f"{value:,}"


def print_json(value: Any) -> None:
    """One JSON object on stdout. NaN is no JSON, so it raises."""
    print(json.dumps(value, indent=2, allow_nan=False))


def print_note(text: str) -> None:
    """A remark on stderr."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(Text(text, style="dim"))


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], total: Sequence[str] = ()) -> None:
    """A table on stdout: first column to the left, the others, which are numbers, to the right."""
    table = Table(
        title=title, title_justify="left", title_style="bold", show_footer=bool(total), box=None, pad_edge=False
    )
    for i, name in enumerate(columns):
        table.add_column(
            name, total[i] if total else "", justify="left" if i == 0 else "right", overflow="fold", footer_style="bold"
        )
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    # a pipe has no width: then a row stays on one line
    width = None if sys.stdout.isatty() else 160
    Console(highlight=False, width=width).print(table)


def progress(items: Sequence[Item], what: str) -> Iterator[Item]:
    """Goes through items with a bar on stderr, if that is a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        yield from bar.track(items, description=what)
