"""Detectors as the words of capi/RECIPE.md, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from twinbit.recipe_detectors import (
    ACTIVATIONS,
    ELM,
    MAX_DECAY,
    MAX_MOMENTUM,
    SECTIONS,
    Autoencoder,
    Bank,
    DetectorPart,
    Inner,
    KMeans,
    Layer,
    Mahalanobis,
    Subspace,
    section,
)
from twinbit.recipe_fields import Part, part_words, read_part
from twinbit.units import signed, to_q16, to_q31, unsigned

__all__ = ["STAGES", "detector_of", "detector_words", "stage_of"]

STAGES = {
    16: "kmeans",
    17: "mahalanobis",
    18: "autoencoder",
    19: "elm",
    20: "subspace",
    21: "deviation",
    22: "distance",
    23: "boxes",
    24: "bank_autoencoder",
    25: "bank_elm",
    26: "bank_subspace",
    27: "seasonal",
    28: "univariate",
}
"""Detectors by the number of their stage; C symbols are tb_ and this name."""


def stage_of(part: DetectorPart) -> int:
    """The number of a detector's stage.

    >>> stage_of(ELM()), stage_of(Bank(ELM()))
    (19, 25)
    """
    name = f"bank_{section(part.of)}" if isinstance(part, Bank) else section(part)
    return next(stage for stage, known in STAGES.items() if known == name)


def _share(number: float) -> int:
    """A share as Q0.31, where 0 is allowed."""
    return to_q31(number) if number > 0 else 0


def _autoencoder(part: Autoencoder) -> list[int]:
    shape = [signed(part.seed), int(part.momentum is not None), len(part.layers)]
    for layer in part.layers:
        shape += [layer.units, ACTIVATIONS.index(layer.activation)]
    shape.append(ACTIVATIONS.index(part.output))
    rates = [to_q31(part.rate), part.halving, _share(part.least_rate), _share(part.momentum or 0.0)]
    return shape + rates + [_share(part.decay), part.patience, to_q16(part.improvement)]


def _elm(part: ELM) -> list[int]:
    mask = sum(1 << unit for unit in part.in_use)
    masks = [signed(mask >> at & 0xFFFFFFFF) for at in range(0, part.units, 32)]
    shape = [signed(part.seed), part.units, ACTIVATIONS.index(part.activation), part.gain, *masks]
    return [*shape, to_q16(part.ridge), part.forget]


def detector_words(part: DetectorPart) -> list[int]:
    """The words of a detector: those that shape the image, then those of its policy.

    >>> detector_words(Subspace(components=3, amnesic=1.5))
    [3, 98304, 0]
    """
    if isinstance(part, KMeans):
        return [part.clusters, part.prior, int(part.frozen)]
    if isinstance(part, Mahalanobis):
        return [to_q16(part.shrinkage)]
    if isinstance(part, Autoencoder):
        return _autoencoder(part)
    if isinstance(part, ELM):
        return _elm(part)
    if isinstance(part, Subspace):
        return [part.components, to_q16(part.amnesic), part.window]
    if isinstance(part, Part):
        return part_words(part)
    return [part.modes, *detector_words(part.of), part.few]


def _read_autoencoder(words: Iterator[int]) -> Autoencoder:
    seed, memory, count = unsigned(next(words)), next(words), next(words)
    layers = tuple(Layer(next(words), ACTIVATIONS[next(words)]) for _ in range(count))
    output, rate, halving, least = ACTIVATIONS[next(words)], next(words), next(words), next(words)
    momentum, decay, patience, improvement = (next(words) for _ in range(4))
    return Autoencoder(
        *(layers, output, seed, rate / 2**31, halving, least / 2**31),
        momentum=min(momentum / 2**31, MAX_MOMENTUM) if memory else None,  # a word may lie 2^-32 above its limit
        decay=min(decay / 2**31, MAX_DECAY),
        patience=patience,
        improvement=improvement / 65536,
    )


def _read_elm(words: Iterator[int]) -> ELM:
    seed, units, activation, gain = unsigned(next(words)), next(words), ACTIVATIONS[next(words)], next(words)
    mask = sum(unsigned(next(words)) << at for at in range(0, units, 32))
    kept = tuple(unit for unit in range(units) if mask >> unit & 1)
    ridge, forget = next(words) / 65536, next(words)
    return ELM(units, activation, gain, seed, ridge, forget, kept if len(kept) < units else ())


def _read_subspace(words: Iterator[int]) -> Subspace:
    return Subspace(next(words), next(words) / 65536, next(words))


_INNER: dict[str, Callable[[Iterator[int]], Inner]] = {
    "autoencoder": _read_autoencoder,
    "elm": _read_elm,
    "subspace": _read_subspace,
}


def detector_of(stage: int, words: list[int]) -> DetectorPart:
    """A detector from the number of its stage and its words, which the core has checked.

    >>> detector_of(26, [4, 3, 98304, 0, 20])
    Bank(of=Subspace(components=3, amnesic=1.5, window=0), modes=4, few=20)
    """
    name, listed = STAGES[stage], iter(words)
    if name == "kmeans":
        return KMeans(next(listed), next(listed), bool(next(listed)))
    if name == "mahalanobis":
        return Mahalanobis(next(listed) / 65536)
    if name in _INNER:
        return _INNER[name](listed)
    kind = SECTIONS.get(name)
    if kind is not None and issubclass(kind, Part):
        return read_part(kind, listed)
    modes = next(listed)
    return Bank(_INNER[name.removeprefix("bank_")](listed), modes, next(listed))
