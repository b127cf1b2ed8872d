"""Recipes of every kind, for property tests."""

from __future__ import annotations

from hypothesis import strategies as st
from twinbit import Channel, Decision, Input, Recipe, Scaler
from twinbit.recipe_parts import (
    ELM,
    KS,
    Adwin,
    Autoencoder,
    Bank,
    CentroidDrift,
    KMeans,
    Layer,
    Mahalanobis,
    PageHinkley,
    Policy,
    Subspace,
)

names = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=8)
channels = st.builds(
    Channel, names, st.integers(-(2**31), 2**31 - 1), st.integers(-24, 8), st.integers(-24, 24)
)  # fmt: skip
inputs = st.builds(
    Input,
    st.lists(channels, min_size=1, max_size=4).map(tuple),
    st.sampled_from(["refuse", "hold", "skip"]),
    st.booleans(),
)
activations = st.sampled_from(["linear", "tanh", "sigmoid", "relu"])
seeds = st.integers(0, 2**32 - 1)
autoencoders = st.builds(
    Autoencoder,
    st.lists(st.builds(Layer, st.integers(1, 40), activations), min_size=1, max_size=5).map(tuple),
    output=activations,
    seed=seeds,
    rate=st.floats(2.0**-31, 0.5),
    halving=st.integers(0, 2**31 - 1),
    least_rate=st.floats(0, 0.5),
    momentum=st.none() | st.floats(0, 0.99),
    decay=st.floats(0, 0.1),
    patience=st.integers(0, 2**31 - 1),
    improvement=st.floats(0, 24),
)
elms = st.integers(1, 80).flatmap(
    lambda units: st.builds(
        ELM,
        st.just(units),
        activations,
        gain=st.integers(-8, 8),
        seed=seeds,
        ridge=st.floats(2.0**-16, 32767),
        forget=st.just(0) | st.integers(2, 65536),
        kept=st.sets(st.integers(0, units - 1), max_size=units - 1).map(sorted).map(tuple),
    )
)
subspaces = st.builds(Subspace, st.just(1), st.floats(0, 4), st.just(0) | st.integers(2, 65536))
detectors = st.one_of(
    st.builds(KMeans, st.integers(1, 256), st.integers(0, 65536), st.booleans()),
    st.builds(Mahalanobis, st.floats(0, 1)),
    autoencoders,
    elms,
    subspaces,
    st.builds(Bank, st.one_of(autoencoders, elms, subspaces), st.integers(1, 16), st.integers(1, 65536)),
)
decisions = st.builds(
    lambda n, **rest: Decision(n=n[1], k=n[0], **rest),
    n=st.integers(1, 32).flatmap(lambda n: st.tuples(st.integers(1, n), st.just(n))),
    scaling=st.integers(0, 32768),
    learning=st.integers(1, 2**31 - 1),
    calibrating=st.integers(10, 65535),
    smoothing=st.floats(2.0**-31, 1),
    false_alarm_rate=st.floats(2.0**-31, 0.5 - 2.0**-31),
    margin=st.floats(0, 24),
    hysteresis=st.floats(0, 24),
    hold=st.floats(0, 2e6),
    gap=st.floats(0, 2e6),
)
shares = st.floats(2.0**-31, 1.0)
drift_parts = st.one_of(
    st.builds(
        PageHinkley,
        threshold=st.floats(0, 30000),
        delta=st.floats(0, 100),
        alpha=shares,
        min_instances=st.integers(1, 2**29),
        mode=st.sampled_from(["both", "up", "down"]),
    ),
    st.builds(
        Adwin,
        rows=st.integers(1, 15),
        max_buckets=st.integers(2, 8),
        delta=shares,
        clock=st.integers(1, 1000000),
        min_window_length=st.integers(1, 1000000),
        grace_period=st.integers(0, 1000000),
        reset=st.booleans(),
    ),
    st.builds(KS, window_size=st.integers(101, 1024), stat_size=st.integers(1, 100), alpha=shares),
    st.builds(
        CentroidDrift,
        modes=st.integers(1, 32),
        windows=st.just(2),
        window=st.integers(2, 4096),
        learning=st.just(0) | st.integers(2, 65536),
        calibrating=st.integers(2, 65536),
        rate=shares,
        margin=st.floats(0, 16),
        seed=st.integers(-(2**31), 2**31 - 1),
    ),
)
loop_words = {
    "persist": st.integers(2, 2**20),
    "share": st.floats(0, 1),
    "tolerance": st.floats(0, 24),
    "block": st.integers(1, 65535),
    "forget": st.integers(0, 2**20),
    "budget": st.floats(0, 24),
    "creep": st.integers(1, 2**20),
    "health": st.just(0) | st.integers(32, 2**28 - 1),
    "events": st.integers(0, 256),
}
loops = st.one_of(
    st.just((None, ())),
    st.tuples(
        st.builds(Policy, kind=st.sampled_from(["freeze", "relearn", "ask"]), **loop_words),
        st.lists(drift_parts, min_size=1, max_size=4).map(tuple),
    ),
    st.tuples(
        st.builds(Policy, kind=st.just("adapt"), blocks=st.integers(0, 2), **loop_words),
        st.lists(drift_parts, max_size=2).map(tuple),
    ),
)
recipes = st.builds(
    lambda *parts, loop: Recipe(*parts, policy=loop[0], drifts=loop[1]),
    *(detectors, inputs, st.none() | st.just(Scaler()), decisions, st.sampled_from(["f32", "q15", "q31"]), names),
    st.none() | st.floats(0.001, 1e6),
    loop=loops,
)
