"""Transforms of floats have no fused operation: GCC makes some of complex products in spite of all flags."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import sources

FLAGS = ["-O3", "-mfma", "-mavx2", "-ffp-contract=off", "-fno-math-errno"]
FUSED = re.compile(r"\bvfn?m(add|sub)\w+")
SIGNAL = sources.ROOT / "core" / "signal"

pytestmark = pytest.mark.skipif(
    os.uname().machine != "x86_64" or not all(map(shutil.which, ("gcc", "g++", "objdump"))),
    reason="needs GCC for x86-64",
)


@pytest.fixture(scope="module")
def kissfft() -> Path:
    build = Path(os.environ.get("TWINBIT_BUILD", sources.ROOT / "build"))
    found = sorted(build.glob("host/_kissfft/kissfft-*/"))
    if not found:
        pytest.skip("the host's build has not fetched KissFFT")
    return found[0]


def fused(source: Path, kissfft: Path, folder: Path, *defines: str) -> int:
    """Fused operations in a source's object."""
    compiler = ["g++", "-std=c++17"] if source.suffix == ".cpp" else ["gcc", "-std=c99"]
    include = ["-I", str(sources.ROOT / "core"), "-I", str(sources.ROOT / "capi" / "include"), "-isystem", str(kissfft)]
    made = folder / f"{source.name}.o"
    subprocess.run([*compiler, *FLAGS, *defines, *include, "-c", str(source), "-o", str(made)], check=True)
    listing = subprocess.run(["objdump", "-d", made], capture_output=True, text=True, check=True).stdout
    return len(FUSED.findall(listing))


@pytest.mark.parametrize("name", ["kissfft_float.c", "fft.cpp", "power.cpp", "envelope.cpp"])
def test_no_product_is_fused(name: str, kissfft: Path, tmp_path: Path) -> None:
    assert fused(SIGNAL / name, kissfft, tmp_path) == 0


def test_a_fused_product_is_seen(kissfft: Path, tmp_path: Path) -> None:
    assert fused(SIGNAL / "kissfft_float.c", kissfft, tmp_path, "-DTWINBIT_TEST_CONTRACTION", "-ffp-contract=fast") > 0
