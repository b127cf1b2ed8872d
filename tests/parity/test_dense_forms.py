"""Forms of a dense layer written for one chip or another give the bits of the plain one, on that chip."""

from __future__ import annotations

import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from twinbit.parity.build import Builder
from twinbit.parity.targets import Target, all_targets, embedded_target

SOURCE = Path(__file__).with_name("dense_forms.cpp")
SHARED = SOURCE.parents[1] / "unit" / "dense_forms.hpp"
KERNELS = ("linear/dense_fixed.cpp", "linear/dense_float.cpp", "numbers/tanh_q15.cpp")
OTHER_LEVELS = [
    embedded_target(name).with_flags(f"{name}+{level[1:]}", optimise=level)
    for name in ("cortex-m0", "cortex-m4f", "cortex-m55")
    for level in ("-O0", "-O3")
]


@pytest.mark.parametrize("target", [*all_targets(), *OTHER_LEVELS], ids=lambda target: target.name)
def test_every_form_gives_the_same_bits(target: Target, build_dir: Path, require: Callable[[Target], None]) -> None:
    require(target)
    builder = Builder(target, build_dir)
    # The digest of objects knows the headers of core; this one it has to be told.
    version = f"-DFORMS_VERSION={zlib.crc32(SHARED.read_bytes())}u"
    kernels = [builder.compile(builder.root / "core" / name) for name in KERNELS]
    program = builder.folder / "dense_forms.elf"
    builder.link([builder.compile(SOURCE, version), *kernels, *builder.platform], program)
    done = subprocess.run(
        target.program_command(program), capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL
    )
    assert "dense-forms equal" in done.stdout + done.stderr, done.stdout + done.stderr
    assert done.returncode == 0
