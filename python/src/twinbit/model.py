"""The model file: a recipe and its sealed images in one container, whole or refused.

Layout, little-endian: magic "TWBM", u16 version, u16 zero, u32 size of the recipe, u32 size of the image, in version 2
also u32 sizes of the candidate's and of the last good image (0: there is none), the recipe in its canonical binary
form, the images in this order, notes for people (the recipe's TOML, UTF-8), u32 CRC-32 of all before. Version 1 is
written where there is only one image.
"""

from __future__ import annotations

import os
import struct
import zlib
from dataclasses import dataclass, replace
from pathlib import Path

from twinbit.errors import DamagedImageError, FileError, ImageError, RecipeError
from twinbit.recipe import Recipe

__all__ = ["MAGIC", "Model", "images_in", "pack", "read", "unpack", "write"]

MAGIC = b"TWBM"
VERSION, VERSION_LOOP = 1, 2
_HEADER, _SIZES = struct.Struct("<4sHHII"), struct.Struct("<II")


@dataclass(frozen=True)
class Model:
    """What a model file holds: the recipe, and the sealed image that was learned with it.

    Attributes:
        recipe: the monitor as data.
        image: of the model in charge.
        candidate: of the one that learns beside it under a policy; empty where none does.
        good: what a policy goes back to; empty where there is none.
    """

    recipe: Recipe
    image: bytes
    candidate: bytes = b""
    good: bytes = b""

    @property
    def images(self) -> tuple[bytes, bytes, bytes]:
        """All three."""
        return self.image, self.candidate, self.good


def pack(model: Model) -> bytes:
    """A model as the bytes of its file."""
    recipe, notes = model.recipe.to_bytes(), model.recipe.to_toml().encode()
    more = model.candidate or model.good
    header = _HEADER.pack(MAGIC, VERSION_LOOP if more else VERSION, 0, len(recipe), len(model.image))
    sizes = _SIZES.pack(len(model.candidate), len(model.good)) if more else b""
    body = header + sizes + recipe + b"".join(model.images) + notes
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
    magic, version, zero, *_ = _HEADER.unpack_from(data)
    if magic != MAGIC:
        raise ImageError("model: these bytes are not a model file; give one that save() or twinbit run --save wrote")
    if version not in (VERSION, VERSION_LOOP) or zero != 0:
        known = f"{VERSION} and {VERSION_LOOP}"
        raise ImageError(f"model: version {version} is not known, this build reads {known}; use a newer twinbit")
    at, sizes = _sizes(data)
    end = len(data) - 4
    if at + sum(sizes) > end:
        raise DamagedImageError("model: the bytes end before the image does; copy the file again, whole")
    if zlib.crc32(data[:end]) != struct.unpack_from("<I", data, end)[0]:
        raise DamagedImageError("model: the checksum does not match, the file is damaged; copy it again")
    pieces = []
    for size in sizes:
        pieces.append(data[at : at + size])
        at += size
    return Model(_recipe(pieces[0], data[at:end]), *pieces[1:])


def _sizes(data: bytes) -> tuple[int, list[int]]:
    """Where the recipe begins, and how many bytes recipe and images have, as the header claims."""
    _, version, _, *sizes = _HEADER.unpack_from(data)
    if version != VERSION_LOOP or len(data) < _HEADER.size + _SIZES.size:
        return _HEADER.size, [*sizes, 0, 0]
    return _HEADER.size + _SIZES.size, [*sizes, *_SIZES.unpack_from(data, _HEADER.size)]


def images_in(data: bytes) -> tuple[bytes, bytes, bytes]:
    """The images in a damaged model file, as far as its sizes can be believed."""
    if len(data) < _HEADER.size:
        return b"", b"", b""
    at, (recipe, *sizes) = _sizes(data)
    starts = [at + recipe + sum(sizes[:i]) for i in range(3)]
    image, candidate, good = (data[start : start + size] for start, size in zip(starts, sizes, strict=True))
    return image, candidate, good


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
