"""Manifests: where a data set comes from, its licence, whom to cite, and the bytes that were checked."""

from __future__ import annotations

import gzip
import hashlib
import os
import sys
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .readers import packed
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
        url: where it is published; empty if that is not known.
        licence: SPDX identifier, or "none given".
        citation: whom to cite.
        files: file, relative to the set's folder -> SHA-256 of the copy that was checked, or "" where it is not known.
            A text file may also be kept packed, with .gz at its end: the digest is of what is in it.
        download: URL of a published file, with {file} in it for its name; empty if the files are not published as such.
        fetched: what to download instead of `files`, where these differ, with digests as there.
        renamed: file -> its name at `download`, where the two differ.
        archive: URL of a ZIP file that has the files in it, in any folder; empty if there is none.
        converted: what was done to the published files to get the checked ones; empty if nothing was.
    """

    name: str
    title: str
    url: str
    licence: str
    citation: str
    files: dict[str, str]
    download: str = ""
    fetched: dict[str, str] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    archive: str = ""
    converted: str = ""

    def folder(self, root: str | os.PathLike[str] | None = None) -> Path:
        """The set's folder on this machine.

        Raises:
            DataNotFoundError: it is not there; the text says where to get it and under which licence.
        """
        path = data_root(root) / self.name
        if not path.is_dir():
            raise DataNotFoundError(f"{self.title} is not in {path}; {self.advice()}")
        return path

    def file(self, name: str, root: str | os.PathLike[str] | None = None) -> Path:
        """One file of the set.

        Raises:
            DataNotFoundError: it is not there.
        """
        path = packed(self.folder(root) / name)
        if not path.is_file():
            raise DataNotFoundError(f"{path} is missing; {self.advice()}")
        return path

    @property
    def fetchable(self) -> bool:
        """Whether `fetch` can get it."""
        return bool(self.download or self.archive)

    def published(self) -> dict[str, str]:
        """What `fetch` downloads: file -> SHA-256, or "" where it is not known."""
        return self.fetched or self.files

    def advice(self) -> str:
        """How to get the set, and under which licence."""
        terms = f"(licence: {self.licence})"
        if self.fetchable:
            return f"get it with `twinbit data fetch {self.name}` from {self.url} {terms}"
        source = f"get it from {self.url}" if self.url else "where it is published is not known"
        return f"{source} {terms}; {self.converted}"

    def source(self, file: str) -> str:
        """The URL of one file, where `download` is given."""
        return self.download.format(file=quote(self.renamed.get(file, file)))

    def differences(self, root: str | os.PathLike[str] | None = None) -> dict[str, str]:
        """Compares the files on this machine with the checked ones: file -> "missing" or "different"."""
        folder = self.folder(root)
        found = {name: difference(folder / name, digest) for name, digest in self.files.items()}
        return {name: what for name, what in found.items() if what}


def difference(path: Path, digest: str) -> str:
    """Empty if the file, packed or not, has this SHA-256 (any bytes will do if it is not known)."""
    found = packed(path)
    if not found.is_file():
        return "missing"
    if not digest:
        return ""
    content = found.read_bytes()
    if found != path:
        content = gzip.decompress(content)
    return "" if hashlib.sha256(content).hexdigest() == digest else "different"


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
