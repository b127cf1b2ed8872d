"""The command `twinbit` and what its subcommands are."""

from __future__ import annotations

from typing import Annotated

import typer

from twinbit import __version__
from twinbit.cli.data import data
from twinbit.cli.demo import demo
from twinbit.cli.evaluate import evaluate
from twinbit.cli.export import export
from twinbit.cli.inspect import inspect
from twinbit.cli.parity import parity
from twinbit.cli.run import run

__all__ = ["app"]

app = typer.Typer(
    name="twinbit",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"twinbit {__version__}")
        raise typer.Exit


@app.callback()
def twinbit(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Learn what is normal, score what is seen, raise alarms: the same bits on a laptop and on a microcontroller."""


for command in (demo, run, evaluate, export, inspect, parity):
    app.command(command.__name__)(command)
app.add_typer(data)
