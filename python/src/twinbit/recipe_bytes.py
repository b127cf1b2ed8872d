"""The canonical binary form of a recipe, as capi/RECIPE.md says it: little-endian words and a CRC-32."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Any

from twinbit.errors import RecipeError, TwinbitError
from twinbit.recipe import Recipe
from twinbit.recipe_drift import DRIFT_STAGES, CentroidDrift, drift_of, drift_stage, drift_words
from twinbit.recipe_fields import of_words, part_words, read_part
from twinbit.recipe_parts import (
    Arithmetic,
    Centre,
    Channel,
    Decision,
    Framer,
    Input,
    Missing,
    Scaler,
    Steady,
    Tail,
)
from twinbit.recipe_policy import policy_of, policy_words
from twinbit.recipe_signal import Bands, Envelope, Extractor, Lags, Octaves, TimeFeatures, Transform
from twinbit.recipe_words import STAGES, detector_of, detector_words, stage_of
from twinbit.units import to_q16, to_q31

__all__ = ["pack", "parts", "unpack"]

MAGIC = 0x43524254  # "TBRC"
FORMAT = 1
ARITHMETIC: dict[Arithmetic, int] = {"f32": 1, "q15": 2, "q31": 3}
MISSING: tuple[Missing, ...] = ("refuse", "hold", "skip")
INPUT, INPUT_PHASE, INPUT_RAW, INPUT_CLOCK, SCALER, CENTRE = 1, 2, 3, 4, 8, 9
DECISION, STEADY, TAIL, FRAMER, POLICY = 32, 33, 36, 40, 80
INPUTS = {(False, False): INPUT, (False, True): INPUT_PHASE, (True, False): INPUT_RAW, (True, True): INPUT_CLOCK}
"""Stages of inputs, by whether the detector takes raw numbers and whether there is a phase."""
EXTRACTORS: dict[int, type[Extractor]] = {41: TimeFeatures, 42: Bands, 43: Envelope}
TRANSFORMS: dict[int, type[Transform]] = {48: Lags, 49: Octaves}

Words = tuple[int, list[int]]


def _input(part: Input, raw: bool) -> Words:
    words = [len(part.channels), MISSING.index(part.missing)]
    for channel in part.channels:
        words += [channel.offset, channel.shift, channel.unit]
    return INPUTS[raw, part.phase], words


def _number(kinds: dict[int, Any], part: object) -> int:
    """The number of a part's stage."""
    return next(stage for stage, kind in kinds.items() if type(part) is kind)


def _signal(recipe: Recipe) -> Iterator[Words]:
    """From samples to the features that are scaled."""
    if recipe.framer is not None:
        yield FRAMER, recipe.framer.words(len(recipe.input.channels))
        for extractor in recipe.extractors:
            yield _number(EXTRACTORS, extractor), extractor.words(recipe.framer)
    for transform in recipe.transforms:
        yield _number(TRANSFORMS, transform), transform.words()


def _scaler(recipe: Recipe) -> list[Words]:
    if recipe.scaler is None:
        return []
    return [(CENTRE, part_words(recipe.scaler)) if isinstance(recipe.scaler, Centre) else (SCALER, [])]


def _decision(part: Decision | Steady) -> Words:
    phases = [to_q31(part.smoothing), part.scaling, part.learning, part.calibrating]
    if isinstance(part, Steady):
        return STEADY, phases + part_words(part)
    alarm = [to_q31(part.false_alarm_rate), to_q16(part.margin), part.k, part.n, to_q16(part.hysteresis)]
    return DECISION, phases + alarm + [round(part.hold * 1000), round(part.gap * 1000)]


def parts(recipe: Recipe) -> list[Words]:
    """Stage number and words of each part, in the order of the data. Raises RecipeError if it is not fitted."""
    if not recipe.is_fitted:
        raise RecipeError(
            f"recipe {recipe.name!r}: it has no channels or no learning part yet; fit it to data with "
            "Recipe.fit(frames, learn), or with twinbit run FILE --save MODEL"
        )
    detector = (stage_of(recipe.detector), detector_words(recipe.detector))
    head = [_input(recipe.input, recipe.takes_raw), *_signal(recipe), *_scaler(recipe)]
    tail = [(TAIL, part_words(recipe.tail))] if recipe.tail else []
    listed = [*head, detector, *tail, _decision(recipe.decision)]
    return listed + _loop(recipe, listed)


