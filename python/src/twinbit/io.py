"""Recordings from files: CSV with any separator, NPZ, NPY, Parquet, WAV and MAT. Errors name file and column."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from twinbit.csv_files import read_csv
from twinbit.errors import FileError

__all__ = ["LABEL_NAMES", "Recording", "read", "read_table"]

RATE = "rate"
"""What a table's attribute with the rate of a WAV file is called."""

TIME_NAMES = {"time", "timestamp", "datetime", "date", "t", "ts", "time_s", "time_ms", "date_time", "zeit", "heure"}

LABEL_NAMES = {
    *("label", "labels", "anomaly", "anomalies", "is_anomaly", "anomalous", "changepoint", "change_point"),
    *("outlier", "is_outlier", "ground_truth"),
}
"""Columns of these names say what was found, not what was measured: they are no inputs unless asked for by name."""


@dataclass(frozen=True)
class Recording:
    """One file as frames.

    Attributes:
        path: where it came from.
        frames: one column for each channel, with the time as index if the file has one.
        labels: 1 = anomalous, 0 = normal, NaN = not known; None without a label column.
        left_out: columns that are no inputs, each with the reason.
        rate: frames a second, from the file's head or its column of dates; None where it is not known.
    """

    path: Path
    frames: pd.DataFrame
    labels: npt.NDArray[np.float64] | None
    left_out: dict[str, str]
    rate: float | None = None


def _from_arrays(path: Path, arrays: dict[str, npt.NDArray[Any]]) -> pd.DataFrame:
    """A table of all arrays that have one row a frame. A 2-D array gives a column for each of its columns."""
    usable = {name: array for name, array in arrays.items() if array.ndim in (1, 2) and array.dtype.kind in "biufMOSU"}
    if not usable:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items()) or "none"
        raise FileError(f"{path}: it has no array of shape (frames, channels); found {shapes}; reshape it before")
    rows = len(max(usable.values(), key=lambda array: (array.ndim, array.size)))
    columns: dict[str, npt.NDArray[Any]] = {}
    for name, array in usable.items():
        if len(array) != rows:
            continue
        if array.ndim == 1:
            columns[name] = array
        else:
            columns.update({f"{name}{i}": array[:, i] for i in range(array.shape[1])})
    return pd.DataFrame(columns)


def _read_numpy(path: Path) -> pd.DataFrame:
    loaded = np.load(path, allow_pickle=False)
    if not isinstance(loaded, np.ndarray):
        with loaded:
            return _from_arrays(path, {name: loaded[name] for name in loaded.files})
    if loaded.dtype.names:
        return pd.DataFrame({name: loaded[name] for name in loaded.dtype.names})
    return _from_arrays(path, {"x": loaded})


def _read_signal(path: Path) -> pd.DataFrame:
    """WAV, one column a channel, full scale 1; or the arrays of a MAT file, with vectors as columns."""
    from twinbit.datasets import readers  # only here: most recordings are tables

    try:
        if path.suffix == ".wav":
            samples, rate = readers.read_wav(path)
            table = _from_arrays(path, {"x": samples})
            table.attrs[RATE] = rate
            return table
        arrays = {name: array.T if array.shape[0] == 1 else array for name, array in readers.read_mat(path).items()}
        return _from_arrays(path, arrays)
    except readers.ReadError as error:  # it names the file and says what to do
        raise FileError(str(error)) from error


def read_table(path: str | Path) -> pd.DataFrame:
    """A file as a table, all columns. Raises FileError."""
    path = Path(path)
    if not path.is_file():
        raise FileError(f"{path}: there is no such file; check the path")
    try:
        if path.suffix in (".npz", ".npy"):
            return _read_numpy(path)
        if path.suffix in (".parquet", ".pq"):
            return pd.read_parquet(path)
        if path.suffix in (".wav", ".mat"):
            return _read_signal(path)
        return read_csv(path)
    except FileError:
        raise
    except Exception as error:  # whatever a reader raises for a broken file, the user wants the file's name with it
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise FileError(f"{path}: it can't be read ({reason}); give CSV, NPZ, NPY, Parquet, WAV or MAT") from error


def _known(path: Path, table: pd.DataFrame, name: str) -> str:
    """The column of that name. The error tells similar ones."""
    if name in table.columns:
        return name
    similar = difflib.get_close_matches(name, list(table.columns), n=1)
    hint = f"did you mean {similar[0]!r}?" if similar else f"it has {', '.join(map(repr, table.columns[:12]))}"
    raise FileError(f"{path}: there is no column {name!r}; {hint}")


