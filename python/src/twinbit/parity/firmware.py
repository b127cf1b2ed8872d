"""Where the sources are that firmware is built from: in the checkout, or carried by the installed package."""

from __future__ import annotations

import os
from pathlib import Path

from twinbit.errors import FileError


def firmware_root() -> Path:
    """The folder that holds `core`, `capi` and `embedded`.

    Raises:
        FileError: the package was installed without its firmware sources and is not in a checkout.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "firmware", *package.parents):
        if (folder / "embedded" / "targets").is_dir() and (folder / "capi" / "include" / "twinbit.h").is_file():
            return folder
    raise FileError("the firmware sources are neither in the package nor in a checkout around it")


def core_sources(root: Path) -> list[Path]:
    """Every source of the core library that firmware links, without the objects that are for hosts only."""
    capi = [path for path in (root / "capi" / "src").glob("*.cpp") if not path.name.startswith("host_")]
    return sorted([*(root / "core").glob("*/*.cpp"), *(root / "core").glob("*/*.c"), *capi])


KISSFFT = ("kiss_fft.c", "kiss_fft.h", "_kiss_fft_guts.h", "kiss_fft_log.h")
"""What core includes of KissFFT's source."""


def kissfft_folder(root: Path) -> Path:
    """The folder of KissFFT's source, which core/signal includes: every compiler call of core needs it as -isystem.

    In this order: what the environment's KISSFFT_SOURCE_DIR says, the folder that the installed package carries, what a
    CMake build of the checkout fetched.

    Raises:
        FileError: it is nowhere.
    """
    named = os.environ.get("KISSFFT_SOURCE_DIR")
    places = [Path(named)] if named else [root / "kissfft", *sorted(root.glob("build/*/_kissfft/kissfft-*"))]
    for folder in places:
        if all((folder / name).is_file() for name in KISSFFT):
            return folder
    looked = ", ".join(map(str, places))
    raise FileError(f"KissFFT's source is not in {looked}; set KISSFFT_SOURCE_DIR to an unpacked release")


def headers(root: Path) -> list[Path]:
    """Every header that a source of core may include."""
    return sorted(
        [*(root / "core").glob("*/*.h*"), *(root / "capi").glob("*/*.h*"), *(root / "embedded").glob("**/*.h")]
    )
