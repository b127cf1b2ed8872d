"""A recipe describes a monitor, part by part from the input to the decision. It is plain data and never changes."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twinbit.errors import RecipeError
from twinbit.recipe_cost import Cost
from twinbit.recipe_detectors import RAW, check_features
from twinbit.recipe_drift import DriftPart
from twinbit.recipe_parts import (
    Arithmetic,
    Centre,
    Channel,
    Decision,
    DetectorPart,
    Framer,
    Input,
    KMeans,
    Scaler,
    Seasonal,
    Steady,
    Tail,
    Univariate,
    within,
)
from twinbit.recipe_policy import DriftLike, Policy, PolicyKind, check_adapting, check_loop, drift_parts, other_policy
from twinbit.recipe_signal import Extractor, Transform, at_rate, for_window

if TYPE_CHECKING:
    from twinbit.frames import FramesLike

__all__ = ["Channel", "Cost", "Decision", "Input", "Recipe", "Scaler", "as_recipe"]


@dataclass(frozen=True)
class Recipe:
    """A whole monitor, as data.

    A recipe without channels is a template: `fit` chooses channels and numbers of frames from learning data.

    Attributes:
        detector: one of those in `twinbit.recipe_parts`.
        input: channels and missing values.
        scaler: `Scaler`, `Centre`, or None where values come standardised already and where the detector brings its
            own scale.
        decision: from scores to alarms.
        arithmetic: ``f32``, ``q15`` or ``q31``, the same for all parts.
        name: for people.
        period: seconds from frame to frame, None where it is not known; used where frames come without a time. With a
            framer its rate and hop say it.
        framer: makes frames of a stream of samples; None where frames come as they are.
        extractors: what features a framer's windows become, one after the other.
        transforms: what becomes of the features, one after the other.
        tail: makes of a detector's score how rare it is; None leaves it as it is.
        drifts: what tells when normal moves, one drift detector or a few.
        policy: what the monitor does then; None where normal stays as it was learned.

    >>> Recipe.named("kmeans").detector.clusters
    8
    """

    detector: DetectorPart = field(default_factory=KMeans)
    input: Input = field(default_factory=Input)
    scaler: Scaler | Centre | None = field(default_factory=Scaler)
    decision: Decision | Steady = field(default_factory=Decision)
    arithmetic: Arithmetic = "q15"
    name: str = "recipe"
    period: float | None = None
    framer: Framer | None = None
    extractors: tuple[Extractor, ...] = ()
    transforms: tuple[Transform, ...] = ()
    tail: Tail | None = None
    drifts: tuple[DriftPart, ...] = ()
    policy: Policy | None = None

    def __post_init__(self) -> None:
        if self.arithmetic not in ("f32", "q15", "q31"):
            raise RecipeError(f"recipe: arithmetic = {self.arithmetic!r} is not known; use f32, q15 or q31")
        if self.period is not None:
            within("period", self.period, 0.001, 4294967.0)
        self._check_chain()
        check_loop(self.drifts, self.policy, self.takes_raw)
        if self.input.channels:
            check_features(self.detector, len(self.features) - int(self.takes_clock), self.arithmetic)

    def _check_chain(self) -> None:
        """Raises RecipeError where parts do not go together."""
        if (self.framer is None) != (not self.extractors):
            missing = "[[features]] that its windows become" if self.framer else "a [framer] that gives them windows"
            raise RecipeError(f"recipe: it has {'a framer' if self.framer else 'features'} but no {missing}")
        if self.framer and self.period is not None:
            raise RecipeError("recipe: with a framer its rate and hop say the period; take period out, set framer.rate")
        if self.framer and self.input.channels:
            self.framer.check_axes(len(self.input.channels))
        if self.framer and self.input.phase:
            raise RecipeError("recipe: a phase does not go with a framer; take phase out of the input")
        if (self.framer or self.transforms) and self.takes_standardised:
            raise RecipeError("recipe: features need a [scaler], or a [centre] where they are octaves; add one")
        if self.takes_raw and self.scaler is not None:
            kind = type(self.detector).__name__
            raise RecipeError(f"recipe: {kind} brings its own scale; take the scaler out (scaler=None in Python)")
        if self.takes_clock != (self.takes_raw and self.input.phase):
            wanted = "needs a phase" if self.takes_clock else "takes no phase"
            raise RecipeError(f"recipe: {type(self.detector).__name__} {wanted}; set input.phase, or bins to 1")

    @property
    def takes_raw(self) -> bool:
        """Whether the detector brings its own scale, so that there is no scaler."""
        return isinstance(self.detector, RAW)

    @property
    def takes_clock(self) -> bool:
        """Whether the detector tells times of day apart, by the phase."""
        return isinstance(self.detector, (Seasonal, Univariate)) and self.detector.bins > 1

    @property
    def takes_standardised(self) -> bool:
        """Whether values come standardised already: nothing scales them on their way."""
        return self.scaler is None and not self.takes_raw

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the features that the detector sees, in order."""
        names = (*self.input.names, "time of day") if self.takes_clock else self.input.features
        if self.framer is not None:
            framer, axes = self.framer, names
            names = tuple(name for part in self.extractors for name in part.names(axes, framer))
        for part in self.transforms:
            names = part.names(names)
        return names

    @property
    def frame_period(self) -> float | None:
        """Seconds from frame to frame; None where it is not known."""
        return self.framer.period if self.framer else self.period

    @property
    def is_fitted(self) -> bool:
        """Whether channels and numbers of frames are known, so that a monitor can be made."""
        return bool(self.input.channels) and self.decision.learning > 0

    def check_untimed(self) -> None:
        """Raises RecipeError if frames that come without a time are not enough for this recipe."""
        decision = self.decision
        if isinstance(decision, Decision) and decision.hold > 0 and self.frame_period is None:
            raise RecipeError(
                f"recipe: hold = {decision.hold} s needs time; give dt, frames with a DatetimeIndex, or period (with a "
                "framer its rate) in the recipe"
            )

    def frames_in(self, samples: int) -> int:
        """Frames that so many rows of data make: as many, or with a framer the whole windows."""
        return self.framer.frames(samples) if self.framer else samples

    def samples_of(self, frames: int) -> int:
        """Rows of data that so many frames take."""
        return self.framer.samples(frames) if self.framer else frames

    def at_rate(self, rate: float) -> Recipe:
        """The recipe for samples that come at this rate, in Hz. Window and hop keep their time if they have one.

        Where features take transforms of a whole window its length becomes the nearest one that these can have;
        transforms of a part of it become no longer than it.
        Raises RecipeError for a recipe without a framer.
        """
        if self.framer is None:
            raise RecipeError("recipe: a rate is for recipes with a framer; this one takes frames, not samples")
        framer = at_rate(self.framer, rate, self.extractors)
        return replace(self, framer=framer, extractors=for_window(self.extractors, framer.window))

    def at_period(self, seconds: float) -> Recipe:
        """The recipe for frames that come every so many seconds instead of its own period.

        Numbers of frames in Univariate, Seasonal, Tail and Steady become between what they were and what would keep
        their time (the root of the ratio), which generalises best; all else stays.
        Raises RecipeError for a recipe without a period.
        """
        if self.period is None:
            raise RecipeError("recipe: it has no period to change; set one")
        factor = math.sqrt(self.period / seconds)
        detector, decision = self.detector, self.decision
        return replace(
            self,
            detector=detector.at(factor) if isinstance(detector, (Univariate, Seasonal)) else detector,
            decision=decision.at(factor) if isinstance(decision, Steady) else decision,
            tail=self.tail.at(factor) if self.tail else None,
            period=seconds,
        )

    def fit(self, frames: FramesLike, learn: float | None = None) -> Recipe:
        """The recipe with channels and learning part chosen from the first frames of `frames`.

        In: frames, (frames, channels), as for `Monitor.run`; samples where the recipe has a framer. learn: an int is
        frames (windows, with a framer), a float below 1 a share of them; None takes all. Channels that the recipe has
        already are kept.
        Raises RecipeError if there are too few frames, ShapeError for other shapes.
        """
        from twinbit.fit import fit_recipe

        return fit_recipe(self, frames, learn)

    def with_policy(self, kind: PolicyKind, drift: DriftLike | None = None, **words: Any) -> Recipe:
        """The recipe with a policy for when normal moves: ``tell``, ``freeze``, ``adapt``, ``relearn`` or ``ask``.

        In: drift, what tells that it moves, one or several of these. A kind by its name, ``page_hinkley``, ``adwin``,
        ``ks`` or ``centroid``: its defaults here are made for what a monitor gives it. A drift detector of
        `twinbit.recipe_parts`, with the same defaults, for other settings. One of `twinbit.drift`, with the settings
        that it has: its defaults are made for single values that are independent of each other, most of them River's,
        and on scores they tell late or are wrong often. None takes those that the recipe has, else a ``page_hinkley``
        where the policy needs one. words: fields of `Policy`, such as persist; the others stay as they are in a policy
        that the recipe has.
        Raises RecipeError for what is no drift detector, and for a `twinbit.drift.CentroidDrift` whose arithmetic is
        not the recipe's, and for ``adapt`` with a detector that adapts by itself.

        >>> recipe = Recipe.named("kmeans").with_policy("relearn", drift=["page_hinkley", "centroid"], persist=300)
        >>> [type(part).__name__ for part in recipe.drifts]
        ['PageHinkley', 'CentroidDrift']
        """
        policy = other_policy(self.policy, kind, words)
        check_adapting(self.detector, policy)
        return replace(self, policy=policy, drifts=drift_parts(drift, self.drifts, policy, self.arithmetic))

    def cost(self) -> Cost:
        """Memory that a monitor of this recipe takes, in bytes. Raises RecipeError if it is not fitted."""
        from twinbit import _core

        image, scratch, plan = _core.sizes(self.to_bytes())
        copies = len(self.policy.attached) if self.policy else 0
        return Cost(image, scratch, plan, copies * (image + plan))

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
