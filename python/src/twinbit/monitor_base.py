"""What the parts of the monitor share: its recipe, and the core that works by it."""

from __future__ import annotations

from twinbit._core import Monitor as Core
from twinbit.errors import StateError
from twinbit.recipe import Recipe

__all__ = ["MonitorBase"]


class MonitorBase:
    """A recipe and, once it is fitted, a core."""

    _recipe: Recipe
    _core: Core | None

    def _ready(self) -> Core:
        if self._core is None:
            raise StateError(
                f"monitor: recipe {self._recipe.name!r} has no channels yet; give frames to run() first, or fit the "
                "recipe to data with Recipe.fit(frames, learn)"
            )
        return self._core

    @property
    def recipe(self) -> Recipe:
        """The recipe, fitted once the monitor has started."""
        return self._recipe

    @property
    def image(self) -> bytes:
        """The sealed image: what a device with the same recipe and the same inputs has, to the byte."""
        return self._ready().save()
