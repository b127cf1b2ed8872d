"""What the quality benchmark prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from quality_run import ALL, ARITHMETICS, Runs


@dataclass(frozen=True)
class Line:
    """One contestant on one data set.

    Attributes:
        figure: the one that counts.
        runs: arithmetic -> its runs.
        peer: AUC of PCA with as many components, where it is asked for.
    """

    data: str
    kind: str
    size: str
    figure: str
    baseline: bool
    runs: Mapping[str, Runs]
    peer: float | None = None

    def auc(self, arithmetic: str, figure: str | None = None) -> float:
        """Mean over the seeds; of the figure that counts unless another one is named."""
        return self.runs[arithmetic].mean(figure or self.figure)

    def difference(self, arithmetic: str) -> float:
        """To F32, of the same seeds, mean."""
        return self.runs[arithmetic].above(self.runs["f32"], self.figure)


HEAD = f"{'':<25}{'size':>7}{'Q15 bytes':>11}{'F32':>9}{'+-':>8}{'Q15':>9}{'Q31':>9}" + (
    f"{'Q15-F32':>10}{'Q31-F32':>10}{'all':>8}{'PCA':>8}"
)


def _row(line: Line) -> str:
    aucs = "".join(f"{line.auc(arithmetic):>9.4f}" for arithmetic in ("q15", "q31"))
    differences = "".join(f"{line.difference(arithmetic):>+10.4f}" for arithmetic in ("q15", "q31"))
    every = f"{line.auc('q15', ALL):>8.3f}" if line.figure != ALL else " " * 8
    peer = f"{line.peer:>8.4f}" if line.peer is not None else ""
    spread = line.runs["f32"].spread(line.figure)
    image = line.runs["q15"].image
    head = f"{line.kind:<25}{line.size:>7}{image:>11,}{line.auc('f32'):>9.4f}{spread:>8.4f}"
    return f"{head}{aucs}{differences}{every}{peer}".rstrip()


def table(lines: Sequence[Line]) -> str:
    """One block a data set. +- is the deviation over seeds; `all` is Q15 over all frames where only some count."""
    out: list[str] = []
    data = ""
    for line in lines:
        if line.data != data:
            data = line.data
            what = "" if line.figure == ALL else f", {line.figure} frames"
            out += ["", f"{data}: AUC{what}", HEAD]
        out.append(_row(line))
    return "\n".join(out[1:])


def _versions(*packages: str) -> dict[str, str]:
    found = {}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue  # only digits need scikit-learn
    return found


def as_json(lines: Sequence[Line]) -> dict[str, object]:
    """Everything that was measured."""
    rows = [
        {
            "data": line.data,
            "kind": line.kind,
            "size": line.size,
            "arithmetic": arithmetic,
            "image": line.runs[arithmetic].image,
            "figure": line.figure,
            "auc": line.auc(arithmetic),
            "to_f32": line.difference(arithmetic),
            "pca": line.peer,
            "seeds": {name: list(values) for name, values in line.runs[arithmetic].aucs.items()},
        }
        for line in lines
        for arithmetic in ARITHMETICS
    ]
    return {"versions": _versions("twinbit", "scikit-learn", "numpy"), "results": rows}
