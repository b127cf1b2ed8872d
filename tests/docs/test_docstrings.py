"""The examples in docstrings of the package give what they say."""

from __future__ import annotations

import doctest
import pkgutil
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
import twinbit


def _examples() -> list[doctest.DocTest]:
    """Every docstring with an example, in the package and below it."""
    found: list[doctest.DocTest] = []
    modules = [twinbit.__name__, *(m.name for m in pkgutil.walk_packages(twinbit.__path__, "twinbit."))]
    for name in modules:
        if name.endswith("__main__") or name.startswith("twinbit.firmware"):
            continue
        tests = doctest.DocTestFinder(exclude_empty=True).find(import_module(name))
        found += [test for test in tests if test.examples]
    return found


@pytest.mark.parametrize("example", _examples(), ids=lambda example: example.name)
def test_docstring(example: doctest.DocTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    example.globs.update(np=np, twinbit=twinbit)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    shown: list[str] = []
    assert runner.run(example, out=shown.append).failed == 0, "".join(shown)
