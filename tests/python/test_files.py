"""Recordings from files: every kind, what is chosen, and the words of errors."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from twinbit import FileError, io

ROWS = 30
TIME = pd.date_range("2026-03-01 10:00", periods=ROWS, freq="s")


def make_table() -> pd.DataFrame:
    rng = np.random.default_rng(5)
    return pd.DataFrame(
        {
            "datetime": TIME.strftime("%Y-%m-%d %H:%M:%S"),
            "Flow, hot": rng.normal(size=ROWS).round(4),
            "p": rng.normal(1e5, 3, ROWS).round(2),
            "anomaly": (np.arange(ROWS) > 20).astype(float),
        }
    )


# A comma can't be both.
SEPARATORS = [(separator, decimal) for separator in ",;\t|" for decimal in ".," if separator != decimal]


@pytest.mark.parametrize(("separator", "decimal"), SEPARATORS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_csv(tmp_path: Path, separator: str, decimal: str, encoding: str) -> None:
    path, table = tmp_path / "a.csv", make_table().rename(columns={"p": "Ölpreß"})
    table.to_csv(path, sep=separator, decimal=decimal, index=False, encoding=encoding)
    recording = io.read(path, label="anomaly")
    assert list(recording.frames.columns) == ["Flow, hot", "Ölpreß"]
    np.testing.assert_allclose(recording.frames.to_numpy(), table[["Flow, hot", "Ölpreß"]].to_numpy())
    assert recording.frames.index.equals(pd.DatetimeIndex(TIME)) or (recording.frames.index == TIME).all()
    assert recording.labels is not None
    assert recording.labels.sum() == 9


def test_csv_without_header_and_with_spaces(tmp_path: Path) -> None:
    values = np.arange(12.0).reshape(4, 3) + 0.5
    np.savetxt(tmp_path / "a.txt", values)
    recording = io.read(tmp_path / "a.txt")
    assert list(recording.frames.columns) == ["x0", "x1", "x2"]
    np.testing.assert_array_equal(recording.frames, values)


def test_csv_one_column_gaps_and_gzip(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("level\n1.5\n\n2.5\nNaN\n")
    assert io.read(tmp_path / "a.csv").frames.level.tolist()[:2] == [1.5, 2.5]
    with gzip.open(tmp_path / "b.csv.gz", "wt") as file:
        file.write("a;b;\n1;;\n2;3;\n")
    frames = io.read(tmp_path / "b.csv.gz").frames
    assert list(frames.columns) == ["a", "b"]
    assert np.isnan(frames.b[0])


def test_columns_of_labels_times_and_text_are_left_out(tmp_path: Path) -> None:
    table = make_table().assign(changepoint=0.0, t=np.arange(ROWS), note="ok")
    table.to_csv(tmp_path / "a.csv", index=False)
    recording = io.read(tmp_path / "a.csv", label="anomaly", exclude=["p"])
    assert list(recording.frames.columns) == ["Flow, hot"]
    assert recording.left_out == {
        "datetime": "the time",
        "anomaly": "the label",
        "changepoint": "named like a label",
        "t": "a clock",
        "note": "not numbers",
        "p": "excluded",
    }
    asked = io.read(tmp_path / "a.csv", columns=["p", "changepoint"])
    assert list(asked.frames.columns) == ["p", "changepoint"]


def test_npy(tmp_path: Path) -> None:
    counts = np.arange(12, dtype=np.int16).reshape(6, 2)
    np.save(tmp_path / "a.npy", counts)
    recording = io.read(tmp_path / "a.npy")
    assert list(recording.frames.columns) == ["x0", "x1"]
    assert set(recording.frames.dtypes) == {np.dtype(np.int16)}
    np.save(tmp_path / "b.npy", np.array([(1.0, 2), (3.0, 4)], dtype=[("a", "f4"), ("b", "i4")]))
    assert list(io.read(tmp_path / "b.npy").frames.columns) == ["a", "b"]


def test_npz(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", X=np.ones((5, 2)), y=np.array([0, 0, 1, 1, 0]), fs=np.array(50), notes=np.array(["a"]))
    recording = io.read(tmp_path / "a.npz", label="y")
    assert list(recording.frames.columns) == ["X0", "X1"]
    assert recording.labels is not None
    assert recording.labels.tolist() == [0, 0, 1, 1, 0]
    np.savez(tmp_path / "b.npz", X=np.ones((5, 200, 3)))
    with pytest.raises(
        FileError, match=r"b\.npz: it has no array of shape \(frames, channels\); found X \(5, 200, 3\)"
    ):
        io.read(tmp_path / "b.npz")


def test_parquet(tmp_path: Path) -> None:
    make_table().assign(when=TIME).drop(columns="datetime").to_parquet(tmp_path / "a.parquet")
    recording = io.read(tmp_path / "a.parquet", label="anomaly")
    assert (recording.frames.index == TIME).all()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["true", "false", "True"], [1, 0, 1]),
        (["normal", "anomaly", ""], [0, 1, np.nan]),
        ([0, 2, -1], [0, 1, 0]),
        ([0.0, None, 1.0], [0, np.nan, 1]),
    ],
)
def test_labels(tmp_path: Path, values: list, expected: list) -> None:
    pd.DataFrame({"a": [1.0, 2.0, 3.0], "y": values}).to_csv(tmp_path / "a.csv", index=False)
    np.testing.assert_array_equal(io.read(tmp_path / "a.csv", label="y").labels, expected)


def test_errors_name_file_and_column(tmp_path: Path) -> None:
    path = tmp_path / "pump.csv"
    with pytest.raises(FileError, match=r"pump\.csv: there is no such file"):
        io.read(path)
    path.write_text("")
    with pytest.raises(FileError, match="it is empty"):
        io.read(path)
    path.write_bytes(b"\x00\x01\x02" * 100)
    with pytest.raises(FileError, match="not text"):
        io.read(path)
    path.write_text("a,b\nx,y\n")
    with pytest.raises(FileError, match=r"no column is left as an input .'a' is not numbers, 'b' is not numbers."):
        io.read(path)
    with pytest.raises(FileError, match=r"column 'a' holds .'x'., not numbers"):
        io.read(path, columns=["a"])
    path.write_text("speed,load\n1,2\n")
    with pytest.raises(FileError, match="there is no column 'sped'; did you mean 'speed'"):
        io.read(path, columns=["sped"])
    with pytest.raises(FileError, match="there is no column 'anomaly'"):
        io.read(path, label="anomaly")
    with pytest.raises(FileError, match="'load' is the label"):
        io.read(path, columns=["load"], label="load")
    path.write_text("speed,load\n")
    with pytest.raises(FileError, match=r"no rows|no column is left"):
        io.read(path)
    path.write_text("speed,y\n1,maybe\n")
    with pytest.raises(FileError, match="label column 'y' holds 'maybe'; use 0 and 1"):
        io.read(path, label="y")
    broken = tmp_path / "a.parquet"
    broken.write_bytes(b"PAR1")
    with pytest.raises(FileError, match=r"a\.parquet: it can't be read"):
        io.read(broken)
    np.save(tmp_path / "o.npy", np.array([{}, {}], dtype=object), allow_pickle=True)
    with pytest.raises(FileError, match=r"o\.npy: it can't be read"):
        io.read(tmp_path / "o.npy")


def test_the_label_beside_a_matrix_is_no_input(tmp_path: Path) -> None:
    labels = (np.arange(ROWS) > 20).astype(int)
    np.savez(tmp_path / "a.npz", X=np.ones((ROWS, 2)), y=labels)
    assert list(io.read(tmp_path / "a.npz").frames.columns) == ["X0", "X1"]
    judged = io.read(tmp_path / "a.npz", label="y").labels
    assert judged is not None
    np.testing.assert_array_equal(judged, labels)


def test_y_beside_x_is_an_axis(tmp_path: Path) -> None:
    pd.DataFrame(np.ones((ROWS, 3)), columns=list("xyz")).to_csv(tmp_path / "a.csv", index=False)
    assert list(io.read(tmp_path / "a.csv").frames.columns) == ["x", "y", "z"]
