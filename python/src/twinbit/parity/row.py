"""A row of the parity run: a recipe but for its channels."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from twinbit.recipe_parts import Centre, Decision, DetectorPart, Framer, Octaves, Scaler, Steady
from twinbit.recipe_policy import Policy


@dataclass(frozen=True)
class Row:
    """A recipe of the parity run.

    Attributes:
        detector: with its parameters.
        channels: of the recipe; the recording is widened to so many, or only its first ones are taken.
        frames: the most that it takes: a long frame on a small machine is emulated for long. Samples, with a framer.
        scaler: None for detectors that bring their own scale.
        more: other parts of the recipe, by their names in `Recipe`.
    """

    detector: DetectorPart
    channels: int = 8
    frames: int = 2500
    scaler: Scaler | Centre | None = Scaler()  # noqa: RUF009 (never changes)
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def framer(self) -> Framer | None:
        """Of the recipe."""
        return self.more.get("framer")

    @property
    def policy(self) -> Policy | None:
        """Of the recipe."""
        return self.more.get("policy")

    @property
    def spectral(self) -> bool:
        """The input is a spectrum: its offsets are 0."""
        return any(isinstance(part, Octaves) for part in self.more.get("transforms", ()))

    def decision(self, scaling: int, learning: int, calibrating: int) -> Decision | Steady:
        """With so many frames in each phase."""
        phases = (scaling if self.scaler else 0, learning, calibrating)
        steady = self.more.get("decision")
        if isinstance(steady, Steady):
            return replace(steady, scaling=phases[0], learning=learning, calibrating=calibrating)
        return Decision(
            *phases,
            smoothing=0.3,
            false_alarm_rate=0.01,
            margin=0.25,
            k=2,
            n=3,
            hysteresis=0.1,
            hold=5.0,
            gap=60.0,
        )