def _loop(recipe: Recipe, before: list[Words]) -> list[Words]:
    """Drift detectors and policy. Blocks to unlearn are as long as the detector's block in the image."""
    if recipe.policy is None:
        return []
    block = _detector_bytes(recipe, before) if recipe.policy.blocks else 0
    learning = recipe.decision.learning
    drifts = [part.beside(learning) if isinstance(part, CentroidDrift) else part for part in recipe.drifts]
    return [*((drift_stage(part), drift_words(part)) for part in drifts), (POLICY, policy_words(recipe.policy, block))]


def _detector_bytes(recipe: Recipe, listed: list[Words]) -> int:
    """Bytes of the detector's block: up to the block behind it."""
    from twinbit import _core

    blocks = _core.Monitor(_packed(recipe.arithmetic, listed)).blocks
    return min(at for at in blocks[3:5] if at > blocks[2]) - blocks[2]


def pack(recipe: Recipe) -> bytes:
    """A recipe in its canonical binary form."""
    return _packed(recipe.arithmetic, parts(recipe))


def _packed(arithmetic: Arithmetic, listed: list[Words]) -> bytes:
    out = struct.pack("<IHBB", MAGIC, FORMAT, ARITHMETIC[arithmetic], len(listed))
    for stage, words in listed:
        out += struct.pack(f"<HH{len(words)}i", stage, len(words), *words)
    return out + struct.pack("<I", zlib.crc32(out))


def _split(data: bytes) -> Iterator[Words]:
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
    return Input(channels, MISSING[words[1]], phase=stage in (INPUT_PHASE, INPUT_CLOCK))


def _read_decision(stage: int, w: list[int]) -> Decision | Steady:
    total = w[1] + w[2] + w[3]
    shares = (w[1] / total, w[2] / total, w[3] / total) if total else Decision.shares
    if stage == STEADY:
        return Steady(w[1], w[2], w[3], shares, w[0] / 2**31, **of_words(Steady, iter(w[4:])))
    return Decision(
        *(w[1], w[2], w[3], shares, w[0] / 2**31, w[4] / 2**31),
        margin=w[5] / 65536,
        k=w[6],
        n=w[7],
        hysteresis=w[8] / 65536,
        hold=w[9] / 1000,
        gap=w[10] / 1000,
    )


def _recipe(listed: list[Words], arithmetic: Arithmetic) -> Recipe:
    """The parts as objects, in whatever order their kinds come."""
    made: dict[str, Any] = {"scaler": None, "extractors": (), "transforms": (), "drifts": ()}
    for stage, words in listed:
        if stage in INPUTS.values():
            made["input"] = _read_input(stage, words)
        elif stage == FRAMER:
            made["framer"] = Framer.of_words(iter(words))
        elif stage in EXTRACTORS:
            made["extractors"] += (EXTRACTORS[stage].of_words(iter(words), made["framer"]),)
        elif stage in TRANSFORMS:
            made["transforms"] += (TRANSFORMS[stage].of_words(iter(words)),)
        elif stage == SCALER:
            made["scaler"] = Scaler()
        elif stage == CENTRE:
            made["scaler"] = read_part(Centre, iter(words))
        elif stage == TAIL:
            made["tail"] = read_part(Tail, iter(words))
        elif stage in DRIFT_STAGES:
            made["drifts"] += (drift_of(stage, iter(words)),)
        elif stage == POLICY:
            made["policy"] = policy_of(words)
        elif stage in STAGES:
            made["detector"] = detector_of(stage, words)
        else:
            made["decision"] = _read_decision(stage, words)
    return Recipe(arithmetic=arithmetic, **made)


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
    return _recipe(list(_split(data)), arithmetic)
