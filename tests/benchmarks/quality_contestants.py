"""Which detectors the quality benchmark tries on which data, and how large they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from twinbit import ELM, Autoencoder, Bank, KMeans, Mahalanobis, Subspace
from twinbit.detector import Detector

Arithmetic = Literal["f32", "q15", "q31"]
Make = Callable[[Arithmetic, bool, int], Detector]
"""Arithmetic, whether frames still have to be standardised, seed."""


@dataclass(frozen=True)
class Contestant:
    """A kind of detector in one size.

    Attributes:
        kind: its name in the table.
        size: hidden units or components, and modes.
        make: makes one that has learned nothing.
        components: hidden units or components, of each model; PCA with as many is what digits are compared with.
        seeded: whether it has a seed at all.
        baseline: not one of the autoencoders: printed, nothing is asked of it.
    """

    kind: str
    size: str
    make: Make
    components: int = 0
    seeded: bool = True
    baseline: bool = False


def autoencoder(units: int, rate: float = 0.1, halving: int = 0) -> Contestant:
    """One hidden layer of tanh."""

    def make(arithmetic: Arithmetic, scale: bool, seed: int) -> Autoencoder:
        least = min(rate, 0.001) if halving else 0.0
        return Autoencoder(
            (units,), rate=rate, halving=halving, least_rate=least, seed=seed, arithmetic=arithmetic, scale=scale
        )

    return Contestant("autoencoder", str(units), make, units)


def elm(units: int, gain: int = 0) -> Contestant:
    """±1 hidden weights, tanh."""

    def make(arithmetic: Arithmetic, scale: bool, seed: int) -> ELM:
        return ELM(units, gain=gain, seed=seed, arithmetic=arithmetic, scale=scale)

    return Contestant("elm", str(units), make, units)


def subspace(components: int, amnesic: float = 0.0) -> Contestant:
    """CCIPCA."""

    def make(arithmetic: Arithmetic, scale: bool, _: int) -> Subspace:
        return Subspace(components, amnesic, arithmetic=arithmetic, scale=scale)

    return Contestant("subspace", str(components), make, components, seeded=False)


def bank(of: Contestant, modes: int) -> Contestant:
    """So many modes, each with a scaler and a model."""

    def make(arithmetic: Arithmetic, scale: bool, seed: int) -> Bank:
        inner = of.make(arithmetic, scale, seed)
        assert isinstance(inner, (Autoencoder, ELM, Subspace))
        return Bank(inner, modes)

    return replace(of, kind=f"bank of {of.kind}", size=f"{modes} x {of.size}", make=make)


BASELINES = (
    Contestant("k-means", "8", lambda a, scale, _: KMeans(8, arithmetic=a, scale=scale), 0, False, True),
    Contestant("Mahalanobis", "", lambda a, scale, _: Mahalanobis(arithmetic=a, scale=scale), 0, False, True),
)
MOST_FEATURES_OF_MAHALANOBIS = 256

# A single autoencoder forgets the speeds that it met first unless its rate falls: without halving it has an AUC
# of 0.7 to 0.9 here. Within the modes of a bank nothing depends on the rate.
FAN = (
    *(autoencoder(32, rate=0.01, halving=100), elm(32), subspace(16)),
    *(bank(of, 4) for of in (autoencoder(4), elm(8), subspace(6))),
)
CEILING = (*(autoencoder(3), elm(6), subspace(2)), *(bank(of, 2) for of in (autoencoder(3), elm(6), subspace(2))))
DIGITS = (
    *(autoencoder(16), elm(32, gain=1), subspace(24)),
    *(bank(of, 8) for of in (autoencoder(16), elm(16), subspace(16))),
)


def contestants(data: str, features: int) -> tuple[Contestant, ...]:
    """All that are tried on a data set."""
    tried = FAN if data.startswith("cooling") else CEILING if data.startswith("ceiling") else DIGITS
    fits = [one for one in BASELINES if one.kind != "Mahalanobis" or features <= MOST_FEATURES_OF_MAHALANOBIS]
    return (*tried, *fits)
