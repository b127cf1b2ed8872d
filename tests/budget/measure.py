"""Measures every combination of target, arithmetic and detector, and prints ceilings.toml anew.

    python tests/budget/measure.py > tests/budget/ceilings.toml

Ceilings are the measured numbers and a tenth, so that growth is seen where it happens.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from twinbit.parity.build import default_build_dir
from twinbit.parity.data import generated_frames
from twinbit.parity.recipes import ARITHMETICS
from twinbit.parity.runs import Case, Run, make_case, run_target
from twinbit.parity.targets import embedded_target

SMALL = ("kmeans", "mahalanobis")
ALL = (*SMALL, "autoencoder", "elm", "subspace", "bank_autoencoder", "bank_elm", "bank_subspace")
LIGHT = ("time_boxes", "deviation")
SIGNALS = (*LIGHT, "bands_envelope", "octaves_lags", "seasonal", "univariate")
LOOPS = ("loop_tell", "loop_freeze", "loop_adapt", "loop_relearn", "loop_ask")
TARGETS = {"cortex-m0": (*ALL, *LIGHT, *LOOPS), "cortex-m4f": (*ALL, *SIGNALS, "loop_relearn"), "rv32imac": SMALL}
"""And the detectors measured there."""
FRAMES = 3000
COLUMNS = ("text_bytes", "image_bytes", "stack_bytes", "instructions_per_frame")


def build_dir() -> Path:
    """The folder of objects, shared with the parity tests."""
    folder = os.environ.get("TWINBIT_BUILD")
    return Path(folder) / "parity" if folder else default_build_dir()


@cache
def case_of(arithmetic: str, detector: str) -> Case:
    """Generated data: the same numbers on every machine, with SKAB or without."""
    found = next(name for name in ARITHMETICS if name == arithmetic)
    return make_case(generated_frames(FRAMES), found, detector)


@cache
def measure(target: str) -> dict[tuple[str, str], Run]:
    """The runs of a target, by arithmetic and detector."""
    cases = [case_of(arithmetic, detector) for arithmetic in ARITHMETICS for detector in TARGETS[target]]
    return {(run.arithmetic, run.detector): run for run in run_target(embedded_target(target), cases, build_dir())}


def ceiling(value: int) -> int:
    """A tenth more, in round numbers; images have no room to grow unseen, so theirs is exact."""
    return -(-value * 11 // 10 // 10) * 10


HEAD = """\
# What each combination cost when this file was written, and a tenth more; images exactly. Written by
#     python tests/budget/measure.py > tests/budget/ceilings.toml
"""


def main() -> None:
    print(HEAD, end="")
    for target in TARGETS:
        for run in measure(target).values():
            print("\n[[ceiling]]")
            for name in ("target", "arithmetic", "detector"):
                print(f'{name} = "{getattr(run, name)}"')
            for column in COLUMNS:
                value: int = getattr(run, column)
                print(f"{column} = {value if column == 'image_bytes' else ceiling(value)}")


if __name__ == "__main__":
    main()
