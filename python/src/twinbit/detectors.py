"""Detectors by themselves: what learns and scores inside a monitor, without smoothing, threshold and alarm."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

import numpy.typing as npt

from twinbit import recipe_parts
from twinbit.detector import Detector
from twinbit.errors import RangeError, RecipeError
from twinbit.model import Model
from twinbit.pruning import check_keep, compact
from twinbit.recipe_parts import Activation, Arithmetic, Layer

SINCE = 32  # of an autoencoder's block in the image: frames since its error improved (capi/IMAGE.md)

__all__ = ["ELM", "Autoencoder", "Bank", "Detector", "KMeans", "Mahalanobis", "Subspace"]


def _ended(error: RangeError) -> RangeError:
    """Says of an autoencoder what the core, for which sums may as well be full, can't."""
    text = f"learn: frame {error.frame}: patience is used up, it learns no more; new_epoch() begins anew"
    return RangeError(text, error.status, error.frame)


class KMeans(Detector):
    """Sequential k-means: learns operating modes on line, with no buffer of frames.

    The score is the distance to the nearest centroid in units of that cluster's own spread. It fails where normal is
    one long thin cloud (use `Mahalanobis`), and does not see a wrong combination of values that are normal one by one.

    Args:
        clusters: 1 to 256.
        prior: most frames that start centroids count for in an epoch.
        frozen: centroids stay where the epoch began.
        arithmetic: ``f32``, ``q15`` or ``q31``.
        scale: standardise by the frames of the first `learn`; else give standardised values.

    >>> rng = np.random.default_rng(0)
    >>> modes = np.concatenate([rng.normal(-4, 1, (300, 2)), rng.normal(4, 1, (300, 2))])
    >>> detector = KMeans(clusters=2).learn(rng.permutation(modes))
    >>> near, between = detector.score([[4.0, 4.0], [0.0, 0.0]])
    >>> bool(near < 0 < between)
    True
    """

    def __init__(
        self,
        clusters: int = 8,
        prior: int = 256,
        frozen: bool = False,
        arithmetic: Arithmetic = "q15",
        scale: bool = True,
    ) -> None:
        super().__init__(recipe_parts.KMeans(clusters, prior, frozen), arithmetic, scale)


class Mahalanobis(Detector):
    """Distance from the mean in units of the covariance: one normal mode, correlated channels.

    It sees wrong combinations of values that are normal one by one. It fails where there are several operating modes
    (use `KMeans`), and needs a few times more frames than channels.

    Args:
        shrinkage: 0 (the covariance as learned) to 1 (its diagonal only).
        arithmetic: ``f32``, ``q15`` or ``q31``.
        scale: standardise by the frames of the first `learn`; else give standardised values.

    >>> rng = np.random.default_rng(0)
    >>> x = rng.normal(size=1000)
    >>> frames = np.column_stack([x, x + 0.1 * rng.normal(size=1000)])
    >>> detector = Mahalanobis().learn(frames)
    >>> together, apart = detector.score([[1.0, 1.0], [1.0, -1.0]])
    >>> bool(together < 0.5), bool(apart > 3)
    (True, True)
    """

    def __init__(self, shrinkage: float = 0.01, arithmetic: Arithmetic = "q15", scale: bool = True) -> None:
        super().__init__(recipe_parts.Mahalanobis(shrinkage), arithmetic, scale)


