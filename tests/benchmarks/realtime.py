"""Raw samples on microcontrollers: what recipes cost on them, and whether they keep up with their sensors.

    python tests/benchmarks/realtime.py            # prints a table; --require fails where a machine is too slow or too small

Vibration on a Cortex-M4F: 3 axes at 3,200 Hz, windows of 1,024 samples of which each shares half with the one before, spectra and time
features, a bank of subspaces. Vibration without a spectrum on a Cortex-M0 that has 16 KB of RAM: time features, k-means. Instructions are
executed ones, counted under QEMU, not cycles: a Cortex-M4 takes about 1.3 cycles for each. Flash is the whole firmware's, startup
and the C library included; RAM is everything but the stack.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from twinbit.parity.build import default_build_dir
from twinbit.parity.cost import FrameCost, frame_cost
from twinbit.recipe import Recipe
from twinbit.recipe_detectors import Bank, KMeans, Subspace
from twinbit.recipe_parts import Arithmetic, Bands, Centre, Decision, Framer, Scaler, TimeFeatures

RATE = 3200.0
AXES = ("x", "y", "z")
LEARN = 40
"""Frames: enough for each part to have begun; cost does not depend on more."""


@dataclass(frozen=True)
class Contest:
    """A recipe on a machine.

    Attributes:
        name: for the table.
        target: of embedded/targets.
        recipe: unfitted.
        clock: instructions a second that the machine can spare: half of a common clock at 1.3 cycles each.
        ram: bytes of the machine.
    """

    name: str
    target: str
    recipe: Recipe
    clock: float
    ram: int


def vibration(arithmetic: Arithmetic) -> Recipe:
    """Spectra and time features into a bank."""
    return Recipe(
        Bank(Subspace(components=4), modes=4),
        scaler=Centre(),
        decision=Decision(margin=0.5),
        arithmetic=arithmetic,
        framer=Framer(window=1024, hop=512, rate=RATE),
        extractors=(Bands(bands=16), TimeFeatures(("rms", "kurtosis"))),
    )


def time_features(arithmetic: Arithmetic) -> Recipe:
    """No spectrum: six numbers an axis."""
    return Recipe(
        KMeans(clusters=4),
        scaler=Scaler(),
        decision=Decision(margin=0.5),
        arithmetic=arithmetic,
        framer=Framer(window=256, hop=128, rate=800.0),
        extractors=(TimeFeatures(("rms", "peak", "crest", "kurtosis", "skewness", "crossings")),),
    )
