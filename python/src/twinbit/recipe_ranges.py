"""Checks of numbers and words that a recipe is made of."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral

from twinbit.errors import RecipeError

__all__ = ["one_of", "within"]


def within(name: str, value: float, low: float, high: float) -> None:
    """Raises RecipeError, with the range, if a value is outside it. Between whole numbers it has to be one itself."""
    whole = isinstance(low, Integral) and isinstance(high, Integral)
    if whole and not isinstance(value, Integral):
        raise RecipeError(f"recipe: {name} = {value!r} should be a whole number")
    if not low <= value <= high:
        raise RecipeError(f"recipe: {name} = {value} is out of range; use {low} to {high}")


def one_of(name: str, value: object, known: Sequence[str]) -> None:
    """Raises RecipeError, with what is known, for any other word."""
    if value not in known:
        raise RecipeError(f"recipe: {name} = {value!r} is not known; use {', '.join(known[:-1])} or {known[-1]}")
