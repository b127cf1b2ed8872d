"""A recipe, and optionally what was learned, as C source that names only the stages in use, so only they link."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from twinbit import _core
from twinbit.errors import FileError, RecipeError
from twinbit.model import Model
from twinbit.parity.firmware import KISSFFT, core_sources, firmware_root, headers, kissfft_folder
from twinbit.recipe import Recipe
from twinbit.recipe_bytes import CENTRE, DECISION, FRAMER, INPUTS, POLICY, SCALER, STEADY, TAIL, parts
from twinbit.recipe_detectors import title
from twinbit.recipe_drift import DRIFT_STAGES
from twinbit.recipe_words import STAGES, stage_of

__all__ = ["identifier", "render", "stage_symbol", "write"]

_NAMES = {
    **dict(zip(INPUTS.values(), ("input", "input_phase", "input_raw", "input_clock"), strict=True)),
    SCALER: "scaler",
    CENTRE: "centre",
    **STAGES,
    DECISION: "decision",
    STEADY: "steady",
    TAIL: "tail",
    FRAMER: "framer",
    41: "time",
    42: "bands",
    43: "envelope",
    48: "lags",
    49: "octaves",
    **DRIFT_STAGES,
    POLICY: "policy",
}
"""Stages by their numbers; C symbols are tb_ and this name."""
_FOR_ALL = (DECISION, STEADY, TAIL, 64, 65, 66, POLICY)
"""Stages that are the same code for every arithmetic: they work on scores."""
_WORD_NAMES = {
    **dict.fromkeys(INPUTS.values(), "input"),
    **dict.fromkeys(STAGES, "detector"),
    CENTRE: "scaler",
    STEADY: "decision",
}
"""What arrays of words are called where it is not the stage's own name."""


def stage_symbol(stage: int, arithmetic: str) -> str:
    """The C name of a stage. What works on scores is the same code for every arithmetic.

    >>> stage_symbol(26, "q15"), stage_symbol(32, "q15")
    ('tb_bank_subspace_q15', 'tb_decision')
    """
    return f"tb_{_NAMES[stage]}" if stage in _FOR_ALL else f"tb_{_NAMES[stage]}_{arithmetic}"


def identifier(name: str) -> str:
    """A name as a C identifier.

    >>> identifier("pump 3.toml"), identifier("3-phase")
    ('pump_3_toml', 'm_3_phase')
    """
    cleaned = re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_").lower()
    if not cleaned:
        raise RecipeError(f"export: no C name can be made of {name!r}; give one with letters, by --name")
    return f"m_{cleaned}" if cleaned[0].isdigit() or cleaned in _KEYWORDS else cleaned


# of C and C++, as far as they are lower-case words that someone could call a machine
_KEYWORDS = {
    *("auto", "break", "case", "char", "class", "const", "continue", "default", "do", "double", "else", "enum"),
    *("extern", "float", "for", "goto", "if", "int", "long", "new", "register", "return", "short", "signed"),
    *("sizeof", "static", "struct", "switch", "this", "typedef", "union", "unsigned", "void", "volatile", "while"),
}


def _lines(numbers: Iterable[object], per_line: int) -> list[str]:
    """Numbers as lines of an initialiser."""
    listed = [str(number) for number in numbers]
    return [", ".join(listed[i : i + per_line]) + "," for i in range(0, len(listed), per_line)]


def _word(number: int) -> str:
    """A 32-bit number in C. -2147483648 is not a literal of C: it is a minus before a number that int can't hold."""
    return "(-2147483647 - 1)" if number == -(2**31) else str(number)


def _array(stages: Sequence[int], at: int, name: str) -> str:
    """The name of the array with a part's words; from the second part of a stage on with a number."""
    before = stages[:at].count(stages[at])
    return f"{name}_{_WORD_NAMES.get(stages[at], _NAMES[stages[at]])}{before + 1 if before else ''}_words"


def _parts(recipe: Recipe, name: str) -> Iterator[dict[str, object]]:
    listed = parts(recipe)
    stages = [stage for stage, _ in listed]
    for at, (stage, words) in enumerate(listed):
        array = _array(stages, at, name) if words else "0"
        per_line = 3 if at == 0 else 12
        head = words[:2] if at == 0 else []
        body = [*_lines(map(_word, head), 2), *_lines(map(_word, words[len(head) :]), per_line)]
        yield {"symbol": stage_symbol(stage, recipe.arithmetic), "array": array, "count": len(words), "lines": body}


