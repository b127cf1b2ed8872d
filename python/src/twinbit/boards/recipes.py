"""Which recipe a suite has: one of those that ship, fixed in advance; only how the sensor is wired is set here."""

from __future__ import annotations

from twinbit.recipe import Recipe
from twinbit.recipe_files import names

__all__ = ["shipped"]

STAND_INS = {"spectrum": "kmeans"}


def shipped(name: str) -> Recipe:
    """A recipe by name."""
    return Recipe.named(name if name in names() else STAND_INS.get(name, "mahalanobis"))
