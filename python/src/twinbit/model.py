"""The model file: a recipe and a sealed image in one container, whole or refused.

Layout, little-endian: magic "TWBM", u16 version = 1, u16 zero, u32 size of the recipe, u32 size of the image, the
recipe in its canonical binary form, the image, notes for people (the recipe's TOML, UTF-8), u32 CRC-32 of all before.
"""

from __future__ import annotations

import os
import struct
import zlib
from dataclasses import dataclass, replace
from pathlib import Path

from twinbit.errors import DamagedImageError, FileError, ImageError, RecipeError
from twinbit.recipe import Recipe

__all__ = ["MAGIC", "Model", "pack", "read", "unpack", "write"]

MAGIC = b"TWBM"
VERSION = 1
_HEADER = struct.Struct("<4sHHII")


@dataclass(frozen=True)
class Model:
    """What a model file holds: the recipe, and the sealed image that was learned with it."""

    recipe: Recipe
    image: bytes


def pack(model: Model) -> bytes:
    """A model as the bytes of its file."""
    recipe, notes = model.recipe.to_bytes(), model.recipe.to_toml().encode()
    header = _HEADER.pack(MAGIC, VERSION, 0, len(recipe), len(model.image))
    body = header + recipe + model.image + notes
    return body + struct.pack("<I", zlib.crc32(body))


def _recipe(canonical: bytes, notes: bytes) -> Recipe:
    """The recipe with names and shares from the notes, if they belong to it; the canonical form decides the rest."""
    recipe = Recipe.from_bytes(canonical)
    try:
        noted = Recipe.from_toml(notes.decode())
        if noted.to_bytes() == canonical:
            return noted
    except (RecipeError, UnicodeDecodeError):
        pass
    return replace(recipe, name="model")


def unpack(data: bytes) -> Model:
    """A model from the bytes of its file. Raises ImageError or DamagedImageError that says what is wrong."""
    if len(data) < _HEADER.size + 4:
        raise DamagedImageError(f"model: {len(data)} bytes are too few for a model file; copy it again, whole")
    magic, version, zero, recipe, image = _HEADER.unpack_from(data)
    if magic != MAGIC:
        raise ImageError("model: these bytes are not a model file; give one that save() or twinbit run --save wrote")
    if version != VERSION or zero != 0:
        raise ImageError(f"model: version {version} is not known, this build reads {VERSION}; use a newer twinbit")
    at, end = _HEADER.size, len(data) - 4
    if at + recipe + image > end:
        raise DamagedImageError("model: the bytes end before the image does; copy the file again, whole")
    if zlib.crc32(data[:end]) != struct.unpack_from("<I", data, end)[0]:
        raise DamagedImageError("model: the checksum does not match, the file is damaged; copy it again")
    canonical = data[at : at + recipe]
    return Model(_recipe(canonical, data[at + recipe + image : end]), data[at + recipe : at + recipe + image])


def read(path: str | Path) -> Model:
    """A model from its file. Errors name the file."""
    path = Path(path)
    if not path.is_file():
        raise FileError(f"{path}: there is no such file; give a model that twinbit run --save wrote")
    try:
        return unpack(path.read_bytes())
    except ImageError as error:
        raise type(error)(f"{path}: {error}", error.status) from error


def write(model: Model, path: str | Path) -> None:
    """Writes a model beside its place and moves it there, so that a file is the old or the new one, never half."""
    path = Path(path)
    fresh = path.with_name(path.name + ".new")
    try:
        fresh.write_bytes(pack(model))
        os.replace(fresh, path)
    except OSError as error:
        raise FileError(f"{path}: it can't be written ({error.strerror}); choose another folder") from error
