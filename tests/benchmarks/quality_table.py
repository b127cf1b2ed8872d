"""What the quality benchmark prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version

from quality_run import ALL, ARITHMETICS, Runs


@dataclass(frozen=True)
class Line:
    """One contestant on one data set: its runs in each arithmetic."""

    data: str
    kind: str
    size: str
    figure: str
    baseline: bool
    runs: Mapping[str, Runs]

    def auc(self, arithmetic: str, figure: str | None = None) -> float:
        """Mean over the seeds; of the figure that counts unless another one is named."""
        return self.runs[arithmetic].mean(figure or self.figure)

    def difference(self, arithmetic: str) -> float:
        """To F32, of the same seeds, mean."""
        return self.runs[arithmetic].above(self.runs["f32"], self.figure)


HEAD = f"{'':<25}{'size':>7}{'Q15 bytes':>11}{'F32':>9}{'+-':>8}{'Q15':>9}{'Q31':>9}" + (
    f"{'Q15-F32':>10}{'Q31-F32':>10}{'all':>8}"
)


def _row(line: Line) -> str:
    aucs = "".join(f"{line.auc(arithmetic):>9.4f}" for arithmetic in ("q15", "q31"))
    differences = "".join(f"{line.difference(arithmetic):>+10.4f}" for arithmetic in ("q15", "q31"))
    every = f"{line.auc('q15', ALL):>8.3f}" if line.figure != ALL else ""
    spread = line.runs["f32"].spread(line.figure)
    image = line.runs["q15"].image
    return f"{line.kind:<25}{line.size:>7}{image:>11,}{line.auc('f32'):>9.4f}{spread:>8.4f}{aucs}{differences}{every}"


def table(lines: Sequence[Line], peers: Mapping[str, float]) -> str:
    """One block a data set. `all` is the AUC in Q15 over all frames where only some of them count."""
    out: list[str] = []
    data = ""
    for line in lines:
        if line.data != data:
            data = line.data
            what = "" if line.figure == ALL else f", {line.figure} frames"
            out += ["", f"{data}: AUC{what}", HEAD]
            if data in peers:
                out.append(f"{'PCA of scikit-learn':<51}{peers[data]:>9.4f}")
        out.append(_row(line))
    return "\n".join(out[1:])


def as_json(lines: Sequence[Line], peers: Mapping[str, float]) -> dict[str, object]:
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
            "seeds": {name: list(values) for name, values in line.runs[arithmetic].aucs.items()},
        }
        for line in lines
        for arithmetic in ARITHMETICS
    ]
    versions = {name: version(name) for name in ("twinbit", "scikit-learn", "numpy")}
    return {"versions": versions, "pca": dict(peers), "results": rows}
