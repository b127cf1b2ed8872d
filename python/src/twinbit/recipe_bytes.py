"""The canonical binary form of a recipe, as capi/RECIPE.md says it: little-endian words and a CRC-32."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from twinbit.errors import RecipeError, TwinbitError
from twinbit.recipe import Recipe
from twinbit.recipe_parts import Arithmetic, Channel, Decision, Input, Missing, Scaler
from twinbit.recipe_words import STAGES, detector_of, detector_words, stage_of
from twinbit.units import to_q16, to_q31

__all__ = ["pack", "parts", "unpack"]

MAGIC = 0x43524254  # "TBRC"
FORMAT = 1
ARITHMETIC: dict[Arithmetic, int] = {"f32": 1, "q15": 2, "q31": 3}
MISSING: tuple[Missing, ...] = ("refuse", "hold", "skip")
INPUT, INPUT_PHASE, SCALER, DECISION = 1, 2, 8, 32

Part = tuple[int, list[int]]


def _input(part: Input) -> Part:
    words = [len(part.channels), MISSING.index(part.missing)]
    for channel in part.channels:
        words += [channel.offset, channel.shift, channel.unit]
    return (INPUT_PHASE if part.phase else INPUT), words


def _decision(part: Decision) -> Part:
    rates = [to_q31(part.smoothing), part.scaling, part.learning, part.calibrating, to_q31(part.false_alarm_rate)]
    alarm = [to_q16(part.margin), part.k, part.n, to_q16(part.hysteresis)]
    return DECISION, rates + alarm + [round(part.hold * 1000), round(part.gap * 1000)]


def parts(recipe: Recipe) -> list[Part]:
    """Stage number and words of each part, in the order of the data. Raises RecipeError if it is not fitted."""
    if not recipe.is_fitted:
        raise RecipeError(
            f"recipe {recipe.name!r}: it has no channels or no learning part yet; fit it to data with "
            "Recipe.fit(frames, learn), or with twinbit run FILE --save MODEL"
        )
    scaler: list[Part] = [] if recipe.scaler is None else [(SCALER, [])]
    detector = (stage_of(recipe.detector), detector_words(recipe.detector))
    return [_input(recipe.input), *scaler, detector, _decision(recipe.decision)]


def pack(recipe: Recipe) -> bytes:
    """A recipe in its canonical binary form."""
    listed = parts(recipe)
    out = struct.pack("<IHBB", MAGIC, FORMAT, ARITHMETIC[recipe.arithmetic], len(listed))
    for stage, words in listed:
        out += struct.pack(f"<HH{len(words)}i", stage, len(words), *words)
    return out + struct.pack("<I", zlib.crc32(out))


def _split(data: bytes) -> Iterator[Part]:
    at, end = 8, len(data) - 4
    for _ in range(data[7]):
        stage, count = struct.unpack_from("<HH", data, at)
        if at + 4 + 4 * count > end:
            raise RecipeError("recipe: the bytes end inside a part; read the file again, whole")
        yield stage, list(struct.unpack_from(f"<{count}i", data, at + 4))
        at += 4 + 4 * count


def _read_input(stage: int, words: list[int]) -> Input:
    rows = zip(words[2::3], words[3::3], words[4::3], strict=True)
    channels = tuple(Channel(f"x{i}", *row) for i, row in enumerate(rows))
    return Input(channels, MISSING[words[1]], phase=stage == INPUT_PHASE)


def _read_decision(w: list[int]) -> Decision:
    total = w[1] + w[2] + w[3]
    shares = (w[1] / total, w[2] / total, w[3] / total) if total else Decision.shares
    return Decision(
        *(w[1], w[2], w[3], shares, w[0] / 2**31, w[4] / 2**31),
        margin=w[5] / 65536,
        k=w[6],
        n=w[7],
        hysteresis=w[8] / 65536,
        hold=w[9] / 1000,
        gap=w[10] / 1000,
    )


def unpack(data: bytes) -> Recipe:
    """A recipe from its canonical binary form, checked by the core before it is read."""
    from twinbit import _core

    try:
        data = _core.canonical(bytes(data))
    except TwinbitError as error:
        raise RecipeError(
            f"recipe: these {len(data)} bytes are no valid recipe ({error.name}); write it again with Recipe.save()",
            error.status,
        ) from error
    arithmetic = next(name for name, number in ARITHMETIC.items() if number == data[6])
    found = dict(_split(data))
    stage = INPUT if INPUT in found else INPUT_PHASE
    detector = next(number for number in found if number in STAGES)
    return Recipe(
        detector_of(detector, found[detector]),
        _read_input(stage, found[stage]),
        Scaler() if SCALER in found else None,
        _read_decision(found[DECISION]),
        arithmetic,
    )
