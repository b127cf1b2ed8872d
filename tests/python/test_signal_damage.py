"""Recipes of samples and slow data as bytes with one of them changed: refused by name, or another canonical recipe."""

from __future__ import annotations

import zlib

import twinbit
from hypothesis import given, settings
from hypothesis import strategies as st
from signal_recipes import RECIPES, ready
from twinbit import Recipe, _core

READY = {name: ready(name).to_bytes() for name in RECIPES}


@settings(max_examples=300, deadline=None)
@given(name=st.sampled_from(list(RECIPES)), at=st.integers(0, 400), flip=st.integers(1, 255))
def test_damaged_bytes_are_refused_or_another_recipe(name: str, at: int, flip: int) -> None:
    data = bytearray(READY[name])
    data[at % (len(data) - 4)] ^= flip
    data[-4:] = zlib.crc32(data[:-4]).to_bytes(4, "little")
    refused = None
    try:
        recipe = Recipe.from_bytes(bytes(data))
        again, features = recipe.to_bytes(), len(recipe.features)
        assert features == _core.Monitor(again).features
    except twinbit.RecipeError as error:
        refused, again = error, bytes(data)
    assert again == data
    assert refused is None or str(refused).startswith("recipe: ")
