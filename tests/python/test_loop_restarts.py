"""The closed loop over restarts: pickles, model files, images, and what is wrong with them."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import twinbit
from conftest import make_recipe
from loop_data import CHANGE, after, level_jump, looped, said
from signal_recipes import data_for, ready
from twinbit import Monitor, inspection, model
from twinbit.recipe_parts import Arithmetic, PageHinkley
from twinbit.units import FLAGS

# ---- restarts


def kinds() -> list[tuple[Any, str, Arithmetic, dict[str, Any]]]:
    listed: list[tuple[Any, str, Arithmetic, dict[str, Any]]] = []
    for detector, arithmetic in (("kmeans", "q15"), ("mahalanobis", "f32"), ("elm", "q31"), ("bank_subspace", "q15")):
        listed += [(kind, detector, arithmetic, {}) for kind in ("tell", "freeze", "relearn", "ask")]  # type: ignore[arg-type]
        listed.append(("adapt", detector, arithmetic, {"block": 20, "blocks": 2, "forget": 50, "creep": 40}))  # type: ignore[arg-type]
    return listed


def restarted(monitor: Monitor, folder: Path, at: int) -> Monitor:
    """The monitor after a power cut: by pickle, by a file, by images."""
    if at % 3 == 0:
        return pickle.loads(pickle.dumps(monitor))  # type: ignore[no-any-return]
    if at % 3 == 1:
        monitor.save(folder / "m.twinbit")
        return Monitor.load(folder / "m.twinbit")
    images = {"candidate": monitor.candidate_image, "good": monitor.good_image}
    return Monitor(monitor.recipe).load_image(monitor.image, **images)


@pytest.mark.parametrize(("kind", "detector", "arithmetic", "words"), kinds())
def test_a_restart_changes_nothing(
    kind: Any, detector: str, arithmetic: Arithmetic, words: dict[str, Any], tmp_path: Path
) -> None:
    frames = level_jump(900)
    frames[700:] -= 8  # and back again
    steady, broken = (Monitor(looped(kind, detector, arithmetic, **words)) for _ in range(2))
    for part, at in enumerate(range(0, len(frames), 13)):
        piece = frames[at : at + 13]
        assert steady.step(piece).tobytes() == broken.step(piece).tobytes()
        for name in ("image", "candidate_image", "good_image"):
            assert getattr(steady, name) == getattr(broken, name), (name, at)
        broken = restarted(broken, tmp_path, part)
    assert broken.events.equals(steady.events)
    assert broken.health == steady.health
    assert broken.loop == steady.loop


@pytest.mark.parametrize("kind", ["relearn", "adapt"])
def test_a_restart_between_samples_changes_nothing(kind: Any) -> None:
    recipe = ready("time").with_policy(kind, drift=PageHinkley(threshold=3.0, delta=0.25), persist=20, block=10)
    samples = np.array(data_for(recipe), dtype=np.float32)
    samples[8000:] *= 3
    steady, broken = Monitor(recipe), Monitor(recipe)
    flags = 0
    for at in range(0, len(samples), 333):
        expected = steady.step(samples[at : at + 333])
        assert broken.step(samples[at : at + 333]).tobytes() == expected.tobytes()
        assert broken._saved() == steady._saved()
        broken = pickle.loads(pickle.dumps(broken))
        flags |= int(np.bitwise_or.reduce(expected["flags"], initial=0))
    assert flags & FLAGS["drift"]
    assert bool(flags & FLAGS["taken"]) == (kind == "relearn")


def test_a_pickle_goes_on_in_time() -> None:
    recipe = replace(looped("relearn"), period=1.0)
    recipe = replace(recipe, decision=replace(recipe.decision, hold=5.0))
    steady = Monitor(recipe)
    steady.run(level_jump()[:300])
    again = pickle.loads(pickle.dumps(steady))
    assert again.step(level_jump()[300:]).tobytes() == steady.step(level_jump()[300:]).tobytes()


def test_a_refused_batch_changes_nothing() -> None:
    monitor, frames = Monitor(looped("relearn")), level_jump()
    monitor.run(frames[: CHANGE + 40])
    assert monitor.candidate_state is not None
    bad = frames[CHANGE + 40 : CHANGE + 200].copy()
    bad[-1, 1] = np.inf
    before = [monitor.image, monitor.candidate_image, monitor.good_image]
    with pytest.raises(twinbit.NotFiniteError):
        monitor.run(bad)
    assert [monitor.image, monitor.candidate_image, monitor.good_image] == before


def test_another_candidate_begins_anew() -> None:
    monitor, frames = Monitor(looped("relearn")), level_jump()
    monitor.run(frames[: CHANGE + 30])
    old = monitor.candidate_image
    monitor.run(frames[CHANGE + 30 : CHANGE + 40])
    again = Monitor(monitor.recipe).load_image(monitor.image, candidate=old, good=monitor.good_image)
    table = again.run(frames[CHANGE + 40 :])
    assert said(again)[:3] == ["drift", "candidate", "candidate"]
    assert again.events.detail[again.events.event == "candidate"].tolist() == ["", "anew"]
    assert table.taken.any()


# ---- files, looks and errors


def test_model_files(tmp_path: Path) -> None:
    monitor = Monitor(looped("ask"))
    monitor.run(level_jump()[: CHANGE + 90])
    data = monitor.to_bytes()
    saved = model.unpack(data)
    assert (saved.image, saved.candidate, saved.good) == (monitor.image, monitor.candidate_image, monitor.good_image)
    assert data[4] == 2
    plain = Monitor(make_recipe())
    assert plain.to_bytes()[4] == 1
    assert model.unpack(plain.to_bytes()).good == b""
    for at in range(0, len(data), 97):
        damaged = data[:at] + bytes([data[at] ^ 8]) + data[at + 1 :]
        with pytest.raises(twinbit.ImageError):
            Monitor.from_bytes(damaged)
        assert inspection.look(damaged).problems
        assert inspection.look(data[:at]).problems


def test_a_damaged_candidate_leaves_the_monitor_as_it_was() -> None:
    monitor, frames = Monitor(looped("ask")), level_jump()
    monitor.run(frames[: CHANGE + 90])
    other = Monitor(monitor.recipe)
    other.run(frames[:100])
    before = other.image
    candidate = bytearray(monitor.candidate_image)
    candidate[200] ^= 1
    with pytest.raises(twinbit.DamagedImageError):
        other.load_image(monitor.image, candidate=bytes(candidate), good=monitor.good_image)
    assert other.image == before


def test_inspection_shows_the_loop() -> None:
    monitor, _ = after("ask", 600)
    findings = inspection.look(monitor.to_bytes())
    assert not findings.problems
    assert findings.state == "drifting"
    assert findings.loop == monitor.loop
    assert findings.health == monitor.health
    assert findings.events is not None
    assert findings.events.equals(monitor.events)
    assert inspection.look(Monitor(make_recipe()).to_bytes()).loop is None


def test_before_anything_has_happened() -> None:
    monitor = Monitor(looped("relearn"))
    assert (monitor.candidate_image, monitor.good_image) == (b"", b"")
    assert monitor.events.empty
    with pytest.raises(twinbit.StateError, match="rollback"):
        monitor.rollback()
    with pytest.raises(twinbit.StateError, match="not_a_fault: there is neither"):
        monitor.not_a_fault()
    with pytest.raises(twinbit.UnsupportedError):
        monitor.unlearn()
    for call in ("hold", "rollback", "fault"):
        with pytest.raises(twinbit.UnsupportedError, match=r"has no policy; make it with Recipe\.with_policy"):
            getattr(Monitor(make_recipe()), call)()
    with pytest.raises(twinbit.StateError, match="no channels"):
        Monitor("spectrum_relearn").hold()


def test_memory_is_told() -> None:
    plain, recipe = make_recipe().cost(), looped("relearn").cost()
    assert plain.attached == 0
    assert recipe.attached == 2 * (recipe.image + recipe.plan)
    assert looped("tell").cost().attached == recipe.attached // 2
    assert recipe.ram == recipe.image + recipe.scratch + recipe.plan + recipe.attached
    assert Monitor(looped("relearn")).cost() == recipe
