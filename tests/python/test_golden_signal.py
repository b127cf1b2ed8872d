"""Golden images of recipes of samples and of slow data: see tests/golden/README.md, which says how they are written."""

from __future__ import annotations

import os
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from twinbit import NUMERICS_VERSION, Channel, Recipe, _core
from twinbit.parity.recipes import ARITHMETICS, DETECTORS, make_recipe

FOLDER = Path(__file__).parents[1] / "golden" / f"numerics-{NUMERICS_VERSION}"
NAMES = [name for name, row in DETECTORS.items() if (row.more or row.scaler is None) and not name.startswith("loop_")]
"""Loops have three images: unit/test_golden_loop.cpp has theirs."""
FRAMES = 900
WRITES = "TWINBIT_WRITE_GOLDEN" in os.environ


def made_input(channels: int) -> np.ndarray:
    """Two operating points with noise and, from three quarters on, a fault: integers only, the same everywhere."""
    state, values = 2024, np.empty((FRAMES, channels), dtype=np.int16)
    for i in range(FRAMES * channels):
        state = (state * 1664525 + 1013904223) % 2**32
        t, channel = divmod(i, channels)
        level = 2000 if t // 90 % 2 == 0 else 1000 + 100 * channel
        values[t, channel] = level + (state >> 23) + (3000 * (t % 3) if t >= FRAMES * 3 // 4 else 0)
    return values


def recipe_of(name: str, arithmetic: Any) -> Recipe:
    row = DETECTORS[name]
    offset = 0 if row.spectral else 5
    channels = tuple(Channel(f"x{i}", offset, 0 if row.framer else 4, 10) for i in range(row.channels))
    return make_recipe(arithmetic, name, channels, FRAMES)


def replay(recipe: Recipe) -> tuple[bytes, bytes]:
    """Results and sealed image after the input; a third of it as floats."""
    values, third = made_input(len(recipe.input.channels)), FRAMES // 3
    monitor = _core.Monitor(recipe.to_bytes())
    t = np.arange(FRAMES, dtype=np.uint64)
    dt, phase = (5 + t % 7).astype(np.uint32), (t * 191746817 % 2**32).astype(np.uint32)
    results = b""
    for part in (slice(third), slice(third, 2 * third), slice(2 * third, None)):
        given = values[part].astype(np.float32) / 1024 if part.start == third else values[part]
        results += monitor.step_many(given, dt[part], phase[part]).tobytes()
    return results, monitor.save()


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
@pytest.mark.parametrize("name", NAMES)
def test_replayed_input_gives_the_recorded_results_and_image(name: str, arithmetic: Any) -> None:
    recipe, path = recipe_of(name, arithmetic), FOLDER / f"{name}_{arithmetic}"
    results, image = replay(recipe)
    crc = f"{zlib.crc32(results):08x}\n".encode()
    if WRITES:
        for suffix, data in (("tbr", recipe.to_bytes()), ("image", image), ("crc", crc)):
            path.with_suffix(f".{suffix}").write_bytes(data)
    assert recipe.to_bytes() == path.with_suffix(".tbr").read_bytes()
    assert crc == path.with_suffix(".crc").read_bytes()
    assert image == path.with_suffix(".image").read_bytes()


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
@pytest.mark.parametrize("name", NAMES)
def test_recorded_images_load(name: str, arithmetic: Any) -> None:
    path = FOLDER / f"{name}_{arithmetic}"
    image, recipe = path.with_suffix(".image").read_bytes(), Recipe.from_bytes(path.with_suffix(".tbr").read_bytes())
    monitor = _core.Monitor(recipe.to_bytes())
    monitor.load(image)
    assert monitor.save() == image
    assert monitor.state == 3
    assert recipe.input == replace(recipe_of(name, arithmetic).input, channels=recipe.input.channels)
