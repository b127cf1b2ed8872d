"""Runs detectors over problems: AUC of each seed and arithmetic, image sizes, and differences to float."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean

import numpy as np
import numpy.typing as npt
from quality_contestants import Arithmetic, Contestant
from quality_data import Problem
from twinbit.detector import Detector
from twinbit.metrics import auc

ARITHMETICS: tuple[Arithmetic, ...] = ("f32", "q15", "q31")
ALL = "all"

Scores = npt.NDArray[np.float64]
Aucs = Mapping[str, float]
"""Name of a figure -> AUC."""


@dataclass(frozen=True)
class Runs:
    """One contestant on one data set, in one arithmetic.

    Attributes:
        image: bytes of the image.
        aucs: figure -> AUC of each seed, averaged over the problems.
    """

    image: int
    aucs: Mapping[str, tuple[float, ...]]

    def mean(self, figure: str) -> float:
        """Over the seeds."""
        return fmean(self.aucs[figure])

    def spread(self, figure: str) -> float:
        """Standard deviation over the seeds."""
        return float(np.std(self.aucs[figure]))

    def above(self, other: Runs, figure: str) -> float:
        """Mean over the seeds of the difference to another arithmetic."""
        return fmean(mine - theirs for mine, theirs in zip(self.aucs[figure], other.aucs[figure], strict=True))


def judged(problems: list[Problem]) -> str:
    """The figure that counts: the first one that a problem names, else all frames."""
    return next(iter(problems[0].counted), ALL)


def figures(problem: Problem, normal: Scores, anomalous: Scores) -> dict[str, float]:
    """AUC over the frames that each figure counts."""
    every = np.ones(len(normal), np.bool_), np.ones(len(anomalous), np.bool_)
    found = {}
    for name, (left, right) in {**problem.counted, ALL: every}.items():
        labels = np.concatenate([np.zeros(left.sum(), np.bool_), np.ones(right.sum(), np.bool_)])
        area = auc(labels, np.concatenate([normal[left], anomalous[right]]))
        assert area is not None, "a problem has frames of both kinds"
        found[name] = area
    return found


def learned(detector: Detector, problem: Problem) -> Detector:
    """One pass. The frames that the scaler learns from come first, in a call of their own."""
    if problem.scaling:
        detector.learn(problem.learn[: problem.scaling])
    return detector.learn(problem.learn[problem.scaling :])


def _once(contestant: Contestant, arithmetic: Arithmetic, seed: int, problem: Problem) -> tuple[int, dict[str, float]]:
    detector = learned(contestant.make(arithmetic, problem.scaling > 0, seed), problem)
    return len(detector.image), figures(problem, detector.score(problem.normal), detector.score(problem.anomalous))


def run(contestant: Contestant, arithmetic: Arithmetic, seeds: int, problems: list[Problem]) -> Runs:
    """All seeds (1, 2, ...; one run where there is no seed)."""
    found: dict[str, list[float]] = {}
    image = 0
    for seed in range(1, (seeds if contestant.seeded else 1) + 1):
        outcomes = [_once(contestant, arithmetic, seed, problem) for problem in problems]
        image = outcomes[0][0]
        for name in outcomes[0][1]:
            found.setdefault(name, []).append(fmean(aucs[name] for _, aucs in outcomes))
    return Runs(image, {name: tuple(values) for name, values in found.items()})


def pca(problems: list[Problem], components: int) -> float:
    """scikit-learn's PCA, with as many components: mean AUC of its squared reconstruction error."""
    from sklearn.decomposition import PCA

    def area(problem: Problem) -> float:
        model = PCA(components).fit(problem.learn)

        def error(x: npt.NDArray[np.float32]) -> Scores:
            return np.square(x - model.inverse_transform(model.transform(x))).mean(axis=1).astype(np.float64)

        return figures(problem, error(problem.normal), error(problem.anomalous))[ALL]

    return fmean(area(problem) for problem in problems)
