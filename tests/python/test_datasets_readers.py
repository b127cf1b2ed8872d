"""Files of each kind: what is in them, and what is said of one that is damaged."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import scipy.io
from twinbit import errors, io
from twinbit.datasets import DataNotFoundError, ReadError, readers

ARFF = r"""%made up
@relation 'Two'
@attribute relationalAtt relational
@attribute att0 numeric
@end relationalAtt
@attribute activity {Up,Down}
@data
'1,2,3\n4,5,6',Up
'7,8,9\n10,11,12',Down
"""


def test_wav_is_scaled_to_one_whatever_its_type(tmp_path: Path) -> None:
    halves = {np.int16: 2**14, np.int32: 2**30, np.float32: 0.5, np.uint8: 128 + 64}
    for kind, half in halves.items():
        path = tmp_path / f"{kind.__name__}.wav"
        scipy.io.wavfile.write(path, 12_000, np.array([[half, half], [half, 0]]).astype(kind))
        samples, rate = readers.read_wav(path)
        assert rate == 12_000
        assert samples[0].tolist() == [0.5, 0.5]
        assert samples.dtype == np.float32
    scipy.io.wavfile.write(path, 8_000, np.array([-32_768, 0], np.int16))
    assert readers.read_wav(path)[0].tolist() == [[-1.0], [0.0]]


def test_mat_gives_its_arrays_of_numbers(tmp_path: Path) -> None:
    path = tmp_path / "105.mat"
    scipy.io.savemat(path, {"X105_DE_time": np.arange(3.0)[:, None], "X105RPM": 1797, "note": "text"})
    found = readers.read_mat(path)
    assert sorted(found) == ["X105RPM", "X105_DE_time"]
    assert found["X105_DE_time"].tolist() == [[0], [1], [2]]


def test_arff_with_series(tmp_path: Path) -> None:
    path = tmp_path / "two.arff.gz"
    path.write_bytes(gzip.compress(ARFF.encode()))
    (up, name), (down, _) = readers.read_arff_series(path)
    assert name == "Up"
    assert up.tolist() == [[1, 4], [2, 5], [3, 6]]
    assert down.shape == (3, 2)
    assert readers.packed(tmp_path / "two.arff") == path


def test_idx(tmp_path: Path) -> None:
    path = tmp_path / "images"
    path.write_bytes(bytes([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3]) + bytes(range(6)))
    assert readers.read_idx(path).tolist() == [[0, 1, 2], [3, 4, 5]]
    path.write_bytes(bytes([0, 0, 11, 1, 0, 0, 0, 2, 1, 0, 255, 255]))
    assert readers.read_idx(path).tolist() == [256, -1]


def test_parquet_and_npz(tmp_path: Path) -> None:
    table = pd.DataFrame({"x": [1.0, 2.0]})
    table.to_parquet(tmp_path / "x.parquet")
    pd.testing.assert_frame_equal(readers.read_parquet(tmp_path / "x.parquet"), table)
    np.savez(tmp_path / "x.npz", X=np.arange(3))
    assert readers.read_npz(tmp_path / "x.npz")["X"].tolist() == [0, 1, 2]


READERS: dict[str, Callable[[Path], Any]] = {
    "wav": readers.read_wav,
    "mat": readers.read_mat,
    "npz": readers.read_npz,
    "parquet": readers.read_parquet,
    "arff": readers.read_arff_series,
    "arff.gz": readers.read_arff_series,
    "idx": readers.read_idx,
    "csv.gz": readers.read_csv,
}


@pytest.mark.parametrize("ending", READERS)
@pytest.mark.parametrize("content", [b"", b"\0\0\x08\x03ab", b"RIFF this is no file of any kind\n" * 9])
def test_what_cannot_be_read_is_named(tmp_path: Path, ending: str, content: bytes) -> None:
    path = tmp_path / f"broken.{ending}"
    with pytest.raises(DataNotFoundError, match=r"broken.* is missing"):
        READERS[ending](path)
    path.write_bytes(content)
    with pytest.raises(ReadError, match=r"broken"):
        READERS[ending](path)


def test_an_object_that_could_run_code_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "x.npz", X=np.array([{}], dtype=object))
    with pytest.raises(ReadError, match="allow_pickle"):
        readers.read_npz(tmp_path / "x.npz")


def test_without_scipy_the_error_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.wav").write_bytes(b"")
    monkeypatch.setitem(sys.modules, "scipy.io", None)
    with pytest.raises(ReadError, match=r"pip install twinbit\[data\]"):
        readers.read_wav(tmp_path / "x.wav")


def test_recordings_for_the_command_line_may_be_wav_and_mat(tmp_path: Path) -> None:
    scipy.io.wavfile.write(tmp_path / "x.wav", 1_000, np.array([[0, 2**14], [2**13, 0]], np.int16))
    assert io.read(tmp_path / "x.wav").frames.to_numpy().tolist() == [[0, 0.5], [0.25, 0]]
    scipy.io.savemat(tmp_path / "x.mat", {"DE": np.arange(4.0), "RPM": 1797})  # a row, as MATLAB has vectors
    assert io.read(tmp_path / "x.mat").frames["DE0"].tolist() == [0, 1, 2, 3]
    (tmp_path / "x.wav").write_bytes(b"RIFF")
    with pytest.raises(errors.FileError, match=r"x\.wav: it can't be read"):
        io.read(tmp_path / "x.wav")
