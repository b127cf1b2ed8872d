"""Finds data sets by name. A set is one module and one manifest in sets/; nothing else has to know of it."""

from __future__ import annotations

import os
import pkgutil
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

from . import sets
from .manifest import manifest
from .recording import Recording
from .root import DataNotFoundError

Loader = Callable[[Path], list[Recording]]
"""Takes the set's folder, gives its recordings."""


def _modules() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(sets.__path__))


def _parts(name: str) -> Mapping[str, Loader]:
    parts: Mapping[str, Loader] = import_module(f"{sets.__name__}.{name}").PARTS
    return parts


def names() -> list[str]:
    """All parts that can be loaded, such as "skab/valve1", whether their data is on this machine or not."""
    return [f"{name}/{part}" for name in _modules() for part in _parts(name)]


def available(root: str | os.PathLike[str] | None = None) -> list[str]:
    """The parts whose set has a folder on this machine; empty if there is no data folder at all."""
    found = []
    for name in names():
        try:
            manifest(name.split("/")[0]).folder(root)
        except DataNotFoundError:
            continue
        found.append(name)
    return found


def load(name: str, root: str | os.PathLike[str] | None = None) -> list[Recording]:
    """Loads a part of a data set.

    Args:
        name: one of `names()`, such as "skab/valve1".
        root: the folder of all sets; see `data_root`.

    Raises:
        KeyError: there is no part of that name; the text lists those there are.
        DataNotFoundError: its data is not on this machine.
    """
    if name not in names():
        raise KeyError(f"no data set is called {name!r}; there are {', '.join(names())}")
    module, part = name.split("/")
    return _parts(module)[part](manifest(module).folder(root))
