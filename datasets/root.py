"""Where the recordings are on this machine."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "TWINBIT_DATA"


class DataNotFoundError(FileNotFoundError):
    """A data set, or the folder of all sets, is not on this machine. The text says what to do."""


def _beside_checkout() -> Path | None:
    """`shared/data` next to the source checkout, if this code runs from one."""
    checkout = Path(__file__).resolve().parents[1]
    folder = checkout.parent / "shared" / "data"
    return folder if (checkout / "CMakeLists.txt").is_file() and folder.is_dir() else None


def data_folder(folder: str | os.PathLike[str] | None = None) -> Path:
    """The folder that holds one folder a data set, whether it is there or not. Arguments and errors as `data_root`."""
    chosen = folder if folder is not None else os.environ.get(VARIABLE) or _beside_checkout()
    if chosen is None:
        raise DataNotFoundError(f"no data folder: set {VARIABLE}, or pass the folder that holds the data sets")
    return Path(chosen).expanduser()


def data_root(folder: str | os.PathLike[str] | None = None) -> Path:
    """The folder that holds one folder a data set.

    Args:
        folder: taken if given; else the environment variable TWINBIT_DATA; else `shared/data` beside the checkout.

    Raises:
        DataNotFoundError: the folder does not exist, or nothing says where it is.
    """
    path = data_folder(folder)
    if not path.is_dir():
        origin = "the folder given" if folder is not None else VARIABLE
        raise DataNotFoundError(f"{origin} is {path}, which is not a folder")
    return path
