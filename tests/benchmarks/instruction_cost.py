"""Instructions of an autoencoder's score and learning step on microcontrollers, counted under QEMU: a table.

    python tests/benchmarks/instruction_cost.py            # prints it and writes instruction_cost.md
    python tests/benchmarks/instruction_cost.py --require  # writes nothing, fails below an aim or with another table

Counts are of executed instructions (`-icount shift=6`), not cycles, at the level of embedded/targets (-Os), with sizes
known at run time only. They are the same on every machine that has the same compiler.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from twinbit.parity.build import Builder, compiler_version, default_build_dir
from twinbit.parity.targets import Target, embedded_target

HERE = Path(__file__).resolve().parent
TABLE = HERE / "instruction_cost.md"
LINE = re.compile(r"^instruction-cost (\w+) (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)$", re.MULTILINE)
TOLERANCE = 0.02
"""How far counts may be from the written table: a change of compiler shows."""


def as_cortex_m0() -> Target:
    """Code for a Cortex-M0 on a Cortex-M3 with memory enough for 128-16-128; it executes the same instructions."""
    m0 = embedded_target("cortex-m0")
    return replace(embedded_target("cortex-m3"), name="cortex-m3+cortex-m0", flags=m0.flags, optimise=m0.optimise)


TARGETS = {
    "M0": as_cortex_m0(),
    "M4F": embedded_target("cortex-m4f"),
    "M7": embedded_target("cortex-m7"),
    "M55": embedded_target("cortex-m55"),
}


@dataclass(frozen=True)
class Cost:
    """Instructions of one call: score and learn of the detector's kernel, level for the logarithm of the score."""

    score: int
    learn: int
    level: int


Key = tuple[str, int, str]
"""Arithmetic, features, target."""

AIMS: dict[tuple[str, str, str], int] = {
    ("score", "f32", "M4F"): 1900,
    ("learn", "f32", "M4F"): 6000,
    ("score", "q15", "M4F"): 1750,
    ("score", "q15", "M0"): 6000,
    ("score", "q15", "M55"): 950,
    ("learn", "q15", "M4F"): 5600,
    ("learn", "q15", "M0"): 19000,
    ("learn", "q15", "M55"): 4400,
}
"""At 32-8-32."""


def count(name: str, target: Target, build_dir: Path) -> dict[Key, Cost]:
    """Builds and runs instruction_cost.cpp for a target."""
    builder = Builder(target, build_dir, jobs=2)
    program = builder.folder / "instruction_cost.elf"
    builder.link([builder.compile(HERE / "instruction_cost.cpp"), *builder.core, *builder.platform], program)
    done = subprocess.run(
        target.program_command(program),
        capture_output=True,
        text=True,
        timeout=300,
        stdin=subprocess.DEVNULL,
        check=True,
    )
    costs: dict[Key, Cost] = {}
    for arithmetic, features, _, *ticks, frames in LINE.findall(done.stdout + done.stderr):
        numbers = [round((target.instructions(int(t)) or 0) / int(frames)) for t in ticks]
        costs[arithmetic, int(features), name] = Cost(*numbers)
    if len(costs) != 6:
        raise RuntimeError(f"{target.name} said: {done.stdout + done.stderr}")
    return costs


def rows(costs: dict[Key, Cost], features: int) -> Iterator[str]:
    """The table of one shape."""
    for call in ("score", "learn", "level"):
        for arithmetic in ("f32", "q15", "q31"):
            cells = [f"{getattr(costs[arithmetic, features, name], call):,}" for name in TARGETS]
            yield f"| {call} | {arithmetic} | " + " | ".join(cells) + " |"


def document(costs: dict[Key, Cost]) -> str:
    """All tables as Markdown."""
    head = ["| | | " + " | ".join(TARGETS) + " |", "| --- | --- |" + " ---: |" * len(TARGETS)]
    version = compiler_version(TARGETS["M4F"].cc)
    lines = [
        "# Instructions of an autoencoder",
        "",
        "Written by `instruction_cost.py`; tanh in the hidden layer, linear output, no momentum. score: the",
        "reconstruction and its squared error. learn: the same and the step. level: the logarithm that makes a score",
        f"of it, which every detector takes. Executed instructions, {version}, -Os.",
    ]
    for features, shape in ((32, "32-8-32"), (128, "128-16-128")):
        lines += ["", f"## {shape}", "", *head, *rows(costs, features)]
    lines += ["", "## Aims at 32-8-32", "", "| | | | instructions | aim |", "| --- | --- | --- | ---: | ---: |"]
    for (call, arithmetic, name), aim in AIMS.items():
        lines.append(f"| {call} | {arithmetic} | {name} | {getattr(costs[arithmetic, 32, name], call):,} | {aim:,} |")
    return "\n".join(lines) + "\n"


def missed(costs: dict[Key, Cost]) -> list[str]:
    """The aims that are not met, in words."""
    return [
        f"{call} {arithmetic} {name}: {getattr(costs[arithmetic, 32, name], call)} > {aim}"
        for (call, arithmetic, name), aim in AIMS.items()
        if getattr(costs[arithmetic, 32, name], call) > aim
    ]


def is_near(text: str, written: str) -> bool:
    """Whether two tables have the same words and nearly the same numbers."""
    number = re.compile(r"\d[\d,]*")
    if number.sub("", text) != number.sub("", written):
        return False
    pairs = zip(number.findall(text), number.findall(written), strict=True)
    values = [(int(a.replace(",", "") or 0), int(b.replace(",", "") or 0)) for a, b in pairs]
    return all(abs(a - b) <= TOLERANCE * max(a, b) for a, b in values)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--require", action="store_true", help="write nothing, fail where an aim is missed")
    parser.add_argument("--build", type=Path, default=default_build_dir(), help="folder for objects")
    arguments = parser.parse_args()
    costs: dict[Key, Cost] = {}
    for name, target in TARGETS.items():
        costs |= count(name, target, arguments.build)
    text = document(costs)
    print(text)
    problems = missed(costs)
    if arguments.require:
        if not is_near(text, TABLE.read_text(encoding="utf-8")):
            problems.append(f"{TABLE.name} is not what was counted: run without --require")
    else:
        TABLE.write_text(text, encoding="utf-8")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems and arguments.require else 0


if __name__ == "__main__":
    sys.exit(main())
