"""Label fuzz: both fuzzers from their committed seeds, then each against a build with a planted bug."""

from __future__ import annotations

import shutil

from runner import builds, system
from runner.context import ROOT, Context
from runner.pool import Step, StepError

FUZZERS = ["fuzz_image", "fuzz_recipe"]
SECONDS = 60
"""Of fuzzing, each."""
PLANTED_SECONDS = 240
"""The planted bug must be found within this."""


def _build(context: Context, *, planted: bool) -> None:
    preset = "fuzz-planted" if planted else "fuzz"
    builds.configure(context, preset)
    builds.build(context, preset, *FUZZERS)


def _command(context: Context, preset: str, name: str, seconds: int) -> list[str]:
    work = context.build / "fuzzing" / preset / name
    shutil.rmtree(work, ignore_errors=True)
    (work / "corpus").mkdir(parents=True)
    (work / "found").mkdir()
    seeds = ROOT / "tests" / "fuzz" / "seeds" / name
    options = [f"-max_total_time={seconds}", "-timeout=20", "-rss_limit_mb=4096", "-print_final_stats=1", "-seed=1"]
    program = context.build / preset / "tests" / "fuzz" / name
    return [str(program), *options, f"-artifact_prefix={work / 'found'}/", str(work / "corpus"), str(seeds)]


def _fuzz(context: Context, name: str) -> None:
    outcome = context.run(name, _command(context, "fuzz", name, SECONDS), timeout=SECONDS + 120)
    if not outcome.ok:
        raise StepError(outcome.tail(60))
    if outcome.seconds < SECONDS:
        raise StepError(f"it ran for {outcome.seconds:.0f} s only")
    context.report.passed("fuzz")


def _planted(context: Context, name: str) -> None:
    """The same fuzzer must stumble over the planted bug; the input that did it is harmless to the sound build."""
    command = _command(context, "fuzz-planted", name, PLANTED_SECONDS)
    outcome = context.run(f"{name}-planted", command, timeout=PLANTED_SECONDS + 60)
    found = sorted((context.build / "fuzzing" / "fuzz-planted" / name / "found").iterdir())
    if outcome.ok or not found:
        raise StepError(f"the planted bug was not found: {outcome.tail()}")
    program = context.build / "fuzz" / "tests" / "fuzz" / name
    sound = context.run(f"{name}-sound", [str(program), str(found[0])], timeout=60)
    if not sound.ok:
        raise StepError(f"what was found is no planted bug but a real one: {sound.tail(60)}")
    context.report.say(f"fuzz: {name} found the planted bug after {outcome.seconds:.0f} s")
    context.report.passed("fuzz")


def steps(context: Context) -> list[Step]:
    """Left out where clang or its fuzzer is missing."""
    if not system.has_fuzzer():
        context.skip("fuzz", "fuzzers", "clang and its fuzzer runtime are not installed")
        return []
    made = [
        Step("fuzz", "fuzz build", lambda: _build(context, planted=False), needs=("host",), cost=600),
        Step("fuzz", "fuzz build, planted", lambda: _build(context, planted=True), needs=("host",), cost=500),
    ]
    for name in FUZZERS:

        def fuzz(name: str = name) -> None:
            _fuzz(context, name)

        def planted(name: str = name) -> None:
            _planted(context, name)

        made.append(Step("fuzz", name, fuzz, needs=("fuzz build",), cost=60))
        made.append(Step("fuzz", f"{name}, planted", planted, needs=("fuzz build", "fuzz build, planted"), cost=50))
    return made
