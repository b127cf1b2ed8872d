"""twinbit inspect: what is in an image, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from twinbit.cli import show
from twinbit.errors import FileError
from twinbit.inspection import Findings, look
from twinbit.recipe import Recipe
from twinbit.recipe_detectors import title

__all__ = ["inspect"]

_ROWS = {
    "size": "bytes, as the header says",
    "format": "image format",
    "numerics": "numerics version",
    "updates": "updates; odd means torn",
    "frames": "frames seen",
}
_DIGESTS = ("layout", "policy", "basis", "crc", "crc_now")


def _as_json(path: Path, findings: Findings) -> dict[str, Any]:
    header = {
        key: value for key, value in findings.header.items() if key not in ("arithmetic", "state", "sealed", "alarm")
    }
    return {
        "file": str(path),
        "kind": findings.kind,
        "bytes": findings.size,
        "arithmetic": findings.arithmetic,
        "state": findings.state,
        "sealed": bool(findings.header["sealed"]),
        "alarm": bool(findings.header["alarm"]),
        **header,
        "problems": findings.problems,
    }


def _rows(findings: Findings) -> list[list[str]]:
    header = findings.header
    rows = [["file", f"{findings.kind}, {findings.size:,} bytes"]]
    if findings.recipe is not None:
        recipe = findings.recipe
        rows.append(["recipe", f"{recipe.name}: {title(recipe.detector)}, {len(recipe.input.channels)} channels"])
    rows += [["arithmetic", findings.arithmetic], ["state", findings.state]]
    rows += [["alarm", "on" if header["alarm"] else "off"], ["sealed", "yes" if header["sealed"] else "no"]]
    rows += [[text, f"{header[key]:,}"] for key, text in _ROWS.items()]
    names = {"crc": "checksum, as written", "crc_now": "checksum, as computed"}
    rows += [[names.get(key, f"{key} digest"), f"0x{header[key]:08x}"] for key in _DIGESTS]
    return rows


def inspect(
    image: Annotated[Path, typer.Argument(metavar="IMAGE", help="An image from a device, or a .twinbit model.")],
    recipe: Annotated[str | None, typer.Option(help="The recipe of an image, to check every field against.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a table.")] = False,
) -> None:
    """Show header and state of any image, also of a damaged one, with what is wrong. Exit code 1 if something is."""
    if not image.is_file():
        raise FileError(f"{image}: there is no such file; give an image or a model")
    findings = look(image.read_bytes(), Recipe.load(recipe) if recipe else None)
    if as_json:
        show.print_json(_as_json(image, findings))
    else:
        show.print_table(str(image), ["field", "value"], _rows(findings))
        for problem in findings.problems or ["nothing is wrong" + ("" if findings.recipe else " with the header")]:
            print(f"{'wrong: ' if findings.problems else ''}{problem}")
    if findings.problems:
        raise typer.Exit(1)
