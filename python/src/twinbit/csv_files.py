"""CSV as it is found in the field: any separator, decimal points or commas, with a header line or without."""

from __future__ import annotations

import csv
import gzip
import re
from collections import Counter
from pathlib import Path

import pandas as pd

from twinbit.errors import FileError

__all__ = ["decimal_of", "has_header", "read_csv", "separator_of"]

SEPARATORS = (";", "\t", "|", ",", " ")
_NUMBER = re.compile(r"^\s*[-+]?(\d+([.,]\d*)?|[.,]\d+)([eE][-+]?\d+)?\s*$")
_COMMA_NUMBER = re.compile(r"^\s*[-+]?\d*,\d+([eE][-+]?\d+)?\s*$")
_HEAD_BYTES = 65536


def _head(path: Path) -> tuple[list[str], str]:
    """The first lines, and the encoding that they are in."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rb") as file:
        raw: bytes = file.read(_HEAD_BYTES)
    if not raw.strip():
        raise FileError(f"{path}: it is empty; give a recording with frames")
    if b"\0" in raw:
        raise FileError(
            f"{path}: it is not text; give CSV, or name NPZ, NPY, Parquet, WAV and MAT files by these endings"
        )
    whole = raw if len(raw) < _HEAD_BYTES else raw[: raw.rfind(b"\n") + 1]
    try:
        text, encoding = whole.decode("utf-8-sig"), "utf-8-sig"
    except UnicodeDecodeError:
        text, encoding = whole.decode("latin-1"), "latin-1"
    return [line for line in text.splitlines() if line.strip()][:50], encoding


def _cells(line: str, separator: str) -> list[str]:
    return next(csv.reader([line], delimiter=separator, skipinitialspace=separator != " "))


def separator_of(lines: list[str]) -> str:
    """The separator that splits most lines into the same number of cells, more than one; a comma if none does.

    >>> separator_of(["a;b;c", "1,5;2,5;3", "1,25;2;3"])
    ';'
    """
    best, best_rank = ",", (0.0, 0)
    for separator in SEPARATORS:
        counts = Counter(len(_cells(line, separator)) for line in lines)
        width, times = counts.most_common(1)[0]
        rank = (times / len(lines) if width > 1 else 0.0, -SEPARATORS.index(separator))
        if width > 1 and rank > best_rank:
            best, best_rank = separator, rank
    return best


def decimal_of(lines: list[str], separator: str) -> str:
    """A comma if cells look like 1,5 and the separator is another character, else a point.

    >>> decimal_of(["1,5;2"], ";"), decimal_of(["1.5,2"], ",")
    (',', '.')
    """
    if separator == ",":
        return "."
    return "," if any(_COMMA_NUMBER.match(cell) for line in lines for cell in _cells(line, separator)) else "."


def has_header(lines: list[str], separator: str) -> bool:
    """Whether the first line names columns: it does unless one of its cells is a number."""
    return not any(_NUMBER.match(cell) for cell in _cells(lines[0], separator))


def read_csv(path: Path) -> pd.DataFrame:
    """A CSV file as a table; columns without names are x0, x1, ..."""
    lines, encoding = _head(path)
    separator = separator_of(lines)
    header = has_header(lines, separator)
    table = pd.read_csv(
        path,
        sep=r"\s+" if separator == " " else separator,
        decimal=decimal_of(lines, separator),
        header=0 if header else None,
        encoding=encoding,
        skipinitialspace=True,
        low_memory=False,
    )
    if not header:
        table.columns = pd.Index([f"x{i}" for i in range(table.shape[1])])
    # a separator at the end of each line makes a last column without a name or values
    return table.loc[:, [not (str(name).startswith("Unnamed:") and table[name].isna().all()) for name in table.columns]]
