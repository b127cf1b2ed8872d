"""Recipes as TOML, for people: times in seconds, frequencies in Hz, rates as shares, one table a part."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, cast

import tomli_w

from twinbit.errors import RecipeError
from twinbit.recipe import Recipe
from twinbit.recipe_detectors import SECTIONS, Bank, DetectorPart, Inner, Layer, section
from twinbit.recipe_drift import DRIFTS, DriftPart
from twinbit.recipe_fields import Part
from twinbit.recipe_parts import Centre, Channel, Decision, Framer, Input, Scaler, Steady, Tail
from twinbit.recipe_policy import Policy
from twinbit.recipe_signal import Bands, Envelope, Extractor, Lags, Octaves, TimeFeatures, Transform
from twinbit.recipe_tables import choice, found, list_of, number, part, table_of, timed, weight

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

__all__ = ["dump", "parse"]

FORMAT = 1

EXTRACTORS: dict[str, type[Extractor]] = {"time": TimeFeatures, "bands": Bands, "envelope": Envelope}
TRANSFORMS: dict[str, type[Transform]] = {"lags": Lags, "octaves": Octaves}
DECISIONS: dict[str, type[Decision | Steady]] = {"decision": Decision, "steady": Steady}
SCALERS: dict[str, type[Scaler | Centre]] = {"scaler": Scaler, "centre": Centre}

_INNER = ("autoencoder", "elm", "subspace")


def _name(kinds: Mapping[str, type[object]], of: object) -> str:
    return next(name for name, kind in kinds.items() if type(of) is kind)


def _detector_table(of: DetectorPart) -> dict[str, Any]:
    if isinstance(of, Bank):
        return {"modes": of.modes, "few": of.few, section(of.of): _detector_table(of.of)}
    return table_of(of)


def _extractor_table(of: Extractor) -> dict[str, Any]:
    table = {"kind": _name(EXTRACTORS, of), **table_of(of)}
    return {**table, "bands": table_of(of.bands)} if isinstance(of, Envelope) else table


def _drift_table(of: DriftPart) -> dict[str, Any]:
    return {"kind": _name(DRIFTS, of), **{key: value for key, value in table_of(of).items() if key != "unit"}}


def dump(recipe: Recipe) -> str:
    """A recipe as TOML text that `parse` reads back."""
    top: dict[str, Any] = {"format": FORMAT, "name": recipe.name, "arithmetic": recipe.arithmetic}
    if recipe.period is not None:
        top["period"] = recipe.period
    top["input"] = {"missing": recipe.input.missing, "phase": recipe.input.phase}
    if recipe.input.channels:
        top["input"]["channel"] = [asdict(channel) for channel in recipe.input.channels]
    if recipe.framer is not None:
        top["framer"] = table_of(recipe.framer)
        top["features"] = [_extractor_table(of) for of in recipe.extractors]
    if recipe.transforms:
        top["transform"] = [{"kind": _name(TRANSFORMS, of), **table_of(of)} for of in recipe.transforms]
    if recipe.scaler is not None:
        top[_name(SCALERS, recipe.scaler)] = table_of(recipe.scaler)
    top[section(recipe.detector)] = _detector_table(recipe.detector)
    if recipe.tail is not None:
        top["tail"] = table_of(recipe.tail)
    top[_name(DECISIONS, recipe.decision)] = asdict(recipe.decision)
    if recipe.drifts:
        top["drift"] = [_drift_table(of) for of in recipe.drifts]
    if recipe.policy is not None:
        top["policy"] = table_of(recipe.policy)
    return tomli_w.dumps(top)


def _input(table: dict[str, Any]) -> Input:
    rows = table.pop("channel", [])
    if not isinstance(rows, list):
        raise RecipeError("recipe: input.channel should be a list of tables, [[input.channel]]")
    for i, row in enumerate(rows):
        row.setdefault("name", f"x{i}")
    channels = tuple(part(Channel, f"input.channel[{i}]", row) for i, row in enumerate(rows))
    return part(Input, "input", table, channels=channels)


def _decision(top: dict[str, Any], period: float | None) -> Decision | Steady:
    """The decision; `smoothing_time` in seconds becomes a weight: 1 - exp(-period / time)."""
    names = [name for name in DECISIONS if name in top] or ["decision"]
    if len(names) > 1:
        raise RecipeError(f"recipe: it has one decision, {choice('', [*DECISIONS])}; found {found('', names)}")
    name, table = names[0], top.pop(names[0], {})
    if isinstance(table, dict):
        if "smoothing_time" in table:
            table["smoothing"] = weight(name, "smoothing_time", table, period)
        if "shares" in table:
            table["shares"] = list_of(f"{name}.shares", "float", table["shares"], "[0.15, 0.6, 0.25]")
    if name == "steady":
        return part(Steady, name, timed(Steady, name, table, period))
    return part(Decision, name, table)


def _layers(where: str, rows: Any) -> tuple[Layer, ...]:
    """Hidden layers: a number is units with tanh, a table has units and activation."""
    if not isinstance(rows, list):
        raise RecipeError(f"recipe: {where} should be a list, such as [8] or [{{units = 8, activation = 'relu'}}]")
    tables = [row if isinstance(row, dict) else {"units": row} for row in rows]
    for i, row in enumerate(tables):
        if "units" not in row:
            raise RecipeError(f"recipe: {where}[{i}] needs units, such as {{units = 8, activation = 'tanh'}}")
    return tuple(part(Layer, f"{where}[{i}]", row) for i, row in enumerate(tables))


def _detector_part(name: str, where: str, table: Any, period: float | None) -> DetectorPart:
    """A detector from its table."""
    made: dict[str, Any] = {}
    kind = SECTIONS[name]
    if isinstance(table, dict):
        if name == "bank":
            made["of"] = _inner(table, period)
        if name == "autoencoder" and "layers" in table:
            made["layers"] = _layers(f"{where}.layers", table["layers"])
        if name == "elm" and "kept" in table:
            made["kept"] = list_of(f"{where}.kept", "int", table["kept"], "[0, 3]")
        taken = _INNER if name == "bank" else tuple(made)
        table = {key: value for key, value in table.items() if key not in taken}
    if issubclass(kind, Part):
        table = timed(kind, where, table, period)
    return part(kind, where, table, **made)


def _inner(bank: dict[str, Any], period: float | None) -> Inner:
    """The model of a bank's modes."""
    names = [name for name in _INNER if name in bank]
    if len(names) != 1:
        raise RecipeError(f"recipe: a bank needs one model, {choice('bank.', _INNER)}; found {found('bank.', names)}")
    return cast(Inner, _detector_part(names[0], f"bank.{names[0]}", bank[names[0]], period))


