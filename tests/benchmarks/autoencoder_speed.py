#!/usr/bin/env python3
"""Learn + score of autoencoders, 32-8-32 and 128-16-128: twinbit through Python against PyTorch and others.

One run, one core and one thread; microseconds a frame, median of several rounds. Ratios are to PyTorch with batches of
1 and plain SGD, which learns from every frame as twinbit does; its Adam takes longer. `--require`
fails where the targets are missed: 300 times that, and faster than any library in batches of 32, which learn once in 32
frames.
"""

from __future__ import annotations

import os
import sys
from functools import partial

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")  # before NumPy is loaded

import autoencoder_peers as peers  # noqa: E402
from race import Race, Results, run  # noqa: E402
from timing import Start  # noqa: E402
from twinbit.datasets import stationary  # noqa: E402

SHAPES = ((32, 8), (128, 16))  # features, hidden units
OURS = "twinbit f32, batches"
REFERENCE = "PyTorch, batches of 1"
AT_LEAST = 300.0  # times REFERENCE
IN_BATCHES = ("PyTorch, batches of 32", "NumPy, batches of 32", "scikit-learn, batches of 32")
FAST, SOME, SLOW, SLOWEST = 20_000, 5_000, 1_024, 128  # frames in one go


def contestants(features: int, hidden: int) -> dict[str, tuple[Start, int]]:
    """Name -> start of a pass and its number of frames."""
    frames = stationary(frames=FAST, channels=features, modes=8, seed=1).array / 5.0  # about unit variance
    frames = frames.astype("float32")
    some, few, fewest = frames[:SOME], frames[:SLOW], frames[:SLOWEST]
    ours = {
        f"twinbit {arithmetic}, batches": (peers.twinbit_batch(peers.autoencoder(hidden, arithmetic), frames), FAST)
        for arithmetic in ("f32", "q15", "q31")
    }
    return {
        **ours,
        "twinbit f32, one at a time": (peers.twinbit_single(peers.autoencoder(hidden, "f32"), frames), FAST),
        "twinbit ELM f32, batches": (peers.twinbit_batch(peers.elm(hidden, "f32"), some), SOME),
        "twinbit ELM f32, learns only": (peers.twinbit_learn(peers.elm(hidden, "f32"), frames), FAST),
        "NumPy, batches of 32": (peers.numpy_autoencoder(frames[: FAST // 32 * 32], hidden, 32), FAST // 32 * 32),
        "NumPy, batches of 1": (peers.numpy_autoencoder(few, hidden, 1), SLOW),
        "NumPy, OS-ELM": (peers.numpy_os_elm(few, hidden), SLOW),
        "PyTorch, batches of 32": (peers.pytorch(few, hidden, 32, "SGD"), SLOW),
        REFERENCE: (peers.pytorch(fewest, hidden, 1, "SGD"), SLOWEST),
        "PyTorch, batches of 1, Adam": (peers.pytorch(fewest, hidden, 1, "Adam"), SLOWEST),
        "scikit-learn, batches of 32": (peers.sklearn(few, hidden, 32), SLOW),
        "scikit-learn, batches of 1": (peers.sklearn(fewest, hidden, 1), SLOWEST),
    }


def missed(timed: Results) -> list[str]:
    """Targets that this run misses, in words."""
    found = []
    for shape, of_shape in timed.items():
        ours = of_shape[OURS].median
        ratio = of_shape[REFERENCE].median / ours
        if ratio < AT_LEAST:
            found.append(f"{shape}: {ratio:.0f} times {REFERENCE}, the target is {AT_LEAST:.0f}")
        for name in IN_BATCHES:
            if of_shape[name].median <= ours:
                found.append(f"{shape}: {name} takes {of_shape[name].median:.3f} us, {OURS} {ours:.3f}")
    return found


RACE = Race(
    sizes={f"{d}-{h}-{d}": partial(contestants, d, h) for d, h in SHAPES},
    reference=REFERENCE,
    packages=("twinbit", "torch", "scikit-learn", "numpy"),
    missed=missed,
)

if __name__ == "__main__":
    sys.exit(run(RACE, __doc__.splitlines()[0] if __doc__ else None))
