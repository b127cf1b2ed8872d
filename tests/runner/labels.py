"""Which steps each label has. One function a label; `plan` puts them together."""

from __future__ import annotations

from collections.abc import Callable

from runner import builds, fuzz, pytest, python_package, system, tools
from runner.context import ROOT, Context
from runner.pool import Step


def _unit_build(context: Context, preset: str) -> None:
    if preset != "host":
        builds.configure(context, preset)
    if not builds.has_catch2(context, preset):
        context.skip("unit", f"unit tests, {preset}", "Catch2 is not installed and could not be downloaded")
        return
    builds.build(context, preset, "unit_tests")
    builds.ctest(context, "unit", preset, "unit", "-LE", "exhaustive", timeout=900)


def unit(context: Context) -> list[Step]:
    """Unit tests in three builds, and the checks of the sources."""
    presets = ["host", "sanitize"]
    made = []
    if system.has_program("clang++")():
        presets.append("clang")
    else:
        context.skip("unit", "clang build", "clang is not installed")
    for preset in presets:

        def action(preset: str = preset) -> None:
            _unit_build(context, preset)

        made.append(Step("unit", f"unit tests, {preset}", action, needs=("host",), cost=300))
    made.append(
        Step(
            "unit",
            "checks",
            lambda: pytest.run(context, "unit", "checks", timeout=900),
            needs=("package", "unit tests, host"),
            cost=100,
        )
    )
    return made + tools.steps(context)


def exhaustive(context: Context) -> list[Step]:
    """One step for each program of tests/exhaustive, so that both cores have work."""

    def compile_all() -> None:
        builds.build(context, "host", "exhaustive_tests")

    made = [Step("exhaustive", "exhaustive build", compile_all, needs=("host",), cost=800)]
    for source in sorted((ROOT / "tests" / "exhaustive").glob("*.cpp")):
        name = f"exhaustive_{source.stem}"

        def action(name: str = name) -> None:
            builds.ctest(context, "exhaustive", "host", name, "-R", f"^{name}$", timeout=1200)

        made.append(Step("exhaustive", name, action, needs=("exhaustive build",), cost=90))
    return made


def _pytest_label(label: str, cost: float, timeout: float) -> Callable[[Context], list[Step]]:
    def make(context: Context) -> list[Step]:
        def action() -> None:
            pytest.run(context, label, label, timeout=timeout)

        return [Step(label, f"tests/{label}", action, needs=("package",), cost=cost)]

    return make


LABELS: dict[str, Callable[[Context], list[Step]]] = {
    "unit": unit,
    "exhaustive": exhaustive,
    "parity": _pytest_label("parity", 2000, 3300),
    "budget": _pytest_label("budget", 200, 1200),
    "fuzz": fuzz.steps,
    "python": _pytest_label("python", 400, 1800),
    "docs": _pytest_label("docs", 150, 1200),
}
"""In the order they are shown."""


def plan(context: Context, chosen: list[str]) -> list[Step]:
    """All steps of the chosen labels with what they need."""
    steps = [step for label in chosen for step in LABELS[label](context)]
    needs = {need for step in steps for need in step.needs}
    base = chosen[0]
    made = python_package.steps(context, base, package="package" in needs)
    if "host" in needs:
        made += builds.host_steps(context, base)
    return made + steps
