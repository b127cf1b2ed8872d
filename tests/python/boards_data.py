"""A folder of data sets in which everything is made up: each set in its shape, small, with a fault to be found."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

Rng = np.random.Generator


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def savez(path: Path, **arrays: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, **arrays)  # type: ignore[arg-type]


def skab(root: Path, rng: Rng) -> None:
    """A folder that the published set has no name for; a channel jumps for a while. And a normal recording."""
    times = pd.date_range("2020-03-09", periods=900, freq="s", name="datetime")
    for name in ("valve7/1", "valve7/2", "anomaly-free/normal"):
        table = pd.DataFrame(rng.normal(size=(900, 3)), times, ["Current", "Pressure", "Flow"])
        if name.startswith("valve7"):
            table.iloc[600:750, 1] += 12
            table["anomaly"] = [float(600 <= row < 750) for row in range(900)]
            table["changepoint"] = [float(row in (600, 750)) for row in range(900)]
        path = root / "skab" / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        table.to_csv(path, sep=";")


def nab(root: Path, rng: Rng) -> None:
    times = pd.date_range("2015-01-01", periods=2000, freq="5min")
    series = pd.DataFrame({"timestamp": times, "value": rng.normal(10, 1, 2000)})
    series.loc[1500:1540, "value"] += 40
    folder = root / "nab" / "data" / "realElsewhere"
    folder.mkdir(parents=True)
    series.to_csv(folder / "one.csv", index=False)
    windows = {"realElsewhere/one.csv": [[str(times[1480]), str(times[1600])]]}
    write(root / "nab" / "labels" / "combined_windows.json", json.dumps(windows))


def cooling_fan(root: Path, rng: Rng) -> None:
    def save(run: str, speeds: str, damaged: bool) -> None:
        level = np.repeat([{"h": 8.0, "m": 4.0, "l": 2.0, "o": 0.1}[speed] for speed in speeds], 120 // len(speeds))
        spectra = level[:, None] * rng.uniform(0.5, 1.5, (120, 512))
        spectra[:, 0] = 0
        if damaged:
            spectra[:, 100:160] *= np.where(level > 1, 6.0, 1.0)[:, None]
        stamps = pd.date_range("2022-02-10", periods=120, freq="2s").strftime("%Y-%m-%d-%H-%M-%S").to_numpy(dtype=str)
        savez(root / "cooling_fan" / f"{run}.npz", X=spectra.astype(np.float32), t=stamps)

    for speed in "hmlo":
        save(f"12cm_{speed}_normal_cellar", speed, False)
    save("12cm_hmlo_normal_cellar_1", "hmlo", False)
    save("12cm_hmlo_damage2_cellar_1", "hmlo", True)


def knocks(rng: Rng, samples: int, every: int, height: float) -> np.ndarray:
    """Noise with a short ring at regular times."""
    signal = rng.normal(size=samples)
    ring = height * np.exp(-np.arange(40) / 8) * np.sin(np.arange(40) * 1.1)
    for at in range(0, samples - 40, every):
        signal[at : at + 40] += ring
    return signal.astype(np.float32)


def bearings(root: Path, rng: Rng) -> None:
    for name, height in (("derived_12k_normal_0_x", 0.0), ("12k_IR014_0", 12.0)):
        savez(root / "cwru" / f"{name}.npz", DE=knocks(rng, 60_000, 110, height), fs=12_000)
    for name, height in (("rig_Normal_700", 0.0), ("rig_OR5_700", 40.0)):
        savez(root / "hit_sm_bearing" / f"{name}.npz", x=knocks(rng, 120_000, 900, height), fs=51_200)


def fans(root: Path, rng: Rng) -> None:
    for weight, size in ((0, 1.0), (1, 4.0)):
        windows = size * rng.normal(size=(120, 200, 3)) + [0, 0, 1]
        savez(root / "ceiling_fan" / f"fan_0_high_{weight}_weight.npz", X=windows.astype(np.float32), fs=200)
    rows = [
        f"{weights},{speed},{','.join(f'{v:.5f}' for v in weights**3 * rng.normal(size=3))}"
        for weights in (1, 2)
        for speed in (40, 80)
        for _ in range(3000)
    ]
    write(root / "uci_fan_accelerometer" / "a.csv", "wconfid,pctid,x,y,z\n" + "\n".join(rows))
    head = ",".join(f"s{i}" for i in range(128)) + ",label\n"
    lines = [",".join(f"{v:.4f}" for v in (1 + 4 * blocked) * rng.normal(size=128)) + f",{blocked}"
             for blocked in (0, 1) for _ in range(120)]  # fmt: skip
    write(root / "tower_fan_mpu6050" / "fan.csv", head + "\n".join(lines))


def records(root: Path, rng: Rng) -> None:
    def lines(count: int, attack: str) -> list[str]:
        values = rng.integers(0, 9, (count, 38)) + (60 if attack != "normal" else 0)
        return [f"{v[0]},tcp,http,SF,{','.join(map(str, v[1:]))},{attack},21" for v in values]

    write(root / "nslkdd" / "KDDTrain+_x.txt", "\n".join(lines(300, "normal") + lines(50, "neptune")))
    write(root / "nslkdd" / "KDDTest+_x.txt", "\n".join(lines(100, "normal") + lines(100, "smurf")))


def driver(root: Path, rng: Rng) -> None:
    seconds, trip = np.arange(0, 300, 0.02), root / "driver_behavior" / "trip99"
    brake = ((seconds >= 100) & (seconds < 104)) | ((seconds >= 200) & (seconds < 204))
    for name, part in (("acelerometro", 1.0), ("giroscopio", 0.3)):
        values = part * (0.2 * rng.normal(size=(len(seconds), 3)) + 3.0 * brake[:, None])
        rows = [
            f"-,{10**12 + int(t * 1e9)},{x:.4f},{y:.4f},{z:.4f}" for t, (x, y, z) in zip(seconds, values, strict=True)
        ]
        write(trip / f"{name}_terra.csv", "timestamp,uptimeNanos,x,y,z\n" + "\n".join(rows))
    events = "evento, inicio, fim\nfreada_agressiva,100,104\nfreada_agressiva,200,204\n"
    write(trip / "groundTruth.csv", events)


def make_root(root: Path, seed: int = 0) -> Path:
    """All ten sets."""
    rng = np.random.default_rng(seed)
    for make in (skab, nab, cooling_fan, bearings, fans, records, driver):
        make(root, rng)
    return root


def carried_fan(root: Path, seed: int = 0) -> Path:
    """A fan in a silent room and in a noisy one, as the drift suite wants it: two runs of 240 spectra of each kind."""
    rng = np.random.default_rng(seed)
    lines = np.arange(512)

    def save(run: str, speeds: str, room: str, damaged: bool = False, frames: int = 240) -> None:
        turns = np.repeat(
            [{"h": 42.0, "m": 33.0, "l": 25.0, "o": 0.0}[speed] for speed in speeds], frames // len(speeds)
        )
        blades = 0.02 * turns[:, None] * np.exp(-(((lines - 7 * turns[:, None]) / 20) ** 2))
        spectra = 0.02 + blades + (0.3 * np.exp(-lines / 90) if room == "noisy" else 0.0)
        if damaged:
            spectra[:, 250:420] += np.where(turns > 0, 0.2, 0.0)[:, None]
        spectra *= rng.uniform(0.7, 1.3, spectra.shape)
        spectra[:, 0] = 0
        stamps = (
            pd.date_range("2022-02-10", periods=frames, freq="2s").strftime("%Y-%m-%d-%H-%M-%S").to_numpy(dtype=str)
        )
        savez(root / "cooling_fan" / f"12cm_{run}.npz", X=spectra.astype(np.float32), t=stamps)

    for room in ("silentA", "noisy"):
        for speed in "hmlo":
            save(f"{speed}_normal_{room}", speed, room, frames=80)
        for number in (1, 2):
            save(f"hmlo_normal_{room}_{number}", "hmlo", room)
            save(f"hmlo_damage1_{room}_{number}", "hmlo", room, damaged=True)
    return root
