"""Finds data sets by name. A set is one module and one manifest in sets/; nothing else has to know of it."""

from __future__ import annotations

import os
import pkgutil
from importlib import import_module
from pathlib import Path

from . import sets
from .files import Parts
from .manifest import manifest
from .recording import Recording
from .root import DataNotFoundError


def set_names() -> list[str]:
    """All data sets that are known, such as "skab"."""
    return sorted(module.name for module in pkgutil.iter_modules(sets.__path__))


def _published(name: str) -> tuple[str, ...]:
    parts: tuple[str, ...] = import_module(f"{sets.__name__}.{name}").PARTS
    return parts


def _loaders(name: str, folder: Path) -> Parts:
    found: Parts = import_module(f"{sets.__name__}.{name}").parts(folder)
    return found


def names() -> list[str]:
    """The published parts of all sets, such as "skab/valve1", whether their data is on this machine or not."""
    return [f"{name}/{part}" for name in set_names() for part in _published(name)]


def parts(name: str, root: str | os.PathLike[str] | None = None) -> list[str]:
    """The parts of one set that are on this machine, whatever its folder holds, such as ["skab/valve1"].

    Raises:
        KeyError: there is no set of that name.
        DataNotFoundError: the set has no folder on this machine.
    """
    return [f"{name}/{part}" for part in _loaders(name, manifest(name).folder(root))]


def available(root: str | os.PathLike[str] | None = None) -> list[str]:
    """The parts of all sets that are on this machine; empty if there is no data folder at all."""
    found: list[str] = []
    for name in set_names():
        try:
            found += parts(name, root)
        except DataNotFoundError:
            continue
    return found


def load(name: str, root: str | os.PathLike[str] | None = None) -> list[Recording]:
    """Loads a part of a data set.

    Args:
        name: one of `available()`, such as "skab/valve1".
        root: the folder of all sets; see `data_root`.

    Raises:
        KeyError: there is no part of that name; the text lists those there are.
        DataNotFoundError: its data is not on this machine.
    """
    module, _, part = name.partition("/")
    if module not in set_names():
        raise KeyError(f"no data set is called {name!r}; there are {', '.join(names())}")
    source = manifest(module)
    found = _loaders(module, source.folder(root))
    if part in found:
        return found[part]()
    if name in names():
        raise DataNotFoundError(f"{source.folder(root)} has no files of {part}; {source.advice()}")
    known = sorted({*_published(module), *found})
    raise KeyError(f"no data set is called {name!r}; there are {', '.join(f'{module}/{known}' for known in known)}")
