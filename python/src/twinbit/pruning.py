"""Takes the units that an ELM has pruned out of its recipe and image, so that both shrink.

The image's block of an ELM (capi/IMAGE.md) has a bit for each unit that is out of use, and a row of sums for each unit;
the pruned recipe has bits for the units in use only, and its image no rows of the others.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from twinbit import _core
from twinbit.errors import RangeError, RecipeError
from twinbit.model import Model
from twinbit.recipe import Recipe
from twinbit.recipe_parts import ELM, Arithmetic, DetectorPart

__all__ = ["check_keep", "compact"]

SUMS: dict[Arithmetic, str] = {"f32": "<f4", "q15": "<i4", "q31": "<i8"}

# Fields of the header that say where the monitor stands: updates; frames, in_state, state, alarm.
_STANDING = (slice(28, 32), slice(36, 46))

Numbers = npt.NDArray[np.generic]


def check_keep(keep: int, detector: DetectorPart) -> None:
    """Raises RangeError, with the range, if so many units can't be left in use."""
    if isinstance(detector, ELM) and not 1 <= keep <= len(detector.in_use):
        raise RangeError(f"prune: keep = {keep} is out of range; use 1 to {len(detector.in_use)}")


def _padded(numbers: Numbers) -> bytes:
    data = numbers.tobytes()
    return data + bytes(-len(data) % 8)


def _take(block: bytes, at: int, kind: str, count: int) -> tuple[Numbers, int]:
    """So many numbers of a block, and where the next array begins: at a multiple of 8."""
    numbers = np.frombuffer(block, dtype=kind, count=count, offset=at)
    return numbers, at + -(-numbers.nbytes // 8) * 8


def _compact_block(block: bytes, units: int, features: int, arithmetic: Arithmetic) -> tuple[list[int], bytes]:
    """The rows in use, and the block of the pruned recipe. In F32 the rests of U and V follow them, in their shapes."""
    mask, at = _take(block, 0, "<u4", -(-units // 32))
    out = int.from_bytes(mask.tobytes(), "little")
    rows = [row for row in range(units) if not out >> row & 1]
    triangle = [row * (row + 1) // 2 + column for i, row in enumerate(rows) for column in rows[: i + 1]]
    count, at = _take(block, at, "<u4", 1)
    kept = [np.zeros(-(-len(rows) // 32), dtype="<u4"), count]
    for _ in range(2 if arithmetic == "f32" else 1):
        u, at = _take(block, at, SUMS[arithmetic], units * (units + 1) // 2)
        v, at = _take(block, at, SUMS[arithmetic], units * features)
        kept += [u[triangle], v.reshape(units, features)[rows].ravel()]
    halved, at = _take(block, at, "<u4", 1)
    prepared, _ = _take(block, at, "<u4", 1)
    kept += [halved, np.array([sum(row < prepared[0] for row in rows)], dtype="<u4")]
    return rows, b"".join(map(_padded, kept))


def _detector_block(recipe: Recipe) -> slice:
    """Where the detector's block is in the image: up to the tail, if there is one, else up to the decision."""
    _, _, start, decision, tail = _core.Monitor(recipe.to_bytes()).blocks[:5]
    return slice(start, tail or decision)


def _moved(recipe: Recipe, image: bytes, block: slice, compacted: bytes) -> bytes:
    """The image of the smaller recipe: header and detector's block are its own, the other blocks are the same."""
    core = _core.Monitor(recipe.to_bytes())
    header = bytearray(core.raw()[:64])
    for part in _STANDING:
        header[part] = image[part]
    core.load(bytes(header) + image[64 : block.start] + compacted + image[block.stop :], True)
    return core.save()


def compact(model: Model) -> Model:
    """The model without the units that are out of use. It scores the same bits; images of the two don't merge.

    A candidate and the last good image are not taken along.
    Raises RecipeError for other detectors than ELM, and where a policy keeps blocks of it.
    """
    recipe, detector = model.recipe, model.recipe.detector
    if recipe.policy is not None and recipe.policy.blocks:
        raise RecipeError(
            "pruned: the policy keeps blocks of the larger detector; set blocks = 0 in a recipe, learn again"
        )
    if not isinstance(detector, ELM):
        raise RecipeError(f"pruned: only an ELM can be pruned, and this is {type(detector).__name__}")
    units, block = detector.in_use, _detector_block(recipe)
    features = len(recipe.features)
    rows, compacted = _compact_block(model.image[block], len(units), features, recipe.arithmetic)
    kept = tuple(units[row] for row in rows)
    smaller = replace(recipe, detector=replace(detector, kept=kept if len(kept) < detector.units else ()))
    return Model(smaller, _moved(smaller, model.image, block, compacted))