class Autoencoder(Detector):
    """An autoencoder that learns by backpropagation, one frame at a time, in fixed memory.

    Dense layers squeeze a frame through fewer units than it has features and give it back; the score is the size of
    what they get wrong. Steps are normalised, so that one rate serves most data. It needs some hundreds of frames. It
    forgets a mode that it has not met for long (use a `Bank`, or `halving`), and fails where the hidden layer has as
    many units as there are features (it then learns to copy anything). Images of autoencoders can't be merged.

    Args:
        hidden: units of the hidden layers, as numbers or as `Layer`; 1 to 5 layers of 1 to 512 units.
        activation: of the layers given as numbers: ``linear``, ``tanh``, ``sigmoid`` or ``relu``.
        rate: of learning, above 0 up to 0.5.
        momentum: 0 to 0.99; None needs no memory for it.
        decay: share of each weight that a frame takes away, 0 to 0.1.
        halving: frames after which the rate halves, again and again, down to `least_rate`; 0: never.
        least_rate: what the rate does not fall below.
        patience: frames without a better error after which it stops learning; 0: it never stops.
        improvement: octaves by which the smoothed error must fall to count as better.
        output: activation of the output layer; ``linear`` unless frames are limited to its range.
        seed: of the first weights.
        arithmetic: ``f32``, ``q15`` or ``q31``.
        scale: standardise by the frames of the first `learn`; else give standardised values.

    >>> rng = np.random.default_rng(0)
    >>> cause = rng.normal(size=(2000, 1))
    >>> frames = cause * [1.0, 2.0, -1.0] + 0.1 * rng.normal(size=(2000, 3))
    >>> detector = Autoencoder(hidden=(1,)).learn(frames)
    >>> together, apart = detector.score([[1.0, 2.0, -1.0], [1.0, -2.0, -1.0]])
    >>> bool(apart > together + 2)
    True
    """

    def __init__(
        self,
        hidden: Sequence[int | Layer] = (8,),
        activation: Activation = "tanh",
        rate: float = 0.1,
        momentum: float | None = None,
        decay: float = 0.0,
        halving: int = 0,
        least_rate: float = 0.0,
        patience: int = 0,
        improvement: float = 0.01,
        output: Activation = "linear",
        seed: int = 1,
        arithmetic: Arithmetic = "q15",
        scale: bool = True,
    ) -> None:
        layers = tuple(layer if isinstance(layer, Layer) else Layer(layer, activation) for layer in hidden)
        part = recipe_parts.Autoencoder(
            *(layers, output, seed, rate, halving, least_rate, momentum, decay, patience, improvement)
        )
        super().__init__(part, arithmetic, scale)

    def _learn(self, data: npt.NDArray[Any]) -> None:
        """Up to the frame before which patience was used up; RangeError if that was before the first one."""
        try:
            super()._learn(data)
        except RangeError as error:
            if error.frame < 1:
                raise _ended(error) from error
            super()._learn(data[: error.frame])

    @property
    def stopped(self) -> bool:
        """Whether `patience` is used up: it learns no more, and `learn` raises RangeError, until `new_epoch`."""
        part, core = self._recipe.detector, self._ready()
        assert isinstance(part, recipe_parts.Autoencoder)
        since = struct.unpack_from("<I", core.raw(), core.blocks[2] + SINCE)[0]
        return part.patience > 0 and int(since) >= part.patience


class ELM(Detector):
    """An ELM autoencoder: the hidden layer comes from the seed, the output layer is solved in closed form.

    It needs tens of frames and no learning rate. Sums over all frames are what it keeps, so images of devices with the
    same seed merge exactly, and one can be taken out again. The first score after learning solves a system of `units`
    equations. It fails where frames need more units than there is memory for: sums take units * (units + 2 * channels)
    numbers or so.

    Args:
        units: of the hidden layer, 1 to 256.
        activation: of the hidden layer: ``linear``, ``tanh``, ``sigmoid`` or ``relu``.
        gain: octaves by which what goes into the activation is larger than 1 in deviation, -8 to 8.
        ridge: added to the diagonal, in frames: more of it reconstructs less.
        forget: sums are halved whenever they hold so many frames; 0: learning ends at 65,536 frames, and images merge.
        seed: of the hidden layer.
        arithmetic: ``f32``, ``q15`` or ``q31``.
        scale: standardise by the frames of the first `learn`; else give standardised values.

    >>> rng = np.random.default_rng(0)
    >>> cause = rng.normal(size=(200, 1))
    >>> frames = cause * [1.0, 2.0, -1.0] + 0.1 * rng.normal(size=(200, 3))
    >>> detector = ELM(units=4).learn(frames)
    >>> together, apart = detector.score([[1.0, 2.0, -1.0], [1.0, -2.0, -1.0]])
    >>> bool(apart > together + 2)
    True
    """

    def __init__(
        self,
        units: int = 16,
        activation: Activation = "tanh",
        gain: int = 0,
        ridge: float = 1.0,
        forget: int = 0,
        seed: int = 1,
        arithmetic: Arithmetic = "q15",
        scale: bool = True,
    ) -> None:
        super().__init__(recipe_parts.ELM(units, activation, gain, seed, ridge, forget), arithmetic, scale)

    def prune(self, keep: int) -> ELM:
        """Leaves the `keep` hidden units that explain most, and solves again with them.

        Frames cost less; the image keeps its size, `pruned` makes it smaller.
        Raises StateError before `learn`, RangeError for a `keep` below 1 or above the number of units in use.
        """
        core = self._ready()
        check_keep(keep, self._recipe.detector)
        core.prune(keep)
        return self

    def pruned(self) -> ELM:
        """A copy whose recipe and image lack the units that `prune` put out of use. Scores are the same bits."""
        return ELM._of(compact(Model(self._recipe, self.image)))


