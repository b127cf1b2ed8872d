"""What drift detectors by themselves refuse, and how they say it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from drift_cases import ALL, SINGLE, VECTORS, Detector, Make, values_for
from twinbit import errors
from twinbit.drift import KS, Adwin, CentroidDrift, PageHinkley


@pytest.fixture(params=ALL, ids=lambda name: name)
def make(request: pytest.FixtureRequest) -> Make:
    return ALL[request.param]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e39])
def test_what_is_not_finite_is_refused_by_place_and_changes_nothing(make: Make, bad: float) -> None:
    detector = make()
    values = values_for(detector).astype(np.float64)
    detector.update_many(values[:700])
    before = detector.state
    values[1_203] = bad
    with pytest.raises(errors.NotFiniteError, match=r"(value|vector) 503 is NaN or infinite") as caught:
        detector.update_many(values[700:])
    assert caught.value.frame == 503
    with pytest.raises(errors.NotFiniteError, match=f"{type(detector).__name__}: .* is NaN or infinite"):
        detector.update(values[1_203])
    assert detector.state == before


@pytest.mark.parametrize("name", SINGLE)
@pytest.mark.parametrize("wrong", [np.zeros((3, 1)), 1.0, np.zeros((2, 2, 2))], ids=["2 axes", "0 axes", "3 axes"])
def test_single_values_want_one_axis(name: str, wrong: Any) -> None:
    with pytest.raises(errors.ShapeError, match=r"axes, it should have 1: \(values,\)"):
        SINGLE[name]().update_many(wrong)


def test_vectors_want_two_axes_and_always_as_many_numbers() -> None:
    detector = VECTORS["centroid, q15"]()
    with pytest.raises(errors.StateError, match="does not know its features"):
        _ = detector.state
    with pytest.raises(errors.ShapeError, match=r"1 axes, it should have 2: \(vectors, features\)"):
        detector.update_many(np.zeros(4))
    with pytest.raises(errors.ShapeError, match="see update_many"):
        detector.update(np.zeros((1, 4)))
    detector.update(np.zeros(4))
    with pytest.raises(errors.ShapeError, match="vectors have 3 numbers, those before had 4"):
        detector.update_many(np.zeros((2, 3)))
    assert CentroidDrift(features=4).size == CentroidDrift().update([0.0] * 4).size


def test_words_are_no_numbers(make: Make) -> None:
    with pytest.raises(errors.ShapeError, match="values should be numbers"):
        make().update_many(["one", "two"])


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (lambda: PageHinkley(min_instances=0), r"PageHinkley: min_instances = 0 is out of range; use 1 to 536870912"),
        (lambda: PageHinkley(threshold=-1), r"PageHinkley: threshold = -1 is out of range"),
        (
            lambda: PageHinkley(threshold=40_000),
            r"PageHinkley: threshold = 40000 is out of range for unit = 16; use 0 to 32768",
        ),
        (lambda: PageHinkley(alpha=1.5), r"PageHinkley: alpha = 1.5 is out of range"),
        (lambda: PageHinkley(mode="sideways"), r"PageHinkley: mode = 'sideways' is not known; use both, up or down"),  # type: ignore[arg-type]
        (lambda: PageHinkley(unit=25), r"PageHinkley: unit = 25 is out of range; use -24 to 24"),
        (lambda: Adwin(delta=0), r"Adwin: delta = 0 is out of range"),
        (lambda: Adwin(delta=float("nan")), r"Adwin: delta = nan is out of range"),
        (lambda: Adwin(clock=0), r"Adwin: clock = 0 is out of range; use 1 to 1000000"),
        (lambda: Adwin(max_buckets=9), r"Adwin: max_buckets = 9 is out of range; use 2 to 8"),
        (lambda: Adwin(rows=16), r"Adwin: rows = 16 is out of range; use 1 to 15"),
        (lambda: KS(window_size=1), r"KS: window_size = 1 is out of range; use 2 to 1024"),
        (lambda: KS(stat_size=100), r"KS: stat_size = 100 is out of range; use 1 to 99"),
        (lambda: CentroidDrift(window=1), r"CentroidDrift: window = 1 is out of range; use 2 to"),
        (lambda: CentroidDrift(arithmetic="q7"), r"CentroidDrift: arithmetic = 'q7' is not known; use f32, q15 or q31"),  # type: ignore[arg-type]
    ],
)
def test_parameters_out_of_range_are_refused_by_name(made: Callable[[], Detector], text: str) -> None:
    with pytest.raises(errors.RecipeError, match=text):
        made()
