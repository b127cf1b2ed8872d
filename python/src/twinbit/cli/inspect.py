"""twinbit inspect: what is in an image, and what is wrong with it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from twinbit.cli import show
from twinbit.errors import FileError
from twinbit.inspection import Findings, look
from twinbit.loop_records import Health
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
MOST_EVENTS = 20
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
        **_loop_json(findings),
        "problems": findings.problems,
    }


def _loop_json(findings: Findings) -> dict[str, Any]:
    """What a policy tells; nothing without one."""
    if findings.loop is None or findings.health is None or findings.events is None:
        return {}
    events = findings.events.astype(object).where(findings.events.notna(), None)
    return {"loop": asdict(findings.loop), "health": asdict(findings.health), "events": events.to_dict("records")}


def _loop_rows(findings: Findings) -> list[list[str]]:
    """Where the policy stands, and the trend."""
    loop, health, recipe = findings.loop, findings.health, findings.recipe
    if loop is None or health is None or recipe is None or recipe.policy is None:
        return []
    drift = f"for {loop.since:,} frames, {loop.over:,} of the last ones over the threshold" if loop.since else "none"
    rows = [["policy", recipe.policy.kind], ["drift", drift], ["candidate", loop.candidate or "none"]]
    rows += [["hold", "set" if loop.held else "none"], ["last good model", "kept" if loop.good else "none"]]
    if recipe.policy.kind == "adapt":
        rows.append(["normal has crept", f"{loop.creep:.2f} octaves; {loop.blocks} blocks can be unlearned"])
    return [*rows, ["health", _health_text(health)]]


def _health_text(health: Health) -> str:
    if not health.frames:
        return "not known yet"
    text = f"{show.number(health.index)} of 100; {1000 * health.slope:+.3f} octaves in 1,000 frames"
    if health.to_threshold is None:
        return text
    time = "" if health.time_to_threshold is None else f" ({health.time_to_threshold.round('s')})"
    until = f"at most {health.latest:,}" if health.latest is not None else "perhaps never"
    return (
        f"{text}; threshold in {health.to_threshold:,} frames{time}: at least {show.number(health.earliest)}, {until}"
    )


def _events(findings: Findings) -> None:
    """The last events as a table of their own."""
    events = findings.events
    if events is None or not len(events):
        return
    shown = events.tail(MOST_EVENTS)
    columns = ["event", "detail", "frame", "state", "smoothed", "threshold"]
    rows = [
        [
            show.number(None if row[name] != row[name] else row[name]) if not isinstance(row[name], str) else row[name]
            for name in columns
        ]
        for row in shown.to_dict("records")
    ]
    before = len(events) - len(shown) + int(events.attrs["lost"])
    show.print_table("events" + (f", after {before:,} older ones" if before else ""), columns, rows)


def _rows(findings: Findings) -> list[list[str]]:
    header = findings.header
    rows = [["file", f"{findings.kind}, {findings.size:,} bytes"]]
    if findings.recipe is not None:
        recipe = findings.recipe
        rows.append(["recipe", f"{recipe.name}: {title(recipe.detector)}, {len(recipe.input.channels)} channels"])
    rows += [["arithmetic", findings.arithmetic], ["state", findings.state]]
    rows += [["alarm", "on" if header["alarm"] else "off"], ["sealed", "yes" if header["sealed"] else "no"]]
    rows += _loop_rows(findings)
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
        _events(findings)
        for problem in findings.problems or ["nothing is wrong" + ("" if findings.recipe else " with the header")]:
            print(f"{'wrong: ' if findings.problems else ''}{problem}")
    if findings.problems:
        raise typer.Exit(1)