def _detector(top: dict[str, Any], period: float | None) -> DetectorPart:
    names = [name for name in SECTIONS if name in top]
    if len(names) != 1:
        raise RecipeError(f"recipe: it needs one detector, {choice('', [*SECTIONS])}; found {found('', names)}")
    return _detector_part(names[0], names[0], top.pop(names[0]), period)


def _rows(top: dict[str, Any], key: str, kinds: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """A list of tables that say their kind: kind, place and the rest of each."""
    rows = top.pop(key, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise RecipeError(f"recipe: {key} should be a list of tables, [[{key}]]")
    listed = []
    for i, row in enumerate(rows):
        kind = row.pop("kind", None)
        if kind not in kinds:
            raise RecipeError(f"recipe: {key}[{i}].kind = {kind!r} is not known; use {' or '.join(kinds)}")
        listed.append((kind, f"{key}[{i}]", row))
    return listed


def _bands(where: str, table: Any) -> Bands:
    made = {}
    if isinstance(table, dict) and "edges" in table:
        made["edges"] = list_of(f"{where}.edges", "float", table.pop("edges"), "[10, 100, 1000]")
    return part(Bands, where, table, **made)


def _extractor(kind: str, where: str, table: dict[str, Any]) -> Extractor:
    if kind == "bands":
        return _bands(where, table)
    if kind == "envelope":
        made = {"bands": _bands(f"{where}.bands", table.pop("bands"))} if "bands" in table else {}
        return part(Envelope, where, table, **made)
    of = {"of": list_of(f"{where}.of", "str", table.pop("of"), "['rms', 'kurtosis']")} if "of" in table else {}
    return part(TimeFeatures, where, table, **of)


def _scaler(top: dict[str, Any]) -> Scaler | Centre | None:
    names = [name for name in SCALERS if name in top]
    if len(names) > 1:
        raise RecipeError(f"recipe: it has one scaler at most, {choice('', [*SCALERS])}; found {found('', names)}")
    return part(SCALERS[names[0]], names[0], top.pop(names[0])) if names else None


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
        period = number("period", "float", period)
    framer = part(Framer, "framer", top.pop("framer")) if "framer" in top else None
    between = framer.period if framer else period
    recipe = Recipe(
        detector=_detector(top, between),
        input=_input(top.pop("input", {})),
        scaler=_scaler(top),
        decision=_decision(top, between),
        arithmetic=top.pop("arithmetic", "q15"),
        name=number("name", "str", top.pop("name", "recipe")),
        period=period,
        framer=framer,
        extractors=tuple(_extractor(*row) for row in _rows(top, "features", EXTRACTORS)),
        tail=part(Tail, "tail", timed(Tail, "tail", top.pop("tail"), between)) if "tail" in top else None,
        transforms=tuple(
            part(TRANSFORMS[kind], where, row) for kind, where, row in _rows(top, "transform", TRANSFORMS)
        ),
        drifts=tuple(
            part(DRIFTS[kind], where, timed(DRIFTS[kind], where, row, between))
            for kind, where, row in _rows(top, "drift", DRIFTS)
        ),
        policy=part(Policy, "policy", timed(Policy, "policy", top.pop("policy"), between)) if "policy" in top else None,
    )
    if top:
        raise RecipeError(
            f"recipe: {next(iter(top))} is not known; a recipe has input, framer, features, transform, "
            "scaler, a detector, tail, decision, drift, policy"
        )
    return recipe
