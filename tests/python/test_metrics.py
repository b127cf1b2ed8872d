"""Quality figures against brute force."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from twinbit import metrics

pairs = st.lists(st.tuples(st.booleans(), st.integers(-3, 3)), max_size=30)


@given(pairs=pairs)
def test_auc_is_the_share_of_pairs_in_order(pairs: list[tuple[bool, int]]) -> None:
    high = [score for label, score in pairs if label]
    low = [score for label, score in pairs if not label]
    found = metrics.auc([label for label, _ in pairs], [score for _, score in pairs])
    if not high or not low:
        assert found is None
        return
    won = sum(1.0 if a > b else 0.5 if a == b else 0.0 for a, b in itertools.product(high, low))
    assert found == pytest.approx(won / (len(high) * len(low)))


def test_auc_leaves_out_what_was_not_scored() -> None:
    assert metrics.auc([1, 0, 1], [2.0, 1.0, np.nan]) == 1.0
    assert metrics.auc([1, 0], [np.nan, 1.0]) is None


@given(
    labels=st.lists(st.booleans(), min_size=1, max_size=40), alarms=st.lists(st.booleans(), min_size=40, max_size=40)
)
def test_counts(labels: list[bool], alarms: list[bool]) -> None:
    alarms = alarms[: len(labels)]
    found = metrics.count(labels, alarms)
    assert found.hit + found.missed == sum(labels)
    assert found.hit + found.false == sum(alarms)
    assert found.hit + found.missed + found.false + found.quiet == len(labels)
    half = len(labels) // 2
    assert metrics.count(labels[:half], alarms[:half]) + metrics.count(labels[half:], alarms[half:]) == found


def test_undefined_is_none() -> None:
    nothing = metrics.Counts()
    assert (nothing.f1, nothing.far, nothing.mar) == (None, None, None)
    quiet = metrics.count([0, 0], [0, 0])
    assert (quiet.f1, quiet.far, quiet.mar) == (None, 0.0, None)
    mixed = metrics.Counts(hit=6, missed=2, false=3, quiet=9)
    assert (mixed.f1, mixed.far, mixed.mar) == (12 / 17, 25.0, 25.0)
