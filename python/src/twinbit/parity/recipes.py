"""The recipes of parity and budget runs, and the exported C that a runner is linked with."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from twinbit.recipe import Recipe
from twinbit.recipe_parts import (
    ELM,
    Arithmetic,
    Autoencoder,
    Bands,
    Bank,
    Boxes,
    Centre,
    Channel,
    Deviation,
    Distance,
    Envelope,
    Framer,
    Input,
    KMeans,
    Lags,
    Layer,
    Mahalanobis,
    Octaves,
    Scaler,
    Seasonal,
    Steady,
    Subspace,
    Tail,
    TimeFeatures,
    Univariate,
)
from twinbit.recipe_signal import STATISTICS

from .loop import LOOPS
from .row import Row
from .script import phases

ARITHMETICS: tuple[Arithmetic, ...] = get_args(Arithmetic)


DETECTORS: dict[str, Row] = {
    "kmeans": Row(KMeans(clusters=8), frames=10_000),
    "mahalanobis": Row(Mahalanobis(), frames=10_000),
    "autoencoder": Row(Autoencoder((Layer(8),)), channels=32),
    "autoencoder_deep": Row(
        Autoencoder(
            *((Layer(10, "relu"), Layer(4, "sigmoid"), Layer(6, "tanh"), Layer(8, "linear")), "tanh"),
            *(7, 0.2, 100, 0.02),
            momentum=0.5,
            decay=1e-4,
            patience=200,
        )
    ),
    "elm": Row(ELM(units=16)),
    "elm_forgetting": Row(ELM(units=12, activation="relu", gain=1, forget=100)),
    "subspace": Row(Subspace(components=4)),
    "subspace_window": Row(Subspace(components=3, amnesic=2.0, window=60)),
    "bank_autoencoder": Row(Bank(Autoencoder((Layer(3, "sigmoid"),)), modes=3)),
    "bank_elm": Row(Bank(ELM(units=4), modes=3)),
    "bank_subspace": Row(Bank(Subspace(components=2), modes=3)),
    "bands_envelope": Row(
        Distance(modes=2, rate=0.02, few=1),
        *(2, 900, Centre()),
        {
            "framer": Framer(80, 8, "line", gap=9.0),  # transforms of 80 and 72 samples: radix 2, 3, 4 and 5
            "extractors": (
                Bands(5, size=72, hop=4, taper="blackman", shape=True, level=True),
                Envelope(0.1, 0.4, bands=Bands(4, "linear", fused=True)),
            ),
        },
    ),
    "time_boxes": Row(
        Boxes(boxes=8),
        *(2, 900, None),
        {"framer": Framer(32, 8), "extractors": (TimeFeatures(STATISTICS),), "tail": Tail(forget=64)},
    ),
    "octaves_lags": Row(
        Distance(modes=2, kind="shared", few=4),
        *(8, 1000, Scaler()),
        {"transforms": (Octaves(2), Lags(2, 3, lagged=True))},
    ),
    "deviation": Row(Deviation(settle=5), 8, 2500, None),
    "seasonal": Row(
        Seasonal(bins=4, level=50, bin=20, spread=200, average=5),
        *(8, 1000, None),
        {"tail": Tail(), "decision": Steady(threshold=4.0, hold=9, raised=0.5, decay=50, smoothing=1.0)},
    ),
    "univariate": Row(
        Univariate(bins=4, boxes=8, level=50, bin=20, spread=200, slow=30, forget=256),
        *(1, 1000, None),
        {"decision": Steady(threshold=5.0, hold=20, raised=0.5, decay=100, smoothing=1.0)},
    ),
    **LOOPS,
}
"""Sized so that two images, scratch and plan fit into 10 KB of the 16 KB of a Cortex-M0."""


def make_recipe(arithmetic: Arithmetic, detector: str, channels: tuple[Channel, ...], frames: int) -> Recipe:
    """The row's recipe for a recording of so many frames. Missing values are held."""
    row = DETECTORS[detector]
    whole = row.framer.frames(frames) if row.framer else frames
    clock = isinstance(row.detector, (Seasonal, Univariate))
    more = {**row.more, "decision": row.decision(*phases(whole))}
    return Recipe(row.detector, Input(channels, "hold", clock), row.scaler, arithmetic=arithmetic, **more)


def exported(recipe: Recipe, folder: Path) -> Path:
    """Writes the recipe as `twinbit export` does, with the name that the runner looks for; returns the C file."""
    from twinbit.export import render  # here, since twinbit.export imports this package

    folder.mkdir(parents=True, exist_ok=True)
    for name, text in render(recipe, "runner").items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "runner.c"
