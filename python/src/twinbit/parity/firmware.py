"""Where the sources are that firmware is built from: in the checkout, or carried by the installed package."""

from __future__ import annotations

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
    return sorted([*(root / "core").glob("*/*.cpp"), *capi])


def headers(root: Path) -> list[Path]:
    """Every header that a source of core may include."""
    return sorted(
        [*(root / "core").glob("*/*.hpp"), *(root / "capi").glob("*/*.h*"), *(root / "embedded").glob("**/*.h")]
    )
