"""The package itself: stubs that tell the truth, words for every error. tests/docs runs the examples in docstrings."""

from __future__ import annotations

import ast
import doctest
import importlib
import inspect
import pkgutil
from pathlib import Path

import pytest
import twinbit
from twinbit import _core

SKIPPED = ("twinbit.parity", "twinbit.datasets", "twinbit.cli.__main__")
MODULES = [
    module.name
    for module in pkgutil.walk_packages(twinbit.__path__, "twinbit.")
    if not module.name.startswith(SKIPPED) and not module.name.endswith("._core")
]


def test_there_are_examples() -> None:
    finder = doctest.DocTestFinder()
    tests = [t for name in MODULES for t in finder.find(importlib.import_module(name)) if t.examples]
    assert len(tests) > 20


def stub() -> ast.Module:
    return ast.parse((Path(twinbit.__file__).parent / "_core.pyi").read_text(encoding="utf-8"))


def named(body: list[ast.stmt]) -> set[str]:
    found = {node.name for node in body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    return found | {
        node.target.id for node in body if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }


def test_stub_names_what_is_there() -> None:
    assert named(stub().body) == {name for name in dir(_core) if not name.startswith("_")}


@pytest.mark.parametrize("name", ["Monitor", "Result"])
def test_stub_of_classes(name: str) -> None:
    kind = next(node for node in stub().body if isinstance(node, ast.ClassDef) and node.name == name)
    there = {member for member in vars(getattr(_core, name)) if not member.startswith("_")}
    assert {member for member in named(kind.body) if not member.startswith("_")} == there


def test_it_is_typed() -> None:
    assert (Path(twinbit.__file__).parent / "py.typed").is_file()


def test_everything_public_is_there_and_described() -> None:
    for name in twinbit.__all__:
        thing = getattr(twinbit, name)
        if inspect.isclass(thing) or inspect.isfunction(thing):
            assert inspect.getdoc(thing), name
    errors = [thing for thing in vars(twinbit.errors).values() if inspect.isclass(thing)]
    assert all(issubclass(error, twinbit.TwinbitError) and issubclass(error, ValueError) for error in errors)


def test_every_status_has_an_error() -> None:
    for status, name in _core.status_names().items():
        if status == 0:
            continue
        error = twinbit.errors.from_status(status, "call")
        assert type(error) is not ValueError
        assert error.name == name
        assert _core.status_text(status) in str(error)
        assert "report it" not in str(error)
