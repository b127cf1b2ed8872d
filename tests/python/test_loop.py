"""The closed loop: what each policy does when normal moves, what an operator says, what it tells of itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import twinbit
from conftest import ARITHMETICS
from loop_data import CHANGE, PERSIST, after, level_jump, looped, said
from twinbit import Monitor, Recipe
from twinbit.recipe_parts import Arithmetic, PageHinkley

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


def test_what_an_operator_says_too_early_or_under_a_hold() -> None:
    monitor = Monitor(looped("relearn"))
    monitor.run(level_jump()[:100])
    with pytest.raises(twinbit.StateError, match=r"rollback: .* there is no good model: one is kept when calibration"):
        monitor.rollback()
    monitor.run(level_jump()[100:CHANGE])
    for name, say in (("not_a_fault", monitor.not_a_fault), ("fault", monitor.fault)):
        with pytest.raises(twinbit.StateError, match=f"^{name}: there is neither an alarm nor a drift") as caught:
            say()
        assert caught.value.name == "TB_ERR_STATE"
    monitor.run(level_jump()[CHANGE : CHANGE + PERSIST])
    with pytest.raises(twinbit.StateError, match=r"not_a_fault: the hold is set, .* call release"):
        monitor.hold().not_a_fault()
    assert monitor.release().not_a_fault().state != "drifting"


def test_what_a_policy_does_not_keep() -> None:
    monitor = Monitor(looped("relearn", health=0))
    monitor.run(level_jump()[:300])
    with pytest.raises(twinbit.UnsupportedError, match=r"unlearn: the policy keeps no blocks; with_policy\('adapt'"):
        monitor.unlearn()
    with pytest.raises(twinbit.UnsupportedError, match="keeps no trend; with_policy"):
        _ = monitor.health
    adapting = Monitor(looped("adapt", "mahalanobis", block=25, blocks=3))
    adapting.run(level_jump(300, by=0.0))
    kept = adapting.loop.blocks
    assert kept > 1
    for blocks in (0, kept + 1):
        with pytest.raises(twinbit.RangeError, match=rf"blocks = {blocks}, and {kept} are kept now; use 1 to {kept}"):
            adapting.unlearn(blocks)
    forgetful = Monitor(looped("tell", "autoencoder"))
    forgetful.run(level_jump(300, by=0.0))
    with pytest.raises(twinbit.UnsupportedError, match="forget by themselves"):
        forgetful.forget()


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
