"""Where KissFFT comes from: a folder that is named, or an archive with the right digest; else words that help."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import sources

PROJECT = """
cmake_minimum_required(VERSION 3.20)
project(kissfft_alone LANGUAGES C)
add_library(twinbit_contract INTERFACE)
add_library(twinbit_core INTERFACE)
include({module})
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that has nothing but KissFFT in it."""
    module = sources.ROOT / "cmake" / "KissFFT.cmake"
    (tmp_path / "CMakeLists.txt").write_text(PROJECT.format(module=module.as_posix()))
    return tmp_path


def configure(project: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Configures it where neither a network nor apt-get can be reached."""
    programs = project / "programs"
    programs.mkdir()
    for name in ("sh", "as", "ld", "ar", "ranlib"):
        (programs / name).symlink_to(shutil.which(name) or name)
    compiler, cmake, make = (shutil.which(name) for name in ("cc", "cmake", "ninja"))
    assert compiler is not None
    assert cmake is not None
    assert make is not None
    env = {"PATH": str(programs), "HOME": os.environ.get("HOME", "/"), "https_proxy": "http://127.0.0.1:9"}
    base = [cmake, "-S", str(project), "-B", str(project / "build"), "-G", "Ninja", f"-DCMAKE_MAKE_PROGRAM={make}"]
    command = [*base, f"-DCMAKE_C_COMPILER={compiler}", *options]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


def words(outcome: subprocess.CompletedProcess[str]) -> str:
    """What CMake said, without its line breaks."""
    return " ".join(outcome.stderr.split())


def test_without_any_source_the_error_says_what_to_do(project: Path) -> None:
    outcome = configure(project)
    assert outcome.returncode != 0
    assert "-DKISSFFT_SOURCE_DIR=" in words(outcome)
    assert "cmake.define.KISSFFT_SOURCE_DIR" in words(outcome)
    assert "no apt-get" in words(outcome)


def test_a_folder_without_the_source_is_refused(project: Path) -> None:
    outcome = configure(project, f"-DKISSFFT_SOURCE_DIR={project}")
    assert outcome.returncode != 0
    assert f"in KISSFFT_SOURCE_DIR: {project}" in words(outcome)


def test_a_named_folder_needs_no_network(project: Path) -> None:
    folder = project / "kissfft"
    folder.mkdir()
    for name in ("kiss_fft.c", "kiss_fftr.c"):
        (folder / name).write_text("int nothing;\n")
    assert configure(project, f"-DKISSFFT_SOURCE_DIR={folder}").returncode == 0


def test_an_archive_with_another_digest_is_not_used(project: Path) -> None:
    archive = project / "build" / "_kissfft" / "kissfft-131.1.0.tar.gz"
    archive.parent.mkdir(parents=True)
    archive.write_bytes(b"not the release")
    outcome = configure(project)
    assert outcome.returncode != 0
    assert not archive.exists()
