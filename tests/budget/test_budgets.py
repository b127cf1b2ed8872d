"""Flash, image, stack and instructions stay below the committed tables, budgets.toml and ceilings.toml."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from measure import COLUMNS, TARGETS, build_dir, case_of, measure
from twinbit.parity.build import Builder
from twinbit.parity.footprint import Piece
from twinbit.parity.runs import Run
from twinbit.parity.runs import footprint as link_lean
from twinbit.parity.targets import embedded_target
from twinbit.recipe import Recipe
from twinbit.recipe_detectors import ELM
from twinbit.recipe_parts import Channel, Decision, Input, Scaler

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

HERE = Path(__file__).parent
TABLE: dict[str, list[dict[str, Any]]] = {
    **tomllib.loads((HERE / "budgets.toml").read_text(encoding="utf-8")),
    **tomllib.loads((HERE / "ceilings.toml").read_text(encoding="utf-8")),
}

# Soft float of libgcc, by the names of Arm's run-time ABI and by GCC's own.
FLOAT = re.compile(r"__aeabi_(c?[fd]\w*|u?[il]2[fd])|__\w+[sd]f[23]?|__(fix|float)\w+|__(extend|trunc)\w+f2")


def name_of(entry: dict[str, Any]) -> str:
    return f"{entry['target']}-{entry['arithmetic']}-{entry['detector']}"


def run_of(entry: dict[str, Any]) -> Run:
    missing = embedded_target(entry["target"]).missing()
    if missing and os.environ.get("TWINBIT_TESTS_COMPLETE") == "1":
        pytest.fail(f"{entry['target']} needs {', '.join(missing)}")
    if missing:
        pytest.skip(f"{entry['target']}: not installed: {', '.join(missing)}")
    run = measure(entry["target"])[entry["arithmetic"], entry["detector"]]
    assert run.equal, run.first_difference or run.note
    return run


def footprint(entry: dict[str, Any]) -> tuple[Builder, list[Piece]]:
    """What is in the smallest firmware, largest first."""
    builder = Builder(embedded_target(entry["target"]), build_dir())
    pieces = link_lean(builder, case_of(entry["arithmetic"], entry["detector"]))
    return builder, sorted(pieces, key=lambda piece: -piece.size)


def float_symbols(entry: dict[str, Any]) -> set[str]:
    """Soft-float functions that were linked."""
    builder, _ = footprint(entry)
    case = case_of(entry["arithmetic"], entry["detector"])
    program = builder.folder / f"footprint-recipe-{case.name}.elf"
    listed = subprocess.run(["arm-none-eabi-nm", str(program)], capture_output=True, text=True, check=True).stdout
    return {name for name in (line.split()[-1] for line in listed.splitlines()) if FLOAT.fullmatch(name)}


def over(run: Run, entry: dict[str, Any]) -> str:
    """What is above its budget, with the largest pieces of flash; empty if all is well."""
    spent = {column: getattr(run, column) for column in (*COLUMNS, "ram_bytes") if column in entry}
    high = [f"{column} is {value}, budget {entry[column]}" for column, value in spent.items() if value > entry[column]]
    if not high:
        return ""
    _, pieces = footprint(entry)
    largest = [f"{piece.size:6} {piece.section} {piece.member.rsplit('/', 1)[-1]}" for piece in pieces[:25]]
    return "; ".join(high) + "\nlargest pieces:\n" + "\n".join(largest)


@pytest.mark.parametrize("entry", TABLE["promise"], ids=name_of)
def test_promise(entry: dict[str, Any]) -> None:
    problem = over(run_of(entry), entry)
    if problem:
        pytest.fail(problem, pytrace=False)


@pytest.mark.parametrize("entry", TABLE["ceiling"], ids=name_of)
def test_ceiling(entry: dict[str, Any]) -> None:
    problem = over(run_of(entry), entry)
    if problem:
        pytest.fail(problem, pytrace=False)


@pytest.mark.parametrize("entry", TABLE["promise"], ids=name_of)
def test_no_float_code(entry: dict[str, Any]) -> None:
    run_of(entry)
    assert float_symbols(entry) == set()


def test_float_code_would_be_seen() -> None:
    entry = {"target": "cortex-m0", "arithmetic": "f32", "detector": "kmeans"}
    run_of(entry)
    assert {"__aeabi_fadd", "__aeabi_fmul"} <= float_symbols(entry)


def test_growth_would_be_seen() -> None:
    entry = TABLE["promise"][0]
    run = run_of(entry)
    assert run.text_bytes is not None
    assert "text_bytes is" in over(run, {**entry, "text_bytes": run.text_bytes - 1})


def test_an_elm_of_511_features_fits_100_kilobytes() -> None:
    channels = tuple(Channel(f"{hertz} Hz") for hertz in range(1, 512))
    decision = Decision(scaling=100, learning=800, calibrating=300)
    recipe = Recipe(ELM(units=22), Input(channels), Scaler(), decision, "q15")
    assert recipe.cost().image < 102_400


def test_every_combination_has_a_ceiling() -> None:
    combinations = {f"{t}-{a}-{d}" for t, some in TARGETS.items() for a in ("f32", "q15", "q31") for d in some}
    assert {name_of(entry) for entry in TABLE["ceiling"]} == combinations


def test_print_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    rows = []
    for entry in TABLE["ceiling"]:
        run = run_of(entry)
        by_state = ", ".join(f"{state} {count}" for state, count in run.instructions.items())
        rows.append(f"{name_of(entry):28}" + "".join(f"{getattr(run, c):>10}" for c in COLUMNS) + f"   {by_state}")
    with capsys.disabled():
        print("\n" + f"{'':28}" + "".join(f"{c.split('_')[0]:>10}" for c in COLUMNS) + "   instructions by state")
        print("\n".join(rows))
    assert len(rows) == len(TABLE["ceiling"])
