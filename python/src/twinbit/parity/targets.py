"""The machines that parity is shown on: those of embedded/targets, and this host with its compilers."""

from __future__ import annotations

import json
import shlex
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from twinbit.errors import TwinbitError

from .firmware import firmware_root

# QEMU's `-icount shift=6`: an instruction takes 2^6 ns of the machine's time.
NS_PER_INSTRUCTION = 64

HOST_LEVELS = {"O0": "-O0", "O2": "-O2", "O3-native": "-O3 -march=native"}

ORDER = (
    *("cortex-m0", "cortex-m3", "cortex-m4f", "cortex-m7", "cortex-m33", "cortex-m55", "rv32imac", "rv32imafc"),
    *("aarch64", "armv7", "x86-32"),
)


@dataclass(frozen=True)
class Target:
    """A machine and how to build for it.

    Attributes:
        name: as in embedded/targets, or host-COMPILER-LEVEL.
        about: one line for people.
        cc: the C compiler; also links.
        cxx: the C++ compiler.
        flags: of the machine, for every compilation and the link.
        optimise: level, e.g. -Os.
        link: further flags of the link.
        platform: "cortex-m", "riscv" or "hosted".
        command: what runs a program, with {program} for its path.
        clock_mhz: of the counter that counts instructions, 0 if there is none.
    """

    name: str
    about: str
    cc: str
    cxx: str
    flags: tuple[str, ...]
    optimise: tuple[str, ...]
    link: tuple[str, ...]
    platform: str
    command: str
    clock_mhz: int

    @property
    def bare(self) -> bool:
        """Runs without an operating system."""
        return self.platform != "hosted"

    def program_command(self, program: Path) -> list[str]:
        """The command line that runs a program."""
        return [part.replace("{program}", str(program)) for part in shlex.split(self.command)]

    def missing(self) -> list[str]:
        """The tools that this machine lacks for the target; empty if it can be built and run."""
        runner = shlex.split(self.command)[0]
        tools = [self.cc, self.cxx] + ([] if runner == "{program}" else [runner])
        return [tool for tool in tools if shutil.which(tool) is None]

    def instructions(self, ticks: int) -> float | None:
        """Instructions in a number of counter ticks; None where nothing counts."""
        return ticks * 1000 / (self.clock_mhz * NS_PER_INSTRUCTION) if self.clock_mhz else None

    def with_flags(self, name: str, *flags: str, optimise: str | None = None) -> Target:
        """The same machine built otherwise: further flags, which win over the contract's, or another level."""
        level = self.optimise if optimise is None else tuple(shlex.split(optimise))
        return replace(self, name=name, flags=(*self.flags, *flags), optimise=level)


def embedded_target(name: str) -> Target:
    """A target of embedded/targets, as its target.json describes it."""
    text = (firmware_root() / "embedded" / "targets" / name / "target.json").read_text(encoding="utf-8")
    entry = json.loads(text)
    return Target(
        name=name,
        about=entry["about"],
        cc=entry["compiler"] + "gcc",
        cxx=entry["compiler"] + "g++",
        flags=tuple(shlex.split(entry["flags"])),
        optimise=tuple(shlex.split(entry["optimise"])),
        link=tuple(shlex.split(entry["link"])),
        platform=entry["platform"],
        command=entry["command"],
        clock_mhz=entry["clock_mhz"],
    )


def host_target(compiler: str, level: str) -> Target:
    """This machine, by compiler ("gcc", "clang") and level (a key of HOST_LEVELS)."""
    return Target(
        name=f"host-{compiler}-{level}",
        about=f"this machine, {compiler} {HOST_LEVELS[level]}",
        cc=compiler,
        cxx={"gcc": "g++", "clang": "clang++"}[compiler],
        flags=(),
        optimise=tuple(shlex.split(HOST_LEVELS[level])),
        link=("-Wl,-z,now",),  # else the first call through the PLT counts as stack
        platform="hosted",
        command="{program}",
        clock_mhz=0,
    )


def all_targets() -> list[Target]:
    """Every target, hosts first."""
    hosts = [host_target(compiler, level) for compiler in ("gcc", "clang") for level in HOST_LEVELS]
    return [*hosts, *(embedded_target(name) for name in ORDER)]


def find_targets(names: list[str] | None) -> list[Target]:
    """Targets by name; all of them for None. "host" stands for all builds of this machine.

    Raises:
        TwinbitError: a name is not known; the text lists those that are.
    """
    known = all_targets()
    if names is None:
        return known
    chosen: list[Target] = []
    for name in names:
        found = [t for t in known if name == t.name or (name == "host" and t.name.startswith("host-"))]
        if not found:
            raise TwinbitError(f"no target is called {name!r}; there are host, " + ", ".join(t.name for t in known))
        chosen += [t for t in found if t not in chosen]
    return chosen
