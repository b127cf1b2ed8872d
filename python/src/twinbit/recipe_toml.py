"""Recipes as TOML, for people: times in seconds, rates as shares, one table a part."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any, TypeVar, cast

import tomli_w

from twinbit.errors import RecipeError
from twinbit.recipe import Recipe
from twinbit.recipe_detectors import SECTIONS, Bank, DetectorPart, Inner, Layer, section
from twinbit.recipe_parts import Channel, Decision, Input, Scaler

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

__all__ = ["dump", "parse"]

FORMAT = 1
Part = TypeVar("Part")

_INNER = ("autoencoder", "elm", "subspace")


def _table(part: DetectorPart) -> dict[str, Any]:
    """A detector as a table; TOML has no word for None, so such a key is left out."""
    if isinstance(part, Bank):
        return {"modes": part.modes, "few": part.few, section(part.of): _table(part.of)}
    return {key: value for key, value in asdict(part).items() if value is not None and (key != "kept" or value)}


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
    top[section(recipe.detector)] = _table(recipe.detector)
    top["decision"] = asdict(recipe.decision)
    return tomli_w.dumps(top)


def _number(where: str, wanted: str, value: Any) -> Any:
    """Checks a value against the annotation of its field; TOML's integers serve as floats."""
    kinds: dict[str, tuple[type, ...]] = {"int": (int,), "float": (int, float), "bool": (bool,), "str": (str,)}
    wanted = wanted.removesuffix(" | None")
    allowed = kinds.get(wanted)
    if allowed and (not isinstance(value, allowed) or (isinstance(value, bool) and wanted != "bool")):
        raise RecipeError(f"recipe: {where} = {value!r} should be {'a number' if wanted == 'float' else wanted}")
    return float(value) if wanted == "float" else value


def _part(kind: type[Part], where: str, table: Any, **made: Any) -> Part:
    """A part from its table and what is made already. Unknown keys are mistakes, so they are named."""
    if not isinstance(table, dict):
        raise RecipeError(f"recipe: {where} should be a table, [{where}]")
    known = {item.name: str(item.type) for item in fields(cast(Any, kind)) if item.name not in made}
    for key in table:
        if key not in known:
            raise RecipeError(f"recipe: {where}.{key} is not known; {where} has {', '.join(known) or 'no keys'}")
    values = {key: _number(f"{where}.{key}", known[key], value) for key, value in table.items()}
    return kind(**values, **made)


def _input(table: dict[str, Any]) -> Input:
    rows = table.pop("channel", [])
    if not isinstance(rows, list):
        raise RecipeError("recipe: input.channel should be a list of tables, [[input.channel]]")
    for i, row in enumerate(rows):
        row.setdefault("name", f"x{i}")
    channels = tuple(_part(Channel, f"input.channel[{i}]", row) for i, row in enumerate(rows))
    return _part(Input, "input", table, channels=channels)


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


def _layers(where: str, rows: Any) -> tuple[Layer, ...]:
    """Hidden layers: a number is units with tanh, a table has units and activation."""
    if not isinstance(rows, list):
        raise RecipeError(f"recipe: {where} should be a list, such as [8] or [{{units = 8, activation = 'relu'}}]")
    tables = [row if isinstance(row, dict) else {"units": row} for row in rows]
    for i, row in enumerate(tables):
        if "units" not in row:
            raise RecipeError(f"recipe: {where}[{i}] needs units, such as {{units = 8, activation = 'tanh'}}")
    return tuple(_part(Layer, f"{where}[{i}]", row) for i, row in enumerate(tables))


def _kept(where: str, units: Any) -> tuple[int, ...]:
    if not isinstance(units, list):
        raise RecipeError(f"recipe: {where} should be a list of unit numbers, such as [0, 3]")
    return tuple(_number(where, "int", unit) for unit in units)


def _detector_part(name: str, where: str, table: Any) -> DetectorPart:
    """A detector from its table."""
    made: dict[str, Any] = {}
    if isinstance(table, dict):
        if name == "bank":
            made["of"] = _inner(table)
        if name == "autoencoder" and "layers" in table:
            made["layers"] = _layers(f"{where}.layers", table["layers"])
        if name == "elm" and "kept" in table:
            made["kept"] = _kept(f"{where}.kept", table["kept"])
        taken = _INNER if name == "bank" else tuple(made)
        table = {key: value for key, value in table.items() if key not in taken}
    return _part(SECTIONS[name], where, table, **made)


def _inner(bank: dict[str, Any]) -> Inner:
    """The model of a bank's modes."""
    names = [name for name in _INNER if name in bank]
    if len(names) != 1:
        raise RecipeError(f"recipe: a bank needs one model, {_choice('bank.', _INNER)}; found {_found('bank.', names)}")
    return cast(Inner, _detector_part(names[0], f"bank.{names[0]}", bank[names[0]]))


def _choice(prefix: str, names: Sequence[str]) -> str:
    listed = [f"[{prefix}{name}]" for name in names]
    return f"{', '.join(listed[:-1])} or {listed[-1]}"


def _found(prefix: str, names: Sequence[str]) -> str:
    return " and ".join(f"[{prefix}{name}]" for name in names) or "none"


def _detector(top: dict[str, Any]) -> DetectorPart:
    names = [name for name in SECTIONS if name in top]
    if len(names) != 1:
        raise RecipeError(f"recipe: it needs one detector, {_choice('', [*SECTIONS])}; found {_found('', names)}")
    return _detector_part(names[0], names[0], top.pop(names[0]))


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
