"""Fields of a part that are words: range, number format and, where a time can stand for it, how seconds become it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, TypeVar, cast

from twinbit.recipe_ranges import one_of, within
from twinbit.units import to_q31

__all__ = ["Q16", "Q31", "Part", "Word", "in_words", "of_words", "part_words", "read_part", "scaled", "word"]

Q16, Q31 = 2**16, 2**31
"""Scales of words: Q15.16 and Q0.31."""

Time = Literal["", "weight", "frames"]
Made = TypeVar("Made", bound="Part")


@dataclass(frozen=True)
class Word:
    """How a field becomes a word.

    Attributes:
        low: the smallest value.
        high: the largest value.
        scale: 1 for whole numbers, else the number that stands for 1.
        choices: names, of which the word is the number; empty for numbers.
        also: a value beside the range, such as 0 for never; None for no such value.
        time: what TOML makes of the field's name and ``_time``, in seconds: a ``weight`` of the newest value,
            1 - exp(-period / time), or a number of ``frames``.
    """

    low: float = 0
    high: float = 0
    scale: int = 1
    choices: tuple[str, ...] = ()
    also: float | None = None
    time: Time = ""

    def check(self, name: str, value: Any) -> None:
        """Raises RecipeError, with what is allowed, for any other value."""
        if self.choices:
            one_of(name, value, self.choices)
        elif value != self.also or isinstance(value, bool):
            within(name, value, self.low, self.high)

    def encode(self, value: Any) -> int:
        """The word of a value. A share above 0 never becomes 0."""
        if self.choices:
            return self.choices.index(value)
        if self.scale == Q31:
            return to_q31(value) if value > 0 else 0
        scaled: int = round(value * self.scale)
        return scaled

    def decode(self, number: int) -> Any:
        """The value of a word that the core has checked. Rounding may have put it 2^-32 beyond its range."""
        if self.choices:
            return self.choices[number]
        if self.scale == 1:
            return number
        value = number / self.scale
        return value if value == self.also else min(max(value, self.low), self.high)


def word(
    default: Any,
    low: float = 0,
    high: float = 0,
    scale: int = 1,
    choices: Sequence[str] = (),
    also: float | None = None,
    time: Time = "",
) -> Any:
    """A field of a part that is one word; arguments as for `Word`. Truth values are 0 and 1."""
    if isinstance(default, bool):
        high = 1
    return field(default=default, metadata={"word": Word(low, high, scale, tuple(choices), also, time)})


class Part:
    """A part whose fields, in their order, are its words."""

    def __post_init__(self) -> None:
        for name, how in in_words(type(self)):
            how.check(name, getattr(self, name))


def in_words(kind: type[Part]) -> Iterator[tuple[str, Word]]:
    """Names of a part's fields that are words, in their order, and how each becomes one."""
    for item in fields(cast(Any, kind)):
        if "word" in item.metadata:
            yield item.name, item.metadata["word"]


def part_words(part: Part) -> list[int]:
    """The words of a part."""
    return [how.encode(getattr(part, name)) for name, how in in_words(type(part))]


def of_words(kind: type[Part], words: Iterator[int]) -> dict[str, Any]:
    """The fields of a part from its words, as many as it takes."""
    made = {}
    for item in fields(cast(Any, kind)):
        if "word" in item.metadata:
            value = item.metadata["word"].decode(next(words))
            made[item.name] = bool(value) if isinstance(item.default, bool) else value
    return made


def scaled(part: Made, factor: float, **least: int) -> Made:
    """The part with the named numbers of frames times a factor; 0 stays 0.

    Each is at least what is given for it, and at most what its field takes.
    """
    most = {name: int(how.high) for name, how in in_words(type(part))}
    values = {name: getattr(part, name) for name in least}
    made = {
        name: min(max(least[name], round(value * factor)), most[name]) if value else 0 for name, value in values.items()
    }
    return cast(Made, replace(cast(Any, part), **made))


def read_part(kind: type[Made], words: Iterator[int]) -> Made:
    """A part from its words."""
    return kind(**of_words(kind, words))
