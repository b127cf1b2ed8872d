"""Small files and small functions: what a reader can hold in mind."""

from __future__ import annotations

import ast
import re
import statistics
from pathlib import Path

import sources

FUNCTION_LINES = 60
TEST_LINES = 80
"""A test case may tell a longer story."""
FILE_LINES = 300
MEDIAN_LINES = 12
LONG_FILES = {"capi/include/twinbit.h"}
"""Files that are mostly prose: the interface with its contract."""

NOT_A_FUNCTION = re.compile(
    r"^\s*(\}\s*)?(if|else|for|while|switch|do|namespace|struct|class|enum|union|extern)\b|=\s*\{$"
)


def c_functions(path: Path) -> list[tuple[int, int]]:
    """First line and length of each function body: from the line with its opening brace to that of the closing one."""
    found = []
    lines = list(sources.code_lines(path))
    for start, line in enumerate(lines):
        if not re.search(r"\)[^;{}]*\{$", line.rstrip()) or NOT_A_FUNCTION.search(line.rstrip()):
            continue
        depth = 0
        for end in range(start, len(lines)):
            depth += lines[end].count("{") - lines[end].count("}")
            if depth <= 0:
                found.append((start + 1, end - start + 1))
                break
    return found


def python_functions(path: Path) -> list[tuple[int, int]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [
        (node.lineno, (node.end_lineno or 0) - node.lineno + 1) for node in ast.walk(tree) if isinstance(node, kinds)
    ]


def all_functions() -> dict[str, int]:
    found = {}
    for path in sources.with_suffix(*sources.C_LIKE):
        found.update({f"{sources.name(path)}:{line}": length for line, length in c_functions(path)})
    for path in sources.with_suffix(".py"):
        found.update({f"{sources.name(path)}:{line}": length for line, length in python_functions(path)})
    return found


def limit(where: str) -> int:
    return TEST_LINES if where.startswith(("tests/unit/", "tests/exhaustive/")) else FUNCTION_LINES


def test_no_function_is_long() -> None:
    functions = all_functions()
    assert functions
    long = {where: length for where, length in functions.items() if length > limit(where)}
    assert not long


def test_functions_are_short_as_a_rule() -> None:
    core = [length for where, length in all_functions().items() if where.startswith("core/")]
    assert statistics.median(core) <= MEDIAN_LINES


def test_no_file_is_long() -> None:
    long = {}
    for path in sources.with_suffix(*sources.C_LIKE, ".py", ".cmake", ".sh"):
        length = len(path.read_text(encoding="utf-8").splitlines())
        if length > FILE_LINES and sources.name(path) not in LONG_FILES:
            long[sources.name(path)] = length
    assert not long


def test_a_long_function_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "long.cpp"
    path.write_text("int f(int a,\n      int b) {\n" + "    a += b;\n" * 70 + "    return a;\n}\n")
    assert c_functions(path) == [(2, 73)]
