"""Loaders take whatever files a folder of a set's shape holds: parts that nobody named, on small made-up copies."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from twinbit.datasets import DataNotFoundError, Recording, load, parts
from twinbit.datasets.sets import nab


def one(name: str, root: Path) -> Recording:
    (found,) = load(name, root)
    return found


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())


def savez(path: Path, **arrays: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, **arrays)  # type: ignore[arg-type]


def test_skab_other_folders(tmp_path: Path) -> None:
    header = "datetime;Pressure;anomaly;changepoint\n"
    for name in ("valve2/1", "other/9 (2)", "other/10", "other/9"):
        write(tmp_path / "skab" / f"{name}.csv", header + "2020-03-09 10:14:33;0.5;1;0\n")
    write(tmp_path / "skab" / "notebooks" / "read.txt", "no recording")
    assert parts("skab", tmp_path) == ["skab/other", "skab/valve2"]
    assert [r.name for r in load("skab/other", tmp_path)] == ["other/9 (2)", "other/9", "other/10"]
    with pytest.raises(DataNotFoundError, match=r"no files of valve1.*twinbit data fetch skab"):
        load("skab/valve1", tmp_path)


def test_nab_windows_have_both_ends_and_their_numbers(tmp_path: Path) -> None:
    hours = pd.date_range("2015-02-26", periods=8, freq="h")
    table = pd.DataFrame({"timestamp": hours, "value": np.arange(8.0)})
    series = tmp_path / "nab" / "data" / "realTweets"
    series.mkdir(parents=True)
    table.to_csv(series / "known.csv", index=False)
    table.to_csv(series / "unknown.csv", index=False)
    windows = {"realTweets/known.csv": [[str(hours[1]), str(hours[2])], [str(hours[5]), str(hours[6])]]}
    write(tmp_path / "nab" / "labels" / "combined_windows.json", json.dumps(windows))
    write(tmp_path / "nab" / "labels" / "combined_labels.json", json.dumps({"realTweets/known.csv": [str(hours[2])]}))
    assert parts("nab", tmp_path) == ["nab/realTweets"]
    known, unknown = load("nab/realTweets", tmp_path)
    assert known.truth["window"].tolist() == [0, 1, 1, 0, 0, 2, 2, 0]
    assert known.truth["labelled"].tolist() == [0, 0, 1, 0, 0, 0, 0, 0]
    assert known.labels is not None
    assert known.labels.tolist() == [0, 1, 1, 0, 0, 1, 1, 0]
    assert known.frame_rate == pytest.approx(1 / 3600)
    assert known.about["file"] == "realTweets/known.csv"
    assert unknown.labels is None
    profile = {"standard": {"CostMatrix": {"tpWeight": 1.0, "fpWeight": 0.11}}}
    write(tmp_path / "nab" / "config" / "profiles.json", json.dumps(profile))
    assert nab.profiles(tmp_path / "nab")["standard"]["fpWeight"] == 0.11


def test_cooling_fan_other_rooms_damages_and_sizes(tmp_path: Path) -> None:
    def spectra(level: float) -> dict[str, np.ndarray]:
        return {"X": np.full((2, 512), level, np.float32), "t": np.array(["2022-02-10-01-08-23"] * 2)}

    folder = tmp_path / "cooling_fan"
    for size, room in (("12cm", "silentB"), ("8cm", "noisy")):
        savez(folder / f"{size}_o_normal_{room}.npz", **spectra(0.1))
        savez(folder / f"{size}_l_normal_{room}.npz", **spectra(0.2))
        savez(folder / f"{size}_hmlo_damage2_{room}_1.npz", **spectra(0.3))
    savez(folder / "12cm_hmlo_normal_silentB.npz", **spectra(0.1))
    assert parts("cooling_fan", tmp_path) == ["cooling_fan/silentB", "cooling_fan/8cm-noisy"]
    found = load("cooling_fan/silentB", tmp_path)
    names = ["l_normal", "o_normal", "hmlo_normal", "hmlo_damage2_1"]
    assert [r.name for r in found] == [f"silentB/{name}" for name in names]
    assert [int(r.labels[0]) for r in found if r.labels is not None] == [0, 0, 0, 1]
    assert [int(r.truth["running"][0]) for r in found] == [1, 0, 0, 1]
    assert found[3].about["kind"] == "damage2"
    (folder / "8cm_o_normal_noisy.npz").unlink()
    with pytest.raises(DataNotFoundError, match="no normal recording at speed o"):
        load("cooling_fan/8cm-noisy", tmp_path)


@pytest.mark.parametrize(
    ("stem", "fault", "size", "load_hp"),
    [
        ("12k_IR014_2", "IR", 14, 2),
        ("12k_OR021at12_3", "OR@12", 21, 3),
        ("48k_ORat3_7_1", "OR@3", 7, 1),
        ("48k_B_28_0", "B", 28, 0),
        ("48k_normal_2_last5s", "normal", 0, 2),
    ],
)
def test_cwru_names_tell_the_fault(tmp_path: Path, stem: str, fault: str, size: int, load_hp: int) -> None:
    rate = 1000 * int(stem[:2])
    savez(tmp_path / "cwru" / f"{stem}.npz", DE=np.arange(5, dtype=np.float32), fs=rate)
    write(tmp_path / "cwru" / "index.csv", f"file,rpm\n{stem}.npz,1750\n")
    recording = one(f"cwru/{stem[:3]}", tmp_path)
    assert dict(recording.about) == {"fault": fault, "size_mil": size, "load_hp": load_hp, "rpm": 1750.0, "fs": rate}
    assert recording.labels is not None
    assert set(recording.labels) == {int(fault != "normal")}
    assert recording.signal.shape == (5, 1)
    assert recording.window is None


def test_derived_recordings_belong_to_the_rate_they_have_now(tmp_path: Path) -> None:
    savez(tmp_path / "cwru" / "derived_12k_normal_0_x.npz", DE=np.zeros(3, np.float32), fs=12_000)
    assert parts("cwru", tmp_path) == ["cwru/12k"]
    assert one("cwru/12k", tmp_path).about["fault"] == "normal"


def test_hit_sm_other_rigs(tmp_path: Path) -> None:
    for stem in ("self_built_OR8_900", "self_built_Normal_900_rest"):
        savez(tmp_path / "hit_sm_bearing" / f"{stem}.npz", x=np.zeros(4, np.float32), fs=51_200)
    normal, faulty = load("hit_sm_bearing/self_built", tmp_path)
    assert dict(faulty.about) == {"fault": "OR", "degrees": 8, "rpm": 900, "label": "OR8"}
    assert normal.about["fault"] == "normal"
    assert normal.labels is not None
    assert normal.labels.tolist() == [0, 0, 0, 0]


def test_ceiling_fan_other_speeds_and_weights(tmp_path: Path) -> None:
    for run in ("high_0_weight", "high_2_weight"):
        savez(tmp_path / "ceiling_fan" / f"fan_0_{run}.npz", X=np.ones((2, 200, 3), np.float32), fs=200)
    normal, weighted = load("ceiling_fan/high", tmp_path)
    assert weighted.about["weight"] == 2
    assert weighted.labels is not None
    assert weighted.labels.tolist() == [1, 1]
    assert normal.signal.shape == (400, 3)
    assert normal.window == 200


def test_uci_fan_blocks(tmp_path: Path) -> None:
    rows = [(1, 20), (1, 20), (1, 25), (3, 20), (1, 20)]
    text = "wconfid,pctid,x,y,z\n" + "".join(f"{w},{p},{i},0.5,0\n" for i, (w, p) in enumerate(rows))
    write(tmp_path / "uci_fan_accelerometer" / "accelerometer.csv", text)
    found = load("uci_fan_accelerometer/configurations", tmp_path)
    stems = ["configuration1/20", "configuration1/25", "configuration3/20", "configuration1/20-2"]
    assert [r.name for r in found] == stems
    assert [int(r.labels[0]) for r in found if r.labels is not None] == [0, 0, 1, 0]
    assert found[0].signal.tolist() == [[0, 0.5, 0], [1, 0.5, 0]]


def test_tower_fan(tmp_path: Path) -> None:
    text = "s0,s1,label\n1,3,0\n2,6,1\n4,4,0\n"
    write(tmp_path / "tower_fan_mpu6050" / "fan_more.csv.gz", text)
    normal, blocked = load("tower_fan_mpu6050/fan", tmp_path)
    assert normal.name == "fan_more/normal"
    assert normal.signal.tolist() == [[1], [3], [4], [4]]
    assert blocked.window == 2
    assert normal.frames.iloc[0].tolist() == [0, 1, 0]  # octaves of RMS 1, step 2, crest 1


def test_driver_events_and_the_latest_gyroscope(tmp_path: Path) -> None:
    trip = tmp_path / "driver_behavior" / "trip20"
    head = "timestamp,uptimeNanos,x,y,z\n"
    times = [10**12 + 20_400_000 * i for i in range(6)]  # 49 Hz
    write(trip / "acelerometro_terra.csv.gz", head + "".join(f"-,{t},{i},0,9.8\n" for i, t in enumerate(times)))
    write(trip / "giroscopio_terra.csv", head + "".join(f"-,{t + 1},{i},0,0\n" for i, t in enumerate(times)))
    events = "evento, inicio, fim\nfreada_agressiva,0.0204,0.0412\nevento_nao_agressivo,0.08,0.09\n"
    write(trip / "groundTruth.csv", events)
    recording = one("driver_behavior/trip20", tmp_path)
    assert list(recording.frames.columns) == ["ax", "ay", "az", "gx", "gy", "gz"]
    assert recording.frames["ax"].tolist() == [0, 1, 2, 3, 4, 5]
    assert recording.frames["gx"].tolist() == [0, 0, 1, 2, 3, 4]
    assert recording.dt_ms is not None
    assert recording.dt_ms.tolist() == [0, 20, 20, 21, 20, 21]
    assert recording.labels is not None
    assert recording.labels.tolist() == [0, 0, 1, 0, 0, 0]
    assert recording.truth["event"].tolist() == ["", "", "freada_agressiva", "", "evento_nao_agressivo", ""]


def test_nslkdd_leaves_symbols_out(tmp_path: Path) -> None:
    row = "0,tcp,http,SF," + ",".join(str(i) for i in range(37))
    write(tmp_path / "nslkdd" / "KDDTest+_other.txt", f"{row},normal,21\n{row},neptune,18\n")
    recording = one("nslkdd/test", tmp_path)
    assert recording.name == "KDDTest+_other"
    assert recording.frames.shape == (2, 38)
    assert recording.frames.iloc[0].tolist() == [0, *range(37)]
    assert recording.labels is not None
    assert recording.labels.tolist() == [0, 1]
    assert recording.truth.iloc[1].tolist() == ["tcp", "http", "SF", "neptune", 18]


def test_motions(tmp_path: Path) -> None:
    content = {"payload": {"interval_ms": 20, "sensors": [{"name": "accX"}], "values": [[1], [2]]}}
    labels = {"files": [{"path": "testing/a", "name": "a", "category": "testing", "label": {"label": "Lift"}}]}
    (tmp_path / "nicla_motion").mkdir()
    with zipfile.ZipFile(tmp_path / "nicla_motion" / "export.zip", "w") as archive:
        archive.writestr("info.labels", json.dumps(labels))
        archive.writestr("testing/a", json.dumps(content))
    recording = one("nicla_motion/testing", tmp_path)
    assert (recording.sample_rate, recording.about["motion"]) == (50, "Lift")
    assert recording.frames["accX"].tolist() == [1, 2]
    assert load("nicla_motion/training", tmp_path) == []


def test_watch_and_mlperf(tmp_path: Path) -> None:
    arrays = {"X": np.arange(6.0).reshape(3, 2), "lengths": [1, 2], "y": [1, 0], "subject": [4, 5], "side": [0.0, 1.0]}
    savez(tmp_path / "har_watch" / "watch.npz", **arrays, X_labels=["ax", "ay"], y_labels=["PEN", "ABD"], fs=50)
    first, second = load("har_watch/watch", tmp_path)
    assert dict(first.about) == {"activity": "ABD", "subject": 4, "side": 0}
    assert second.frames["ay"].tolist() == [3, 5]
    folder = tmp_path / "mlperf_tiny_ad01"
    folder.mkdir()
    np.arange(7 * 128, dtype="<f4").tofile(folder / "anomaly_id_02_00000007_hist_librosa.bin")
    write(folder / "reference_scores" / "tflite_anomaly_score_ToyCar_id_02.csv", "anomaly_id_02_00000007.wav,9.5\n")
    recording = one("mlperf_tiny_ad01/toycar", tmp_path)
    assert recording.frames.shape == (3, 640)
    assert recording.frames.iloc[2, 0] == 256
    assert recording.about["reference_score"] == 9.5
    assert recording.labels is not None
    assert recording.labels.tolist() == [1, 1, 1]
