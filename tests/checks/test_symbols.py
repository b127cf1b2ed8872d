"""What core's objects may ask the outside for: four memory functions and the compiler's own helpers, nothing else.

Heap, libm, stdio and exceptions are all excluded by it. Looked at in the host's build and in one for Cortex-M0, where
the compiler helps itself to most.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import sources

MEMORY = {"memcpy", "memmove", "memset", "memcmp"}
HELPERS = {
    "host": r"_GLOBAL_OFFSET_TABLE_|__stack_chk_fail|__cpu_model",
    "cortex-m0": r"__aeabi_\w+|__gnu_thumb1_case_\w+|__(clz|ctz|popcount|u?div|u?mod|mul|ash[lr]|lshr)[sd]i[23]",
}
"""Of the compiler's library: on hosts also what the processor can do, by which kernels are chosen. Soft float is one of
them on Cortex-M0: tests/budget sees that Q15 does not use it."""


def build_folder() -> Path:
    return Path(os.environ.get("TWINBIT_BUILD", sources.ROOT / "build"))


@pytest.fixture(scope="module", params=["host", "cortex-m0"])
def library(request: pytest.FixtureRequest) -> tuple[str, Path]:
    """The name of the target and its core library, built if need be."""
    target: str = request.param
    folder = build_folder() / (target if target == "host" else f"checks-{target}")
    if target == "cortex-m0":
        if shutil.which("arm-none-eabi-g++") is None:
            pytest.skip("arm-none-eabi-g++ is not installed")
        fetched = [f"-DKISSFFT_SOURCE_DIR={place}" for place in build_folder().glob("host/_kissfft/kissfft-*/")]
        subprocess.run(["cmake", "--preset", target, "-B", str(folder), *fetched], cwd=sources.ROOT, check=True)
        subprocess.run(["cmake", "--build", str(folder), "--target", "twinbit_core"], check=True)
    path = folder / "libtwinbit_core.a"
    assert path.exists(), f"{path} is not built: tests/run unit builds it"
    return target, path


def symbols(path: Path) -> list[tuple[str, str, str]]:
    """Object, kind (as nm says it) and name of every symbol."""
    program = "arm-none-eabi-nm" if "cortex" in str(path) else "nm"
    listed = subprocess.run([program, "-A", str(path)], capture_output=True, text=True, check=True).stdout
    found = []
    for line in listed.splitlines():
        place, _, rest = line.rpartition(":")
        fields = rest.split()
        found.append((place.rpartition(":")[2], fields[-2], fields[-1]))
    return found


def foreign(target: str, table: list[tuple[str, str, str]]) -> set[tuple[str, str]]:
    """Object and name of what core wants and neither has nor may have."""
    own = {name for _, kind, name in table if kind not in {"U", "w"}}
    allowed = re.compile(HELPERS[target])
    return {
        (place, name)
        for place, kind, name in table
        if kind in {"U", "w"} and name not in own | MEMORY and not allowed.fullmatch(name)
    }


def test_core_asks_for_memory_functions_only(library: tuple[str, Path]) -> None:
    target, path = library
    table = symbols(path)
    assert any(name == "tb_step_i16" for _, _, name in table)
    assert not foreign(target, table)


@pytest.mark.parametrize(
    "name", ["malloc", "_Znwj", "expf", "printf", "__cxa_throw", "__gxx_personality_v0", "_Unwind_Resume"]
)
def test_what_is_forbidden_is_seen(name: str) -> None:
    for target in HELPERS:
        assert foreign(target, [("x.o", "U", name)])


def test_core_has_no_initialisers_and_no_writable_memory(library: tuple[str, Path]) -> None:
    target, path = library
    table = symbols(path)
    assert not [name for _, _, name in table if name.startswith("_GLOBAL__sub_I")]
    if target == "cortex-m0":  # position-independent hosts keep constant tables of pointers among the data
        assert not {(place, name) for place, kind, name in table if kind in set("bBdDcC")}
