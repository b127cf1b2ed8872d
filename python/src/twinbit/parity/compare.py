"""Compares what two runs wrote down, and names the first frame and number in which they differ."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from .script import Record

_HEAD = struct.Struct("<IHHi")
_RESULT = struct.Struct("<IiiiHBBI")
_PIECES = {Record.IMAGE, Record.CANDIDATE, Record.GOOD, Record.DRIFT_STATE}
_RESULT_FIELDS = ("frame", "score", "smoothed", "threshold", "flags", "state", "similarity", "reserved")


@dataclass(frozen=True)
class Entry:
    """A record of a runner: what a call returned and put out after which frame."""

    frame: int
    kind: int
    status: int
    payload: bytes

    @property
    def name(self) -> str:
        """The kind for people, e.g. "step"."""
        return Record(self.kind).name.lower() if self.kind in list(Record) else f"record {self.kind}"


@dataclass(frozen=True)
class Difference:
    """The first place where two runs differ.

    Attributes:
        frame: number of the frame from 0.
        call: which call's output differs: "step", "explain", "image", ...
        field: which part of it: "score", "byte 17", ...
        host: what the host has there.
        target: what the target has there.
    """

    frame: int
    call: str
    field: str
    host: str
    target: str

    def as_json(self) -> dict[str, int | str]:
        """For the JSON of `twinbit parity`."""
        return {"frame": self.frame, "call": self.call, "field": self.field, "host": self.host, "target": self.target}

    def __str__(self) -> str:
        return f"frame {self.frame}: {self.call} {self.field} is {self.target}, on the host {self.host}"


def entries(results: bytes) -> Iterator[Entry]:
    """The records of results.bin."""
    at = 0
    while at + _HEAD.size <= len(results):
        frame, kind, size, status = _HEAD.unpack_from(results, at)
        at += _HEAD.size
        yield Entry(frame, kind, status, results[at : at + size])
        at += size


def image_of(results: bytes) -> bytes:
    """The sealed image at the end of results.bin."""
    return b"".join(entry.payload for entry in entries(results) if entry.kind == Record.IMAGE)


def pack(frame: int, kind: Record, status: int, payload: bytes = b"") -> bytes:
    """One record as a runner writes it."""
    return _HEAD.pack(frame, kind, len(payload), status) + payload


def _fields(entry: Entry) -> list[tuple[str, str]]:
    """The parts of a record, named."""
    named = [("status", str(entry.status))]
    if entry.kind == Record.STEP and len(entry.payload) == _RESULT.size:
        return named + list(zip(_RESULT_FIELDS, map(str, _RESULT.unpack(entry.payload)), strict=True))
    if entry.kind in _PIECES:
        return named + [(f"byte {i}", f"0x{byte:02x}") for i, byte in enumerate(entry.payload)]
    words = struct.unpack(f"<{len(entry.payload) // 4}i", entry.payload[: len(entry.payload) // 4 * 4])
    return named + [(f"value {i}", str(word)) for i, word in enumerate(words)]


def _explain(host: Entry | None, target: Entry | None, piece_at: int) -> Difference:
    if host is None or target is None:
        other = host or target
        frame, call = (other.frame, other.name) if other else (0, "end")
        return Difference(
            frame, call, "record", "none" if host is None else "there", "none" if target is None else "there"
        )
    if (host.frame, host.kind) != (target.frame, target.kind):
        return Difference(host.frame, host.name, "record", host.name, f"{target.name} of frame {target.frame}")
    for (field, ours), (_, theirs) in zip(_fields(host), _fields(target), strict=False):
        if ours != theirs:
            name = f"byte {piece_at + int(field[5:])}" if field.startswith("byte") else field
            return Difference(host.frame, host.name, name, ours, theirs)
    return Difference(host.frame, host.name, "length", str(len(host.payload)), str(len(target.payload)))


def first_difference(host: bytes, target: bytes) -> Difference | None:
    """None if both runs wrote the same bytes, else where they first differ."""
    if host == target:
        return None
    ours, theirs = entries(host), entries(target)
    piece_at, kind = 0, 0
    while True:
        a, b = next(ours, None), next(theirs, None)
        piece_at = piece_at if a is not None and a.kind == kind else 0
        if a != b:
            return _explain(a, b, piece_at)
        if a is None:  # only bytes after the last whole record differ
            return Difference(0, "end", "length", str(len(host)), str(len(target)))
        piece_at, kind = piece_at + len(a.payload), a.kind
