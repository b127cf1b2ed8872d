"""Downloading, from a server on this machine: checked, whole or not at all, and clear when it fails."""

from __future__ import annotations

import hashlib
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from twinbit import cli
from twinbit.datasets import FetchError, Manifest, fetch, load, manifest

HEADER = "datetime;Pressure;anomaly;changepoint"
FILES = {f"valve1/{i}.csv": f"{HEADER}\n2020-03-09 10:14:3{i};0.{i};0;0\n".encode() for i in range(3)}
FETCH = fetch.__globals__  # the module; its name in the package is the function's


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder and its address."""
    folder = tmp_path / "served"
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield folder, f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture
def source(served: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> Manifest:
    """SKAB's manifest, but with small files on this machine."""
    files = {name: hashlib.sha256(content).hexdigest() for name, content in FILES.items()}
    made = replace(manifest("skab"), download=served[1] + "/{file}", files=files)
    use(monkeypatch, made)
    return made


def use(monkeypatch: pytest.MonkeyPatch, made: Manifest) -> None:
    monkeypatch.setitem(FETCH, "manifest", lambda name: made)


def test_what_was_fetched_loads_and_is_not_fetched_again(source: Manifest, tmp_path: Path) -> None:
    root = tmp_path / "data"
    found = fetch("skab", root)
    assert [path.relative_to(root / "skab").as_posix() for path in found] == list(FILES)
    assert [recording.name for recording in load("skab/valve1", root)] == ["valve1/0", "valve1/1", "valve1/2"]
    assert source.differences(root) == {}
    assert [path.name for path in root.iterdir()] == ["skab"]
    assert fetch("skab", root) == []


def test_only_what_is_missing_or_damaged_is_fetched(source: Manifest, tmp_path: Path) -> None:
    fetch("skab", tmp_path)
    (tmp_path / "skab/valve1/1.csv").write_text("damaged")
    (tmp_path / "skab/valve1/own.csv").write_text(f"{HEADER}\n2020-03-09 10:14:30;1;0;0\n")
    assert [path.name for path in fetch("skab", tmp_path)] == ["1.csv"]
    assert (tmp_path / "skab/valve1/own.csv").is_file()


def test_other_bytes_are_refused_and_leave_nothing(source: Manifest, served: tuple[Path, str], tmp_path: Path) -> None:
    (served[0] / "valve1/2.csv").write_bytes(b"tampered")
    root = tmp_path / "data"
    with pytest.raises(FetchError, match=r"valve1/2\.csv is not the file that was checked"):
        fetch("skab", root)
    assert list(root.iterdir()) == []


def test_a_missing_file_and_a_missing_network_are_told_apart_from_success(
    source: Manifest, monkeypatch: pytest.MonkeyPatch, served: tuple[Path, str], tmp_path: Path
) -> None:
    (served[0] / "valve1/2.csv").unlink()
    with pytest.raises(FetchError, match=r"valve1/2\.csv can't be fetched .*404"):
        fetch("skab", tmp_path / "data")
    use(monkeypatch, replace(source, download="http://127.0.0.1:1/{file}"))  # nobody listens there
    with pytest.raises(FetchError, match=r"valve1/0\.csv can't be fetched .*is there a network\?"):
        fetch("skab", tmp_path / "data")
    assert list((tmp_path / "data").iterdir()) == []


def test_a_set_that_was_converted_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match=r"cooling-fan \(licence: none given\); each folder of CSV files"):
        fetch("cooling_fan", tmp_path)


def archive(**members: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        for name, member in members.items():
            made.writestr(f"folder/{name}.txt", member)
    return content.getvalue()


def test_files_are_taken_out_of_an_archive(
    served: tuple[Path, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (served[0] / "all.zip").write_bytes(archive(one=b"1", two=b"2", three=b"3"))
    digests = {f"{name}.txt": hashlib.sha256(text).hexdigest() for name, text in (("one", b"1"), ("two", b"2"))}
    made = replace(manifest("har_basicmotions"), archive=served[1] + "/all.zip", files=digests)
    use(monkeypatch, made)
    assert len(fetch("har_basicmotions", tmp_path / "data")) == 2
    folder = tmp_path / "data" / "har_basicmotions"
    assert sorted(path.name for path in folder.iterdir()) == ["one.txt", "two.txt"]
    for content, reason in ((archive(one=b"1", two=b"other"), "SHA-256 differs"), (archive(), "not the archive")):
        (folder / "two.txt").unlink(missing_ok=True)
        (served[0] / "all.zip").write_bytes(content)
        with pytest.raises(FetchError, match=reason):
            fetch("har_basicmotions", tmp_path / "data")
        assert [path.name for path in folder.iterdir()] == ["one.txt"]


def test_published_files_have_addresses() -> None:
    assert manifest("nslkdd").source("KDDTest+.txt").endswith("/KDDTest%2B.txt")
    assert manifest("driver_behavior").source("trip17/groundTruth.csv").endswith("/data/17/groundTruth.csv")
    assert "KDDTest+_openhalf.txt" not in manifest("nslkdd").published()


def test_command_line(
    source: Manifest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["data", "fetch", "skab", "--data", str(tmp_path), "--json"]) == 0
    written = json.loads(capsys.readouterr().out)["written"]["skab"]
    assert len(written) == 3
    assert cli.run(["data", "list", "--data", str(tmp_path), "--json"]) == 0
    entries = {entry["set"]: entry for entry in json.loads(capsys.readouterr().out)["sets"]}
    assert entries["skab"]["parts"] == ["skab/valve1"]
    assert len(entries["skab"]["differences"]) == 17  # the small files are not the published ones
    assert entries["nab"]["parts"] == []
    assert cli.run(["data", "list", "--data", str(tmp_path)]) == 0
    assert "GPL-3.0" in capsys.readouterr().out
    for arguments, reason in (
        (["fetch", "rust"], "no data set is called 'rust'; there are ceiling_fan"),
        (["fetch", "cwru"], "can't be fetched as it is"),
    ):
        monkeypatch.setitem(FETCH, "manifest", manifest)
        assert cli.run(["data", *arguments, "--data", str(tmp_path)]) == 2
        assert reason in capsys.readouterr().err
