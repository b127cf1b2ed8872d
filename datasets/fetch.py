"""Downloads data sets: with pooch, a progress bar, and SHA-256 of every file that a manifest has it of.

Everything is fetched into a folder of its own beside the set's, and moved there only when all of it is right: what
fails leaves nothing behind. Files that are there already and are right are kept.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from importlib import import_module
from pathlib import Path, PurePosixPath
from textwrap import shorten
from types import ModuleType

from .manifest import Manifest, difference, manifest
from .root import data_folder

TIMEOUT = 30  # s without a byte


class FetchError(OSError):
    """A download failed; nothing was changed. The text says why and what to do."""


def _pooch() -> ModuleType:
    try:
        import_module("tqdm")  # for pooch's progress bar
        pooch = import_module("pooch")
    except ImportError as error:
        raise FetchError("downloading needs pooch and tqdm; install them with: pip install twinbit[data]") from error
    pooch.get_logger().setLevel("WARNING")
    return pooch


def _retrieve(url: str, digest: str, target: Path, progress: bool) -> None:
    """One file; its digest is checked if it is known."""
    pooch = _pooch()
    downloader = pooch.HTTPDownloader(progressbar=progress, timeout=TIMEOUT)
    target.parent.mkdir(parents=True, exist_ok=True)
    known = f"sha256:{digest}" if digest else None
    try:
        pooch.retrieve(url, known, target.name, target.parent, downloader=downloader)
    except ValueError as error:  # pooch's way to say that the digest is another one
        raise FetchError(f"{url} is not the file that was checked: its SHA-256 is not {digest}") from error
    except OSError as error:  # of requests, too
        reason = shorten(f"{type(error).__name__}: {error}", 120, placeholder=" ...")
        raise FetchError(f"{url} can't be fetched ({reason}); is there a network?") from error


def _unpack(archive: Path, source: Manifest, wanted: list[str], stage: Path) -> None:
    """The wanted files out of a ZIP file, by their names without folders."""
    try:
        with zipfile.ZipFile(archive) as content:
            members = {PurePosixPath(member).name: member for member in content.namelist()}
            for name in wanted:
                (stage / name).parent.mkdir(parents=True, exist_ok=True)
                (stage / name).write_bytes(content.read(members[PurePosixPath(name).name]))
    except (zipfile.BadZipFile, KeyError) as error:
        raise FetchError(f"{source.archive} is not the archive it was, or not whole ({error})") from error
    for name in wanted:
        if difference(stage / name, source.published()[name]):
            raise FetchError(f"{name} in {source.archive} is not the file that was checked: its SHA-256 differs")


def _gather(source: Manifest, wanted: list[str], stage: Path, progress: bool) -> None:
    """All wanted files into a folder."""
    if source.archive:
        packed = stage / ".archive"
        _retrieve(source.archive, "", packed, progress)
        _unpack(packed, source, wanted, stage)
        packed.unlink()
        return
    for name in wanted:
        _retrieve(source.source(name), source.published()[name], stage / name, progress)


def fetch(name: str, root: str | os.PathLike[str] | None = None, progress: bool = True) -> list[Path]:
    """Downloads what is missing, or different, of a data set.

    Args:
        name: of the set, such as "skab".
        root: the folder of all sets, made if it is not there; see `data_root`.
        progress: shows a bar for each file.

    Returns:
        The files that are new, none if everything was there.

    Raises:
        KeyError: there is no set of that name.
        FetchError: it can't be downloaded as it is, the network fails, or the bytes are not those that were checked.
    """
    source = manifest(name)
    if not source.fetchable:
        raise FetchError(f"{source.title} can't be fetched as it is: {source.advice()}")
    folder = data_folder(root) / name
    wanted = [file for file, digest in source.published().items() if difference(folder / file, digest)]
    if not wanted:
        return []
    _pooch()  # before anything is made
    folder.parent.mkdir(parents=True, exist_ok=True)
    stage = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=folder.parent))
    try:
        _gather(source, wanted, stage, progress)
        return _settle(stage, folder, wanted)
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _settle(stage: Path, folder: Path, wanted: list[str]) -> list[Path]:
    """Moves what was gathered to where it belongs, each file in one step."""
    for name in wanted:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        os.replace(stage / name, folder / name)
    return [folder / name for name in wanted]
