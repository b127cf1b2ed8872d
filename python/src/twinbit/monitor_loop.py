"""A monitor's closed loop: memory for its policy, what the operator says, and what the policy tells of itself."""

from __future__ import annotations

from typing import TypeVar

import pandas as pd

from twinbit import _core, model
from twinbit.errors import RangeError, StateError, UnsupportedError
from twinbit.loop_records import WORDS, Health, LoopState, events_table
from twinbit.monitor_base import MonitorBase
from twinbit.units import STATES

__all__ = ["ATTACHED", "Loop", "attach", "load_all"]

Self = TypeVar("Self", bound="Loop")

ATTACHED = {"candidate": 0, "good": 1}
"""Numbers of the memories that a policy works with."""


def attach(core: _core.Monitor, names: tuple[str, ...]) -> None:
    """Gives a core the memories of these names."""
    for name in names:
        core.attach(ATTACHED[name])


class Loop(MonitorBase):
    """What a monitor with a policy can do when normal moves."""

    def _policy(self) -> _core.Monitor:
        core = self._ready()
        if self._recipe.policy is None:
            raise UnsupportedError(
                f"monitor: recipe {self._recipe.name!r} has no policy; make it with Recipe.with_policy('relearn')"
            )
        return core

    def _say(self: Self, word: str) -> Self:
        core = self._policy()
        try:
            core.feedback(WORDS.index(word))
        except StateError as error:
            raise StateError(f"{word.replace(' ', '_')}: {self._refused()}", error.status) from None
        return self

    def _refused(self) -> str:
        """Why a judgement is refused now."""
        raw = _core.inspect(self._ready().raw())[1]
        if raw["alarm"] or STATES[raw["state"]] == "drifting":
            return "the hold is set, so nothing may take over; call release() first"
        return "there is neither an alarm nor a drift to judge now; the table of run() and events tell when there is"

    # ---- what the operator says

    def not_a_fault(self: Self) -> Self:
        """What alarms or drifts now is normal: the candidate takes over at once, as far as it has come.

        Raises StateError where there is neither alarm nor drift, and while the hold is set.
        """
        return self._say("not a fault")

    def fault(self: Self) -> Self:
        """It is a fault: the candidate is dropped, and no drift is told until frames are calm again.

        Raises StateError where there is neither alarm nor drift.
        """
        return self._say("fault")

    def hold(self: Self) -> Self:
        """Nothing is learned, adapted or taken over from now on, until `release`."""
        return self._say("hold")

    def release(self: Self) -> Self:
        """Ends `hold`."""
        return self._say("release")

    def rollback(self: Self) -> Self:
        """Goes back to the last good model, drops a candidate and sets `hold`. Raises StateError without a good one."""
        self._policy().rollback()
        return self

    def unlearn(self: Self, blocks: int = 1) -> Self:
        """Takes the last blocks of adaptation out: the model is what it was before them, to the byte.

        Raises RangeError where fewer are kept, UnsupportedError where the policy keeps none.
        """
        core, policy = self._policy(), self._recipe.policy
        if policy is None or not policy.blocks:
            raise UnsupportedError("unlearn: the policy keeps no blocks; with_policy('adapt', blocks=4) keeps 4")
        kept = core.loop()["blocks"]
        if not 1 <= blocks <= kept:
            wanted = f"use 1 to {kept}" if kept else "there is none to take out yet"
            raise RangeError(f"unlearn: blocks = {blocks}, and {kept} are kept now; {wanted}, or rollback()")
        core.unlearn(blocks)
        return self

    # ---- what the policy tells

    @property
    def loop(self) -> LoopState:
        """Where the loop stands."""
        return LoopState.of(self._policy().loop())

    @property
    def held(self) -> bool:
        """Whether `hold` or `rollback` stopped all learning."""
        return self.loop.held

    @property
    def candidate_state(self) -> str | None:
        """State of the candidate that learns beside the model in charge; None where none does."""
        return self.loop.candidate

    @property
    def events(self) -> pd.DataFrame:
        """What happened, as far as the image keeps it: frame, event, detail, state, smoothed, threshold, slope."""
        return events_table(*self._policy().events(), self._recipe)

    @property
    def health(self) -> Health:
        """The trend of the smoothed score, and when it will reach the threshold if it goes on like this."""
        return Health.of(self._policy().health(), self._recipe.frame_period)

    # ---- its memory

    @property
    def candidate_image(self) -> bytes:
        """The sealed image of the candidate; empty where none learns."""
        return self._attached("candidate")

    @property
    def good_image(self) -> bytes:
        """The sealed image that `rollback` goes back to; empty where there is none."""
        return self._attached("good")

    def _attached(self, name: str) -> bytes:
        core, policy = self._ready(), self._recipe.policy
        if policy is None or name not in policy.attached:
            return b""
        raw = core.loop()
        there = raw["good"] if name == "good" else LoopState.of(raw).candidate is not None
        return core.save_attached(ATTACHED[name]) if there else b""

    def _saved(self) -> model.Model:
        """Recipe and all images."""
        return model.Model(self._recipe, self.image, self.candidate_image, self.good_image)

    def _load(self, saved: model.Model, raw: bool = False) -> None:
        """Takes over all images of a model. Attached memory is given anew, so nothing in it stays."""
        core = self._ready()
        if saved.candidate or saved.good:
            load_all(_core.Monitor(self._recipe.to_bytes()), saved, raw)  # if one of them is refused, none is taken
        load_all(core, saved, raw)


def load_all(core: _core.Monitor, saved: model.Model, raw: bool = False) -> None:
    """Loads all images of a model that the recipe's policy works with."""
    core.load(saved.image, raw)
    names = saved.recipe.policy.attached if saved.recipe.policy else ()
    attach(core, names)
    for name, image in (("candidate", saved.candidate), ("good", saved.good)):
        if image and name in names:
            core.load_attached(ATTACHED[name], image)
