"""Manifests: where a data set comes from, its licence, whom to cite, and the bytes that were checked."""

from __future__ import annotations

import hashlib
import os
import sys
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from .root import DataNotFoundError, data_root

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@dataclass(frozen=True)
class Manifest:
    """What sets/NAME.toml says of a data set.

    Attributes:
        name: of the set, and of its folder in the data root.
        title: one line.
        url: where it is published.
        licence: SPDX identifier, or "none given".
        citation: whom to cite.
        files: file, relative to the set's folder -> SHA-256 of the copy that was checked, or "" where it is not known.
    """

    name: str
    title: str
    url: str
    licence: str
    citation: str
    files: dict[str, str]

    def folder(self, root: str | os.PathLike[str] | None = None) -> Path:
        """The set's folder on this machine.

        Raises:
            DataNotFoundError: it is not there; the text says where to get it and under which licence.
        """
        path = data_root(root) / self.name
        if not path.is_dir():
            raise DataNotFoundError(
                f"{self.title} is not in {path}. Get it from {self.url} (licence: {self.licence}) into that folder."
            )
        return path

    def file(self, name: str, root: str | os.PathLike[str] | None = None) -> Path:
        """One file of the set.

        Raises:
            DataNotFoundError: it is not there.
        """
        path = self.folder(root) / name
        if not path.is_file():
            raise DataNotFoundError(f"{path} is missing; {self.title} is published at {self.url}")
        return path

    def differences(self, root: str | os.PathLike[str] | None = None) -> dict[str, str]:
        """Compares the files on this machine with the checked ones: file -> "missing" or "different"."""
        folder = self.folder(root)
        found = {name: _difference(folder / name, digest) for name, digest in self.files.items()}
        return {name: what for name, what in found.items() if what}


def _difference(path: Path, digest: str) -> str:
    """Empty if the file is there and has this SHA-256 (any bytes will do if it is not known)."""
    if not path.is_file():
        return "missing"
    same = not digest or hashlib.sha256(path.read_bytes()).hexdigest() == digest
    return "" if same else "different"


def manifest(name: str) -> Manifest:
    """Reads the manifest of a data set.

    Raises:
        KeyError: there is no set of that name.
    """
    source = resources.files(__package__) / "sets" / f"{name}.toml"
    if not source.is_file():
        raise KeyError(f"no data set is called {name!r}")
    content: dict[str, Any] = tomllib.loads(source.read_text(encoding="utf-8"))
    return Manifest(name=name, **content)
