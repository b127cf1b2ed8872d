"""Recipes as TOML, for people: times in seconds, rates as shares, one table a part."""

from __future__ import annotations

import math
import sys
from dataclasses import asdict, fields
from typing import Any, TypeVar, cast

import tomli_w

from twinbit.errors import RecipeError
from twinbit.recipe import Recipe
from twinbit.recipe_parts import Channel, Decision, Input, KMeans, Mahalanobis, Scaler

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

__all__ = ["dump", "parse"]

FORMAT = 1
Part = TypeVar("Part")

_DETECTORS: dict[str, type[KMeans] | type[Mahalanobis]] = {"kmeans": KMeans, "mahalanobis": Mahalanobis}


def dump(recipe: Recipe) -> str:
    """A recipe as TOML text that `parse` reads back."""
    top: dict[str, Any] = {"format": FORMAT, "name": recipe.name, "arithmetic": recipe.arithmetic}
    if recipe.period is not None:
        top["period"] = recipe.period
    top["input"] = {"missing": recipe.input.missing, "phase": recipe.input.phase}
    if recipe.input.channels:
        top["input"]["channel"] = [asdict(channel) for channel in recipe.input.channels]
    if recipe.scaler is not None:
        top["scaler"] = {}
    name = "kmeans" if isinstance(recipe.detector, KMeans) else "mahalanobis"
    top[name] = asdict(recipe.detector)
    top["decision"] = asdict(recipe.decision)
    return tomli_w.dumps(top)


def _number(where: str, wanted: str, value: Any) -> Any:
    """Checks a value against the annotation of its field; TOML's integers serve as floats."""
    kinds: dict[str, tuple[type, ...]] = {"int": (int,), "float": (int, float), "bool": (bool,), "str": (str,)}
    allowed = kinds.get(wanted)
    if allowed and (not isinstance(value, allowed) or (isinstance(value, bool) and wanted != "bool")):
        raise RecipeError(f"recipe: {where} = {value!r} should be {'a number' if wanted == 'float' else wanted}")
    return float(value) if wanted == "float" else value


def _part(kind: type[Part], where: str, table: Any) -> Part:
    """A part from its table. Unknown keys are mistakes, so they are named."""
    if not isinstance(table, dict):
        raise RecipeError(f"recipe: {where} should be a table, [{where}]")
    known = {item.name: str(item.type) for item in fields(cast(Any, kind))}
    for key in table:
        if key not in known:
            raise RecipeError(f"recipe: {where}.{key} is not known; {where} has {', '.join(known) or 'no keys'}")
    values = {key: _number(f"{where}.{key}", known[key], value) for key, value in table.items()}
    return kind(**values)


def _input(table: dict[str, Any]) -> Input:
    rows = table.pop("channel", [])
    if not isinstance(rows, list):
        raise RecipeError("recipe: input.channel should be a list of tables, [[input.channel]]")
    for i, row in enumerate(rows):
        row.setdefault("name", f"x{i}")
    channels = tuple(_part(Channel, f"input.channel[{i}]", row) for i, row in enumerate(rows))
    return _part(Input, "input", {**table, "channels": channels})


def _decision(table: dict[str, Any], period: float | None) -> Decision:
    """The decision; `smoothing_time` in seconds becomes a weight: 1 - exp(-period / time)."""
    if "smoothing_time" in table:
        if period is None:
            raise RecipeError("recipe: decision.smoothing_time needs period, the seconds from frame to frame")
        time = _number("decision.smoothing_time", "float", table.pop("smoothing_time"))
        table["smoothing"] = 1.0 - math.exp(-period / time) if time > 0 else 1.0
    if "shares" in table:
        table["shares"] = tuple(float(share) for share in table["shares"])
    return _part(Decision, "decision", table)


def _detector(top: dict[str, Any]) -> KMeans | Mahalanobis:
    names = [name for name in _DETECTORS if name in top]
    if len(names) != 1:
        found = " and ".join(f"[{name}]" for name in names) or "none"
        raise RecipeError(f"recipe: it needs one detector, [kmeans] or [mahalanobis]; found {found}")
    kind: type[KMeans | Mahalanobis] = _DETECTORS[names[0]]
    return _part(kind, names[0], top.pop(names[0]))


def parse(text: str) -> Recipe:
    """A recipe from TOML text."""
    try:
        top = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RecipeError(f"recipe: this is not TOML: {error}") from error
    if top.pop("format", FORMAT) != FORMAT:
        raise RecipeError(f"recipe: this build reads format = {FORMAT} only; use the twinbit that wrote it")
    period = top.pop("period", None)
    if period is not None:
        period = _number("period", "float", period)
    recipe = Recipe(
        detector=_detector(top),
        input=_input(top.pop("input", {})),
        scaler=_part(Scaler, "scaler", top.pop("scaler")) if "scaler" in top else None,
        decision=_decision(top.pop("decision", {}), period),
        arithmetic=top.pop("arithmetic", "q15"),
        name=_number("name", "str", top.pop("name", "recipe")),
        period=period,
    )
    if top:
        raise RecipeError(f"recipe: {next(iter(top))} is not known; a recipe has input, scaler, a detector, decision")
    return recipe
