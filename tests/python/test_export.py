"""Exports: they compile as strict C99 and as C++, and compute Python's bytes."""

from __future__ import annotations

import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import twinbit
from conftest import make_frames, make_recipe
from signal_recipes import RECIPES, data_for, ready
from twinbit import Monitor, Recipe, _core, export, model
from twinbit.parity.firmware import core_sources, firmware_root, kissfft_folder
from twinbit.recipe_bytes import parts
from twinbit.recipe_parts import PageHinkley, Policy
from twinbit.units import FLAGS

CONTRACT = ["-ffp-contract=off", "-fno-math-errno"]
STRICT = ["-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror"]

MAIN = """
#include "pump.h"
#include <stdio.h>
static uint64_t image[PUMP_IMAGE_WORDS], scratch[PUMP_SCRATCH_WORDS], plan[PUMP_PLAN_WORDS + 1];
int main(void) {
    tb_monitor monitor;
    tb_result result;
    float values[PUMP_CHANNELS];
    tb_memory sizes;
    if (tb_sizes(&pump_recipe, &sizes) || sizes.image != PUMP_IMAGE_SIZE || sizes.scratch != PUMP_SCRATCH_SIZE ||
        sizes.plan != PUMP_PLAN_SIZE || tb_selftest(&pump_recipe)) {
        return 1;
    }
    if (tb_init(&monitor, &pump_recipe, image, PUMP_IMAGE_SIZE, scratch, PUMP_SCRATCH_SIZE, plan, PUMP_PLAN_SIZE)) {
        return 2;
    }
#ifdef LEARNED
    if (tb_load(&monitor, pump_learned, PUMP_IMAGE_SIZE, TB_LOAD_SEALED)) {
        return 3;
    }
#endif
    while (fread(values, sizeof values, 1, stdin) == 1) {
        if (tb_step_f32(&monitor, values, PUMP_CHANNELS, 0, &result)) {
            return 4;
        }
        fwrite(&result, sizeof result, 1, stdout);
    }
    tb_seal(&monitor);
    fwrite(image, PUMP_IMAGE_SIZE, 1, stdout);
    return 0;
}
"""

STATIC = """
#include "pump_static.hpp"
#include <cstdio>
static pump::Monitor monitor;
int main() {
    tb_result result;
    float values[PUMP_CHANNELS];
    if (monitor.start() != TB_OK) {
        return 2;
    }
    while (std::fread(values, sizeof values, 1, stdin) == 1) {
        if (monitor.step(values, result) != TB_OK) {
            return 4;
        }
        std::fwrite(&result, sizeof result, 1, stdout);
    }
    monitor.seal();
    std::fwrite(monitor.image(), sizeof monitor.image(), 1, stdout);
}
"""

LOOP = (Path(__file__).parent / "export_loop.c").read_text(encoding="utf-8")

pytestmark = pytest.mark.skipif(shutil.which("g++") is None, reason="no C++ compiler")