def render(
    recipe: Recipe, name: str, image: bytes | None = None, static: bool = False, good: bytes = b""
) -> dict[str, str]:
    """The files of an export, by their names.

    In: a fitted recipe; name, a C identifier that prefixes everything; image, a sealed image of that recipe to start
    from; good, what its policy goes back to; static, also a C++ file that holds the memory, with its size fixed at
    compile time.
    Raises RecipeError if the recipe is not fitted.
    """
    cost = recipe.cost()
    listed = list(_parts(recipe, name))
    environment = Environment(
        loader=PackageLoader("twinbit"), trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined,
        keep_trailing_newline=True, autoescape=False,
    )  # fmt: skip
    values = {
        "name": name,
        "upper": name.upper(),
        "recipe": recipe,
        "detector": title(recipe.detector),
        "detector_symbol": stage_symbol(stage_of(recipe.detector), recipe.arithmetic),
        "features": len(recipe.features),
        "needs_tools": recipe.policy is not None and recipe.policy.kind == "adapt",
        "attached": recipe.policy.attached if recipe.policy else (),
        "cost": cost,
        "parts": listed,
        "image": _lines((f"0x{byte:02x}" for byte in image), 16) if image else [],
        "good": _lines((f"0x{byte:02x}" for byte in good), 16) if image and good else [],
        "version": _core.VERSION,
        "numerics": _core.NUMERICS_VERSION,
    }
    wanted = {f"{name}.h": "export.h.j2", f"{name}.c": "export.c.j2", "THIRD_PARTY_NOTICES.txt": "notices.txt.j2"}
    if static:
        wanted |= {f"{name}_static.hpp": "export_static.hpp.j2", f"{name}_static.cpp": "export_static.cpp.j2"}
    return {file: environment.get_template(template).render(values) for file, template in wanted.items()}


def _copy_sources(folder: Path) -> list[Path]:
    """The core's sources for firmware, in their own folder tree."""
    try:
        root = firmware_root()
    except FileNotFoundError as error:
        raise FileError(f"export: {error}; install twinbit again, or leave the sources out") from error
    copied = []
    extra = [path for path in (root / "LICENSE",) if path.is_file()]
    here = [path for path in headers(root) if "embedded" not in path.relative_to(root).parts]
    chosen = {*core_sources(root), *here, *(root / "capi" / "include").glob("*.h"), *extra}
    for path in sorted(path for path in chosen if not path.name.startswith(("host_", "twinbit_host"))):
        target = folder / "twinbit" / path.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        copied.append(target)
    return copied + _copy_kissfft(folder / "twinbit" / "kissfft", root)


def _copy_kissfft(folder: Path, root: Path) -> list[Path]:
    """KissFFT's source with its licence."""
    source = kissfft_folder(root)
    folder.mkdir(parents=True, exist_ok=True)
    copied = []
    for name in (*KISSFFT, "COPYING", "BSD-3-Clause"):
        path = next((place for place in (source / name, source / "LICENSES" / name) if place.is_file()), None)
        if path is not None:
            copied.append(folder / name)
            shutil.copyfile(path, copied[-1])
    return copied


def write(
    source: Model | Recipe,
    folder: str | Path,
    name: str | None = None,
    image: bool = True,
    static: bool = False,
    sources: bool = False,
) -> list[Path]:
    """Writes an export into a folder and returns the files.

    In: source, a model or a fitted recipe; image, put a model's learned image in; static, add the C++ file; sources,
    add the core's sources, so that the folder is all that a firmware project needs.
    Raises FileError if a file can't be written, RecipeError if the recipe is not fitted.
    """
    recipe = source.recipe if isinstance(source, Model) else source
    learned, good = (source.image, source.good) if isinstance(source, Model) and image else (None, b"")
    folder, written = Path(folder), []
    files = render(recipe, identifier(name or recipe.name), learned, static, good)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in files.items():
            (folder / file).write_text(text, encoding="utf-8")
            written.append(folder / file)
        return written + (_copy_sources(folder) if sources else [])
    except OSError as error:
        raise FileError(f"{folder}: it can't be written ({error.strerror}); choose another folder") from error
