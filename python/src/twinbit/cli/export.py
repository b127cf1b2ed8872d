"""twinbit export: C source for firmware from a model or a recipe."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from twinbit import export as exporter
from twinbit import model
from twinbit.cli import show
from twinbit.errors import RecipeError
from twinbit.monitor import Monitor
from twinbit.recipe import Recipe

__all__ = ["export"]


def _pruned(chosen: model.Model | Recipe, keep: int) -> model.Model:
    if not isinstance(chosen, model.Model):
        raise RecipeError("--keep: a recipe has learned nothing that could be pruned; give a .twinbit model")
    monitor = Monitor(chosen.recipe).load_image(chosen.image).prune(keep).pruned()
    return model.Model(monitor.recipe, monitor.image)


def export(
    source: Annotated[
        str, typer.Argument(metavar="MODEL|RECIPE", help="A .twinbit model, or a fitted .toml or .tbr recipe.")
    ],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write; made if it does not exist.")],
    name: Annotated[
        str | None, typer.Option(help="Prefix of files and symbols. Default: the name of MODEL|RECIPE.")
    ] = None,
    image: Annotated[bool, typer.Option(help="Put in what a model has learned.")] = True,
    keep: Annotated[
        int | None, typer.Option(help="ELM: prune a model to so many hidden units first; it calibrates again.")
    ] = None,
    cpp: Annotated[bool, typer.Option("--cpp", help="Add a C++ class with all memory fixed at compile time.")] = False,
    sources: Annotated[bool, typer.Option("--sources", help="Add twinbit's own sources for firmware.")] = False,
) -> None:
    """Write a .c/.h pair: the recipe as constants, sizes as macros. Only the stages in use will be linked."""
    path = Path(source)
    chosen: model.Model | Recipe = model.read(path) if path.suffix == ".twinbit" else Recipe.load(source)
    if keep is not None:
        chosen = _pruned(chosen, keep)
    recipe = chosen.recipe if isinstance(chosen, model.Model) else chosen
    written = exporter.write(chosen, folder, name or path.stem, image, cpp, sources)
    cost = recipe.cost()
    rows = [[str(file), show.number(file.stat().st_size)] for file in written if file.parent == folder]
    if sources:
        rest = [file for file in written if file.parent != folder]
        rows.append([f"{folder / 'twinbit'} ({len(rest)} files)", show.number(sum(f.stat().st_size for f in rest))])
    show.print_table("written", ["file", "bytes"], rows)
    more = f", images of the policy {cost.attached}" if cost.attached else ""
    show.print_note(f"RAM on every target: image {cost.image}, scratch {cost.scratch}, plan {cost.plan}{more} bytes")
