"""The detectors of a recipe, as data. Each checks its own ranges; capi/RECIPE.md has the same ones as words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

from twinbit.errors import RecipeError
from twinbit.recipe_plain import Boxes, Deviation, Distance, Seasonal, Univariate
from twinbit.recipe_ranges import one_of, within

__all__ = [
    "ACTIVATIONS",
    "ELM",
    "RAW",
    "SECTIONS",
    "Activation",
    "Autoencoder",
    "Bank",
    "DetectorPart",
    "Inner",
    "KMeans",
    "Layer",
    "Mahalanobis",
    "Subspace",
    "check_features",
    "section",
    "title",
]

Activation = Literal["linear", "tanh", "sigmoid", "relu"]
ACTIVATIONS: tuple[Activation, ...] = get_args(Activation)

MAX_LAYERS, MAX_WIDTH, MAX_UNITS, MAX_COMPONENTS, MAX_MODES, MAX_SEED = 5, 512, 256, 32, 16, 2**32 - 1
MAX_FRAMES = 2**31 - 1
MAX_MOMENTUM, MAX_DECAY = 0.99, 0.1


@dataclass(frozen=True)
class KMeans:
    """Sequential k-means: the distance to the nearest centroid in units of that cluster's spread.

    Attributes:
        clusters: 1 to 256.
        prior: most frames that the start centroids count for in an epoch, 0 to 65536.
        frozen: centroids stay where the epoch began; then merging equals learning on the union.
    """

    clusters: int = 8
    prior: int = 256
    frozen: bool = False

    def __post_init__(self) -> None:
        within("clusters", self.clusters, 1, 256)
        within("prior", self.prior, 0, 65536)


@dataclass(frozen=True)
class Mahalanobis:
    """Distance from the mean in units of the covariance, shrunk towards its diagonal.

    Attributes:
        shrinkage: 0 (the covariance as learned) to 1 (its diagonal only).
    """

    shrinkage: float = 0.01

    def __post_init__(self) -> None:
        within("shrinkage", self.shrinkage, 0.0, 1.0)


@dataclass(frozen=True)
class Layer:
    """A hidden layer of an autoencoder.

    Attributes:
        units: 1 to 512.
        activation: ``linear``, ``tanh``, ``sigmoid`` or ``relu``.
    """

    units: int
    activation: Activation = "tanh"

    def __post_init__(self) -> None:
        within("units of a layer", self.units, 1, MAX_WIDTH)
        one_of("activation of a layer", self.activation, ACTIVATIONS)


@dataclass(frozen=True)
class Autoencoder:
    """Dense layers that learn by backpropagation, one frame at a time, to give back what goes in.

    Attributes:
        layers: 1 to 5 hidden layers; the output layer has as many units as there are features.
        output: activation of the output layer.
        seed: of the first weights, 0 to 2^32 - 1.
        rate: of learning, above 0 up to 0.5; a layer's step is rate / (1 + |its input|^2).
        halving: frames after which the rate halves, again and again; 0: never.
        least_rate: what the rate does not fall below.
        momentum: 0 to 0.99; None needs no memory for it.
        decay: share of each weight that a frame takes away, 0 to 0.1.
        patience: frames without a better error after which learning ends; 0: it never ends.
        improvement: octaves by which the smoothed error must fall to count as better, 0 to 24.
    """

    layers: tuple[Layer, ...] = (Layer(8),)
    output: Activation = "linear"
    seed: int = 1
    rate: float = 0.1
    halving: int = 0
    least_rate: float = 0.0
    momentum: float | None = None
    decay: float = 0.0
    patience: int = 0
    improvement: float = 0.01

    def __post_init__(self) -> None:
        within("number of hidden layers", len(self.layers), 1, MAX_LAYERS)
        one_of("output", self.output, ACTIVATIONS)
        within("seed", self.seed, 0, MAX_SEED)
        within("rate", self.rate, 2.0**-31, 0.5)
        within("halving", self.halving, 0, MAX_FRAMES)
        within("least_rate", self.least_rate, 0.0, 0.5)
        within("momentum", self.momentum or 0.0, 0.0, MAX_MOMENTUM)
        within("decay", self.decay, 0.0, MAX_DECAY)
        within("patience", self.patience, 0, MAX_FRAMES)
        within("improvement", self.improvement, 0.0, 24.0)


@dataclass(frozen=True)
class ELM:
    """An extreme learning machine: a hidden layer out of the seed, the output layer in closed form.

    Attributes:
        units: of the hidden layer, 1 to 256.
        activation: of the hidden layer.
        gain: octaves by which what goes into the activation is larger (or smaller) than 1 in deviation, -8 to 8.
        seed: of the hidden weights, 0 to 2^32 - 1. Devices merge only with the same one.
        ridge: added to the diagonal, in frames, 2^-16 to 32767: more of it reconstructs less.
        forget: sums are halved whenever they hold so many frames, 2 to 65536; 0: learning ends at 65,536 frames, and
            images merge.
        kept: numbers of the units in use, ascending, in a pruned recipe; empty: all.
    """

    units: int = 16
    activation: Activation = "tanh"
    gain: int = 0
    seed: int = 1
    ridge: float = 1.0
    forget: int = 0
    kept: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        within("units", self.units, 1, MAX_UNITS)
        one_of("activation", self.activation, ACTIVATIONS)
        within("gain", self.gain, -8, 8)
        within("seed", self.seed, 0, MAX_SEED)
        within("ridge", self.ridge, 2.0**-16, 32767.0)
        if self.forget:
            within("forget", self.forget, 2, 65536)
        if list(self.kept) != sorted(set(self.kept)) or any(not 0 <= unit < self.units for unit in self.kept):
            raise RecipeError(
                f"recipe: kept = {list(self.kept)} should be unit numbers from 0 to {self.units - 1}, ascending"
            )

    @property
    def in_use(self) -> tuple[int, ...]:
        """Numbers of the units in use."""
        return self.kept or tuple(range(self.units))


@dataclass(frozen=True)
class Subspace:
    """Principal components, learned on line (CCIPCA): the linear autoencoder.

    Attributes:
        components: 1 to 32.
        amnesic: how much more new frames count than old ones, 0 to 4. At 0 what was met long ago stays.
        window: frames after which older ones are forgotten, 2 to 65536; 0: none, the weight falls to that of 65536.
    """

    components: int = 4
    amnesic: float = 0.0
    window: int = 0

    def __post_init__(self) -> None:
        within("components", self.components, 1, MAX_COMPONENTS)
        within("amnesic", self.amnesic, 0.0, 4.0)
        if self.window:
            within("window", self.window, 2, 65536)


Inner: TypeAlias = "Autoencoder | ELM | Subspace"


@dataclass(frozen=True)
class Bank:
    """Finds operating modes on line; each has a scaler and a model of its own.

    Attributes:
        of: the model of each mode: `Autoencoder`, `ELM` or `Subspace`.
        modes: most modes, 1 to 16.
        few: frames below which a mode is scored by its nearest neighbour's scaler and model, 1 to 65536.
    """

    of: Inner = field(default_factory=Subspace)
    modes: int = 4
    few: int = 20

    def __post_init__(self) -> None:
        if not isinstance(self.of, (Autoencoder, ELM, Subspace)):
            found = type(self.of).__name__
            raise RecipeError(f"recipe: a bank of {found} is not known; use Autoencoder, ELM or Subspace")
        within("modes", self.modes, 1, MAX_MODES)
        within("few", self.few, 1, 65536)


DetectorPart: TypeAlias = (
    "KMeans | Mahalanobis | Autoencoder | ELM | Subspace | Bank | Deviation | Distance | Boxes | Seasonal | Univariate"
)

SECTIONS: dict[str, type[DetectorPart]] = {
    "kmeans": KMeans,
    "mahalanobis": Mahalanobis,
    "autoencoder": Autoencoder,
    "elm": ELM,
    "subspace": Subspace,
    "bank": Bank,
    "deviation": Deviation,
    "distance": Distance,
    "boxes": Boxes,
    "seasonal": Seasonal,
    "univariate": Univariate,
}
"""Detectors by the name that they have in TOML."""


def section(part: DetectorPart) -> str:
    """The name of a detector in TOML.

    >>> section(KMeans()), section(Bank())
    ('kmeans', 'bank')
    """
    return next(name for name, kind in SECTIONS.items() if type(part) is kind)


def title(part: DetectorPart) -> str:
    """What a detector is, for people.

    >>> title(KMeans()), title(Bank(ELM()))
    ('KMeans', 'Bank of ELM')
    """
    return f"Bank of {type(part.of).__name__}" if isinstance(part, Bank) else type(part).__name__


RAW: tuple[type[DetectorPart], ...] = (Deviation, Boxes, Seasonal, Univariate)
"""Detectors that bring their own scale: they take what the input or the features give, without a scaler between."""

_FOR_DISTANCE = {"diagonal": 1024, "shared": 256}
"""Most features of a distance."""

_WIDEST = {"f32": 4096, "q15": 1023, "q31": 512}
"""Most features of an autoencoder: what its sums are exact for."""


def check_features(part: DetectorPart, features: int, arithmetic: str) -> None:
    """Raises RecipeError where a detector does not go with so many features."""
    if isinstance(part, Bank):
        check_features(part.of, features, arithmetic)
        within("with a bank the number of features", features, 1, 1024)
    if isinstance(part, Subspace):
        within(f"with {features} features components", part.components, 1, features)
    if isinstance(part, (Mahalanobis, Deviation)):
        within(f"with {type(part).__name__} the number of features", features, 1, 256)
    if isinstance(part, Distance):
        within(f"with a {part.kind} Distance the number of features", features, 1, _FOR_DISTANCE[part.kind])
    if isinstance(part, (Boxes, Seasonal)):
        within(f"with {type(part).__name__} the number of features", features, 1, 32)
    if isinstance(part, Univariate):
        within("with Univariate the number of channels", features, 1, 1)
    if isinstance(part, Autoencoder):
        within(f"with an autoencoder in {arithmetic} the number of features", features, 1, _WIDEST[arithmetic])