def compile_(*arguments: object) -> None:
    done = subprocess.run([str(a) for a in arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def objects_of(sources: list[Path], folder: Path, *flags: str) -> list[Path]:
    """Each source compiled, as many at once as there are processors."""

    def one(source: Path) -> Path:
        target = folder / f"{source.parent.name}-{source.stem}.o"
        compile_("g++", *flags, "-c", source, "-o", target)
        return target

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(one, sources))


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The core from the same sources that firmware takes."""
    folder, root = tmp_path_factory.mktemp("core"), firmware_root()
    flags = ["-std=c++17", "-O1", "-fno-exceptions", "-fno-rtti", "-ffunction-sections", "-fdata-sections", *CONTRACT]
    include = [f"-I{root / 'core'}", f"-I{root / 'capi' / 'include'}", f"-isystem{kissfft_folder(root)}"]
    compile_("ar", "rcs", folder / "libcore.a", *objects_of(core_sources(root), folder, *flags, *include))
    return folder / "libcore.a"


def output(program: Path, frames: np.ndarray) -> bytes:
    return subprocess.run([program], input=frames.tobytes(), capture_output=True, check=True).stdout


def build(folder: Path, library: Path, language: str, *defines: str, main: str = MAIN) -> Path:
    """The exported C file and a main around it."""
    include, program = [f"-I{folder}", f"-I{firmware_root() / 'capi' / 'include'}"], folder / f"pump-{language}"
    (folder / "main.c").write_text(main)
    compiler = ["gcc", "-std=c99", "-Wc++-compat"] if language == "c" else ["g++", "-std=c++17", "-x", "c++"]
    objects = []
    for name in ("pump.c", "main.c"):
        objects.append(folder / f"{name}-{language}.o")
        compile_(*compiler, *STRICT, *include, *defines, "-c", folder / name, "-o", objects[-1])
    compile_("g++", *objects, library, "-Wl,--gc-sections", "-o", program)
    return program


def test_it_computes_the_same_bytes(recipe: Recipe, library: Path, tmp_path: Path) -> None:
    frames = make_frames()
    export.write(recipe, tmp_path, "pump")
    monitor = Monitor(recipe)
    expected = monitor.step(frames).tobytes() + monitor.image
    for language in ("c", "c++"):
        assert output(build(tmp_path, library, language), frames) == expected


@pytest.mark.parametrize("arithmetic", ["f32", "q15"])
@pytest.mark.parametrize("name", RECIPES)
def test_recipes_of_samples_and_slow_data(name: str, arithmetic: Any, library: Path, tmp_path: Path) -> None:
    recipe = ready(name, arithmetic)
    data = np.asarray(data_for(recipe), dtype=np.float32)[:3000]
    export.write(recipe, tmp_path, "pump")
    monitor = _core.Monitor(recipe.to_bytes())  # a result for each sample, and no time of day
    expected = monitor.step_many(data).tobytes() + monitor.save()
    assert output(build(tmp_path, library, "c"), data) == expected
    header = (tmp_path / "pump.h").read_text(encoding="utf-8")
    assert ("PUMP_WINDOW" in header) == (recipe.framer is not None)
    assert f"#define PUMP_FEATURES {len(recipe.features)}u" in header


def test_it_starts_from_what_was_learned(recipe: Recipe, library: Path, tmp_path: Path) -> None:
    frames = make_frames()
    monitor = Monitor(recipe)
    monitor.step(frames[:250])
    export.write(model.Model(recipe, monitor.image), tmp_path, "pump", static=True)
    expected = monitor.step(frames[250:]).tobytes() + monitor.image
    assert output(build(tmp_path, library, "c", "-DLEARNED"), frames[250:]) == expected
    assert output(build_static(tmp_path, library), frames[250:]) == expected


@pytest.mark.parametrize("detector", ["kmeans", "elm"])
def test_the_loop_in_firmware(detector: str, library: Path, tmp_path: Path) -> None:
    """A new normal is learned on the device as in Python, from a model that was exported."""
    recipe = make_recipe(detector).with_policy("relearn", drift=PageHinkley(threshold=5.0, delta=0.5), persist=40)
    frames = make_frames(900)
    frames[300:] += np.float32(40)  # make_frames raises the first channel, later, too
    monitor = Monitor(recipe)
    monitor.step(frames[:260])
    saved = monitor._saved()
    export.write(saved, tmp_path, "pump", static=True)
    in_c, in_cpp = build(tmp_path, library, "c", main=LOOP), build_static(tmp_path, library)
    for end, taken in ((320, False), (420, True)):
        again = Monitor(recipe).load_image(saved.image, good=saved.good)
        results = again.step(frames[260:end])
        assert (results["flags"] & FLAGS["taken"]).any() == taken
        assert bool(again.candidate_image) != taken
        expected = results.tobytes() + again.image
        assert output(in_c, frames[260:end]) == expected + again.candidate_image + again.good_image
        assert output(in_cpp, frames[260:end]) == expected
    header = (tmp_path / "pump.h").read_text()
    assert "#define PUMP_CANDIDATE_WORDS PUMP_IMAGE_WORDS" in header
    export.write(replace(recipe, policy=Policy(kind="tell")), tmp_path / "tell", "pump")
    assert "CANDIDATE" not in (tmp_path / "tell" / "pump.h").read_text()


def test_adapt_keeps_the_tools_that_it_forgets_with(library: Path, tmp_path: Path) -> None:
    """-DPUMP_LEAN takes none of them out: bits would be others."""
    recipe = make_recipe("mahalanobis").with_policy("adapt", block=20, forget=25, budget=0.0)
    frames = make_frames(600)
    monitor = Monitor(recipe)
    monitor.step(frames[:260])
    saved = monitor._saved()
    export.write(saved, tmp_path, "pump")
    header = (tmp_path / "pump.h").read_text()
    assert "LEAN" not in header
    assert "tb_feedback" in header
    again = Monitor(recipe).load_image(saved.image, good=saved.good)
    expected = again.step(frames[260:400]).tobytes() + again.image + again.candidate_image + again.good_image
    program = build(tmp_path, library, "c", "-DPUMP_LEAN", main=LOOP)
    assert output(program, frames[260:400]) == expected
    export.write(recipe.with_policy("relearn"), tmp_path / "lean", "pump")
    for file in ("pump.h", "pump.c"):
        assert "PUMP_LEAN" in (tmp_path / "lean" / file).read_text()


def build_static(folder: Path, library: Path) -> Path:
    (folder / "main.cpp").write_text(STATIC)
    include, program = [f"-I{folder}", f"-I{firmware_root() / 'capi' / 'include'}"], folder / "pump-static"
    compile_("gcc", "-std=c99", *include, "-c", folder / "pump.c", "-o", folder / "pump.o")
    sources = [folder / "main.cpp", folder / "pump_static.cpp"]
    compile_("g++", "-std=c++17", *STRICT, *include, *sources, folder / "pump.o", library, "-o", program)
    return program


STAGES = {"kmeans", "mahalanobis", "autoencoder", "elm", "subspace", "bank"}


@pytest.mark.parametrize(
    ("detector", "also"), [("kmeans", ()), ("elm", ("factor_row",)), ("subspace", ()), ("bank_elm", ("factor_row",))]
)
def test_only_stages_in_use_are_linked(library: Path, tmp_path: Path, detector: str, also: tuple[str, ...]) -> None:
    export.write(make_recipe(detector, "q15"), tmp_path, "pump")
    symbols = subprocess.run(
        ["nm", "-C", build(tmp_path, library, "c")], capture_output=True, text=True, check=True
    ).stdout
    for present in (f"tb_{detector}_q15", *also):
        assert present in symbols
    others = {f"tb_{name}" for name in STAGES if name != detector.split("_")[0]}
    for absent in (*others, f"tb_{detector}_f32", f"tb_{detector}_q31", "tb_scaler_f32", "cholesky"):
        assert absent not in symbols


def test_the_folder_with_sources_is_all_that_is_needed(tmp_path: Path) -> None:
    recipe, frames = make_recipe("mahalanobis", "q31"), make_frames()
    export.write(recipe, tmp_path, "pump", sources=True)
    (tmp_path / "main.c").write_text(MAIN)
    core = tmp_path / "twinbit"
    include = [f"-I{tmp_path}", f"-I{core / 'core'}", f"-I{core / 'capi' / 'include'}", f"-isystem{core / 'kissfft'}"]
    for name in ("pump", "main"):
        compile_("gcc", "-std=c99", *include, "-c", tmp_path / f"{name}.c", "-o", tmp_path / f"{name}.o")
    sources = [*sorted(core.rglob("*.cpp")), *sorted((core / "core").rglob("*.c"))]
    assert sources
    assert not list(core.rglob("*host*"))
    program = tmp_path / "pump-all"
    objects = objects_of(sources, tmp_path, "-std=c++17", "-O0", *CONTRACT, *include)
    compile_("g++", *objects, tmp_path / "pump.o", tmp_path / "main.o", "-o", program)
    monitor = Monitor(recipe)
    assert output(program, frames) == monitor.step(frames).tobytes() + monitor.image


def test_files_and_options(tmp_path: Path) -> None:
    monitor = Monitor(make_recipe())
    monitor.step(make_frames())
    saved = model.Model(monitor.recipe, monitor.image)
    assert {p.name for p in export.write(saved, tmp_path / "a", "pump")} == {
        "pump.c",
        "pump.h",
        "THIRD_PARTY_NOTICES.txt",
    }
    assert "pump_learned" in (tmp_path / "a" / "pump.c").read_text()
    export.write(saved, tmp_path / "b", "pump", image=False)
    assert "pump_learned" not in (tmp_path / "b" / "pump.c").read_text()
    notices = (tmp_path / "a" / "THIRD_PARTY_NOTICES.txt").read_text()
    assert "tb_kmeans_q15" in notices


def test_words_are_those_of_the_binary_form(recipe: Recipe) -> None:
    text = export.render(recipe, "pump")["pump.c"]
    for stage, words in parts(recipe):
        symbol = export.stage_symbol(stage, recipe.arithmetic)
        assert f"{{&{symbol}, " in text
        assert f", {len(words)}}}," in text


@pytest.mark.parametrize(
    ("name", "expected"), [("Pump 3", "pump_3"), ("3", "m_3"), ("int", "m_int"), ("a-b.c", "a_b_c")]
)
def test_names_become_identifiers(name: str, expected: str) -> None:
    assert export.identifier(name) == expected
    with pytest.raises(twinbit.RecipeError, match="no C name"):
        export.identifier("-- ")
