"""The closed loop: what each policy does when normal moves, what an operator says, and restarts that change nothing."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import twinbit
from conftest import ARITHMETICS, make_recipe
from twinbit import Monitor, Recipe, drift, inspection, model
from twinbit.recipe_parts import KS, Adwin, Arithmetic, Decision, PageHinkley

CHANGE, PERSIST = 400, 60
TOLD = PageHinkley(mode="up", threshold=6.0, delta=0.5, min_instances=10)


def level_jump(frames: int = 1200, by: float = 8.0, change: int = CHANGE, seed: int = 0) -> np.ndarray:
    """Noise whose mean jumps for good."""
    values = np.random.default_rng(seed).normal(size=(frames, 3))
    values[change:] += by
    return values.astype(np.float32)


def looped(kind: Any, detector: str = "kmeans", arithmetic: Arithmetic = "q15", **words: Any) -> Recipe:
    """A recipe that learns in 200 frames, with a policy."""
    decision = Decision(40, 110, 50, smoothing=0.3, margin=0.5, k=2, n=3, hysteresis=0.1)
    recipe = replace(make_recipe(detector, arithmetic), decision=decision, input=twinbit.Input()).fit(
        level_jump()[:200]
    )
    return recipe.with_policy(kind, drift=TOLD, **{"persist": PERSIST, "health": 64, "events": 200, **words})


def after(kind: Any, frames: int = 1200, **words: Any) -> tuple[Monitor, pd.DataFrame]:
    monitor = Monitor(looped(kind, **words))
    return monitor, monitor.run(level_jump(frames))


def said(monitor: Monitor) -> list[str]:
    return [str(event) for event in monitor.events.event if event not in ("state", "health", "alarm")]


# ---- what each policy does


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
def test_a_level_jump_is_learned_under_relearn_and_never_under_freeze(arithmetic: Arithmetic) -> None:
    monitor, table = after("relearn", arithmetic=arithmetic)
    told, taken = table.index[table.drift], table.index[table.taken]
    assert len(told) == len(taken) == 1
    assert CHANGE <= told[0] <= CHANGE + 20
    assert taken[0] == told[0] + PERSIST
    assert table.state[told[0] : taken[0] - 1].eq("drifting").all()
    assert table.alarm[told[0] + 1 : taken[0] - 1].all()  # the model in charge goes on
    assert monitor.state == "monitoring"
    assert not table.alarm[-400:].any()
    assert (monitor.score(level_jump()[-100:]) < table.threshold.iloc[-1]).mean() > 0.9

    frozen, table = after("freeze", arithmetic=arithmetic)
    assert frozen.state == "drifting"
    assert table.alarm[CHANGE + 10 :].all()
    assert not table.taken.any()
    assert frozen.score(level_jump()[-100:]).min() > table.threshold.iloc[-1]


def test_tell_only_tells() -> None:
    monitor, table = after("tell")
    told = int(table.index[table.drift][0])
    assert CHANGE <= told <= CHANGE + 20
    assert monitor.state == "monitoring"
    assert said(monitor)[0] == "drift"
    silent = Monitor(replace(looped("tell"), policy=None, drifts=())).run(level_jump())
    kept = [name for name in silent if name != "state"]
    pd.testing.assert_frame_equal(table[kept], silent[kept])
    assert list(silent.state.cat.categories) == ["scaling", "learning", "calibrating", "monitoring"]
    assert list(table.columns[-3:]) == ["drift", "ask", "taken"]


def test_ask_waits_for_the_operator() -> None:
    monitor, table = after("ask")
    asked = table.index[table.ask]
    assert asked[0] == table.index[table.drift][0] + PERSIST
    assert table.ask[asked[0] :].all()
    assert not table.taken.any()
    assert monitor.loop.asked
    assert monitor.candidate_state == "monitoring"
    monitor.not_a_fault()
    assert monitor.state == "monitoring"
    assert monitor.candidate_state is None
    assert not monitor.run(level_jump()[-200:]).alarm.any()
    assert said(monitor) == ["drift", "candidate", "asked", "feedback", "taken"]


def test_a_fault_is_not_learned() -> None:
    monitor, _ = after("ask")
    monitor.fault()
    assert monitor.loop.muted
    assert monitor.candidate_image == b""
    table = monitor.run(level_jump()[-300:])
    assert table.alarm.all()
    assert not table.drift.any()
    monitor.run(level_jump(900, by=0.0))  # calm again
    assert not monitor.loop.muted
    assert monitor.run(level_jump()[-300:]).drift.sum() == 1


def test_a_growing_fault_is_not_taken_for_normal() -> None:
    frames = level_jump(600, by=0.0)
    frames[CHANGE:] += np.geomspace(1.5, 8, len(frames) - CHANGE)[:, None].astype(np.float32)
    table = Monitor(looped("relearn", tolerance=0.25)).run(frames)
    assert table.drift.any()
    assert not table.taken.any()
    assert table.alarm[-100:].all()
    assert Monitor(looped("relearn", tolerance=2.0)).run(frames).taken.any()


def test_what_passes_is_over() -> None:
    frames = level_jump(by=0.0)
    frames[CHANGE : CHANGE + 25] += 8
    monitor = Monitor(looped("relearn"))
    table = monitor.run(frames)
    assert said(monitor) == ["drift", "candidate", "passed"]
    assert not table.taken.any()
    assert monitor.state == "monitoring"


# ---- protection


def test_hold_stops_the_take_over() -> None:
    monitor = Monitor(looped("relearn"))
    monitor.run(level_jump()[:CHANGE])
    monitor.hold()
    assert monitor.held
    table = monitor.run(level_jump()[CHANGE:])
    assert table.drift.any()
    assert not table.taken.any()
    monitor.release()
    assert not monitor.held
    assert monitor.run(level_jump()[-300:]).taken.any()


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
def test_rollback_is_the_model_before(arithmetic: Arithmetic) -> None:
    monitor = Monitor(looped("relearn", arithmetic=arithmetic))
    monitor.run(level_jump()[:CHANGE])
    before = monitor.score(level_jump()[:CHANGE])
    monitor.run(level_jump()[CHANGE:])
    assert monitor.score(level_jump()[:CHANGE]).min() > before.max()
    monitor.rollback()
    pd.testing.assert_series_equal(monitor.score(level_jump()[:CHANGE]), before)
    assert monitor.held
    assert monitor.state == "monitoring"
    assert said(monitor)[-1] == "rolled back"
    table = monitor.run(level_jump()[-300:])
    assert table.alarm[10:].all()
    assert not table.taken.any()


def creeping(frames: int = 6000, to: float = 6.0) -> np.ndarray:
    """Noise whose mean creeps away, slowly."""
    values = np.random.default_rng(1).normal(size=(frames, 3))
    values[1000:] += np.linspace(0, to, frames - 1000)[:, None]
    return values.astype(np.float32)


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
def test_a_budget_bounds_what_adapt_follows(arithmetic: Arithmetic) -> None:
    quiet = PageHinkley(mode="up", threshold=1000.0, delta=1.0)
    words: dict[str, Any] = {"block": 30, "forget": 100, "creep": 100}
    free = Monitor(replace(looped("adapt", "mahalanobis", arithmetic, budget=0.0, **words), drifts=(quiet,)))
    table = free.run(creeping())
    assert free.state == "monitoring"
    assert table.alarm[-1000:].mean() < 0.5  # the fault has been learned
    bound = Monitor(replace(looped("adapt", "mahalanobis", arithmetic, budget=0.5, **words), drifts=(quiet,)))
    table = bound.run(creeping())
    assert bound.state == "drifting"
    assert "budget" in said(bound)
    assert table.alarm[-1000:].all()
    assert bound.loop.creep > 0.5


def test_unlearn_takes_blocks_out() -> None:
    recipe = looped("adapt", "mahalanobis", block=25, blocks=3)
    assert Recipe.from_bytes(recipe.to_bytes()).policy == recipe.policy
    monitor, frames = Monitor(recipe), level_jump(by=0.0)
    probe, models = frames[:50], []
    for at in range(0, 600, 5):
        monitor.run(frames[at : at + 5])
        if monitor.state == "monitoring":
            scores = monitor.score(probe).tolist()
            if not models or models[-1] != scores:
                models.append(scores)
    assert len(models) > 5
    assert monitor.loop.blocks == 3
    monitor.unlearn()
    assert monitor.score(probe).tolist() == models[-2]
    monitor.unlearn(2)
    assert monitor.score(probe).tolist() == models[-4]
    with pytest.raises(twinbit.RangeError, match=r"blocks = 1, and 0 are kept"):
        monitor.unlearn()
    assert said(monitor)[-1] == "unlearned"


def test_forget_halves_what_is_known() -> None:
    first, second = level_jump(300, by=0.0), level_jump(100, by=0.0, seed=1) + 3
    monitor, twin = (Monitor(looped("tell", "mahalanobis")) for _ in range(2))
    for one in (monitor, twin):
        one.run(first)
    near = monitor.score(second).mean()
    monitor.forget().learn(second)
    twin.learn(second)
    assert monitor.score(second).mean() < twin.score(second).mean() < near


# ---- what it tells of itself


def test_events_and_health() -> None:
    monitor, table = after("relearn", 700)
    events = monitor.events
    assert list(events.columns) == ["frame", "event", "detail", "state", "smoothed", "threshold", "slope"]
    drift = events[events.event == "drift"].iloc[0]
    assert drift.frame == table.index[table.drift][0]
    assert drift.detail == "PageHinkley"
    assert drift.state == "drifting"
    assert drift.smoothed == table.smoothed[drift.frame]
    assert events.attrs["lost"] == 0
    assert np.isfinite(events.slope[events.event == "health"]).all()
    few = after("relearn", 700, events=4)[0].events
    assert len(few) == 4
    assert few.attrs["lost"] == len(events) - 4
    pd.testing.assert_frame_equal(few, events.tail(4).reset_index(drop=True))


def test_health_says_when_the_threshold_is_reached() -> None:
    frames = level_jump(1200, by=0.0)
    monitor = Monitor(replace(looped("tell", "mahalanobis", health=512), period=60.0))
    monitor.run(frames[:200])
    assert monitor.health.frames == 0
    assert monitor.health.to_threshold is None
    monitor.run(frames[200:] * (1 + np.arange(1000) / 1500)[:, None].astype(np.float32))
    health = monitor.health
    assert health.frames > 0
    assert health.slope_error is not None
    assert health.slope > 3 * health.slope_error > 0
    if health.to_threshold is not None:
        assert health.earliest is not None
        assert health.earliest <= health.to_threshold
        assert health.time_to_threshold == pd.Timedelta(minutes=health.to_threshold)
    assert replace(health, period=None).time_to_threshold is None


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
    with pytest.raises(twinbit.StateError, match="feedback"):
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


# ---- recipes


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[policy]\nkind = 'relearn'", "policy 'relearn' is never told of a drift"),
        ("[[drift]]\nkind = 'ks'", "drift detectors need a policy"),
        ("[policy]\nkind = 'hope'", "kind = 'hope' is not known; use tell, freeze, adapt, relearn or ask"),
        ("[policy]\nblocks = 2", "blocks are what adapt has learned"),
        ("[policy]\nevents = 300", "events = 300 is out of range"),
        ("[policy]\npersist_time = 60.0", "policy.persist_time needs period"),
        ("[policy]\n[[drift]]\nkind = 'luck'", r"drift\[0\].kind = 'luck' is not known"),
        ("[policy]\n[[drift]]\nkind = 'ks'\nunit = 8", "KS watches scores here"),
        ("[policy]\n[[drift]]\nkind = 'ks'\nstat_size = 400", "stat_size = 400 is out of range; use 1 to 299"),
        ("[policy]\n" + 5 * "[[drift]]\nkind = 'ks'\n", "number of drift detectors = 5 is out of range; use 0 to 4"),
        (
            "[policy]\n[[drift]]\nkind = 'page_hinkley'\nthreshold = 1e6",
            "1000000.0 is out of range for unit = 16; use 0 to 32768",
        ),
    ],
)
def test_recipes_that_do_not_fit(text: str, message: str) -> None:
    with pytest.raises(twinbit.RecipeError, match=message):
        Recipe.from_toml("[scaler]\n[kmeans]\n" + text)


def test_a_detector_by_itself_becomes_a_part() -> None:
    recipe = make_recipe().with_policy("ask", drift=[drift.PageHinkley(mode="up", threshold=9.0), KS()])
    assert recipe.drifts == (drift.PageHinkley(mode="up", threshold=9.0).part, KS())
    again = recipe.with_policy("freeze")
    assert again.drifts == recipe.drifts
    assert make_recipe().with_policy("relearn").drifts == (PageHinkley(),)
    assert make_recipe().with_policy("adapt").drifts == ()
    with pytest.raises(twinbit.RecipeError, match="KS watches scores here"):
        make_recipe().with_policy("tell", drift=drift.KS(unit=3))
    with pytest.raises(twinbit.RecipeError, match="int is no drift detector; use PageHinkley, "):
        make_recipe().with_policy("tell", drift=3)  # type: ignore[arg-type]


def test_times_become_frames() -> None:
    recipe = Recipe.from_toml(
        "period = 2.0\n[scaler]\n[kmeans]\n[policy]\nkind = 'ask'\npersist_time = 60.0\n"
        "[[drift]]\nkind = 'ks'\nwindow_size_time = 800.0\n[[drift]]\nkind = 'adwin'"
    )
    assert recipe.policy is not None
    assert recipe.policy.persist == 30
    assert recipe.drifts[0].window_size == 400  # type: ignore[union-attr]
    assert recipe.drifts[1] == Adwin()
    assert Recipe.from_toml(recipe.to_toml()) == recipe
