"""Files of measurements, read by libraries: WAV, MAT, NPZ, Parquet, CSV, ARFF and idx.

A file that is not there raises DataNotFoundError, one that can't be read ReadError; both name it. Text and idx may be
packed with gzip. WAV and MAT need SciPy: `pip install twinbit[data]`.
"""

from __future__ import annotations

import gzip
import warnings
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from .root import DataNotFoundError

Arrays = dict[str, npt.NDArray[Any]]

_IDX_TYPES = {8: ">u1", 9: ">i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
_FULL_SCALE = {"u1": 128.0, "i2": 2.0**15, "i4": 2.0**31}  # of PCM; 24 bits are given in the upper ones of 32


class ReadError(ValueError):
    """A file is damaged, or not what its name says. The text names it and says what to do."""


def packed(path: Path) -> Path:
    """The file, or the same with .gz at its end if only that is there."""
    other = path.with_name(path.name + ".gz")
    return other if other.is_file() and not path.is_file() else path


def _read(path: Path, read: Callable[[Path], Any]) -> Any:
    """What a library reads, its many kinds of errors turned into two."""
    if not path.is_file():
        raise DataNotFoundError(f"{path} is missing")
    try:
        return read(path)
    except (ReadError, DataNotFoundError):
        raise
    except Exception as error:  # every library has its own; the user needs the file's name with any of them
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise ReadError(f"{path}: it can't be read ({reason}); is it whole, and what its name says?") from error


def _scipy_io(path: Path) -> ModuleType:
    try:
        return import_module("scipy.io")
    except ImportError as error:
        raise ReadError(f"{path}: reading it needs SciPy; install it with: pip install twinbit[data]") from error


def _text(path: Path) -> str:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        content: str = file.read()
    return content


def read_npz(path: Path) -> Arrays:
    """All arrays of an .npz file. Objects, which could run code, are refused."""

    def read(path: Path) -> Arrays:
        with np.load(path, allow_pickle=False) as content:
            return dict(content)

    arrays: Arrays = _read(path, read)
    return arrays


def read_csv(path: Path, **options: Any) -> pd.DataFrame:
    """A CSV file as pandas reads it; `options` are those of `pandas.read_csv`."""
    table: pd.DataFrame = _read(path, lambda path: pd.read_csv(path, **options))
    return table


def read_parquet(path: Path) -> pd.DataFrame:
    """A Parquet file."""
    table: pd.DataFrame = _read(path, pd.read_parquet)
    return table


def read_wav(path: Path) -> tuple[npt.NDArray[np.float32], float]:
    """Samples of a WAV file, (samples, channels), full scale 1, and the sample rate in Hz."""

    def read(path: Path) -> tuple[npt.NDArray[np.float32], float]:
        wavfile = _scipy_io(path).wavfile
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", wavfile.WavFileWarning)  # chunks with the title and so on
            rate, samples = wavfile.read(path)
        kind = samples.dtype.str[1:]
        if kind == "u1":
            samples = samples.astype(np.float64) - 128
        scaled = (samples / _FULL_SCALE.get(kind, 1.0)).astype(np.float32)
        return scaled.reshape(len(scaled), -1), float(rate)

    result: tuple[npt.NDArray[np.float32], float] = _read(path, read)
    return result


def read_mat(path: Path) -> Arrays:
    """The arrays of numbers in a MATLAB file, version 4 to 7.2, each with at least two axes as MATLAB has it."""

    def read(path: Path) -> Arrays:
        try:
            content = _scipy_io(path).loadmat(path)
        except NotImplementedError as error:  # it is HDF5
            raise ReadError(f"{path}: it is of version 7.3; write it with -v7 in MATLAB") from error
        return {name: value for name, value in content.items() if getattr(value, "dtype", np.dtype("O")).kind in "biuf"}

    arrays: Arrays = _read(path, read)
    return arrays


def read_idx(path: Path) -> npt.NDArray[Any]:
    """The array of an idx file (MNIST): two bytes of zero, the type, the number of axes, sizes, all big-endian."""

    def read(path: Path) -> npt.NDArray[Any]:
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        if raw[:2] != b"\0\0" or raw[2] not in _IDX_TYPES:
            raise ReadError(f"{path}: it does not begin as an idx file")
        shape = np.frombuffer(raw, ">u4", count=raw[3], offset=4).astype(int)
        values = np.frombuffer(raw, _IDX_TYPES[raw[2]], offset=4 + 4 * raw[3])
        return values.reshape(shape).astype(values.dtype.newbyteorder("="))

    array: npt.NDArray[Any] = _read(path, read)
    return array


def read_arff_series(path: Path) -> list[tuple[npt.NDArray[np.float64], str]]:
    r"""Several multivariate series of an ARFF file with one relational attribute, as the UEA archive has them.

    A line of data is 'a1,a2,...\nb1,b2,...',class with one row a channel. SciPy refuses relational attributes.

    Returns:
        Each series as (samples, channels), and its class.
    """

    def series(line: str) -> tuple[npt.NDArray[np.float64], str]:
        values, _, name = line.strip().rpartition(",")
        rows = values.strip("'\"").split("\\n")
        return np.array([row.split(",") for row in rows], dtype=np.float64).T, name

    def read(path: Path) -> list[tuple[npt.NDArray[np.float64], str]]:
        head, mark, data = _text(path).partition("@data")
        if not mark or "relational" not in head:
            raise ReadError(f"{path}: it has no relational attribute with data")
        return [series(line) for line in data.splitlines() if line.strip() and not line.startswith("%")]

    found: list[tuple[npt.NDArray[np.float64], str]] = _read(path, read)
    return found
