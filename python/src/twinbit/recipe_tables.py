"""Parts of a recipe as tables of TOML, and back: what is common to all of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any, TypeVar, cast

from twinbit.errors import RecipeError
from twinbit.recipe_fields import Part, in_words

__all__ = ["choice", "found", "list_of", "number", "part", "table_of", "timed", "weight"]

Made = TypeVar("Made")


def table_of(part: Any) -> dict[str, Any]:
    """A part as a table; TOML has no word for None, so such a key is left out, and so is a list without anything."""
    table = {key: value for key, value in asdict(part).items() if value is not None and value != ()}
    return {key: list(value) if isinstance(value, tuple) else value for key, value in table.items()}


def number(where: str, wanted: str, value: Any) -> Any:
    """Checks a value against the annotation of its field; TOML's integers serve as floats."""
    kinds: dict[str, tuple[type, ...]] = {"int": (int,), "float": (int, float), "bool": (bool,), "str": (str,)}
    wanted = wanted.removesuffix(" | None")
    allowed = kinds.get(wanted)
    if allowed and (not isinstance(value, allowed) or (isinstance(value, bool) and wanted != "bool")):
        raise RecipeError(f"recipe: {where} = {value!r} should be {'a number' if wanted == 'float' else wanted}")
    return float(value) if wanted == "float" else value


def list_of(where: str, wanted: str, values: Any, such_as: str) -> tuple[Any, ...]:
    """A list whose items all are of a kind."""
    if not isinstance(values, list):
        raise RecipeError(f"recipe: {where} should be a list, such as {such_as}")
    return tuple(number(where, wanted, value) for value in values)


def part(kind: type[Made], where: str, table: Any, **made: Any) -> Made:
    """A part from its table and what is made already. Unknown keys are mistakes, so they are named."""
    if not isinstance(table, dict):
        raise RecipeError(f"recipe: {where} should be a table, [{where}]")
    known = {item.name: str(item.type) for item in fields(cast(Any, kind)) if item.name not in made}
    for key in table:
        if key not in known:
            raise RecipeError(f"recipe: {where}.{key} is not known; {where} has {', '.join(known) or 'no keys'}")
    values = {key: number(f"{where}.{key}", known[key], value) for key, value in table.items()}
    return kind(**values, **made)


def seconds(where: str, key: str, table: dict[str, Any], period: float | None) -> float:
    """Takes a time out of a table. It needs the seconds from frame to frame."""
    if period is None:
        raise RecipeError(f"recipe: {where}.{key} needs period, the seconds from frame to frame")
    return float(number(f"{where}.{key}", "float", table.pop(key)))


def share_of(time: float, period: float | None) -> float:
    """The weight of the newest frame in an average over a time: 1 - exp(-period / time)."""
    return 1.0 - math.exp(-(period or 1.0) / time) if time > 0 else 1.0


def weight(where: str, key: str, table: dict[str, Any], period: float | None) -> float:
    """Takes a time out of a table and gives the weight that stands for it."""
    return share_of(seconds(where, key, table, period), period)


def timed(kind: type[Part], where: str, table: Any, period: float | None) -> Any:
    """The table with what stands for each ``_time``, in seconds, of a field that may be said so."""
    if not isinstance(table, dict):
        return table
    table = dict(table)
    for name, how in in_words(kind):
        key = f"{name}_time"
        if how.time and key in table:
            how_long = seconds(where, key, table, period)
            table[name] = share_of(how_long, period) if how.time == "weight" else round(how_long / (period or 1.0))
    return table


def choice(prefix: str, names: Sequence[str]) -> str:
    """Names of tables, for people."""
    listed = [f"[{prefix}{name}]" for name in names]
    return f"{', '.join(listed[:-1])} or {listed[-1]}"


def found(prefix: str, names: Sequence[str]) -> str:
    """Names of tables that there are, for people."""
    return " and ".join(f"[{prefix}{name}]" for name in names) or "none"
