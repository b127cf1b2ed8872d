"""Same frames, same bytes: however they are split, wherever the image was saved, copied or pickled in between."""

from __future__ import annotations

import copy
import itertools
import pickle

import numpy as np
import pytest
import twinbit
from conftest import ARITHMETICS, DETECTORS, make_frames, make_recipe
from hypothesis import given, settings
from hypothesis import strategies as st
from twinbit import Monitor

FRAMES = make_frames()
TIMES = np.random.default_rng(1).uniform(0, 3, len(FRAMES))
cuts = st.lists(st.integers(0, len(FRAMES)), max_size=5).map(sorted)
kinds = st.tuples(st.sampled_from(list(DETECTORS)), st.sampled_from(ARITHMETICS))


def whole(kind: tuple) -> tuple[bytes, bytes]:
    monitor = Monitor(make_recipe(*kind))
    results = monitor.step(FRAMES, dt=TIMES)
    return results.tobytes(), monitor.image


WHOLE = {(d, a): whole((d, a)) for d in DETECTORS for a in ARITHMETICS}


def parts(at: list[int]) -> list[slice]:
    edges = [0, *at, len(FRAMES)]
    return [slice(a, b) for a, b in itertools.pairwise(edges)]


@settings(max_examples=60, deadline=None)
@given(kind=kinds, at=cuts)
def test_split_batches(kind: tuple, at: list[int]) -> None:
    monitor = Monitor(make_recipe(*kind))
    results = b"".join(monitor.step(FRAMES[part], dt=TIMES[part]).tobytes() for part in parts(at))
    assert (results, monitor.image) == WHOLE[kind]


@settings(max_examples=60, deadline=None)
@given(kind=kinds, at=cuts, way=st.sampled_from(["image", "bytes", "pickle", "copy", "raw"]))
def test_saved_and_restored_at_any_frame(kind: tuple, at: list[int], way: str) -> None:
    monitor, results = Monitor(make_recipe(*kind)), b""
    for part in parts(at):
        results += monitor.step(FRAMES[part], dt=TIMES[part]).tobytes()
        monitor = elsewhere(monitor, way)
    assert (results, monitor.image) == WHOLE[kind]


def elsewhere(monitor: Monitor, way: str) -> Monitor:
    if way == "image":
        return Monitor(monitor.recipe).load_image(monitor.image)
    if way == "raw":
        return Monitor(monitor.recipe).load_image(monitor._ready().raw(), raw=True)
    if way == "bytes":
        return Monitor.from_bytes(monitor.to_bytes())
    return pickle.loads(pickle.dumps(monitor)) if way == "pickle" else copy.deepcopy(monitor)


@settings(max_examples=20, deadline=None)
@given(kind=kinds)
def test_one_frame_at_a_time(kind: tuple) -> None:
    monitor, twin = Monitor(make_recipe(*kind)), Monitor(make_recipe(*kind))
    forms = (lambda x: x, lambda x: x.tolist(), lambda x: tuple(x.tolist()), lambda x: x.astype(float))
    for i, frame in enumerate(FRAMES):
        assert bytes(monitor.step_one(forms[i % 4](frame))) == twin.step(FRAMES[i : i + 1]).tobytes()
    assert monitor.image == twin.image


def test_array_layout_does_not_matter() -> None:
    images = set()
    wide = np.repeat(FRAMES, 2, axis=1)
    for given_ in (FRAMES, np.asfortranarray(FRAMES), FRAMES.astype(np.float64), wide[:, ::2], FRAMES.tolist()):
        monitor = Monitor(make_recipe())
        monitor.step(given_)
        images.add(monitor.image)
    assert len(images) == 1


def test_frames_decide_the_bytes() -> None:
    monitor, other = Monitor(make_recipe()), Monitor(make_recipe())
    changed = FRAMES.copy()
    changed[17, 1] += 0.5
    monitor.step(FRAMES), other.step(changed)
    assert monitor.image != other.image


def test_scoring_and_explaining_move_nothing() -> None:
    for kind in WHOLE:
        monitor = Monitor(make_recipe(*kind))
        monitor.step(FRAMES)
        before = monitor._ready().raw()
        monitor.score(FRAMES), monitor.explain(FRAMES), monitor.score_one(FRAMES[0])
        assert monitor._ready().raw() == before


def test_a_failing_batch_changes_nothing() -> None:
    bad = FRAMES.copy()
    bad[300, 1] = np.nan
    for kind in WHOLE:
        monitor = Monitor(make_recipe(*kind))
        monitor.step(FRAMES[:250])
        before = monitor._ready().raw()
        for call in (monitor.step, monitor.learn):
            with pytest.raises(twinbit.NotFiniteError, match="frame 50, channel 1"):
                call(bad[250:])
            assert monitor._ready().raw() == before
        rest = monitor.step(FRAMES[250:], dt=TIMES[250:])
        assert len(rest) == 150
