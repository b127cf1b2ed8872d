"""A recipe describes a monitor: input, scaler, one detector, decision. It is plain data and never changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from twinbit.errors import RecipeError
from twinbit.recipe_detectors import check_features
from twinbit.recipe_parts import Arithmetic, Channel, Decision, DetectorPart, Input, KMeans, Scaler, within

if TYPE_CHECKING:
    from twinbit.frames import FramesLike

__all__ = ["Channel", "Cost", "Decision", "Input", "Recipe", "Scaler", "as_recipe"]


@dataclass(frozen=True)
class Cost:
    """Memory of a monitor in bytes. Exact, on every target.

    Attributes:
        image: what was learned; the only part that is saved.
        scratch: needed during a call; monitors that are never used at once may share it.
        plan: derived at start.
    """

    image: int
    scratch: int
    plan: int

    @property
    def ram(self) -> int:
        """All three together."""
        return self.image + self.scratch + self.plan


@dataclass(frozen=True)
class Recipe:
    """A whole monitor, as data.

    A recipe without channels is a template: `fit` chooses channels and numbers of frames from learning data.

    Attributes:
        detector: one of those in `twinbit.recipe_parts`.
        input: channels and missing values.
        scaler: None where values come standardised already.
        decision: from scores to alarms.
        arithmetic: ``f32``, ``q15`` or ``q31``, the same for all parts.
        name: for people.
        period: seconds from frame to frame, None where it is not known; used where frames come without a time.

    >>> Recipe.named("kmeans").detector.clusters
    8
    """

    detector: DetectorPart = field(default_factory=KMeans)
    input: Input = field(default_factory=Input)
    scaler: Scaler | None = field(default_factory=Scaler)
    decision: Decision = field(default_factory=Decision)
    arithmetic: Arithmetic = "q15"
    name: str = "recipe"
    period: float | None = None

    def __post_init__(self) -> None:
        if self.arithmetic not in ("f32", "q15", "q31"):
            raise RecipeError(f"recipe: arithmetic = {self.arithmetic!r} is not known; use f32, q15 or q31")
        if self.period is not None:
            within("period", self.period, 0.001, 4294967.0)
        if self.input.channels:
            check_features(self.detector, len(self.input.features), self.arithmetic)

    @property
    def is_fitted(self) -> bool:
        """Whether channels and numbers of frames are known, so that a monitor can be made."""
        return bool(self.input.channels) and self.decision.learning > 0

    def fit(self, frames: FramesLike, learn: float | None = None) -> Recipe:
        """The recipe with channels and learning part chosen from the first frames of `frames`.

        In: frames, (frames, channels), as for `Monitor.run`. learn: an int is frames, a float below 1 a share of
        them; None takes all. Channels that the recipe has already are kept.
        Raises RecipeError if there are too few frames, ShapeError for other shapes.
        """
        from twinbit.fit import fit_recipe

        return fit_recipe(self, frames, learn)

    def cost(self) -> Cost:
        """Memory that a monitor of this recipe takes, in bytes. Raises RecipeError if it is not fitted."""
        from twinbit import _core

        return Cost(*_core.sizes(self.to_bytes()))

    def selftest(self) -> None:
        """Known answers through the code of this recipe's stages. Raises SelfTestError if bits differ."""
        from twinbit import _core

        _core.selftest(self.to_bytes())

    def to_bytes(self) -> bytes:
        """The canonical binary form, the same for equal recipes. Names, period and shares are not in it."""
        from twinbit.recipe_bytes import pack

        return pack(self)

    @classmethod
    def from_bytes(cls, data: bytes) -> Recipe:
        """A recipe from its canonical binary form. Raises RecipeError if it is damaged or not valid."""
        from twinbit.recipe_bytes import unpack

        return unpack(data)

    def to_toml(self) -> str:
        """The recipe as TOML."""
        from twinbit.recipe_toml import dump

        return dump(self)

    @classmethod
    def from_toml(cls, text: str) -> Recipe:
        """A recipe from TOML. Raises RecipeError that names the key that is wrong."""
        from twinbit.recipe_toml import parse

        return parse(text)

    @classmethod
    def named(cls, name: str) -> Recipe:
        """One of the recipes that come with twinbit, such as ``kmeans``; `twinbit.recipe_files.names` has them all."""
        from twinbit.recipe_files import named

        return named(name)

    @classmethod
    def load(cls, source: str | Path) -> Recipe:
        """A recipe by name, or from a .toml, .tbr or .twinbit file."""
        from twinbit.recipe_files import load

        return load(source)

    def save(self, path: str | Path) -> None:
        """Writes .toml (text) or .tbr (canonical binary), by the ending of the path."""
        from twinbit.recipe_files import save

        save(self, path)


def as_recipe(recipe: Recipe | str | Path) -> Recipe:
    """A recipe as it is, or loaded by its name or path."""
    return recipe if isinstance(recipe, Recipe) else Recipe.load(recipe)
