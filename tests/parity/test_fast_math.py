"""A shared library linked with -ffast-math turns flushing on for the whole process. twinbit's bits stay."""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CHILD = """
import ctypes, hashlib, sys
import numpy as np
from twinbit.parity.data import Frames, generated_frames
from twinbit.parity.recipes import ARITHMETICS, DETECTORS
from twinbit.parity.reference import host_results
from twinbit.parity.runs import make_case

frames = generated_frames(2000)
frames.values[:, :2] *= 1e-38  # subnormal float32, which flushing would turn to zeros
cases = [make_case(frames, arithmetic, detector) for arithmetic in ARITHMETICS for detector in DETECTORS]
assert np.any((cases[0].recording.values != 0) & (np.abs(cases[0].recording.values) < 1e-38))
if sys.argv[1:]:
    ctypes.CDLL(sys.argv[1])
tiny = np.array([1e-38], dtype=np.float32) * np.float32(0.1)
digest = hashlib.sha256()
for case in cases:
    digest.update(host_results(case.recipe, case.recording))
print(int(tiny[0] == 0), digest.hexdigest())
"""


def child(*arguments: str) -> tuple[bool, str]:
    """Is the environment of a new Python flushing, and the digest of all results in it."""
    command = [sys.executable, "-c", CHILD, *arguments]
    flushing, digest = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return flushing == "1", digest


@pytest.mark.skipif(platform.machine() != "x86_64", reason="only there does GCC set the flushing flags at load")
def test_a_library_with_fast_math_changes_nothing(tmp_path: Path) -> None:
    compiler = shutil.which("gcc")
    assert compiler, "gcc is needed"
    source, library = tmp_path / "fast.c", tmp_path / "fast.so"
    source.write_text("int fast(void) { return 1; }\n", encoding="utf-8")
    subprocess.run([compiler, "-shared", "-fPIC", "-ffast-math", str(source), "-o", str(library)], check=True)
    clean, expected = child()
    flushing, digest = child(str(library))
    assert not clean
    assert flushing, "the library did not turn flushing on: the test tests nothing"
    assert digest == expected
