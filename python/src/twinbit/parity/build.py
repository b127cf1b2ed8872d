"""Compiles core for a target, once, and links runners with one recipe each."""

from __future__ import annotations

import functools
import hashlib
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .firmware import KISSFFT, core_sources, firmware_root, headers, kissfft_folder
from .targets import Target

# The contract of cmake/contract.cmake and the flags of cmake/core.cmake, in the form of a plain compiler call.
CONTRACT = ("-ffp-contract=off", "-fno-math-errno")
SECTIONS = ("-ffunction-sections", "-fdata-sections")
CORE = ("-std=c++17", "-fno-exceptions", "-fno-rtti", "-fno-threadsafe-statics", *SECTIONS)
C99 = ("-std=gnu99", *SECTIONS)


class BuildError(RuntimeError):
    """A compiler or linker call failed; the text has its command and its words."""


def default_build_dir() -> Path:
    """Where objects are kept between runs: twinbit/parity in the user's cache folder."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "twinbit" / "parity"


def call(command: list[str]) -> str:
    """Runs a tool and returns what it printed."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BuildError(" ".join(command) + "\n" + done.stderr[-4000:])
    return done.stdout


@functools.cache
def compiler_version(compiler: str) -> str:
    """The first line of --version, e.g. "gcc (Debian 12.2.0-14) 12.2.0"."""
    return call([compiler, "--version"]).splitlines()[0]


@functools.cache
def cxx_header_flags(cxx: str, machine: tuple[str, ...]) -> tuple[str, ...]:
    """Flags that give a C++ compiler its standard headers, where its package has none (Debian's bare RISC-V).

    Core needs only headers that are the same everywhere (cstdint, limits, type_traits), so the Arm toolchain's serve.
    """
    probe = [cxx, *machine, "-xc++", "-std=c++17", "-fsyntax-only", "-include", "type_traits", os.devnull]
    if subprocess.run(probe, capture_output=True, check=False).returncode == 0:
        return ()
    spoken = subprocess.run(
        ["arm-none-eabi-g++", "-xc++", "-E", "-v", os.devnull], capture_output=True, text=True, check=False
    ).stderr
    folders = [Path(line.strip()) for line in spoken.splitlines() if line.startswith(" /") and "c++" in line]
    if not folders:
        raise BuildError(f"{cxx} has no C++ headers and arm-none-eabi-g++ has none to lend")
    return ("-nostdinc++", *(f"-isystem{folder}" for folder in (folders[0], folders[0] / "arm-none-eabi")))


def libc_flags(target: Target) -> tuple[str, ...]:
    """Flags that choose the C library, for compiling and linking."""
    specs = {"cortex-m": ("--specs=nano.specs",), "riscv": ("--specs=picolibc.specs",)}
    return specs.get(target.platform, ())


def machine_flags(target: Target) -> tuple[str, ...]:
    """Flags of the machine and its C library."""
    return (*libc_flags(target), *target.flags)


@functools.cache
def _headers_digest(root: Path) -> bytes:
    digest = hashlib.sha256()
    kissfft = kissfft_folder(root)
    for path in [*headers(root), *(kissfft / name for name in KISSFFT)]:
        digest.update(path.read_bytes())
    return digest.digest()


class Builder:
    """Builds for one target into a folder. Objects are found again by the digest of all that they are made of.

    Args:
        target: the machine.
        build_dir: the folder for all targets.
        jobs: compilers that run at once.
    """

    def __init__(self, target: Target, build_dir: Path, jobs: int = 1) -> None:
        self.target = target
        self.root = firmware_root()
        self.folder = build_dir / target.name
        self.folder.mkdir(parents=True, exist_ok=True)
        self.jobs = jobs

    @property
    def flags(self) -> tuple[str, ...]:
        """What decides bits and size: level, contract, machine. Later ones win."""
        return (*self.target.optimise, *CONTRACT, *self.target.flags)

    def compile(self, source: Path, *defines: str) -> Path:
        """One object file. C and assembly go through the C compiler."""
        target, embedded = self.target, self.root / "embedded"
        cxx = source.suffix == ".cpp"
        compiler = target.cxx if cxx else target.cc
        command = [compiler, *(CORE if cxx else C99), *self.flags, *libc_flags(target), *defines]
        if cxx:
            command += cxx_header_flags(target.cxx, machine_flags(target))
        digest = hashlib.sha256(_headers_digest(self.root) + source.read_bytes())
        digest.update("\0".join([*command, compiler_version(compiler), source.name]).encode())
        out = self.folder / f"{source.stem}-{digest.hexdigest()[:16]}.o"
        if not out.exists():
            folders = (self.root / "core", self.root / "capi" / "include", embedded / "targets" / "common")
            partial = out.with_suffix(f".{os.getpid()}.tmp")
            command += [*(f"-I{folder}" for folder in folders), "-isystem", str(kissfft_folder(self.root))]
            call([*command, "-c", str(source), "-o", str(partial)])
            partial.replace(out)
        return out

    def compile_all(self, sources: list[Path]) -> list[Path]:
        """Objects of several sources, `jobs` at a time."""
        with ThreadPoolExecutor(self.jobs) as pool:
            return list(pool.map(self.compile, sources))

    @functools.cached_property
    def core(self) -> list[Path]:
        """The objects of the core library."""
        return self.compile_all(core_sources(self.root))

    @functools.cached_property
    def platform(self) -> list[Path]:
        """The objects of startup code, files and counter."""
        common = self.root / "embedded" / "targets" / "common"
        names = {
            "cortex-m": ["startup_cortex_m.c", "platform_semihosting.c"],
            "riscv": ["startup_riscv.S", "platform_semihosting.c"],
            "hosted": ["platform_hosted.c"],
        }[self.target.platform]
        return self.compile_all([common / name for name in names])

    @functools.cached_property
    def runner(self) -> list[Path]:
        """The objects of the runner and of the platform under it."""
        return [*self.compile_all(sorted((self.root / "embedded" / "runner").glob("*.c"))), *self.platform]

    def link(self, objects: list[Path], out: Path, *extra: str) -> Path:
        """Links objects; unreached functions are dropped. Writes out and out.map."""
        scripts: list[str] = []
        if self.target.bare:
            targets = self.root / "embedded" / "targets"
            script = targets / self._script_folder() / "memory.ld"
            scripts = ["-nostartfiles", f"-L{targets / 'common'}", f"-T{script}"]
        command = [self.target.cc, *self.target.optimise, *machine_flags(self.target), *map(str, objects)]
        call(
            [*command, "-Wl,--gc-sections", f"-Wl,-Map={out}.map", *scripts, *self.target.link, *extra, "-o", str(out)]
        )
        return out

    def _script_folder(self) -> str:
        """Variants of a target (other flags, another name NAME+X) share its linker script."""
        return self.target.name.split("+")[0]
