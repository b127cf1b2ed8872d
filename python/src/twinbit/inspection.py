"""Looks at the bytes of any image or model file, also damaged ones, and says what is in them and what is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from twinbit import _core, model
from twinbit.errors import ImageError, RecipeError, TwinbitError, from_status
from twinbit.loop_records import Health, LoopState, events_table
from twinbit.monitor_loop import load_all
from twinbit.recipe import Recipe
from twinbit.units import STATES

__all__ = ["Findings", "look"]

ARITHMETICS = {1: "f32", 2: "q15", 3: "q31"}


@dataclass
class Findings:
    """What the bytes hold.

    Attributes:
        kind: ``image`` or ``model``.
        size: bytes that there are.
        header: the image's header, as far as the bytes go.
        problems: what is wrong, one sentence each; empty if nothing is.
        recipe: of a model file whose recipe can be read.
        loop: where the policy stands; None without a policy, or where the image can't be loaded.
        health: the trend of the smoothed score, likewise.
        events: what happened, likewise.
    """

    kind: str
    size: int
    header: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    recipe: Recipe | None = None
    loop: LoopState | None = None
    health: Health | None = None
    events: pd.DataFrame | None = None

    @property
    def arithmetic(self) -> str:
        """``f32``, ``q15`` or ``q31``; a question mark for any other number."""
        return ARITHMETICS.get(self.header.get("arithmetic", 0), "?")

    @property
    def state(self) -> str:
        """The state's name; a question mark for a number that is none."""
        number = self.header.get("state", -1)
        return STATES[number] if 0 <= number < len(STATES) else "?"


def _check_fields(findings: Findings, saved: model.Model) -> None:
    """Loads the images with their recipe: only then can each field be checked against its range."""
    try:
        core = _core.Monitor(saved.recipe.to_bytes())
        load_all(core, saved, not findings.header["sealed"])
    except TwinbitError as error:
        if not any(_core.status_text(error.status) in problem for problem in findings.problems):
            findings.problems.append(str(error))
        return
    if saved.recipe.policy is not None:
        findings.loop = LoopState.of(core.loop())
        findings.health = Health.of(core.health(), saved.recipe.frame_period)
        findings.events = events_table(*core.events(), saved.recipe)


def look(data: bytes, recipe: Recipe | None = None) -> Findings:
    """Looks at an image, or at a model file.

    In: any bytes; recipe, to check an image's fields against, if the bytes don't carry one.
    """
    findings = Findings("image", len(data), recipe=recipe)
    image, candidate, good = data, b"", b""
    if data[:4] == model.MAGIC:
        findings.kind = "model"
        try:
            saved = model.unpack(data)
            image, candidate, good = saved.images
            findings.recipe = saved.recipe
        except (ImageError, RecipeError) as error:
            findings.problems.append(str(error))
            image = model.images_in(data)[0]
    status, findings.header = _core.inspect(image)
    if status < 0:
        findings.problems.append(str(from_status(status, "image")))
    if findings.recipe is not None and image and findings.header["size"] == len(image):
        _check_fields(findings, model.Model(findings.recipe, image, candidate, good))
    return findings
