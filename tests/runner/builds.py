"""CMake builds for the tests, by preset, each in build/<preset>."""

from __future__ import annotations

from runner import junit
from runner.context import Context
from runner.pool import Step, StepError


def configure(context: Context, preset: str, *options: str) -> None:
    """Configures a preset. The others take KissFFT from the host's build, so that it is downloaded once."""
    kissfft = sorted((context.build / "host" / "_kissfft").glob("kissfft-*/kiss_fft.c"))
    if preset != "host" and kissfft:
        options = (*options, f"-DKISSFFT_SOURCE_DIR={kissfft[0].parent}")
    command = ["cmake", "--preset", preset, *options]
    context.must(f"build-{preset}", command, timeout=600)


def has_catch2(context: Context, preset: str) -> bool:
    """Did CMake find Catch2?"""
    cache = (context.build / preset / "CMakeCache.txt").read_text(encoding="utf-8")
    return "TWINBIT_HAVE_CATCH2:INTERNAL=TRUE" in cache or "TWINBIT_HAVE_CATCH2:INTERNAL=1" in cache


def build(context: Context, preset: str, *targets: str) -> None:
    """Builds targets of a configured preset."""
    folder = str(context.build / preset)
    command = ["cmake", "--build", folder, "--parallel", str(context.jobs), "--target", *targets]
    context.must(f"build-{preset}", command, timeout=1500)


def ctest(context: Context, label: str, preset: str, name: str, *arguments: str, timeout: float) -> None:
    """Runs tests of a build and reports each."""
    results = context.build / "results" / f"{preset}-{name}.xml"
    results.parent.mkdir(parents=True, exist_ok=True)
    results.unlink(missing_ok=True)
    command = ["ctest", "--test-dir", str(context.build / preset), "--output-junit", str(results), *arguments]
    outcome = context.run(f"ctest-{preset}-{name}", command, timeout=timeout)
    if outcome.code is None or not results.exists():
        raise StepError(f"ctest: {outcome.tail()}")
    if junit.collect(context, label, preset, results) == 0:
        raise StepError(f"ctest found no test: {outcome.tail()}")


def host_steps(context: Context, label: str) -> list[Step]:
    """Step "host": the host's build, configured. Its compile commands serve other tools."""
    return [Step(label, "host", lambda: configure(context, "host"), needs=("venv",), cost=950)]