class Subspace(Detector):
    """Principal components learned on line (CCIPCA): the linear autoencoder, one pass and no learning rate.

    The score is what is left of a frame outside the plane of the components. It keeps (components + 1) * channels
    numbers. It fails where there are several operating modes (use a `Bank` of it), and does not see what moves within
    the plane. Images of subspaces can't be merged.

    Args:
        components: 1 to 32, and fewer than channels.
        amnesic: how much more new frames count than old ones, 0 to 4. At 0 what was met long ago stays.
        window: frames after which older ones are forgotten, 2 to 65536; 0: none.
        arithmetic: ``f32``, ``q15`` or ``q31``.
        scale: standardise by the frames of the first `learn`; else give standardised values.

    >>> rng = np.random.default_rng(0)
    >>> cause = rng.normal(size=(500, 1))
    >>> frames = cause * [1.0, 2.0, -1.0] + 0.1 * rng.normal(size=(500, 3))
    >>> detector = Subspace(components=1).learn(frames)
    >>> together, apart = detector.score([[1.0, 2.0, -1.0], [1.0, -2.0, -1.0]])
    >>> bool(apart > together + 2)
    True
    """

    def __init__(
        self,
        components: int = 4,
        amnesic: float = 0.0,
        window: int = 0,
        arithmetic: Arithmetic = "q15",
        scale: bool = True,
    ) -> None:
        super().__init__(recipe_parts.Subspace(components, amnesic, window), arithmetic, scale)


class Bank(Detector):
    """Finds operating modes on line, each with a scaler and a small model of its own.

    The scaler of each mode matters most: what is a lot at rest is nothing at full speed. A mode with few frames borrows
    scaler and model of its nearest neighbour. `new_epoch` freezes modes and scalers; banks of `ELM` merge after it.
    It fails where normal moves slowly from one state to another without modes.

    Args:
        of: an `Autoencoder`, `ELM` or `Subspace` that has learned nothing; its arithmetic and scale count for the bank.
        modes: most modes, 1 to 16; memory is that of so many models.
        few: frames below which a mode borrows.

    >>> rng = np.random.default_rng(0)
    >>> cause = rng.normal(size=(600, 1))
    >>> rest, work = cause[:300] * [1.0, 1.0, 1.0], 50 + 10 * cause[300:] * [1.0, -1.0, 1.0]
    >>> frames = rng.permutation(np.concatenate([rest, work]) + 0.1 * rng.normal(size=(600, 3)))
    >>> detector = Bank(Subspace(components=1), modes=2).learn(frames)
    >>> normal, as_if_at_work = detector.score([[1.0, 1.0, 1.0], [1.0, -1.0, 1.0]])
    >>> bool(as_if_at_work > normal + 2)
    True
    """

    def __init__(self, of: Autoencoder | ELM | Subspace, modes: int = 4, few: int = 20) -> None:
        if not isinstance(of, (Autoencoder, ELM, Subspace)):
            raise RecipeError(f"bank: {type(of).__name__} is no model for it; give an Autoencoder, ELM or Subspace")
        if of.recipe.is_fitted:
            raise RecipeError(f"bank: this {type(of).__name__} has learned already; give one that has learned nothing")
        part = of.recipe.detector
        assert isinstance(part, (recipe_parts.Autoencoder, recipe_parts.ELM, recipe_parts.Subspace))
        super().__init__(recipe_parts.Bank(part, modes, few), of.recipe.arithmetic, of.recipe.scaler is not None)

    def _learn(self, data: npt.NDArray[Any]) -> None:
        """Leaves out frames of modes whose patience is used up; RangeError if those are all."""
        part = self._recipe.detector
        assert isinstance(part, recipe_parts.Bank)
        if not (isinstance(part.of, recipe_parts.Autoencoder) and part.of.patience):
            super()._learn(data)
            return
        rest, refused = data, []
        while len(rest):
            try:
                super()._learn(rest)
                break
            except RangeError as error:
                refused.append(error)
            super()._learn(rest[: refused[-1].frame])
            rest = rest[refused[-1].frame + 1 :]
        if len(data) and len(refused) == len(data):
            raise _ended(refused[0]) from refused[0]
