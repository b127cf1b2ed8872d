"""libtwinbit for the C examples: core and C interface, compiled with nothing but a C++ compiler."""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from twinbit.parity.firmware import core_sources, kissfft_folder

ROOT = Path(__file__).resolve().parents[2]
CONTRACT = ["-ffp-contract=off", "-fno-math-errno"]
CXX = ["g++", "-std=c++17", "-O1", *CONTRACT, "-fno-exceptions", "-fno-rtti", "-fno-threadsafe-statics"]
INCLUDES = [f"-I{ROOT / 'core'}", f"-I{ROOT / 'capi' / 'include'}"]


def have_compiler() -> bool:
    """Are gcc and g++ here?"""
    return shutil.which("gcc") is not None and shutil.which("g++") is not None


def _compile(source: Path, target: Path) -> str:
    command = [*CXX, *INCLUDES, "-isystem", str(kissfft_folder(ROOT)), "-c", str(source), "-o", str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stderr if done.returncode else ""


@functools.cache
def libtwinbit() -> Path:
    """The static library, made once a run.

    Raises:
        RuntimeError: a source does not compile.
    """
    folder = Path(tempfile.mkdtemp(prefix="twinbit-docs-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    sources = [*core_sources(ROOT), *sorted(ROOT.glob("capi/src/host_*.cpp"))]
    objects = [folder / f"{source.parent.name}-{source.stem}.o" for source in sources]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        errors = [error for error in pool.map(_compile, sources, objects) if error]
    if errors:
        raise RuntimeError("\n".join(errors))
    library = folder / "libtwinbit.a"
    subprocess.run(["ar", "rcs", str(library), *map(str, objects)], check=True)
    return library


def compile_c(sources: list[str], program: Path) -> list[str]:
    """The command that compiles C99 sources, every warning an error, and links them with the library."""
    strict = ["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Wc++-compat", "-Werror"]
    return ["gcc", *strict, INCLUDES[1], *sources, str(libtwinbit()), "-o", str(program)]