def _labels(path: Path, name: str, column: pd.Series[Any]) -> npt.NDArray[np.float64]:
    words = {"true": 1.0, "false": 0.0, "yes": 1.0, "no": 0.0, "normal": 0.0, "anomaly": 1.0, "anomalous": 1.0}
    if not (pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column)):
        known = column.dropna().astype(str).str.strip().str.lower()
        unknown = known[~known.isin(list(words))]
        if len(unknown):
            raise FileError(f"{path}: label column {name!r} holds {unknown.iloc[0]!r}; use 0 and 1, or true and false")
        column = column.astype(str).str.strip().str.lower().map(words)
    numbers = column.to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isnan(numbers), np.nan, (numbers > 0).astype(np.float64))


def _time(column: pd.Series[Any]) -> pd.DatetimeIndex | None:
    """A column of dates as an index, None if it holds none."""
    if pd.api.types.is_datetime64_any_dtype(column):
        return pd.DatetimeIndex(column)
    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        return None
    try:
        return pd.DatetimeIndex(pd.to_datetime(column, format="ISO8601"))
    except (ValueError, TypeError):
        pass
    try:
        parsed = pd.to_datetime(column.head(1), dayfirst=True).iloc[0]
        return None if pd.isna(parsed) else pd.DatetimeIndex(pd.to_datetime(column, dayfirst=True))
    except (ValueError, TypeError):
        return None


def _rate(index: pd.DatetimeIndex) -> float | None:
    """Frames a second, by the time that lies between most frames."""
    steps = np.diff(index.to_numpy()).astype("timedelta64[ns]").astype(np.int64) * 1e-9
    step = float(np.median(steps)) if len(steps) else 0.0
    return 1.0 / step if step > 0 else None


def _is_clock(name: str, column: pd.Series[Any]) -> bool:
    """A numeric column that is named like a time and only goes forward."""
    return name.strip().lower() in TIME_NAMES and bool(column.is_monotonic_increasing)


def _choose(table: pd.DataFrame, label: str | None) -> tuple[list[str], dict[str, str], pd.DatetimeIndex | None]:
    """Columns that can be inputs, the others with the reason, and the time if there is one."""
    inputs: list[str] = []
    left_out: dict[str, str] = {}
    index: pd.DatetimeIndex | None = None
    # Only beside a matrix: x, y and z are also the axes of a sensor.
    beside = {"y", "target"} if "X0" in table.columns or "x0" in table.columns else set()
    for name in table.columns:
        column = table[name]
        numeric = pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column)
        time = None if numeric or index is not None else _time(column)
        if name == label:
            left_out[name] = "the label"
        elif time is not None:
            left_out[name], index = "the time", time
        elif not numeric:
            left_out[name] = "not numbers"
        elif _is_clock(name, column):
            left_out[name] = "a clock"
        elif name.strip().lower() in LABEL_NAMES:
            left_out[name] = "named like a label"
        elif name in beside:
            left_out[name] = "the label beside X, by custom"
        else:
            inputs.append(name)
    return inputs, left_out, index


def _asked(path: Path, table: pd.DataFrame, names: Sequence[str], label: str | None) -> list[str]:
    """Columns that were asked for by name."""
    for name in names:
        column = table[_known(path, table, name)]
        if name == label:
            raise FileError(f"{path}: column {name!r} is the label, it can't be an input; take it out of the columns")
        if not (pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column)):
            raise FileError(
                f"{path}: column {name!r} holds {column.dropna().iloc[:1].tolist()}, not numbers; leave it out"
            )
    return list(names)


def read(
    path: str | Path, columns: Sequence[str] = (), label: str | None = None, exclude: Sequence[str] = ()
) -> Recording:
    """A file as a recording.

    In: columns, the inputs by name; none takes every numeric column but the label, times and columns that are named
    like labels. label: the column with 1 = anomalous. exclude: columns that are no inputs.
    Raises FileError that names the file and the column.
    """
    path = Path(path)
    table = read_table(path)
    table.columns = pd.Index([str(name).strip() for name in table.columns])
    if label is not None:
        _known(path, table, label)
    for name in exclude:
        _known(path, table, name)
    inputs, left_out, index = _choose(table, label)
    if columns:
        inputs = _asked(path, table, columns, label)
        left_out = {name: left_out.get(name, "not asked for") for name in table.columns if name not in columns}
    left_out |= dict.fromkeys(exclude, "excluded")
    inputs = [name for name in inputs if name not in exclude]
    if not inputs:
        reasons = ", ".join(f"{name!r} is {reason}" for name, reason in left_out.items())
        raise FileError(f"{path}: no column is left as an input ({reasons}); name some with --columns")
    if not len(table):
        raise FileError(f"{path}: it has columns but no rows; give a recording with frames")
    frames = table[inputs]
    labels = None if label is None else _labels(path, label, table[label])
    rate = table.attrs.get(RATE) if index is None else _rate(index)
    return Recording(path, frames if index is None else frames.set_index(index), labels, left_out, rate)
