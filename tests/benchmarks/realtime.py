"""Raw samples on microcontrollers: what recipes cost there, and whether machines keep up with their sensors.

    python tests/benchmarks/realtime.py            # a table; --require fails where a machine is too slow or too small

On a Cortex-M4F the shipped `vibration` recipe: 3 axes at 3,200 Hz, windows of 1,024 samples, half of each shared with
the one before, spectra, the distance to the nearest of 8 modes; and the same with a bank of 4 subspaces. On a
Cortex-M0 with 16 KB of RAM time features and k-means. Counts under QEMU are of executed instructions, not cycles;
`busy` takes 1.5 cycles for each at the machine's clock.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from twinbit.parity.build import default_build_dir
from twinbit.parity.cost import FrameCost, frame_cost
from twinbit.recipe import Recipe
from twinbit.recipe_detectors import Bank, KMeans, Subspace
from twinbit.recipe_parts import Arithmetic, Decision, Framer, Scaler, TimeFeatures

AXES = 3
LEARN = 60
"""Frames. What a frame costs hardly depends on how many were learned."""
CYCLES = 1.5
"""For an instruction."""


@dataclass(frozen=True)
class Machine:
    """A target: its name in embedded/targets, a common clock in Hz, and its RAM in bytes."""

    name: str
    clock: float
    ram: int


M4F = Machine("cortex-m4f", 100e6, 128 * 1024)
M0 = Machine("cortex-m0", 16e6, 16 * 1024)


def vibration(arithmetic: Arithmetic) -> Recipe:
    """As it ships, at 3,200 Hz."""
    recipe = replace(Recipe.load("vibration"), arithmetic=arithmetic)
    return recipe.at_rate(3200.0)


def with_bank(arithmetic: Arithmetic) -> Recipe:
    """The same signal before a bank of four subspaces."""
    return replace(vibration(arithmetic), detector=Bank(Subspace(components=4), modes=4))


def time_features(arithmetic: Arithmetic) -> Recipe:
    """Six figures an axis, no spectrum."""
    return Recipe(
        KMeans(clusters=4),
        scaler=Scaler(),
        decision=Decision(margin=0.5),
        arithmetic=arithmetic,
        framer=Framer(window=256, hop=128, rate=400.0),
        extractors=(TimeFeatures(("rms", "peak", "crest", "kurtosis", "skewness", "crossings")),),
    )


CONTESTS = (
    ("vibration", M4F, vibration("q15")),
    ("vibration", M4F, vibration("f32")),
    ("vibration, bank", M4F, with_bank("q15")),
    ("vibration, bank", M4F, with_bank("f32")),
    ("time features", M0, time_features("q15")),
)


def samples(recipe: Recipe) -> npt.NDArray[np.float32]:
    """A shaft with two harmonics and noise, in g, on each axis: LEARN frames and some more."""
    framer = recipe.framer
    assert framer is not None
    count = framer.window + framer.hop * (LEARN + 20)
    time = np.arange(count) / framer.frequency
    noise = np.random.default_rng(11).normal(0.0, 0.05, (count, AXES))
    waves = [np.sin(2 * np.pi * order * 24.7 * time)[:, None] / order for order in (1, 2, 3)]
    return (sum(waves) + noise).astype(np.float32)


@dataclass(frozen=True)
class Outcome:
    """What a recipe costs on a machine, and what there is."""

    name: str
    recipe: Recipe
    machine: Machine
    cost: FrameCost

    @property
    def rate(self) -> float:
        """Samples a second."""
        return self.recipe.framer.frequency if self.recipe.framer else 0.0

    @property
    def instructions(self) -> float:
        """A second."""
        return self.cost.per_second(self.rate)

    @property
    def busy(self) -> float:
        """The share of the machine's time that it takes."""
        return self.instructions * CYCLES / self.machine.clock

    @property
    def memory(self) -> int:
        """RAM with the stack, bytes."""
        return self.cost.ram + self.cost.stack

    def problems(self) -> Iterator[str]:
        """Why the machine will not do."""
        if self.busy > 1:
            yield f"{self.name} {self.recipe.arithmetic} on {self.machine.name}: {self.busy:.0%} of the machine's time"
        if self.memory > self.machine.ram:
            yield f"{self.name} {self.recipe.arithmetic} on {self.machine.name}: {self.memory} of {self.machine.ram} B"


def measure(build_dir: Path) -> Iterator[Outcome]:
    """Every contest whose tools are here."""
    for name, machine, unfitted in CONTESTS:
        signal = samples(unfitted)
        recipe = unfitted.fit(signal, LEARN)
        cost = frame_cost(recipe, signal, machine.name, build_dir)
        if cost is not None:
            yield Outcome(name, recipe, machine, cost)


def table(outcomes: list[Outcome]) -> str:
    """Markdown."""
    head = ("recipe", "on", "samples/s", "a frame", "a sample", "a second", "busy", "flash", "image", "RAM", "stack")
    lines = ["| " + " | ".join(head) + " |", "| --- | --- |" + " ---: |" * (len(head) - 2)]
    for it in outcomes:
        cost = it.cost
        cells = [
            f"{it.name} {it.recipe.arithmetic}",
            f"{it.machine.name}, {it.machine.clock / 1e6:.0f} MHz",
            f"{it.rate:,.0f}",
            *(f"{number:,}" for number in (cost.instructions, cost.per_sample, round(it.instructions))),
            f"{it.busy:.0%}",
            *(f"{number:,}" for number in (cost.flash, cost.image, cost.ram, cost.stack)),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--require", action="store_true", help="fail where a machine is too slow or too small")
    parser.add_argument("--build", type=Path, default=default_build_dir(), help="folder for objects")
    arguments = parser.parse_args()
    outcomes = list(measure(arguments.build))
    print(table(outcomes))
    problems = [problem for outcome in outcomes for problem in outcome.problems()]
    if len(outcomes) < len(CONTESTS):
        problems.append("a toolchain or QEMU is missing")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems and arguments.require else 0


if __name__ == "__main__":
    sys.exit(main())
