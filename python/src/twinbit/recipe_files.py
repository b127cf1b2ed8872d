"""Recipes by name and in files."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from twinbit.errors import FileError, RecipeError
from twinbit.recipe import Recipe

__all__ = ["load", "named", "names", "save"]


OF_SAMPLES = ("bearing", "vibration")
OF_SPECTRA, OF_ONE_CHANNEL = ("spectrum", "spectrum_relearn"), ("univariate",)
"""Recipes that do not take just any table of sensor readings."""


def names(of_frames: bool = False) -> list[str]:
    """Names of the recipes that come with twinbit; `of_frames`: only those for any table of sensor readings.

    >>> names(of_frames=True)
    ['autoencoder', 'bank', 'elm', 'kmeans', 'mahalanobis', 'process', 'subspace']
    """
    folder = resources.files("twinbit") / "recipes"
    found = sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))
    special = (*OF_SAMPLES, *OF_SPECTRA, *OF_ONE_CHANNEL) if of_frames else ()
    return [name for name in found if name not in special]


def named(name: str) -> Recipe:
    """A recipe that comes with twinbit."""
    if name not in names():
        raise RecipeError(f"recipe {name!r} is not known; use {', '.join(names())}, or a .toml, .tbr or .twinbit file")
    return Recipe.from_toml((resources.files("twinbit") / "recipes" / f"{name}.toml").read_text(encoding="utf-8"))


def load(source: str | Path) -> Recipe:
    """A recipe by name or from a file, by its ending."""
    path = Path(source)
    if path.suffix not in (".toml", ".tbr", ".twinbit"):
        return named(str(source))
    if not path.is_file():
        raise FileError(f"{path}: there is no such file; give a recipe's file or one of the names {', '.join(names())}")
    try:
        return _read(path)
    except RecipeError as error:
        raise RecipeError(f"{path}: {error}", error.status) from error


def _read(path: Path) -> Recipe:
    from twinbit import model

    if path.suffix == ".twinbit":
        return model.read(path).recipe
    if path.suffix == ".tbr":
        return Recipe.from_bytes(path.read_bytes())
    return Recipe.from_toml(path.read_text(encoding="utf-8"))


def save(recipe: Recipe, path: str | Path) -> None:
    """Writes a recipe as text (.toml) or in its canonical binary form (.tbr)."""
    path = Path(path)
    if path.suffix == ".toml":
        path.write_text(recipe.to_toml(), encoding="utf-8")
    elif path.suffix == ".tbr":
        path.write_bytes(recipe.to_bytes())
    else:
        raise FileError(f"{path}: a recipe is written as .toml or .tbr; choose one of these endings")
