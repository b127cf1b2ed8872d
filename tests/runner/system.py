"""System packages: which tools are here, which Debian packages would bring the missing ones, installing them."""

from __future__ import annotations

import glob
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from runner.context import Context

Probe = Callable[[], bool]


def has_program(name: str) -> Probe:
    """Is the program on the path?"""
    return lambda: shutil.which(name) is not None


def has_file(*patterns: str) -> Probe:
    """Is there a file of one of these patterns?"""
    return lambda: any(glob.glob(pattern) for pattern in patterns)


def compiler_finds(compiler: str, file: str) -> Probe:
    """Does the compiler know where this library or specs file is?"""

    def probe() -> bool:
        if shutil.which(compiler) is None:
            return False
        command = [compiler, f"-print-file-name={file}"]
        found = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
        return os.path.isabs(found)

    return probe


def has_fuzzer() -> bool:
    """Does clang have the runtime of its fuzzer and sanitizers?"""
    if shutil.which("clang") is None:
        return False
    command = ["clang", "-print-resource-dir"]
    folder = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    return bool(glob.glob(f"{folder}/lib/**/*clang_rt.fuzzer*", recursive=True))


def has_venv() -> bool:
    """Can this Python make virtual environments? Debian packages that part by itself."""
    command = [sys.executable, "-c", "import ensurepip, venv"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def clang_runtime_package() -> str:
    """The package of clang's runtime libraries carries the version of the clang that is installed, or will be."""
    policy = subprocess.run(["apt-cache", "depends", "clang"], capture_output=True, text=True, check=False).stdout
    for word in policy.replace("<", " ").replace(">", " ").split():
        version = word.removeprefix("clang-")
        if word.startswith("clang-") and version.isdigit():
            return f"libclang-rt-{version}-dev"
    return "libclang-rt-dev"


def has_python_headers() -> bool:
    """Can extension modules be compiled for this Python?"""
    return (Path(sysconfig.get_path("include")) / "Python.h").is_file()


def python_headers_package() -> str:
    """Debian's package of the headers of this interpreter."""
    return f"python3.{sys.version_info.minor}-dev"


def python_venv_package() -> str:
    """Debian's package of ensurepip for this interpreter."""
    return f"python3.{sys.version_info.minor}-venv"


@dataclass(frozen=True)
class Tool:
    """A thing that tests need, how to see that it is here, and the Debian package that brings it."""

    package: str | Callable[[], str]
    here: Probe
    labels: frozenset[str]

    @property
    def name(self) -> str:
        """The package's name on this machine."""
        return self.package if isinstance(self.package, str) else self.package()


ALL = frozenset({"unit", "exhaustive", "parity", "budget", "fuzz", "python", "docs"})
NATIVE = frozenset({"unit", "exhaustive"})
TARGETS = frozenset({"parity", "budget"})

TOOLS = [
    Tool(python_venv_package, has_venv, ALL),
    Tool(python_headers_package, has_python_headers, ALL),
    Tool("build-essential", has_program("g++"), ALL),
    Tool("catch2", has_file("/usr/include/catch2", "/usr/local/include/catch2"), NATIVE),
    Tool("clang", has_program("clang++"), frozenset({"unit", "fuzz", "parity"})),
    Tool("clang-tidy", has_program("clang-tidy"), frozenset({"unit"})),
    Tool(clang_runtime_package, has_fuzzer, frozenset({"fuzz"})),
    Tool("gcc-arm-none-eabi", has_program("arm-none-eabi-g++"), TARGETS),
    Tool("libnewlib-arm-none-eabi", compiler_finds("arm-none-eabi-gcc", "libc.a"), TARGETS),
    Tool("libstdc++-arm-none-eabi-newlib", compiler_finds("arm-none-eabi-g++", "libstdc++.a"), TARGETS),
    Tool("gcc-riscv64-unknown-elf", has_program("riscv64-unknown-elf-g++"), TARGETS),
    Tool("picolibc-riscv64-unknown-elf", compiler_finds("riscv64-unknown-elf-gcc", "picolibc.specs"), TARGETS),
    Tool("g++-aarch64-linux-gnu", has_program("aarch64-linux-gnu-g++"), TARGETS),
    Tool("g++-arm-linux-gnueabihf", has_program("arm-linux-gnueabihf-g++"), TARGETS),
    Tool("g++-i686-linux-gnu", has_program("i686-linux-gnu-g++"), TARGETS),
    Tool("qemu-system-arm", has_program("qemu-system-arm"), TARGETS),
    Tool("qemu-system-misc", has_program("qemu-system-riscv32"), TARGETS),
    Tool("qemu-user", has_program("qemu-aarch64"), TARGETS),
]


def missing(labels: list[str]) -> list[Tool]:
    """The tools that these labels use and that this machine lacks."""
    return [tool for tool in TOOLS if tool.labels & set(labels) and not tool.here()]


def _apt(context: Context, *arguments: str) -> bool:
    """Runs apt-get, up to three times, since mirrors fail for a moment now and then."""
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    command = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-y", "-q", *arguments]
    for attempt in range(3):
        if context.run("apt", command, timeout=900).ok:
            return True
        time.sleep(5 * attempt)
    return False


def prepare(context: Context, labels: list[str]) -> None:
    """Installs what is missing if that is allowed, else says what it would install. Reports what stays missing."""
    absent = missing(labels)
    if not absent:
        return
    if context.complete and shutil.which("apt-get"):
        context.report.say("system: apt-get update")
        _apt(context, "update")
        packages = sorted({tool.name for tool in absent})
        context.report.say(f"system: apt-get install {' '.join(packages)}")
        # All at once; if one of them does not exist here, the others one by one.
        if not _apt(context, "install", "--no-install-recommends", *packages):
            for package in packages:
                _apt(context, "install", "--no-install-recommends", package)
            tail = Path(context.build / "logs" / "apt.log").read_text(errors="replace").splitlines()[-20:]
            context.report.say("system: apt-get failed\n" + "\n".join(tail))
        absent = missing(labels)
    elif not context.complete:
        packages = sorted({tool.name for tool in absent})
        context.report.say(
            f"These tools are not here: {' '.join(packages)}\n"
            "Tests that need them are left out. `tests/run --install` would install them, that is\n"
            f"  sudo apt-get update && sudo apt-get install --no-install-recommends {' '.join(packages)}"
        )
    for tool in absent:
        if context.complete:
            for label in sorted(tool.labels & set(labels)):
                context.report.failed(label, f"needs {tool.name}", "it is not here and could not be installed")
