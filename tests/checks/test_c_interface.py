"""The C headers are C99 and C++ at once, to the letter, and each stands by itself."""

from __future__ import annotations

import shutil
import subprocess

import pytest
import sources

STRICT = ["-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror", "-fsyntax-only"]
DIALECTS = {
    "c99": ["-x", "c", "-std=c99", "-Wc++-compat", "-Wstrict-prototypes"],
    "c17": ["-x", "c", "-std=c17", "-Wc++-compat", "-Wstrict-prototypes"],
    "c++11": ["-x", "c++", "-std=c++11"],
    "c++20": ["-x", "c++", "-std=c++20"],
}


def compile_text(compiler: str, dialect: str, text: str) -> subprocess.CompletedProcess[str]:
    include = f"-I{sources.ROOT / 'capi' / 'include'}"
    command = [compiler, *DIALECTS[dialect], *STRICT, include, "-"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("header", ["twinbit.h", "twinbit_host.h"])
@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_header_is_strict(compiler: str, dialect: str, header: str) -> None:
    if shutil.which(compiler) is None:
        pytest.skip(f"{compiler} is not installed")
    # Twice: its guard works. An empty file is no translation unit in C99.
    outcome = compile_text(compiler, dialect, f'#include "{header}"\n#include "{header}"\nint tested;\n')
    assert outcome.returncode == 0, outcome.stderr


def test_a_header_that_is_not_strict_is_refused() -> None:
    assert compile_text("gcc", "c99", "struct s { int class; long long x; };\nvoid f();\n").returncode != 0


def test_every_declared_function_is_documented() -> None:
    """A comment ends right before each function, or before the group that it belongs to."""
    lines = (sources.ROOT / "capi" / "include" / "twinbit.h").read_text(encoding="utf-8").splitlines()
    silent = []
    for number, line in enumerate(lines):
        if line.startswith(("tb_status tb_", "const char *tb_")):
            above = number - 1
            while above > 0 and lines[above].strip() and not lines[above].rstrip().endswith("*/"):
                above -= 1
            if not lines[above].rstrip().endswith("*/"):
                silent.append(line)
    assert not silent
