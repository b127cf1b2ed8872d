"""The recipes of parity and budget runs, and the C file that a runner is linked with."""

from __future__ import annotations

from typing import get_args

from twinbit.recipe import Recipe
from twinbit.recipe_bytes import KMEANS, parts
from twinbit.recipe_parts import Arithmetic, Channel, Decision, Input, KMeans, Mahalanobis, Scaler

from .script import phases

ARITHMETICS: tuple[Arithmetic, ...] = get_args(Arithmetic)
DETECTORS: dict[str, KMeans | Mahalanobis] = {"kmeans": KMeans(clusters=8), "mahalanobis": Mahalanobis()}

STAGES = {1: "tb_input", 2: "tb_input_phase", 8: "tb_scaler", 16: "tb_kmeans", 17: "tb_mahalanobis", 32: "tb_decision"}
CODES: dict[Arithmetic, str] = {"f32": "TB_F32", "q15": "TB_Q15", "q31": "TB_Q31"}


def make_recipe(arithmetic: Arithmetic, detector: str, channels: tuple[Channel, ...], frames: int) -> Recipe:
    """Input that holds missing values, scaler, detector and decision for a recording of so many frames."""
    scaling, learning, calibrating = phases(frames)
    decision = Decision(
        scaling=scaling,
        learning=learning,
        calibrating=calibrating,
        smoothing=0.3,
        false_alarm_rate=0.01,
        margin=0.25,
        k=2,
        n=3,
        hysteresis=0.1,
        hold=5.0,
        gap=60.0,
    )
    return Recipe(DETECTORS[detector], Input(channels, "hold"), Scaler(), decision, arithmetic)


def render_c(recipe: Recipe) -> str:
    """The recipe as a C file with `const tb_recipe runner_recipe`."""
    lines = ["/* The recipe of a parity run, written by twinbit.parity. */", '#include "twinbit.h"', ""]
    table = []
    for index, (stage, words) in enumerate(parts(recipe)):
        name = f"words_{index}" if words else "0"
        if words:
            lines.append(f"static const int32_t {name}[] = {{{', '.join(map(str, words))}}};")
        symbol = STAGES[stage] + ("" if STAGES[stage] == "tb_decision" else f"_{recipe.arithmetic}")
        table.append(f"    {{&{symbol}, {name}, {len(words)}}},")
    lines += ["", "static const tb_part parts[] = {", *table, "};", "", "extern const tb_recipe runner_recipe;"]
    head = f"TB_RECIPE_FORMAT, {CODES[recipe.arithmetic]}, {len(table)}"
    kind = "kmeans" if any(stage == KMEANS for stage, _ in parts(recipe)) else "mahalanobis"
    tools = [f"#define TOOLS &tb_{kind}_{recipe.arithmetic}_tools", "#ifdef FOOTPRINT", "#undef TOOLS", "#define TOOLS 0"]
    lines += ["", "/* The smallest firmware has no explanation, merge and epochs. */", *tools, "#endif"]
    return "\n".join([*lines, f"const tb_recipe runner_recipe = {{{head}, parts, TOOLS}};"]) + "\n"
