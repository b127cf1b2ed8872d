"""Model files and images: whole or refused, and looked at even when damaged."""

from __future__ import annotations

import contextlib
import zlib
from pathlib import Path

import numpy as np
import pytest
import twinbit
from conftest import ARITHMETICS, DETECTORS, make_frames, make_recipe
from hypothesis import given, settings
from hypothesis import strategies as st
from twinbit import Monitor, inspection, model
from twinbit.recipe_parts import Arithmetic


def fresh() -> Monitor:
    monitor = Monitor(make_recipe())
    monitor.run(make_frames())
    return monitor


MONITOR = fresh()
MODEL, IMAGE = MONITOR.to_bytes(), MONITOR.image


def test_round_trip(tmp_path: Path) -> None:
    path = tmp_path / "m.twinbit"
    MONITOR.save(path)
    assert path.read_bytes() == MODEL
    again = Monitor.load(path)
    assert again.image == IMAGE
    assert again.recipe == MONITOR.recipe
    assert not list(tmp_path.glob("*.new"))


@settings(max_examples=300, deadline=None)
@given(at=st.integers(0, len(MODEL) - 1), flip=st.integers(1, 255))
def test_any_changed_byte_is_found(at: int, flip: int) -> None:
    damaged = bytearray(MODEL)
    damaged[at] ^= flip
    with pytest.raises(twinbit.ImageError):
        Monitor.from_bytes(bytes(damaged))
    assert inspection.look(bytes(damaged)).problems


@settings(max_examples=100, deadline=None)
@given(keep=st.integers(0, len(MODEL) - 1))
def test_any_cut_is_found(keep: int) -> None:
    with pytest.raises(twinbit.ImageError):
        Monitor.from_bytes(MODEL[:keep])
    assert inspection.look(MODEL[:keep]).problems


def learned(kind: tuple[str, Arithmetic], frames: int) -> Monitor:
    monitor = Monitor(make_recipe(*kind))
    monitor.step(make_frames()[:frames])
    return monitor


KINDS = [(detector, arithmetic) for detector in DETECTORS for arithmetic in ARITHMETICS]
IMAGES = {kind: learned(kind, 400).image for kind in KINDS}


@settings(max_examples=400, deadline=None)
@given(kind=st.sampled_from(KINDS), at=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255), raw=st.booleans())
def test_a_damaged_image_changes_nothing(kind: tuple[str, Arithmetic], at: float, flip: int, raw: bool) -> None:
    damaged = bytearray(IMAGES[kind])
    damaged[int(at * len(damaged))] ^= flip
    monitor = learned(kind, 250)
    before = monitor._ready().raw()
    refused = None
    try:
        monitor.load_image(bytes(damaged), raw)
    except twinbit.ImageError as error:
        refused = error
    if refused is None:
        assert raw  # without the checksum a changed sum can't be told; whatever it is, it is safe to go on with
        monitor.step(make_frames()[:20])
        with contextlib.suppress(twinbit.StateError, twinbit.RangeError):
            monitor.learn(make_frames()[:20])
    else:
        assert refused.status < 0
        assert monitor._ready().raw() == before


@settings(max_examples=50, deadline=None)
@given(data=st.binary(max_size=200))
def test_any_bytes_can_be_looked_at(data: bytes) -> None:
    for bytes_ in (data, model.MAGIC + data, IMAGE[:40] + data):
        findings = inspection.look(bytes_)
        assert findings.problems
        assert findings.arithmetic in ("f32", "q15", "q31", "?")


def test_what_is_wrong_is_named() -> None:
    cut = inspection.look(IMAGE[:100])
    assert "bytes end before the image does" in cut.problems[0]
    assert cut.arithmetic == "q15"
    assert cut.state == "monitoring"
    flipped = IMAGE[:70] + bytes([IMAGE[70] ^ 1]) + IMAGE[71:]
    assert "checksum" in inspection.look(flipped).problems[0]
    odd = bytearray(IMAGE)
    odd[28] |= 1
    assert "middle of an update" in inspection.look(bytes(odd)).problems[0]
    assert "not a twinbit image" in inspection.look(b"hello" * 20).problems[0]
    running = MONITOR._ready().raw()
    assert not inspection.look(IMAGE, MONITOR.recipe).problems
    assert not inspection.look(running).problems  # saving sealed it where it lies
    bad = bytearray(IMAGE)
    bad[44] = 9  # the state, with a checksum that fits
    bad[32:36] = bytes(4)
    bad[32:36] = zlib.crc32(bad).to_bytes(4, "little")
    assert any("outside its range" in text for text in inspection.look(bytes(bad), MONITOR.recipe).problems)


def test_unsealed_needs_raw() -> None:
    monitor = fresh()
    monitor.run(make_frames()[:1])
    dump = monitor._ready().raw()
    with pytest.raises(twinbit.ImageError, match="raw=True"):
        Monitor(make_recipe()).load_image(dump)
    again = Monitor(make_recipe()).load_image(dump, raw=True)
    assert again.image == monitor.image


def test_names_survive_only_with_their_recipe() -> None:
    recipe = make_recipe()
    good = model.pack(model.Model(recipe, IMAGE))
    notes = good[16 + len(recipe.to_bytes()) + len(IMAGE) : -4]
    body = good[: -4 - len(notes)] + notes.replace(b"clusters = 4", b"clusters = 5")
    other = model.unpack(body + zlib.crc32(body).to_bytes(4, "little"))
    assert other.recipe.name == "model"
    assert other.recipe.to_bytes() == recipe.to_bytes()


def test_errors_name_the_file(tmp_path: Path) -> None:
    path = tmp_path / "broken.twinbit"
    path.write_bytes(MODEL[:-1])
    with pytest.raises(twinbit.DamagedImageError, match=r"broken\.twinbit: model: .*copy"):
        Monitor.load(path)
    with pytest.raises(twinbit.FileError, match="can't be written"):
        MONITOR.save(tmp_path / "nowhere" / "m.twinbit")
    with pytest.raises(twinbit.FileError, match="no such file"):
        Monitor.load(tmp_path / "none.twinbit")


def test_a_detector_is_no_monitor_of_another_kind() -> None:
    frames = np.random.default_rng(0).normal(size=(50, 2))
    data = twinbit.KMeans(2).learn(frames).to_bytes()
    with pytest.raises(twinbit.ImageError, match="it holds KMeans, not Mahalanobis"):
        twinbit.Mahalanobis.from_bytes(data)
