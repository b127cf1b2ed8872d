"""What the quality benchmark asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from quality_table import Line

LEAST = 0.99
"""AUC in Q15: banks on the cooling fan's bands (running frames, both rooms), everything on the ceiling fan."""
IMAGE = 16 * 1024
"""Bytes; the image of such a bank is smaller."""
MOST_DIFFERENCE = {"q15": 0.005, "q31": 0.002}
"""To F32, of the mean over the seeds, everywhere."""


def _least(line: Line, least: float, why: str) -> Iterator[str]:
    if line.auc("q15") < least:
        yield f"{line.data}: {line.kind} has an AUC of {line.auc('q15'):.4f} in Q15, {why} is {least:.4f}"


def _of(line: Line) -> Iterator[str]:
    bands = line.data.startswith("cooling") and line.data.endswith("bands")
    if (bands and line.kind.startswith("bank")) or line.data.startswith("ceiling"):
        yield from _least(line, LEAST, "the aim")
    if bands and line.kind.startswith("bank") and line.runs["q15"].image >= IMAGE:
        yield f"{line.data}: {line.kind} has an image of {line.runs['q15'].image} bytes, the aim is below {IMAGE}"
    if line.peer is not None:
        yield from _least(line, line.peer, "PCA")
    for arithmetic, most in MOST_DIFFERENCE.items():
        if abs(line.difference(arithmetic)) > most:
            yield (
                f"{line.data}: {line.kind} differs by {line.difference(arithmetic):+.4f} between {arithmetic} and f32, "
                f"the aim is {most}"
            )


def missed(lines: Sequence[Line]) -> list[str]:
    """Aims that this run misses, in words. Nothing is asked of baselines."""
    return [what for line in lines if not line.baseline for what in _of(line)]
