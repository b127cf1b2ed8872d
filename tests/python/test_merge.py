"""Merging and unmerging through Python, and policies that change."""

from __future__ import annotations

import copy
from dataclasses import replace

import numpy as np
import pytest
import twinbit
from conftest import make_frames, make_recipe
from twinbit import Monitor

FRAMES = make_frames()[:300]


def epoch(detector: str, arithmetic: str) -> Monitor:
    monitor = Monitor(make_recipe(detector, arithmetic))  # type: ignore[arg-type]
    monitor.run(FRAMES[:200])
    return monitor.new_epoch()


@pytest.mark.parametrize("arithmetic", ["q15", "q31"])
@pytest.mark.parametrize("detector", ["kmeans", "mahalanobis"])
def test_order_does_not_matter(detector: str, arithmetic: str) -> None:
    start = epoch(detector, arithmetic)
    fleet = [copy.deepcopy(start).learn(FRAMES[i::3]) for i in range(3)]
    forth = copy.deepcopy(fleet[0]).merge(fleet[1]).merge(fleet[2])
    back = copy.deepcopy(fleet[0]).merge(fleet[2].image).merge(fleet[1].image)
    assert forth.image[36:] == back.image[36:]
    assert forth.state == "calibrating"


@pytest.mark.parametrize("arithmetic", ["q15", "q31"])
def test_mahalanobis_equals_the_union(arithmetic: str) -> None:
    start = epoch("mahalanobis", arithmetic)
    merged = copy.deepcopy(start).learn(FRAMES[::2]).merge(copy.deepcopy(start).learn(FRAMES[1::2]))
    union = copy.deepcopy(start).learn(FRAMES)
    np.testing.assert_array_equal(merged.score(FRAMES), union.score(FRAMES))


@pytest.mark.parametrize("detector", ["kmeans", "mahalanobis"])
def test_unmerge_gives_back(detector: str) -> None:
    start = epoch(detector, "q15")
    one, other = copy.deepcopy(start).learn(FRAMES[:150]), copy.deepcopy(start).learn(FRAMES[150:])
    before = one.score(FRAMES)
    one.merge(other)
    assert not before.equals(one.score(FRAMES))
    one.unmerge(other)
    assert before.equals(one.score(FRAMES))


def test_another_basis_is_refused() -> None:
    one, other = epoch("kmeans", "q15"), Monitor(make_recipe())
    other.run(FRAMES[::-1][:200])
    with pytest.raises(twinbit.MergeError, match=r"merge: .*bases.*new_epoch"):
        one.merge(other.new_epoch())
    with pytest.raises(twinbit.ImageError, match="another recipe"):
        one.merge(epoch("mahalanobis", "q15"))


def test_unmerge_of_what_was_never_in() -> None:
    start = epoch("kmeans", "q15")
    with pytest.raises(twinbit.RangeError, match="unmerge"):
        copy.deepcopy(start).unmerge(copy.deepcopy(start).learn(FRAMES))


def test_policy_may_change() -> None:
    old = Monitor(make_recipe())
    old.run(FRAMES)
    recipe = replace(old.recipe, decision=replace(old.recipe.decision, margin=2.0))
    with pytest.raises(twinbit.ImageError, match="set_policy"):
        Monitor(recipe).load_image(old.image)
    new = Monitor(recipe).set_policy(old.image)
    step = new.run(FRAMES[:1]).threshold.iloc[0] - old.run(FRAMES[:1]).threshold.iloc[0]
    assert step == pytest.approx(1.75, abs=1e-4)
